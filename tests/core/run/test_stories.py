"""Stories of runs, told event by event."""

import pytest

from headrace.core.definition.model import After, Approvers, Case, Retry
from headrace.core.instants import instant
from headrace.core.refusal import Refused
from headrace.core.run.draft import Draft, Illegal
from headrace.core.run.effects import CancelWork, HandOver, Proceed, StartChild, TellChild, TellParent
from headrace.core.run.events import (
    Accepted,
    Actor,
    Approve,
    Begin,
    BreakStep,
    CancelStep,
    ChildEnded,
    ChildStarted,
    Choose,
    Finished,
    Lost,
    PauseRun,
    Progressed,
    Reject,
    RerunRun,
    RerunStep,
    Resisted,
    ResumeRun,
    RetryRun,
    RetryStep,
    RollbackRun,
    RunDue,
    SkipStep,
    StepDue,
    TerminateRun,
    Vanished,
)
from headrace.core.run.recover import recover
from headrace.core.run.table import Move, RunMove
from headrace.core.words import (
    Act,
    Due,
    NodeKind,
    OnFailure,
    OnLost,
    Operation,
    Phase,
    Reason,
    RunStatus,
    StepStatus,
    Wait,
)
from tests.core.run.world import World, finished, node, task

BOB = Actor(8, "bob", frozenset({"lead"}))
EVE = Actor(9, "eve", frozenset({"lead", "owner"}))
ADA = Actor(7, "ada", frozenset({"lead"}))
UNDO = {"rollback": {"script": "undo"}}
UNDO_BY_OUTPUT = {"rollback": {"n": {"$cel": "steps.p.outputs.n"}}}


def diamond(**more):
    return World(task("a"), task("b", "a"), task("c", "a"), task("d", "b", "c"), **more)


def test_a_diamond_joins_when_both_arms_are_done():
    w = diamond()
    assert w.handed() == ["a"]
    w.finish("a")
    assert w.handed() == ["b", "c"]
    w.finish("b")
    assert w.statuses("d") == "d:PENDING"
    w.finish("c")
    assert w.handed() == ["d"]
    w.finish("d")
    assert (w.run.status, w.run.operation) == (RunStatus.SUCCESSFUL, Operation.EXECUTE)
    assert [a.number for a in w.attempts] == [1, 1, 1, 1]
    assert w.state.operation.status is RunStatus.SUCCESSFUL


def test_an_empty_workflow_succeeds_at_once():
    assert World().run.status is RunStatus.SUCCESSFUL


def test_begin_twice_changes_nothing():
    w = World(task("a"))
    assert not w.tell(Begin()).changed


def test_a_slow_arm_ends_before_the_run_fails():
    w = diamond()
    w.finish("a")
    w.accept("b")
    w.accept("c")
    w.finish("b", ok=False)
    assert w.run.status is RunStatus.RUNNING
    w.finish("c")
    assert w.run.status is RunStatus.FAILED
    assert w.statuses("d") == "d:PENDING"
    assert w.step("b").reason is Reason.ERROR
    assert w.step("b").message == "it broke"


@pytest.mark.parametrize(("policy", "x2"), [(OnFailure.CONTINUE, "READY"), (OnFailure.STOP, "PENDING")])
def test_independent_branches_go_on_or_stop(policy, x2):
    w = World(task("x1"), task("x2", "x1"), task("y1"), on_failure=policy)
    w.accept("x1")
    w.finish("y1", ok=False)
    w.finish("x1")
    assert w.statuses("x2") == f"x2:{x2}"


def test_stop_lets_the_rest_go_on_after_the_repair():
    w = World(task("x1"), task("x2", "x1"), task("y1"), on_failure=OnFailure.STOP)
    w.finish("y1", ok=False)
    w.finish("x1")
    assert w.run.status is RunStatus.FAILED
    w.handed()
    w.tell(SkipStep(w.step("y1").id))
    assert w.handed() == ["x2"]
    assert w.step("y1").operation is Operation.SKIP


def test_retry_run_takes_all_failed_steps():
    w = World(task("a"), task("b"), task("c", "a", "b"))
    w.finish("a", ok=False)
    w.finish("b", ok=False)
    w.handed()
    w.tell(RetryRun(BOB))
    assert w.handed() == ["a", "b"]
    assert (w.run.status, w.run.operation) == (RunStatus.RUNNING, Operation.RETRY)
    assert w.step("a").attempt == 2
    assert w.step("a").operation is Operation.RETRY
    assert w.run.finished_at is None
    assert w.refused(RetryRun()).code == "run_wrong_state"
    w.finish("a")
    w.finish("b")
    w.finish("c")
    assert w.run.status is RunStatus.SUCCESSFUL


def test_retry_of_one_of_two_failed_steps():
    w = World(task("a"), task("b"))
    w.finish("a", ok=False)
    w.finish("b", ok=False)
    w.tell(RetryStep(w.step("a").id, BOB, {"script": "other"}))
    assert w.run.status is RunStatus.RUNNING
    assert w.take(HandOver)[-1].payload["with"] == {"script": "other"}
    w.finish("a")
    assert w.run.status is RunStatus.FAILED
    assert w.refused(RetryStep(w.step("a").id)).values["status"] == "SUCCESSFUL"


def test_a_retry_rolls_back_first_where_it_can():
    w = World(task("a", **UNDO))
    w.finish("a", ok=False)
    w.handed()
    w.tell(RetryRun())
    assert w.handed() == ["-a"]
    w.finish("a")
    assert w.handed() == ["a"]
    assert w.step("a").attempt == 2
    w.finish("a")
    assert w.run.status is RunStatus.SUCCESSFUL


def test_a_failing_rollback_before_a_retry_fails_the_step():
    w = World(task("a", **UNDO))
    w.finish("a", ok=False)
    w.tell(RetryRun())
    w.handed()
    w.finish("a", ok=False)
    assert w.handed() == []
    assert w.run.status is RunStatus.FAILED
    assert w.step("a").phase is Phase.ROLLBACK_FAILED


def test_an_inline_rollback_before_a_retry_turns_without_running():
    w = World(task("a", **UNDO))
    w.finish("a", ok=False)
    w.tell(RetryRun())
    w.handed()
    w.tell(finished(w.step("a")))
    assert w.handed() == ["a"]


def test_automatic_retry_waits_durably_and_grows():
    w = World(task("a", retry=Retry(max=2, delay=10, backoff=3)))
    w.finish("a", ok=False)
    step = w.step("a")
    assert (w.run.status, step.status, step.due, step.due_at) == (
        RunStatus.RUNNING,
        StepStatus.READY,
        Due.RETRY,
        1010,
    )
    w.tell(Accepted(step.id, 1, "w1"))  # late: the attempt is over
    assert w.cancels() == [step.id]
    w.handed()
    w.due("a")
    assert w.handed() == ["a"]
    w.finish("a", ok=False)
    assert w.step("a").due_at == w.now + 30
    w.due("a")
    w.finish("a", ok=False)
    assert w.run.status is RunStatus.FAILED
    assert [a.status for a in w.attempts] == [StepStatus.FAILED] * 3
    w.tell(RetryRun())
    w.finish("a", ok=False)
    assert w.step("a").due is Due.RETRY  # a fresh budget after a person acted


def test_automatic_retry_rolls_back_first():
    w = World(task("a", retry=Retry(max=1, delay=1), **UNDO))
    w.finish("a", ok=False)
    w.handed()
    w.due("a")
    assert w.handed() == ["-a"]


