"""What every dispatch must do (``ports.dispatch``), here the one within the server's own process."""

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from headrace.core.run.effects import CancelWork, HandOver, Proceed
from headrace.core.run.events import Accepted, Finished, Lost, Vanished
from headrace.core.words import Act, Phase, Reason
from headrace.executors.executor import Executor, Task
from tests.executors.desk import PATIENCE, RUN, Desk, desk


class Held(Executor):
    """Works until it is let go or cancelled."""

    name = "held"

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.gate = threading.Event()
        self.at_work = threading.Event()

    def start(self, task: Task) -> None:
        self.begun.append(task.step)
        self.at_work.set()
        task.on_cancel(self.gate.set)
        self.gate.wait(PATIENCE)


class Other(Held):
    name = "other"


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def at(tmp_path: Path, held: Held) -> Iterator[Desk]:
    with desk(tmp_path, {"held": held, "other": Other()}, workers=2) as own:
        own.hold = True
        yield own
        held.gate.set()


def accepted(at: Desk) -> list[int]:
    return [fact.step for fact in at.facts if isinstance(fact, Accepted)]


def until_accepted(at: Desk, steps: Iterable[int]) -> None:
    """Exactly these have been accepted, in whatever order executors took turns."""
    at.wait(lambda _: sorted(accepted(at)) == sorted(steps))


def go(at: Desk, *steps: int) -> None:
    at.dispatch.proceed([Proceed(RUN, step, 1) for step in steps])


def test_inline_work_is_answered_at_once(at: Desk) -> None:
    effects = [HandOver(RUN, step, 1, Act.START, "noop", None) for step in range(1000)]
    facts = at.dispatch.hand_over(effects)
    assert [fact.step for _, fact in facts] == list(range(1000))
    assert all(run == RUN and isinstance(fact, Finished) and fact.ok for run, fact in facts)
    assert at.facts == []


@pytest.mark.parametrize(
    ("act", "phase"),
    [
        (Act.START, Phase.START_FAILED),
        (Act.ROLLBACK, Phase.ROLLBACK_FAILED),
        (Act.DELETE, Phase.DELETE_FAILED),
        (Act.MOCK, Phase.MOCK_FAILED),
    ],
)
def test_an_unknown_executor_fails_the_attempt(at: Desk, act: Act, phase: Phase) -> None:
    finished = at.finished(at.hand("no-such", act=act))
    assert (finished.ok, finished.phase, finished.reason) == (False, phase, Reason.ERROR)
    assert finished.message == "There is no executor named no-such."


def test_nothing_starts_before_it_may(at: Desk, held: Held) -> None:
    step = at.hand("held")
    at.wait(lambda _: accepted(at) == [step])
    assert held.begun == []
    held.gate.set()
    go(at, step)
    assert at.finished(step).worker == "local"
    assert held.begun == [step]


def test_leave_to_proceed_is_used_once(at: Desk, held: Held) -> None:
    step = at.hand("held")
    held.gate.set()
    go(at, step, step, 999)
    go(at, step)
    at.finished(step)
    assert held.begun == [step]


def test_first_come_first_served_within_the_limit(at: Desk, held: Held) -> None:
    steps = [at.hand("held") for _ in range(5)]
    until_accepted(at, steps[:2])
    held.gate.set()
    for n, step in enumerate(steps):
        go(at, step)
        at.finished(step)
        until_accepted(at, steps[: n + 3])


def test_executors_take_turns(at: Desk) -> None:
    held = [at.hand("held") for _ in range(4)]
    other = [at.hand("other") for _ in range(4)]
    for step in held[:2]:
        at.cancel(step)
    until_accepted(at, {*held[:3], other[0]})


def test_a_repeated_hand_over_changes_nothing(at: Desk) -> None:
    step = at.hand("held")
    at.hand("held", step=step)
    until_accepted(at, [step])


