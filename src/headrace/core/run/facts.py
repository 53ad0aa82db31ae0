"""What dispatch, time and child runs report. A fact for another attempt than the current is late."""

from __future__ import annotations

from headrace.core.run.backward import step_undone
from headrace.core.run.closing import close_run
from headrace.core.run.context import ExpressionError
from headrace.core.run.draft import Draft, clear
from headrace.core.run.effects import CancelWork, Proceed, TellChild
from headrace.core.run.events import (
    Accepted,
    Begin,
    ChildEnded,
    ChildStarted,
    Event,
    Finished,
    Lost,
    Progressed,
    Resisted,
    RunDue,
    StepDue,
    Vanished,
)
from headrace.core.run.forward import begin, hand_over, next_attempt, retry_delay, step_done
from headrace.core.run.plan import PlanNode
from headrace.core.run.state import Step
from headrace.core.run.table import Move
from headrace.core.words import (
    CLOSED,
    Act,
    Due,
    NodeKind,
    OnLost,
    Operation,
    Phase,
    Reason,
    RunStatus,
    StepStatus,
    Wait,
)

WORKING = frozenset({StepStatus.READY, StepStatus.RUNNING, StepStatus.CANCELING})


def _current(d: Draft, event: Accepted | Progressed | Finished | Vanished | Resisted | Lost) -> Step | None:
    """The step the fact is about, to change; None when the fact is late."""
    if d.has(event.step):
        step = d.peek(event.step)
        if step.attempt == event.attempt and step.status in WORKING and step.due is not Due.RETRY:
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
    step.phase = Phase(f"{step.act}.begin")
    limit = d.node_of(step).spec.timeout
    if limit:
        step.due, step.due_at = Due.TIMEOUT, d.now + limit
    d.move(step, Move.ACCEPT)
    d.told(step, Move.ACCEPT)


def _mark_started(d: Draft, step: Step) -> None:
    step.attempt_at = step.attempt_at or d.now
    step.started_at = step.started_at or d.now
    if step.act is Act.START:
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
    if step.status is StepStatus.CANCELING:
        _gone(d, step)
        return
    _mark_started(d, step)
    step.worker = event.worker or step.worker
    step.phase = event.phase
    step.due = step.due_at = step.wait = None
    step.message = event.message
    if event.ok:
        _succeeded(d, step, event)
    else:
        step.outputs = event.outputs if event.act is Act.START else step.outputs
        failed(d, step, event.reason or Reason.ERROR, Move.FAIL)


def _succeeded(d: Draft, step: Step, event: Finished) -> None:
    if event.act is Act.ROLLBACK:
        if d.backward:
            rolled_back(d, step)
        else:
            _turn(d, step)
        return
    step.outputs = event.outputs
    step.progress = 100.0 if step.progress is not None else None
    step.finished_at = d.now
    d.move(step, Move.FINISH)
    d.told(step, Move.FINISH)
    d.end_attempt(step)
    step_done(d, step)


def _turn(d: Draft, step: Step) -> None:
    """Rolled back before a retry: the same attempt starts now."""
    if step.status is StepStatus.READY:  # an inline rollback never was RUNNING
        d.move(step, Move.ACCEPT)
    step.worker = None
    try:
        hand_over(d, d.node_of(step), step, Act.START, Move.TURN)
    except ExpressionError as error:
        step.message = str(error)
        failed(d, step, Reason.ERROR, Move.FAIL)


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


def vanished(d: Draft, event: Vanished) -> None:
    """Canceled work is verified gone."""
    step = _current(d, event)
    if step is not None and step.status is StepStatus.CANCELING:
        _gone(d, step)


def _gone(d: Draft, step: Step) -> None:
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


def resisted(d: Draft, event: Resisted) -> None:
    """The work is not gone yet: stay CANCELING and say why."""
    step = _current(d, event)
    if step is not None and step.status is StepStatus.CANCELING:
        step.message = event.message
        d.told(step, Move.CANCEL)


def lost(d: Draft, event: Lost) -> None:
    """The worker died. What may be started again is, up to three times; else the step fails."""
    step = _current(d, event)
    if step is None:
        return
    if step.status is StepStatus.CANCELING:
        _gone(d, step)
        return
    node = d.node_of(step)
    step.message = event.message or "the worker that carried it out died"
    step.due = step.due_at = None
    policy = node.spec.on_lost or node.capabilities.on_lost
    if policy is OnLost.RETRY and step.tries <= node.spec.retry.max + LOSSES_MAX:
        _start_over(d, node, step)
    else:
        step.phase = Phase(f"{_failing_act(step)}.failed")
        failed(d, step, Reason.LOST, Move.LOSE)


LOSSES_MAX = 3
"""A step whose worker dies this often without being the reason is a poison pill: it fails."""


def _failing_act(step: Step) -> str:
    return "monitor" if str(step.phase).startswith("monitor") else str(step.act)


def _start_over(d: Draft, node: PlanNode, step: Step) -> None:
    step.reason, step.finished_at = Reason.LOST, d.now
    status, step.status = step.status, StepStatus.FAILED
    d.end_attempt(step)
    step.status = status
    act = step.act
    next_attempt(d, step)
    try:
        hand_over(d, node, step, act, Move.REGAIN)
    except ExpressionError as error:
        step.message = str(error)
        failed(d, step, Reason.ERROR, Move.FAIL)


# -- time --------------------------------------------------------------------------------------------


def step_due(d: Draft, event: StepDue) -> None:
    """A step's time has come; void when it has another due by now."""
    if not d.has(event.step):
        return
    step = d.peek(event.step)
    if step.due is not event.due or step.due_at != event.due_at or event.due_at > d.now:
        return
    _DUE[event.due](d, d.step(event.step))


