"""What people and surfaces ask for. Every handler checks first and changes afterwards: a refusal leaves
the draft as it was."""

from __future__ import annotations

from collections.abc import Iterable

from headrace.core.run import gates
from headrace.core.run.attempt import retry_now
from headrace.core.run.backward import retry_failed_rollbacks, start_rollback, step_undone
from headrace.core.run.changed import require_fitting
from headrace.core.run.children import ending
from headrace.core.run.closing import cancel_step, close_run
from headrace.core.run.draft import Draft, clear, known_step, open_step
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
    TerminateRun,
)
from headrace.core.run.forward import add_step, begin, bypass, end_child, may_open, step_done
from headrace.core.run.legal import (
    may_break_step,
    may_cancel_step,
    may_pause_run,
    may_rerun_run,
    may_rerun_step,
    may_resume_run,
    may_retry_run,
    may_retry_step,
    may_rollback_run,
    may_skip_step,
    may_terminate_run,
)
from headrace.core.run.people import skip_outputs
from headrace.core.run.state import Step
from headrace.core.run.table import Move
from headrace.core.words import (
    Due,
    Operation,
    Phase,
    Reason,
    RunStatus,
    StepStatus,
    Wait,
)

# -- run ---------------------------------------------------------------------------------------------


def retry_run(d: Draft, event: RetryRun) -> None:
    """All failed steps again; within a rollback: the failed rollbacks."""
    may_retry_run(d.run)
    d.reopen()
    d.open_operation(Operation.RETRY, event.actor)
    if d.backward:
        retry_failed_rollbacks(d)
        return
    failed = [step.id for step in d.all_steps() if step.status is StepStatus.FAILED]
    for step_id in failed:
        _put_back(d, d.step(step_id), Operation.RETRY, Move.RETRY)
    d.recount()
    _begin_where_free(d, [step_id for step_id in failed if may_open(d, d.peek(step_id).node)])


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
    may_rollback_run(d.run, event.closed)
    start_rollback(d, event.actor)


def pause_run(d: Draft, event: PauseRun) -> None:
    """No more hand-overs; what runs, runs on, and so do waits."""
    may_pause_run(d.run)
    d.run.paused = True
    d.tell_run("pause", actor=event.actor.name)
    _tell_children(d, "pause")


def resume_run(d: Draft, event: ResumeRun) -> None:
    """Hand over what was held back."""
    may_resume_run(d.run)
    d.run.paused = False
    d.tell_run("resume", actor=event.actor.name)
    _tell_children(d, "resume")
    for step in d.all_steps():
        if step.due_at is None or step.due_at > d.now:
            continue
        if step.due is Due.RETRY:
            retry_now(d, d.step(step.id))
        elif step.due is Due.GATE:
            gates.open_gate(d, d.step(step.id))
            begin(d, d.node_of(step), d.step(step.id))
    d.consider_all()


def _tell_children(d: Draft, verb: str) -> None:
    for step in d.all_steps():
        if step.wait is Wait.CHILDREN and step.child:
            d.effects.append(TellChild(d.run.id, step.child, verb))
            if verb == "resume" and step.phase is Phase.CANCEL_BEGIN:  # what follows its end was held back
                d.effects.append(TellChild(d.run.id, step.child, ending(step)))


def terminate_run(d: Draft, event: TerminateRun) -> None:
    """End it as CANCELED, once everything at work is gone."""
    may_terminate_run(d.run)
    if d.run.status is RunStatus.FAILED:
        d.reopen()
    if not d.backward:
        d.open_operation(Operation.CANCEL, event.actor)
    close_run(d, RunStatus.CANCELED)


def rerun_run(d: Draft, event: RerunRun) -> None:
    """The whole graph once more, on the same version."""
    may_rerun_run(d.run)
    d.reopen()
    d.open_operation(Operation.EXECUTE, event.actor)
    d.run.finished_at = None
    d.recount()
    _give_back(d, range(len(d.plan.nodes)))
    for step in d.all_steps():
        _put_back(d, d.step(step.id), Operation.EXECUTE, Move.RERUN)
    d.recount()


# -- step --------------------------------------------------------------------------------------------


