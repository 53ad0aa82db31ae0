"""Making the aggregate: from stored rows, and from a decision once it is stored."""

from __future__ import annotations

from collections.abc import Iterable

from headrace.core.run.plan import Plan
from headrace.core.run.state import Decision, OperationRecord, Run, RunState, Step
from headrace.core.run.tally import by_node_of, recount


def rebuild(run: Run, steps: Iterable[Step], plan: Plan, operation: OperationRecord, seq: int) -> RunState:
    """The state as the rows tell it; everything derived is derived anew."""
    known = {step.id: step for step in steps}
    by_node = by_node_of(plan, known)
    tally = recount(run, plan, [[known[i] for i in ids] for ids in by_node])
    return RunState(run, plan, known, operation, seq, by_node, tally)


def absorb(state: RunState, decision: Decision) -> None:
    """Make a stored decision the current state."""
    if not decision.changed:
        return
    state.run = decision.run
    state.seq = decision.seq
    state.steps.update(decision.steps)
    for step_id in decision.removed:
        state.steps.pop(step_id, None)
    assert decision.operation is not None
    state.operation = decision.operation
    state.by_node = decision.by_node
    state.tally = decision.tally
