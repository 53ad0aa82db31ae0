"""Both databases, empty."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from headrace.storage import open_postgres, open_sqlite
from headrace.storage.sql_store import SqlStore

Opener = Callable[[], SqlStore]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def address(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Where an empty database is: a path or a postgresql:// address."""
    return (
        str(tmp_path / "headrace.db") if dialect == "sqlite" else str(request.getfixturevalue("new_database"))
    )


@pytest.fixture
def opened(address: str) -> Iterator[Opener]:
    """Opens the database; what is open at the end is closed."""
    made: list[SqlStore] = []

    def open_it() -> SqlStore:
        made.append(open_postgres(address) if "://" in address else open_sqlite(Path(address)))
        return made[-1]

    yield open_it
    for store in made:
        store.close()
