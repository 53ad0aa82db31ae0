"""What a definition says and no run would heed: keys without effect, fields that nothing has. Asked where a
definition is stored, not where a run loads its version: what has been stored stays startable."""

from collections.abc import Iterator, Mapping
from typing import Any

from headrace.core.definition.faults import Faults
from headrace.core.definition.lookups import sources
from headrace.core.definition.model import Node, Workflow
from headrace.core.definition.nodes import ALL_KEYS, parse_node
from headrace.core.expr import ExpressionError, compile_expression
from headrace.core.refusal import Problem
from headrace.core.words import NodeKind

Json = Any

NEEDED = frozenset({"id", "executor", "workflow", "cases", "approvers"})
RUN_FIELDS = frozenset({"id", "workflow", "version", "mock", "planned_at"})
MAY_BE_NULL = NEEDED | {"name", "description", "timezone", "risk"}
"""Nothing is lost of these: they are told of elsewhere, or are texts to read."""
STEP_FIELDS = frozenset({"outputs", "status"})


def check_idle(workflow: Workflow) -> list[Problem]:
    """Everything that would be passed over, each with its place."""
    return [*_check_values(workflow.document["spec"]), *_check(list(enumerate(workflow.nodes)))]


def check_raw_idle(document: Mapping[str, Json]) -> list[Problem]:
    """The same of a document with other faults, as far as it can be read: all are told at once."""
    spec = document.get("spec") if isinstance(document, Mapping) else None
    if not isinstance(spec, Mapping):
        return []
    read = [(i, parse_node(node, "", Faults())) for i, node in _raw_nodes(spec)]
    return [*_check_values(spec), *_check([(i, node) for i, node in read if node is not None])]


def _raw_nodes(spec: Mapping[str, Json]) -> list[tuple[int, Json]]:
    nodes = spec.get("nodes")
    return list(enumerate(nodes)) if isinstance(nodes, list) else []


def _check_values(spec: Mapping[str, Json]) -> list[Problem]:
    """Keys of nodes whose value was forgotten: a ``when:`` without one would be no condition at all."""
    faults = Faults()
    for i, node in _raw_nodes(spec):
        for key in node if isinstance(node, Mapping) else ():
            if node[key] is None and key in ALL_KEYS - MAY_BE_NULL:
                faults.add(f"spec.nodes[{i}].{key}", "definition_value_missing", key=key)
    return faults.problems


def _check(nodes: list[tuple[int, Node]]) -> list[Problem]:
    faults = Faults()
    for i, node in nodes:
        path = f"spec.nodes[{i}]"
        for key, code in _without_effect(node):
            faults.add(f"{path}.{key}", code, key=key, kind=node.kind.value)
        for place, source in sources(path, node):
            _check_fields(place, source, node, faults)
    return faults.problems


def _without_effect(node: Node) -> Iterator[tuple[str, str]]:
    """Keys that the node may have by its kind, and that do nothing as it stands."""
    if node.kind is NodeKind.TIMER and node.timeout is not None:
        yield "timeout", "definition_idle_timer"
    if node.kind is NodeKind.WORKFLOW and node.rollback is not None:
        yield "rollback", "definition_idle_child"
    if node.kind is NodeKind.DECISION:
        who = node.approvers
        given = (("approvals", who.needed != "any"), ("allow_self", who.allow_self))
        yield from ((key, "definition_idle_decision") for key, there in given if there)
        if any(case.when is not None for case in node.cases):
            asks = (("approvers", bool(who.entries)), ("expires", node.expires), ("timeout", node.timeout))
            yield from ((key, "definition_idle_automatic") for key, there in asks if there)


def _check_fields(place: str, source: str, node: Node, faults: Faults) -> None:
    try:
        expression = compile_expression(source)
    except ExpressionError:
        return  # noted already
    if "item" in expression.free and node.foreach is None:
        faults.add(place, "definition_item_alone")
    for path in sorted(expression.findings.paths):
        if path[0] not in expression.free:
            continue
        if path[0] == "run" and len(path) > 1 and path[1] not in RUN_FIELDS:
            faults.unknown(place, "definition_field_unknown", path[1], RUN_FIELDS, owner="run")
        elif path[0] == "steps" and len(path) > 2 and path[2] not in STEP_FIELDS:
            owner = f"steps.{path[1]}"
            faults.unknown(place, "definition_field_unknown", path[2], STEP_FIELDS, owner=owner)
