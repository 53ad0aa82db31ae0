"""Sub-workflows whose child somebody repairs by hand while something else is asked of their parent."""

import pytest

from headrace.core.run.events import (
    PauseRun,
    ResumeRun,
    RetryRun,
    RetryStep,
    RollbackRun,
    SkipStep,
    TerminateRun,
)
from headrace.core.words import Operation
from tests.engine.desk import ADA, Desk, noop, sub, task


@pytest.fixture
def family(desk: Desk) -> Desk:
    desk.publish("child", task("a", executor="undo"), task("b", "a", executor="undo"))
    desk.publish("parent", sub("s", "child"), noop("after", "s"))
    return desk


def failed(desk: Desk) -> tuple[int, int]:
    """A parent and its child, both open for repair."""
    parent = desk.start("parent")
    child = desk.child(parent, "s")
    desk.finish(child, "a")
    desk.finish(child, "b", ok=False)
    assert desk.statuses(parent, child) == ["FAILED", "FAILED"]
    return parent, child


def repaired(desk: Desk) -> tuple[int, int]:
    """The same, and the child's step is at work again."""
    parent, child = failed(desk)
    desk.tell(child, RetryRun(ADA))
    desk.finish(child, "b")  # its rollback, which comes first
    desk.accept(child, "b")
    assert desk.statuses(parent, child) == ["FAILED", "RUNNING"]
    return parent, child


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize("restart", [False, True])
def test_a_rollback_ends_the_repair_first(family: Desk, paused: bool, restart: bool) -> None:
    parent, child = repaired(family)
    if paused:
        family.tell(child, PauseRun(ADA))
    family.tell(parent, RollbackRun(ADA))
    assert family.step(child, "b").status == "CANCELING"
    if restart:
        family.restart()
        family.go()
    else:
        family.vanish(child, "b")
    for name in ("b", "a"):
        family.finish(child, name)
    assert family.statuses(parent, child) == ["SUCCESSFUL", "SUCCESSFUL"]
    assert {family.run(run).operation for run in (parent, child)} == {Operation.ROLLBACK}


def test_a_rollback_of_the_childs_own_is_not_interrupted(family: Desk) -> None:
    parent, child = failed(family)
    family.tell(child, RollbackRun(ADA))
    family.accept(child, "b")
    family.tell(parent, RollbackRun(ADA))
    assert family.step(child, "b").status == "RUNNING"
    for name in ("b", "a"):
        family.finish(child, name)
    assert family.statuses(parent, child) == ["SUCCESSFUL", "SUCCESSFUL"]


@pytest.mark.parametrize("restart", [False, True])
def test_the_next_child_waits_for_the_end_of_a_pause(family: Desk, restart: bool) -> None:
    parent, child = repaired(family)
    family.tell(parent, RetryStep(family.step(parent, "s").id, ADA))
    family.tell(parent, PauseRun(ADA))
    if restart:
        family.restart()
    else:
        family.vanish(child, "b")
    family.go()
    assert family.statuses(child) == ["CANCELED"]
    assert family.step(parent, "s").children == [child]
    family.tell(parent, ResumeRun(ADA))
    second = family.child(parent, "s")
    assert second != child
    for name in ("a", "b"):
        family.finish(second, name)
    assert family.statuses(parent) == ["SUCCESSFUL"]


def test_a_child_that_a_crash_has_swallowed_begins_paused_with_its_parent(family: Desk) -> None:
    future = family.starting("parent")
    family.engine.run_once(family.clock.now())  # the errand that starts the child is not done yet
    parent = future.result(0)
    family.engine._inbox.clear()
    family.tell(parent, PauseRun(ADA))
    family.restart()
    family.go()
    child = family.child(parent, "s")
    assert family.run(child).paused
    assert family.hands.handed == {}
    family.tell(parent, ResumeRun(ADA))
    assert list(family.hands.handed) == [(child, family.step(child, "a").id)]


@pytest.mark.parametrize("verb", ["skip", "terminate"])
def test_a_repair_that_nobody_needs_any_more_is_ended(family: Desk, verb: str) -> None:
    parent, child = repaired(family)
    step = family.step(parent, "s").id
    family.tell(parent, SkipStep(step, ADA) if verb == "skip" else TerminateRun(ADA))
    family.vanish(child, "b")
    assert family.statuses(parent, child) == ["SUCCESSFUL" if verb == "skip" else "CANCELED", "CANCELED"]


def test_a_child_that_forbids_its_rollback_says_so_at_the_parents_step(desk: Desk) -> None:
    desk.publish("child", task("a", rollback="forbidden"))
    desk.publish("parent", sub("s", "child"), task("after", "s"))
    parent = desk.start("parent")
    child = desk.child(parent, "s")
    desk.finish(child, "a")
    desk.finish(parent, "after", ok=False)
    desk.tell(parent, RollbackRun(ADA))
    assert desk.statuses(parent, child) == ["FAILED", "SUCCESSFUL"]
    assert desk.step(parent, "s").message == (
        f"Run {child} cannot be rolled back: its node a was executed and forbids it."
    )
    desk.tell(parent, SkipStep(desk.step(parent, "s").id, ADA))
    assert desk.statuses(parent) == ["SUCCESSFUL"]
