"""Starting ``child.py`` and waiting for what it says."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHILD = Path(__file__).with_name("child.py")
SECONDS = 60.0
KILLED = 137  # how a fail point ends a process


def run(address: str, work: str, failpoint: str = "") -> subprocess.CompletedProcess[str]:
    """The child, to its end."""
    return subprocess.run(
        _command(address, work),
        env=_environment(failpoint),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@contextmanager
def started(address: str, work: str) -> Iterator[subprocess.Popen[str]]:
    """The child at work, after it has said ``ready``."""
    with subprocess.Popen(
        _command(address, work),
        env=_environment(""),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            yield child
        finally:
            child.kill()


def _command(address: str, work: str) -> list[str]:
    return [sys.executable, str(CHILD), address, work]


def _environment(failpoint: str) -> dict[str, str]:
    return {**os.environ, "HEADRACE_FAILPOINT": failpoint}
