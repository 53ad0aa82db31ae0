"""The command as a person uses it: a process, its output, its exit code."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

SECONDS = 60.0
TOKEN = "hr_the-token-of-the-command-line-tests"


class Cli:
    """``headrace`` on a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {
            **{key: value for key, value in os.environ.items() if not key.startswith("HEADRACE_")},
            "HEADRACE_HOME": str(home),
            "HEADRACE_LANG": "en",
            "NO_COLOR": "1",
            "COLUMNS": "200",
        }

    def run(self, *words: object, given: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        """``given`` is its standard input."""
        command = [sys.executable, "-m", "headrace", *map(str, words)]
        return subprocess.run(
            command,
            env={**self.env, **env},
            input=given,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def ok(self, *words: object, given: str = "", **env: str) -> str:
        done = self.run(*words, given=given, **env)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def serving(self, *words: object, **env: str) -> Iterator["Serving"]:
        """A server on a free port until the block ends."""
        command = [sys.executable, "-m", "headrace", "serve", "--port", "0", *map(str, words)]
        with subprocess.Popen(
            command,
            env={**self.env, "HEADRACE_ADMIN_TOKEN": TOKEN, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield Serving(process)
            finally:
                process.kill()
                process.wait(SECONDS)


class Serving:
    """A running ``headrace serve``."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        assert process.stdout is not None
        self.first_line = process.stdout.readline()
        assert "http://" in self.first_line, self.first_line + process.stderr.read()  # type: ignore[union-attr]
        self.url = self.first_line[self.first_line.index("http://") :].strip()

    def client(self) -> httpx2.Client:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx2.Client(base_url=self.url + "/api/v1", headers=headers, timeout=SECONDS, trust_env=False)

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(SECONDS)


@pytest.fixture
def cli(tmp_path: Path) -> Cli:
    return Cli(tmp_path / "home")


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A definition file of one chain of nodes."""

    def make(name: str, *nodes: Any, **spec: Any) -> Path:
        document = {
            "apiVersion": "headrace/v1",
            "kind": "Workflow",
            "metadata": {"name": name},
            "spec": {**spec, "nodes": list(nodes)},
        }
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(document))
        return path

    return make


def shell(id: str, script: str, *after: str, **more: Any) -> Any:
    """A node with a script."""
    return {"id": id, "executor": "shell", "with": {"script": script}, "after": list(after), **more}


def wait_until(look: Callable[[], Any]) -> Any:
    """What ``look`` gives as soon as it is true; bounded."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise TimeoutError
