"""B6: lists and details over HTTP with a million stored runs, against a thousand."""

import random
import time
from pathlib import Path
from typing import Any

from bench import seed, workflows
from bench.figures import latencies
from bench.server import Client, serving
from bench.subjects import state_folder

Json = Any

SMALL, LARGE = 1_000, 1_000_000
LENGTH = 3  # steps of each run
CALLS = 400  # of each kind
LIST_SECONDS = 3.0

PATHS = {
    "newest 10 runs": "/api/v1/runs",
    "newest 100 runs": "/api/v1/runs?size=100",
    "failed runs": "/api/v1/runs?status=FAILED&size=100",
    "runs of a workflow": "/api/v1/runs?name=history-7&size=100",
    "tasks API: newest 10 with subtasks": "/api/v2/tasks/instances",
}


def measure() -> Json:
    found = {}
    for name, runs in (("small", SMALL), ("large", LARGE)):
        with state_folder() as folder:
            home = Path(folder) / "home"
            with serving(home) as server:
                _first_run(server.client())
            started = time.perf_counter()
            ids = seed.multiply(home, runs)
            print(f"  {runs:,} runs written in {time.perf_counter() - started:.0f} s", flush=True)
            with serving(home) as server:
                found[name] = {"runs": runs, **_figures(server.client(), ids)}
    return {"B6": found}


def _first_run(client: Client) -> None:
    client.publish(workflows.chain("history", LENGTH))
    client.wait(client.start("history"))


def _figures(client: Client, stored: range) -> Json:
    chance = random.Random(1)  # the same runs every time
    calls = {name: _timed(client, [path] * CALLS) for name, path in PATHS.items()}
    ids = [chance.choice(stored) for _ in range(CALLS)]
    calls["one run"] = _timed(client, [f"/api/v1/runs/{id}" for id in ids])
    calls["its steps"] = _timed(client, [f"/api/v1/runs/{id}/steps" for id in ids])
    return {"calls": {name: latencies(seconds) for name, seconds in calls.items()}, "pages": _pages(client)}


def _timed(client: Client, paths: list[str]) -> list[float]:
    for path in paths[:20]:
        client.call("GET", path)
    seconds = []
    for path in paths:
        started = time.perf_counter()
        client.call("GET", path)
        seconds.append(time.perf_counter() - started)
    return seconds


def _pages(client: Client) -> float:
    """Lists of 100 runs a second, one after the other."""
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < LIST_SECONDS:
        client.raw("GET", PATHS["newest 100 runs"])
        count += 1
    return count / (time.perf_counter() - started)
