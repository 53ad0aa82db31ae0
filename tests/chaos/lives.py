"""A process that gives birth to servers, one after another over the same state, so that each can be killed.

``python lives.py FOLDER ADDRESS``: each line read, ``POINT:N`` or ``-``, is one life (a fork, so that no
import is paid twice); ``born PID`` is said when it begins, ``works PID`` when everything is started,
``died STATUS`` when it is over. A life starts what is to be done, under the same keys each time, and exits 0
once all of it is.
"""

import gc
import os
import sys
import threading
import time
import traceback
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path

from headrace import config
from headrace.api.http.logging import configure
from headrace.config import Settings
from headrace.main import System, build
from headrace.ports.errors import Broken
from headrace.ports.inbox import StartRun, Ticket
from headrace.ports.records import VersionRecord, WorkflowRecord
from headrace.ports.store import Writer
from tests.chaos.flows import FLOWS, RUNS

PATIENCE = 60.0


def say(*words: object) -> None:
    print(*words, flush=True)


def main(folder: Path, address: str) -> None:
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _one_life(folder, address, line.strip())
        say("born", pid)
        say("died", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def _one_life(folder: Path, address: str, failpoint: str) -> None:
    voice = os.dup(1)
    log = os.open(folder / "log", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(log, stream)
    point, _, nth = failpoint.partition(":")
    config._FAILPOINT, config._NTH = point, nth
    try:
        configure()
        live(folder, None if address == "-" else address, voice)
    except BaseException:  # noqa: BLE001 - it is told, by its status
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def live(folder: Path, database: str | None, voice: int) -> None:
    """Everything to its end."""
    settings = Settings(home=folder / "home", database=database, admin_password="a password", kill_grace=1.0)
    system = _opened(settings)
    system.start()
    tenant = 1
    system.inbox.transact(_publish, Ticket(tenant, "publish", "all", "f")).result(PATIENCE)
    params = {"marks": str(folder / "marks"), "xs": [1, 2, 3]}
    futures: list[Future[int]] = [
        system.inbox.start_run(
            StartRun(tenant, name, 1, params=params), Ticket(tenant, "start", f"{name} {number}", "f")
        )
        for name, count in RUNS.items()
        for number in range(count)
    ]
    runs = [future.result(PATIENCE) for future in futures]
    os.write(voice, f"works {os.getpid()}\n".encode())
    _wait(system, runs)
    system.stop(PATIENCE)


def _opened(settings: Settings) -> System:
    """PostgreSQL takes a moment to notice that whoever held the lock has died."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return build(settings)
        except Broken as broken:
            if broken.code != "database_locked" or time.monotonic() > end:
                raise


def _publish(writer: Writer, now: float) -> None:
    for name, document in FLOWS.items():
        id = writer.allocate("workflow", 1)[0]
        writer.put_workflow(WorkflowRecord(id, 1, name, "", document, "etag", 1, 1, now, now, "chaos"))
        version = writer.allocate("version", 1)[0]
        writer.add_version(VersionRecord(version, 1, name, 1, document, now, "chaos"))


def _wait(system: System, runs: list[int]) -> None:
    """Until none is RUNNING; looks again whenever one has changed."""
    changed = threading.Event()
    end = time.monotonic() + PATIENCE
    with ExitStack() as rings:
        for run in runs:
            rings.enter_context(system.watch.run(run, changed.set))
        while _running(system, runs):
            if time.monotonic() > end or not changed.wait(PATIENCE):
                raise TimeoutError(f"still running: {_running(system, runs)}")
            changed.clear()


def _running(system: System, runs: list[int]) -> list[int]:
    with system.store.read() as reader:
        open_runs = set(reader.open_runs())
    return [run for run in runs if run in open_runs]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
