"""Which step follows which: the version's edges, spelled out for the steps a run really has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from headrace.core.definition.model import Workflow
from headrace.core.run.state import Step


@dataclass(frozen=True, slots=True)
class Links:
    """Step ids on either side, by step id. Siblings of a fan-out share one sequence."""

    upstreams: Mapping[int, Sequence[int]]
    downstreams: Mapping[int, Sequence[int]]


def links_of(workflow: Workflow, steps: Iterable[Step]) -> Links:
    """Links of all steps of a run.

    A parallel fan-out has all its steps between its neighbours; a serial one is a chain, entered at its
    first step and left at its last; an empty one is passed through.
    """
    index = {node.id: i for i, node in enumerate(workflow.nodes)}
    ups = [[index[edge.node] for edge in node.after] for node in workflow.nodes]
    by_node: list[list[Step]] = [[] for _ in workflow.nodes]
    for step in steps:
        by_node[step.node].append(step)
    for siblings in by_node:
        siblings.sort(key=lambda step: (step.parallel_idx, step.id))
    downs: list[list[int]] = [[] for _ in workflow.nodes]
    for i, sources in enumerate(ups):
        for source in sources:
            downs[source].append(i)
    serial = [node.serial for node in workflow.nodes]
    return Links(_side(by_node, ups, serial, entry=0), _side(by_node, downs, serial, entry=-1))


def _side(
    by_node: Sequence[Sequence[Step]], neighbours: Sequence[Sequence[int]], serial: Sequence[bool], entry: int
) -> dict[int, Sequence[int]]:
    """Neighbours of every step in one direction; ``entry`` is where a chain is met from that side."""
    links: dict[int, Sequence[int]] = {}
    for i, siblings in enumerate(by_node):
        outside = _nearest(i, by_node, neighbours, serial, entry)
        for step in siblings:
            links[step.id] = outside
        if serial[i]:
            chain = siblings if entry == 0 else siblings[::-1]
            for before, step in pairwise(chain):
                links[step.id] = [before.id]
    return links


def _nearest(
    start: int,
    by_node: Sequence[Sequence[Step]],
    neighbours: Sequence[Sequence[int]],
    serial: Sequence[bool],
    entry: int,
) -> list[int]:
    """Ids of the adjoining steps of the neighbouring nodes, looking through nodes without steps."""
    found: dict[int, None] = {}
    todo = list(neighbours[start])
    seen = set(todo)
    for i in todo:  # grows while it is walked
        met = by_node[i]
        if met and serial[i]:
            met = [met[-1 if entry == 0 else 0]]
        found.update((step.id, None) for step in met)
        if not met:
            more = [each for each in neighbours[i] if each not in seen]
            seen.update(more)
            todo.extend(more)
    return sorted(found)
