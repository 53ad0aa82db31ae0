"""Going forward: which steps may start, and starting them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from headrace.core.definition.durations import LONGEST
from headrace.core.expr import Expression, compile_expression, evaluate, evaluate_condition, type_word
from headrace.core.messages import text
from headrace.core.run import gates
from headrace.core.run.context import ExpressionError, environment, inputs_of, items_of, payload
from headrace.core.run.draft import Draft, clear
from headrace.core.run.effects import HandOver, StartChild, TellChild
from headrace.core.run.plan import PlanNode
from headrace.core.run.state import Step
from headrace.core.run.table import RESOLVED, Move
from headrace.core.run.tally import chosen_case, has_nothing
from headrace.core.words import Act, Due, NodeKind, Operation, Phase, Reason, StepStatus, Wait

Json = Any
START, HAND_OVER, RETRY = Act.START, Move.HAND_OVER, Operation.RETRY
PENDING, DECISION, PRODUCED = StepStatus.PENDING, NodeKind.DECISION, Phase.PRODUCE_SUCCESS


def consider(d: Draft, n: int) -> None:
    """Start, bypass or leave node ``n``, as its incoming edges say."""
    t = d.tally
    if t.resolved[n]:
        return
    node = d.plan.nodes[n]
    taken = t.taken[n] > 0 or not node.ups
    if taken and (t.waiting[n] == 0 or node.spec.join_any):
        _open(d, node)
    elif t.waiting[n] == 0:
        _bypass(d, node)


def may_open(d: Draft, n: int) -> bool:
    """Whether nothing that comes before node ``n`` is waited for."""
    t = d.tally
    return t.waiting[n] == 0 or (d.plan.nodes[n].spec.join_any and t.taken[n] > 0)


def _open(d: Draft, node: PlanNode) -> None:
    if _has_nothing(d, node):
        resolve_node(d, node.index, taken=True)
        return
    if d.held:
        return
    if node.dynamic and d.tally.cursor[node.index] == 0 and not _expand(d, node):
        return
    _start_next(d, node)


def _has_nothing(d: Draft, node: PlanNode) -> bool:
    ids = d.by_node[node.index]
    return not ids or (node.dynamic and has_nothing(node, d.node_steps(node.index)))


def _found_nothing(d: Draft, node: PlanNode) -> bool:
    """Its turn came, and its list was empty."""
    return (d.tally.taken[node.index] > 0 or not node.ups) and _has_nothing(d, node)


def _start_next(d: Draft, node: PlanNode) -> None:
    """Start PENDING steps in order, as many as the node allows at once."""
    t, n, ids = d.tally, node.index, d.by_node[node.index]
    while t.cursor[n] < len(ids) and not (node.limit and t.busy[n] >= node.limit) and not d.held:
        if node.spec.serial and not _previous_done(d, ids, t.cursor[n]):
            return
        step_id = ids[t.cursor[n]]
        t.cursor[n] += 1
        if d.peek(step_id).status is PENDING:
            begin(d, node, d.step(step_id))


def _previous_done(d: Draft, ids: list[int], position: int) -> bool:
    return position == 0 or d.peek(ids[position - 1]).status in RESOLVED


def _bypass(d: Draft, node: PlanNode) -> None:
    n = node.index
    if _has_nothing(d, node):
        resolve_node(d, n, taken=False)
        return
    for step_id in d.by_node[n]:
        if d.peek(step_id).status is PENDING:
            bypass(d, d.step(step_id), Move.BYPASS, Reason.NOT_TAKEN)


def bypass(d: Draft, step: Step, move: Move, reason: Reason) -> None:
    """The step will not run."""
    clear(step)
    end_child(d, step)
    step.reason = reason
    step.finished_at = d.now
    d.move(step, move)
    d.told(step, move)
    step_done(d, step)


def step_done(d: Draft, step: Step) -> None:
    """The step is resolved; perhaps its node is, and the next of a limited fan-out may start."""
    n = step.node
    d.expression_steps = None
    if d.tally.left[n] == 0:
        resolve_node(d, n, taken=d.tally.succeeded[n] > 0 or _found_nothing(d, d.plan.nodes[n]))
    elif d.plan.nodes[n].limit:
        d.queue.append(n)


def resolve_node(d: Draft, n: int, *, taken: bool) -> None:
    """Tell the outgoing edges whether they are taken."""
    t, node = d.tally, d.plan.nodes[n]
    t.resolved[n] = True
    t.unresolved -= 1
    case = chosen_case(node, d.node_steps(n)) if node.kind is DECISION else None
    for down, edge_case in node.downs:
        t.waiting[down] -= 1
        if taken and (edge_case is None or edge_case == case):
            t.taken[down] += 1
        if t.waiting[down] == 0 or d.plan.nodes[down].spec.join_any:
            d.queue.append(down)


# -- fan-out known only now --------------------------------------------------------------------------


def _expand(d: Draft, node: PlanNode) -> bool:
    """Give the node one step per element; False when that failed or left nothing to start."""
    assert node.foreach is not None
    steps = d.node_steps(node.index)
    if any(step.status is not PENDING for step in steps):
        return True
    try:
        items = items_of(evaluate(node.foreach, environment(d)))
        _refuse_too_many(d, len(items) - len(steps))
    except ExpressionError as error:
        if d.run.mock:  # a rehearsal has no outputs to fan out over: one step stands for all
            return True
        _unfit(d, d.step(steps[0].id), str(error))
        return False
    _fit_steps(d, node, items)
    return bool(items)


def _refuse_too_many(d: Draft, more: int) -> None:
    total = sum(len(ids) for ids in d.by_node) + more
    if total > d.plan.max_steps:
        raise ExpressionError(text("said_too_many", {"found": total, "limit": d.plan.max_steps}))


def _fit_steps(d: Draft, node: PlanNode, items: list[Json]) -> None:
    """Reuse the steps there are, add what is missing, take away or bypass what is too many."""
    n, ids = node.index, list(d.by_node[node.index])
    for position, item in enumerate(items):
        if position < len(ids):
            step = d.step(ids[position])
            if step.parallel_idx >= 0 and step.item != item:
                step.inputs = None  # given for another element
            step.parallel_idx, step.item = position, item
            d.decision.reshaped.add(step.id)
        else:
            ids.append(add_step(d, n, position, item))
    surplus = ids[len(items) :]
    kept = ids[: len(items)]
    for step_id in surplus:
        if d.peek(step_id).attempt == 0:
            _remove_step(d, step_id, n)
        else:
            kept.append(step_id)
    d.by_node = [*d.by_node[:n], kept, *d.by_node[n + 1 :]]
    for step_id in kept[len(items) :]:
        bypass(d, d.step(step_id), Move.BYPASS, Reason.NOT_TAKEN)
    if not kept:
        resolve_node(d, n, taken=True)


def add_step(d: Draft, n: int, position: int, item: Json) -> int:
    """A step of node ``n`` that its run did not have; its place among the node's is the caller's to note."""
    step = Step(d.ids.step(), n, position, item, created_at=d.now)
    d.steps[step.id] = step
    d.decision.created.add(step.id)
    d.tally.left[n] += 1
    d.touched = True
    return step.id


def _remove_step(d: Draft, step_id: int, n: int) -> None:
    d.steps.pop(step_id, None)
    if step_id in d.decision.created:
        d.decision.created.discard(step_id)
    else:
        d.decision.removed.append(step_id)
    d.tally.left[n] -= 1
    d.touched = True


# -- starting one step -------------------------------------------------------------------------------


def begin(d: Draft, node: PlanNode, step: Step) -> None:
    """Start a PENDING step, whatever kind its node is."""
    before = step.attempt
    try:
        if node.gate is not None and gates.closed(d, node, step):
            return
        if node.when is not None and not _wanted(d, node.when, step):
            bypass(d, step, Move.BYPASS, Reason.NOT_TAKEN)
            return
        _BEGIN[node.kind](d, node, step)
    except ExpressionError as error:
        _unfit(d, step, str(error))
        if step.attempt > before:
            d.end_attempt(step)


def _wanted(d: Draft, when: Expression, step: Step) -> bool:
    try:
        return evaluate_condition(when, environment(d, step))
    except ExpressionError:
        if d.run.mock:
            return True
        raise


def _unfit(d: Draft, step: Step, message: str) -> None:
    clear(step)
    step.reason, step.message, step.finished_at = Reason.ERROR, message, d.now
    step.phase = Phase.PRODUCE_FAILED
    d.move(step, Move.UNFIT)
    d.told(step, Move.UNFIT)


def _begin_task(d: Draft, node: PlanNode, step: Step) -> None:
    again = step.operation is RETRY and step.executed
    act = Act.ROLLBACK if again and node.undoable and node.spec.retry.rollback else START
    next_attempt(d, step)
    hand_over(d, node, step, Act.MOCK if d.run.mock else act, HAND_OVER)


def next_attempt(d: Draft, step: Step) -> None:
    """A fresh attempt, not started yet."""
    clear(step)
    step.attempt += 1
    step.tries += 1
    step.attempt_at = step.finished_at = None


def hand_over(d: Draft, node: PlanNode, step: Step, act: Act, move: Move) -> None:
    """Give the current attempt to its executor; READY until a worker has it."""
    data = payload(d, node, step, act)
    step.act = act
    step.phase = PRODUCED
    step.due = step.due_at = None
    if act is START:
        step.outputs = None
    d.move(step, move)
    d.told(step, move)
    assert node.spec.executor is not None
    d.effects.append(
        HandOver(
            d.run.id,
            step.id,
            step.attempt,
            act,
            node.spec.executor,
            data,
            node.spec.timeout,
            step.operation,
        )
    )


def _wait(d: Draft, node: PlanNode, step: Step, wait: Wait, due: Due | None, due_at: float | None) -> None:
    next_attempt(d, step)
    step.wait, step.due, step.due_at = wait, due if due_at is not None else None, due_at
    step.attempt_at = d.now
    step.started_at = step.started_at or d.now
    step.phase, step.outputs = Phase.MONITOR_BEGIN, None  # an earlier answer is none to this question
    d.move(step, Move.WAIT)
    d.told(step, Move.WAIT)


def settle(d: Draft, step: Step, phase: Phase, outputs: Json) -> None:
    """Done at once, without an executor."""
    next_attempt(d, step)
    step.phase, step.outputs = phase, outputs
    step.started_at = step.started_at or d.now
    step.attempt_at = step.finished_at = d.now
    d.move(step, Move.SETTLE)
    d.told(step, Move.SETTLE)
    d.end_attempt(step)
    step_done(d, step)


def _begin_approval(d: Draft, node: PlanNode, step: Step) -> None:
    if d.run.mock:
        settle(d, step, Phase.MOCK_PASSED, None)
        return
    step.votes = []
    limit = node.spec.expires or node.spec.timeout
    _wait(d, node, step, Wait.APPROVAL, Due.EXPIRY, d.now + limit if limit else None)


def _begin_decision(d: Draft, node: PlanNode, step: Step) -> None:
    try:
        case = _decide(d, node, step)
    except ExpressionError:
        if not d.run.mock:  # a rehearsal has no outputs to decide by
            raise
        case = None
    if case is None and d.run.mock:
        case = node.spec.cases[0].name
    if case is not None:
        settle(d, step, Phase.MOCK_SUCCESS if d.run.mock else Phase.MONITOR_SUCCESS, {"case": case})
        return
    limit = node.spec.expires or node.spec.timeout
    _wait(d, node, step, Wait.CHOICE, Due.EXPIRY, d.now + limit if limit else None)


def _decide(d: Draft, node: PlanNode, step: Step) -> str | None:
    """The first case that holds; None where a person chooses (no case has a condition)."""
    cases = node.spec.cases
    if all(case.when is None for case in cases):
        return None
    names = environment(d, step)
    for case in cases:
        if case.when is None or evaluate_condition(compile_expression(case.when), names):
            return case.name
    raise ExpressionError(text("said_no_case", {}))


def _begin_timer(d: Draft, node: PlanNode, step: Step) -> None:
    if d.run.mock:
        settle(d, step, Phase.MOCK_PASSED, None)
        return
    due_at = _timer_instant(d, node, step)
    _wait(d, node, step, Wait.TIMER, Due.TIMER, due_at)


def _timer_instant(d: Draft, node: PlanNode, step: Step) -> float:
    spec = node.spec
    if spec.wait_for is not None:
        return d.now + spec.wait_for
    zone = ZoneInfo(spec.timezone or (d.plan.workflow.schedule or {}).get("timezone") or "UTC")
    if spec.wait_at is not None:
        return _next_time_of_day(d.now, spec.wait_at, zone)
    assert spec.wait_until is not None
    return _instant(evaluate(compile_expression(spec.wait_until), environment(d, step)), zone)


def _next_time_of_day(now: float, clock: str, zone: ZoneInfo) -> float:
    hour, minute = (int(part) for part in clock.split(":")[:2])
    local = datetime.fromtimestamp(now, zone)
    wanted = local.replace(hour=hour, minute=minute, second=0, microsecond=0, fold=0)
    if wanted.timestamp() <= now:
        wanted = (wanted.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=zone)
    return wanted.timestamp()


def _instant(value: Json, zone: ZoneInfo) -> float:
    """An instant from epoch seconds or ISO-8601 text; text without an offset is in ``zone``. One that no
    calendar has (milliseconds, say) is none."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC).timestamp()
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC).timestamp()
    except (TypeError, ValueError, OverflowError, OSError):
        raise ExpressionError(text("said_until", {"found": repr(value)})) from None


