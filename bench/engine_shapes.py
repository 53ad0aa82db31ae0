"""The engine's shapes in this process: python bench/engine_shapes.py [memory|sqlite] [runs]"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from headrace.core.definition.document import canonical  # noqa: F401 - the document format's home
from headrace.core.run.events import Actor
from headrace.dispatch.local import LocalDispatch
from headrace.engine import Engine
from headrace.executors.catalogue import builtin
from headrace.executors.crew import LocalCrew
from headrace.executors.logs import FileLogs
from headrace.ports.clock import SystemClock
from headrace.ports.inbox import StartRun
from headrace.ports.records import VersionRecord
from headrace.storage import MemoryStore


def noop(name, *after):
    return {"id": name, "executor": "noop", **({"after": list(after)} if after else {})}


def wide(n):
    middle = [noop(f"n{i}", "a") for i in range(n)]
    return [noop("a"), *middle, noop("z", *(node["id"] for node in middle))]


def chain(n):
    return [noop("n0"), *(noop(f"n{i}", f"n{i - 1}") for i in range(1, n))]


SHAPES = {"wide500": wide(500), "wide9990": wide(9990), "chain100": chain(100), "chain5": chain(5)}


def document(name):
    return {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": name},
        "spec": {"nodes": SHAPES[name]},
    }


def add_versions(writer, now):
    for i, name in enumerate(SHAPES, 1):
        writer.add_version(VersionRecord(i, 1, name, 1, document(name), now, "bench"))


def measure(engine, store, name, runs):
    ids = []
    start = time.perf_counter()
    futures = [engine.start_run(StartRun(1, name, 1, actor=Actor(1, "bench"))) for _ in range(runs)]
    ids = [future.result() for future in futures]
    while True:
        with store.read() as reader:
            if all(reader.run(1, run_id).status == "SUCCESSFUL" for run_id in reversed(ids)):
                break
        time.sleep(0.0005)
    return time.perf_counter() - start


def main():
    kind = sys.argv[1] if len(sys.argv) > 1 else "sqlite"
    with tempfile.TemporaryDirectory() as folder:
        if kind == "memory":
            store = MemoryStore()
        else:
            from headrace.storage import open_sqlite

            store = open_sqlite(Path(folder) / "bench.db")
        crew = LocalCrew(builtin(), FileLogs(Path(folder) / "logs"))
        engine = Engine(store, LocalDispatch(crew), SystemClock())
        engine.start()
        engine.transact(add_versions).result()
        for name, runs, steps in (
            ("wide500", 1, 502),
            ("chain100", 1, 100),
            ("chain5", 100, 500),
            ("wide9990", 1, 9992),
        ):
            seconds = [measure(engine, store, name, runs) for _ in range(12)][2:]
            best, middle = min(seconds), statistics.median(seconds)
            print(
                f"{name:>9} x {runs:<4} {steps / middle:9,.0f} steps/s  {middle / steps * 1e3:.3f} ms/step"
                f"  (best {steps / best:,.0f})"
            )
        engine.stop()


if __name__ == "__main__":
    main()
