"""Rolling back: strictly in reverse topological order, one node after all its downstreams."""

from __future__ import annotations

from headrace.core.run.context import ExpressionError
from headrace.core.run.draft import Draft, clear
from headrace.core.run.effects import TellChild
from headrace.core.run.events import Actor
from headrace.core.run.forward import hand_over, next_attempt
from headrace.core.run.legal import may_undo
from headrace.core.run.plan import PlanNode
from headrace.core.run.state import Step
from headrace.core.run.table import NOTHING_TO_UNDO, Move
from headrace.core.words import Act, NodeKind, Operation, Phase, Reason, StepStatus, Wait


def start_rollback(d: Draft, actor: Actor) -> None:
    """Open a ROLLBACK operation, or go on with the one that failed. Refused where a node forbids it."""
    may_undo(d.run, d.plan.workflow.nodes, d.all_steps())
    d.reopen()
    d.set_deadline()  # its own, also where it follows the failure by itself
    d.open_operation(Operation.ROLLBACK, actor)
    d.tell_run("rollback")
    _stand(d)
    d.recount()
    retry_failed_rollbacks(d)


def _stand(d: Draft) -> None:
    """Steps that a rerun or a retry has put back, and that did not run since, are undone like the others."""
    for step in d.all_steps():
        if step.executed and step.status in NOTHING_TO_UNDO:
            again = d.step(step.id)
            clear(again)
            d.move(again, Move.STAND)
            d.told(again, Move.STAND)


def retry_failed_rollbacks(d: Draft) -> None:
    """Hand every failed rollback over again; the rest follows when they are done."""
    for step in d.all_steps():
        if step.status is StepStatus.FAILED and step.operation is Operation.ROLLBACK:
            undo(d, d.node_of(step), d.step(step.id))
    d.recount()


def consider(d: Draft, n: int) -> None:
    """Roll node ``n`` back when all its downstreams are."""
    t = d.tally
    if t.resolved[n] or t.waiting[n] > 0:
        return
    if t.left[n] == 0:
        _resolve(d, n)
    elif not d.held:
        _undo_steps(d, d.plan.nodes[n])


def _resolve(d: Draft, n: int) -> None:
    t = d.tally
    t.resolved[n] = True
    t.unresolved -= 1
    for up in d.plan.nodes[n].ups:
        t.waiting[up] -= 1
        if t.waiting[up] == 0:
            d.queue.append(up)


def _undo_steps(d: Draft, node: PlanNode) -> None:
    """Newest first; a serial fan-out one at a time, a limited one as many as it allows."""
    for step_id in reversed(d.by_node[node.index]):
        if d.held or (node.limit and d.tally.busy[node.index] >= node.limit):
            return
        step = d.peek(step_id)
        if step.status in (StepStatus.SUCCESSFUL, StepStatus.FAILED):
            undo(d, node, d.step(step_id))


def undo(d: Draft, node: PlanNode, step: Step) -> None:
    """Roll one step back: by its executor, by its children, or at once where nothing is to undo."""
    step.operation = Operation.ROLLBACK
    if node.kind is NodeKind.WORKFLOW and step.child and step.executed:
        _undo_children(d, step)
    elif step.executed and node.undoable:
        _undo_by_executor(d, node, step)
    else:
        clear(step)
        step.finished_at, step.executed = d.now, False
        d.move(step, Move.UNDO)
        d.told(step, Move.UNDO)
        step_undone(d, step)


def _undo_by_executor(d: Draft, node: PlanNode, step: Step) -> None:
    outputs = step.outputs
    next_attempt(d, step)
    step.tries = 1
    try:
        hand_over(d, node, step, Act.ROLLBACK, Move.ROLL_BACK)
    except ExpressionError as error:
        step.reason, step.message, step.phase = Reason.ERROR, str(error), Phase.ROLLBACK_FAILED
        step.act = Act.ROLLBACK
        d.move(step, Move.UNFIT)
        d.told(step, Move.UNFIT)
        d.end_attempt(step)
        d.recount()
    step.outputs = outputs


def _undo_children(d: Draft, step: Step) -> None:
    next_attempt(d, step)
    step.tries = 1
    step.act, step.wait, step.attempt_at = Act.ROLLBACK, Wait.CHILDREN, d.now
    halt_child(d, step)
    d.move(step, Move.ROLL_BACK)
    d.told(step, Move.ROLL_BACK)


def halt_child(d: Draft, step: Step) -> None:
    """What it does now, because it is being repaired, ends before it is rolled back."""
    step.phase = Phase.CANCEL_BEGIN
    d.effects.append(TellChild(d.run.id, step.child, "halt"))


def step_undone(d: Draft, step: Step) -> None:
    """The step is rolled back; perhaps its node is."""
    d.expression_steps = None
    d.queue.append(step.node)
