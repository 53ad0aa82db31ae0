"""Headrace itself, embedded: the composed system over SQLite with ``synchronous=FULL``, driven through its
inbox. Speaks the protocol of ``peers/shapes.py``."""

import sys
import threading
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import workflows
from bench.peers.shapes import CHAIN, LARGE, LENGTH, MANY, SHELL, WARM_UP, WIDE, Check, arguments, run
from headrace.config import Settings
from headrace.core.access.caller import Caller
from headrace.core.words import RunStatus
from headrace.main import build
from headrace.ports.inbox import StartRun
from headrace.ports.store import Writer
from headrace.usecases.definitions import apply_definition, check

Json = Any

PATIENCE = 120

folder, wanted = arguments()
system = build(Settings(home=folder))
system.start()
with system.store.read() as reader:
    tenant = reader.tenants()[0].id
caller = Caller(tenant, "", 0, "bench", frozenset(), frozenset())


def publish(document: Json) -> None:
    checked = check(document, system.capabilities)

    def work(writer: Writer, now: float) -> None:
        apply_definition(writer, now, caller, checked, system.capabilities, True)

    system.inbox.transact(work).result(PATIENCE)


async def finish(name: str, runs: int = 1) -> Check:
    """Start so many runs at once and return when all have ended."""
    all_done = threading.Event()
    last = ended() + runs
    with system.watch.tenant(tenant, lambda _: all_done.set() if ended() >= last else None):
        started = [system.inbox.start_run(StartRun(tenant, name)) for _ in range(runs)]
        ids = [future.result(PATIENCE) for future in started]
        if not all_done.wait(PATIENCE):
            raise RuntimeError(f"{name} did not finish")
    return lambda: succeeded(name, ids)


def succeeded(name: str, ids: list[int]) -> None:
    """As the database has it."""
    with system.store.read() as reader:
        found = reader.runs_by_id(tenant, ids)
    if any(found[id].status is not RunStatus.SUCCESSFUL for id in ids):
        raise RuntimeError(f"not every run of {name} succeeded")


def ended() -> float:
    """Runs that have ended so far, by the engine's own counter."""
    return system.counters()["engine_runs_ended_total"]


documents = {
    "wide": workflows.wide("wide", WIDE),
    "chain": workflows.chain("chain", CHAIN),
    "many": workflows.chain("many", LENGTH),
    "large": workflows.wide("large", LARGE),
    "shell": workflows.wide("shell", SHELL - 2, workflows.shell("true")),
}
for document in (workflows.chain("warm-up", WARM_UP), *(documents[name] for name in wanted)):
    publish(document)
try:
    run(
        {
            "wide": lambda: finish("wide"),
            "chain": lambda: finish("chain"),
            "many": lambda: finish("many", MANY),
            "large": lambda: finish("large"),
            "shell": lambda: finish("shell"),
        },
        lambda: finish("warm-up"),
        wanted,
    )
finally:
    system.stop()
