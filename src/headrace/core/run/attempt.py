"""How an attempt ends: well, badly, canceled, rolled back; and what follows."""

from __future__ import annotations

from headrace.core.run.backward import step_undone
from headrace.core.run.context import ExpressionError
from headrace.core.run.draft import Draft, clear
from headrace.core.run.forward import begin, hand_over, next_attempt, retry_delay, step_done
from headrace.core.run.plan import PlanNode
from headrace.core.run.state import Step
from headrace.core.run.table import Move
from headrace.core.words import Act, Due, NodeKind, Operation, Phase, Reason, StepStatus


def rolled_back(d: Draft, step: Step) -> None:
    """Its rollback within a ROLLBACK operation is done: back to PENDING."""
    step.finished_at = d.now
    d.move(step, Move.UNDONE)
    d.told(step, Move.UNDONE)
    d.end_attempt(step)
    step.executed = False
    step.outputs = None
    step_undone(d, step)


def failed(d: Draft, step: Step, reason: Reason, move: Move) -> None:
    """The attempt failed: plan an automatic retry, or leave the step FAILED."""
    node = d.node_of(step)
    step.reason, step.finished_at = reason, d.now
    if _may_try_again(d, node, step):
        _try_again(d, node, step, Move.AGAIN)
        return
    d.move(step, move)
    d.told(step, move)
    d.end_attempt(step)
    if node.limit and not d.backward:
        d.queue.append(step.node)


def _may_try_again(d: Draft, node: PlanNode, step: Step) -> bool:
    return (
        step.tries <= node.spec.retry.max
        and not d.backward
        and d.run.closing is None
        and step.act is not Act.MOCK
        and step.reason in (Reason.ERROR, Reason.TIMEOUT, Reason.LOST)
        and step.wait is None
    )


def _try_again(d: Draft, node: PlanNode, step: Step, move: Move) -> None:
    """The failed attempt is kept; the next waits for its durable delay."""
    status, step.status = step.status, StepStatus.FAILED  # as the attempt ended
    d.end_attempt(step)
    step.status = status
    delay = retry_delay(d, node, step)
    step.operation = Operation.RETRY
    d.move(step, move)
    d.told(step, move)
    step.due, step.due_at = Due.RETRY, d.now + delay
    step.wait, step.worker = None, None


def retry_now(d: Draft, step: Step) -> None:
    """Hand an automatic retry over."""
    node = d.node_of(step)
    if node.kind is NodeKind.WORKFLOW:
        step.due = step.due_at = None
        d.move(step, Move.RETRY)
        d.told(step, Move.RETRY)
        begin(d, node, step)
        return
    undo_first = step.executed and node.undoable and node.spec.retry.rollback
    act = Act.ROLLBACK if undo_first or d.backward else Act.START
    next_attempt(d, step)
    try:
        hand_over(d, node, step, Act.MOCK if d.run.mock else act, Move.AGAIN)
    except ExpressionError as error:
        step.message = str(error)
        failed(d, step, Reason.ERROR, Move.FAIL)


def gone(d: Draft, step: Step) -> None:
    """CANCELING ends as FAILED; a timed-out attempt may be tried again."""
    step.due = step.due_at = step.wait = None
    if step.reason is Reason.TIMEOUT:
        failed(d, step, Reason.TIMEOUT, Move.VANISH)
        return
    step.phase = Phase.CANCEL_SUCCESS
    step.finished_at = d.now
    d.move(step, Move.VANISH)
    d.told(step, Move.VANISH)
    d.end_attempt(step)


def expire(d: Draft, step: Step) -> None:
    """An approval or a choice did not come in time."""
    clear(step)
    step.reason, step.phase, step.finished_at = Reason.EXPIRED, Phase.MONITOR_FAILED, d.now
    d.move(step, Move.EXPIRE)
    d.told(step, Move.EXPIRE)
    d.end_attempt(step)


def end_wait(d: Draft, step: Step, move: Move) -> None:
    step.wait = step.due = step.due_at = None
    step.phase, step.finished_at = Phase.MONITOR_SUCCESS, d.now
    d.move(step, move)
    d.told(step, move)
    d.end_attempt(step)
    step_done(d, step)


def failing_act(step: Step) -> str:
    return "monitor" if str(step.phase).startswith("monitor") else str(step.act)
