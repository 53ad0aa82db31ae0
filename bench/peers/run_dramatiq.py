"""Dramatiq over Redis with its append-only file, flushed every second: a step that ends sends the next one
itself, joins are counted in the worker's memory."""

import asyncio
import logging
import socket
import subprocess
import sys
import threading
from pathlib import Path

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from redis import Redis
from redis.exceptions import ConnectionError as NotYet
from shapes import CHAIN, LENGTH, MANY, WARM_UP, WIDE, arguments, measure

folder, wanted = arguments()
logging.disable(logging.CRITICAL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PORT = free_port()
broker = RedisBroker(url=f"redis://127.0.0.1:{PORT}/0")
dramatiq.set_broker(broker)
lock = threading.Lock()
finished = threading.Event()
left = 0


def count_down() -> int:
    global left
    with lock:
        left -= 1
        if left == 0:
            finished.set()
        return left


@dramatiq.actor
def link(more: int) -> None:
    count_down()
    if more:
        link.send(more - 1)


@dramatiq.actor
def root(width: int) -> None:
    count_down()
    for _ in range(width):
        branch.send()


@dramatiq.actor
def branch() -> None:
    if count_down() == 1:
        link.send(0)


async def until_done(steps: int, actor: "dramatiq.Actor[..., None]", size: int, times: int = 1) -> None:
    global left
    left = steps
    finished.clear()
    for _ in range(times):
        actor.send(size)
    if not await asyncio.to_thread(finished.wait, 120):
        raise RuntimeError("Dramatiq did not finish")


def start_server() -> "subprocess.Popen[bytes]":
    binary = Path(sys.prefix) / "bin" / "redis-server"
    options = ["--bind", "127.0.0.1", "--port", str(PORT), "--dir", str(folder), "--appendonly", "yes"]
    server = subprocess.Popen([binary, *options], stdout=subprocess.DEVNULL)
    probe = Redis(port=PORT)
    for _ in range(100):
        try:
            probe.ping()
            break
        except NotYet:
            threading.Event().wait(0.1)
    return server


async def main() -> None:
    server = start_server()
    worker = dramatiq.Worker(broker, worker_threads=8)
    worker.start()
    try:
        shapes = {
            "wide": lambda: until_done(WIDE + 2, root, WIDE),
            "chain": lambda: until_done(CHAIN, link, CHAIN - 1),
            "many": lambda: until_done(MANY * LENGTH, link, LENGTH - 1, MANY),
        }
        await measure(shapes, lambda: until_done(WARM_UP, link, WARM_UP - 1), wanted)
    finally:
        worker.stop()
        server.terminate()
        server.wait()


asyncio.run(main())
