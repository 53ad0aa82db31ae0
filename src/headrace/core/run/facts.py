"""What dispatch reports. A fact for another attempt than the current is late and changes nothing."""

from __future__ import annotations

from headrace.core.messages import text
from headrace.core.run.attempt import failed, failing_act, gone, rolled_back
from headrace.core.run.context import ExpressionError
from headrace.core.run.draft import Draft
from headrace.core.run.effects import CancelWork, Proceed
from headrace.core.run.events import Accepted, Event, Finished, Lost, Progressed, Resisted, Vanished
from headrace.core.run.forward import hand_over, next_attempt, step_done
from headrace.core.run.plan import PlanNode
from headrace.core.run.state import Step
from headrace.core.run.table import Move
from headrace.core.words import Act, Due, OnLost, Phase, Reason, StepStatus

WORKING = frozenset({StepStatus.READY, StepStatus.RUNNING, StepStatus.CANCELING})
BEGIN = {act: Phase(f"{act}.begin") for act in Act}
UNBEGUN = (Due.RETRY, Due.GATE)  # it waits for its attempt to begin: no worker has anything to say
FINISH, START, ROLLBACK, CANCELING = Move.FINISH, Act.START, Act.ROLLBACK, StepStatus.CANCELING


def _current(d: Draft, event: Accepted | Progressed | Finished | Vanished | Resisted | Lost) -> Step | None:
    """The step the fact is about, to change; None when the fact is late."""
    if d.has(event.step):
        step = d.peek(event.step)
        if step.attempt == event.attempt and step.status in WORKING and step.due not in UNBEGUN:
            return d.step(event.step)
    _late(d, event)
    return None


def _late(d: Draft, event: Event) -> None:
    """Keep a trace of what came too late; nothing else changes."""
    d.touched = True
    d.decision.history.append(
        {
            "late": type(event).__name__,
            "step": getattr(event, "step", None),
            "attempt": getattr(event, "attempt", None),
        }
    )


def accepted(d: Draft, event: Accepted) -> None:
    """A worker has the attempt: from now on it counts as started, and it may proceed."""
    step = _current(d, event)
    if step is None:
        d.effects.append(CancelWork(d.run.id, event.step, event.attempt, answer=False))
    elif step.status is StepStatus.READY:
        _start_attempt(d, step, event.worker)
        d.effects.append(Proceed(d.run.id, step.id, step.attempt))
    elif step.status is StepStatus.RUNNING and step.worker == event.worker:
        d.effects.append(Proceed(d.run.id, step.id, step.attempt))  # the leave was lost on its way


def _start_attempt(d: Draft, step: Step, worker: str) -> None:
    _mark_started(d, step)
    step.worker = worker
    step.phase = BEGIN[step.act]
    limit = d.node_of(step).spec.timeout
    if limit:
        step.due, step.due_at = Due.TIMEOUT, d.now + limit
    d.move(step, Move.ACCEPT)
    d.told(step, Move.ACCEPT)


def _mark_started(d: Draft, step: Step) -> None:
    step.attempt_at = step.attempt_at or d.now
    step.started_at = step.started_at or d.now
    if step.act is START:
        step.executed = True


def progressed(d: Draft, event: Progressed) -> None:
    """Progress is shown, not decided upon."""
    if not d.has(event.step):
        return
    step = d.peek(event.step)
    if step.attempt != event.attempt or step.status is not StepStatus.RUNNING:
        return
    step = d.step(event.step)
    if event.percent is not None:
        step.progress = event.percent
    if event.message is not None:
        step.message = event.message
    if event.phase is not None:
        step.phase = event.phase
    d.touched = True
    d.decision.history.append(
        {"step": step.id, "progress": step.progress, "phase": step.phase, "message": step.message}
    )


def finished(d: Draft, event: Finished) -> None:
    """The attempt's work is over."""
    step = _current(d, event)
    if step is None:
        return
    if event.act is not step.act:
        _late(d, event)
        return
    if step.status is CANCELING:
        gone(d, step)
        return
    _mark_started(d, step)
    step.worker = event.worker or step.worker
    step.phase = event.phase
    step.due = step.due_at = step.wait = None
    step.message = event.message
    if event.ok:
        _succeeded(d, step, event)
    else:
        step.outputs = event.outputs if event.act is START else step.outputs
        failed(d, step, event.reason or Reason.ERROR, Move.FAIL)


def _succeeded(d: Draft, step: Step, event: Finished) -> None:
    if event.act is ROLLBACK:
        if d.backward:
            rolled_back(d, step)
        else:
            _turn(d, step)
        return
    step.outputs = event.outputs
    step.progress = 100.0 if step.progress is not None else None
    step.finished_at = d.now
    d.move(step, FINISH)
    d.told(step, FINISH)
    d.end_attempt(step)
    step_done(d, step)


def _turn(d: Draft, step: Step) -> None:
    """Rolled back before a retry: the same attempt starts now, or another one when the pause is over."""
    step.executed = False  # nothing of it is left that a rollback had to undo
    if d.run.paused:
        status, step.status = step.status, StepStatus.PENDING  # as the attempt ended
        step.finished_at = d.now
        d.end_attempt(step)
        step.status = status
        _hold(d, step)
        return
    if step.status is StepStatus.READY:  # an inline rollback never was RUNNING
        d.move(step, Move.ACCEPT)
    step.worker = None
    try:
        hand_over(d, d.node_of(step), step, Act.START, Move.TURN)
    except ExpressionError as error:
        step.message = str(error)
        failed(d, step, Reason.ERROR, Move.FAIL)


def vanished(d: Draft, event: Vanished) -> None:
    """Canceled work is verified gone."""
    step = _current(d, event)
    if step is not None and step.status is CANCELING:
        gone(d, step)


def resisted(d: Draft, event: Resisted) -> None:
    """The work is not gone yet: stay CANCELING and say why."""
    step = _current(d, event)
    if step is not None and step.status is CANCELING:
        step.message = event.message
        d.told(step, Move.CANCEL)


def lost(d: Draft, event: Lost) -> None:
    """The worker died. What may be started again is, up to three times; else the step fails."""
    step = _current(d, event)
    if step is None:
        return
    if step.status is CANCELING:
        gone(d, step)
        return
    node = d.node_of(step)
    step.message = event.message or text("said_lost", {})
    step.due = step.due_at = None
    policy = node.spec.on_lost or node.capabilities.on_lost
    step.losses += 1
    if policy is OnLost.RETRY and step.losses <= LOSSES_MAX:
        _start_over(d, node, step)
    else:
        step.phase = Phase(f"{failing_act(step)}.failed")
        failed(d, step, Reason.LOST, Move.LOSE)


LOSSES_MAX = 3
"""A step whose worker dies this often without being the reason is a poison pill: it fails."""


def _start_over(d: Draft, node: PlanNode, step: Step) -> None:
    step.reason, step.finished_at = Reason.LOST, d.now
    status, step.status = step.status, StepStatus.FAILED
    d.end_attempt(step)
    step.status = status
    if d.run.paused:
        _hold(d, step)
        return
    act = step.act
    next_attempt(d, step)
    step.tries -= 1
    try:
        hand_over(d, node, step, act, Move.REGAIN)
    except ExpressionError as error:
        step.message = str(error)
        failed(d, step, Reason.ERROR, Move.FAIL)


def _hold(d: Draft, step: Step) -> None:
    """Nothing is handed over in a pause; resuming does, and that is no try of its own."""
    step.tries -= 1
    step.worker = None
    step.due, step.due_at = Due.RETRY, d.now
    d.move(step, Move.REGAIN)
    d.told(step, Move.REGAIN)
