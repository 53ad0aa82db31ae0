"""Sub-workflows: parent and child know of each other in one transaction, whatever happens in between."""

import pytest

from headrace.core.run.events import (
    CancelStep,
    PauseRun,
    ResumeRun,
    RetryRun,
    RetryStep,
    RollbackRun,
    SkipStep,
    TerminateRun,
)
from headrace.core.words import RunStatus, StepStatus
from headrace.engine.family import DEPTH_MAX
from tests.engine.desk import ADA, Desk, noop, sub, task


@pytest.fixture
def family(desk: Desk) -> Desk:
    desk.publish("child", task("a"))
    desk.publish("parent", sub("s", "child"), noop("after", "s"))
    return desk


def both(desk: Desk) -> tuple[int, int]:
    parent = desk.start("parent")
    return parent, desk.child(parent, "s")


def test_the_step_ends_with_its_child(family: Desk) -> None:
    parent, child = both(family)
    assert family.statuses(parent, child) == ["RUNNING", "RUNNING"]
    family.finish(child, "a")
    assert family.statuses(parent, child) == ["SUCCESSFUL", "SUCCESSFUL"]
    assert family.step(parent, "s").outputs == {"run": child}


def test_the_child_acts_in_the_parents_name(family: Desk) -> None:
    parent = family.start("parent", debug=True)
    child = family.run(family.child(parent, "s"))
    head = family.run(parent)
    assert (child.creator_id, child.creator, child.trigger) == (head.creator_id, head.creator, head.trigger)
    assert (child.parent_run, child.parent_step) == (parent, family.step(parent, "s").id)
    assert child.debug


def test_parameters_and_targets_are_passed_on(desk: Desk) -> None:
    cluster = desk.target("cluster", "c")
    host = desk.target("host", "h", cluster)
    desk.publish("child", task("a"), params={"n": {"type": "integer"}})
    given = {"params": {"n": {"$cel": "params.m + 1"}}}
    desk.publish(
        "parent",
        sub("one", "child", **{"with": given}),
        sub("each", "child", foreach="target.children", **{"with": {"params": {"n": 0}}}),
        sub("named", "child", **{"with": {"params": {"n": 0}, "target": {"type": "cluster", "name": "c"}}}),
        params={"m": {"type": "integer"}},
    )
    parent = desk.start("parent", params={"m": 4}, targets=[{"id": cluster}])
    one, each, named = (desk.run(desk.child(parent, node)) for node in ("one", "each", "named"))
    assert one.params == {"n": 5}
    assert [run.target["id"] for run in (one, each, named)] == [cluster, host, cluster]


def test_a_failed_child_fails_the_step_and_its_repair_repairs_it(family: Desk) -> None:
    parent, child = both(family)
    family.finish(child, "a", ok=False)
    assert family.statuses(parent, child) == ["FAILED", "FAILED"]
    family.tell(child, RetryRun(ADA))
    family.finish(child, "a")
    assert family.statuses(parent, child) == ["SUCCESSFUL", "SUCCESSFUL"]


def test_a_retry_of_the_step_starts_another_child(family: Desk) -> None:
    parent, child = both(family)
    family.finish(child, "a", ok=False)
    family.tell(parent, RetryStep(family.step(parent, "s").id, ADA))
    second = family.child(parent, "s")
    assert second != child
    family.finish(second, "a")
    assert family.statuses(parent, child) == ["SUCCESSFUL", "CANCELED"]


def test_a_retry_of_the_step_ends_the_repair_of_its_child_first(family: Desk) -> None:
    """Two children of one step are never at work together, also when the server stops in between."""
    parent, child = both(family)
    family.finish(child, "a", ok=False)
    family.tell(child, RetryRun(ADA))
    family.accept(child, "a")
    family.tell(parent, RetryStep(family.step(parent, "s").id, ADA))
    assert family.child(parent, "s") == child
    assert family.step(child, "a").status is StepStatus.CANCELING
    family.vanish(child, "a")
    second = family.child(parent, "s")
    assert family.statuses(parent, child, second) == ["RUNNING", "CANCELED", "RUNNING"]
    family.finish(second, "a")
    assert family.statuses(parent) == ["SUCCESSFUL"]