def test_a_timeout_ends_the_work_before_it_fails():
    w = World(task("a", timeout=5.0))
    w.accept("a")
    assert w.step("a").due is Due.TIMEOUT
    w.due("a")
    assert w.step("a").status is StepStatus.CANCELING
    assert w.cancels() == [w.step("a").id]
    w.vanish("a")
    step = w.step("a")
    assert (step.status, step.reason) == (StepStatus.FAILED, Reason.TIMEOUT)
    assert w.run.status is RunStatus.FAILED
    w.tell(RetryRun())
    w.accept("a")
    assert w.step("a").due_at == w.now + 5


def test_a_timed_out_attempt_may_be_tried_again():
    w = World(task("a", timeout=5.0, retry=Retry(max=1, delay=1)))
    w.accept("a")
    w.due("a")
    w.vanish("a")
    assert w.step("a").due is Due.RETRY
    w.due("a")
    w.finish("a")
    assert w.run.status is RunStatus.SUCCESSFUL


def test_a_stale_due_is_void():
    w = World(task("a", timeout=5.0))
    w.accept("a")
    step = w.step("a")
    w.tell(
        StepDue(step.id, Due.TIMEOUT, 1.0),
        StepDue(step.id, Due.TIMER, step.due_at),
        StepDue(99, Due.TIMER, 1),
    )
    w.tell(StepDue(step.id, Due.TIMEOUT, step.due_at))  # before its time
    assert w.step("a").status is StepStatus.RUNNING


def test_cancel_waits_until_the_work_is_gone():
    w = World(task("a"))
    w.accept("a")
    w.tell(CancelStep(w.step("a").id))
    assert w.step("a").status is StepStatus.CANCELING
    w.tell(Resisted(w.step("a").id, 1, "process 7 does not end"))
    assert w.step("a").message == "process 7 does not end"
    assert w.refused(CancelStep(w.step("a").id)).values["status"] == "CANCELING"
    w.vanish("a")
    step = w.step("a")
    assert (step.status, step.operation, step.reason) == (
        StepStatus.FAILED,
        Operation.CANCEL,
        Reason.CANCELED,
    )
    w.tell(finished(step))  # late
    assert w.step("a").status is StepStatus.FAILED
    assert w.history[-1]["late"] == "Finished"
    w.tell(SkipStep(step.id))
    assert w.run.status is RunStatus.SUCCESSFUL


def test_work_that_ends_while_it_is_canceled_stays_canceled():
    w = World(task("a"))
    w.accept("a")
    w.tell(CancelStep(w.step("a").id))
    w.tell(finished(w.step("a")))
    assert w.step("a").reason is Reason.CANCELED
    w.tell(Vanished(w.step("a").id, 1), Resisted(w.step("a").id, 1, "x"), Lost(w.step("a").id, 1))
    assert w.step("a").status is StepStatus.FAILED


def test_a_ready_step_can_be_canceled_and_its_later_acceptance_is_turned_away():
    w = World(task("a"))
    w.tell(CancelStep(w.step("a").id))
    w.take(CancelWork)
    w.tell(Accepted(w.step("a").id, 1, "w1"))
    assert w.take(Proceed) == []
    w.vanish("a")
    assert w.run.status is RunStatus.FAILED


def test_a_repeated_acceptance_by_the_same_worker_proceeds_again():
    w = World(task("a"))
    w.accept("a")
    w.tell(Accepted(1, 1, "w1"))
    assert len(w.take(Proceed)) == 1
    w.tell(Accepted(1, 1, "w2"))
    assert w.take(Proceed) == []


def test_cancel_of_a_planned_retry_is_immediate():
    w = World(task("a", retry=Retry(max=1)))
    w.finish("a", ok=False)
    w.tell(CancelStep(w.step("a").id))
    assert (w.step("a").status, w.step("a").reason) == (StepStatus.FAILED, Reason.CANCELED)


def test_vanished_without_a_cancel_changes_nothing():
    w = World(task("a"))
    w.accept("a")
    w.tell(Vanished(1, 1), Resisted(1, 1, "x"))
    assert w.step("a").status is StepStatus.RUNNING


def test_progress_is_shown():
    w = World(task("a"))
    w.tell(Progressed(1, 1, 10))  # not running yet
    w.accept("a")
    w.tell(Progressed(1, 1, 40, "copying", Phase.MONITOR_BEGIN))
    step = w.step("a")
    assert (step.progress, step.message, step.phase) == (40, "copying", Phase.MONITOR_BEGIN)
    w.tell(Progressed(1, 1), Progressed(9, 1, 4), Progressed(1, 7, 4))
    w.finish("a")
    assert (w.step("a").progress, w.step("a").message) == (100, None)


# -- rollback ----------------------------------------------------------------------------------------


def chain_failed_at_c(**more):
    w = World(task("a", **UNDO), task("b", "a", **UNDO), task("c", "b", **UNDO), **more)
    w.finish("a")
    w.finish("b")
    w.finish("c", ok=False)
    w.handed()
    return w


def test_rollback_goes_strictly_backwards():
    w = chain_failed_at_c()
    w.tell(RollbackRun(BOB))
    order = []
    for _ in range(3):
        (name,) = w.handed()
        order.append(name)
        w.finish(name[1:])
    assert order == ["-c", "-b", "-a"]
    assert (w.run.status, w.run.operation) == (RunStatus.SUCCESSFUL, Operation.ROLLBACK)
    assert all(
        s.status is StepStatus.PENDING and s.operation is Operation.ROLLBACK for s in w.state.steps.values()
    )
    assert w.refused(RollbackRun(closed=True)).code == "run_rolled_back"
    assert w.refused(RetryRun()).code == "run_wrong_state"


def test_a_failed_rollback_resumes_where_it_stopped():
    w = chain_failed_at_c()
    w.tell(RollbackRun())
    w.finish("c")
    w.handed()
    w.finish("b", ok=False)
    assert (w.run.status, w.run.operation, w.handed()) == (RunStatus.FAILED, Operation.ROLLBACK, [])
    assert w.refused(RetryStep(w.step("a").id)).code == "step_wrong_state"
    w.tell(RollbackRun())
    assert w.handed() == ["-b"]
    w.finish("b", ok=False)
    w.tell(RetryRun())
    assert w.handed() == ["-b"]
    w.finish("b", ok=False)
    w.tell(RetryStep(w.step("b").id))
    assert w.handed() == ["-b"]
    assert w.run.operation is Operation.ROLLBACK
    w.finish("b", ok=False)
    w.tell(SkipStep(w.step("b").id))
    assert w.handed() == ["-a"]
    assert (w.step("b").status, w.step("b").operation) == (StepStatus.PENDING, Operation.ROLLBACK)
    w.finish("a")
    assert w.run.status is RunStatus.SUCCESSFUL


def test_a_step_that_awaits_its_rollback_cannot_be_retried():
    w = World(task("a", **UNDO), task("b", "a", **UNDO), task("c", "a"))
    w.finish("a")
    w.finish("b")
    w.finish("c", ok=False)
    w.tell(RollbackRun())
    w.finish("b", ok=False)
    w.handed()
    failed = w.step("c")
    assert failed.status is StepStatus.PENDING  # nothing to undo: undone at once
    assert w.refused(BreakStep(failed.id)).code == "step_wrong_state"
    assert w.refused(RerunStep(w.step("b").id)).code == "run_wrong_state"


def test_independent_leaves_roll_back_together_and_never_run_steps_are_passed_over():
    w = World(task("a", **UNDO), task("b", **UNDO), task("z", "a", "b", **UNDO))
    w.finish("a")
    w.finish("b", ok=False)
    w.handed()
    w.tell(RollbackRun())
    assert sorted(w.handed()) == ["-a", "-b"]
    assert w.step("z").operation is Operation.EXECUTE


