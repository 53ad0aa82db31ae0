"""Acceptance cases 9 to 14: drafts, what publishing refuses, next times, dates, weekdays, discrete mode."""

from typing import Any

import pytest

from headrace.core.refusal import Refused
from headrace.core.run.events import RerunRun
from headrace.core.words import Due, RunStatus
from tests.engine.desk import TENANT, noop, task
from tests.engine.timetable import Timetable, at, clock


@pytest.fixture
def desk() -> Timetable:
    """Tuesday, 1 December 2026, noon."""
    return Timetable()


# -- 9: the draft of a scheduled workflow ------------------------------------------------------------


def test_a15_09_fires_use_the_published_version_until_the_next_is_published(desk: Timetable) -> None:
    schedule = {"cron": "0 * * * *"}
    desk.put("flow", noop("old"), schedule=schedule)
    desk.put("flow", noop("new"), schedule={"cron": "30 * * * *"}, publish=False)
    desk.until("2026-12-01T13:45")
    assert desk.started("flow") == ["12-01T13:00:00"]  # neither the draft's nodes nor its times
    assert desk.step(desk.runs_of("flow")[0], "old").status == "SUCCESSFUL"
    desk.put("flow", noop("new"), schedule={"cron": "30 * * * *"})
    desk.until("2026-12-01T15:00")
    assert desk.started("flow")[1:] == ["12-01T14:30:00"]
    assert desk.step(desk.runs_of("flow")[1], "new").status == "SUCCESSFUL"


def test_a15_09_a_run_again_uses_what_the_run_used(desk: Timetable) -> None:
    desk.put("flow", noop("old"), schedule={"cron": "0 * * * *"})
    desk.until("2026-12-01T13:00")
    desk.put("flow", noop("new"), schedule={"cron": "0 * * * *"})
    run = desk.runs_of("flow")[0]
    desk.tell(run, RerunRun())
    assert desk.run(run).version == 1
    assert [step.attempt for step in desk.steps(run)] == [2]


@pytest.mark.parametrize("same", [True, False])
def test_a15_09_the_change_at_the_second_of_a_slot_fires_it_once(desk: Timetable, same: bool) -> None:
    """Published in the very batch in which the slot comes: the old schedule has it, the new one the next."""
    desk.every("flow", "0 * * * *")
    desk.clock.time = at("2026-12-01T13:00")
    desk.every("flow", "0 * * * *" if same else "0,30 * * * *", noop("b"))
    desk.until("2026-12-01T14:00")
    assert desk.started("flow") == (
        ["12-01T13:00:00", "12-01T14:00:00"]
        if same
        else ["12-01T13:00:00", "12-01T13:30:00", "12-01T14:00:00"]
    )
    assert desk.run(desk.runs_of("flow")[0]).version == 1


def test_a15_09_what_is_due_stays_due_when_the_same_timetable_is_published(desk: Timetable) -> None:
    """More schedules are due than one batch takes: publishing one of those that wait loses nothing."""
    for i in range(120):
        desk.every(f"w{i:03}", "0 * * * *")
    desk.clock.time = at("2026-12-01T13:00")
    desk.every("w119", "0 * * * *", noop("b"))
    assert desk.started("w119") == ["12-01T13:00:00"]


