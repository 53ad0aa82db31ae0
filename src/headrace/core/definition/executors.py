"""Whether the executors of a definition exist here and can do what it asks of them."""

from collections.abc import Mapping
from typing import Protocol

from headrace.core.definition.faults import Faults
from headrace.core.definition.model import Workflow
from headrace.core.refusal import Problem


class Abilities(Protocol):
    """What a definition may ask of an executor (``core.run.capabilities`` has them all)."""

    @property
    def rollback_by_node(self) -> bool: ...


def check_executors(workflow: Workflow, capabilities: Mapping[str, Abilities]) -> list[Problem]:
    """Unknown executors, and rollback blocks for executors that cannot roll back by one."""
    faults = Faults()
    for i, node in enumerate(workflow.nodes):
        if node.executor is None:
            continue
        path = f"spec.nodes[{i}]"
        found = capabilities.get(node.executor)
        if found is None:
            faults.unknown(f"{path}.executor", "definition_executor_unknown", node.executor, capabilities)
        elif node.rollback is not None and not found.rollback_by_node:
            faults.add(f"{path}.rollback", "definition_executor_rollback", executor=node.executor)
    return faults.problems