def test_a_forbidding_node_refuses_once_it_has_run():
    nodes = (task("a"), task("b", "a", rollback_forbidden=True))
    w = World(*nodes)
    w.finish("a", ok=False)
    w.tell(RollbackRun())
    assert w.run.status is RunStatus.SUCCESSFUL
    w = World(*nodes)
    w.finish("a")
    w.finish("b", ok=False)
    refused = w.refused(RollbackRun())
    assert (refused.kind, refused.values["node"]) == ("rollback_forbidden", "b")


def test_rollback_of_closed_runs_only_where_the_surface_offers_it():
    w = World(task("a", **UNDO))
    w.finish("a")
    assert w.refused(RollbackRun()).code == "run_wrong_state"
    w.tell(RollbackRun(closed=True))
    w.finish("a")
    assert w.run.status is RunStatus.SUCCESSFUL


def test_on_failure_rollback_starts_by_itself_but_not_in_debug_mode():
    w = World(task("a", **UNDO), task("b", "a"), on_failure=OnFailure.ROLLBACK)
    w.finish("a")
    w.finish("b", ok=False)
    assert w.handed()[-1] == "-a"
    w.finish("a", ok=False)
    assert (w.run.status, w.run.operation) == (RunStatus.FAILED, Operation.ROLLBACK)
    w = World(task("a"), on_failure=OnFailure.ROLLBACK, run={"debug": True})
    w.finish("a", ok=False)
    assert (w.run.status, w.run.operation) == (RunStatus.FAILED, Operation.EXECUTE)


def test_on_failure_rollback_that_is_forbidden_leaves_the_run_failed_and_says_so():
    w = World(task("a", rollback_forbidden=True), on_failure=OnFailure.ROLLBACK)
    w.finish("a", ok=False)
    assert w.run.status is RunStatus.FAILED
    assert w.run.message == "Run 1 cannot be rolled back: its node a was executed and forbids it."


def test_a_serial_fan_out_rolls_back_from_its_last_element():
    w = World(task("a", foreach="params.xs", serial=True, **UNDO), run={"params": {"xs": [1, 2, 3]}})
    for i in range(2):
        w.finish("a", index=i)
    w.finish("a", ok=False, index=2)
    w.handed()
    w.tell(RollbackRun())
    for i in (2, 1, 0):
        (effect,) = w.take(HandOver)
        assert w.state.steps[effect.step].parallel_idx == i
        w.finish("a", index=i)
    assert w.run.status is RunStatus.SUCCESSFUL


def test_a_limited_rollback_stops_at_a_failed_one():
    w = World(
        task("a", foreach="params.xs", max_parallel=1, **UNDO), task("b", "a"), run={"params": {"xs": [1, 2]}}
    )
    w.finish("a", index=0)
    w.finish("a", index=1)
    w.finish("b", ok=False)
    w.tell(RollbackRun())
    w.finish("a", ok=False, index=1)
    assert w.run.status is RunStatus.FAILED
    w.tell(SkipStep(w.step("a", 1).id))
    w.finish("a", index=0)
    assert w.run.status is RunStatus.SUCCESSFUL


def test_a_rollback_whose_inputs_cannot_be_evaluated_fails():
    w = World(
        task("p"),
        task("a", "p", **UNDO_BY_OUTPUT),
        task("b", "a"),
    )
    w.finish("p", outputs={"n": "1"})
    w.finish("a")
    w.finish("b", ok=False)
    w.tell(RerunStep(w.step("p").id))
    w.finish("p", outputs={})
    w.tell(RollbackRun())
    assert (w.step("a").status, w.step("a").phase) == (StepStatus.FAILED, Phase.ROLLBACK_FAILED)
    w.tell(SkipStep(w.step("a").id))
    assert w.run.status is RunStatus.SUCCESSFUL


# -- fan-out -----------------------------------------------------------------------------------------


def test_a_parallel_fan_out_joins():
    w = World(
        task("a", foreach="params.xs"), task("b", "a", foreach="[1, 2]"), run={"params": {"xs": [1, 2, 3]}}
    )
    assert [s.parallel_idx for s in w.steps("a")] == [0, 1, 2]
    for i in range(3):
        assert w.statuses("b") == "b:PENDING,PENDING"
        w.finish("a", index=i)
    assert w.statuses("b") == "b:READY,READY"


def test_max_parallel_is_never_exceeded():
    w = World(task("a", foreach="params.xs", max_parallel=2), run={"params": {"xs": [1, 2, 3, 4, 5]}})
    for done in range(5):
        assert sum(s.status in {StepStatus.READY, StepStatus.RUNNING} for s in w.steps("a")) == min(
            2, 5 - done
        )
        active = next(i for i, s in enumerate(w.steps("a")) if s.status is StepStatus.READY)
        w.finish("a", ok=done != 1, index=active)
    assert w.run.status is RunStatus.FAILED


def test_retry_respects_max_parallel():
    w = World(task("a", foreach="[1, 2, 3]", max_parallel=1))
    for i in range(3):
        w.finish("a", ok=False, index=i)
    w.tell(RetryRun())
    assert w.statuses("a") == "a:READY,PENDING,PENDING"
    for i in range(3):
        w.finish("a", index=i)
    assert w.run.status is RunStatus.SUCCESSFUL


def test_a_serial_fan_out_waits_for_the_one_before():
    w = World(task("a", foreach="[1, 2]", serial=True))
    w.finish("a", ok=False, index=0)
    assert w.run.status is RunStatus.FAILED
    assert w.statuses("a") == "a:FAILED,PENDING"
    w.tell(RetryRun())
    w.finish("a", index=0)
    w.finish("a", index=1)
    assert w.run.status is RunStatus.SUCCESSFUL


def test_an_empty_fan_out_is_done_without_a_step():
    w = World(task("a"), task("b", "a", foreach="params.xs"), task("c", "b"), run={"params": {"xs": []}})
    assert w.statuses("c") == "c:PENDING"
    w.finish("a")
    assert w.statuses("c") == "c:READY"


def test_an_empty_fan_out_behind_a_branch_not_taken_is_bypassed():
    w = World(
        node(NodeKind.DECISION, "d", cases=(Case("x", "false"), Case("y"))),
        task("b", After("d", "x"), foreach="[]"),
        task("c", "b"),
    )
    assert w.statuses("c") == "c:BYPASSED"
    assert w.run.status is RunStatus.SUCCESSFUL


def test_a_fan_out_over_outputs_opens_when_its_turn_comes():
    w = World(task("a"), task("b", "a", foreach="steps.a.outputs.xs"), task("c", "b"))
    w.finish("a", outputs={"xs": ["p", "q"]})
    assert [s.item for s in w.steps("b")] == ["p", "q"]
    w.finish("b", index=0)
    w.finish("b", index=1)
    w.finish("c")
    w.tell(RerunRun())
    w.finish("a", outputs={"xs": ["p"]})
    assert w.statuses("b") == "b:READY,BYPASSED"
    w.finish("b")
    w.finish("c")
    w.tell(RerunRun())
    w.finish("a", outputs={"xs": []})
    assert w.statuses("b", "c") == "b:BYPASSED,BYPASSED c:READY"


def test_an_empty_list_of_outputs_leaves_no_step():
    w = World(task("a"), task("b", "a", foreach="steps.a.outputs.xs"), task("c", "b"))
    w.finish("a", outputs={"xs": []})
    assert w.steps("b") == []
    assert w.statuses("c") == "c:READY"