# -- 10: publishing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("schedule", "path", "code"),
    [
        ({"cron": "61 * * * *"}, "spec.schedule.cron", "cron_minute"),
        ({"cron": "0 0 9 * * 2"}, "spec.schedule.cron", "cron_question_quartz"),
        ({"cron": "0 9 * * *", "until": "2026-11-30"}, "spec.schedule.until", "schedule_past"),
        ({"cron": "0 9 * * *", "until": "2026-12-01"}, "spec.schedule.until", "schedule_past"),
        ({"cron": "0 0 9 1 1 ? 2025"}, "spec.schedule", "schedule_past"),
        ({"cron": "0 9 * * *", "timezone": "Asia/Beijing"}, "spec.schedule.timezone", "schedule_zone"),
        ({"mode": "discrete"}, "spec.schedule.cron", "definition_required"),
    ],
)
def test_a15_10_publishing_refuses(desk: Timetable, schedule: Any, path: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        desk.put("flow", schedule=schedule)
    assert [(problem.path, problem.code) for problem in refused.value.problems] == [(path, code)]
    assert desk.schedule("flow") is None


def test_a15_10_parameters_that_nobody_would_give(desk: Timetable) -> None:
    params = {"day": {"type": "string"}}
    with pytest.raises(Refused) as refused:
        desk.put("flow", schedule={"cron": "0 9 * * *"}, params=params, required=["day"])
    assert [problem.path for problem in refused.value.problems] == ["spec.schedule.params.day"]
    desk.put("flow", schedule={"cron": "0 9 * * *", "params": {"day": "x"}}, params=params, required=["day"])
    assert desk.next("flow") == "12-02T09:00:00"


def test_a15_10_a_draft_may_have_an_end_that_has_passed(desk: Timetable) -> None:
    desk.put("flow", schedule={"cron": "0 9 * * *", "until": "2026-11-30"}, publish=False)


def test_a15_10_a_schedule_that_is_off(desk: Timetable) -> None:
    """It is published, and starts only by hand."""
    desk.every("flow", "0 * * * *", enabled=False)
    desk.until("2026-12-01T15:00")
    assert (desk.schedule("flow"), desk.fires("flow")) == (None, [])
    assert desk.run(desk.start("flow")).status is RunStatus.SUCCESSFUL
    desk.every("flow", "0 * * * *")
    desk.every("flow", "0 * * * *", enabled=False)  # switched off again
    desk.until("2026-12-01T18:00")
    assert desk.fires("flow") == []


def test_a15_10_twice_and_offline_twice(desk: Timetable) -> None:
    desk.every("flow", "0 * * * *")
    desk.every("flow", "0 * * * *")
    desk.until("2026-12-01T13:00")
    assert desk.started("flow") == ["12-01T13:00:00"]
    desk.offline("flow")
    with pytest.raises(Refused, match="workflow_not_published"):
        desk.offline("flow")


# -- 11: the next time -------------------------------------------------------------------------------


def test_a15_11_the_next_time(desk: Timetable) -> None:
    desk.every("flow", "0 9 * * *", until="2026-12-03")
    shown = [desk.next("flow")]
    for day in ("2026-12-02T09:00", "2026-12-03T09:00"):
        desk.until(day)
        shown.append(desk.next("flow"))
    assert shown == ["12-02T09:00:00", "12-03T09:00:00", None]
    desk.until("2026-12-10T00:00")
    assert len(desk.fires("flow")) == 2


def test_a15_11_offline_ends_it_and_publishing_begins_anew(desk: Timetable) -> None:
    desk.every("flow", "0 9 * * *")
    desk.offline("flow")
    assert desk.schedule("flow") is None
    desk.until("2026-12-03T12:00")
    assert desk.fires("flow") == []
    desk.every("flow", "0 9 * * *")
    assert desk.next("flow") == "12-04T09:00:00"  # what passed meanwhile is not made up for


# -- 12: effective dates -----------------------------------------------------------------------------


def test_a15_12_not_before_and_not_after(desk: Timetable) -> None:
    desk.every("flow", "0 0,12 * * *", **{"from": "2026-12-03", "until": "2026-12-04"})
    assert desk.next("flow") == "12-03T00:00:00"
    desk.until("2026-12-10T00:00")
    assert desk.started("flow") == ["12-03T00:00:00", "12-03T12:00:00", "12-04T00:00:00", "12-04T12:00:00"]


def test_a15_12_across_a_clock_change(desk: Timetable) -> None:
    """The last day is 25 hours long in Berlin; all of it counts."""
    desk.clock.time = at("2027-10-29T00:00")
    rule = {"timezone": "Europe/Berlin", "from": "2027-10-30", "until": "2027-10-31"}
    desk.every("flow", "0 * * * *", **rule)
    desk.until("2027-11-05T00:00")
    found = desk.started("flow", "Europe/Berlin")
    assert (len(found), found[0], found[-1]) == (24 + 25, "10-30T00:00:00", "10-31T23:00:00")


def test_a15_12_down_beyond_the_end(desk: Timetable) -> None:
    desk.every("flow", "0 9 * * *", until="2026-12-03")
    desk.jump("2026-12-10T00:00")
    assert desk.told("flow") == ["12-02T09:00:00 missed", "12-03T09:00:00 started"]
    assert desk.next("flow") is None


# -- 13: Mondays -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cron", ["0 9 * * 1", "0 9 * * MON", "0 0 9 ? * 2", "0 0 9 ? * MON", "0 0 9 ? * 2 *"]
)
@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
def test_a15_13_monday_is_monday(desk: Timetable, cron: str, zone: str) -> None:
    desk.every("flow", cron, timezone=zone)
    desk.until("2026-12-20T00:00")
    found = desk.started("flow", zone)
    assert found == ["12-07T09:00:00", "12-14T09:00:00"]  # both are Mondays


# -- 14: discrete ------------------------------------------------------------------------------------


def discrete(desk: Timetable, own: Any, *, cron: str = "0 13 * * *", **spec: Any) -> None:
    """``a`` has no time of its own, ``b`` follows it and has."""
    schedule = {"cron": cron, "mode": "discrete"}
    desk.put("flow", task("a"), task("b", "a", schedule=own), schedule=schedule, **spec)


def fired(desk: Timetable, own: Any) -> int:
    """The run that the flow's time has started."""
    discrete(desk, own)
    desk.until("2026-12-01T13:00")
    (run,) = desk.runs_of("flow")
    return run


def waits_until(desk: Timetable, run: int, node: str) -> str | None:
    """When the step's own time comes; None where it does not wait for it."""
    step = desk.step(run, node)
    return clock(step.due_at) if step.due is Due.GATE else None


