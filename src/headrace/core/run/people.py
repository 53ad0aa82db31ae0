"""What a person decides at a step: approve, reject, choose; and what a skip may hand on."""

from __future__ import annotations

from typing import Any

from headrace.core.instants import instant
from headrace.core.refusal import Refused
from headrace.core.run.attempt import expire
from headrace.core.run.draft import Draft, clear, open_step, wrong_state
from headrace.core.run.events import Actor, Approve, Choose, Reject
from headrace.core.run.forward import step_done
from headrace.core.run.legal import entitled, may_answer, may_choose
from headrace.core.run.plan import PlanNode
from headrace.core.run.state import Step
from headrace.core.run.table import Move
from headrace.core.words import NodeKind, Phase, Reason, Wait

Json = Any
COMMENT_MAX = 200


class Expired(Exception):
    """The answer came after the instant: the expiry stands, the answer is refused."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.code)
        self.refused = refused


def _awaiting(d: Draft, step_id: int, wait: Wait) -> Step:
    """The step, when it waits for just this and its time is not over."""
    step = open_step(d, step_id)
    may_answer(d.run, step, wait)
    if step.due_at is not None and d.now >= step.due_at:
        step = d.step(step_id)
        expire(d, step)
        raise Expired(wrong_state("step_expired", step=step.id, status=step.status))
    return step


def approve(d: Draft, event: Approve) -> None:
    """One vote; the step succeeds when there are as many as its node asks for."""
    step = _awaiting(d, event.step, Wait.APPROVAL)
    entry = _entitled(d, step, event.actor, event.comment)
    step = d.step(step.id)
    step.votes = [*(step.votes or []), _vote(d, event.actor, entry, event.comment, approved=True)]
    d.told(step, Move.WAIT, votes=step.votes)
    if _enough(d.node_of(step), step.votes):
        _decided(d, step, {"approved": True, "votes": step.votes}, Move.APPROVE)


def reject(d: Draft, event: Reject) -> None:
    """One rejection fails the step."""
    step = _awaiting(d, event.step, Wait.APPROVAL)
    entry = _entitled(d, step, event.actor, event.comment)
    step = d.step(step.id)
    step.votes = [*(step.votes or []), _vote(d, event.actor, entry, event.comment, approved=False)]
    clear(step)
    step.reason, step.message = Reason.REJECTED, event.comment or None
    step.phase, step.finished_at = Phase.MONITOR_FAILED, d.now
    step.outputs = {"approved": False, "votes": step.votes}
    d.move(step, Move.REJECT)
    d.told(step, Move.REJECT, votes=step.votes)
    d.end_attempt(step)


def _entitled(d: Draft, step: Step, actor: Actor, comment: str) -> int:
    """The entry of the approvers list this person stands for; refused where there is none."""
    if len(comment) > COMMENT_MAX:
        raise Refused("limit", "comment_too_long", {"length": len(comment), "limit": COMMENT_MAX})
    return entitled(d.run, step, d.node_of(step).spec, actor)


def _vote(d: Draft, actor: Actor, entry: int, comment: str, *, approved: bool) -> dict[str, Json]:
    return {
        "user": actor.id,
        "name": actor.name,
        "entry": entry,
        "approved": approved,
        "comment": comment,
        "at": instant(d.now),
    }


def _enough(node: PlanNode, votes: list[Json]) -> bool:
    who = node.spec.approvers
    needed = {"any": 1, "all": len(who.entries)}.get(str(who.needed)) or int(who.needed)
    return len(votes) >= needed


def choose(d: Draft, event: Choose) -> None:
    """A person picks the branch; exactly that edge is taken."""
    step = _awaiting(d, event.step, Wait.CHOICE)
    may_choose(d.run, step, d.node_of(step).spec, event.actor)
    _require_case(d.node_of(step), event.case, step)
    _decided(d, d.step(step.id), {"case": event.case, "by": event.actor.name}, Move.CHOOSE)


def _require_case(node: PlanNode, case: Json, step: Step) -> None:
    names = [known.name for known in node.spec.cases]
    if case not in names:
        raise Refused("invalid", "case_unknown", {"step": step.id, "case": case, "cases": ", ".join(names)})


def _decided(d: Draft, step: Step, outputs: Json, move: Move) -> None:
    clear(step)
    step.outputs, step.phase, step.finished_at = outputs, Phase.MONITOR_SUCCESS, d.now
    d.move(step, move)
    d.told(step, move)
    d.end_attempt(step)
    step_done(d, step)


def skip_outputs(node: PlanNode, step: Step, outputs: Json) -> Json:
    """What a skipped step hands on: nothing unless given; a decision needs its case."""
    if node.kind is NodeKind.DECISION:
        _require_case(node, (outputs or {}).get("case"), step)
    return outputs