def test_new_and_surplus_steps_in_one_decision():
    w = World(task("a", executor="noop"), task("b", "a", foreach="steps.a.outputs.xs"), begin=False)
    step = w.step("a")
    w.tell(Begin())
    w.decide(
        Finished(step.id, 1, Act.START, True, Phase.MONITOR_SUCCESS, outputs={"xs": [1, 2]}),
        TerminateRun(),
    )
    assert w.run.status is RunStatus.RUNNING
    assert len(w.cancels()) == 2


@pytest.mark.parametrize("source", ["steps.a.outputs.nothing", "steps.a.outputs.n"])
def test_a_fan_out_that_cannot_be_evaluated_fails_and_may_be_retried(source):
    w = World(task("a"), task("b", "a", foreach=source))
    w.finish("a", outputs={"n": 3})
    assert (w.step("b").status, w.step("b").reason) == (StepStatus.FAILED, Reason.ERROR)
    w.tell(RetryRun())
    assert w.step("b").status is StepStatus.FAILED


def test_a_fan_out_over_the_limit_fails():
    w = World(task("a"), task("b", "a", foreach="steps.a.outputs"))
    w.finish("a", outputs=list(range(10_001)))
    assert "10002" in w.step("b").message


# -- decisions, timers, approvals --------------------------------------------------------------------


def choice(**more):
    return World(
        node(NodeKind.DECISION, "d", cases=(Case("x"), Case("y")), **more),
        task("on-x", After("d", "x")),
        task("on-y", After("d", "y")),
        task("end", "on-x", "on-y"),
    )


def test_a_person_chooses_and_exactly_that_edge_is_taken():
    w = choice()
    assert w.step("d").wait is Wait.CHOICE
    assert w.refused(Choose(w.step("d").id, "z")).code == "case_unknown"
    w.tell(Choose(w.step("d").id, "y", BOB))
    assert w.statuses("on-x", "on-y", "end") == "on-x:BYPASSED on-y:READY end:PENDING"
    assert w.refused(Choose(w.step("d").id, "x")).code == "step_wrong_state"
    w.finish("on-y")
    w.finish("end")
    assert w.run.status is RunStatus.SUCCESSFUL


def test_a_choice_expires_and_can_be_skipped_with_a_case():
    w = choice(expires=60.0)
    w.due("d")
    assert (w.step("d").status, w.step("d").reason) == (StepStatus.FAILED, Reason.EXPIRED)
    assert w.refused(SkipStep(w.step("d").id)).code == "case_unknown"
    w.tell(SkipStep(w.step("d").id, outputs={"case": "x"}))
    assert w.statuses("on-x") == "on-x:READY"


def test_an_answer_after_the_instant_is_refused_and_the_expiry_stands():
    w = choice(expires=60.0)
    w.now += 60
    decision = w.decide(Choose(w.step("d").id, "x"))
    assert decision.answers[0].code == "step_expired"
    assert w.step("d").reason is Reason.EXPIRED


@pytest.mark.parametrize(("ok", "taken"), [(True, "good"), (False, "bad")])
def test_an_automatic_decision(ok, taken):
    w = World(
        task("check", foreach="[1, 2]"),
        node(
            NodeKind.DECISION,
            "d",
            "check",
            cases=(Case("good", "steps.check.outputs.all(o, o.ok)"), Case("bad")),
        ),
        task("good", After("d", "good")),
        task("bad", After("d", "bad")),
    )
    w.finish("check", outputs={"ok": True}, index=0)
    w.finish("check", outputs={"ok": ok}, index=1)
    assert w.step(taken).status is StepStatus.READY


def test_a_decision_without_a_case_that_holds_fails_and_is_decided_again_on_retry():
    w = World(task("a"), node(NodeKind.DECISION, "d", "a", cases=(Case("x", "steps.a.outputs.ok"),)))
    w.finish("a", outputs={"ok": False})
    assert "no case holds" in w.step("d").message
    w.tell(RetryRun())
    assert w.step("d").attempt == 0


def test_when_bypasses_a_step():
    w = World(task("a", when="params.on"), task("b", "a"), run={"params": {"on": False}})
    assert w.statuses() == "a:BYPASSED b:BYPASSED"
    assert w.run.status is RunStatus.SUCCESSFUL
    w = World(task("a", when="1"))
    assert w.step("a").status is StepStatus.FAILED


def test_any_join_starts_with_the_first_and_only_once():
    w = World(task("a"), task("b"), task("c", "a", "b", join_any=True))
    w.finish("a")
    assert w.statuses("c") == "c:READY"
    w.finish("c")
    assert w.run.status is RunStatus.RUNNING
    w.finish("b")
    assert w.run.status is RunStatus.SUCCESSFUL
    assert w.step("c").attempt == 1


def test_a_timer_elapses_or_is_skipped():
    w = World(node(NodeKind.TIMER, "t", wait_for=60.0), task("a", "t"))
    assert w.step("t").wait is Wait.TIMER
    w.due("t")
    assert w.statuses("a") == "a:READY"
    w = World(node(NodeKind.TIMER, "t", wait_for=60.0), task("a", "t"))
    w.tell(SkipStep(w.step("t").id))
    assert w.statuses("a") == "a:READY"
    w = World(node(NodeKind.TIMER, "t", wait_for=60.0, skippable=False))
    assert w.refused(SkipStep(w.step("t").id)).code == "step_not_skippable"
    w.tell(CancelStep(w.step("t").id))
    assert w.refused(SkipStep(w.step("t").id)).code == "step_not_skippable"


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"wait_at": "00:20", "timezone": "UTC"}, 200),
        ({"wait_at": "00:16"}, 86_400 - 40),
        ({"wait_until": "params.when"}, 500),
        ({"wait_until": "1250.5"}, 250.5),
        ({"wait_until": "'1970-01-01T08:20:00'", "timezone": "Asia/Shanghai"}, 200),
    ],
)
def test_instants_of_timers(fields, seconds):
    w = World(node(NodeKind.TIMER, "t", **fields), run={"params": {"when": "1970-01-01T00:25:00+00:00"}})
    assert w.step("t").due_at == 1000 + seconds


@pytest.mark.parametrize("until", ["'soon'", "true"])
def test_a_timer_without_an_instant_fails(until):
    w = World(node(NodeKind.TIMER, "t", wait_until=until))
    assert "instant" in w.step("t").message


def approval(needed="any", entries=(("role", "lead"),), **more):
    return World(node(NodeKind.APPROVAL, "ok", approvers=Approvers(entries, needed, **more)), task("a", "ok"))


def test_any_approval_by_somebody_else_than_the_requester():
    w = approval()
    step = w.step("ok").id
    assert w.refused(Approve(step, ADA)).code == "approval_by_requester"
    assert w.refused(Approve(step, Actor(5, "mal"))).code == "approval_not_yours"
    assert w.refused(Approve(step, BOB, "x" * 201)).code == "comment_too_long"
    w.tell(Approve(step, BOB, "fine"))
    assert w.statuses("a") == "a:READY"
    (vote,) = w.step("ok").outputs["votes"]
    assert (vote["comment"], vote["at"]) == ("fine", instant(w.now))


def test_the_requester_may_where_the_definition_allows_it():
    w = approval(allow_self=True)
    w.tell(Approve(w.step("ok").id, ADA))
    assert w.step("ok").status is StepStatus.SUCCESSFUL


def test_all_approve_in_order():
    w = approval("all", (("role", "owner"), ("user", "bob")))
    step = w.step("ok").id
    assert w.refused(Approve(step, BOB)).code == "approval_not_yours"
    w.tell(Approve(step, EVE))
    assert w.refused(Approve(step, EVE)).code == "approval_twice"
    w.tell(Approve(step, BOB))
    assert w.step("ok").status is StepStatus.SUCCESSFUL


