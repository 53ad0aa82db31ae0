"""Random workflows of every shape."""

import random
from typing import Any

Json = Any
OWN_TIME = "15/30 * * * * ?"  # a run planned for 990 waits until 1005; the clock begins at 1000


def random_document(rng: random.Random, name: str) -> Json:
    """A definition that always ends when everything goes well; nobody has to decide anything in it."""
    nodes: list[Json] = []
    for i in range(rng.randint(1, 9)):
        nodes.append(_node(rng, f"n{i}", nodes))
    spec: Json = {"nodes": nodes, "on_failure": rng.choice(["continue", "stop", "continue"])}
    spec["schedule"] = {"mode": "discrete", "cron": OWN_TIME}
    spec["params"] = {"xs": {"type": "array", "default": [1] * rng.randint(0, 4)}}
    return {"apiVersion": "headrace/v1", "kind": "Workflow", "metadata": {"name": name}, "spec": spec}


def _node(rng: random.Random, name: str, before: list[Json]) -> Json:
    node: Json = {"id": name}
    if rng.random() < 0.2:
        node["schedule"] = {"cron": OWN_TIME}
    after = rng.sample(before, min(len(before), rng.choice([0, 1, 1, 2])))
    if after:
        node["after"] = [_edge(rng, each) for each in after]
        if rng.random() < 0.2:
            node["join"] = "any"
    kind = rng.choice(["task"] * 7 + ["timer", "decision"])
    if kind == "timer":
        return node | {"kind": "timer", "for": "20s"}
    if kind == "decision":
        cases = [{"name": "x", "when": rng.choice(["size(params.xs) > 1", "false"])}, {"name": "y"}]
        return node | {"kind": "decision", "cases": cases}
    node["executor"] = rng.choice(["work", "work", "work", "noop"])
    tasks = [each for each in after if each.get("executor") and "foreach" not in each and "when" not in each]
    if rng.random() < 0.3:
        over = f"steps.{tasks[0]['id']}.outputs.items" if tasks and not _joins_any(node) else "params.xs"
        node["foreach"] = over
        node |= rng.choice([{}, {"max_parallel": 2}, {"mode": "serial"}])
    if node["executor"] == "work":
        node |= rng.choice([{}, {"rollback": {"script": "undo"}}])
        node |= rng.choice([{}, {"retry": {"max": 2, "delay": "5s"}}])
    if rng.random() < 0.1:
        node["when"] = "size(params.xs) > 0"
    return node


def _joins_any(node: Json) -> bool:
    return node.get("join") == "any"


def _edge(rng: random.Random, upstream: Json) -> Json:
    if upstream.get("kind") == "decision":
        return {"node": upstream["id"], "case": rng.choice(["x", "y"])}
    return upstream["id"]