def _due_timeout(d: Draft, step: Step) -> None:
    """Interrupt; FAILED(timeout) once the work is gone, so that two attempts never overlap."""
    step.due = step.due_at = None
    step.reason = Reason.TIMEOUT
    limit = d.node_of(step).spec.timeout
    step.message = f"timed out after {limit:g} s"
    step.phase = Phase(f"{_failing_act(step)}.failed")
    d.move(step, Move.TIME_OUT)
    d.told(step, Move.TIME_OUT)
    stop_work(d, step)


def stop_work(d: Draft, step: Step) -> None:
    """Ask whoever is at work for a CANCELING step to end it."""
    if step.wait is Wait.CHILDREN and step.children:
        d.effects.append(TellChild(d.run.id, step.children[-1], "terminate"))
    else:
        d.effects.append(CancelWork(d.run.id, step.id, step.attempt))


def _due_retry(d: Draft, step: Step) -> None:
    """The delay is over. While paused it stays due, and resuming hands it over."""
    if d.run.paused or d.run.closing is not None:
        return
    retry_now(d, step)


def retry_now(d: Draft, step: Step) -> None:
    """Hand an automatic retry over."""
    node = d.node_of(step)
    if node.kind is NodeKind.WORKFLOW:
        step.due = step.due_at = None
        d.move(step, Move.RETRY)
        begin(d, node, step)
        return
    undo_first = step.executed and node.undoable and node.spec.retry.rollback
    next_attempt(d, step)
    try:
        hand_over(d, node, step, Act.ROLLBACK if undo_first else Act.START, Move.AGAIN)
    except ExpressionError as error:
        step.message = str(error)
        failed(d, step, Reason.ERROR, Move.FAIL)


def _due_timer(d: Draft, step: Step) -> None:
    _end_wait(d, step, Move.ELAPSE)


def _due_expiry(d: Draft, step: Step) -> None:
    expire(d, step)


def expire(d: Draft, step: Step) -> None:
    """An approval or a choice did not come in time."""
    clear(step)
    step.reason, step.phase, step.finished_at = Reason.EXPIRED, Phase.MONITOR_FAILED, d.now
    d.move(step, Move.EXPIRE)
    d.told(step, Move.EXPIRE)
    d.end_attempt(step)


def _end_wait(d: Draft, step: Step, move: Move) -> None:
    step.wait = step.due = step.due_at = None
    step.phase, step.finished_at = Phase.MONITOR_SUCCESS, d.now
    d.move(step, move)
    d.told(step, move)
    d.end_attempt(step)
    step_done(d, step)


_DUE = {Due.TIMEOUT: _due_timeout, Due.RETRY: _due_retry, Due.TIMER: _due_timer, Due.EXPIRY: _due_expiry}


def run_due(d: Draft, event: RunDue) -> None:
    """The run has taken too long."""
    if d.run.status in CLOSED or d.run.closing is not None:
        return
    if d.run.deadline is not None and d.now >= d.run.deadline:
        close_run(d, RunStatus.EXPIRED)


def begun(d: Draft, event: Begin) -> None:
    """The run leaves its queue: its roots start."""
    if d.run.started_at is not None or d.run.status is not RunStatus.RUNNING:
        return
    d.run.started_at = d.now
    d.set_deadline()
    d.tell_run("begin")
    d.consider_all()


# -- children ----------------------------------------------------------------------------------------


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
    """The newest child of a step reached an end."""
    if not d.has(event.step):
        return
    step = d.peek(event.step)
    if not step.children or step.children[-1] != event.child:
        return
    step = d.step(event.step)
    ok = event.status is RunStatus.SUCCESSFUL
    if step.status is StepStatus.FAILED and ok and not event.rolled_back:
        _repair(d, step)
    elif step.status is StepStatus.CANCELING:
        _gone(d, step)
    elif step.wait is Wait.CHILDREN and step.act is Act.ROLLBACK:
        _child_rolled_back(d, step, event)
    elif step.wait is Wait.CHILDREN and step.status is StepStatus.RUNNING:
        _child_done(d, step, event)


def _child_done(d: Draft, step: Step, event: ChildEnded) -> None:
    if event.status is RunStatus.SUCCESSFUL and not event.rolled_back:
        step.outputs = {"run": event.child}
        _end_wait(d, step, Move.CHILDREN_END)
        return
    step.wait = step.due = step.due_at = None
    step.message = f"child run {event.child} ended {event.status}"
    step.phase = Phase.MONITOR_FAILED
    failed(d, step, Reason.ERROR, Move.CHILDREN_FAIL)


def _child_rolled_back(d: Draft, step: Step, event: ChildEnded) -> None:
    step.wait = None
    if event.rolled_back and event.status is RunStatus.SUCCESSFUL:
        step.phase = Phase.ROLLBACK_SUCCESS
        rolled_back(d, step)
        return
    step.phase = Phase.ROLLBACK_FAILED
    step.message = f"the rollback of child run {event.child} ended {event.status}"
    failed(d, step, Reason.ERROR, Move.FAIL)


def _repair(d: Draft, step: Step) -> None:
    """The failed child was repaired by hand: its step succeeds after all."""
    if d.run.status in CLOSED or d.run.closing is not None or d.backward:
        return
    d.reopen()
    clear(step)
    step.phase, step.finished_at, step.outputs = Phase.MONITOR_SUCCESS, d.now, {"run": step.children[-1]}  # type: ignore[index]
    d.move(step, Move.REPAIR)
    d.told(step, Move.REPAIR)
    step_done(d, step)
