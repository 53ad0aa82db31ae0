"""Discrete schedules: a step waits for its own time and for its upstreams, whichever comes last."""

from typing import Any

import pytest

from headrace.core.run.effects import HandOver
from headrace.core.run.events import (
    Begin,
    BreakStep,
    CancelStep,
    PauseRun,
    RerunRun,
    RerunStep,
    ResumeRun,
    RetryStep,
    SkipStep,
    StepDue,
    TerminateRun,
)
from headrace.core.run.recover import recover
from headrace.core.words import Due, NodeKind, OnFailure, Reason, RunStatus, Trigger
from tests.core.run.world import World, node, task

PLANNED = 900.0  # 00:15:00; the world begins at 00:16:40
HALF, ONE = 1_800.0, 3_600.0  # 00:30 and 01:00
DISCRETE = {"mode": "discrete", "cron": "15 0 * * *"}
AT_HALF = {"cron": "30 0 * * *"}


def world(*nodes: Any, planned: float | None = PLANNED, begin: bool = True, **more: Any) -> World:
    trigger = Trigger.MANUAL if planned is None else Trigger.SCHEDULED
    given = {"schedule": DISCRETE, **more}
    return World(*nodes, begin=begin, run={"planned_at": planned, "trigger": trigger}, **given)


def own(name: str, *after: str, **more: Any) -> Any:
    return task(name, *after, schedule=AT_HALF, **more)


def waits(w: World, name: str) -> bool:
    step = w.step(name)
    return (step.status, step.wait, step.due) == ("RUNNING", "timer", Due.GATE)


def test_upstreams_first_then_the_time() -> None:
    w = world(task("a"), own("b", "a"))
    w.finish("a")
    assert waits(w, "b")
    assert (w.step("b").due_at, w.step("b").attempt, w.run.status) == (HALF, 0, "RUNNING")
    assert w.handed() == ["a"]
    w.due("b")
    assert w.handed() == ["b"]
    assert w.step("b").attempt == 1
    w.finish("b")
    assert w.run.status is RunStatus.SUCCESSFUL


def test_the_time_first_then_upstreams() -> None:
    w = world(task("a"), own("b", "a"))
    w.now = HALF + 1
    assert w.statuses("b") == "b:PENDING"
    w.finish("a")
    assert w.handed() == ["a", "b"]


def test_a_root_waits_too() -> None:
    w = world(own("a"), task("b"))
    assert w.handed() == ["b"]
    assert waits(w, "a")


def test_a_time_before_the_workflow_s_own_is_that_of_the_next_day() -> None:
    w = world(task("a", schedule={"cron": "10 0 * * *"}))
    assert w.step("a").due_at == 86_400 + 600


def test_the_slot_itself_counts() -> None:
    w = world(task("a", schedule={"cron": "15 0 * * *"}))
    assert w.handed() == ["a"]


def test_zones() -> None:
    zoned = {"cron": "30 8 * * *", "timezone": "Asia/Shanghai"}
    inherited = {"cron": "30 8 * * *"}
    w = world(
        task("a", schedule=zoned),
        task("b", schedule=inherited),
        schedule={**DISCRETE, "timezone": "Asia/Shanghai"},
    )
    assert w.step("a").due_at == w.step("b").due_at == HALF


@pytest.mark.parametrize(
    "change",
    [
        {"planned": None},
        {"schedule": {"mode": "single", "cron": "15 0 * * *"}},
        {"schedule": None},
        {"own": {"enabled": False, "cron": "30 0 * * *"}},
        {"own": {"enabled": False}},
    ],
)
def test_no_gate(change: dict[str, Any]) -> None:
    """By hand, in mode single, without a schedule of the workflow, or switched off."""
    schedule = change.pop("own", AT_HALF)
    w = world(task("a", schedule=schedule), **change)
    assert w.handed() == ["a"]


def test_a_rehearsal_does_not_wait() -> None:
    w = World(own("a"), run={"planned_at": PLANNED, "mock": True}, schedule=DISCRETE)
    assert w.handed() == ["~a"]


def test_a_time_that_never_comes_any_more_fails_the_step() -> None:
    w = world(task("a", schedule={"cron": "0 16 0 1 1 ? 1970"}), planned=HALF)
    assert w.step("a").reason is Reason.ERROR
    assert "no time left" in str(w.step("a").message)
    assert w.run.status is RunStatus.FAILED


def test_an_upstream_that_fails_before_the_time() -> None:
    w = world(task("a"), own("b", "a"), own("c"))
    w.finish("a", ok=False)
    assert w.statuses("b") == "b:PENDING"
    assert w.run.status is RunStatus.RUNNING  # c still waits
    w.due("c")
    w.finish("c")
    assert w.run.status is RunStatus.FAILED
    w.tell(SkipStep(w.step("a").id))
    assert w.handed()[-1] == "b"  # its time has come meanwhile


@pytest.mark.parametrize("policy", [OnFailure.STOP, OnFailure.ROLLBACK])
def test_where_a_failure_stops_the_run_nothing_waits_on(policy: OnFailure) -> None:
    w = world(task("a"), own("b"), own("c", foreach="[1, 2]", max_parallel=1), on_failure=policy)
    w.finish("a", ok=False)
    assert w.statuses("b", "c") == "b:PENDING c:PENDING,PENDING"
    assert w.run.status is (RunStatus.FAILED if policy is OnFailure.STOP else RunStatus.SUCCESSFUL)


