"""kill -9 of the server at every named point and at random times: nothing lost, doubled or stuck.

A scenario is three deaths and a last life over one state. More deaths would be a poison pill: a step that
was lost more than three times fails on purpose.
"""

from __future__ import annotations

import os
import random
import re
import select
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

import headrace
from headrace.ports.store import Store
from headrace.storage import open_postgres, open_sqlite
from tests.chaos.checker import Checker

POINTS = {  # how often each is passed before the server dies there, in the three lives
    "engine_after_gather": (1, 12, 60),
    "engine_before_commit": (2, 20, 90),
    "engine_after_commit": (3, 8, 40),
    "engine_after_answers": (2, 15, 70),
    "engine_after_effects": (1, 30, 50),
    "store_before_commit": (5, 25, 100),
    "store_after_commit": (4, 18, 80),
}
PATIENCE = 90.0
ROOT = Path(__file__).parents[2]


class Nursery:
    """``lives.py``."""

    def __init__(self, process: Any, folder: Path) -> None:
        self._process = process
        self._folder = folder

    def life(self, point: str = "-", seconds: float | None = None) -> int:
        """One life to its end, or its death so many seconds after all is started; its exit status."""
        self._process.stdin.write(point.encode() + b"\n")
        pid = self._hears("born")["born"]
        said = self._hears("works", "died")
        if "works" in said and seconds is not None:
            over, _, _ = select.select([self._process.stdout], [], [], seconds)
            if not over:
                os.kill(pid, signal.SIGKILL)
        return said["died"] if "died" in said else self._hears("died")["died"]

    def _hears(self, *words: str) -> dict[str, int]:
        ready, _, _ = select.select([self._process.stdout], [], [], PATIENCE)
        assert ready, f"nothing was said; the log: {self.log()}"
        said = self._process.stdout.readline().split()
        assert b"".join(said[:1]).decode() in words, (said, self.log())
        return {said[0].decode(): int(said[1])}

    def last_life(self) -> None:
        assert self.life() == 0, self.log()

    def log(self) -> str:
        return (self._folder / "log").read_text()[-5_000:]


@contextmanager
def nursery(folder: Path, address: str) -> Iterator[Nursery]:
    (folder / "marks").touch()
    command = [sys.executable, "-m", "tests.chaos.lives", str(folder), address]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HEADRACE_")}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    ) as process:
        try:
            yield Nursery(process, folder)
        finally:
            process.kill()


def checked(store: Store, folder: Path) -> Counter[str]:
    with closing(store):
        return Checker(store, folder).check()


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS)
def test_a_death_at_every_point(tmp_path: Path, point: str) -> None:
    with nursery(tmp_path, "-") as lives:
        for nth in POINTS[point]:
            assert lives.life(f"{point}:{nth}") == 137, lives.log()
        lives.last_life()
    assert checked(open_sqlite(tmp_path / "home" / "headrace.db"), tmp_path)["runs"] == 100


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_deaths_at_random(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    with nursery(tmp_path, "-") as lives:
        for _ in range(3):
            lives.life(seconds=rng.uniform(0.0, 0.4))
        lives.last_life()
    assert checked(open_sqlite(tmp_path / "home" / "headrace.db"), tmp_path)["runs"] == 100


@pytest.mark.slow
@pytest.mark.postgres
def test_deaths_over_postgres(tmp_path: Path, ready_database: str) -> None:
    with nursery(tmp_path, ready_database) as lives:
        for point in ("store_after_commit:30", "engine_before_commit:12"):
            assert lives.life(point) == 137, lives.log()
        lives.life(seconds=0.3)
        lives.last_life()
    assert checked(open_postgres(ready_database), tmp_path)["runs"] == 100


def test_every_point_of_the_engine_and_the_store_is_died_at() -> None:
    source = Path(headrace.__file__).parent
    named = {
        name
        for path in source.rglob("*.py")
        for name in re.findall(r'failpoint\("(\w+)"\)', path.read_text())
    }
    elsewhere = {"migration_statement", "alarm_before_send", "alarm_before_mark"}
    assert named - POINTS.keys() == elsewhere, "which tests/storage and tests/notify kill"
