"""The demo's hosts: real service processes, and the process manager that restarts them when asked by HTTP."""

import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SERVICE = Path(__file__).with_name("service.py")
SECONDS = 10.0


class Host:
    """One service process on a port of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.port = _free_port()
        self.versions: list[str] = []
        self.restarts: list[tuple[float, float]] = []  # when a restart began and ended
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def deploy(self, version: str) -> None:
        """End the process and start it with another version; returns when it listens."""
        with self._lock:
            began = time.time()
            self.stop()
            self._process = subprocess.Popen([sys.executable, "-I", str(SERVICE), str(self.port), version])
            self.versions.append(version)
            self._wait_until_it_listens()
            self.restarts.append((began, time.time()))

    def back(self) -> None:
        """To the version before."""
        if len(self.versions) > 1:
            before = self.versions[-2]
            del self.versions[-2:]
            self.deploy(before)

    def _wait_until_it_listens(self) -> None:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise TimeoutError(f"{self.name} does not listen")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(SECONDS)
            self._process = None

    def health(self) -> Any:
        """(status, body) of its health page."""
        try:
            with urllib.request.urlopen(f"{self.url}/health", timeout=SECONDS) as answer:  # noqa: S310
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Fleet:
    """All hosts and their manager; a context manager that leaves no process behind."""

    def __init__(self, names: list[str]) -> None:
        self.hosts = {name: Host(name) for name in names}
        self.drained = False
        self.log: list[str] = []  # what the manager was asked, in order
        fleet = self

        class Manager(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                fleet.log.append(self.path)
                status = fleet.act(self.path)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Manager)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def act(self, path: str) -> int:
        """Do what a request asks; its status."""
        match path.strip("/").split("/"):
            case ["drain"]:
                self.drained = True
            case ["undrain"]:
                self.drained = False
            case ["hosts", name, "deploy", version] if name in self.hosts:
                self.hosts[name].deploy(version)
            case ["hosts", name, "back"] if name in self.hosts:
                self.hosts[name].back()
            case _:
                return 404
        return 204

    def __enter__(self) -> "Fleet":
        for host in self.hosts.values():
            host.deploy("v1")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        for host in self.hosts.values():
            host.stop()

    def versions(self) -> dict[str, str]:
        """What every host says it runs."""
        return {host.name: host.health()[1]["version"] for host in self.hosts.values()}
