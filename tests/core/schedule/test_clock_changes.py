"""Gap and overlap in five zones and some odd ones: the rules of Debian's cron, told as local times."""

from collections.abc import Callable
from datetime import datetime
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest

from headrace.core.schedule import read_cron

NEW_YORK, BERLIN, LORD_HOWE = "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"
SANTIAGO, SHANGHAI, HAVANA = "America/Santiago", "Asia/Shanghai", "America/Havana"
CHATHAM = "Pacific/Chatham"  # changes its clocks at a quarter to
APIA = "Pacific/Apia"  # left out a whole day in 2011


def fires(text: str, zone: str, after: str, count: int) -> list[str]:
    """Local times with offsets, ``04-05T02:30+1030``."""
    here = ZoneInfo(zone)
    start = datetime.fromisoformat(after).replace(tzinfo=here).timestamp()
    found = list(islice(read_cron(text).times(start, here), count))
    assert all(earlier < later for earlier, later in pairwise([start, *found]))
    return [datetime.fromtimestamp(at, here).strftime("%m-%dT%H:%M%z") for at in found]


def unix(text: str) -> str:
    return text


def quartz(text: str) -> str:
    """The same in Quartz; only for texts that restrict neither day nor weekday."""
    minute, hour, day, month, weekday = text.split()
    assert day == weekday == "*"
    return f"0 {minute} {hour} * {month} ?"


