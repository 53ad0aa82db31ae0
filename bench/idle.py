"""B7: memory of the server at rest, and after the shapes of B1 to B3 came through its API."""

from pathlib import Path
from typing import Any

from bench import workflows
from bench.peers.shapes import CHAIN, LENGTH, MANY, WIDE
from bench.server import Client, serving
from bench.subjects import state_folder

Json = Any


def measure() -> Json:
    with state_folder() as folder, serving(Path(folder) / "earlier"):
        pass  # everything is compiled by now
    with state_folder() as folder, serving(Path(folder) / "home") as server:
        client = server.client()
        client.call("GET", "/api/v1/runs")
        rest = server.memory()
        _work(client)
        return {"B7": {"rest_mb": round(rest), "after_mb": round(server.memory())}}


def _work(client: Client) -> None:
    client.publish(workflows.wide("wide", WIDE))
    client.publish(workflows.chain("chain", CHAIN))
    client.publish(workflows.chain("many", LENGTH))
    for run in [client.start("wide"), client.start("chain"), *(client.start("many") for _ in range(MANY))]:
        client.wait(run)
