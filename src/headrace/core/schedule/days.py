"""Which days a Quartz text means: the day of the month or the weekday, whichever is not ``?``."""

import calendar
import re
from datetime import date

from headrace.core.schedule.clock import DayRule
from headrace.core.schedule.parts import WEEKDAYS, values_of, wrong

_LAST = re.compile(r"L(?:-(?P<before>[0-9]{1,2}))?(?P<workday>W)?")
_WORKDAY = re.compile(r"(?P<day>[0-9]{1,2})W")
_LAST_WEEKDAY = re.compile(r"(?P<weekday>[A-Z]{3}|[1-7])L")
_NTH = re.compile(r"(?P<weekday>[A-Z]{3}|[1-7])#(?P<nth>[1-5])")
SATURDAY, SUNDAY = 5, 6  # as date.weekday() counts


def ANY(day: date) -> bool:
    """Every day."""
    return True


def day_rule(text: str) -> DayRule:
    """``*``, numbers, ``L``, ``L-3``, ``LW``, ``15W``, and lists of them. Raises CronError."""
    if text == "*":
        return ANY
    return _any_of([_day_part(part) for part in text.split(",")])


def weekday_rule(text: str) -> DayRule:
    """``*``, 1 (Sunday) to 7, names, ``6L``, ``6#3``, ``L`` (Saturday), and lists. Raises CronError."""
    if text == "*":
        return ANY
    return _any_of([_weekday_part(part) for part in text.split(",")])


def _any_of(rules: list[DayRule]) -> DayRule:
    return rules[0] if len(rules) == 1 else lambda day: any(rule(day) for rule in rules)


def _day_part(text: str) -> DayRule:
    last = _LAST.fullmatch(text)
    if last is not None:
        before = int(last["before"] or 0)
        if before > 30:
            raise wrong("day", text)
        return _last_day(before, workday=last["workday"] is not None)
    near = _WORKDAY.fullmatch(text)
    if near is not None:
        if not 1 <= int(near["day"]) <= 31:
            raise wrong("day", text)
        return _nearest_workday(int(near["day"]))
    numbers = frozenset(values_of("day", text, 1, 31))
    return lambda day: day.day in numbers


def _last_day(before: int, *, workday: bool) -> DayRule:
    def rule(day: date) -> bool:
        wanted = _length(day) - before
        return wanted >= 1 and day.day == (_workday(day, wanted) if workday else wanted)

    return rule


def _nearest_workday(wanted: int) -> DayRule:
    """Monday to Friday nearest to that day, within the month; none in a month without that day."""
    return lambda day: wanted <= _length(day) and day.day == _workday(day, wanted)


def _workday(month: date, number: int) -> int:
    weekday = month.replace(day=number).weekday()
    if weekday == SATURDAY:
        return number - 1 if number > 1 else number + 2
    if weekday == SUNDAY:
        return number + 1 if number < _length(month) else number - 2
    return number


def _length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _weekday_part(text: str) -> DayRule:
    if text == "L":  # alone it is the week's last day, as Quartz reads it
        return lambda day: day.weekday() == SATURDAY
    last = _LAST_WEEKDAY.fullmatch(text)
    if last is not None:
        weekday = _weekday(text, last["weekday"])
        return lambda day: day.weekday() == weekday and day.day + 7 > _length(day)
    nth = _NTH.fullmatch(text)
    if nth is not None:
        weekday, which = _weekday(text, nth["weekday"]), int(nth["nth"])
        return lambda day: day.weekday() == weekday and (day.day - 1) // 7 + 1 == which
    numbers = frozenset((value - 2) % 7 for value in values_of("weekday", text, 1, 7, WEEKDAYS))
    return lambda day: day.weekday() in numbers


def _weekday(text: str, word: str) -> int:
    """Of Quartz's number or name, as ``date.weekday`` counts: Monday is 0."""
    number = WEEKDAYS.get(word) or (int(word) if word.isdecimal() else None)
    if number is None:
        raise wrong("weekday", text)
    return (number - 2) % 7
