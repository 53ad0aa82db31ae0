"""Cron read the slow way: every minute of the local clock is looked at, one after the other.

Shares nothing with the code under test but the standard library's zones, so that the two can be held
against each other. ``Oracle.fires`` gives epoch seconds.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MONTHS = dict(zip("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(), range(1, 13), strict=True))
UNIX_DAYS = dict(zip("SUN MON TUE WED THU FRI SAT".split(), range(7), strict=True))
QUARTZ_DAYS = {name: number + 1 for name, number in UNIX_DAYS.items()}
MINUTE = timedelta(minutes=1)


def members(text: str, low: int, high: int, names: dict[str, int] | None = None) -> set[int]:
    """All numbers a plain field means; ranges may run over the end."""
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        ends = [(names or {}).get(word) or (names or {}).get(word, None) for word in span.split("-")]
        numbers = [n if n is not None else word for n, word in zip(ends, span.split("-"), strict=True)]
        if span in ("*", ""):
            walk = list(range(low, high + 1))
        elif len(numbers) == 2:
            walk, at = [], int(numbers[0])
            while True:
                walk.append(at)
                if at == int(numbers[1]):
                    break
                at = low if at == high else at + 1
        else:
            walk = list(range(int(numbers[0]), high + 1)) if step else [int(numbers[0])]
        found |= set(walk[:: int(step or 1)])
    return found


def dates_of(year: int, month: int) -> list[date]:
    return [date(year, month, n) for n in range(1, calendar.monthrange(year, month)[1] + 1)]


def by_weekday(dates: list[date], weekday: int) -> list[date]:
    """``weekday``: 0 is Sunday."""
    return [each for each in dates if each.isoweekday() % 7 == weekday]


def month_days(text: str, dates: list[date]) -> set[date]:
    """Days of one month that its day field means."""
    found: set[date] = set()
    for part in text.split(","):
        if part == "L":
            found.add(dates[-1])
        elif part.startswith("L-"):
            back, _, work = part[2:].partition("W")
            wanted = len(dates) - 1 - int(back)
            if wanted >= 0:
                found.add(nearest_workday(dates, wanted) if part.endswith("W") else dates[wanted])
        elif part == "LW":
            found.add([each for each in dates if each.isoweekday() < 6][-1])
        elif part.endswith("W"):
            if int(part[:-1]) <= len(dates):
                found.add(nearest_workday(dates, int(part[:-1]) - 1))
        else:
            wanted_numbers = members(part, 1, 31)
            found |= {each for each in dates if each.day in wanted_numbers}
    return found


def nearest_workday(dates: list[date], place: int) -> date:
    """By distance, the earlier first on Saturdays, never out of the month."""
    saturday = dates[place].isoweekday() == 6
    order = (0, -1, 1, -2, 2) if saturday else (0, 1, -1, 2, -2)
    for shift in order:
        at = place + shift
        if 0 <= at < len(dates) and dates[at].isoweekday() < 6:
            return dates[at]
    raise AssertionError


def week_days(text: str, dates: list[date], quartz: bool) -> set[date]:
    """Days of one month that its weekday field means."""
    names, shift, high = (QUARTZ_DAYS, 1, 7) if quartz else (UNIX_DAYS, 0, 7)
    low = 1 if quartz else 0
    found: set[date] = set()
    for part in text.split(","):
        if quartz and part == "L":
            found |= set(by_weekday(dates, 6))
        elif part.endswith("L"):
            (number,) = members(part[:-1], low, high, names)
            found.add(by_weekday(dates, (number - shift) % 7)[-1])
        elif "#" in part:
            word, _, nth = part.partition("#")
            (number,) = members(word, low, high, names)
            found |= set(by_weekday(dates, (number - shift) % 7)[int(nth) - 1 : int(nth)])
        else:
            for number in members(part, low, high, names):
                found |= set(by_weekday(dates, (number - shift) % 7))
    return found


class Oracle:
    """One expression."""

    def __init__(self, text: str) -> None:
        fields = text.upper().split()
        self.quartz = len(fields) > 5
        second, minute, hour, self.day, month, self.weekday = fields[:6] if self.quartz else ["0", *fields]
        self.seconds = sorted(members(second, 0, 59))
        self.minutes = members(minute, 0, 59)
        self.hours = members(hour, 0, 23)
        self.months = members(month, 1, 12, MONTHS)
        self.years = members(fields[6], 1970, 2099) if len(fields) == 7 else set(range(1970, 2100))
        self.of_the_day = not (minute.startswith("*") or hour.startswith("*"))

    def days(self, first: date) -> Iterator[date]:
        year, month = first.year, first.month
        while year < 2100:
            if year in self.years and month in self.months:
                dates = dates_of(year, month)
                yield from sorted(each for each in self._matching(dates) if each >= first)
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)

    def _matching(self, dates: list[date]) -> set[date]:
        if self.quartz:
            if self.weekday == "?":
                return month_days(self.day, dates)
            return week_days(self.weekday, dates, quartz=True)
        by_day = month_days(self.day, dates)
        by_week = week_days(self.weekday, dates, quartz=False)
        both = self.day.startswith("*") or self.weekday.startswith("*")
        return by_day & by_week if both else by_day | by_week

    def fires(self, zone: str, after: float, count: int) -> list[float]:
        """The first ``count`` instants later than ``after``."""
        found: list[float] = []
        here = ZoneInfo(zone)
        for day in self.days(datetime.fromtimestamp(after, here).date() - timedelta(days=1)):
            on_day = self._fixed(day, here) if self.of_the_day else self._walked(day, here)
            found += [at for at in on_day if at > after and (not found or at > found[-1])]
            if len(found) >= count:
                break
        return found[:count]

    def _walked(self, day: date, zone: ZoneInfo) -> list[float]:
        """Real minutes, with what the local clock shows in each."""
        found = []
        moment = datetime.combine(day, time(), UTC) - timedelta(hours=15)
        for _ in range(60 * 24 * 2 + 240):
            local = moment.astimezone(zone)
            if local.date() == day and local.hour in self.hours and local.minute in self.minutes:
                found += [moment.timestamp() + second for second in self.seconds]
            moment += MINUTE
        return found

    def _fixed(self, day: date, zone: ZoneInfo) -> list[float]:
        """Minutes of the local clock; one that does not come is the first real minute after it."""
        found: set[float] = set()
        for hour in sorted(self.hours):
            for minute in sorted(self.minutes):
                start = datetime.combine(day, time(hour, minute))
                if is_real(start, zone):
                    at = start.replace(tzinfo=zone).timestamp()
                    found |= {at + second for second in self.seconds}
                    continue
                while not is_real(start, zone):
                    start += MINUTE
                found.add(start.replace(tzinfo=zone).timestamp())
        return sorted(found)


def is_real(local: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks of the zone ever show it."""
    at = local.replace(tzinfo=zone).astimezone(UTC)
    return at.astimezone(zone).replace(tzinfo=None) == local
