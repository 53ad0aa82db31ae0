"""A version's graph compiled for deciding: nodes by index, edges both ways, a topological order."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from headrace.core.definition.model import Node, Workflow
from headrace.core.expr import Expression, compile_expression
from headrace.core.run.capabilities import Capabilities
from headrace.core.run.secrets import Place, places, secret_params
from headrace.core.schedule import Timetable, timetable
from headrace.core.words import NodeKind, OnFailure

NOTHING = Capabilities(context=False)  # what a node without an executor can do


@dataclass(frozen=True, slots=True)
class PlanNode:
    """A node with everything looked up that deciding needs."""

    index: int
    spec: Node
    kind: NodeKind
    capabilities: Capabilities
    ups: tuple[int, ...]
    downs: tuple[tuple[int, str | None], ...]  # (node, case of the edge)
    limit: int  # how many of its steps may be at work at once; 0: any number
    foreach: Expression | None
    dynamic: bool  # the fan-out is only known when its turn comes: it looks at steps' outputs
    when: Expression | None
    expressions: frozenset[str]  # sources that its inputs hold
    computed_undo: bool  # its ``rollback`` block does
    undoable: bool  # its executor can roll it back
    secrets: tuple[Place, ...]  # where its inputs name secrets
    undo_secrets: tuple[Place, ...]  # where its ``rollback`` block does
    gate: Timetable | None  # its own time, in a discrete schedule

    @property
    def id(self) -> str:
        return self.spec.id


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One version, ready to run. Immutable and shared by all runs of the version."""

    workflow: Workflow
    nodes: tuple[PlanNode, ...]
    index: Mapping[str, int]
    order: tuple[int, ...]  # topological
    max_steps: int = 10_000
    secret_params: tuple[str, ...] = ()
    gated: bool = False  # whether any node has its own time
    alarmed: bool = False  # whether anybody is to be told of anything

    @property
    def stops_on_failure(self) -> bool:
        return self.workflow.on_failure is not OnFailure.CONTINUE

    def descendants(self, start: int) -> set[int]:
        """Nodes reachable from ``start``, without it."""
        seen: set[int] = set()
        todo = [start]
        while todo:
            for down, _ in self.nodes[todo.pop()].downs:
                if down not in seen:
                    seen.add(down)
                    todo.append(down)
        return seen


def compile_plan(
    workflow: Workflow, capabilities: Mapping[str, Capabilities], max_steps: int = 10_000
) -> Plan:
    """The plan of a checked definition; the graph is known to be acyclic and its names to exist."""
    index = {node.id: i for i, node in enumerate(workflow.nodes)}
    downs: list[list[tuple[int, str | None]]] = [[] for _ in workflow.nodes]
    for i, node in enumerate(workflow.nodes):
        for edge in node.after:
            downs[index[edge.node]].append((i, edge.case))
    nodes = tuple(
        _compile_node(i, node, index, downs[i], capabilities.get(node.executor or "", NOTHING), workflow)
        for i, node in enumerate(workflow.nodes)
    )
    gated = any(node.gate is not None for node in nodes)
    alarmed = bool(workflow.alarms) or any(node.alarms for node in workflow.nodes)
    return Plan(
        workflow,
        nodes,
        index,
        _topological(nodes),
        max_steps,
        gated=gated,
        alarmed=alarmed,
        secret_params=secret_params(workflow),
    )


def _compile_node(
    i: int,
    node: Node,
    index: Mapping[str, int],
    downs: Iterable[tuple[int, str | None]],
    abilities: Capabilities,
    workflow: Workflow,
) -> PlanNode:
    foreach = compile_expression(node.foreach) if node.foreach else None
    return PlanNode(
        index=i,
        spec=node,
        kind=node.kind,
        capabilities=abilities,
        ups=tuple(index[edge.node] for edge in node.after),
        downs=tuple(downs),
        limit=1 if node.serial else (node.max_parallel or 0),
        foreach=foreach,
        dynamic=foreach is not None and "steps" in foreach.variables,
        when=compile_expression(node.when) if node.when else None,
        expressions=frozenset(expressions(node.inputs)),
        computed_undo=any(expressions(node.rollback)),
        secrets=tuple(places(node.inputs)),
        undo_secrets=tuple(places(node.rollback)),
        undoable=abilities.rollback or (abilities.rollback_by_node and node.rollback is not None),
        gate=_gate(node, workflow),
    )


def _gate(node: Node, workflow: Workflow) -> Timetable | None:
    whole, own = workflow.schedule or {}, node.schedule or {}
    if whole.get("mode") != "discrete" or not own.get("cron") or own.get("enabled") is False:
        return None
    return timetable(own, whole.get("timezone"))


def expressions(value: Any) -> Iterator[str]:
    """The source of every ``{"$cel": source}`` in a JSON value."""
    if isinstance(value, Mapping):
        source = value.get("$cel")
        if len(value) == 1 and isinstance(source, str):
            yield source
        else:
            for item in value.values():
                yield from expressions(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from expressions(item)


def _topological(nodes: tuple[PlanNode, ...]) -> tuple[int, ...]:
    waiting = [len(node.ups) for node in nodes]
    ready = deque(node.index for node in nodes if not node.ups)
    order: list[int] = []
    while ready:
        i = ready.popleft()
        order.append(i)
        for down, _ in nodes[i].downs:
            waiting[down] -= 1
            if waiting[down] == 0:
                ready.append(down)
    if len(order) != len(nodes):
        raise ValueError("the graph has a cycle")
    return tuple(order)
