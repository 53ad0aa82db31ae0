"""The parts of a Quartz field that are plain numbers: lists, ranges, steps, names."""

import re
from collections.abc import Mapping

from headrace.core.schedule.clock import Values
from headrace.core.schedule.faults import CronError

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
MONTHS = {name: i for i, name in enumerate(_MONTHS, 1)}
WEEKDAYS = {name: i for i, name in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), 1)}
_PART = re.compile(r"(?P<from>\*|\w*)(?:-(?P<to>\w+))?(?:/(?P<step>[0-9]{1,4}))?")


def values_of(field: str, text: str, low: int, high: int, names: Mapping[str, int] | None = None) -> Values:
    """``*``, ``5``, ``1-5``, ``22-2``, ``0/15``, ``8-18/2``, ``MON,FRI``. Raises CronError."""
    found: set[int] = set()
    for part in text.split(","):
        found |= _part(field, part, low, high, names or {})
    return tuple(sorted(found))


def _part(field: str, text: str, low: int, high: int, names: Mapping[str, int]) -> set[int]:
    match = _PART.fullmatch(text)
    if match is None or text in ("", "/"):
        raise wrong(field, text)
    first, last, step = match["from"], match["to"], match["step"]
    stride = _stride(field, text, step, high - low + 1)
    if first in ("*", ""):
        if last is not None or (first == "" and step is None):
            raise wrong(field, text)
        return set(range(low, high + 1, stride))
    start = _number(field, text, first, low, high, names)
    if last is not None:
        return set(_around(start, _number(field, text, last, low, high, names), low, high)[::stride])
    return {start} if step is None else set(range(start, high + 1, stride))


def _stride(field: str, text: str, step: str | None, most: int) -> int:
    if step is None:
        return 1
    if not 1 <= int(step) <= most:
        raise wrong(field, text)
    return int(step)


def _around(start: int, end: int, low: int, high: int) -> list[int]:
    """From start to end, over the field's end where it comes first."""
    if start <= end:
        return list(range(start, end + 1))
    return [*range(start, high + 1), *range(low, end + 1)]


def _number(field: str, text: str, word: str, low: int, high: int, names: Mapping[str, int]) -> int:
    if word in names:
        return names[word]
    if not (word.isascii() and word.isdecimal()) or not low <= int(word) <= high:
        raise wrong(field, text)
    return int(word)


def wrong(field: str, found: str) -> CronError:
    return CronError(f"cron_{field}", found=found)
