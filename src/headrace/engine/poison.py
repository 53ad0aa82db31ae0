"""Events the core or the store chokes on: found, and put out of the way of all others.

That is a fault of ours each time, and logged as one. Work that has ended must not be forgotten over it:
what cannot be recorded as it was told is recorded as failed, where a person sees it.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

from headrace.core.messages import text
from headrace.core.run.events import Event, Finished
from headrace.core.words import Act, Phase, Reason

T = TypeVar("T")
_FAILED = {Act.ROLLBACK: Phase.ROLLBACK_FAILED, Act.DELETE: Phase.DELETE_FAILED, Act.MOCK: Phase.MOCK_FAILED}


def instead_of(event: Event, error: Exception) -> Finished | None:
    """The end of an attempt in words that can be recorded; None where there is nothing to save."""
    if not isinstance(event, Finished):
        return None
    message = text("work_unrecorded", {"why": f"{type(error).__name__}: {error}"[:300]})
    message = message.encode("ascii", "backslashreplace").decode()
    phase = _FAILED.get(event.act, Phase.MONITOR_FAILED)
    return Finished(event.step, event.attempt, event.act, False, phase, None, Reason.ERROR, message)


def sift(
    events: Sequence[T], try_it: Callable[[Sequence[T]], object], give_up: Callable[[T, Exception], T | None]
) -> list[T]:
    """Those that go well together, in order. ``give_up`` is told of each other one, and may replace it;
    a replacement that goes wrong as well is dropped."""
    good: list[T] = []

    def fault(part: Sequence[T]) -> Exception | None:
        try:
            try_it([*good, *part])
        except Exception as error:  # noqa: BLE001 - whatever it is, it is one event's fault
            return error
        good.extend(part)
        return None

    def add(part: Sequence[T]) -> None:
        error = fault(part)
        if error is None:
            return
        if len(part) > 1:
            add(part[: len(part) // 2])
            add(part[len(part) // 2 :])
            return
        other = give_up(part[0], error)
        if other is not None:
            fault([other])

    add(events)
    return good
