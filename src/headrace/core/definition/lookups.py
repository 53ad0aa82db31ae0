"""What expressions look up exists: names, nodes and parameters."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from headrace.core.definition.faults import Faults
from headrace.core.definition.model import Node
from headrace.core.expr import ExpressionError, compile_expression

Json = Any

ROOTS = frozenset({"params", "target", "steps", "item", "run"})


def check_lookups(nodes: Sequence[tuple[str, Node]], params: Mapping[str, Json], faults: Faults) -> None:
    """Note every name that no run would know."""
    ids = frozenset(node.id for _, node in nodes)
    for path, node in nodes:
        for place, source in sources(path, node):
            _check(place, source, ids, params, faults)


def sources(path: str, node: Node) -> Iterator[tuple[str, str]]:
    """Each expression of the node with its place."""
    for key, source in (("when", node.when), ("foreach", node.foreach), ("until", node.wait_until)):
        if source is not None:
            yield f"{path}.{key}", source
    for i, case in enumerate(node.cases):
        if case.when is not None:
            yield f"{path}.cases[{i}].when", case.when
    if node.inputs:
        yield from _computed(node.inputs, f"{path}.with")
    if node.rollback:
        yield from _computed(node.rollback, f"{path}.rollback")


def _computed(value: Json, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        if isinstance(value.get("$cel"), str):
            yield f"{path}.$cel", value["$cel"]
        else:
            for key, item in value.items():
                yield from _computed(item, f"{path}.{key}")
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _computed(item, f"{path}[{i}]")


def _check(place: str, source: str, ids: frozenset[str], params: Mapping[str, Json], faults: Faults) -> None:
    try:
        expression = compile_expression(source)
    except ExpressionError:
        return  # noted already
    for name in sorted(expression.free - ROOTS):
        faults.unknown(place, "definition_name_unknown", name, ROOTS)
    for root, known, code in (
        ("steps", ids, "definition_node_unknown"),
        ("params", frozenset(params), "definition_param_unknown"),
    ):
        if root in expression.free:
            for name in sorted(expression.fields(root) - known):
                faults.unknown(place, code, name, known)
