"""Zhiqingyun's words for ours, and ours for Zhiqingyun's; docs/guides/workflows-api.md shows the tables."""

from collections.abc import Mapping, Sequence

from headrace.core.run.links import Links
from headrace.core.run.state import Run, Step
from headrace.core.words import Due, Operation, Reason, RunStatus, StepStatus, Trigger
from headrace.ports.records import RunFilter

PENDING, RUNNING, SUCCESS, FAIL = "PENDING", "RUNNING", "SUCCESS", "FAIL"
ABORTING, ABORT, BREAK = "ABORTING", "ABORT", "BREAK"
ENDED = frozenset({SUCCESS, FAIL, ABORT, BREAK})

FLOWS: Mapping[str, RunFilter] = {
    PENDING: RunFilter(statuses=frozenset({RunStatus.RUNNING}), queued=True, closing=False),
    RUNNING: RunFilter(statuses=frozenset({RunStatus.RUNNING}), queued=False, closing=False),
    ABORTING: RunFilter(statuses=frozenset({RunStatus.RUNNING}), closing=True),
    SUCCESS: RunFilter(statuses=frozenset({RunStatus.SUCCESSFUL}), cut_short=False),
    FAIL: RunFilter(statuses=frozenset({RunStatus.FAILED, RunStatus.EXPIRED})),
    ABORT: RunFilter(statuses=frozenset({RunStatus.SUCCESSFUL, RunStatus.CANCELED}), cut_short=True),
    BREAK: RunFilter(statuses=frozenset({RunStatus.RUNNING}), queued=True, closing=True, cut_short=True),
}
"""Which runs have a status; a flow as a whole never has BREAK, so that filter finds nothing."""

TYPE: Mapping[Trigger, str] = {
    Trigger.MANUAL: "MANUAL",
    Trigger.API: "MANUAL",
    Trigger.SCHEDULED: "AUTO",
    Trigger.INVOKED: "INVOKE",
    Trigger.SYS_ONCE: "MANUAL",
    Trigger.SYS_SCHEDULED: "AUTO",
}

_JOBS: Mapping[StepStatus, str] = {
    StepStatus.PENDING: PENDING,
    StepStatus.READY: RUNNING,
    StepStatus.RUNNING: RUNNING,
    StepStatus.CANCELING: ABORTING,
    StepStatus.SUCCESSFUL: SUCCESS,
    StepStatus.FAILED: FAIL,
    StepStatus.BYPASSED: BREAK,
}
_REASONS: Mapping[tuple[StepStatus, Reason], str] = {
    (StepStatus.FAILED, Reason.CANCELED): ABORT,
    (StepStatus.BYPASSED, Reason.CANCELED): ABORT,
    (StepStatus.BYPASSED, Reason.EXPIRED): ABORT,
    (StepStatus.BYPASSED, Reason.UPSTREAM_FAILED): FAIL,
}


def flow_status(run: Run, steps: Sequence[Step]) -> str:
    """A flow instance's status."""
    if run.status is RunStatus.RUNNING:
        return ABORTING if run.closing else PENDING if run.started_at is None else RUNNING
    if run.status is RunStatus.SUCCESSFUL:
        broken = any(step.reason is Reason.BROKEN for step in steps)
        return ABORT if broken or run.operation is Operation.ROLLBACK else SUCCESS
    return ABORT if run.status is RunStatus.CANCELED else FAIL


def job_statuses(run: Run, steps: Sequence[Step], links: Links) -> dict[int, str]:
    """By step id. A job whose turn cannot come because one before it failed shows FAIL, as there:
    for the engine it is still PENDING, so that a repair lets it run."""
    shown = {step.id: _job_status(step) for step in steps}
    if run.operation is Operation.ROLLBACK:
        return shown
    _spread(shown, links, [step.id for step in steps if step.status is StepStatus.PENDING])
    return shown


def _spread(shown: dict[int, str], links: Links, waiting: Sequence[int]) -> None:
    """Once all jobs before a waiting one have ended, a failure among them is its own."""
    left = {id: sum(shown[up] not in ENDED for up in links.upstreams[id]) for id in waiting}
    ready = [id for id, open in left.items() if not open]
    while ready:
        id = ready.pop()
        before = {shown[up] for up in links.upstreams[id]}
        if before.isdisjoint((FAIL, ABORT)):
            continue
        shown[id] = FAIL if FAIL in before else ABORT
        for down in links.downstreams[id]:
            if down in left:
                left[down] -= 1
                if not left[down]:
                    ready.append(down)


def _job_status(step: Step) -> str:
    if step.due is Due.GATE:  # its own time has not come
        return PENDING
    if step.reason is not None and (step.status, step.reason) in _REASONS:
        return _REASONS[step.status, step.reason]
    return _JOBS[step.status]
