"""The nodes together: ids are unique, edges lead somewhere, and nothing waits for itself."""

from collections.abc import Mapping, Sequence

from headrace.core.definition.faults import Faults
from headrace.core.definition.model import Node
from headrace.core.words import NodeKind

_MOST_CYCLES = 20
_LONGEST_CYCLE = 50  # nodes printed of one

Places = Mapping[str, str]  # node id -> its path in the document


def check_graph(nodes: Sequence[tuple[str, Node]], faults: Faults) -> None:
    """Note every fault of the graph; ``nodes`` are (path, node)."""
    known: dict[str, Node] = {}
    places: dict[str, str] = {}
    for path, node in nodes:
        if node.id in known:
            faults.add(f"{path}.id", "definition_id_twice", found=node.id, first=places[node.id])
        else:
            known[node.id], places[node.id] = node, path
    for path, node in nodes:
        _check_edges(path, node, known, faults)
    for cycle in _cycles(known):
        _report(cycle, known, places, faults)


def _check_edges(path: str, node: Node, known: Mapping[str, Node], faults: Faults) -> None:
    seen: set[tuple[str, str | None]] = set()
    for i, edge in enumerate(node.after):
        place = f"{path}.after[{i}]"
        if not edge.node:
            continue  # noted already
        if (edge.node, edge.case) in seen:
            faults.add(place, "definition_edge_twice", found=edge.node)
        seen.add((edge.node, edge.case))
        upstream = known.get(edge.node)
        if upstream is None:
            faults.unknown(place, "definition_node_unknown", edge.node, known)
        elif edge.case is not None:
            _check_case(place, upstream, edge.case, faults)


def _check_case(place: str, upstream: Node, case: str, faults: Faults) -> None:
    if upstream.kind is not NodeKind.DECISION:
        faults.add(place, "definition_case_of", node=upstream.id, kind=upstream.kind.value)
        return
    names = [each.name for each in upstream.cases if each.name]
    if names and case not in names:  # without any, that was noted already
        faults.unknown(f"{place}.case", "definition_case_unknown", case, names, node=upstream.id)


def _cycles(known: Mapping[str, Node]) -> list[list[str]]:
    """Cycles in the direction of the flow, found by a walk that colours what it has left."""
    done: set[str] = set()
    cycles: list[list[str]] = []
    for start in known:
        if start not in done and len(cycles) < _MOST_CYCLES:
            _walk(start, known, done, cycles)
    return cycles


def _walk(start: str, known: Mapping[str, Node], done: set[str], cycles: list[list[str]]) -> None:
    trail = [start]
    place = {start: 0}
    pending = [[edge.node for edge in known[start].after if edge.node in known]]
    while trail and len(cycles) < _MOST_CYCLES:
        if not pending[-1]:
            pending.pop()
            done.add(trail[-1])
            del place[trail.pop()]
            continue
        upstream = pending[-1].pop()
        if upstream in place:
            cycles.append(trail[place[upstream] :][::-1])
        elif upstream not in done:
            place[upstream] = len(trail)
            trail.append(upstream)
            pending.append([edge.node for edge in known[upstream].after if edge.node in known])


def _report(cycle: list[str], known: Mapping[str, Node], places: Places, faults: Faults) -> None:
    order = list(known)
    first = min(range(len(cycle)), key=lambda i: order.index(cycle[i])) if len(cycle) <= 1_000 else 0
    turned = cycle[first:] + cycle[:first]
    names = turned if len(turned) <= _LONGEST_CYCLE else [*turned[:_LONGEST_CYCLE], "…"]
    at = next(i for i, edge in enumerate(known[turned[0]].after) if edge.node == turned[-1])
    text = " -> ".join([*names, turned[0]])
    faults.add(f"{places[turned[0]]}.after[{at}]", "definition_cycle", cycle=text)
