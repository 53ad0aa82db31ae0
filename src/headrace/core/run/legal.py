"""What a person may do now. The verbs make these checks before they change anything; pages list what passes.

Every check takes values only and raises Refused where the verb is not legal.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from headrace.core.definition.model import Node
from headrace.core.refusal import Refused
from headrace.core.run.draft import require_open, wrong_state
from headrace.core.run.events import Actor
from headrace.core.run.state import Run, Step
from headrace.core.run.table import ACTIVE, NOTHING_TO_UNDO
from headrace.core.words import CLOSED, Due, NodeKind, Operation, RunStatus, StepStatus, Wait

# -- run ---------------------------------------------------------------------------------------------


def _require_run(run: Run, *statuses: RunStatus) -> None:
    """The run has one of these statuses, is not on its way to an end and not paused."""
    if run.status not in statuses or run.closing is not None:
        raise wrong_state("run_wrong_state", run=run.id, status=run.closing or run.status)
    if run.paused:
        raise wrong_state("run_paused", run=run.id, status=run.status)


def may_retry_run(run: Run) -> None:
    _require_run(run, RunStatus.FAILED)


def may_rollback_run(run: Run, closed: bool) -> None:
    """``closed``: whether the surface offers it for closed runs too."""
    _require_run(run, RunStatus.FAILED, *(CLOSED if closed else ()))
    if run.operation is Operation.ROLLBACK and run.status is RunStatus.SUCCESSFUL:
        raise wrong_state("run_rolled_back", run=run.id, status=run.status)


def may_undo(run: Run, nodes: Sequence[Node], steps: Iterable[Step]) -> None:
    """Refused where a node that has been executed forbids its rollback; the first one is named."""
    forbidding = {step.node for step in steps if forbids_rollback(nodes[step.node], step)}
    if forbidding:
        raise Refused(
            "rollback_forbidden",
            "run_rollback_forbidden",
            {"run": run.id, "node": nodes[min(forbidding)].id},
        )


def forbids_rollback(node: Node, step: Step) -> bool:
    """Whether this step of ``node`` keeps its run from being rolled back."""
    stands = step.executed or (step.status not in NOTHING_TO_UNDO and step.attempt > 0)
    return node.rollback_forbidden and stands


def may_pause_run(run: Run) -> None:
    _require_run(run, RunStatus.RUNNING)


def may_resume_run(run: Run) -> None:
    if not run.paused:
        raise wrong_state("run_not_paused", run=run.id, status=run.status)


def may_terminate_run(run: Run) -> None:
    if run.status not in (RunStatus.RUNNING, RunStatus.FAILED) or run.closing is not None:
        raise wrong_state("run_wrong_state", run=run.id, status=run.closing or run.status)


def may_rerun_run(run: Run) -> None:
    _require_run(run, RunStatus.FAILED, *CLOSED)


# -- step --------------------------------------------------------------------------------------------


def may_retry_step(run: Run, step: Step) -> None:
    _require_step(run, step, StepStatus.FAILED)
    if run.operation is Operation.ROLLBACK:
        require_failed_rollback(step)


def may_skip_step(run: Run, step: Step, node: Node) -> None:
    """Failed steps, and waiting timers; a timer that forbids it is not skipped by way of a cancel either."""
    require_open(run)
    waits = step.status is StepStatus.RUNNING and step.wait is Wait.TIMER
    if not waits and step.status is not StepStatus.FAILED:
        raise wrong_state("step_wrong_state", step=step.id, status=step.status)
    if not node.skippable:
        raise wrong_state("step_not_skippable", step=step.id, status=step.status)
    if run.operation is Operation.ROLLBACK:
        require_failed_rollback(step)


def require_failed_rollback(step: Step) -> None:
    """Within a rollback only what failed to roll back is retried or passed over."""
    if step.operation is not Operation.ROLLBACK:
        raise wrong_state("step_awaits_rollback", step=step.id, status=step.status)


def may_cancel_step(run: Run, step: Step) -> None:
    _require_step(run, step, StepStatus.READY, StepStatus.RUNNING)


def may_break_step(run: Run, step: Step) -> None:
    """Steps whose turn has not come, or who wait for their own time."""
    if step.due is Due.GATE:
        require_open(run)
    else:
        _require_step(run, step, StepStatus.PENDING)
    if run.operation is Operation.ROLLBACK:
        raise wrong_state("step_wrong_state", step=step.id, status=step.status)


def may_rerun_step(run: Run, step: Step, after: Iterable[Step] = ()) -> None:
    """``after`` are the steps that would be run again with it."""
    if run.paused:
        raise wrong_state("run_paused", run=run.id, status=run.status)
    if run.closing is not None or run.operation is Operation.ROLLBACK:
        raise wrong_state("run_wrong_state", run=run.id, status=run.closing or run.status)
    if step.status not in (StepStatus.SUCCESSFUL, StepStatus.FAILED, StepStatus.BYPASSED):
        raise wrong_state("step_wrong_state", step=step.id, status=step.status)
    busy = next((s for s in after if s.status in ACTIVE), None)
    if busy is not None:
        raise wrong_state("step_wrong_state", step=busy.id, status=busy.status)


def may_answer(run: Run, step: Step, wait: Wait) -> None:
    """The step waits for just this."""
    require_open(run)
    if step.status is not StepStatus.RUNNING or step.wait is not wait:
        raise wrong_state("step_wrong_state", step=step.id, status=step.status)


def entitled(run: Run, step: Step, node: Node, actor: Actor) -> int:
    """The entry of the approvers list this person stands for; refused where there is none."""
    who = node.approvers
    if actor.id == run.creator_id and not who.allow_self:
        raise Refused("forbidden", "approval_by_requester", {"step": step.id})
    votes = step.votes or []
    if any(vote["user"] == actor.id for vote in votes):
        raise wrong_state("approval_twice", step=step.id, status=step.status)
    entries = range(len(who.entries))
    if who.needed == "all":  # in order: only the entry whose turn it is
        entries = range(len(votes), min(len(votes) + 1, len(who.entries)))
    for i in entries:
        if _stands_for(actor, who.entries[i]):
            return i
    raise Refused("forbidden", "approval_not_yours", {"step": step.id, "user": actor.name})


def may_choose(run: Run, step: Step, node: Node, actor: Actor) -> None:
    """The step waits for a choice, and this is one of those who may make it; where the node names nobody,
    anybody may."""
    may_answer(run, step, Wait.CHOICE)
    who = node.approvers.entries
    if who and not any(_stands_for(actor, entry) for entry in who):
        raise Refused("forbidden", "choice_not_yours", {"step": step.id, "user": actor.name})


def _stands_for(actor: Actor, entry: tuple[str, str]) -> bool:
    kind, name = entry
    return (kind == "role" and name in actor.roles) or (kind == "user" and name == actor.name)


def _require_step(run: Run, step: Step, *statuses: StepStatus) -> None:
    """The run is open and the step has one of these statuses."""
    require_open(run)
    if step.status not in statuses:
        raise wrong_state("step_wrong_state", step=step.id, status=step.status)


# -- lists -------------------------------------------------------------------------------------------


def run_verbs(run: Run, nodes: Sequence[Node], steps: Iterable[Step]) -> list[str]:
    """The verbs for the whole run that are legal now."""

    def roll_back() -> None:
        may_rollback_run(run, closed=True)
        may_undo(run, nodes, steps)

    return _passing(
        {
            "pause": lambda: may_pause_run(run),
            "resume": lambda: may_resume_run(run),
            "terminate": lambda: may_terminate_run(run),
            "retry": lambda: may_retry_run(run),
            "rollback": roll_back,
            "rerun": lambda: may_rerun_run(run),
        }
    )


def step_verbs(run: Run, step: Step, node: Node, after: Sequence[Step], actor: Actor) -> list[str]:
    """The verbs for one step that are legal now for this person; ``after`` are all its descendants."""

    def vote() -> None:
        may_answer(run, step, Wait.APPROVAL)
        entitled(run, step, node, actor)

    checks: dict[str, Callable[[], object]] = {
        "retry": lambda: may_retry_step(run, step),
        "skip": lambda: may_skip_step(run, step, node),
        "cancel": lambda: may_cancel_step(run, step),
        "break": lambda: may_break_step(run, step),
        "rerun": lambda: may_rerun_step(run, step),
        "rerun_downstream": lambda: may_rerun_step(run, step, after),
    }
    if node.kind is NodeKind.APPROVAL:
        checks |= {"approve": vote, "reject": vote}
    if node.kind is NodeKind.DECISION:
        checks["choose"] = lambda: may_choose(run, step, node, actor)
    return _passing(checks)


def _passing(checks: Mapping[str, Callable[[], object]]) -> list[str]:
    passing = []
    for verb, check in checks.items():
        try:
            check()
        except Refused:
            continue
        passing.append(verb)
    return passing