def test_a_restart_while_the_former_child_ends(family: Desk) -> None:
    parent, child = both(family)
    family.finish(child, "a", ok=False)
    family.tell(child, RetryRun(ADA))
    family.accept(child, "a")
    family.tell(parent, RetryStep(family.step(parent, "s").id, ADA))
    family.restart()
    family.go()
    second = family.child(parent, "s")
    assert family.statuses(parent, child, second) == ["RUNNING", "CANCELED", "RUNNING"]


def test_a_child_that_cannot_be_started_fails_the_step(desk: Desk) -> None:
    desk.publish("parent", sub("s", "nobody"))
    desk.publish("picky", noop("a"), params={"n": {"type": "integer"}})
    desk.publish("other", sub("s", "picky", **{"with": {"params": {"n": "x"}}}))
    missing = "The run of workflow nobody could not be started: There is no workflow nobody."
    wrong = 'picky could not be started because of params.n: Found "x"; the type must be: integer.'
    for name, why in (("parent", missing), ("other", f"The run of workflow {wrong}")):
        run = desk.start(name)
        step = desk.step(run, "s")
        assert step.status is StepStatus.FAILED
        assert step.message == why


def test_a_full_house_that_skips_fails_the_step(desk: Desk) -> None:
    desk.publish("child", task("a"), concurrency={"limit": 1, "policy": "skip"})
    desk.publish("parent", sub("s", "child"))
    first, second = desk.start("parent"), desk.start("parent")
    assert desk.statuses(first, second) == ["RUNNING", "FAILED"]


def test_a_child_does_not_queue_behind_the_run_that_waits_for_it(desk: Desk) -> None:
    """Both waited for ever, and with them every later run of the workflow."""
    one_at_a_time = {"limit": 1, "policy": "queue"}
    desk.publish("outer", sub("s", "inner"), concurrency=one_at_a_time)
    desk.publish("inner", sub("s", "outer"))
    run = desk.start("outer")
    inner = desk.child(run, "s")
    assert desk.statuses(run, inner) == ["FAILED", "FAILED"]
    assert "waits for this run" in str(desk.step(inner, "s").message)
    second = desk.start("outer")
    assert desk.run(second).started_at is not None


def test_pause_and_resume_reach_the_child(family: Desk) -> None:
    parent, child = both(family)
    family.tell(parent, PauseRun(ADA))
    assert [family.run(run).paused for run in (parent, child)] == [True, True]
    family.tell(parent, ResumeRun(ADA))
    assert [family.run(run).paused for run in (parent, child)] == [False, False]


def test_pausing_a_child_that_is_paused_is_no_harm(family: Desk) -> None:
    parent, child = both(family)
    family.tell(child, PauseRun(ADA))
    family.tell(parent, PauseRun(ADA))
    assert [family.run(run).paused for run in (parent, child)] == [True, True]


def test_a_child_that_starts_under_a_paused_parent_is_paused(family: Desk) -> None:
    future = family.starting("parent")
    family.engine.run_once(family.clock.now())
    parent = future.result(0)
    family.engine.tell(1, parent, PauseRun(ADA))
    family.go()
    child = family.child(parent, "s")
    assert [family.run(run).paused for run in (parent, child)] == [True, True]


def test_termination_reaches_the_child_and_waits_for_it(family: Desk) -> None:
    parent, child = both(family)
    family.accept(child, "a")
    family.tell(parent, TerminateRun(ADA))
    assert family.statuses(parent, child) == ["RUNNING", "RUNNING"]
    family.vanish(child, "a")
    assert family.statuses(parent, child) == ["CANCELED", "CANCELED"]


def test_termination_reaches_a_failed_child(family: Desk) -> None:
    """Else it stood open for a repair that its parent does not wait for."""
    parent, child = both(family)
    family.finish(child, "a", ok=False)
    family.tell(parent, TerminateRun(ADA))
    assert family.statuses(parent, child) == ["CANCELED", "CANCELED"]