@pytest.mark.parametrize("dialect", [unix, quartz])
@pytest.mark.parametrize(
    ("text", "zone", "after", "wanted"),
    [
        # a fixed time that the clocks leave out comes right after the gap
        ("30 2 * * *", NEW_YORK, "2027-03-13T03:00", ["03-14T03:00-0400", "03-15T02:30-0400"]),
        ("30 2 * * *", BERLIN, "2026-03-28T03:00", ["03-29T03:00+0200", "03-30T02:30+0200"]),
        ("10 2 * * *", LORD_HOWE, "2026-10-03T03:00", ["10-04T02:30+1100", "10-05T02:10+1100"]),
        ("30 0 * * *", SANTIAGO, "2026-09-05T01:00", ["09-06T01:00-0300", "09-07T00:30-0300"]),
        ("30 2 * * *", SHANGHAI, "2026-03-28T03:00", ["03-29T02:30+0800", "03-30T02:30+0800"]),
        ("0 0 * * *", HAVANA, "2026-03-07T01:00", ["03-08T01:00-0400", "03-09T00:00-0400"]),
        # two fixed times that fall together are one
        ("0 2,3 * * *", NEW_YORK, "2026-03-07T23:00", ["03-08T03:00-0400", "03-09T02:00-0400"]),
        ("0,30 2 * * *", BERLIN, "2026-03-28T23:00", ["03-29T03:00+0200", "03-30T02:00+0200"]),
        # a fixed time that comes twice counts the first time
        ("30 1 * * *", NEW_YORK, "2026-10-31T02:00", ["11-01T01:30-0400", "11-02T01:30-0500"]),
        ("30 2 * * *", BERLIN, "2026-10-24T03:00", ["10-25T02:30+0200", "10-26T02:30+0100"]),
        ("45 1 * * *", LORD_HOWE, "2026-04-04T02:00", ["04-05T01:45+1100", "04-06T01:45+1030"]),
        ("30 23 * * *", SANTIAGO, "2026-04-03T23:45", ["04-04T23:30-0300", "04-05T23:30-0400"]),
        ("30 0 * * *", HAVANA, "2026-10-31T01:00", ["11-01T00:30-0400", "11-02T00:30-0500"]),
        # what repeats follows real time: nothing in the gap, both hours of the overlap
        ("*/30 * * * *", NEW_YORK, "2026-03-08T01:15", ["03-08T01:30-0500", "03-08T03:00-0400"]),
        ("*/30 2 * * *", BERLIN, "2026-03-28T02:30", ["03-30T02:00+0200", "03-30T02:30+0200"]),
        ("0 * * * *", SANTIAGO, "2026-09-05T22:30", ["09-05T23:00-0400", "09-06T01:00-0300"]),
        ("*/10 0 * * *", HAVANA, "2026-03-07T00:55", ["03-09T00:00-0400", "03-09T00:10-0400"]),
        (
            "*/30 1 * * *",
            NEW_YORK,
            "2026-11-01T00:00",
            ["11-01T01:00-0400", "11-01T01:30-0400", "11-01T01:00-0500", "11-01T01:30-0500"],
        ),
        (
            "0 * * * *",
            BERLIN,
            "2026-10-25T01:30",
            ["10-25T02:00+0200", "10-25T02:00+0100", "10-25T03:00+0100"],
        ),
        (
            "*/15 1 * * *",
            LORD_HOWE,
            "2026-04-05T01:15",
            ["04-05T01:30+1100", "04-05T01:45+1100", "04-05T01:30+1030", "04-05T01:45+1030"],
        ),
        (
            "0 * * * *",
            SANTIAGO,
            "2026-04-04T22:30",
            ["04-04T23:00-0300", "04-04T23:00-0400", "04-05T00:00-0400"],
        ),
        # half an hour's change does not move what comes later
        ("*/30 2 * * *", LORD_HOWE, "2026-04-05T01:00", ["04-05T02:00+1030", "04-05T02:30+1030"]),
        ("*/7 0 * * *", LORD_HOWE, "2026-04-05T01:00", ["04-06T00:00+1030", "04-06T00:07+1030"]),
        ("5 */2 * * *", LORD_HOWE, "2026-04-05T00:30", ["04-05T02:05+1030", "04-05T04:05+1030"]),
        ("*/20 2 * * *", LORD_HOWE, "2026-10-03T02:50", ["10-04T02:40+1100", "10-05T02:00+1100"]),
        (
            "*/7 2 * * *",
            CHATHAM,
            "2026-04-05T02:50",
            ["04-05T02:56+1345", "04-05T02:49+1245", "04-05T02:56+1245", "04-06T02:00+1245"],
        ),
        # a day that never was
        ("0 9 * * *", APIA, "2011-12-29T08:00", ["12-29T09:00-1000", "12-31T00:00+1400", "12-31T09:00+1400"]),
        (
            "0 */12 * * *",
            APIA,
            "2011-12-29T08:00",
            ["12-29T12:00-1000", "12-31T00:00+1400", "12-31T12:00+1400"],
        ),
    ],
)
def test_clock_changes(
    text: str, zone: str, after: str, wanted: list[str], dialect: Callable[[str], str]
) -> None:
    assert fires(dialect(text), zone, after, len(wanted)) == wanted


def test_seconds_within_a_gap_come_together() -> None:
    assert fires("0/20 30 2 * * ?", BERLIN, "2026-03-29T00:00", 2) == ["03-29T03:00+0200", "03-30T02:30+0200"]


@pytest.mark.parametrize("dialect", [unix, quartz])
@pytest.mark.parametrize(("text", "count"), [("0 * * * *", 25), ("*/30 * * * *", 50), ("30 2 * * *", 1)])
def test_the_longest_day(text: str, count: int, dialect: Callable[[str], str]) -> None:
    found = fires(dialect(text), BERLIN, "2026-10-24T23:59", count + 1)
    assert sum(each.startswith("10-25") for each in found) == count


def test_within_the_overlap_the_second_hour_is_told_from_the_first() -> None:
    here = ZoneInfo(NEW_YORK)
    second = datetime(2026, 11, 1, 1, 15, tzinfo=here, fold=1).timestamp()
    assert next(read_cron("30 1 * * *").times(second, here)) > second + 86_400
    assert next(read_cron("*/30 1 * * *").times(second, here)) == second + 15 * 60
