"""Ending a run from outside: terminate and expiry."""

from __future__ import annotations

from headrace.core.run.draft import Draft, clear
from headrace.core.run.effects import CancelWork, TellChild
from headrace.core.run.forward import end_child
from headrace.core.run.state import Step
from headrace.core.run.table import Move
from headrace.core.words import Due, Operation, Phase, Reason, RunStatus, StepStatus, Wait


def close_run(d: Draft, end: RunStatus) -> None:
    """Cancel what is at work, drop what waits; the run closes once nothing is active."""
    run = d.run
    if run.started_at is None:
        run.started_at = d.now
    run.closing = end
    run.paused = False
    d.tell_run("close", to=end)
    reason = Reason.EXPIRED if end is RunStatus.EXPIRED else Reason.CANCELED
    for step in d.all_steps():
        if step.status is StepStatus.PENDING and not d.backward:
            _close_step(d, d.step(step.id))
        elif step.status in (StepStatus.READY, StepStatus.RUNNING):
            cancel_step(d, d.step(step.id), reason)
        if d.peek(step.id).status in (StepStatus.FAILED, StepStatus.BYPASSED):
            end_child(d, step)
    d.recount()


def _close_step(d: Draft, step: Step) -> None:
    clear(step)
    step.reason, step.phase, step.finished_at = Reason.CANCELED, Phase.CANCELED, d.now
    d.move(step, Move.CLOSE)
    d.told(step, Move.CLOSE)


def cancel_step(d: Draft, step: Step, reason: Reason) -> None:
    """End an active step: at once where nothing is at work, else when the work is gone."""
    if step.operation is not Operation.ROLLBACK:
        step.operation = Operation.CANCEL
    step.reason = reason
    if step.due is Due.RETRY or (step.wait is not None and step.wait is not Wait.CHILDREN):
        _drop(d, step)
        return
    step.due = step.due_at = None
    step.phase = Phase.CANCEL_BEGIN
    d.move(step, Move.CANCEL)
    d.told(step, Move.CANCEL)
    if step.wait is Wait.CHILDREN:
        if step.child:
            d.effects.append(TellChild(d.run.id, step.child, "terminate"))
    else:
        d.effects.append(CancelWork(d.run.id, step.id, step.attempt))


def _drop(d: Draft, step: Step) -> None:
    unbegun = step.due in (Due.RETRY, Due.GATE)
    step.wait = step.due = step.due_at = None
    step.phase, step.finished_at = Phase.CANCELED, d.now
    d.move(step, Move.DROP)
    d.told(step, Move.DROP)
    if not unbegun:
        d.end_attempt(step)