def test_a_step_canceled_before_its_child_exists(family: Desk) -> None:
    future = family.starting("parent")
    family.engine.run_once(family.clock.now())
    parent = future.result(0)
    family.engine.tell(1, parent, CancelStep(family.step(parent, "s").id, ADA))
    family.go()
    child = family.child(parent, "s")
    assert family.step(parent, "s").status is StepStatus.CANCELING
    family.vanish(child, "a")
    assert family.step(parent, "s").status is StepStatus.FAILED
    assert family.statuses(child) == ["CANCELED"]


def test_rollback_reaches_the_child(desk: Desk) -> None:
    desk.publish("child", task("a", executor="undo"))
    desk.publish("parent", sub("s", "child"), task("b", "s"))
    parent = desk.start("parent")
    child = desk.child(parent, "s")
    desk.finish(child, "a")
    desk.finish(parent, "b", ok=False)
    desk.tell(parent, RollbackRun(ADA))
    assert desk.statuses(parent, child) == ["RUNNING", "RUNNING"]
    desk.finish(child, "a")
    assert desk.statuses(parent, child) == ["SUCCESSFUL", "SUCCESSFUL"]
    assert desk.step(parent, "s").status is StepStatus.PENDING


def test_a_child_that_forbids_it_fails_the_rollback(desk: Desk) -> None:
    desk.publish("child", task("a", rollback="forbidden"))
    desk.publish("parent", sub("s", "child"), task("b", "s"))
    parent = desk.start("parent")
    desk.finish(desk.child(parent, "s"), "a")
    desk.finish(parent, "b", ok=False)
    desk.tell(parent, RollbackRun(ADA))
    assert desk.statuses(parent) == ["FAILED"]
    desk.tell(parent, SkipStep(desk.step(parent, "s").id, ADA))
    assert desk.statuses(parent) == ["SUCCESSFUL"]


def test_a_rollback_that_the_child_has_done_already_is_done(desk: Desk) -> None:
    desk.publish("child", task("a", executor="undo"))
    desk.publish("parent", sub("s", "child"), task("b", "s"))
    parent = desk.start("parent")
    child = desk.child(parent, "s")
    desk.finish(child, "a")
    desk.tell(child, RollbackRun(ADA, closed=True))
    desk.finish(child, "a")
    desk.finish(parent, "b", ok=False)
    desk.tell(parent, RollbackRun(ADA))
    assert desk.statuses(parent) == ["SUCCESSFUL"]


def test_generations_are_limited(desk: Desk) -> None:
    desk.publish("endless", sub("s", "endless"))
    run = desk.start("endless")
    assert desk.statuses(run) == ["FAILED"]
    with desk.store.read() as reader:
        children = 0
        while found := reader.children(run):
            run, children = found[0].id, children + 1
    assert children == DEPTH_MAX - 1
    message = desk.step(run, "s").message
    assert message is not None
    assert str(DEPTH_MAX) in message


# -- crashes


@pytest.mark.parametrize("commits", range(1, 8))
def test_a_crash_after_any_commit_loses_nothing(family: Desk, commits: int) -> None:
    """The n-th commit is the last one before everything in memory is gone."""
    future = family.starting("parent")
    for _ in range(commits):
        family.engine.run_once(family.clock.now())
    parent = future.result(0)
    family.restart()
    family.go()
    child = family.child(parent, "s")
    with family.store.read() as reader:
        assert [run.id for run in reader.children(parent)] == [child]
    family.finish(child, "a")
    assert family.statuses(parent, child) == ["SUCCESSFUL", "SUCCESSFUL"]


@pytest.mark.parametrize("ok", [True, False])
def test_the_parent_learns_of_the_end_in_the_same_transaction(family: Desk, ok: bool) -> None:
    parent, child = both(family)
    family.accept(child, "a")
    family.engine.post([(child, family.finished(child, "a", ok=ok))])
    family.engine.run_once(family.clock.now())
    family.restart()
    status = StepStatus.SUCCESSFUL if ok else StepStatus.FAILED
    assert family.step(parent, "s").status is status


