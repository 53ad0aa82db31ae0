"""Facts that come close to each other are told the engine together; one after a while at once."""

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from headrace.core.run.capabilities import Capabilities
from headrace.core.run.effects import HandOver, Proceed
from headrace.core.run.events import Fact, Vanished
from headrace.core.words import Act
from headrace.dispatch import local
from headrace.dispatch.local import TOGETHER, LocalDispatch


class Waiting:
    """``ports.crew.Crew`` that keeps what it is to call, and after how long."""

    capabilities: Mapping[str, Capabilities] = {"shell": Capabilities()}
    light: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.asked: list[tuple[Callable[[], None], float]] = []

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def at_once(self, work: Any) -> None: ...

    def begin(self, work: Any, report: Any) -> Any:
        self.report = report
        return NoJob()

    def soon(self, call: Callable[[], None], after: float = 0.0) -> None:
        self.asked.append((call, after))


class NoJob:
    def cancel(self, grace: float) -> None: ...


def test_what_comes_soon_after_a_delivery_waits_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(local, "time", SimpleNamespace(monotonic=lambda: clock.now))
    crew = Waiting()
    dispatch = LocalDispatch(crew, workers=1)
    told: list[Sequence[tuple[int, Fact]]] = []
    dispatch.start(told.append)

    def tell(step: int, after: float) -> None:
        clock.now += after
        dispatch.deliver([(1, Vanished(step, 1))])

    def due() -> float:
        """After how long the next call is to be made; it is made now."""
        call, after = crew.asked.pop(0)
        call()
        return after

    dispatch.hand_over([HandOver(1, 1, 1, Act.START, "shell", {})])
    assert due() <= 0, "the first is told at once"
    dispatch.proceed([Proceed(1, 1, 1)])
    due()
    clock.now += TOGETHER / 4
    tell(2, 0.0)
    tell(3, TOGETHER / 4)
    assert len(crew.asked) == 1, "one call for both"
    assert due() == pytest.approx(TOGETHER * 3 / 4)
    tell(4, TOGETHER * 2)
    assert due() <= 0, "after a while it is at once again"
    tell(5, TOGETHER / 4)
    crew.report.lost("")
    late, at_once = crew.asked
    assert (late[1] > 0, at_once[1] <= 0) == (True, True), "nothing is at work that could join it"
    due()
    due()
    assert [[fact.step for _, fact in facts] for facts in told] == [[1], [2, 3], [4], [5, 1]]
