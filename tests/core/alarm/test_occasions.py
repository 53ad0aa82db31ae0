"""What is told, when, by whose alarms (research A9, cases A15.19)."""

from __future__ import annotations

from typing import Any

import pytest

from headrace.core.alarm import Telling, tellings
from headrace.core.definition.model import Node, Retry
from headrace.core.run.events import (
    Accepted,
    BreakStep,
    CancelStep,
    RerunRun,
    RetryRun,
    RollbackRun,
    RunDue,
    SkipStep,
    TerminateRun,
)
from headrace.core.run.state import Decision
from headrace.core.words import NodeKind, OnFailure, Trigger
from tests.core.run.world import World, node, task

ALL = ("start", "end", "failure", "success")
ON_ALL = ({"on": ALL, "channel": "ops"},)


def alarm(*on: str, channel: str = "ops", **more: Any) -> dict[str, Any]:
    return {"on": list(on), "channel": channel, **more}


class Told(World):
    """A run whose tellings are kept."""

    def __init__(self, *nodes: Node, **more: Any) -> None:
        self.tellings: list[Telling] = []
        super().__init__(*nodes, **more)

    def _record(self, decision: Decision) -> None:
        self.tellings += tellings(self.state, decision)
        super()._record(decision)

    def words(self) -> list[str]:
        """``occasion`` of the run's, ``node.occasion`` of a step's."""
        return [f"{t.node}.{t.occasion}" if t.node else t.occasion for t in self.tellings]


def test_start_and_success_of_run_and_step() -> None:
    world = Told(task("a", alarms=ON_ALL), task("b", "a"), alarms=ON_ALL)
    assert world.words() == ["start"]
    world.accept("a")
    assert world.words() == ["start", "a.start"]
    world.finish("a")
    world.finish("b")
    assert world.words() == ["start", "a.start", "a.success", "success"]
    facts = world.tellings[-1].facts
    assert facts == {
        "workflow": "test",
        "version": 1,
        "run": 1,
        "trigger": "MANUAL",
        "creator": "ada",
        "status": "SUCCESSFUL",
        "operation": "EXECUTE",
        "at": world.now,
        "about": "run",
        "started": False,
        "occasion": "success",
    }
    assert world.tellings[-2].step == world.step("a").id
    assert world.tellings[-2].facts["name"] == "a"


def test_failure_tells_which_step_and_why() -> None:
    world = Told(
        Node("a", name="Drain", executor="work", alarms=ON_ALL),
        task("b", "a", alarms=ON_ALL),
        task("c", alarms=ON_ALL),
        alarms=ON_ALL,
    )
    world.finish("a", ok=False, message="no route")
    world.finish("c", ok=False, message="second")
    assert world.words() == ["start", "a.start", "a.failure", "c.start", "c.failure", "failure"]
    run = world.tellings[-1].facts
    assert (run["node"], run["name"], run["reason"], run["message"]) == ("a", "Drain", "error", "no route")
    assert world.tellings[2].facts["message"] == "no route"


def test_of_several_fitting_words_the_most_telling_one_is_used() -> None:
    world = Told(task("a"), alarms=(alarm("end", "failure"), alarm("end", channel="all")))
    world.finish("a", ok=False)
    assert [(t.channel, t.occasion) for t in world.tellings] == [("ops", "failure"), ("all", "end")]


def test_what_nobody_asked_for_is_not_told() -> None:
    world = Told(task("a", alarms=(alarm("failure"),)), alarms=(alarm("failure"),))
    world.finish("a")
    assert world.words() == []


@pytest.mark.parametrize(("trigger", "told"), [("SCHEDULED", ["start"]), ("MANUAL", [])])
def test_only_of_runs_started_so(trigger: str, told: list[str]) -> None:
    alarms = (alarm("start", triggers=["SCHEDULED", "API"]),)
    world = Told(task("a"), alarms=alarms, run={"trigger": Trigger(trigger)})
    assert world.words() == told


def test_a_rehearsal_tells_nobody() -> None:
    world = Told(task("a"), alarms=ON_ALL, run={"mock": True})
    assert world.tellings == []


def test_the_planned_time_and_its_zone_are_kept() -> None:
    schedule = {"cron": "0 2 * * *", "timezone": "Asia/Shanghai"}
    world = Told(task("a"), alarms=ON_ALL, schedule=schedule, run={"planned_at": 990.0})
    assert world.tellings[0].facts["planned"] == 990.0
    assert world.tellings[0].facts["zone"] == "Asia/Shanghai"


def test_receivers_and_text_are_the_alarms_own() -> None:
    world = Told(task("a"), alarms=(alarm("start", to=["ada", "x@y.z"], text="{run}"),))
    assert world.tellings[0].to == ("ada", "x@y.z")
    assert world.tellings[0].template == "{run}"


