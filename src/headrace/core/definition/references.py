"""What a definition names outside itself: it comes along with no export."""

from collections.abc import Mapping
from typing import Any

from headrace.core.definition.model import Workflow
from headrace.core.definition.secrets import named

Json = Any
Reference = tuple[str, str]
"""Kind and name: workflow, channel, role, user, connection, secret."""


def references(workflow: Workflow) -> list[Reference]:
    """Every one once, in order."""
    found = {(kind, name) for _, kind, name in named(workflow)}
    found |= {("channel", rule["channel"]) for rule in workflow.alarms}
    for node in workflow.nodes:
        found |= {("channel", rule["channel"]) for rule in node.alarms}
        found |= set(node.approvers.entries)
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