def _begin_child(d: Draft, node: PlanNode, step: Step) -> None:
    effect = child_effect(d, node, step)
    step.act = START
    _wait(d, node, step, Wait.CHILDREN, None, None)
    step.executed = True
    if step.child:  # of an earlier attempt: open for repair, or being repaired; two must not be at work
        step.phase = Phase.CANCEL_BEGIN
        end_child(d, step)
        return
    effect.attempt = step.attempt
    start_child(d, step, effect)


def end_child(d: Draft, step: Step) -> None:
    """The newest child is needed no more: what it does is ended, and it stands open for repair no longer."""
    if step.children:
        d.effects.append(TellChild(d.run.id, step.children[-1], "terminate"))


def start_child(d: Draft, step: Step, effect: StartChild) -> None:
    """The child of this attempt; its time counts from here."""
    limit = d.node_of(step).spec.timeout
    if limit:
        step.due, step.due_at = Due.TIMEOUT, d.now + limit
    d.effects.append(effect)


def child_effect(d: Draft, node: PlanNode, step: Step) -> StartChild:
    """The child run a sub-workflow step asks for; its target is the element of a fan-out."""
    inputs = inputs_of(d, node, step)
    if not isinstance(inputs, Mapping):
        raise ExpressionError(text("said_child_inputs", {"found": type_word(inputs)}))
    assert node.spec.workflow is not None
    target = inputs.get("target", step.item if node.foreach is not None else None) or d.run.target
    params = inputs.get("params") or {}
    return StartChild(d.run.id, step.id, step.attempt, node.spec.workflow, params, target, d.run.mock)


_BEGIN = {
    NodeKind.TASK: _begin_task,
    NodeKind.APPROVAL: _begin_approval,
    NodeKind.DECISION: _begin_decision,
    NodeKind.TIMER: _begin_timer,
    NodeKind.WORKFLOW: _begin_child,
}


def retry_delay(d: Draft, node: PlanNode, step: Step) -> float:
    """Seconds before the next automatic attempt, never more than the longest duration; the jitter is
    derived, so that replays agree."""
    retry = node.spec.retry
    try:
        delay = min(retry.delay * retry.backoff ** (step.tries - 1), LONGEST)
    except OverflowError:
        delay = LONGEST if retry.delay else 0.0
    share = zlib.crc32(f"{d.run.id}/{step.id}/{step.attempt}".encode()) / 0xFFFFFFFF
    return delay * (1 + retry.jitter * (2 * share - 1))
