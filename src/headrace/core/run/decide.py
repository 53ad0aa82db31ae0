"""The state machine: a batch of events in, what changes and what must happen out. Pure.

``decide`` never changes the state it is given; ``state_of.absorb`` does, once the decision is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from headrace.core.refusal import Refused
from headrace.core.run import children, due, facts, people, verbs
from headrace.core.run.draft import Draft, Ids
from headrace.core.run.events import (
    Accepted,
    Approve,
    Begin,
    BreakStep,
    CancelStep,
    ChildEnded,
    ChildStarted,
    Choose,
    Event,
    Finished,
    Lost,
    PauseRun,
    Progressed,
    Reject,
    RerunRun,
    RerunStep,
    Resisted,
    ResumeRun,
    RetryRun,
    RetryStep,
    RollbackRun,
    RunDue,
    SkipStep,
    StepDue,
    TerminateRun,
    Vanished,
)
from headrace.core.run.settle import settle
from headrace.core.run.state import Decision, RunState

HANDLERS: dict[type, Callable[[Draft, Any], None]] = {
    Accepted: facts.accepted,
    Progressed: facts.progressed,
    Finished: facts.finished,
    Vanished: facts.vanished,
    Resisted: facts.resisted,
    Lost: facts.lost,
    ChildStarted: children.child_started,
    ChildEnded: children.child_ended,
    StepDue: due.step_due,
    RunDue: due.run_due,
    Begin: due.begun,
    RetryRun: verbs.retry_run,
    RollbackRun: verbs.rollback_run,
    PauseRun: verbs.pause_run,
    ResumeRun: verbs.resume_run,
    TerminateRun: verbs.terminate_run,
    RerunRun: verbs.rerun_run,
    RetryStep: verbs.retry_step,
    SkipStep: verbs.skip_step,
    CancelStep: verbs.cancel,
    BreakStep: verbs.break_step,
    RerunStep: verbs.rerun_step,
    Choose: people.choose,
    Approve: people.approve,
    Reject: people.reject,
}


def decide(state: RunState, events: Sequence[Event], now: float, ids: Ids) -> Decision:
    """Apply the events in order; ``answers[i]`` is None, or why event i was refused.

    ``now`` is epoch seconds. Step events name steps of this run: the caller has checked that.
    """
    d = Draft(state, now, ids)
    answers = d.decision.answers
    for event in events:
        answers.append(_apply(d, event))
    decision = d.decision
    if d.touched:
        decision.changed = True
        decision.turned = d.run != state.run
        decision.by_node = d.by_node
        decision.tally = d.tally
        decision.operation = d.operation
    return decision


def _apply(d: Draft, event: Event) -> Refused | None:
    try:
        HANDLERS[type(event)](d, event)
    except Refused as refused:
        return refused
    except people.Expired as expired:
        settle(d)
        return expired.refused
    settle(d)
    return None
