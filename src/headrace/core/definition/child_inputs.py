"""What a sub-workflow's ``with`` may hold. Asked where a definition is stored, not where a run loads its
version: what has been stored stays startable."""

from collections.abc import Mapping
from typing import Any

from headrace.core.definition.faults import Faults, shown
from headrace.core.refusal import Problem
from headrace.core.words import NodeKind

Json = Any

CHILD_INPUTS = ("params", "target")


def check_child_inputs(document: Mapping[str, Json]) -> list[Problem]:
    """Keys that a child run would not be given, and values that are no mappings; of any document, as far as
    it can be read."""
    faults = Faults()
    spec = document.get("spec")
    nodes = spec.get("nodes") if isinstance(spec, Mapping) else None
    for i, node in enumerate(nodes if isinstance(nodes, list) else []):
        if isinstance(node, Mapping) and node.get("kind") == NodeKind.WORKFLOW.value:
            given = node.get("with")
            if isinstance(given, Mapping):
                faults.problems += child_input_problems(given, f"spec.nodes[{i}].with")
    return faults.problems


def child_input_problems(given: Mapping[str, Json], path: str) -> list[Problem]:
    """Of one ``with``."""
    faults = Faults()
    for key, value in given.items() if "$cel" not in given else ():
        if key not in CHILD_INPUTS:
            faults.add(f"{path}.{key}", "definition_child_key", found=key)
        elif value is not None and not isinstance(value, Mapping):
            faults.add(f"{path}.{key}", "definition_type_mapping", found=shown(value))
    return faults.problems