def test_an_automatic_retry_tells_only_how_it_ends() -> None:
    world = Told(task("a", alarms=ON_ALL, retry=Retry(max=1, delay=1.0)), alarms=ON_ALL)
    world.finish("a", ok=False)
    assert world.words() == ["start", "a.start"]
    world.due("a")
    world.finish("a")
    assert world.words() == ["start", "a.start", "a.success", "success"]


def test_a_retry_by_a_person_tells_how_it_ends_but_no_second_start() -> None:
    world = Told(task("a", alarms=ON_ALL), alarms=ON_ALL)
    world.finish("a", ok=False)
    world.tell(RetryRun())
    world.finish("a")
    told = ["start", "a.start", "a.failure", "failure", "a.success", "success"]
    assert world.words() == told
    world.tell(RerunRun())
    world.finish("a")
    assert world.words() == [*told, "a.success", "success"]


def test_skips_and_breaks_tell_nobody_but_the_runs_end_is_told() -> None:
    world = Told(task("a", alarms=ON_ALL), task("b"), task("c", "b", alarms=ON_ALL), alarms=ON_ALL)
    world.tell(BreakStep(world.step("c").id))
    world.finish("a", ok=False)
    world.finish("b")
    world.tellings.clear()
    world.tell(SkipStep(world.step("a").id))
    assert world.words() == ["success"]


def test_terminating_is_an_end_and_no_failure() -> None:
    both = (alarm("end"), alarm("failure"))
    world = Told(task("a", alarms=both), task("b", "a", alarms=both), alarms=both)
    world.accept("a")
    world.tell(TerminateRun())
    world.vanish("a")
    assert world.words() == ["a.end", "end"]
    assert world.tellings[1].facts["status"] == "CANCELED"
    assert world.tellings[0].facts["reason"] == "canceled"


def test_a_canceled_step_fails_its_run() -> None:
    world = Told(task("a", alarms=ON_ALL), alarms=ON_ALL)
    world.accept("a")
    world.tell(CancelStep(world.step("a").id))
    world.vanish("a")
    assert world.words() == ["start", "a.start", "a.end", "failure"]


def test_expiry_is_a_failure() -> None:
    world = Told(task("a"), timeout=10.0, alarms=ON_ALL)
    world.accept("a")
    world.now += 20
    world.tell(RunDue())
    world.vanish("a")
    assert world.words() == ["start", "failure"]
    assert world.tellings[-1].facts["status"] == "EXPIRED"


def test_a_rollback_by_a_person_ends_as_neither_success_nor_failure() -> None:
    world = Told(task("a", executor="undoable"), task("b", "a"), alarms=(alarm("end"), alarm("success")))
    world.finish("a")
    world.finish("b", ok=False)
    world.tellings.clear()
    world.tell(RollbackRun())
    world.finish("a")
    assert world.words() == ["end"]
    assert world.tellings[0].facts["operation"] == "ROLLBACK"


def test_a_rollback_that_fails_is_a_failure_of_step_and_run() -> None:
    world = Told(task("a", executor="undoable", alarms=ON_ALL), task("b", "a"), alarms=ON_ALL)
    world.finish("a")
    world.finish("b", ok=False)
    world.tellings.clear()
    world.tell(RollbackRun())
    world.finish("a", ok=False)
    assert world.words() == ["a.failure", "failure"]


def test_a_failure_that_rolls_back_by_itself_is_told_at_once() -> None:
    world = Told(task("a", executor="undoable"), task("b", "a"), on_failure=OnFailure.ROLLBACK, alarms=ON_ALL)
    world.finish("a")
    world.finish("b", ok=False, message="disk full")
    assert world.words() == ["start", "failure"]
    assert world.tellings[-1].facts["node"] == "b"
    assert world.tellings[-1].facts["status"] == "RUNNING"
    world.finish("a")
    assert world.words() == ["start", "failure", "end"]


def test_steps_of_a_fan_out_that_end_together_are_told_together() -> None:
    world = Told(task("a", foreach="params.xs", alarms=(alarm("start"),)), run={"params": {"xs": [1, 2, 3]}})
    first, second, third = (Accepted(step.id, step.attempt, "w") for step in world.steps("a"))
    world.tell(first, second)
    world.tell(third)
    assert [t.facts.get("count") for t in world.tellings] == [2, None]


def test_waiting_steps_start_and_end_too() -> None:
    world = Told(node(NodeKind.TIMER, "t", wait_for=5.0, alarms=ON_ALL))
    assert world.words() == ["t.start"]
    world.due("t")
    assert world.words() == ["t.start", "t.success"]


def test_a_failed_run_of_which_no_step_shows_it() -> None:
    """Every step was canceled before the run's time was over."""
    world = Told(node(NodeKind.APPROVAL, "ok"), timeout=5.0, alarms=(alarm("failure"),))
    world.now += 9
    world.tell(RunDue())
    assert [t.facts.get("reason") for t in world.tellings] == ["expired"]


def test_long_messages_are_cut() -> None:
    world = Told(task("a", alarms=(alarm("failure"),)))
    world.finish("a", ok=False, message="x" * 9_000)
    assert len(world.tellings[0].facts["message"]) == 2_000
