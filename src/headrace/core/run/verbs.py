"""What people and surfaces ask for. Every handler checks first and changes afterwards: a refusal leaves
the draft as it was."""

from __future__ import annotations

from headrace.core.run.attempt import retry_now
from headrace.core.run.backward import retry_failed_rollbacks, start_rollback, step_undone
from headrace.core.run.closing import cancel_step, close_run
from headrace.core.run.draft import Draft, clear, known_step, open_step, wrong_state
from headrace.core.run.effects import TellChild
from headrace.core.run.events import (
    BreakStep,
    CancelStep,
    PauseRun,
    RerunRun,
    RerunStep,
    ResumeRun,
    RetryRun,
    RetryStep,
    RollbackRun,
    SkipStep,
    StepVerb,
    TerminateRun,
)
from headrace.core.run.forward import begin, bypass, step_done
from headrace.core.run.people import skip_outputs
from headrace.core.run.state import Step
from headrace.core.run.table import ACTIVE, Move
from headrace.core.words import (
    CLOSED,
    Due,
    Operation,
    Reason,
    RunStatus,
    StepStatus,
    Wait,
)


def _require_run(d: Draft, *statuses: RunStatus) -> None:
    """The run has one of these statuses, is not on its way to an end and not paused."""
    run = d.run
    if run.status not in statuses or run.closing is not None:
        raise wrong_state("run_wrong_state", run=run.id, status=run.closing or run.status)
    if run.paused:
        raise wrong_state("run_paused", run=run.id, status=run.status)


def _require_step(d: Draft, event: StepVerb, *statuses: StepStatus) -> Step:
    """The step, when its run is open and it has one of these statuses."""
    step = open_step(d, event.step)
    if step.status not in statuses:
        raise wrong_state("step_wrong_state", step=step.id, status=step.status)
    return step


# -- run ---------------------------------------------------------------------------------------------


def retry_run(d: Draft, event: RetryRun) -> None:
    """All failed steps again; within a rollback: the failed rollbacks."""
    _require_run(d, RunStatus.FAILED)
    d.reopen()
    d.open_operation(Operation.RETRY, event.actor)
    if d.backward:
        retry_failed_rollbacks(d)
        return
    failed = [step.id for step in d.all_steps() if step.status is StepStatus.FAILED]
    for step_id in failed:
        _put_back(d, d.step(step_id), Operation.RETRY, Move.RETRY)
    d.recount()
    _begin_where_free(d, failed)


def _put_back(d: Draft, step: Step, operation: Operation, move: Move) -> None:
    """To PENDING, with a fresh budget of automatic retries."""
    clear(step)
    step.operation, step.tries, step.losses = operation, 0, 0
    step.finished_at = None
    d.move(step, move)
    d.told(step, move)


def _begin_where_free(d: Draft, steps: list[int]) -> None:
    """Start these whatever held them back before, but within their node's limit."""
    for step_id in steps:
        node = d.plan.nodes[d.peek(step_id).node]
        unexpanded = node.dynamic and all(s.status is StepStatus.PENDING for s in d.node_steps(node.index))
        if not unexpanded and not (node.limit and d.tally.busy[node.index] >= node.limit):
            begin(d, node, d.step(step_id))


def rollback_run(d: Draft, event: RollbackRun) -> None:
    """Undo everything that was executed; a rollback that failed goes on where it stopped."""
    allowed = [RunStatus.FAILED, *(CLOSED if event.closed else ())]
    _require_run(d, *allowed)
    if d.backward and d.run.status is RunStatus.SUCCESSFUL:
        raise wrong_state("run_rolled_back", run=d.run.id, status=d.run.status)
    start_rollback(d, event.actor)


def pause_run(d: Draft, event: PauseRun) -> None:
    """No more hand-overs; what runs, runs on, and so do waits."""
    _require_run(d, RunStatus.RUNNING)
    d.run.paused = True
    d.tell_run("pause", actor=event.actor.name)
    _tell_children(d, "pause")


def resume_run(d: Draft, event: ResumeRun) -> None:
    """Hand over what was held back."""
    run = d.run
    if not run.paused:
        raise wrong_state("run_not_paused", run=run.id, status=run.status)
    run.paused = False
    d.tell_run("resume", actor=event.actor.name)
    _tell_children(d, "resume")
    for step in d.all_steps():
        if step.due is Due.RETRY and step.due_at is not None and step.due_at <= d.now:
            retry_now(d, d.step(step.id))
    d.consider_all()


def _tell_children(d: Draft, verb: str) -> None:
    for step in d.all_steps():
        if step.wait is Wait.CHILDREN and step.children:
            d.effects.append(TellChild(d.run.id, step.children[-1], verb))


def terminate_run(d: Draft, event: TerminateRun) -> None:
    """End it as CANCELED, once everything at work is gone."""
    run = d.run
    if run.status not in (RunStatus.RUNNING, RunStatus.FAILED) or run.closing is not None:
        raise wrong_state("run_wrong_state", run=run.id, status=run.closing or run.status)
    if run.status is RunStatus.FAILED:
        d.reopen()
    if not d.backward:
        d.open_operation(Operation.CANCEL, event.actor)
    close_run(d, RunStatus.CANCELED)


