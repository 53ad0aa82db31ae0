"""``headrace serve``: the server in the foreground until a signal ends it."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from headrace import __version__, main
from headrace.api.app import create_app
from headrace.api.http import logging
from headrace.api.http.server import Server
from headrace.cli.local import local_token, revoke
from headrace.cli.screen import FAILED, fail, fail_broken, note, say
from headrace.config import load
from headrace.ports.errors import Broken

RECORD = "server.json"
"""Beside the database while a server runs: its address, process and a token for local commands, 0600."""


def register(app: typer.Typer) -> None:
    app.command()(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="address to bind / 绑定地址")] = None,
    port: Annotated[int | None, typer.Option(help="port to bind, 0 for a free one / 端口")] = None,
    home: Annotated[Path | None, typer.Option(help="folder of all state / 数据目录")] = None,
    database: Annotated[str | None, typer.Option(help="postgresql://… instead of the SQLite file")] = None,
    workers: Annotated[int | None, typer.Option(help="steps at once / 并发步骤数")] = None,
    shutdown_grace: Annotated[float | None, typer.Option(help="seconds for running steps at the end")] = None,
) -> None:
    """Run the server. / 启动服务。"""
    settings = load(
        host=host, port=port, home=home, database=database, workers=workers, shutdown_grace=shutdown_grace
    )
    logging.configure()
    listener = _listen(settings.host, settings.port)
    try:
        system = main.build(settings)
    except Broken as broken:
        listener.close()
        fail_broken(broken)
    for problem in system.plugin_problems:
        note("cli_plugin", problem=problem)
    system.start()
    try:
        _announce_and_serve(system, listener)
    finally:
        _drain(system)


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
    record = system.settings.home / RECORD

    def announce() -> None:
        _write_private(record, {"url": url, "pid": os.getpid(), "token": token})
        say("cli_serving", version=__version__, url=url)
        if system.invented_password is not None:
            say("cli_password", user="admin", password=system.invented_password)
        say("cli_stop_hint")

    try:
        asyncio.run(_serve(Server(create_app(system), host, port), listener, announce))
    finally:
        record.unlink(missing_ok=True)
        revoke(system, token_id)


def _write_private(path: Path, value: Any) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        json.dump(value, file)


async def _serve(server: Server, listener: socket.socket, announce: Callable[[], None]) -> None:
    """Until the first signal; a second one ends open requests at once. Announced once signals are ours."""

    def on_signal() -> None:
        server.force_exit = server.should_exit
        server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal)
    server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
    announce()
    await server.serve(sockets=[listener])


class _Hurry(Exception):
    """A signal while draining."""


def _drain(system: main.System) -> None:
    """Running steps get their grace; another signal takes it away."""
    grace = system.settings.shutdown_grace

    def hurry(*_: object) -> None:
        raise _Hurry

    with suppress(_Hurry):
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, hurry)
        if system.dispatch.at_work():
            note("cli_draining", seconds=f"{grace:g}")
        system.dispatch.drain(grace)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    system.stop()
