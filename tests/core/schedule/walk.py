"""Cron as its definition says it, one minute (or second) of local time after the other. Slow, and plain.

The golden file was made with it: an implementation that shares nothing with the one it judges.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]


def holds(part: str, value: int, low: int, high: int, names: list[str], first: int) -> bool:
    """Whether a value is meant by one part of a plain field."""
    part, _, step = part.partition("/")
    stride = int(step or 1)

    def number(word: str) -> int:
        return names.index(word) + first if word in names else int(word)

    if part in ("*", ""):
        return (value - low) % stride == 0
    start, dash, end = part.partition("-")
    begin = number(start)
    if dash:
        last = number(end)
        span = (last - begin) % (high - low + 1)
        return (value - begin) % (high - low + 1) <= span and (value - begin) % (high - low + 1) % stride == 0
    return (value >= begin and (value - begin) % stride == 0) if step else value == begin


def field(text: str, low: int, high: int, names: list[str] | None = None, first: int = 0) -> set[int]:
    values = range(low, high + 1)
    parts = text.split(",")
    return {v for v in values if any(holds(part, v, low, high, names or [], first) for part in parts)}


def unix_day(day: str, weekday: str) -> Callable[[date], bool]:
    days, weekdays = field(day, 1, 31), field(weekday, 0, 7, DAYS)
    weekdays |= {0} if 7 in weekdays else set()
    both = day.startswith("*") or weekday.startswith("*")

    def rule(at: date) -> bool:
        found = at.day in days, (at.weekday() + 1) % 7 in weekdays
        return all(found) if both else any(found)

    return rule


def quartz_day(day: str, weekday: str) -> Callable[[date], bool]:
    if weekday == "?":
        return lambda at: any(_quartz_date(part, at) for part in day.split(","))
    return lambda at: any(_quartz_weekday(part, at) for part in weekday.split(","))


def _length(at: date) -> int:
    return calendar.monthrange(at.year, at.month)[1]


def _near(at: date, wanted: int) -> int:
    """The workday nearest to a day of the month, found by looking around it."""
    for offset in (0, -1, 1, -2, 2):
        number = wanted + offset
        if 1 <= number <= _length(at) and at.replace(day=number).weekday() < 5:
            return number
    raise AssertionError


def _quartz_date(part: str, at: date) -> bool:
    if part == "L":
        return at.day == _length(at)
    if part == "LW":
        return at.day == _near(at, _length(at))
    if part.startswith("L-"):
        return at.day == _length(at) - int(part[2:])
    if part.endswith("W"):
        return int(part[:-1]) <= _length(at) and at.day == _near(at, int(part[:-1]))
    return at.day in field(part, 1, 31)


def _quartz_weekday(part: str, at: date) -> bool:
    today = (at.weekday() + 1) % 7 + 1  # 1 is Sunday
    if part == "L":
        return today == 7
    if part.endswith("L"):
        return today in field(part[:-1], 1, 7, DAYS, 1) and at.day + 7 > _length(at)
    if "#" in part:
        name, _, nth = part.partition("#")
        return today in field(name, 1, 7, DAYS, 1) and (at.day + 6) // 7 == int(nth)
    return today in field(part, 1, 7, DAYS, 1)


def fires(text: str, after: datetime, zone: ZoneInfo) -> Iterator[float]:
    """Instants later than ``after``."""
    fields = text.upper().split()
    unix = len(fields) == 5
    second, minute, hour, day, month, weekday = ["0", *fields] if unix else fields[:6]
    year = fields[6] if len(fields) == 7 else "*"
    rule = unix_day(day, weekday) if unix else quartz_day(day, weekday)
    seconds, minutes, hours = field(second, 0, 59), field(minute, 0, 59), field(hour, 0, 23)
    months, years = field(month, 1, 12, MONTHS, 1), field(year, 1970, 2099)
    fixed = not minute.startswith("*") and not hour.startswith("*")
    start, last = after.timestamp(), after.timestamp()
    at = after.date() - timedelta(days=1)
    while at.year <= 2099:
        if at.month in months and at.year in years and rule(at):
            for instant in sorted(_of_day(at, hours, minutes, seconds, zone, fixed)):
                if instant > max(start, last):
                    yield instant
                    last = instant
        at += timedelta(days=1)


def _of_day(
    at: date, hours: set[int], minutes: set[int], seconds: set[int], zone: ZoneInfo, fixed: bool
) -> Iterator[float]:
    for hour in hours:
        for minute in minutes:
            for second in seconds:
                local = datetime(at.year, at.month, at.day, hour, minute, second, tzinfo=zone)
                yield from _instants(local, fixed)


def _instants(local: datetime, fixed: bool) -> Iterator[float]:
    """In a gap: at its end where it is fixed, else not at all. What comes twice: once where it is fixed."""
    both = sorted({local.replace(fold=0).timestamp(), local.replace(fold=1).timestamp()})
    real = [
        t
        for t in both
        if datetime.fromtimestamp(t, local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)
    ]
    if real:
        yield from real[:1] if fixed else real
    elif fixed:
        moment = local.replace(tzinfo=None)
        while True:  # minute by minute out of the gap
            moment = moment.replace(second=0) + timedelta(minutes=1)
            there = moment.replace(tzinfo=local.tzinfo)
            if datetime.fromtimestamp(there.timestamp(), local.tzinfo).replace(tzinfo=None) == moment:
                yield there.timestamp()
                return
