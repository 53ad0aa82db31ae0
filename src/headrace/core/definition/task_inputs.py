"""Whether an executor heeds every key of a task's ``with`` and ``rollback``. Asked where a definition is
stored, not where a run loads its version: what has been stored stays startable."""

from collections.abc import Mapping
from typing import Any, Protocol

from headrace.core.definition.faults import Faults
from headrace.core.definition.nodes import ANY_KIND, OF_KIND
from headrace.core.refusal import Problem
from headrace.core.words import NodeKind

Json = Any

BESIDE = ANY_KIND | OF_KIND[NodeKind.TASK]


class Taking(Protocol):
    """What an executor says of its inputs (``core.run.capabilities`` has it)."""

    @property
    def takes(self) -> tuple[str, ...] | None: ...
    @property
    def rollback_by_node(self) -> bool: ...


def check_task_inputs(document: Mapping[str, Json], capabilities: Mapping[str, Taking]) -> list[Problem]:
    """Keys that the executor would pass over; of any document, as far as it can be read."""
    faults = Faults()
    spec = document.get("spec")
    nodes = spec.get("nodes") if isinstance(spec, Mapping) else None
    for i, node in enumerate(nodes if isinstance(nodes, list) else []):
        if isinstance(node, Mapping) and node.get("kind", NodeKind.TASK.value) == NodeKind.TASK.value:
            executor = node.get("executor")
            known = capabilities.get(executor) if isinstance(executor, str) else None
            if known is None or known.takes is None:
                continue
            for block in ("with", "rollback") if known.rollback_by_node else ("with",):
                _check(node.get(block), f"spec.nodes[{i}].{block}", str(executor), known.takes, faults)
    return faults.problems


def _check(given: Json, path: str, executor: str, takes: tuple[str, ...], faults: Faults) -> None:
    """``from.table`` among ``takes`` is a key within the object ``from``."""
    if not isinstance(given, Mapping) or "$cel" in given or "$secret" in given:
        return
    known = {name.partition(".")[0] for name in takes}
    for key, value in given.items():
        place = f"{path}.{key}"
        if key in known:
            within = tuple(name.removeprefix(f"{key}.") for name in takes if name.startswith(f"{key}."))
            if within:
                _check(value, place, executor, within, faults)
        elif key in BESIDE:
            faults.add(place, "definition_input_beside", found=key, executor=executor)
        else:
            faults.unknown(place, "definition_input_unknown", str(key), known, executor=executor)
