"""Temporal's own development server on SQLite, one Python worker. Local activities when asked for."""

import asyncio
import socket
import subprocess
import sys
import uuid
from datetime import timedelta
from pathlib import Path

from shapes import CHAIN, LENGTH, MANY, WARM_UP, WIDE, arguments, measure
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

folder, wanted = arguments()
LOCAL = "local" in wanted
QUEUE = "bench"


@activity.defn
async def nothing() -> None:
    return None


async def step() -> None:
    limit = timedelta(seconds=60)
    if LOCAL:
        await workflow.execute_local_activity(nothing, start_to_close_timeout=limit)
    else:
        await workflow.execute_activity(nothing, start_to_close_timeout=limit)


@workflow.defn
class Chain:
    @workflow.run
    async def run(self, length: int) -> None:
        for _ in range(length):
            await step()


@workflow.defn
class Wide:
    @workflow.run
    async def run(self, width: int) -> None:
        await step()
        await asyncio.gather(*(step() for _ in range(width)))
        await step()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_server(port: int) -> "subprocess.Popen[bytes]":
    binary = Path(sys.prefix) / "bin" / "temporal"
    options = ["--headless", "--ip", "127.0.0.1", "--port", str(port), "--log-level", "never"]
    state = ["--db-filename", str(folder / "temporal.sqlite")]
    return subprocess.Popen([binary, "server", "start-dev", *options, *state], stdout=subprocess.DEVNULL)


async def connect(port: int) -> Client:
    for _ in range(300):
        try:
            return await Client.connect(f"127.0.0.1:{port}")
        except RuntimeError:
            await asyncio.sleep(0.1)
    raise RuntimeError("the Temporal server did not come up")


async def many(client: Client) -> None:
    await asyncio.gather(*(execute(client, Chain.run, LENGTH) for _ in range(MANY)))


async def execute(client: Client, method: object, size: int) -> None:
    await client.execute_workflow(method, size, id=uuid.uuid4().hex, task_queue=QUEUE)  # type: ignore[call-overload]


async def main() -> None:
    port = free_port()
    server = start_server(port)
    try:
        client = await connect(port)
        worker = Worker(
            client,
            task_queue=QUEUE,
            workflows=[Chain, Wide],
            activities=[nothing],
            workflow_runner=UnsandboxedWorkflowRunner(),
            max_concurrent_activities=200,
        )
        async with worker:
            shapes = {
                "wide": lambda: execute(client, Wide.run, WIDE),
                "chain": lambda: execute(client, Chain.run, CHAIN),
                "many": lambda: many(client),
            }
            await measure(shapes, lambda: execute(client, Chain.run, WARM_UP), wanted)
    finally:
        server.terminate()
        server.wait()


asyncio.run(main())
