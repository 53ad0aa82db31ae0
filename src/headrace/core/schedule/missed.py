"""Which slots still count when the clock has passed one or more of them."""

from dataclasses import dataclass

from headrace.core.schedule.timetable import Timetable

GRACE = 60.0  # seconds; a slot this late is on time


@dataclass(frozen=True, slots=True)
class DueSlots:
    """``start`` are slots to start runs for; ``missed`` is the first of those that are not made up for."""

    start: tuple[float, ...]
    missed: float | None
    next_at: float | None


def due_slots(table: Timetable, next_at: float, now: float, missed: str, most: int) -> DueSlots:
    """``next_at`` is the first slot not dealt with, ``next_at <= now``.

    ``missed`` is ``skip`` (only what is on time), ``last`` (the newest, once) or ``all`` (the newest
    ``most``, each).
    """
    newest = table.latest(next_at - 1, now, most if missed == "all" else 1)
    if missed == "skip" and newest and now - newest[-1] > GRACE:
        newest = []
    passed = None if next_at in newest else next_at
    return DueSlots(tuple(newest), passed, table.next(now))