def test_two_distinct_people():
    w = approval(2)
    w.tell(Approve(w.step("ok").id, BOB))
    assert w.step("ok").status is StepStatus.RUNNING
    w.tell(Approve(w.step("ok").id, EVE))
    assert w.step("ok").status is StepStatus.SUCCESSFUL


def test_a_rejection_fails_the_step_and_a_retry_asks_again():
    w = approval()
    w.tell(Reject(w.step("ok").id, BOB, "not today"))
    assert (w.step("ok").reason, w.step("ok").message) == (Reason.REJECTED, "not today")
    assert w.run.status is RunStatus.FAILED
    w.tell(RetryRun())
    w.tell(Approve(w.step("ok").id, BOB))
    assert w.statuses("a") == "a:READY"


def test_an_approval_expires_and_can_be_canceled():
    w = World(node(NodeKind.APPROVAL, "ok", approvers=Approvers((("role", "lead"),)), expires=60.0))
    w.due("ok")
    assert w.step("ok").reason is Reason.EXPIRED
    w = approval()
    w.tell(CancelStep(w.step("ok").id))
    assert (w.step("ok").status, w.step("ok").phase) == (StepStatus.FAILED, Phase.CANCELED)


# -- pause, terminate, break, rerun ------------------------------------------------------------------


def test_pause_holds_hand_overs_and_refuses_step_verbs():
    w = diamond()
    w.accept("a")
    w.tell(PauseRun(BOB))
    w.handed()
    w.finish("a")
    assert w.handed() == []
    assert w.run.status is RunStatus.RUNNING
    for verb in (CancelStep, SkipStep, RetryStep, BreakStep):
        assert w.refused(verb(w.step("b").id)).code == "run_paused"
    assert w.refused(PauseRun()).code == "run_paused"
    assert w.refused(RerunStep(w.step("a").id)).code == "run_paused"
    w.tell(ResumeRun(BOB))
    assert w.handed() == ["b", "c"]
    assert w.refused(ResumeRun()).code == "run_not_paused"


def test_a_failure_while_paused_shows_after_resuming():
    w = World(task("a"), task("b"))
    w.accept("a")
    w.accept("b")
    w.tell(PauseRun())
    w.finish("a", ok=False)
    w.finish("b")
    assert w.run.status is RunStatus.RUNNING
    w.tell(ResumeRun())
    assert w.run.status is RunStatus.FAILED


def test_a_retry_that_falls_due_while_paused_goes_out_on_resume():
    w = World(task("a", retry=Retry(max=1, delay=5)))
    w.finish("a", ok=False)
    w.tell(PauseRun())
    w.handed()
    w.due("a")
    assert w.handed() == []
    step = w.step("a")
    assert not w.decide(StepDue(step.id, step.due, step.due_at)).changed
    w.tell(ResumeRun())
    assert w.handed() == ["a"]


def test_terminate_cancels_what_runs_and_closes():
    w = World(task("a"), node(NodeKind.TIMER, "t", wait_for=9.0), task("b", "a"), task("c"))
    w.accept("a")
    w.tell(TerminateRun(BOB))
    assert w.statuses() == "a:CANCELING t:FAILED b:BYPASSED c:CANCELING"
    assert w.run.status is RunStatus.RUNNING
    assert w.refused(TerminateRun()).values["status"] == "CANCELED"
    assert w.refused(SkipStep(w.step("t").id)).code == "run_closed"
    w.vanish("a")
    w.vanish("c")
    assert (w.run.status, w.run.operation) == (RunStatus.CANCELED, Operation.CANCEL)
    assert w.step("b").phase is Phase.CANCELED
    assert w.refused(TerminateRun()).code == "run_wrong_state"


def test_terminate_while_the_last_step_is_being_canceled():
    w = World(task("a"))
    w.accept("a")
    w.tell(CancelStep(w.step("a").id))
    w.tell(TerminateRun(BOB))
    assert w.run.closing is RunStatus.CANCELED
    w.vanish("a")
    assert w.run.status is RunStatus.CANCELED


def test_terminate_closes_a_failed_run_and_one_that_never_began():
    w = World(task("a"))
    w.finish("a", ok=False)
    w.tell(TerminateRun())
    assert w.run.status is RunStatus.CANCELED
    w = World(task("a"), begin=False)
    w.tell(TerminateRun())
    assert w.run.status is RunStatus.CANCELED
    w.tell(Begin())
    assert w.run.status is RunStatus.CANCELED


def test_terminate_during_a_rollback():
    w = chain_failed_at_c()
    w.tell(RollbackRun())
    w.accept("c")
    w.tell(TerminateRun())
    w.vanish("c")
    assert w.run.status is RunStatus.CANCELED


def test_a_run_expires():
    w = World(task("a"), timeout=100.0)
    w.accept("a")
    w.tell(RunDue())
    assert w.run.closing is None
    w.now += 100
    w.tell(RunDue(), RunDue())
    w.vanish("a")
    assert (w.run.status, w.step("a").reason) == (RunStatus.EXPIRED, Reason.EXPIRED)
    w.tell(RunDue())
    w.tell(RerunRun())
    assert w.run.deadline == w.now + 100


def test_break_bypasses_a_step_and_all_after_it():
    w = World(task("a"), task("b", "a"), task("c", "b"), task("d", "a"))
    w.tell(BreakStep(w.step("b").id))
    assert w.refused(BreakStep(w.step("a").id)).code == "step_wrong_state"
    w.finish("a")
    assert w.statuses() == "a:SUCCESSFUL b:BYPASSED c:BYPASSED d:READY"
    assert w.step("c").reason is Reason.BROKEN
    w.finish("d")
    assert w.run.status is RunStatus.SUCCESSFUL


def test_rerun_this_leaves_the_rest_alone():
    w = World(task("a"), task("b", "a"))
    w.finish("a")
    w.finish("b")
    w.tell(RerunStep(w.step("a").id))
    assert w.statuses() == "a:READY b:SUCCESSFUL"
    w.finish("a")
    assert w.run.status is RunStatus.SUCCESSFUL
    assert (w.step("a").attempt, w.step("b").attempt) == (2, 1)
    w.tell(RerunStep(w.step("a").id))
    assert w.refused(RerunStep(w.step("a").id)).code == "step_wrong_state"
    w.finish("a", ok=False)
    assert w.run.status is RunStatus.FAILED


def test_rerun_from_here():
    w = World(task("a"), task("b", "a"), task("c", "b"))
    w.finish("a")
    w.finish("b")
    assert w.refused(RerunStep(w.step("a").id, downstream=True)).values["status"] == "READY"
    w.finish("c")
    w.tell(RerunStep(w.step("b").id, downstream=True))
    assert w.statuses() == "a:SUCCESSFUL b:READY c:PENDING"
    w.finish("b")
    w.finish("c")
    assert w.run.status is RunStatus.SUCCESSFUL
    assert w.step("c").attempt == 2


def test_rerun_of_the_whole_run_also_after_a_rollback_and_a_bypass():
    w = World(task("a"), task("b", "a", when="false"))
    w.finish("a")
    w.tell(RollbackRun(closed=True))
    assert w.run.status is RunStatus.SUCCESSFUL
    w.tell(RerunRun(BOB))
    assert w.statuses() == "a:READY b:PENDING"
    assert w.run.operation is Operation.EXECUTE
    assert w.refused(RerunRun()).code == "run_wrong_state"


# -- lost work ---------------------------------------------------------------------------------------