def test_a_repair_is_not_lost_in_a_crash(family: Desk) -> None:
    parent, child = both(family)
    family.finish(child, "a", ok=False)
    family.tell(child, RetryRun(ADA))
    family.accept(child, "a")
    family.engine.post([(child, family.finished(child, "a"))])
    family.engine.run_once(family.clock.now())
    family.restart()
    family.go()
    assert family.statuses(parent) == ["SUCCESSFUL"]


def test_a_pause_is_not_lost_in_a_crash(family: Desk) -> None:
    parent, child = both(family)
    family.engine.tell(1, parent, PauseRun(ADA))
    family.engine.run_once(family.clock.now())
    family.restart()
    assert family.run(child).paused


def test_recovery_asks_again_and_changes_nothing(family: Desk) -> None:
    parent, child = both(family)
    before = family.run(parent)
    for _ in range(3):
        family.restart()
        family.go()
    assert family.run(parent) == before
    family.finish(child, "a")
    assert family.run(parent).status is RunStatus.SUCCESSFUL


def test_an_end_that_only_the_child_knows_is_told_at_the_next_start(family: Desk) -> None:
    """As an earlier version left it, which told the parent in a transaction of its own."""
    parent, child = both(family)
    before = family.run(parent), family.step(parent, "s")
    family.finish(child, "a")
    store = family.store
    with store.write() as writer:
        run, step = before
        writer._set(store._runs, parent, run)  # type: ignore[attr-defined]
        writer._set(store._steps[parent], step.id, step)  # type: ignore[attr-defined]
    family.restart()
    family.go()
    assert family.statuses(parent) == ["SUCCESSFUL"]


def test_what_every_child_has_done_is_rolled_back_the_newest_first(desk: Desk) -> None:
    """A retry has started another child; what the first one did is not forgotten."""
    desk.publish("child", task("a", executor="undo"), task("b", "a", executor="undo"))
    desk.publish("parent", sub("s", "child"), task("after", "s"))
    parent, first = both(desk)
    desk.finish(first, "a")
    desk.finish(first, "b", ok=False)
    desk.tell(parent, RetryStep(desk.step(parent, "s").id, ADA))
    second = desk.child(parent, "s")
    desk.finish(second, "a")
    desk.finish(second, "b")
    desk.finish(parent, "after", ok=False)
    desk.tell(parent, RollbackRun(ADA))
    for child, others in ((second, ["RUNNING", "CANCELED"]), (first, ["RUNNING", "SUCCESSFUL"])):
        assert desk.statuses(parent, first if child == second else second) == others
        desk.restart()
        desk.go()
        for name in ("b", "a"):
            desk.finish(child, name)
    assert desk.statuses(parent, first, second) == ["SUCCESSFUL"] * 3
    assert [str(desk.run(run).operation) for run in (parent, first, second)] == ["ROLLBACK"] * 3
    assert [step.status for run in (first, second) for step in desk.steps(run)] == [StepStatus.PENDING] * 4


def test_a_roll_back_of_several_children_that_fails_goes_on_where_it_stopped(desk: Desk) -> None:
    desk.publish("child", task("a", executor="undo"), task("b", "a"))
    desk.publish("parent", sub("s", "child"), task("after", "s"))
    parent, first = both(desk)
    desk.finish(first, "a")
    desk.finish(first, "b", ok=False)
    desk.tell(parent, RetryStep(desk.step(parent, "s").id, ADA))
    second = desk.child(parent, "s")
    for name in ("a", "b"):
        desk.finish(second, name)
    desk.finish(parent, "after", ok=False)
    desk.tell(parent, RollbackRun(ADA))
    desk.finish(second, "a")
    desk.finish(first, "a", ok=False)
    assert desk.statuses(parent, first, second) == ["FAILED", "FAILED", "SUCCESSFUL"]
    desk.tell(parent, RetryRun(ADA))
    desk.finish(first, "a")
    assert desk.statuses(parent, first, second) == ["SUCCESSFUL"] * 3
