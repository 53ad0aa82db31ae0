"""Taskiq over NATS JetStream: the queue is durable, the order of steps is not: a step that ends sends the
next one itself, joins are counted in the worker's memory."""

import asyncio
import logging
import socket
import subprocess
import sys
from pathlib import Path

from shapes import CHAIN, LENGTH, MANY, WARM_UP, WIDE, arguments, measure
from taskiq.api import run_receiver_task
from taskiq_nats import PullBasedJetStreamBroker

folder, wanted = arguments()
logging.disable(logging.CRITICAL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PORT = free_port()
broker = PullBasedJetStreamBroker(f"nats://127.0.0.1:{PORT}", pull_consume_batch=100, pull_consume_timeout=1)
left = 0
finished = asyncio.Event()


def count_down() -> int:
    global left
    left -= 1
    if left == 0:
        finished.set()
    return left


@broker.task
async def link(more: int) -> None:
    count_down()
    if more:
        await link.kiq(more - 1)


@broker.task
async def root(width: int) -> None:
    count_down()
    await asyncio.gather(*(branch.kiq() for _ in range(width)))


@broker.task
async def branch() -> None:
    if count_down() == 1:
        await link.kiq(0)


async def until_done(steps: int, *firsts: object) -> None:
    global left
    left = steps
    finished.clear()
    await asyncio.gather(*firsts)  # type: ignore[call-overload]
    await asyncio.wait_for(finished.wait(), 120)


def start_server() -> "subprocess.Popen[bytes]":
    binary = Path(sys.prefix) / "bin" / "nats-server"
    options = ["-a", "127.0.0.1", "-p", str(PORT), "-js", "-sd", str(folder)]
    return subprocess.Popen([binary, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


async def start_broker() -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", PORT), 1).close()
            break
        except OSError:
            await asyncio.sleep(0.1)
    broker.is_worker_process = True
    await broker.startup()


async def main() -> None:
    server = start_server()
    try:
        await start_broker()
        receiver = asyncio.create_task(run_receiver_task(broker, max_async_tasks=200))
        shapes = {
            "wide": lambda: until_done(WIDE + 2, root.kiq(WIDE)),
            "chain": lambda: until_done(CHAIN, link.kiq(CHAIN - 1)),
            "many": lambda: until_done(MANY * LENGTH, *(link.kiq(LENGTH - 1) for _ in range(MANY))),
        }
        await measure(shapes, lambda: until_done(WARM_UP, link.kiq(WARM_UP - 1)), wanted)
        receiver.cancel()
    finally:
        server.terminate()
        server.wait()


asyncio.run(main())
