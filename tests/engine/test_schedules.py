"""The engine fires: each slot at most once, whatever the clock does and whoever else tries."""

from dataclasses import replace
from typing import Any

import pytest

from headrace.core.words import Trigger
from headrace.ports.errors import Gone, Refused
from headrace.ports.records import TenantRecord
from headrace.ports.schedules import ScheduleRecord
from headrace.ports.store import Writer
from headrace.storage import MemoryStore
from headrace.usecases import schedules
from tests.engine.desk import OTHER_TENANT, TENANT, noop, task
from tests.engine.timetable import Timetable, at, clock
from tests.people import caller


@pytest.fixture
def desk() -> Timetable:
    return Timetable()


def test_slots_start_runs_of_the_published_version(desk: Timetable) -> None:
    desk.every("daily", "0 2 * * *")
    assert desk.next("daily") == "12-02T02:00:00"
    desk.until("2026-12-04T12:00")
    assert desk.started("daily") == ["12-02T02:00:00", "12-03T02:00:00", "12-04T02:00:00"]
    record = desk.schedule("daily")
    assert record is not None
    assert (clock(record.next_at), clock(record.last_at)) == ("12-05T02:00:00", "12-04T02:00:00")
    run = desk.run(desk.runs_of("daily")[-1])
    assert record.last_run == run.id
    assert (run.trigger, run.creator, run.status) == (Trigger.SCHEDULED, "system", "SUCCESSFUL")


def test_the_time_zone_and_its_clock_changes(desk: Timetable) -> None:
    desk.clock.time = at("2027-03-12T12:00")
    desk.every("night", "30 2 * * *", timezone="America/New_York")
    desk.until("2027-03-16T00:00")
    assert desk.started("night", "America/New_York") == ["03-13T02:30:00", "03-14T03:00:00", "03-15T02:30:00"]


@pytest.mark.parametrize(
    ("missed", "told"),
    [
        ("last", ["12-01T12:01:00 missed", "12-04T12:00:00 started"]),
        ("skip", ["12-01T12:01:00 missed", "12-04T12:00:00 started"]),
        (
            "all",
            ["12-01T12:01:00 missed", *[f"12-04T{11 if m else 12}:{m:02}:00 started" for m in (58, 59, 0)]],
        ),
    ],
)
def test_down_for_three_days(desk: Timetable, missed: str, told: list[str]) -> None:
    """Of 4,320 slots a few start, by policy; never all at once."""
    desk.every("minutely", "* * * * *", missed=missed, missed_max=3)
    desk.clock.time = at("2026-12-04T12:00:30")
    desk.restart()
    desk.go()
    assert desk.told("minutely") == told
    assert desk.next("minutely") == "12-04T12:01:00"
    assert desk.fires("minutely")[0].values == {"until": until_of(missed)}


def until_of(missed: str) -> str:
    return "2026-12-04T11:57:00+00:00" if missed == "all" else "2026-12-04T11:59:00+00:00"


def test_all_is_capped_at_a_hundred(desk: Timetable) -> None:
    desk.every("minutely", "* * * * *", missed="all")
    desk.jump("2026-12-04T12:00:30")
    assert len(desk.started("minutely")) == 100
    assert len(set(desk.runs_of("minutely"))) == 100


@pytest.mark.parametrize(
    ("missed", "started"), [("skip", []), ("last", ["12-02T02:00:00"]), ("all", ["12-02T02:00:00"])]
)
def test_late_by_hours(desk: Timetable, missed: str, started: list[str]) -> None:
    desk.every("daily", "0 2 * * *", missed=missed)
    desk.jump("2026-12-02T05:00")
    assert desk.started("daily") == started
    assert desk.next("daily") == "12-03T02:00:00"


@pytest.mark.parametrize("missed", ["skip", "last", "all"])
def test_what_is_late_by_seconds_is_not_missed(desk: Timetable, missed: str) -> None:
    """A restart of half a minute, a batch that took long: every slot starts."""
    desk.every("often", "*/10 * * * * ?", missed=missed)
    desk.jump("2026-12-01T12:00:35")
    assert desk.started("often") == ["12-01T12:00:10", "12-01T12:00:20", "12-01T12:00:30"]


