"""A running system with a real SQLite file, a real server on loopback, and clients of every role."""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from headrace import main
from headrace.api.app import create_app
from headrace.api.http.logging import configure
from headrace.api.http.server import Server
from headrace.config import Settings
from headrace.identity import tokens
from headrace.ports.records import TokenRecord, UserRecord

ADMIN_TOKEN = "hr_the-administrators-token-of-the-tests"
ADMIN_PASSWORD = "the administrator's password"
SECONDS = 20.0


@dataclass
class Running:
    """A system and the server before it."""

    system: Any
    url: str
    clients: ExitStack = field(default_factory=ExitStack)

    def client(self, token: str | None = None, **options: Any) -> httpx2.Client:
        """A client with that API token; without one it is nobody."""
        headers = options.pop("headers", {})
        if token:
            headers = {"Authorization": f"Bearer {token}"}
        client = httpx2.Client(
            base_url=self.url, headers=headers, timeout=SECONDS, trust_env=False, **options
        )
        return self.clients.enter_context(client)

    def user(self, name: str, roles: tuple[str, ...], tenant: int = 1) -> httpx2.Client:
        """A client of a new user with these roles."""
        text = tokens.mint()

        def work(writer: Any, now: float) -> None:
            user = writer.allocate("user", 1)[0]
            writer.put_user(UserRecord(user, tenant, name, None, disabled=False, roles=roles))
            token = writer.allocate("token", 1)[0]
            writer.put_token(TokenRecord(token, tenant, user, "test", tokens.digest(text), now, None, None))

        self.system.inbox.transact(work).result(SECONDS)
        return self.client(text)


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The address of a server for ``app``, in a thread of its own."""
    server = Server(app, "127.0.0.1", 0)
    ready = threading.Event()
    startup = server.startup

    async def announced(sockets: Any = None) -> None:
        await startup(sockets)
        ready.set()

    server.startup = announced  # type: ignore[method-assign]
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    assert ready.wait(SECONDS)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(SECONDS)
        assert not thread.is_alive()


@contextmanager
def running(home: Path, **settings: Any) -> Iterator[Running]:
    """A started system under ``home`` and its server; everything is gone afterwards."""
    given = {"admin_token": ADMIN_TOKEN, "admin_password": ADMIN_PASSWORD, **settings}
    system = main.build(Settings(home=home, **given))
    system.start()
    try:
        with serving(create_app(system)) as url:
            made = Running(system, url)
            with made.clients:
                yield made
    finally:
        system.stop()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as made:
        yield made


@pytest.fixture
def system(live: Running) -> Any:
    return live.system


@pytest.fixture
def client(live: Running) -> httpx2.Client:
    """The administrator's client."""
    return live.client(ADMIN_TOKEN)


@pytest.fixture
def as_user(live: Running) -> Callable[[str], httpx2.Client]:
    """A client of a new user of the tenant default with one role."""
    numbers = count()
    return lambda role: live.user(f"{role}-{next(numbers)}", (role,))


@pytest.fixture(scope="session", autouse=True)
def _quiet() -> None:
    """Only what breaks is printed, to where it can be printed still when the captured output is closed."""
    configure(sys.__stderr__, logging.ERROR)