def rerun_run(d: Draft, event: RerunRun) -> None:
    """The whole graph once more, on the same version."""
    _require_run(d, RunStatus.FAILED, *CLOSED)
    d.reopen()
    d.open_operation(Operation.EXECUTE, event.actor)
    d.run.finished_at = None
    d.recount()
    for step in d.all_steps():
        _put_back(d, d.step(step.id), Operation.EXECUTE, Move.RERUN)
    d.recount()


# -- step --------------------------------------------------------------------------------------------


def retry_step(d: Draft, event: RetryStep) -> None:
    """One failed step again, perhaps with other inputs."""
    step = _require_step(d, event, StepStatus.FAILED)
    if d.backward:
        _retry_rollback(d, event)
        return
    d.reopen()
    d.open_operation(Operation.RETRY, event.actor)
    step = d.step(step.id)
    if event.inputs is not None:
        step.inputs = event.inputs
        d.told(step, Move.RETRY, inputs=event.inputs, actor=event.actor.name)
    _put_back(d, step, Operation.RETRY, Move.RETRY)
    d.recount()
    _begin_where_free(d, [step.id])


def _retry_rollback(d: Draft, event: RetryStep) -> None:
    _require_failed_rollback(d.peek(event.step))
    d.reopen()
    d.open_operation(Operation.RETRY, event.actor)
    retry_failed_rollbacks(d)


def _require_failed_rollback(step: Step) -> None:
    if step.operation is not Operation.ROLLBACK:
        raise wrong_state("step_awaits_rollback", step=step.id, status=step.status)


def skip_step(d: Draft, event: SkipStep) -> None:
    """A failed step counts as done without running; so does a timer that permits it."""
    step = open_step(d, event.step)
    node = d.node_of(step)
    if step.status is StepStatus.RUNNING and step.wait is Wait.TIMER:
        if not node.spec.skippable:
            raise wrong_state("step_not_skippable", step=step.id, status=step.status)
    elif step.status is not StepStatus.FAILED:
        raise wrong_state("step_wrong_state", step=step.id, status=step.status)
    if d.backward:
        _pass_over(d, step)
        return
    outputs = skip_outputs(node, step, event.outputs)
    d.reopen()
    step = d.step(step.id)
    clear(step)
    step.operation, step.outputs = Operation.SKIP, outputs
    step.finished_at = d.now
    d.move(step, Move.SKIP)
    d.told(step, Move.SKIP, actor=event.actor.name)
    step_done(d, step)


def _pass_over(d: Draft, step: Step) -> None:
    """Within a rollback: go on as if it had been rolled back."""
    _require_failed_rollback(step)
    d.reopen()
    step = d.step(step.id)
    clear(step)
    step.operation, step.finished_at, step.executed = Operation.ROLLBACK, d.now, False
    d.move(step, Move.PASS_OVER)
    d.told(step, Move.PASS_OVER)
    d.recount()
    step_undone(d, step)


def cancel(d: Draft, event: CancelStep) -> None:
    """End one active step; it fails as canceled once its work is gone."""
    step = _require_step(d, event, StepStatus.READY, StepStatus.RUNNING)
    cancel_step(d, d.step(step.id), Reason.CANCELED)


def break_step(d: Draft, event: BreakStep) -> None:
    """A step whose turn has not come, and all after it, will not run."""
    step = _require_step(d, event, StepStatus.PENDING)
    if d.backward:
        raise wrong_state("step_wrong_state", step=step.id, status=step.status)
    broken = [step.id]
    for n in sorted(d.plan.descendants(step.node)):
        broken += [s.id for s in d.node_steps(n) if s.status is StepStatus.PENDING]
    for step_id in broken:
        bypass(d, d.step(step_id), Move.BREAK, Reason.BROKEN)
    d.recount()


def rerun_step(d: Draft, event: RerunStep) -> None:
    """This step once more; with ``downstream`` everything after it as well."""
    run, step = d.run, known_step(d, event.step)
    if run.paused or run.closing is not None or d.backward:
        raise wrong_state("run_wrong_state", run=run.id, status=run.closing or run.status)
    if step.status not in (StepStatus.SUCCESSFUL, StepStatus.FAILED, StepStatus.BYPASSED):
        raise wrong_state("step_wrong_state", step=step.id, status=step.status)
    after = _after(d, step) if event.downstream else []
    busy = next((s for s in after if s.status in ACTIVE), None)
    if busy is not None:
        raise wrong_state("step_wrong_state", step=busy.id, status=busy.status)
    d.reopen()
    d.open_operation(Operation.EXECUTE, event.actor)
    for other in (step, *after):
        _put_back(d, d.step(other.id), Operation.EXECUTE, Move.RERUN)
    d.recount()
    _begin_where_free(d, [step.id])


def _after(d: Draft, step: Step) -> list[Step]:
    nodes = sorted(d.plan.descendants(step.node))
    return [other for n in nodes for other in d.node_steps(n)]