def test_the_clock_jumps_ahead_and_back(desk: Timetable) -> None:
    """Three days ahead the policy holds; back again nothing starts twice."""
    desk.every("hourly", "0 * * * *")
    desk.until("2026-12-01T14:30")
    desk.jump("2026-12-04T14:30")
    assert desk.started("hourly") == ["12-01T13:00:00", "12-01T14:00:00", "12-04T14:00:00"]
    desk.jump("2026-12-01T14:31")
    assert desk.next("hourly") == "12-01T15:00:00"  # what lies ahead is computed anew
    desk.until("2026-12-01T18:00")
    desk.until("2026-12-04T16:30")
    slots = [fire.slot for fire in desk.fires("hourly")]
    assert len(slots) == len(set(slots))
    assert desk.started("hourly").count("12-04T14:00:00") == 1
    assert "12-01T17:00:00" in desk.started("hourly")


def test_an_hour_back_starts_nothing_twice(desk: Timetable) -> None:
    desk.every("quarterly", "*/15 * * * *")
    desk.until("2026-12-01T14:00")
    before = desk.started("quarterly")
    desk.jump("2026-12-01T13:00")
    desk.until("2026-12-01T14:00")
    assert desk.started("quarterly") == before
    desk.until("2026-12-01T14:15")
    assert desk.started("quarterly") == [*before, "12-01T14:15:00"]


def test_a_time_zone_that_has_changed_is_computed_anew_at_the_start(desk: Timetable) -> None:
    desk.every("daily", "0 2 * * *")
    record = desk.schedule("daily")
    assert record is not None
    wrong = replace(record, next_at=at("2026-12-02T03:00"))
    desk.ask(desk.engine.transact(lambda writer, now: writer.put_schedule(wrong)))
    desk.restart()
    desk.go()
    assert desk.next("daily") == "12-02T02:00:00"


def test_restarts_at_any_second_lose_no_slot(desk: Timetable) -> None:
    desk.every("minutely", "* * * * *")
    for second in range(0, 600, 37):
        desk.clock.time = at("2026-12-01T12:00") + second
        desk.restart()
        desk.go()
    assert len(desk.started("minutely")) == 9


def test_what_was_not_committed_is_fired_again(desk: Timetable) -> None:
    """Down between the slot and its commit: the next life does it, once."""
    desk.every("daily", "0 2 * * *")
    desk.clock.time = at("2026-12-02T02:00")
    with pytest.raises(ZeroDivisionError):
        fire_and_die(desk)
    desk.restart()
    desk.go()
    assert desk.started("daily") == ["12-02T02:00:00"]


def fire_and_die(desk: Timetable) -> None:
    with desk.store.write() as writer:
        record = writer.schedule(TENANT, "daily")
        assert record is not None
        schedules.fire(writer, desk.clock.time, record, lambda request: 1, lambda tenant, workflow: False)
        raise ZeroDivisionError


# -- runs that overlap -------------------------------------------------------------------------------


def test_overlap_is_allowed_by_default(desk: Timetable) -> None:
    desk.every("long", "0 * * * *", task("a"))
    desk.until("2026-12-01T14:00")
    assert desk.statuses(*desk.runs_of("long")) == ["RUNNING", "RUNNING"]


def test_overlap_skip(desk: Timetable) -> None:
    desk.every("long", "0 * * * *", task("a"), overlap="skip")
    desk.until("2026-12-01T14:30")
    assert desk.told("long") == ["12-01T13:00:00 started", "12-01T14:00:00 overlap"]
    (run,) = desk.runs_of("long")
    desk.finish(run, "a")
    desk.until("2026-12-01T15:00")
    assert desk.started("long") == ["12-01T13:00:00", "12-01T15:00:00"]


def test_overlap_skip_sees_runs_of_the_same_moment(desk: Timetable) -> None:
    desk.every("long", "0 * * * *", task("a"), overlap="skip", missed="all")
    desk.jump("2026-12-01T15:00")
    assert [each.split()[1] for each in desk.told("long")] == ["started", "overlap", "overlap"]


