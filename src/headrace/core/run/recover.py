"""After a restart in which all work of this process is gone: what to declare, what to send again."""

from __future__ import annotations

from headrace.core.run.children import ending
from headrace.core.run.context import ExpressionError, payload
from headrace.core.run.draft import Draft, Ids
from headrace.core.run.effects import Effect, HandOver, TellChild, TellParent
from headrace.core.run.events import Event, Finished, Lost, Vanished
from headrace.core.run.forward import child_effect
from headrace.core.run.state import RunState, Step
from headrace.core.words import Act, Due, Phase, Reason, RunStatus, StepStatus, Wait

Found = tuple[list[Event], list[Effect]]


def recover(state: RunState, ids: Ids) -> Found:
    """Events for the inbox, and effects that a crash may have swallowed between commit and sending.

    READY work has surely not started (its start is recorded first), so the same attempt is handed
    over again. RUNNING work is lost. CANCELING work is gone.
    """
    events: list[Event] = []
    effects: list[Effect] = []
    d = Draft(state, state.run.created_at, ids)
    for step in state.steps.values():
        if step.wait is Wait.CHILDREN:
            _children(d, step, events, effects)
        elif step.status is StepStatus.CANCELING:
            events.append(Vanished(step.id, step.attempt))
        elif step.status is StepStatus.RUNNING and step.wait is None:
            events.append(Lost(step.id, step.attempt, "the server stopped while it ran"))
        elif step.status is StepStatus.READY and step.due is not Due.RETRY:
            _hand_over_again(d, step, events, effects)
    run = state.run
    if run.status is not RunStatus.RUNNING and run.parent_run is not None and run.parent_step is not None:
        effects.append(TellParent(run.id, run.parent_run, run.parent_step))
    return events, effects


def _hand_over_again(d: Draft, step: Step, events: list[Event], effects: list[Effect]) -> None:
    node = d.node_of(step)
    assert node.spec.executor is not None
    try:
        data = payload(d, node, step, step.act)
    except ExpressionError as error:
        events.append(_unfit(step, str(error)))
        return
    effects.append(
        HandOver(
            d.run.id,
            step.id,
            step.attempt,
            step.act,
            node.spec.executor,
            data,
            node.spec.timeout,
            step.operation,
        )
    )


def _unfit(step: Step, message: str) -> Finished:
    phase = Phase.ROLLBACK_FAILED if step.act is Act.ROLLBACK else Phase.START_FAILED
    return Finished(step.id, step.attempt, step.act, False, phase, None, Reason.ERROR, message)


def _children(d: Draft, step: Step, events: list[Event], effects: list[Effect]) -> None:
    """The child may never have been started, or never have been told."""
    if step.child and (step.status is StepStatus.CANCELING or step.phase is Phase.CANCEL_BEGIN):
        effects.append(TellChild(d.run.id, step.child, ending(step)))
    elif step.child and step.act is Act.ROLLBACK:
        effects.append(TellChild(d.run.id, step.child, "rollback"))
    else:
        _start_child_again(d, step, events, effects)


def _start_child_again(d: Draft, step: Step, events: list[Event], effects: list[Effect]) -> None:
    """Harmless where it was started. Where its inputs are gone, the newest child there is decides."""
    try:
        effects.append(child_effect(d, d.node_of(step), step))
    except ExpressionError as error:
        if step.child:
            effects.append(TellParent(step.child, d.run.id, step.id))
        else:
            events.append(_unfit(step, str(error)))