def test_lost_work_fails_or_starts_again():
    w = World(task("a"), task("b", executor="safe"), task("c", on_lost=OnLost.RETRY))
    for name in "abc":
        w.accept(name)
        w.tell(Lost(w.step(name).id, 1))
    assert w.statuses() == "a:FAILED b:READY c:READY"
    assert (w.step("a").reason, w.step("a").phase) == (Reason.LOST, Phase.START_FAILED)
    assert w.step("b").attempt == 2


def test_work_that_keeps_killing_its_worker_fails():
    w = World(task("a", executor="safe"))
    for attempt in range(1, 5):
        w.accept("a")
        w.tell(Progressed(1, attempt, phase=Phase.MONITOR_BEGIN))
        w.tell(Lost(1, attempt, "killed"))
    assert (w.step("a").status, w.step("a").attempt) == (StepStatus.FAILED, 4)
    assert w.step("a").phase is Phase.MONITOR_FAILED


def test_lost_while_it_is_canceled_is_gone():
    w = World(task("a"))
    w.accept("a")
    w.tell(CancelStep(1), Lost(1, 1))
    assert w.step("a").reason is Reason.CANCELED


def test_ready_work_can_be_lost_too():
    w = World(task("a", executor="safe"), task("b"))
    w.tell(Lost(1, 1), Lost(2, 1))
    assert w.statuses() == "a:READY b:FAILED"


def test_an_answer_for_another_act_is_late():
    w = World(task("a"))
    w.accept("a")
    w.tell(Finished(1, 1, Act.ROLLBACK, True, Phase.ROLLBACK_SUCCESS))
    assert w.step("a").status is StepStatus.RUNNING
    w.tell(Finished(77, 1, Act.START, True, Phase.MONITOR_SUCCESS))
    assert w.history[-1]["late"] == "Finished"


# -- expressions in inputs ---------------------------------------------------------------------------


def test_inputs_are_computed_from_outputs_upstream():
    w = World(task("a"), task("b", "a", inputs={"n": [{"$cel": "steps.a.outputs.n + 1"}], "x": 1}))
    w.finish("a", outputs={"n": 4})
    effect = w.take(HandOver)[-1]
    assert effect.payload["with"] == {"n": [5], "x": 1}
    assert effect.payload["steps"]["a"]["outputs"] == {"n": 4}


def test_inputs_that_cannot_be_computed_fail_the_step():
    w = World(
        task("a"), task("b", "a", inputs={"n": {"$cel": "steps.a.outputs.n"}}, retry=Retry(max=1, delay=1))
    )
    w.finish("a", outputs={})
    assert (w.step("b").status, w.step("b").reason) == (StepStatus.FAILED, Reason.ERROR)


def compute_then_lose(**more):
    w = World(task("a"), task("b", "a", inputs={"n": {"$cel": "steps.a.outputs.n"}}, **more))
    w.finish("a", outputs={"n": 1})
    w.accept("b")
    w.tell(RerunStep(w.step("a").id))
    w.finish("a", outputs={})
    return w


def test_a_planned_retry_whose_inputs_are_gone_fails():
    w = compute_then_lose(retry=Retry(max=1, delay=1))
    w.finish("b", ok=False)
    w.due("b")
    assert w.step("b").due is None
    assert w.step("b").status is StepStatus.FAILED


def test_lost_work_whose_inputs_are_gone_fails():
    w = compute_then_lose(on_lost=OnLost.RETRY)
    w.tell(Lost(w.step("b").id, 1))
    assert w.step("b").status is StepStatus.FAILED


def test_a_rolled_back_retry_whose_inputs_are_gone_fails():
    w = World(task("a"), task("b", "a", inputs={"n": {"$cel": "steps.a.outputs.n"}}, **UNDO))
    w.finish("a", outputs={"n": 1})
    w.finish("b", ok=False)
    w.tell(RetryStep(w.step("b").id))
    w.accept("b")
    w.tell(RerunStep(w.step("a").id))
    w.finish("a", outputs={})
    w.finish("b")
    assert w.step("b").status is StepStatus.FAILED


def test_a_rollback_block_is_computed():
    w = World(task("p"), task("a", "p", **UNDO_BY_OUTPUT), task("b", "a"))
    w.finish("p", outputs={"n": 3})
    w.finish("a")
    w.finish("b", ok=False)
    w.tell(RollbackRun())
    assert w.take(HandOver)[-1].payload["rollback"] == {"n": 3}


# -- sub-workflows -----------------------------------------------------------------------------------


def parent(**more):
    w = World(
        node(NodeKind.WORKFLOW, "sub", workflow="child", inputs={"params": {"x": 1}}, **more),
        task("z", "sub"),
    )
    (start,) = w.started_children()
    assert (start.workflow, start.params) == ("child", {"x": 1})
    w.tell(ChildStarted(start.step, start.attempt, 50))
    return w


def test_a_step_ends_with_its_child():
    w = parent()
    assert w.step("sub").wait is Wait.CHILDREN
    w.tell(ChildEnded(w.step("sub").id, 49, RunStatus.SUCCESSFUL), ChildEnded(77, 50, RunStatus.SUCCESSFUL))
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.SUCCESSFUL))
    assert w.statuses("z") == "z:READY"
    assert w.step("sub").outputs == {"run": 50}
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.SUCCESSFUL))


def test_a_failed_child_fails_its_step_and_its_repair_repairs_it():
    w = parent()
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.FAILED))
    assert w.run.status is RunStatus.FAILED
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.SUCCESSFUL))
    assert w.statuses("sub", "z") == "sub:SUCCESSFUL z:READY"
    assert w.run.status is RunStatus.RUNNING


def test_a_repair_comes_too_late_for_a_closed_run():
    w = parent()
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.FAILED))
    w.tell(TerminateRun())
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.SUCCESSFUL))
    assert w.run.status is RunStatus.CANCELED


def test_a_terminated_child_is_retried_as_a_new_child():
    w = parent()
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.CANCELED))
    w.tell(RetryRun())
    assert w.told_children() == [(50, "terminate")]
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.CANCELED))
    (start,) = w.started_children()
    assert start.attempt == 2


def test_an_automatic_retry_of_a_sub_workflow():
    w = parent(retry=Retry(max=1, delay=3))
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.FAILED))
    w.due("sub")
    assert w.started_children() == []
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.CANCELED))
    assert len(w.started_children()) == 1


def retried():
    """A step whose first child failed and is about to be ended, because the step is retried."""
    w = parent()
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.FAILED))
    w.tell(RetryRun())
    w.take(TellChild)
    return w


def test_a_child_that_was_repaired_at_the_last_moment_is_done_again_as_asked():
    w = retried()
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.SUCCESSFUL))
    (start,) = w.started_children()
    w.tell(ChildStarted(start.step, start.attempt, 51))
    w.tell(ChildEnded(start.step, 51, RunStatus.SUCCESSFUL))
    assert w.step("sub").outputs == {"run": 51}


def test_a_retry_that_waits_for_the_former_child_can_be_canceled():
    w = retried()
    w.tell(CancelStep(w.step("sub").id))
    assert w.told_children() == [(50, "terminate")]
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.CANCELED))
    assert w.step("sub").reason is Reason.CANCELED
    assert w.started_children() == []


def test_the_end_of_a_run_reaches_children_that_failed():
    w = parent()
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.FAILED))
    w.tell(TerminateRun())
    assert w.told_children() == [(50, "terminate")]
    assert w.run.status is RunStatus.CANCELED


def test_a_child_whose_inputs_are_no_mapping_is_not_started():
    w = World(node(NodeKind.WORKFLOW, "sub", workflow="child", inputs={"$cel": "[1]"}))
    assert w.step("sub").status is StepStatus.FAILED
    assert w.step("sub").message == "with gives list, a mapping with params or target is needed"