def test_canceled_before_its_start_is_gone_at_once(at: Desk, held: Held) -> None:
    first, second, third = [at.hand("held") for _ in range(3)]
    at.cancel(third)  # queued
    at.cancel(first)  # accepted
    assert isinstance(at.end(third), Vanished)
    assert isinstance(at.end(first), Vanished)
    fourth = at.hand("held")
    until_accepted(at, [first, second, fourth])
    go(at, first)
    assert held.begun == []


def test_an_unknown_attempt_is_gone(at: Desk) -> None:
    at.dispatch.cancel([CancelWork(RUN, 5, 1), CancelWork(RUN, 6, 1, answer=False)])
    at.wait(lambda facts: facts == [Vanished(5, 1)])


def test_canceled_work_is_never_finished(at: Desk) -> None:
    step = at.hand("held")
    go(at, step)
    at.cancel(step)
    assert isinstance(at.end(step), Vanished)
    assert not any(isinstance(fact, Finished) for fact in at.facts)


def test_slots_come_back_however_work_ends(at: Desk, held: Held) -> None:
    held.gate.set()
    for n in range(12):
        step = at.hand(["held", "sql", "shell"][n % 3], {"script": "exit 1"})
        at.wait(lambda _, step=step: step in accepted(at))
        if n % 2:
            at.cancel(step)
        go(at, step)
        at.end(step)
    assert len([at.hand("held") for _ in range(2)]) == 2
    at.wait(lambda _: len(accepted(at)) == 14)


def test_a_faulty_start_fails_the_attempt_only(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(at.logs, "path", no_space)
        step = at.hand("held")
        go(at, step)
        finished = at.finished(step)
        assert (finished.ok, finished.message) == (False, "[Errno 28] No space left on device")
    step = at.hand("shell", {"script": "true"})
    go(at, step)
    assert at.finished(step).ok


def test_drain_waits_for_what_runs(at: Desk, held: Held) -> None:
    running, waiting, queued = [at.hand("held") for _ in range(3)]
    go(at, running)
    at.cancel(waiting)
    drained = threading.Thread(target=at.dispatch.drain, args=(PATIENCE,))
    at.cancel(queued)
    drained.start()
    held.gate.set()
    drained.join(PATIENCE)
    assert at.finished(running).ok
    at.hand("held")
    assert len(accepted(at)) == 3


def test_everything_is_told_when_drain_returns(at: Desk, held: Held) -> None:
    step = at.hand("held")
    go(at, step)
    until_begun(held)
    drained = threading.Thread(target=at.dispatch.drain, args=(PATIENCE,))
    drained.start()
    held.gate.set()
    drained.join(PATIENCE)
    assert [fact.step for fact in at.facts if isinstance(fact, Finished)] == [step]


def until_begun(held: Held) -> None:
    assert held.at_work.wait(PATIENCE)


def test_drain_kills_what_takes_too_long(at: Desk) -> None:
    program = at.hand("shell", {"script": "trap '' TERM; while :; do sleep 1000; done"})
    call = at.hand("held")
    asleep = at.hand("sleep", {"seconds": 1000})
    queued = at.hand("held")
    go(at, program, call, asleep)
    at.dispatch.drain(0.05)
    for step in (program, call, asleep):
        assert at.end(step) == Lost(step, 1, "the server stopped while it ran")
    assert not any(fact.step == queued for fact in at.facts if not isinstance(fact, Vanished))


def test_drain_gives_back_what_was_accepted_only(at: Desk) -> None:
    step = at.hand("held")
    at.dispatch.drain(0.0)
    assert isinstance(at.end(step), Lost)


def test_stop_tells_nothing_more(at: Desk) -> None:
    step = at.hand("shell", {"script": "sleep 1000"})
    until_accepted(at, [step])
    go(at, step)
    at.dispatch.stop()
    assert [type(fact) for fact in at.facts if fact.step == step] == [Accepted]
