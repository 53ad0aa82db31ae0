"""What a definition names outside itself: it comes along with no export."""

from collections.abc import Iterator, Mapping
from typing import Any

from headrace.core.definition.model import Workflow

Json = Any
Reference = tuple[str, str]
"""Kind and name: workflow, channel, role, user, connection, secret."""


def references(workflow: Workflow) -> list[Reference]:
    """Every one once, in order."""
    found = {("channel", rule["channel"]) for rule in workflow.alarms}
    for node in workflow.nodes:
        found |= {("channel", rule["channel"]) for rule in node.alarms}
        found |= {*node.approvers.entries, *_inside(node.inputs), *_inside(node.rollback)}
        if node.workflow is not None:
            found.add(("workflow", node.workflow))
    return sorted(found)


def at_rest(document: Mapping[str, Json], name: str | None = None) -> dict[str, Json]:
    """The same definition, of another name where one is given, and starting nothing by itself: no schedule
    enabled, no calls from outside taken. The document has passed the check."""
    metadata = {**document["metadata"], **({"name": name} if name else {})}
    spec = dict(document["spec"])
    if spec.get("schedule"):
        spec["schedule"] = {**spec["schedule"], "enabled": False}
    if spec.get("invocation"):
        spec["invocation"] = {**spec["invocation"], "enabled": False}
    return {**document, "metadata": metadata, "spec": spec}


def _inside(value: Json) -> Iterator[Reference]:
    if isinstance(value, list):
        for item in value:
            yield from _inside(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(item, str) and key in ("$secret", "connection"):
                yield ("secret" if key == "$secret" else key), item
            else:
                yield from _inside(item)
