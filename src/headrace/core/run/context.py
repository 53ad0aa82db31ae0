"""What expressions and executors see of a run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from headrace.core.definition.model import Workflow
from headrace.core.expr import ExpressionError, compile_expression, evaluate, type_word
from headrace.core.messages import text
from headrace.core.run.draft import Draft
from headrace.core.run.plan import PlanNode
from headrace.core.run.secrets import allowed
from headrace.core.run.state import Run, Step
from headrace.core.words import Act, StepStatus

Json = Any
ROLLBACK, BYPASSED = Act.ROLLBACK, StepStatus.BYPASSED

__all__ = ["ExpressionError", "environment", "inputs_of", "items_of", "payload"]


def environment(d: Draft, step: Step | None = None) -> dict[str, Json]:
    """The names an expression may use: params, target, steps, item, run."""
    run = d.run
    if d.expression_steps is None:
        d.expression_steps = {node.id: _node_view(d, node) for node in d.plan.nodes}
    return {
        **_run_names(run, d.plan.workflow),
        "steps": d.expression_steps,
        "item": step.item if step else None,
    }


def first_environment(run: Run, workflow: Workflow) -> dict[str, Json]:
    """The same before there is any step."""
    return {**_run_names(run, workflow), "steps": {}, "item": None}


def _run_names(run: Run, workflow: Workflow) -> dict[str, Json]:
    return {
        "params": run.params,
        "target": run.target or {},
        "run": {
            "id": run.id,
            "workflow": run.workflow,
            "version": run.version,
            "mock": run.mock,
            "planned_at": planned_text(run, workflow),
        },
    }


def planned_text(run: Run, workflow: Workflow) -> str | None:
    """The slot a schedule has started the run for, ISO 8601 as the schedule's own clock shows it."""
    if run.planned_at is None:
        return None
    zone = ZoneInfo((workflow.schedule or {}).get("timezone") or "UTC")
    return datetime.fromtimestamp(run.planned_at, zone).isoformat()


def _node_view(d: Draft, node: PlanNode) -> dict[str, Json]:
    """``steps.<node>``: outputs is a list where the node fans out; status as words. What a step answered in
    an earlier operation is not shown once it has been passed over."""
    steps = d.node_steps(node.index)
    if node.foreach is not None:
        steps = [step for step in steps if step.status is not BYPASSED or not step.attempt]
        return {"outputs": [step.outputs for step in steps], "status": [str(step.status) for step in steps]}
    step = steps[0]
    return {"outputs": None if step.status is BYPASSED else step.outputs, "status": str(step.status)}


def resolve(value: Json, names: Mapping[str, Json], known: Collection[str] | None = None) -> Json:
    """The value with every ``{"$cel": source}`` replaced by what it evaluates to; of ``known`` sources only,
    where they are given."""
    if isinstance(value, Mapping):
        source = value.get("$cel")
        if len(value) == 1 and isinstance(source, str) and (known is None or source in known):
            return evaluate(compile_expression(source), names)
        return {key: resolve(item, names, known) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [resolve(item, names, known) for item in value]
    return value


def inputs_of(d: Draft, node: PlanNode, step: Step) -> Json:
    """What the step is given, computed: the node's own inputs, or what a person has put in their place."""
    inputs = node.spec.inputs if step.inputs is None else step.inputs
    return resolve(inputs, environment(d, step), node.expressions) if node.expressions else inputs


def items_of(value: Json) -> list[Json]:
    """The elements a fan-out works on."""
    if not isinstance(value, list | tuple):
        raise ExpressionError(text("said_foreach", {"found": type_word(value)}))
    return list(value)


def payload(d: Draft, node: PlanNode, step: Step, act: Act) -> Json:
    """All an executor is given; its inputs alone, or None, where it wants no more.

    Expressions are evaluated: for a rollback those of the ``rollback`` block, where there is one, else
    those of ``with``.
    """
    undo = node.spec.rollback if act is ROLLBACK else None
    if undo is not None:
        undo = resolve(undo, environment(d, step)) if node.computed_undo else undo
        inputs = node.spec.inputs if step.inputs is None else step.inputs
    else:
        inputs = inputs_of(d, node, step)
    if not node.capabilities.context:
        return {"with": inputs} if inputs else None
    found = {
        "with": inputs,
        "rollback": undo,
        "params": d.run.params,
        "target": d.run.target,
        "item": step.item,
        "steps": {d.plan.nodes[up].id: _node_view(d, d.plan.nodes[up]) for up in node.ups},
        "outputs": step.outputs,
        "run": {
            "id": d.run.id,
            "workflow": d.run.workflow,
            "version": d.run.version,
            "tenant": d.run.tenant,
            "creator": d.run.creator,
            "planned_at": planned_text(d.run, d.plan.workflow),
        },
        "node": node.id,
        "parallelIdx": step.parallel_idx,
    }
    if node.secrets or node.undo_secrets or d.plan.secret_params:
        found["secrets"] = _secrets(d, node, step)
    return found


def _secrets(d: Draft, node: PlanNode, step: Step) -> Json:
    """Where the payload holds names of secrets instead of their values: paths and names."""
    given = d.run.params
    return {
        "with": node.secrets if step.inputs is None else allowed(step.inputs, node.secrets),
        "rollback": node.undo_secrets,
        "params": [((name,), given[name]) for name in d.plan.secret_params if given.get(name) is not None],
    }