def test_a_failure_where_nothing_waits() -> None:
    w = world(task("a"), own("b", "a"), on_failure=OnFailure.STOP)
    w.finish("a", ok=False)
    assert w.statuses() == "a:FAILED b:PENDING"
    assert w.run.message is None


def test_after_the_repair_the_wait_goes_on() -> None:
    w = world(task("a"), own("b"), on_failure=OnFailure.STOP)
    w.finish("a", ok=False)
    w.tell(RetryStep(w.step("a").id))
    assert waits(w, "b")
    w.finish("a")
    w.due("b")
    w.finish("b")
    assert w.run.status is RunStatus.SUCCESSFUL


def test_paused_runs_start_nothing_when_the_time_comes() -> None:
    w = world(own("a"))
    w.tell(PauseRun())
    w.due("a")
    assert waits(w, "a")
    w.tell(ResumeRun())
    assert w.handed() == ["a"]


def test_resumed_before_the_time_it_waits_on() -> None:
    w = world(own("a"))
    w.tell(PauseRun())
    w.tell(ResumeRun())
    assert waits(w, "a")


def test_terminate() -> None:
    w = world(own("a"), own("b", "a"))
    w.tell(TerminateRun())
    assert w.run.status is RunStatus.CANCELED
    assert w.statuses() == "a:FAILED b:BYPASSED"
    assert w.attempts == []  # it was never begun


def test_cancel() -> None:
    w = world(own("a"), task("b", "a"))
    w.tell(CancelStep(w.step("a").id))
    assert w.step("a").reason is Reason.CANCELED
    assert w.attempts == []
    assert w.run.status is RunStatus.FAILED


def test_skip() -> None:
    w = world(own("a"), task("b", "a"))
    w.tell(SkipStep(w.step("a").id))
    assert w.handed() == ["b"]


def test_break() -> None:
    w = world(own("a"), own("b", "a"), task("c"))
    w.tell(BreakStep(w.step("a").id))
    assert w.statuses("a", "b") == "a:BYPASSED b:BYPASSED"
    assert w.step("a").reason is Reason.BROKEN
    w.finish("c")
    assert w.run.status is RunStatus.SUCCESSFUL


def test_break_is_refused_where_the_run_is_paused() -> None:
    w = world(own("a"))
    w.tell(PauseRun())
    assert w.refused(BreakStep(w.step("a").id)).code == "run_paused"
    assert waits(w, "a")


def test_what_has_begun_once_is_not_held_again() -> None:
    w = world(own("a"), task("b", "a"), task("c", "b"))
    w.due("a")
    w.finish("a")
    w.finish("b")
    w.now = PLANNED  # even by a clock that has been set back
    w.tell(RerunStep(w.step("a").id))
    assert w.handed()[-1] == "a"


def test_a_run_again_before_the_time_waits_as_before() -> None:
    w = world(task("a"), own("b", "a"))
    w.finish("a", ok=False)
    w.tell(RerunRun())
    w.finish("a")
    assert waits(w, "b")


def test_a_time_that_was_changed_is_void() -> None:
    w = world(own("a"))
    w.now = ONE
    w.tell(StepDue(w.step("a").id, Due.GATE, ONE))
    assert waits(w, "a")


def test_the_condition_is_looked_at_when_the_time_comes() -> None:
    w = world(own("a", when="false"), task("b", "a"))
    assert waits(w, "a")
    w.due("a")
    assert w.statuses() == "a:BYPASSED b:BYPASSED"


def test_every_kind_of_node_waits() -> None:
    kinds = {
        "p": node(NodeKind.APPROVAL, "p", schedule=AT_HALF),
        "t": node(NodeKind.TIMER, "t", wait_for=10.0, schedule=AT_HALF),
        "w": node(NodeKind.WORKFLOW, "w", workflow="other", schedule=AT_HALF),
    }
    w = world(*kinds.values())
    assert all(waits(w, name) for name in kinds)
    assert w.started_children() == []
    for name in kinds:
        w.due(name)
    assert [str(w.step(name).wait) for name in kinds] == ["approval", "timer", "children"]
    assert [w.step(name).attempt for name in kinds] == [1, 1, 1]
    assert len(w.started_children()) == 1


def test_fan_outs_keep_their_limit() -> None:
    w = world(own("a", foreach="[1, 2, 3]", max_parallel=2))
    assert w.statuses() == "a:RUNNING,RUNNING,PENDING"
    w.due("a", 0)
    w.due("a", 1)
    assert w.handed() == ["a", "a"]
    w.finish("a", index=0)
    assert w.handed() == ["a"]  # the third needs not wait any more


def test_a_restart_of_the_server_leaves_the_wait_as_it_is() -> None:
    w = world(own("a"))
    assert recover(w.state, w.ids) == ([], [])


def test_the_slot_is_known_to_expressions_and_executors() -> None:
    w = world(
        task("a", when="run.planned_at == '1970-01-01T08:15:00+08:00'"),
        schedule={"mode": "single", "cron": "15 8 * * *", "timezone": "Asia/Shanghai"},
    )
    (effect,) = w.take(HandOver)
    assert effect.payload["run"]["planned_at"] == "1970-01-01T08:15:00+08:00"


def test_without_a_slot_it_is_null() -> None:
    w = world(task("a", foreach="run.planned_at == null ? ['x'] : []"), planned=None, begin=False)
    w.tell(Begin())
    (effect,) = w.take(HandOver)
    assert effect.payload["run"]["planned_at"] is None
