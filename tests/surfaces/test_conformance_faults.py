"""Conformance B32, B44 and B45: time limits, a killed server, two workers."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import httpx2

from headrace.core.run.effects import Proceed
from headrace.core.run.events import Accepted
from tests.api.conftest import ADMIN_TOKEN, SECONDS
from tests.api.flows import shell
from tests.core.run.world import World
from tests.core.run.world import task as task_node
from tests.surfaces.desk import Desk, Gate, by_name

ROOT = Path(__file__).resolve().parents[2]


def test_b32_a_timeout_and_a_fresh_limit_for_the_retry(desk: Desk, gate: Gate) -> None:
    task = desk.start(shell("a", gate.script, timeout="1s"))
    for times in (1, 2):
        gate.arrived()
        began = time.monotonic()
        done = desk.ended(task, "FAILED")
        assert 0.7 < time.monotonic() - began < 8
        assert (by_name(done, "a")["runTime"], by_name(done, "a")["timeout"]) == (times, 1)
        assert "FAILED (timeout) after 1." in desk.log(task, "a").splitlines()[-1]
        assert "timed out after 1 s" in desk.log(task, "a").splitlines()[-1]
        desk.verb(task, "retry")
    gate.arrived()
    gate.go()
    desk.ended(task)


@contextmanager
def server(home: Path) -> Iterator[tuple[subprocess.Popen[bytes], Desk]]:
    """A server process over ``home`` and a user of it; killed at the end."""
    where = home.with_name(f"url-{time.monotonic_ns()}")
    os.mkfifo(where)
    with (
        open(home.with_name("server.log"), "ab") as log,
        subprocess.Popen(
            [sys.executable, "-m", "tests.surfaces.server", str(home), str(where)],
            cwd=ROOT,
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            headers = {"Authorization": f"Bearer {ADMIN_TOKEN}"}
            with httpx2.Client(
                base_url=where.read_text(), headers=headers, timeout=SECONDS, trust_env=False
            ) as client:
                yield process, Desk(cast(Any, None), client)
        finally:
            process.kill()


def test_b44_a_killed_server_leaves_nothing_running(tmp_path: Path, gate: Gate) -> None:
    home = tmp_path / "home"
    with server(home) as (process, desk):
        task = desk.start(shell("a", gate.script))
        gate.arrived()
        assert desk.sub(task, "a")["status"] == "RUNNING"
        process.kill()
        process.wait(SECONDS)
    with server(home) as (_, desk):
        desk.ended(task, "FAILED")
        assert desk.states(task) == {"a": "FAILED/EXECUTE"}
        assert "FAILED (lost)" in desk.log(task, "a")
        desk.verb(task, "retry")
        gate.arrived()
        gate.go()
        desk.ended(task)
        assert desk.sub(task, "a")["runTime"] == 2


def test_b45_two_workers_and_one_ready_subtask() -> None:
    """Over HTTP there is one server; the engine gives leave to one worker only."""
    world = World(task_node("a"))
    step = world.step("a")
    world.tell(Accepted(step.id, step.attempt, "w1"), Accepted(step.id, step.attempt, "w2"))
    assert len(world.take(Proceed)) == 1
    assert world.step("a").worker == "w1"
    world.tell(Accepted(step.id, step.attempt, "w2"))
    assert world.take(Proceed) == []
