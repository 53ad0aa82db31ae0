"""Durations are written in one way, or as seconds."""

import pytest

from headrace.core.definition.durations import LONGEST, seconds


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        *[("10s", 10), ("5m", 300), ("4h", 14400), ("1d", 86400), ("1h30m", 5400), ("0.5s", 0.5)],
        *[("250ms", 0.25), (0, 0), (90, 90), (1.5, 1.5), (LONGEST, LONGEST), ("3660d", LONGEST)],
    ],
)
def test_durations(written: object, meant: float) -> None:
    assert seconds(written) == pytest.approx(meant)


@pytest.mark.parametrize(
    "written",
    [
        *["", "10", "s", "-1s", "1 h", "1w", "5M", "1h-", "9" * 30 + "s", "1s" * 30, "3661d", "１s"],
        *[-1, True, None, [], float("nan"), float("inf"), 10**400, LONGEST + 1],
    ],
)
def test_what_is_no_duration(written: object) -> None:
    assert seconds(written) is None
