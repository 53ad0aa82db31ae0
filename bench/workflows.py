"""The workflows that the benchmarks run, as documents."""

from typing import Any

Json = Any


def wide(name: str, width: int, step: Json | None = None) -> Json:
    """One node, then ``width`` nodes, then one."""
    branches = [_node(f"branch-{number}", step, ["root"]) for number in range(width)]
    last = _node("join", step, [branch["id"] for branch in branches])
    return _document(name, [_node("root", step, []), *branches, last])


def chain(name: str, length: int, step: Json | None = None) -> Json:
    """Nodes in sequence."""
    nodes = [
        _node(f"link-{number}", step, [f"link-{number - 1}"] if number else []) for number in range(length)
    ]
    return _document(name, nodes)


def single(name: str, step: Json) -> Json:
    """One node."""
    return _document(name, [_node("only", step, [])])


def shell(script: str, **more: Json) -> Json:
    return {"executor": "shell", "with": {"script": script}, **more}


def _node(id: str, step: Json | None, after: list[str]) -> Json:
    return {"id": id, **(step or {"executor": "noop"}), **({"after": after} if after else {})}


def _document(name: str, nodes: list[Json]) -> Json:
    return {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": name},
        "spec": {"nodes": nodes},
    }
