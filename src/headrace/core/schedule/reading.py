"""What a cron text says, taken apart for telling it in words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from headrace.core.schedule.clock import Cron
from headrace.core.schedule.parts import WEEKDAYS, values_of

T = TypeVar("T")

FREE = ("*", "?")
UNIX_WEEKDAYS = {name: number - 1 for name, number in WEEKDAYS.items()}


@dataclass(frozen=True)
class Days:
    """Days of the month, or of the week (1 is Monday, 7 is Sunday), as one of several kinds:

    ``plain`` numbers; ``last`` (so many days before the last one, of the month), with ``work`` the working
    day nearest to it; ``near`` (the working day nearest to a day); ``nth`` (the nth weekday of the month,
    5 and more: the last).
    """

    kind: str
    numbers: tuple[int, ...]
    work: bool = False


@dataclass(frozen=True)
class Reading:
    """``either``: day or weekday, one is enough. ``months`` and ``years`` are empty where any is meant."""

    days: tuple[Days, ...]
    weekdays: tuple[Days, ...]
    either: bool
    months: tuple[int, ...]
    years: tuple[int, ...]


def read_days(cron: Cron) -> Reading:
    """Days, months and years of a text."""
    quartz = cron.dialect == "quartz"
    fields = cron.fields[1:] if quartz else cron.fields
    day, month, weekday = fields[2:5]
    year = fields[5] if len(fields) == 6 else "*"
    return Reading(
        days=() if day in FREE else _parts(day, _month_day),
        weekdays=() if weekday in FREE else _parts(weekday, lambda part: _weekday(part, quartz)),
        either=not day.startswith("*") and not weekday.startswith("*"),
        months=() if month == "*" else tuple(sorted(cron.months)),
        years=() if year == "*" else tuple(sorted(cron.years)),
    )


def _parts(text: str, read: Callable[[str], Days]) -> tuple[Days, ...]:
    """Plain numbers of a list are one part."""
    found = [read(part) for part in text.split(",")]
    plain = sorted({number for part in found if part.kind == "plain" for number in part.numbers})
    others = tuple(part for part in found if part.kind != "plain")
    return (Days("plain", tuple(plain)), *others) if plain else others


def _month_day(part: str) -> Days:
    if part.startswith("L"):
        before = part[1:].removesuffix("W").removeprefix("-")
        return Days("last", (int(before or 0),), work=part.endswith("W"))
    if part.endswith("W"):
        return Days("near", (int(part[:-1]),))
    return Days("plain", values_of("day", part, 1, 31))


def _weekday(part: str, quartz: bool) -> Days:
    low, high, names = (1, 7, WEEKDAYS) if quartz else (0, 7, UNIX_WEEKDAYS)

    def numbers(text: str) -> tuple[int, ...]:
        """Monday is 1 and Sunday is 7."""
        found = values_of("weekday", text, low, high, names)
        return tuple(sorted({(number - quartz - 1) % 7 + 1 for number in found}))

    if part == "L":
        return Days("plain", (6,))
    if part.endswith("L"):
        return Days("nth", (*numbers(part[:-1]), LAST))
    if "#" in part:
        word, _, nth = part.partition("#")
        return Days("nth", (*numbers(word), int(nth)))
    return Days("plain", numbers(part))


LAST = 9
"""In the place of the n of ``nth``."""


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of what follows on each other; two alone stay two."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    short = [run if run[1] - run[0] != 1 else None for run in found]
    return [
        each
        for run, whole in zip(found, short, strict=True)
        for each in ([whole] if whole else [(run[0], run[0]), (run[1], run[1])])
    ]


def step_of(numbers: Sequence[int], size: int) -> int | None:
    """N where the numbers are 0, N, 2N … of so many; None where they are not."""
    if len(numbers) < 2 or numbers[0] != 0:
        return None
    step = numbers[1]
    even = all(later - earlier == step for earlier, later in pairwise(numbers))
    return step if even and size % step == 0 and len(numbers) == size // step else None
