"""How commands reach a server: a named one, the one that runs on this home, or their own for a moment."""

import asyncio
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2

from headrace import main
from headrace.api.app import create_app
from headrace.api.http import logging
from headrace.api.http.server import Server
from headrace.cli.local import local_token, revoke
from headrace.cli.screen import (
    CONFLICT,
    DENIED,
    FAILED,
    MISSING,
    UNREACHABLE,
    USAGE,
    clean,
    err,
    fail,
    language,
    words,
)
from headrace.cli.serve import RECORD
from headrace.config import load

SECONDS = 30.0
EXITS = {
    400: USAGE,
    401: DENIED,
    403: DENIED,
    404: MISSING,
    409: CONFLICT,
    412: CONFLICT,
    413: USAGE,
    422: USAGE,
}


class Session:
    """Calls to one server. A refusal ends the command with the server's message and trace id."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client = client

    def call(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """The answer, when it is a success."""
        answer = self.try_call(method, path, **options)
        if answer.is_error:
            _end(answer)
        return answer

    def try_call(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """The answer, whatever it is."""
        try:
            return self.client.request(method, f"/api/v1{path}", **options)
        except httpx2.TransportError as error:
            fail(UNREACHABLE, "cli_unreachable", url=self.client.base_url, error=error)

    def get(self, path: str, **params: Any) -> Any:
        return self.call("GET", path, params=params).json()

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("POST", path, json=body or {}).json()


def _end(answer: httpx2.Response) -> None:
    """Print the problem and exit with what its status stands for."""
    import typer

    console = err()
    try:
        problem = answer.json()
    except ValueError:
        problem = {"title": f"HTTP {answer.status_code}"}
    console.print(f"[red]{clean(problem.get('detail') or problem.get('title'))}[/red]")
    for each in problem.get("errors") or ():
        console.print(f"  {clean(each.get('path', ''))}: {clean(each.get('message', ''))}")
    if problem.get("traceId"):
        console.print(words("cli_trace", trace=problem["traceId"]))
    raise typer.Exit(EXITS.get(answer.status_code, FAILED))


@contextmanager
def session(home: Path | None, server: str | None, token: str | None) -> Iterator[Session]:
    """Where the command works: ``--server``, else the server of this home, else one of its own."""
    token = token or os.environ.get("HEADRACE_TOKEN")
    settings = load(home=home)
    running = None if server else _running(settings.home)
    if server or running:
        record = running or {}
        url = server or record["url"]
        known = token or record.get("token")
        if not known:
            fail(DENIED, "cli_token_needed", url=url)
        with _client(url, known) as client:
            yield Session(client)
        return
    logging.configure(level=40)
    with _own(settings) as found:
        yield found


def _running(home: Path) -> Any:
    """The record of the server that runs on this home, if one does."""
    with suppress(OSError, ValueError):
        record = json.loads((home / RECORD).read_text())
        os.kill(record["pid"], 0)
        return record
    return None


def _client(url: str, token: str) -> httpx2.Client:
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept-Language": "zh-CN" if language() == "zh" else "en",
    }
    return httpx2.Client(base_url=url, headers=headers, timeout=SECONDS, trust_env=False)


@contextmanager
def _own(settings: Any) -> Iterator[Session]:
    """A server on a free port of loopback, for the length of one command."""
    system = main.build(settings)
    system.start()
    try:
        token_id, token = local_token(system)
        try:
            with _listening(system) as url, _client(url, token) as client:
                yield Session(client)
        finally:
            revoke(system, token_id)
    finally:
        system.stop(settings.shutdown_grace)


@contextmanager
def _listening(system: main.System) -> Iterator[str]:
    server = Server(create_app(system), "127.0.0.1", 0)
    ready = threading.Event()
    startup = server.startup

    async def announced(sockets: Any = None) -> None:
        await startup(sockets)
        ready.set()

    server.startup = announced  # type: ignore[method-assign]
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name="http", daemon=True)
    thread.start()
    ready.wait(SECONDS)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(SECONDS)
