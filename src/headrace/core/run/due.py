"""What time brings: time-outs, retry delays, timers, expiries, deadlines, and the beginning itself."""

from __future__ import annotations

from headrace.core.messages import text
from headrace.core.run import gates
from headrace.core.run.attempt import end_wait, expire, failing_act, retry_now
from headrace.core.run.closing import close_run
from headrace.core.run.draft import Draft
from headrace.core.run.effects import CancelWork, TellChild
from headrace.core.run.events import Begin, RunDue, StepDue
from headrace.core.run.forward import begin
from headrace.core.run.state import Step
from headrace.core.run.table import Move
from headrace.core.words import CLOSED, Due, Phase, Reason, RunStatus, Wait


def step_due(d: Draft, event: StepDue) -> None:
    """A step's time has come; void when it has another due by now."""
    if not d.has(event.step):
        return
    step = d.peek(event.step)
    if step.due is not event.due or step.due_at != event.due_at or event.due_at > d.now:
        return
    if d.run.paused and event.due in HAND_OVERS:
        return  # stays due, and nothing changes, or it were looked at again at once: resuming sees to it
    _DUE[event.due](d, d.step(event.step))


def _due_timeout(d: Draft, step: Step) -> None:
    """Interrupt; FAILED(timeout) once the work is gone, so that two attempts never overlap."""
    step.due = step.due_at = None
    step.reason = Reason.TIMEOUT
    limit = d.node_of(step).spec.timeout
    step.message = text("said_timeout", {"seconds": f"{limit:g}"})
    step.phase = Phase(f"{failing_act(step)}.failed")
    d.move(step, Move.TIME_OUT)
    d.told(step, Move.TIME_OUT)
    _stop_work(d, step)


def _stop_work(d: Draft, step: Step) -> None:
    """Ask whoever is at work for a CANCELING step to end it."""
    if step.wait is Wait.CHILDREN and step.child:
        d.effects.append(TellChild(d.run.id, step.child, "terminate"))
    else:
        d.effects.append(CancelWork(d.run.id, step.id, step.attempt))


def _due_gate(d: Draft, step: Step) -> None:
    """A step that has waited for its own time starts."""
    gates.open_gate(d, step)
    begin(d, d.node_of(step), step)


def _due_timer(d: Draft, step: Step) -> None:
    end_wait(d, step, Move.ELAPSE)


HAND_OVERS = (Due.RETRY, Due.GATE)  # what a pause holds back
_DUE = {
    Due.TIMEOUT: _due_timeout,
    Due.RETRY: retry_now,
    Due.TIMER: _due_timer,
    Due.GATE: _due_gate,
    Due.EXPIRY: expire,
}


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
    waiting, taken = d.tally.waiting, d.tally.taken  # an empty fan-out at a root is resolved already
    d.queue.extend(n for n in d.plan.order if waiting[n] == 0 or taken[n])
