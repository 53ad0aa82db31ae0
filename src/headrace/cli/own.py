"""A server for the length of one command, on a free port of loopback."""

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from headrace import main
from headrace.api.app import create_app
from headrace.api.http import logging
from headrace.api.http.server import Server
from headrace.cli.ending import drain
from headrace.cli.local import forget, local_token
from headrace.cli.record import announced
from headrace.config import load

SECONDS = 30.0


@contextmanager
def own_server(home: Path | None) -> Iterator[tuple[str, str]]:
    """Its address and an administrator's token; other commands on the same home find it meanwhile."""
    logging.configure(level=40)
    system = main.build(load(home=home))
    system.start()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        token_id, token = local_token(system)
        try:
            with _listening(system) as url, announced(system.settings.home, url, token):
                yield url, token
        finally:
            forget(system, token_id)
    finally:
        drain(system)


def _interrupt(*_: object) -> None:
    """SIGTERM ends the command as Ctrl-C does."""
    raise KeyboardInterrupt


@contextmanager
def _listening(system: main.System) -> Iterator[str]:
    server = Server(create_app(system), "127.0.0.1", 0)
    ready = threading.Event()
    startup = server.startup

    async def announce(sockets: Any = None) -> None:
        await startup(sockets)
        ready.set()

    server.startup = announce  # type: ignore[method-assign]
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), name="http", daemon=True)
    thread.start()
    ready.wait(SECONDS)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(SECONDS)
