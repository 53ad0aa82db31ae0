"""Random workflows of every shape."""

import random
from collections.abc import Sequence
from typing import Any

Json = Any
OWN_TIME = "15/30 * * * * ?"  # a run planned for 990 waits until 1005; the clock begins at 1000
KINDS = ("task",) * 8 + ("timer", "decision", "choice", "approval")
FAMILY = ("workflow",) * 3


def random_document(rng: random.Random, name: str, kids: Sequence[str] = (), most: int = 9) -> Json:
    """A definition that always ends when everything goes well and people answer; ``kids`` are workflows that
    it may start."""
    nodes: list[Json] = []
    for i in range(rng.randint(1, most)):
        nodes.append(_node(rng, f"n{i}", nodes, kids))
    policy = rng.choice(["continue", "continue", "continue", "stop", "rollback"])
    spec: Json = {"nodes": nodes, "on_failure": policy}
    spec["schedule"] = {"mode": "discrete", "cron": OWN_TIME}
    spec["params"] = {"xs": {"type": "array", "default": [1] * rng.randint(0, 4)}}
    if rng.random() < 0.15:
        spec["concurrency"] = {"limit": 1, "policy": "queue"}
    return {"apiVersion": "headrace/v1", "kind": "Workflow", "metadata": {"name": name}, "spec": spec}


def _node(rng: random.Random, name: str, before: list[Json], kids: Sequence[str]) -> Json:
    node: Json = {"id": name}
    if rng.random() < 0.2:
        node["schedule"] = {"cron": OWN_TIME}
    after = rng.sample(before, min(len(before), rng.choice([0, 1, 1, 2])))
    if after:
        node["after"] = [_edge(rng, each) for each in after]
        if rng.random() < 0.2:
            node["join"] = "any"
    kind = rng.choice(KINDS + (FAMILY if kids else ()))
    if kind == "timer":
        return node | {"kind": "timer", "for": "20s"}
    if kind == "approval":
        return node | {"kind": "approval", "approvers": [{"role": "lead"}]}
    if kind == "choice":
        return node | {"kind": "decision", "cases": [{"name": "x"}, {"name": "y"}]}
    if kind == "decision":
        cases = [{"name": "x", "when": rng.choice(["size(params.xs) > 1", "false"])}, {"name": "y"}]
        return node | {"kind": "decision", "cases": cases}
    if kind == "workflow":
        node |= {"kind": "workflow", "workflow": rng.choice(kids)}
        # No sum of other times: what comes due at the same instant may come in any order.
        return _working(rng, node, after, "47s" if len(kids) > 1 else "43s")
    return _working(rng, node | {"executor": rng.choice([*["work"] * 3, "noop"])}, after, "15s")


def _working(rng: random.Random, node: Json, after: list[Json], timeout: str) -> Json:
    """A task, or a run of another workflow."""
    tasks = [each for each in after if each.get("executor") and "foreach" not in each and "when" not in each]
    if rng.random() < 0.3:
        joins_any = node.get("join") == "any"
        node["foreach"] = f"steps.{tasks[0]['id']}.outputs.items" if tasks and not joins_any else "params.xs"
        node |= rng.choice([{}, {"max_parallel": 2}, {"mode": "serial"}])
    if node.get("executor") == "work":
        node |= rng.choice([{}, {"rollback": {"script": "undo"}}])
    if node.get("executor") != "noop":
        node |= rng.choice([{}, {"retry": {"max": 2, "delay": rng.choice(["0s", "5s"])}}])
        node |= rng.choice([{}, {}, {"timeout": timeout}])
    if rng.random() < 0.1:
        node["when"] = "size(params.xs) > 0"
    return node


def _edge(rng: random.Random, upstream: Json) -> Json:
    if upstream.get("kind") == "decision":
        return {"node": upstream["id"], "case": rng.choice(["x", "y"])}
    return upstream["id"]