COMPUTED = {"inputs": {"params": {"n": {"$cel": "steps.p.outputs.n"}}}}


def test_a_retry_whose_inputs_are_gone_when_the_former_child_has_ended():
    w = World(task("p"), node(NodeKind.WORKFLOW, "sub", "p", workflow="child", **COMPUTED))
    w.finish("p", outputs={"n": 1})
    sub = w.step("sub").id
    w.tell(ChildStarted(sub, 1, 50), ChildEnded(sub, 50, RunStatus.FAILED), RetryRun())
    w.tell(RerunStep(w.step("p").id))
    w.finish("p", outputs={})
    w.tell(ChildEnded(sub, 50, RunStatus.CANCELED))
    assert w.step("sub").status is StepStatus.FAILED
    assert "steps.p.outputs.n" in w.step("sub").message
    assert len(w.started_children()) == 1


def test_verbs_reach_the_child():
    w = parent(timeout=60.0)
    w.tell(PauseRun())
    w.tell(ResumeRun())
    w.due("sub")
    assert w.told_children() == [(50, "pause"), (50, "resume"), (50, "terminate")]
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.CANCELED))
    assert w.step("sub").reason is Reason.TIMEOUT
    w = parent()
    w.tell(TerminateRun())
    assert w.told_children() == [(50, "terminate")]
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.CANCELED))
    assert w.run.status is RunStatus.CANCELED


def test_a_child_that_starts_after_its_step_was_canceled_is_terminated():
    w = World(node(NodeKind.WORKFLOW, "sub", workflow="child"))
    step = w.step("sub")
    w.tell(CancelStep(step.id))
    w.tell(ChildStarted(step.id, 1, 50), ChildStarted(99, 1, 51))
    assert w.told_children() == [(50, "terminate")]
    w.tell(ChildEnded(step.id, 50, RunStatus.CANCELED))
    assert w.step("sub").reason is Reason.CANCELED


def test_a_child_that_starts_while_its_parent_is_paused_is_paused():
    w = World(node(NodeKind.WORKFLOW, "sub", workflow="child"))
    w.tell(PauseRun(), ChildStarted(w.step("sub").id, 1, 50))
    assert w.told_children() == [(50, "pause")]


def test_a_timeout_before_the_child_is_known():
    w = World(node(NodeKind.WORKFLOW, "sub", workflow="child", timeout=5.0))
    w.due("sub")
    w.tell(ChildStarted(w.step("sub").id, 1, 50))
    assert w.told_children() == [(50, "terminate")]


@pytest.mark.parametrize(("rolled_back", "status"), [(True, RunStatus.SUCCESSFUL), (False, RunStatus.FAILED)])
def test_rollback_reaches_the_child(rolled_back, status):
    w = parent()
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.SUCCESSFUL))
    w.finish("z", ok=False)
    w.tell(RollbackRun())
    assert w.told_children() == [(50, "halt")]
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.SUCCESSFUL))
    assert w.told_children() == [(50, "rollback")]
    end = RunStatus.SUCCESSFUL if rolled_back else RunStatus.FAILED
    w.tell(ChildEnded(w.step("sub").id, 50, end, rolled_back))
    assert w.run.status is status


def test_a_child_that_rolled_itself_back_fails_its_step():
    w = parent()
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.SUCCESSFUL, rolled_back=True))
    assert w.step("sub").status is StepStatus.FAILED


def test_children_over_targets_and_computed_params():
    w = World(
        node(
            NodeKind.WORKFLOW,
            "sub",
            workflow="child",
            foreach="target.children",
            inputs={"params": {"n": {"$cel": "item.name"}}},
        ),
        run={"target": {"name": "c", "children": [{"name": "h1"}, {"name": "h2"}]}},
    )
    starts = w.take(StartChild)
    assert [s.params for s in starts] == [{"n": "h1"}, {"n": "h2"}]
    assert starts[0].target == {"name": "h1"}


def test_a_child_tells_its_parent_when_it_ends():
    w = World(task("a"), run={"parent_run": 3, "parent_step": 30})
    w.finish("a")
    assert w.take(TellParent) == [TellParent(1, 3, 30)]


# -- rehearsal ---------------------------------------------------------------------------------------


def test_a_rehearsal_asks_for_mocks_and_waits_for_nobody():
    w = World(
        task("a", executor="undoable"),
        node(NodeKind.APPROVAL, "ok", "a", approvers=Approvers((("role", "lead"),))),
        node(NodeKind.TIMER, "t", "ok", wait_for=3600.0),
        node(NodeKind.DECISION, "d", "t", cases=(Case("x", "steps.a.outputs.ok"), Case("y"))),
        node(NodeKind.DECISION, "e", "t", cases=(Case("x"), Case("y"))),
        task("each", After("d", "x"), foreach="steps.a.outputs.xs", when="steps.a.outputs.ok"),
        run={"mock": True},
    )
    assert w.handed() == ["~a"]
    w.tell(Finished(w.step("a").id, 1, Act.MOCK, True, Phase.MOCK_PASSED))
    assert w.statuses() == "a:SUCCESSFUL ok:SUCCESSFUL t:SUCCESSFUL d:SUCCESSFUL e:SUCCESSFUL each:READY"
    w.tell(Finished(w.step("each").id, 1, Act.MOCK, False, Phase.MOCK_FAILED))
    assert w.run.status is RunStatus.FAILED
    w.tell(RollbackRun())
    assert w.run.status is RunStatus.SUCCESSFUL


def test_a_verb_for_a_step_that_its_fan_out_took_away_is_refused():
    w = World(task("a"), task("b", "a", foreach="steps.a.outputs"))
    gone = w.step("b").id
    step = w.step("a")
    decision = w.decide(Accepted(step.id, 1, "w"), finished(step, outputs=[]), SkipStep(gone))
    assert decision.answers[2].code == "run_closed"
    w.tell(RerunRun())
    w.accept("a")
    decision = w.decide(finished(w.step("a"), outputs=[]), RerunStep(gone))
    assert decision.answers[1].code == "step_taken_away"


def test_a_step_that_awaits_its_rollback_is_neither_retried_nor_skipped():
    w = World(task("a"), task("b", "a", **UNDO))
    w.finish("a")
    w.finish("b")
    w.tell(RerunStep(w.step("a").id))
    w.finish("a", ok=False)
    w.tell(RollbackRun())
    w.finish("b", ok=False)
    for verb in (RetryStep, SkipStep):
        assert w.refused(verb(w.step("a").id)).code == "step_awaits_rollback"
    w.tell(SkipStep(w.step("b").id))
    assert w.run.status is RunStatus.SUCCESSFUL


def test_steps_made_and_taken_away_in_one_decision_leave_no_trace():
    w = World(task("a"), task("b", "a", foreach="steps.a.outputs", max_parallel=1), on_failure=OnFailure.STOP)
    a, b = w.step("a"), w.step("b")
    batch = [Accepted(a.id, 1, "w"), finished(_at(a, 1), outputs=[1, 2, 3])]
    batch += [Accepted(b.id, 1, "w"), finished(_at(b, 1), ok=False), RerunRun()]
    batch += [Accepted(a.id, 2, "w"), finished(_at(a, 2), outputs=[1])]
    decision = w.tell(*batch)
    assert (decision.created, decision.removed) == (set(), [])
    assert w.statuses("b") == "b:READY"


def _at(step, attempt):
    again = step.copy()
    again.attempt = attempt
    return again


