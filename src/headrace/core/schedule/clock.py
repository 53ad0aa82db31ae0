"""A cron text as sets of values, and the instants at which a clock shows them."""

import calendar
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

DayRule = Callable[[date], bool]
Values = tuple[int, ...]
"""Sorted, each once."""


FIRST_YEAR, LAST_YEAR = 1970, 2099
DAY = 86400
QUARTER = 900  # seconds; clocks are changed at such times, not always at a full hour


@dataclass(frozen=True)
class Cron:
    """A text that has been read: sorted values of each field, and which days."""

    fields: tuple[str, ...]
    seconds: Values
    minutes: Values
    hours: Values
    months: frozenset[int]
    years: frozenset[int]
    day: DayRule
    fixed: bool  # a time of day, not something that repeats within hours
    dialect: str

    def times(self, after: float, zone: ZoneInfo) -> Iterator[float]:
        """Instants later than ``after`` (epoch seconds), growing; none after the year 2099.

        A fixed time of day that a clock change skips comes right after the gap, and one that happens
        twice comes once, the first time. What repeats within hours follows real time, as Debian's cron.
        """
        return self._fixed(after, zone) if self.fixed else self._repeating(int(after) + 1, zone)

    # -- a time of day: local times in order, moved out of gaps

    def _fixed(self, after: float, zone: ZoneInfo) -> Iterator[float]:
        last = after
        for day in self._days(datetime.fromtimestamp(after, zone).date() - timedelta(days=1)):
            for hour, minute, second in product(self.hours, self.minutes, self.seconds):
                at = real(datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone))
                if at > last:
                    yield at
                    last = at

    def _days(self, first: date) -> Iterator[date]:
        """Days that match, from ``first`` on."""
        for year in range(max(first.year, FIRST_YEAR), LAST_YEAR + 1):
            if year not in self.years:
                continue
            for month in range(first.month if year == first.year else 1, 13):
                if month not in self.months:
                    continue
                start = first.day if (year, month) == (first.year, first.month) else 1
                for number in range(start, calendar.monthrange(year, month)[1] + 1):
                    if self.day(date(year, month, number)):
                        yield date(year, month, number)

    # -- what repeats within hours: real time, read off the local clock

    def _repeating(self, at: int, zone: ZoneInfo) -> Iterator[float]:
        for day in self._days(datetime.fromtimestamp(at, zone).date()):
            start = int(real(datetime(day.year, day.month, day.day, tzinfo=zone)))
            yield from self._on(day, max(at, start), zone)

    def _on(self, day: date, at: int, zone: ZoneInfo) -> Iterator[float]:
        """The instants of one local day, from ``at`` on."""
        while True:
            local = datetime.fromtimestamp(at, UTC).astimezone(zone)
            if local.date() > day:
                return
            if local.hour not in self.hours:
                at += QUARTER - local.minute * 60 % QUARTER - local.second
            elif local.minute not in self.minutes:
                at += 60 - local.second
            elif local.second not in self.seconds:
                at += _until_next(self.seconds, local.second)
            else:
                yield float(at)
                at += 1


def _until_next(seconds: Values, second: int) -> int:
    """Seconds to the next that matches, or to the end of the minute."""
    place = bisect_left(seconds, second)
    return (seconds[place] if place < len(seconds) else 60) - second


def real(local: datetime) -> float:
    """The instant of a local time; one in a gap is moved to the gap's end, of two the first counts."""
    at = local.timestamp()
    back = datetime.fromtimestamp(at, local.tzinfo)
    if back.replace(tzinfo=None) == local.replace(tzinfo=None):
        return at
    return _end_of_gap(local, at)


def _end_of_gap(local: datetime, at: float) -> float:
    """The first second of the offset that holds at ``at``, which lies after the gap."""
    offset = datetime.fromtimestamp(at, local.tzinfo).utcoffset()
    low, high = int(at) - DAY, int(at) + 1
    while high - low > 1:
        middle = (low + high) // 2
        new = datetime.fromtimestamp(middle, local.tzinfo).utcoffset() == offset
        low, high = (low, middle) if new else (middle, high)
    return float(high)
