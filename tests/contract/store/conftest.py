"""The stores that every test of the contract runs on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from headrace.ports.store import Store
from headrace.storage import MemoryStore, open_postgres, open_sqlite

KINDS = ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty one."""
    if request.param == "memory":
        made: Store = MemoryStore()
    elif request.param == "sqlite":
        made = open_sqlite(tmp_path / "headrace.db")
    else:
        made = open_postgres(request.getfixturevalue("ready_database"))
    yield made
    made.close()
