"""Child runs of sub-workflow steps."""

from __future__ import annotations

from headrace.core.messages import text
from headrace.core.run.attempt import end_wait, failed, gone, rolled_back
from headrace.core.run.backward import halt_child
from headrace.core.run.context import ExpressionError
from headrace.core.run.draft import Draft, clear
from headrace.core.run.effects import TellChild
from headrace.core.run.events import ChildEnded, ChildStarted
from headrace.core.run.forward import child_effect, start_child, step_done
from headrace.core.run.state import Step
from headrace.core.run.table import Move
from headrace.core.words import CLOSED, Act, Due, Phase, Reason, RunStatus, StepStatus, Wait


def child_started(d: Draft, event: ChildStarted) -> None:
    """Remember the child; where its step no longer waits for it, end it."""
    if not d.has(event.step):
        return
    step = d.step(event.step)
    step.children = [*(step.children or []), event.child]
    d.touched = True
    if step.attempt != event.attempt or step.status is not StepStatus.RUNNING:
        d.effects.append(TellChild(d.run.id, event.child, "terminate"))
    elif d.run.paused:
        d.effects.append(TellChild(d.run.id, event.child, "pause"))


def child_ended(d: Draft, event: ChildEnded) -> None:
    """The child a step is about reached an end."""
    if not d.has(event.step):
        return
    step = d.peek(event.step)
    if step.child != event.child:
        return
    step = d.step(event.step)
    ok = event.status is RunStatus.SUCCESSFUL
    planned = step.status is StepStatus.READY and step.due is Due.RETRY
    if (step.status is StepStatus.FAILED or planned) and ok and not event.rolled_back:
        _repair(d, step)
    elif step.status is StepStatus.CANCELING:
        gone(d, step)
    elif step.wait is Wait.CHILDREN and step.act is Act.ROLLBACK:
        _child_rolled_back(d, step, event)
    elif step.wait is Wait.CHILDREN and step.status is StepStatus.RUNNING:
        (_start_anew if step.phase is Phase.CANCEL_BEGIN else _child_done)(d, step, event)


def ending(step: Step) -> str:
    """How a child is told to come to its end for what its step is about to do."""
    return "halt" if step.act is Act.ROLLBACK and step.status is not StepStatus.CANCELING else "terminate"


def _start_anew(d: Draft, step: Step, event: ChildEnded) -> None:
    """The child of an earlier attempt has ended, however it did: now comes the one of this attempt. Not in a
    pause: resuming asks after the former one again."""
    if d.run.paused:
        return
    step.phase, step.attempt_at = Phase.MONITOR_BEGIN, d.now
    try:
        start_child(d, step, child_effect(d, d.node_of(step), step))
    except ExpressionError as error:
        step.wait, step.message, step.phase = None, str(error), Phase.START_FAILED
        failed(d, step, Reason.ERROR, Move.CHILDREN_FAIL)


def _child_done(d: Draft, step: Step, event: ChildEnded) -> None:
    if event.status is RunStatus.SUCCESSFUL and not event.rolled_back:
        step.outputs = {"run": event.child}
        end_wait(d, step, Move.CHILDREN_END)
        return
    step.wait = step.due = step.due_at = None
    said = "said_child_undone" if event.rolled_back else "said_child"
    step.message = text(said, {"run": event.child, "status": event.status})
    step.phase = Phase.MONITOR_FAILED
    failed(d, step, Reason.ERROR, Move.CHILDREN_FAIL)


def _child_rolled_back(d: Draft, step: Step, event: ChildEnded) -> None:
    undone = event.rolled_back and event.status is RunStatus.SUCCESSFUL
    if d.run.paused and step.phase is Phase.CANCEL_BEGIN:
        return
    if undone and step.tries < len(step.children or ()):  # what an earlier attempt has started
        step.tries += 1
        halt_child(d, step)
        return
    if not undone and step.phase is Phase.CANCEL_BEGIN:  # it has come to rest
        step.phase = Phase.ROLLBACK_BEGIN
        d.effects.append(TellChild(d.run.id, step.child, "rollback"))
        return
    step.wait = None
    if undone:
        step.phase = Phase.ROLLBACK_SUCCESS
        rolled_back(d, step)
        return
    step.phase = Phase.ROLLBACK_FAILED
    step.message = event.why or text("said_child_rollback", {"run": event.child, "status": event.status})
    failed(d, step, Reason.ERROR, Move.FAIL)


def _repair(d: Draft, step: Step) -> None:
    """The failed child was repaired by hand: its step succeeds after all."""
    if d.run.status in CLOSED or d.run.closing is not None or d.backward:
        return
    d.reopen()
    clear(step)
    step.phase, step.finished_at, step.outputs = Phase.MONITOR_SUCCESS, d.now, {"run": step.child}
    d.move(step, Move.REPAIR)
    d.told(step, Move.REPAIR)
    step_done(d, step)
