"""The canvas as Zhiqingyun saves it, and the definition it stands for.

A cell of shape ``dag-node`` is a job whose id is the node's; one of shape ``dag-edge`` an edge. A job that
the definition does not know brings its node along as ``data.node``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from headrace.core.refusal import Problem, Refused

Json = Any
NODE, EDGE = "dag-node", "dag-edge"


def cells_of(document: Mapping[str, Json]) -> list[Json]:
    """The cells of a definition."""
    nodes = document["spec"]["nodes"]
    cells: list[Json] = [_node_cell(i, node) for i, node in enumerate(nodes)]
    for node in nodes:
        cells += [_edge_cell(entry, node["id"]) for entry in node.get("after") or ()]
    return cells


def rewired(document: Mapping[str, Json], cells: Sequence[Json]) -> dict[str, Json]:
    """The definition with the jobs, places and edges of the canvas. Refused (invalid) for cells that
    cannot be understood; whether the graph is right is for the check of definitions."""
    known = {node["id"]: node for node in document["spec"]["nodes"]}
    problems: list[Problem] = []
    nodes: list[dict[str, Json]] = []
    edges: list[tuple[str, str, Json]] = []
    for i, cell in enumerate(cells):
        place = f"webConfig[{i}]"
        if not isinstance(cell, Mapping) or cell.get("shape") not in (NODE, EDGE):
            problems.append(Problem(f"{place}.shape", "canvas_shape", {"expected": f"{NODE}, {EDGE}"}))
        elif cell["shape"] == NODE:
            _add_node(nodes, problems, known, cell, place)
        else:
            _add_edge(edges, problems, cell, place)
    if problems:
        raise Refused("invalid", "request_invalid", {}, problems)
    return {**document, "spec": {**document["spec"], "nodes": _connected(nodes, edges, known)}}


def _node_cell(i: int, node: Mapping[str, Json]) -> Json:
    place = node.get("position") or {"x": 0, "y": i * 100}
    data = {"name": node.get("name") or node["id"], "workType": node.get("executor") or node.get("kind")}
    return {"id": node["id"], "shape": NODE, "position": place, "data": {**data, "node": node}}


def _edge_cell(entry: Json, target: str) -> Json:
    source, case = (entry, None) if isinstance(entry, str) else (entry["node"], entry.get("case"))
    cell = {"shape": EDGE, "source": {"cell": source}, "target": {"cell": target}}
    return {"id": f"{source}->{target}", **cell, **({"data": {"case": case}} if case else {})}


def _add_node(
    nodes: list[dict[str, Json]],
    problems: list[Problem],
    known: Mapping[str, Json],
    cell: Mapping[str, Json],
    place: str,
) -> None:
    id = cell.get("id")
    if not isinstance(id, str):
        problems.append(Problem(f"{place}.id", "field_type", {"expected": "string"}))
        return
    data = cell.get("data")
    brought = data.get("node") if isinstance(data, Mapping) else None
    node = known.get(id, brought)
    if not isinstance(node, Mapping):
        problems.append(Problem(f"{place}.id", "canvas_job_unknown", {"found": id[:100]}))
        return
    made = {**node, "id": id}
    where = cell.get("position")
    if isinstance(where, Mapping):
        made["position"] = {axis: where[axis] for axis in ("x", "y") if axis in where}
    nodes.append(made)


def _add_edge(
    edges: list[tuple[str, str, Json]], problems: list[Problem], cell: Mapping[str, Json], place: str
) -> None:
    ends = [_end(cell.get(side)) for side in ("source", "target")]
    if not all(ends):
        problems.append(Problem(place, "canvas_edge_loose"))
        return
    data = cell.get("data")
    case = data.get("case") if isinstance(data, Mapping) else None
    edges.append((ends[0], ends[1], case if isinstance(case, str) else None))


def _end(side: Json) -> str:
    found = side.get("cell") if isinstance(side, Mapping) else side
    return found if isinstance(found, str) else ""


def _connected(
    nodes: Sequence[dict[str, Json]], edges: Sequence[tuple[str, str, Json]], known: Mapping[str, Json]
) -> list[dict[str, Json]]:
    """``after`` as the edges say; an edge that was there keeps its case, a doubled one counts once."""
    after: dict[str, dict[tuple[str, Json], Json]] = {}
    for source, target, case in edges:
        case = case or _case(known.get(target, {}), source)
        entry = {"node": source, "case": case} if case else source
        after.setdefault(target, {})[source, case] = entry
    ids = {node["id"] for node in nodes}
    dangling = [Problem("webConfig", "canvas_job_unknown", {"found": id[:100]}) for id in after.keys() - ids]
    if dangling:
        raise Refused("invalid", "request_invalid", {}, dangling)
    made = []
    for node in nodes:
        rest = {key: value for key, value in node.items() if key != "after"}
        entries = list(after.get(node["id"], {}).values())
        made.append({**rest, **({"after": entries} if entries else {})})
    return made


def _case(node: Mapping[str, Json], source: str) -> Json:
    for entry in node.get("after") or ():
        if isinstance(entry, Mapping) and entry.get("node") == source:
            return entry.get("case")
    return None
