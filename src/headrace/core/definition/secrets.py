"""References to secrets and connections: their form, and where a definition has them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from headrace.core.definition.faults import Faults, shown
from headrace.core.definition.model import Node, Workflow
from headrace.core.words import NodeKind

Json = Any
NAME_LENGTH = 128


def check_references(nodes: Sequence[tuple[str, Node]], faults: Faults) -> None:
    """Note every ``$secret`` that does not name exactly one secret."""
    for path, node in nodes:
        for block, value in (("with", node.inputs), ("rollback", node.rollback)):
            for place, found in _marked(value, f"{path}.{block}"):
                name = found["$secret"]
                if node.kind is not NodeKind.TASK:
                    faults.add(place, "secret_place", kind=node.kind.value)
                if len(found) != 1 or not isinstance(name, str) or not 0 < len(name) <= NAME_LENGTH:
                    faults.add(place, "secret_reference", found=shown(found))


def named(workflow: Workflow) -> Iterator[tuple[str, str, str]]:
    """Path, kind (secret or connection) and name of everything the definition takes from the vault."""
    for param, secret in _defaults(workflow.params):
        yield f"spec.params.{param}.default", "secret", secret
    for i, node in enumerate(workflow.nodes):
        for block, value in (("with", node.inputs), ("rollback", node.rollback)):
            path = f"spec.nodes[{i}].{block}"
            for place, found in _marked(value, path):
                yield place, "secret", found["$secret"]
            for key in ("connection", "from", "to"):
                name = _connection(value, key)
                if name is not None:
                    yield f"{path}.{key}", "connection", name


def names_in(document: Mapping[str, Json]) -> set[tuple[str, str]]:
    """Kind and name of the same, of a valid document that need not be parsed for it."""
    spec = document["spec"]
    found = {("secret", name) for _, name in _defaults(spec.get("params") or {})}
    found |= {("secret", name) for name in _planned(spec)}
    for node in spec["nodes"]:
        for value in (node.get("with"), node.get("rollback")):
            found |= {("secret", marked["$secret"]) for _, marked in _marked(value, "")}
            names = (_connection(value, key) for key in ("connection", "from", "to"))
            found |= {("connection", name) for name in names if name is not None}
    return found


def _defaults(params: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Parameters that take a secret's name, with the name that they have by themselves."""
    for name, schema in params.items():
        if schema.get("secret") is True and isinstance(schema.get("default"), str):
            yield name, schema["default"]


def _planned(spec: Mapping[str, Json]) -> Iterator[str]:
    """Names of secrets that the schedule starts its runs with."""
    given = (spec.get("schedule") or {}).get("params") or {}
    for name, schema in (spec.get("params") or {}).items():
        if schema.get("secret") is True and isinstance(given.get(name), str):
            yield given[name]


def _connection(value: Json, key: str) -> str | None:
    """``connection: orders``, or ``from: {connection: orders}``; not one that is computed."""
    found = value.get(key) if isinstance(value, Mapping) else None
    if key != "connection" and isinstance(found, Mapping):
        found = found.get("connection")
    elif key != "connection":
        return None
    return found if isinstance(found, str) else None


def _marked(value: Json, path: str) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Objects with the key ``$secret``."""
    if isinstance(value, Mapping):
        if "$secret" in value:
            yield path, value
            return
        for key, item in value.items():
            yield from _marked(item, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from _marked(item, f"{path}[{i}]")
