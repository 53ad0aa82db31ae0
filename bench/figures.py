"""Numbers with their spread."""

import statistics
from collections.abc import Sequence
from typing import Any

Json = Any


def summary(values: Sequence[float], digits: int = 3) -> Json:
    """Median, smallest and largest, and how many there were."""
    return {
        "median": round(statistics.median(values), digits),
        "min": round(min(values), digits),
        "max": round(max(values), digits),
        "rounds": len(values),
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` (0..1) of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def latencies(seconds: Sequence[float]) -> Json:
    """Median and 99th percentile in milliseconds."""
    return {
        "p50_ms": round(percentile(seconds, 0.5) * 1000, 2),
        "p99_ms": round(percentile(seconds, 0.99) * 1000, 2),
    }
