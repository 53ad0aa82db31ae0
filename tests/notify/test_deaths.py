"""kill -9 between the commit and the sending, between the sending and the mark, and while one is sent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from headrace.ports.alarms import NoticeStatus
from tests.notify.house import house
from tests.notify.sinks import SECONDS, Web

ROOT = Path(__file__).parents[2]


@contextmanager
def living(home: Path, url: str, runs: int, failpoint: str = "") -> Iterator[Any]:
    """One life; afterwards it is dead."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HEADRACE_")}
    if failpoint:
        environment["HEADRACE_FAILPOINT"] = failpoint
    with subprocess.Popen(
        [sys.executable, "-m", "tests.notify.life", str(home), url, str(runs)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ids(web: Web) -> list[str]:
    return [request.headers["x-headrace-id"] for request in web.kept.all]


def all_sent(home: Path) -> list[str]:
    """A last life sends the rest; the keys of all notices."""
    with house(home) as h:
        found = h.until(lambda found: all(n.status is NoticeStatus.SENT for n in found))
    return [n.key for n in found]


@pytest.mark.parametrize("nth", [1, 2])
def test_dead_after_the_commit_before_the_sending(tmp_path: Path, web: Web, nth: int) -> None:
    with living(tmp_path, web.url, 1, f"alarm_before_send:{nth}") as process:
        assert process.wait(SECONDS) == 137
    keys = all_sent(tmp_path)
    assert len(keys) == 2
    assert sorted(ids(web)) == sorted(keys), "each once: none was sent before the death"


def test_dead_right_after_the_commit(tmp_path: Path, web: Web) -> None:
    """Nobody was told of what is to be sent. Commits before: first start, channel, workflow."""
    with living(tmp_path, web.url, 1, "engine_after_commit:3") as process:
        assert process.wait(SECONDS) == 137
    keys = all_sent(tmp_path)
    assert keys
    assert sorted(ids(web)) == sorted(keys)


@pytest.mark.parametrize("nth", [1, 2])
def test_dead_after_the_sending_before_the_mark(tmp_path: Path, web: Web, nth: int) -> None:
    with living(tmp_path, web.url, 1, f"alarm_before_mark:{nth}") as process:
        assert process.wait(SECONDS) == 137
    keys = all_sent(tmp_path)
    assert set(ids(web)) == set(keys)
    assert len(ids(web)) == len(keys) + 1, "one is sent twice, under the same id"


def test_dead_while_a_message_is_under_way(tmp_path: Path, web: Web) -> None:
    web.open.clear()
    with living(tmp_path, web.url, 3) as process:
        web.kept.wait(1)
        assert process.stdout.readline() == b"works\n"
        os.kill(process.pid, signal.SIGKILL)
        process.wait(SECONDS)
    web.open.set()
    keys = all_sent(tmp_path)
    assert len(keys) == 6
    assert set(ids(web)) == set(keys)
    assert ids(web)[0] == ids(web)[1], "the first again, then the rest"
