"""Recording who changed what; in the transaction of the change itself."""

from collections.abc import Mapping
from typing import Any

from headrace.core.access.caller import Caller
from headrace.core.run.events import (
    Approve,
    BreakStep,
    CancelStep,
    Choose,
    Event,
    PauseRun,
    Reject,
    RerunRun,
    RerunStep,
    ResumeRun,
    RetryRun,
    RetryStep,
    RollbackRun,
    SkipStep,
    TerminateRun,
)
from headrace.core.run.state import Decision, Run, RunState, Step
from headrace.ports.audit import AuditRecord
from headrace.ports.store import Writer

Json = Any

VERBS: Mapping[type, str] = {
    PauseRun: "pause",
    ResumeRun: "resume",
    TerminateRun: "terminate",
    RetryRun: "retry",
    RollbackRun: "rollback",
    RerunRun: "rerun",
    RetryStep: "retry",
    SkipStep: "skip",
    CancelStep: "cancel",
    BreakStep: "break",
    RerunStep: "rerun",
    Choose: "choose",
    Approve: "approve",
    Reject: "reject",
}
"""What the log calls a verb for a run or a step."""


def record(
    writer: Writer,
    now: float,
    caller: Caller,
    action: str,
    kind: str,
    object: str | int,
    before: Json = None,
    after: Json = None,
) -> None:
    """Add to the audit log. ``before`` and ``after`` are JSON without secrets; see ``AuditRecord``."""
    id = writer.allocate("audit", 1)[0]
    record = AuditRecord(
        id,
        caller.tenant,
        now,
        caller.user,
        caller.name,
        caller.address,
        action,
        kind,
        str(object),
        before,
        after,
    )
    writer.add_audit(record)


def started(writer: Writer, now: float, caller: Caller, run: Run) -> None:
    """A run was started. Its parameters are kept with the run, not here."""
    after = {
        "workflow": run.workflow,
        "version": run.version,
        "trigger": run.trigger.value,
        "mock": run.mock,
        "debug": run.debug,
        "targets": [f"{target.type}/{target.name}" for target in run.targets],
    }
    record(writer, now, caller, "start", "run", run.id, None, after)


def told(
    writer: Writer, now: float, caller: Caller, event: Event, state: RunState, decision: Decision
) -> None:
    """A verb was accepted; ``state`` is the run before it. What a person gave as inputs or outputs is kept
    with the step, not here."""
    action, run = VERBS[type(event)], state.run
    step = getattr(event, "step", None)
    if step is None:
        record(writer, now, caller, action, "run", run.id, _run(run), _run(decision.run))
        return
    before = state.steps[step]
    after = {**_step(state, decision.steps.get(step, before)), **_said(event)}
    record(writer, now, caller, action, "step", f"{run.id}/{step}", _step(state, before), after)


def _run(run: Run) -> dict[str, Json]:
    return {
        "workflow": run.workflow,
        "status": run.status.value,
        "operation": run.operation.value,
        "paused": run.paused,
    }


def _step(state: RunState, step: Step) -> dict[str, Json]:
    return {
        "workflow": state.run.workflow,
        "node": state.plan.nodes[step.node].id,
        "status": step.status.value,
        "operation": step.operation.value,
        "attempt": step.attempt,
    }


def _said(event: Event) -> dict[str, Json]:
    """What a person decided, in words of the event."""
    found = {name: getattr(event, name, None) for name in ("case", "comment", "downstream")}
    return {name: value for name, value in found.items() if value}
