"""Parent and child runs: what one is told of the other. Values in, values out."""

from collections.abc import Callable
from typing import Any

from headrace.core.messages import text
from headrace.core.refusal import Refused
from headrace.core.run.effects import StartChild, TellChild
from headrace.core.run.events import (
    Actor,
    ChildEnded,
    Finished,
    PauseRun,
    ResumeRun,
    RetryRun,
    RollbackRun,
    RunVerb,
    TerminateRun,
)
from headrace.core.run.state import Run
from headrace.core.words import Act, Operation, Phase, Reason, RunStatus
from headrace.ports.errors import Gone
from headrace.ports.inbox import StartRun

Json = Any

DEPTH_MAX = 20  # generations of sub-workflows: a workflow that starts itself must come to an end

CHILD_VERBS: dict[str, Callable[[], RunVerb]] = {
    "pause": PauseRun,
    "resume": ResumeRun,
    "terminate": TerminateRun,
    "halt": TerminateRun,
    "rollback": lambda: RollbackRun(closed=True),
    "retry": RetryRun,
}


def child_ended(child: Run, step: int, refused: Refused | None = None) -> ChildEnded:
    """What a parent is told of a child that is not RUNNING, and why where it has just refused a verb."""
    rolled_back = child.operation is Operation.ROLLBACK and child.status is RunStatus.SUCCESSFUL
    why = text(refused.code, refused.values) if refused is not None else None
    return ChildEnded(step, child.id, child.status, rolled_back, why)


def is_left_alone(child: Run, effect: TellChild) -> bool:
    """A child that declined, because it has nothing to end or undo: its parent must not wait for it."""
    return effect.verb in ("terminate", "halt", "rollback") and child.status is not RunStatus.RUNNING


def is_to_end(child: Run) -> bool:
    """Whether it does something that has to end before it is rolled back; a rollback of its own ends by
    itself."""
    return child.status is RunStatus.RUNNING and child.operation is not Operation.ROLLBACK


def child_request(effect: StartChild, parent: Run) -> StartRun:
    """The start that a sub-workflow's step asks for, in the name of whoever started the parent."""
    return StartRun(
        tenant=parent.tenant,
        workflow=effect.workflow,
        params=effect.params,
        targets=_targets(effect.target),
        mock=effect.mock,
        debug=parent.debug,
        trigger=parent.trigger,
        actor=Actor(parent.creator_id, parent.creator),
        parent=(effect.run, effect.step, effect.attempt),
    )


def _targets(target: Json) -> list[Json]:
    if not isinstance(target, dict):
        return []
    if isinstance(target.get("id"), int):
        return [{"id": target["id"]}]
    if "type" in target and "name" in target:
        return [{"type": target["type"], "name": target["name"]}]
    return []


def child_refused(effect: StartChild, why: Refused | Gone) -> Finished:
    """The parent's step fails, and says which parameter or target it was; nothing was started."""
    message = text(*_refusal(effect.workflow, why))
    return Finished(
        effect.step, effect.attempt, Act.START, False, Phase.START_FAILED, None, Reason.ERROR, message
    )


def _refusal(workflow: str, why: Refused | Gone) -> tuple[str, dict[str, object]]:
    if isinstance(why, Gone):
        told = text("not_found", {"what": why.what, "key": why.key})
    elif why.problems:
        first = why.problems[0]
        told = text(first.code, first.values)
        return "start_child_problem", {"workflow": workflow, "place": first.path, "why": told}
    else:
        told = text(why.code, why.values)
    return "start_child", {"workflow": workflow, "why": told}