def test_an_empty_node_is_seen_by_expressions():
    w = World(
        task("a"),
        task("b", "a", foreach="[]"),
        task("c", "b", inputs={"s": {"$cel": "steps.b.status"}, "n": {"$cel": "size(steps.b.outputs)"}}),
    )
    w.finish("a")
    assert w.take(HandOver)[-1].payload["with"] == {"s": [], "n": 0}


def test_a_broken_element_does_not_hinder_the_bypass_of_its_node():
    w = World(
        node(NodeKind.DECISION, "d", cases=(Case("x"), Case("y"))),
        task("b", After("d", "x"), foreach="[1, 2]"),
    )
    w.tell(BreakStep(w.step("b", 1).id))
    w.tell(Choose(w.step("d").id, "y"))
    assert [s.reason for s in w.steps("b")] == [Reason.NOT_TAKEN, Reason.BROKEN]


def test_two_edges_to_one_node_are_one_descendant():
    w = World(task("a"), task("b", "a"), task("c", "a", "b"))
    w.tell(BreakStep(w.step("b").id))
    w.finish("a")
    assert w.statuses() == "a:SUCCESSFUL b:BYPASSED c:BYPASSED"


def test_moves_that_are_not_in_the_table_are_faults():
    w = World(task("a"))
    d = Draft(w.state, 0.0, w.ids)
    with pytest.raises(Illegal, match="approve from READY"):
        d.move(d.step(w.step("a").id), Move.APPROVE)
    with pytest.raises(Illegal, match="reopen from RUNNING"):
        d.move_run(RunMove.REOPEN)


@pytest.mark.parametrize(("source", "code"), [("params.xs", "run_not_startable"), ("3", "run_not_startable")])
def test_a_fan_out_that_cannot_be_opened_refuses_the_start(source, code):
    with pytest.raises(Refused) as caught:
        World(task("a", foreach=source))
    assert caught.value.code == code
    assert caught.value.problems[0].path == "spec.nodes[0].foreach"


def test_too_many_steps_refuse_the_start():
    with pytest.raises(Refused) as caught:
        World(task("a", foreach="params.xs"), task("b"), run={"params": {"xs": [0] * 10_000}})
    assert caught.value.values == {"found": 10_001, "limit": 10_000}


# -- recovery ----------------------------------------------------------------------------------------


def test_recovery_hands_over_what_had_not_started_and_declares_the_rest_lost():
    w = World(
        task("ready"),
        task("running"),
        task("later", retry=Retry(max=1)),
        task("stopping"),
        node(NodeKind.TIMER, "t", wait_for=9.0),
        task("done"),
    )
    w.accept("running")
    w.accept("stopping")
    w.finish("later", ok=False)
    w.finish("done")
    w.tell(CancelStep(w.step("stopping").id))
    events, effects = recover(w.state, w.ids)
    ids = {name: w.step(name).id for name in ("ready", "running", "stopping")}
    assert [effect.step for effect in effects] == [ids["ready"]]
    assert events == [
        Lost(ids["running"], 1, "the server stopped while it ran"),
        Vanished(ids["stopping"], 1),
    ]
    w.tell(*events)
    assert w.statuses("running", "stopping") == "running:FAILED stopping:FAILED"


def test_recovery_of_children_and_of_a_parent_that_was_not_told():
    w = World(node(NodeKind.WORKFLOW, "sub", workflow="child"), task("z", "sub"))
    step = w.step("sub")
    (effect,) = recover(w.state, w.ids)[1]
    assert isinstance(effect, StartChild)
    w.tell(ChildStarted(step.id, 1, 50), CancelStep(step.id))
    assert recover(w.state, w.ids)[1][0].verb == "terminate"
    assert recover(retried().state, w.ids)[1] == [TellChild(1, 50, "terminate")]
    w = parent()
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.SUCCESSFUL))
    w.finish("z", ok=False)
    w.tell(RollbackRun())
    assert recover(w.state, w.ids)[1][0].verb == "halt"
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.SUCCESSFUL))
    assert recover(w.state, w.ids)[1][0].verb == "rollback"
    w = World(task("a"), run={"parent_run": 3, "parent_step": 30})
    assert [type(e) for e in recover(w.state, w.ids)[1]] == [HandOver]
    w.finish("a")
    assert recover(w.state, w.ids)[1] == [TellParent(1, 3, 30)]


@pytest.mark.parametrize("started", [False, True])
def test_recovery_of_children_whose_inputs_are_gone(started):
    w = World(task("p"), node(NodeKind.WORKFLOW, "sub", "p", workflow="child", **COMPUTED))
    w.finish("p", outputs={"n": 1})
    sub = w.step("sub").id
    if started:
        w.tell(ChildStarted(sub, 1, 50))
    w.tell(RerunStep(w.step("p").id))
    w.finish("p", outputs={})
    events, effects = recover(w.state, w.ids)
    assert effects == ([TellParent(50, 1, sub)] if started else [])
    w.tell(*events)
    assert w.step("sub").status is (StepStatus.RUNNING if started else StepStatus.FAILED)


@pytest.mark.parametrize("act", ["start", "rollback"])
def test_recovery_of_work_whose_inputs_are_gone(act):
    more = UNDO_BY_OUTPUT if act == "rollback" else {"inputs": {"n": {"$cel": "steps.p.outputs.n"}}}
    w = World(task("p"), task("b", "p", **more))
    w.finish("p", outputs={"n": 1})
    if act == "rollback":
        w.finish("b", ok=False)
        w.tell(RetryRun())
    w.tell(RerunStep(w.step("p").id))
    w.finish("p", outputs={})
    ((event,), _) = recover(w.state, w.ids)
    assert event.phase == f"{act}.failed"
    w.tell(event)
    assert w.step("b").status is StepStatus.FAILED


def test_a_failed_step_whose_rollback_inputs_are_gone_fails_its_rollback():
    w = World(task("p"), task("a", "p", **UNDO_BY_OUTPUT))
    w.finish("p", outputs={"n": 1})
    w.finish("a", ok=False)
    w.tell(RerunStep(w.step("p").id))
    w.finish("p", outputs={})
    w.tell(RollbackRun())
    assert (w.step("a").status, w.step("a").phase) == (StepStatus.FAILED, Phase.ROLLBACK_FAILED)
    assert w.run.status is RunStatus.FAILED


def test_an_empty_node_without_fan_out_view():
    w = World(task("a"), task("b", "a", foreach="steps.a.outputs", serial=True, **UNDO), task("c", "b"))
    w.finish("a", outputs=[1])
    w.finish("b")
    w.finish("c", ok=False)
    w.tell(RollbackRun())
    w.finish("b", ok=False)
    w.tell(RetryRun())
    w.finish("b")
    assert w.run.status is RunStatus.SUCCESSFUL


def test_a_cycle_that_slipped_through_is_a_fault():
    with pytest.raises(ValueError, match="cycle"):
        World(task("a", "b"), task("b", "a"))


def test_absorbing_nothing_changes_nothing():
    w = World(task("a"))
    w.refused(RetryRun())
    assert w.run.status is RunStatus.RUNNING


def test_retries_within_an_opened_fan_out_do_not_open_it_again():
    w = World(task("a"), task("b", "a", foreach="steps.a.outputs"))
    w.finish("a", outputs=[1, 2])
    w.finish("b", index=0)
    w.finish("b", ok=False, index=1)
    w.tell(RetryRun())
    assert w.statuses("b") == "b:SUCCESSFUL,READY"


def test_an_any_join_behind_an_empty_root_starts_with_the_run():
    w = World(task("a", foreach="[]"), task("b"), task("c", "a", "b", join_any=True))
    assert w.statuses("b", "c") == "b:READY c:READY"