def test_a15_14_the_job_s_time_comes_after_its_parent_has_ended(desk: Timetable) -> None:
    run = fired(desk, {"cron": "30 13 * * *"})
    desk.finish(run, "a")
    assert (desk.step(run, "b").wait, waits_until(desk, run, "b")) == ("timer", "12-01T13:30:00")
    desk.until("2026-12-01T13:29:59")
    assert desk.step(run, "b").status == "RUNNING"
    assert (run, desk.step(run, "b").id) not in desk.hands.handed
    desk.until("2026-12-01T13:30")
    desk.finish(run, "b")
    assert desk.statuses(run) == ["SUCCESSFUL"]


def test_a15_14_the_parent_ends_after_the_job_s_time(desk: Timetable) -> None:
    run = fired(desk, {"cron": "30 13 * * *"})
    desk.until("2026-12-01T14:00")
    assert desk.step(run, "b").status == "PENDING"
    desk.finish(run, "a")
    assert desk.step(run, "b").status == "READY"


def test_a15_14_a_job_s_time_before_the_flow_s_is_that_of_the_next_day(desk: Timetable) -> None:
    run = fired(desk, {"cron": "30 12 * * *"})
    desk.finish(run, "a")
    assert waits_until(desk, run, "b") == "12-02T12:30:00"


def test_a15_14_the_parent_fails_before_the_job_s_time(desk: Timetable) -> None:
    run = fired(desk, {"cron": "30 13 * * *"})
    desk.finish(run, "a", ok=False)
    assert desk.statuses(run) == ["FAILED"]
    desk.until("2026-12-01T14:00")
    assert desk.step(run, "b").status == "PENDING"  # its time passes without it


@pytest.mark.parametrize("own", [{"enabled": False}, {"cron": "30 13 * * *", "enabled": False}])
def test_a15_14_a_job_whose_schedule_is_off_goes_by_its_parents(desk: Timetable, own: Any) -> None:
    run = fired(desk, own)
    desk.finish(run, "a")
    assert desk.step(run, "b").status == "READY"


def test_a15_14_a_job_whose_times_are_over_fails_instead_of_hanging(desk: Timetable) -> None:
    discrete(desk, {"cron": "0 30 13 1 12 ? 2026"})
    desk.until("2026-12-02T13:00")
    first, second = desk.runs_of("flow")
    for run in (first, second):
        desk.finish(run, "a")
    desk.finish(first, "b")
    assert desk.statuses(first, second) == ["SUCCESSFUL", "FAILED"]
    assert "no time left" in str(desk.step(second, "b").message)


def test_a15_14_the_flow_fires_twice_before_the_job_s_time(desk: Timetable) -> None:
    """Each run has its own job; both start when the time comes, each once."""
    discrete(desk, {"cron": "30 14 * * *"}, cron="0 13,14 * * *")
    desk.until("2026-12-01T14:00")
    runs = desk.runs_of("flow")
    for run in runs:
        desk.finish(run, "a")
    assert [waits_until(desk, run, "b") for run in runs] == ["12-01T14:30:00"] * 2
    desk.until("2026-12-01T14:30")
    for run in runs:
        desk.finish(run, "b")
    assert desk.statuses(*runs) == ["SUCCESSFUL", "SUCCESSFUL"]
    desk.until("2026-12-02T12:00")
    assert [step.attempt for run in runs for step in desk.steps(run)] == [1, 1, 1, 1]


def test_a15_14_offline_in_the_middle_lets_the_run_go_on(desk: Timetable) -> None:
    run = fired(desk, {"cron": "30 13 * * *"})
    desk.finish(run, "a")
    desk.offline("flow")
    desk.until("2026-12-01T13:30")
    desk.finish(run, "b")
    assert desk.statuses(run) == ["SUCCESSFUL"]


def test_a15_14_by_hand_nothing_waits(desk: Timetable) -> None:
    discrete(desk, {"cron": "30 13 * * *"})
    run = desk.start("flow")
    desk.finish(run, "a")
    assert desk.step(run, "b").status == "READY"


def test_a15_14_a_restart_in_the_middle(desk: Timetable) -> None:
    run = fired(desk, {"cron": "30 13 * * *"})
    desk.finish(run, "a")
    desk.clock.time = at("2026-12-01T16:00")  # down across the job's time
    desk.restart()
    desk.go()
    desk.finish(run, "b")
    assert desk.statuses(run) == ["SUCCESSFUL"]


def test_a15_14_jobs_in_zones_of_their_own(desk: Timetable) -> None:
    run = fired(desk, {"cron": "30 22 * * *", "timezone": "Asia/Shanghai"})
    desk.finish(run, "a")
    assert waits_until(desk, run, "b") == "12-01T14:30:00"


def test_a15_14_tenants_do_not_meet(desk: Timetable) -> None:
    desk.every("flow", "0 13 * * *")
    desk.put("flow", tenant=TENANT + 1, schedule={"cron": "0 14 * * *"})
    desk.until("2026-12-01T14:00")
    assert desk.started("flow") == ["12-01T13:00:00"]
    assert [fire.outcome for fire in desk.fires("flow", TENANT + 1)] == ["started"]
