"""A new run: its first steps, all PENDING. The Begin event starts them."""

from __future__ import annotations

from typing import Any

from headrace.core.expr import ExpressionError, evaluate
from headrace.core.refusal import Problem, Refused
from headrace.core.run.context import first_environment, items_of
from headrace.core.run.draft import Ids
from headrace.core.run.plan import Plan, PlanNode
from headrace.core.run.state import OperationRecord, Run, RunState, Step
from headrace.core.run.state_of import rebuild
from headrace.core.run.tally import untouched
from headrace.core.words import Operation

Json = Any


def create_run(run: Run, plan: Plan, now: float, ids: Ids) -> RunState:
    """The state of a run that is about to start; refused where it would have too many steps.

    A fan-out over params or the target is opened here, one over steps' outputs when its turn comes;
    until then it is one PENDING step.
    """
    fan_outs = {
        node.index: _items(run, plan, node) for node in plan.nodes if node.foreach and not node.dynamic
    }
    total = sum(len(fan_outs.get(node.index, (None,))) for node in plan.nodes)
    if total > plan.max_steps:
        raise Refused("limit", "run_too_many_steps", {"found": total, "limit": plan.max_steps})
    run.created_at = now
    operation = OperationRecord(ids.operation(), Operation.EXECUTE, run.creator, now)
    run.operation_id = operation.id
    steps: list[Step] = []
    for node in plan.nodes:
        if node.index in fan_outs:
            items = fan_outs[node.index]
            steps += [Step(ids.step(), node.index, i, item, created_at=now) for i, item in enumerate(items)]
        else:
            steps.append(Step(ids.step(), node.index, created_at=now))
    if not fan_outs:  # one step a node, in order: nothing to sort, nothing to count
        by_node = [[step.id] for step in steps]
        known = {step.id: step for step in steps}
        return RunState(run, plan, known, operation, 0, by_node, untouched(plan).copy())
    return rebuild(run, steps, plan, operation, 0)


def _items(run: Run, plan: Plan, node: PlanNode) -> list[Json]:
    assert node.foreach is not None
    try:
        return items_of(evaluate(node.foreach, first_environment(run, plan.workflow)))
    except ExpressionError as error:
        problem = Problem(f"spec.nodes[{node.index}].foreach", "foreach_failed", {"error": str(error)})
        raise Refused("invalid", "run_not_startable", {"workflow": run.workflow}, [problem]) from error