def test_overlap_skip_sees_runs_that_wait(desk: Timetable) -> None:
    desk.put(
        "long",
        task("a"),
        schedule={"cron": "0 * * * *", "overlap": "skip"},
        concurrency={"limit": 1, "policy": "queue"},
    )
    desk.start("long")
    desk.until("2026-12-01T13:00")
    assert desk.told("long") == ["12-01T13:00:00 overlap"]


def test_overlap_queue(desk: Timetable) -> None:
    """One after the other; runs that somebody starts by hand are not held."""
    desk.every("long", "0 * * * *", task("a"), overlap="queue")
    desk.until("2026-12-01T15:00")
    first, second, third = desk.runs_of("long")
    assert [desk.run(run).started_at is None for run in (first, second, third)] == [False, True, True]
    by_hand = desk.start("long")
    assert desk.run(by_hand).started_at is not None
    desk.finish(by_hand, "a")
    desk.finish(first, "a")
    assert desk.run(second).started_at is not None
    assert desk.run(third).started_at is None
    desk.restart()
    desk.finish(second, "a")
    assert desk.run(third).started_at is not None


def test_the_workflow_s_own_limit_holds(desk: Timetable) -> None:
    desk.put(
        "long",
        task("a"),
        schedule={"cron": "0 * * * *"},
        concurrency={"limit": 1, "policy": "skip"},
    )
    desk.until("2026-12-01T14:00")
    assert desk.told("long") == ["12-01T13:00:00 started", "12-01T14:00:00 overlap"]
    assert desk.fires("long")[1].code == "start_concurrency"


# -- what cannot start -------------------------------------------------------------------------------


def test_a_slot_that_cannot_start_says_why(desk: Timetable) -> None:
    desk.put("on hosts", schedule={"cron": "0 * * * *"}, target="host")
    desk.until("2026-12-01T13:00")
    (fire,) = desk.fires("on hosts")
    assert (fire.outcome, fire.run_id, fire.code) == ("failed", None, "start_target_missing")
    assert desk.next("on hosts") == "12-01T14:00:00"


def test_parameters_and_targets_of_a_schedule(desk: Timetable) -> None:
    desk.target("host", "web-1")
    rule = {"cron": "0 * * * *", "params": {"n": 3}, "targets": [{"type": "host", "name": "web-1"}]}
    desk.put("on hosts", schedule=rule, target="host", params={"n": {"type": "integer"}}, required=["n"])
    desk.until("2026-12-01T13:00")
    run = desk.run(desk.runs_of("on hosts")[0])
    assert run.params == {"n": 3}
    assert [target.name for target in run.targets] == ["web-1"]


def test_without_its_version_it_fails(desk: Timetable) -> None:
    desk.every("daily", "0 * * * *")
    record = desk.schedule("daily")
    assert record is not None
    desk.ask(desk.engine.transact(lambda writer, now: writer.put_schedule(replace(record, version=9))))
    desk.until("2026-12-01T13:00")
    (fire,) = desk.fires("daily")
    assert (fire.outcome, fire.code, fire.values) == (
        "failed",
        "not_found",
        {"what": "version", "key": "daily/9"},
    )


def test_a_refusal_without_problems(desk: Timetable) -> None:
    record = ScheduleRecord(TENANT, "w", 1, {"cron": "0 * * * *"}, at("2026-12-01T13:00"), None, None)

    def start(request: Any) -> int:
        raise Refused("limit", "run_too_many_steps", {"found": 3, "limit": 2})

    with desk.store.write() as writer:
        schedules.fire(writer, at("2026-12-01T13:00"), record, start, lambda *_: False)
    assert desk.fires("w")[0].values == {"found": "3", "limit": "2"}


