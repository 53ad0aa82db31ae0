"""Workflows for the tests, and waiting for what becomes of their runs."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2

Json = Any


def workflow(name: str, *nodes: Json, **spec: Json) -> Json:
    """A definition document."""
    return {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": name},
        "spec": {"nodes": list(nodes), **spec},
    }


def noop(id: str, *after: Json, **more: Json) -> Json:
    return {"id": id, "executor": "noop", **({"after": list(after)} if after else {}), **more}


def shell(id: str, script: str, *after: Json, **more: Json) -> Json:
    return {**noop(id, *after, **more), "executor": "shell", "with": {"script": script}}


def publish(client: httpx2.Client, document: Json) -> str:
    """Apply and publish a new workflow; its name."""
    name: str = document["metadata"]["name"]
    answer = client.put(f"/api/v1/workflows/{name}?publish=true", json=document)
    assert answer.status_code == 201, answer.text
    return name


def start(client: httpx2.Client, name: str, **body: Json) -> int:
    """Start a run; its id."""
    answer = client.post(f"/api/v1/workflows/{name}/runs", json=body)
    assert answer.status_code == 201, answer.text
    id: int = answer.json()["id"]
    return id


def read(client: httpx2.Client, path: str) -> Json:
    answer = client.get("/api/v1" + path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def events(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    """The events of a stream; comments are passed over."""
    fields: dict[str, str] = {}
    for line in lines:
        key, _, value = line.partition(": ")
        if key:
            fields[key] = value
        elif not line and "data" in fields:
            yield fields
            fields = {}
        elif not line:
            fields = {}


def until(client: httpx2.Client, run_id: int, wanted: Callable[[Json], bool]) -> Json:
    """The run, as soon as ``wanted`` holds; woken by the run's own events."""
    with client.stream("GET", f"/api/v1/runs/{run_id}/events") as stream:
        run = read(client, f"/runs/{run_id}")
        for _ in stream.iter_lines():
            if wanted(run):
                return run
            run = read(client, f"/runs/{run_id}")
    raise AssertionError(f"the stream of run {run_id} ended: {json.dumps(run)}")


def ended(client: httpx2.Client, run_id: int, status: str = "SUCCESSFUL") -> Json:
    """The run when it is not RUNNING any more; asserts its status."""
    run = until(client, run_id, lambda run: run["status"] != "RUNNING")
    assert run["status"] == status, run
    return run


def steps(client: httpx2.Client, run_id: int) -> dict[str, Json]:
    """The run's steps by node; of a fan-out the last one."""
    return {step["node"]: step for step in read(client, f"/runs/{run_id}/steps")["items"]}


def step_until(client: httpx2.Client, run_id: int, node: str, wanted: Callable[[Json], bool]) -> Json:
    """The step of ``node``, as soon as ``wanted`` holds of it."""
    until(client, run_id, lambda run: node in (now := steps(client, run_id)) and wanted(now[node]))
    return steps(client, run_id)[node]