def retry_step(d: Draft, event: RetryStep) -> None:
    """One failed step again, perhaps with other inputs."""
    step = open_step(d, event.step)
    may_retry_step(d.run, step)
    if d.backward:
        _retry_rollback(d, event)
        return
    if event.inputs is not None:
        require_fitting(d.node_of(step), step.id, event.inputs)
    d.reopen()
    d.open_operation(Operation.RETRY, event.actor)
    step = d.step(step.id)
    if event.inputs is not None:
        step.inputs = event.inputs
        d.told(step, Move.RETRY, inputs=event.inputs, actor=event.actor.name)
    _put_back(d, step, Operation.RETRY, Move.RETRY)
    d.recount()
    if may_open(d, step.node):  # else what comes before it is to be repaired, or runs again, first
        _begin_where_free(d, [step.id])


def _retry_rollback(d: Draft, event: RetryStep) -> None:
    d.reopen()
    d.open_operation(Operation.RETRY, event.actor)
    retry_failed_rollbacks(d)


def skip_step(d: Draft, event: SkipStep) -> None:
    """A failed step counts as done without running; so does a timer that permits it."""
    step = open_step(d, event.step)
    node = d.node_of(step)
    may_skip_step(d.run, step, node.spec)
    if d.backward:
        _pass_over(d, step)
        return
    outputs = skip_outputs(node, step, event.outputs)
    d.reopen()
    step = d.step(step.id)
    _settle(step)
    step.operation, step.outputs = Operation.SKIP, outputs
    step.finished_at = d.now
    end_child(d, step)
    waited = step.status is StepStatus.RUNNING and step.attempt > 0  # a step before its own time has none
    d.move(step, Move.SKIP)
    d.told(step, Move.SKIP, actor=event.actor.name)
    if waited:
        d.end_attempt(step)
    step_done(d, step)


def _pass_over(d: Draft, step: Step) -> None:
    """Within a rollback: go on as if it had been rolled back."""
    d.reopen()
    step = d.step(step.id)
    _settle(step)
    step.operation, step.finished_at, step.executed = Operation.ROLLBACK, d.now, False
    d.move(step, Move.PASS_OVER)
    d.told(step, Move.PASS_OVER)
    d.recount()
    step_undone(d, step)


def _settle(step: Step) -> None:
    """Clear it without another attempt: who had the last one is still to be seen."""
    worker = step.worker
    clear(step)
    step.worker = worker


def cancel(d: Draft, event: CancelStep) -> None:
    """End one active step; it fails as canceled once its work is gone."""
    step = open_step(d, event.step)
    may_cancel_step(d.run, step)
    cancel_step(d, d.step(step.id), Reason.CANCELED)


def break_step(d: Draft, event: BreakStep) -> None:
    """A step whose turn has not come, and all after it, will not run."""
    step = open_step(d, event.step)
    may_break_step(d.run, step)
    if step.due is Due.GATE:
        gates.open_gate(d, d.step(step.id))
    broken = [step.id]
    for n in sorted(d.plan.descendants(step.node)):
        broken += [s.id for s in d.node_steps(n) if s.status is StepStatus.PENDING]
    for step_id in broken:
        bypass(d, d.step(step_id), Move.BREAK, Reason.BROKEN)
    d.recount()


def rerun_step(d: Draft, event: RerunStep) -> None:
    """This step once more; with ``downstream`` everything after it as well."""
    step = known_step(d, event.step)
    after = _after(d, step) if event.downstream else []
    may_rerun_step(d.run, step, after)
    d.reopen()
    d.open_operation(Operation.EXECUTE, event.actor)
    if event.downstream:
        _give_back(d, d.plan.descendants(step.node))
    for other in (step, *after):
        _put_back(d, d.step(other.id), Operation.EXECUTE, Move.RERUN)
    d.recount()
    _begin_where_free(d, [step.id])


def _give_back(d: Draft, nodes: Iterable[int]) -> None:
    """Fan-outs that found nothing to do have lost their step; they look again, so they get one."""
    for n in nodes:
        if d.plan.nodes[n].dynamic and not d.by_node[n]:
            d.by_node = [*d.by_node[:n], [add_step(d, n, -1, None)], *d.by_node[n + 1 :]]


def _after(d: Draft, step: Step) -> list[Step]:
    nodes = sorted(d.plan.descendants(step.node))
    return [other for n in nodes for other in d.node_steps(n)]
