"""Stories of sub-workflows among everything else that may happen to a run."""

import pytest

from headrace.core.definition.model import Retry
from headrace.core.run.effects import StartChild, TellChild
from headrace.core.run.events import (
    BreakStep,
    ChildEnded,
    ChildStarted,
    PauseRun,
    RerunStep,
    ResumeRun,
    RetryRun,
    RollbackRun,
    SkipStep,
    TerminateRun,
)
from headrace.core.run.recover import recover
from headrace.core.words import NodeKind, Operation, Phase, RunStatus, StepStatus
from tests.core.run.world import World, node, task


def parent(*before: str, **more):
    """A run whose step has a child, 50; its start and its end are told by the test."""
    sub = node(NodeKind.WORKFLOW, "sub", *before, workflow="child", **more)
    w = World(*(task(name) for name in before), sub, task("z", "sub"))
    for name in before:
        w.finish(name)
    w.tell(ChildStarted(w.step("sub").id, 1, 50))
    w.take(StartChild)
    return w


def ended(w, child, status, rolled_back=False):
    w.tell(ChildEnded(w.step("sub").id, child, status, rolled_back))


def test_a_retry_starts_no_child_in_a_pause():
    w = parent()
    ended(w, 50, RunStatus.FAILED)
    w.tell(RetryRun(), PauseRun())
    w.take(TellChild)
    ended(w, 50, RunStatus.CANCELED)
    assert w.take(StartChild) == []
    assert recover(w.state, w.ids)[1] == [TellChild(1, 50, "terminate")]
    w.tell(ResumeRun())
    assert w.told_children() == [(50, "resume"), (50, "terminate")]
    ended(w, 50, RunStatus.CANCELED)
    assert [start.attempt for start in w.take(StartChild)] == [2]


def test_a_child_is_not_rolled_back_in_a_pause():
    w = parent()
    ended(w, 50, RunStatus.FAILED)
    w.tell(RollbackRun(), PauseRun())
    w.take(TellChild)
    ended(w, 50, RunStatus.FAILED)
    assert w.told_children() == []
    w.tell(ResumeRun())
    assert w.told_children() == [(50, "resume"), (50, "halt")]
    ended(w, 50, RunStatus.FAILED)
    assert w.told_children() == [(50, "rollback")]
    w.tell(PauseRun(), ResumeRun())
    assert w.told_children() == [(50, "pause"), (50, "resume")]


def test_the_time_of_a_child_counts_from_its_start():
    w = parent(timeout=30.0)
    ended(w, 50, RunStatus.FAILED)
    w.tell(RetryRun())
    w.now += 100.0
    assert w.step("sub").due_at is None
    ended(w, 50, RunStatus.CANCELED)
    assert w.step("sub").due_at == w.now + 30.0


def test_a_child_that_is_being_repaired_comes_to_rest_before_it_is_rolled_back():
    w = parent()
    ended(w, 50, RunStatus.FAILED)
    w.tell(RollbackRun())
    assert (w.told_children(), w.step("sub").phase) == ([(50, "halt")], Phase.CANCEL_BEGIN)
    ended(w, 50, RunStatus.CANCELED)
    assert (w.told_children(), w.step("sub").phase) == ([(50, "rollback")], Phase.ROLLBACK_BEGIN)
    ended(w, 50, RunStatus.SUCCESSFUL, rolled_back=True)
    assert (w.run.status, w.run.operation) == (RunStatus.SUCCESSFUL, Operation.ROLLBACK)


def test_a_child_that_somebody_else_has_rolled_back_meanwhile():
    w = parent()
    ended(w, 50, RunStatus.FAILED)
    w.tell(RollbackRun())
    w.take(TellChild)
    ended(w, 50, RunStatus.SUCCESSFUL, rolled_back=True)
    assert w.told_children() == []
    assert w.run.status is RunStatus.SUCCESSFUL


def test_a_skipped_step_needs_no_repair_of_its_child():
    w = parent()
    ended(w, 50, RunStatus.FAILED)
    w.tell(SkipStep(w.step("sub").id))
    assert w.told_children() == [(50, "terminate")]
    ended(w, 50, RunStatus.CANCELED)
    assert w.statuses("sub", "z") == "sub:SUCCESSFUL z:READY"


@pytest.mark.parametrize("end", [TerminateRun, BreakStep])
def test_a_failed_child_of_a_step_that_was_to_run_again_is_ended(end):
    w = parent("p")
    ended(w, 50, RunStatus.FAILED)
    w.tell(RerunStep(w.step("p").id, downstream=True))
    w.tell(end() if end is TerminateRun else end(w.step("sub").id))
    assert w.told_children() == [(50, "terminate")]


def test_a_failed_child_is_ended_with_a_run_that_would_have_tried_again():
    w = parent(retry=Retry(max=1, delay=9))
    ended(w, 50, RunStatus.FAILED)
    w.tell(TerminateRun())
    assert w.told_children() == [(50, "terminate")]
    assert w.run.status is RunStatus.CANCELED


def test_a_child_repaired_before_the_planned_retry_is_not_done_again():
    w = parent(retry=Retry(max=1, delay=9))
    ended(w, 50, RunStatus.FAILED)
    ended(w, 50, RunStatus.SUCCESSFUL)
    assert w.statuses("sub", "z") == "sub:SUCCESSFUL z:READY"
    assert (w.step("sub").outputs, w.step("sub").due) == ({"run": 50}, None)
    assert w.take(StartChild) == []


def test_a_child_that_undid_itself_says_so():
    w = parent()
    ended(w, 50, RunStatus.SUCCESSFUL, rolled_back=True)
    assert w.step("sub").message == "child run 50 was rolled back"


def test_children_of_former_attempts_are_rolled_back_one_after_the_other():
    w = parent()
    ended(w, 50, RunStatus.FAILED)
    w.tell(RetryRun())
    ended(w, 50, RunStatus.CANCELED)
    w.tell(ChildStarted(w.step("sub").id, 2, 51))
    ended(w, 51, RunStatus.FAILED)
    w.take(TellChild)
    w.tell(RollbackRun())
    ended(w, 51, RunStatus.FAILED)
    ended(w, 51, RunStatus.SUCCESSFUL, rolled_back=True)
    ended(w, 50, RunStatus.CANCELED)
    assert w.told_children() == [(51, "halt"), (51, "rollback"), (50, "halt"), (50, "rollback")]
    ended(w, 50, RunStatus.SUCCESSFUL, rolled_back=True)
    assert w.step("sub").status is StepStatus.PENDING
