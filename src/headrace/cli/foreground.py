"""The server in the foreground until a signal ends it."""

import asyncio
import ctypes
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from headrace import __version__, main
from headrace.api.app import create_app
from headrace.api.http import logging
from headrace.api.http.server import Server
from headrace.cli.ending import drain
from headrace.cli.local import forget, local_token
from headrace.cli.record import announced
from headrace.cli.screen import FAILED, explained, fail, fail_broken, note, say
from headrace.config import Settings
from headrace.ports.errors import Broken

PR_SET_DUMPABLE = 4
Announce = Callable[[], AbstractContextManager[None]]


def serve(settings: Settings) -> None:
    """Listen, recover, serve; then let running steps finish."""
    logging.configure()
    _hide_memory()
    listener = _listen(settings.host, settings.port)
    try:
        system = main.build(settings)
    except Broken as broken:
        listener.close()
        fail_broken(broken)
    for problem in system.plugin_problems:
        note("cli_plugin", **explained(problem))
    system.start()
    try:
        _announce_and_serve(system, listener)
    finally:
        drain(system)


def _hide_memory() -> None:
    """Programs of the same user, our own steps among them, may not read our memory, where keys and secrets
    are; nor does a core dump keep them. Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def _listen(host: str, port: int) -> socket.socket:
    """Bound before anything else is begun, so that a taken port is told at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=1024)
        # Inherited by every connection; asyncio sets it only on sockets it made itself. Without it an
        # answer in two packets waits 40 ms for the client's delayed acknowledgement.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        fail(FAILED, "cli_port_taken", host=host, port=port, error=error.strerror or str(error))


def _announce_and_serve(system: main.System, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    token_id, token = local_token(system)

    @contextmanager
    def announce() -> Iterator[None]:
        with announced(system.settings.home, url, token):
            _greet(url, system.invented_password)
            yield

    try:
        asyncio.run(_serve(Server(create_app(system), host, port), listener, announce))
    finally:
        forget(system, token_id)


def _greet(url: str, password: str | None) -> None:
    say("cli_serving", version=__version__, url=url)
    if password is not None:
        say("cli_password", user="admin", password=password)
    say("cli_stop_hint")


async def _serve(server: Server, listener: socket.socket, announce: Announce) -> None:
    """Until the first signal; a second one ends open requests at once. Announced once signals are ours."""

    def on_signal() -> None:
        server.force_exit = server.should_exit
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal)
    server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
    with announce():
        await server.serve(sockets=[listener])
