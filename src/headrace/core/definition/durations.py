"""Durations: "10s", "5m", "1h30m", "1d", or a number of seconds."""

import math
import re

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_PART = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h|d)")
_WHOLE = re.compile(rf"(?:{_PART.pattern})+")
LONGEST = 3660 * 86400.0  # ten years


def seconds(value: object) -> float | None:
    """Seconds of a written duration; None where it is not one, negative, or beyond ten years."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _within(float(value)) if abs(value) <= LONGEST else None
    if isinstance(value, str) and len(value) <= 40 and _WHOLE.fullmatch(value):
        return _within(sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(value)))
    return None


def _within(value: float) -> float | None:
    return value if math.isfinite(value) and 0 <= value <= LONGEST else None
