"""Effective dates, bounds and what of many missed slots still counts."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from headrace.core.schedule import timetable
from headrace.core.schedule.missed import due_slots


def at(text: str, zone: str = "UTC") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def slots(zone: str = "UTC", **block: str) -> list[str]:
    table = timetable({"timezone": zone, **block})
    return [datetime.fromtimestamp(s, table.zone).strftime("%m-%dT%H:%M") for s in table.first(0.0, 5)]


def test_both_dates_are_included_as_a_whole() -> None:
    found = slots(cron="0 0,12,23 * * *", **{"from": "2026-12-01", "until": "2026-12-01"})
    assert found == ["12-01T00:00", "12-01T12:00", "12-01T23:00"]


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/Santiago", "Africa/Casablanca"])
def test_dates_are_those_of_the_zone(zone: str) -> None:
    found = slots(zone, cron="*/30 * * * *", **{"from": "2026-12-01"})
    assert found[0] == "12-01T00:00"


def test_dates_across_clock_changes() -> None:
    """Where the clocks leave out midnight the day begins at one; the day of two midnights is long."""
    begins = slots("America/Santiago", cron="*/30 * * * *", **{"from": "2026-09-06", "until": "2026-09-06"})
    assert begins[0] == "09-06T01:00"
    table = timetable(
        {
            "cron": "0 * * * *",
            "timezone": "America/Havana",
            "from": "2026-11-01",
            "until": "2026-11-01",
        }
    )
    assert len(table.first(0.0, 100)) == 25


def test_instants() -> None:
    found = slots(
        "Asia/Shanghai",
        cron="0 * * * *",
        **{"from": "2026-12-01T08:00", "until": "2026-12-01T02:00:00+00:00"},
    )
    assert found == ["12-01T08:00", "12-01T09:00", "12-01T10:00"]


def test_an_instant_between_seconds_is_not_before_itself() -> None:
    found = slots(cron="* * * * * ?", **{"from": "2026-12-01T08:00:00.5", "until": "2026-12-01T08:00:01.5"})
    assert found == ["12-01T08:00"]


def test_for_ever_and_since_ever() -> None:
    assert slots(cron="0 0 1 1 *", **{"from": "0001-01-01", "until": "9999-12-31"})[0] == "01-01T00:00"


def test_after_the_last_there_is_none() -> None:
    table = timetable({"cron": "0 2 * * *", "until": "2026-12-02"})
    assert table.next(at("2026-12-02T01:00")) == at("2026-12-02T02:00")
    assert table.next(at("2026-12-02T02:00")) is None
    assert table.first(at("2099-12-31T23:00"), 3) == []
    assert timetable({"cron": "*/5 * * * *"}).next(at("2100-01-01T00:00")) is None


def test_the_zone_of_the_workflow_counts_for_its_nodes() -> None:
    assert timetable({"cron": "0 2 * * *"}, "Asia/Shanghai").zone.key == "Asia/Shanghai"
    own = {"cron": "0 2 * * *", "timezone": "Europe/Berlin", "dialect": None}
    assert timetable(own, "Asia/Shanghai").zone.key == "Europe/Berlin"


@pytest.mark.parametrize(
    "cron", ["* * * * * ?", "* * 1 1 *", "0 0 0 29 2 ?", "0 0 0 ? 2 MON#5", "0 0 13 * 5"]
)
def test_bounds(cron: str) -> None:
    """However rare or frequent: no look at a schedule takes long."""
    started = time.thread_time()
    table = timetable({"cron": cron, "timezone": "America/New_York"})
    table.next(at("2026-12-01T00:00"))
    due_slots(table, at("2000-01-01T00:00"), at("2026-12-01T00:00"), "all", 100)
    assert time.thread_time() - started < 5.0


def test_down_beyond_the_end() -> None:
    table = timetable({"cron": "0 2 * * *", "until": "2026-12-03"})
    due = due_slots(table, at("2026-12-01T02:00"), at("2026-12-10T00:00"), "last", 100)
    assert due.start == (at("2026-12-03T02:00"),)
    assert due.missed == (at("2026-12-01T02:00"), at("2026-12-02T02:00"))
    assert due.next_at is None


def test_never_is_found_soon() -> None:
    started = time.thread_time()
    with pytest.raises(ValueError, match="schedule_never"):
        timetable({"cron": "0 0 0 31 4,6,9,11 ?"})
    assert time.thread_time() - started < 2.0
