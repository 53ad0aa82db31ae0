"""One run and one step with all that a page about them needs: beside their state, what may be done now."""

from typing import Any

from headrace.api.http.views import Definitions, RunView, run_of
from headrace.api.native.shapes import RunShape, StepShape, run_shapes, step_shape
from headrace.core.access.caller import Caller
from headrace.core.definition.model import Node
from headrace.core.instants import instant
from headrace.core.messages import Language
from headrace.core.run.legal import run_verbs, step_verbs
from headrace.core.run.state import Run, Step
from headrace.core.words import NodeKind, Permission
from headrace.ports.store import Reader

Json = Any


class RunDetail(RunShape):
    """``verbs`` are legal now for the caller; ``parent`` is the step whose child this run is; ``seq`` is the
    number of the last event that this state shows."""

    seq: int
    verbs: list[str]
    closing: str | None
    deadline: str | None
    parent: dict[str, int] | None


class StepDetail(StepShape):
    """``verbs`` are legal now for the caller; ``inputs`` is what the next attempt is given."""

    verbs: list[str]
    inputs: Json
    votes: list[dict[str, Json]]
    approvers: list[dict[str, str]]
    approvals: str | int | None
    cases: list[str]
    children: list[int]
    worker: str | None
    due: str | None
    dueAt: str | None


def run_detail(
    reader: Reader, definitions: Definitions, caller: Caller, run_id: int, language: Language
) -> RunDetail:
    """The run as the caller sees it; Gone where the tenant has no such run."""
    run = run_of(reader, caller.tenant, run_id)
    parent = {"run": run.parent_run, "step": run.parent_step} if run.parent_run and run.parent_step else None
    return {
        **run_shapes(reader, [run], language)[0],
        "seq": reader.sequence(run_id),
        "verbs": _run_verbs(reader, definitions, caller, run),
        "closing": run.closing,
        "deadline": instant(run.deadline),
        "parent": parent,
    }


def _run_verbs(reader: Reader, definitions: Definitions, caller: Caller, run: Run) -> list[str]:
    if Permission.TASK_MANAGER not in caller.permissions:
        return []
    nodes = definitions.of(reader, run.version_id).nodes
    forbidding = any(node.rollback_forbidden for node in nodes)
    return run_verbs(run, nodes, reader.steps(run.id) if forbidding else ())


def step_detail(view: RunView, caller: Caller, step: Step, language: Language) -> StepDetail:
    """The step as the caller sees it."""
    node = view.workflow.nodes[step.node]
    may = Permission.TASK_MANAGER in caller.permissions
    after = _after(view, step) if may else []
    who = node.approvers
    return {
        **step_shape(view.run.id, view.workflow, step, view.links, language),
        "verbs": step_verbs(view.run, step, node, after, caller.actor) if may else [],
        "inputs": _inputs(node, step),
        "votes": step.votes or [],
        "approvers": [{kind: name} for kind, name in who.entries],
        "approvals": who.needed if node.kind is NodeKind.APPROVAL else None,
        "cases": [case.name for case in node.cases],
        "children": step.children or [],
        "worker": step.worker,
        "due": step.due,
        "dueAt": instant(step.due_at),
    }


def _inputs(node: Node, step: Step) -> Json:
    return dict(node.inputs) if step.inputs is None else step.inputs


def _after(view: RunView, step: Step) -> list[Step]:
    """The steps of all nodes that come after this step's node."""
    downs: dict[str, list[int]] = {}
    for index, node in enumerate(view.workflow.nodes):
        for edge in node.after:
            downs.setdefault(edge.node, []).append(index)
    seen: set[int] = set()
    todo = [step.node]
    while todo:
        for below in downs.get(view.workflow.nodes[todo.pop()].id, ()):
            if below not in seen:
                seen.add(below)
                todo.append(below)
    return [other for other in view.steps if other.node in seen]
