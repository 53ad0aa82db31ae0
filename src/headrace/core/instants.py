"""Instants as people and programs read them."""

from datetime import UTC, datetime
from functools import lru_cache

LATEST = 253_402_300_799.0  # 9999-12-31T23:59:59 in UTC: what comes after it has no date of its own


@lru_cache(8_192)
def instant(at: float | None) -> str | None:
    """Epoch seconds as ISO-8601 with milliseconds and offset; None stays None.

    Lists are looked at again and again, and hold little that was not there before.
    """
    if at is None:
        return None
    seconds, millis = divmod(int(min(at, LATEST) * 1000), 1000)
    return f"{_second(seconds)}.{millis:03d}+00:00"


@lru_cache(4096)
def _second(at: int) -> str:
    """Lists show the same seconds over and over."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")
