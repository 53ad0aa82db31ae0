"""Whether the executors of a definition exist here and can do what it asks of them."""

from collections.abc import Mapping
from typing import Any, Protocol

from headrace.core.definition.faults import Faults
from headrace.core.definition.model import Workflow
from headrace.core.refusal import Problem


class Abilities(Protocol):
    """What a definition may ask of an executor (``core.run.capabilities`` has them all)."""

    @property
    def rollback_by_node(self) -> bool: ...
    @property
    def needs(self) -> tuple[tuple[str, ...], ...]: ...


def check_executors(workflow: Workflow, capabilities: Mapping[str, Abilities]) -> list[Problem]:
    """Unknown executors, and rollback blocks for executors that cannot roll back by one."""
    asked = [(node.executor, node.rollback is not None) for node in workflow.nodes]
    return _check(asked, capabilities)


def check_inputs(workflow: Workflow, capabilities: Mapping[str, Abilities]) -> list[Problem]:
    """What is lacking before the tasks of a definition can be carried out; a draft may lack it."""
    problems: list[Problem] = []
    for i, node in enumerate(workflow.nodes):
        known = capabilities.get(node.executor or "")
        if known is None or "$cel" in node.inputs:
            continue
        for names in known.needs:
            if all(node.inputs.get(name) in (None, "") for name in names):
                values = {"executor": node.executor, "names": " / ".join(names)}
                problems.append(Problem(f"spec.nodes[{i}].with", "publish_input_missing", values))
    return problems


def check_raw_executors(document: Mapping[str, Any], capabilities: Mapping[str, Abilities]) -> list[Problem]:
    """The same of a document with other faults, as far as it can be read: all are told at once."""
    spec = document.get("spec")
    nodes = spec.get("nodes") if isinstance(spec, Mapping) else None
    return _check([_asked(node) for node in nodes] if isinstance(nodes, list) else [], capabilities)


def _asked(node: Any) -> tuple[str | None, bool]:
    executor = node.get("executor") if isinstance(node, Mapping) else None
    if not isinstance(executor, str):
        return None, False
    return executor, isinstance(node.get("rollback"), Mapping)


def _check(asked: list[tuple[str | None, bool]], capabilities: Mapping[str, Abilities]) -> list[Problem]:
    faults = Faults()
    for i, (executor, rolls_back) in enumerate(asked):
        if executor is None:
            continue
        path = f"spec.nodes[{i}]"
        found = capabilities.get(executor)
        if found is None:
            faults.unknown(f"{path}.executor", "definition_executor_unknown", executor, capabilities)
        elif rolls_back and not found.rollback_by_node:
            faults.add(f"{path}.rollback", "definition_executor_rollback", executor=executor)
    return faults.problems
