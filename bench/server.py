"""``headrace serve`` as a process of its own, and a small client for it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.peers.shapes import memory_of

Json = Any

TOKEN = "hr_bench-administrator-token-0123456789"
SERVE = [str(Path(sys.executable).with_name("headrace")), "serve"]
PATIENCE = 60  # seconds for the server to come up or go


class Client:
    """One keep-alive connection with the administrator's token."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def call(self, method: str, path: str, body: Json | None = None) -> Json:
        """The answer's JSON. Raises RuntimeError for anything but 2xx."""
        status, raw = self.raw(method, path, body)
        if not 200 <= status < 300:
            raise RuntimeError(f"{method} {path} answered {status}: {raw[:500]!r}")
        return json.loads(raw) if raw else None

    def raw(self, method: str, path: str, body: Json | None = None) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        self._connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def publish(self, document: Json) -> None:
        name = document["metadata"]["name"]
        self.call("PUT", f"/api/v1/workflows/{name}?publish=true", document)

    def start(self, workflow: str, **body: Json) -> int:
        return int(self.call("POST", f"/api/v1/workflows/{workflow}/runs", body)["id"])

    def wait(self, run_id: int, seconds: float = 120) -> None:
        """Until the run has succeeded."""
        end = time.monotonic() + seconds
        while (status := self.call("GET", f"/api/v1/runs/{run_id}")["status"]) == "RUNNING":
            if time.monotonic() > end:
                raise RuntimeError(f"run {run_id} is still running after {seconds} s")
            time.sleep(0.01)
        if status != "SUCCESSFUL":
            raise RuntimeError(f"run {run_id} ended {status}")

    def close(self) -> None:
        self._connection.close()


class Server:
    """A server over a home folder; may be killed and started again."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {**os.environ, "HEADRACE_HOME": str(self.home), "HEADRACE_ADMIN_TOKEN": TOKEN}
        command = [*SERVE, "--port", str(self.port)]
        log = (self.home.parent / "server.log").open("ab")
        self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        log.close()
        self._wait_ready()

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def memory(self) -> float:
        """MB of the server and everything under it."""
        assert self._process is not None
        return memory_of(self._process.pid)

    def client(self) -> Client:
        return Client(self.port)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE)
            self._process = None

    def _wait_ready(self) -> None:
        assert self._process is not None
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self._process.poll() is not None:
                break
            try:
                client = self.client()
                if client.raw("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise RuntimeError((self.home.parent / "server.log").read_text()[-2000:])


@contextmanager
def serving(home: Path) -> Iterator[Server]:
    """A running server, stopped at the end."""
    home.mkdir(parents=True, exist_ok=True)
    server = Server(home)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
