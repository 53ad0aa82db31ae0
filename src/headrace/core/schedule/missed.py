"""Which slots still count when the clock has passed one or more of them."""

from dataclasses import dataclass

from headrace.core.schedule.timetable import Timetable

GRACE = 60.0  # seconds; a slot that is dealt with this late is on time


@dataclass(frozen=True, slots=True)
class DueSlots:
    """``start`` are slots to start runs for, ``missed`` the first and the last of those that are not made
    up for, ``next_at`` the first that has not come."""

    start: tuple[float, ...]
    missed: tuple[float, float] | None
    next_at: float | None


def due_slots(table: Timetable, next_at: float, now: float, missed: str, most: int) -> DueSlots:
    """``next_at`` is the first slot not dealt with, ``next_at <= now``.

    What is on time starts. Where older slots have passed ``missed`` says what becomes of them: ``skip``
    (nothing; what is on time starts), ``last`` (of all, the newest starts) or ``all`` (the newest
    ``most``, each).
    """
    start = _start(table, next_at, now, missed, most)
    before = start[0] if start else now + 1
    gone = table.latest(next_at - 1, before - 1, 1)
    return DueSlots(tuple(start), (next_at, gone[-1]) if gone else None, table.next(now))


def _start(table: Timetable, next_at: float, now: float, missed: str, most: int) -> list[float]:
    on_time = now - GRACE
    if next_at > on_time:
        return table.latest(next_at - 1, now, int(GRACE) + 1)
    if missed == "skip":
        return table.latest(on_time, now, int(GRACE) + 1)
    return table.latest(next_at - 1, now, most if missed == "all" else 1)