def test_a_zone_that_is_known_no_more_stops_only_its_schedule(desk: Timetable) -> None:
    desk.every("good", "0 * * * *")
    desk.every("lost", "0 * * * *")
    lost = desk.schedule("lost")
    assert lost is not None
    rule = {**lost.rule, "timezone": "Mars/Olympus"}
    desk.ask(desk.engine.transact(lambda writer, now: writer.put_schedule(replace(lost, rule=rule))))
    desk.until("2026-12-01T14:00")
    assert len(desk.started("good")) == 2
    assert [(fire.outcome, fire.code) for fire in desk.fires("lost")] == [("failed", "schedule_unreadable")]
    assert desk.next("lost") is None
    desk.restart()
    desk.go()
    assert desk.next("lost") is None


def test_a_fault_of_ours_stops_only_its_schedule(desk: Timetable, logged: list[Any]) -> None:
    desk.every("good", "0 * * * *")
    desk.every("odd", "0 * * * *")
    odd = desk.schedule("odd")
    assert odd is not None
    rule = {**odd.rule, "missed": "all", "missed_max": "three"}
    desk.ask(desk.engine.transact(lambda writer, now: writer.put_schedule(replace(odd, rule=rule))))
    desk.jump("2026-12-01T18:00")
    assert len(desk.started("good")) == 1
    assert [(fire.outcome, fire.code) for fire in desk.fires("odd")] == [("failed", "internal_error")]
    assert any(entry["event"] == "a schedule cannot fire" for entry in logged)


def test_where_all_of_it_fails_it_is_tried_again_after_a_minute(logged: list[Any]) -> None:
    store = Deaf()
    desk = Timetable(store)
    desk.every("daily", "0 * * * *")
    store.deaf = True
    desk.until("2026-12-01T13:00")
    assert desk.fires("daily") == []
    store.deaf = False
    desk.until("2026-12-01T13:00:59")
    assert desk.fires("daily") == []
    desk.until("2026-12-01T13:01")
    assert desk.started("daily") == ["12-01T13:00:00"]


class Deaf(MemoryStore):
    """Does not say which schedules are due."""

    deaf = False

    def due_schedules(self, now: float, limit: int) -> Any:
        if self.deaf:
            raise ValueError("deaf")
        return super().due_schedules(now, limit)


# -- many ----------------------------------------------------------------------------------------------


def test_many_at_once_come_in_several_batches(desk: Timetable) -> None:
    for i in range(150):
        desk.every(f"w{i}", "0 * * * *", missed="all", missed_max=3)
    desk.jump("2026-12-01T18:00")
    assert all(len(desk.started(f"w{i}")) == 3 for i in range(150))


def test_many_at_once_at_the_start_of_a_server(desk: Timetable) -> None:
    """What one batch does not take stays due; nothing is computed away."""
    for i in range(120):
        desk.every(f"w{i}", "0 * * * *")
    desk.clock.time = at("2026-12-01T13:00")
    desk.restart()
    desk.go()
    assert all(desk.started(f"w{i}") == ["12-01T13:00:00"] for i in range(120))


def test_figures(desk: Timetable) -> None:
    desk.every("hourly", "0 * * * *")
    assert desk.figure("engine_schedule_late_seconds") == 0
    desk.clock.time = at("2026-12-01T13:00:05")
    assert desk.figure("engine_schedule_late_seconds") == 5
    desk.go()
    assert desk.figure("engine_schedule_late_seconds") == 0
    assert desk.figure("engine_schedule_runs_total") == 1


def test_no_schedules_no_queries() -> None:
    store = Counting()
    desk = Timetable(store)
    desk.put("plain", task("a"))
    run = desk.start("plain")
    asked = store.asked
    desk.finish(run, "a")
    desk.jump("2026-12-05T00:00")
    assert store.asked == asked


class Counting(MemoryStore):
    """Counts the questions about schedules."""

    asked = 0

    def next_slot(self) -> float | None:
        self.asked += 1
        return super().next_slot()

    def due_schedules(self, now: float, limit: int) -> Any:
        self.asked += 1
        return super().due_schedules(now, limit)


def test_old_fires_are_forgotten(desk: Timetable) -> None:
    desk.every("daily", "0 2 * * *")
    desk.until("2026-12-03T12:00")
    desk.jump("2027-03-02T03:00")  # 90 days after the first
    assert desk.started("daily") == ["12-03T02:00:00", "03-02T02:00:00"]


# -- pausing -------------------------------------------------------------------------------------------


def test_pause(desk: Timetable) -> None:
    desk.every("daily", "0 2 * * *")
    set_paused(desk, "daily", True)
    desk.until("2026-12-03T12:00")
    desk.every("daily", "0 3 * * *")  # published anew: still paused
    desk.restart()
    desk.until("2026-12-04T12:00")
    assert (desk.fires("daily"), desk.next("daily")) == ([], None)
    set_paused(desk, "daily", False)
    desk.until("2026-12-05T12:00")
    assert desk.told("daily") == ["12-05T03:00:00 started"]


def test_pausing_twice_or_nothing_is_refused(desk: Timetable) -> None:
    desk.every("daily", "0 2 * * *")
    with pytest.raises(Refused, match="schedule_not_paused"):
        set_paused(desk, "daily", False)
    set_paused(desk, "daily", True)
    with pytest.raises(Refused, match="schedule_paused"):
        set_paused(desk, "daily", True)
    with pytest.raises(Gone):
        set_paused(desk, "nothing", True)


def test_resuming_what_cannot_be_read(desk: Timetable) -> None:
    rule = {"cron": "0 * * * *", "timezone": "Mars/Olympus"}
    record = ScheduleRecord(TENANT, "lost", 1, rule, None, None, None, paused=True)
    desk.ask(desk.engine.transact(lambda writer, now: writer.put_schedule(record)))
    set_paused(desk, "lost", False)
    assert desk.next("lost") is None


def set_paused(desk: Timetable, name: str, paused: bool) -> None:
    def work(writer: Any, now: float) -> None:
        schedules.pause(writer, now, caller(), name, paused=paused)

    desk.ask(desk.engine.transact(work))


def test_a_child_run_is_not_held_by_its_own_schedule(desk: Timetable) -> None:
    """A sub-workflow's run was not started by its own schedule: its steps have no time to wait for."""
    own = {"cron": "0 5 * * *"}
    desk.put("child", noop("c", schedule=own), schedule={"cron": "0 4 * * *", "mode": "discrete"})
    desk.every("parent", "0 13 * * *", {"id": "p", "kind": "workflow", "workflow": "child"})
    desk.until("2026-12-01T13:00")
    run = desk.run(desk.runs_of("parent")[0])
    assert (run.trigger, run.status) == (Trigger.SCHEDULED, "SUCCESSFUL")
    assert desk.run(desk.child(run.id, "p")).planned_at is None


# -- disabled tenants ----------------------------------------------------------------------------------


def set_disabled(desk: Timetable, disabled: bool) -> None:
    tenant = TenantRecord(OTHER_TENANT, "acme", disabled=disabled)

    def work(writer: Writer, now: float) -> None:
        (writer.change_tenant if writer.tenant_named("acme") else writer.add_tenant)(tenant)

    desk.ask(desk.engine.transact(work))


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize(
    ("missed", "made_up"),
    [
        ("skip", []),
        ("last", ["12-03T02:00:00"]),
        ("all", ["12-02T02:00:00", "12-03T02:00:00"]),
    ],
)
def test_a_disabled_tenant_fires_nothing(
    desk: Timetable, missed: str, made_up: list[str], restarted: bool
) -> None:
    """Its times count as missed when it is enabled again; other tenants go on."""
    set_disabled(desk, False)
    rule = {"cron": "0 2 * * *", "missed": missed}
    desk.put("theirs", schedule=rule, tenant=OTHER_TENANT)
    desk.every("ours", "0 3 * * *")
    set_disabled(desk, True)
    desk.until("2026-12-03T12:00")
    if restarted:
        desk.restart()
        desk.go()
    assert desk.fires("theirs", OTHER_TENANT) == []
    assert len(desk.started("ours")) == 2
    set_disabled(desk, False)
    found = [clock(f.slot) for f in desk.fires("theirs", OTHER_TENANT) if f.outcome == "started"]
    assert found == made_up
    desk.until("2026-12-04T12:00")
    assert [clock(f.slot) for f in desk.fires("theirs", OTHER_TENANT)][-1] == "12-04T02:00:00"
