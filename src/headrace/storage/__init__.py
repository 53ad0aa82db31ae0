"""The Store on SQLite and PostgreSQL, and in memory as the reference for tests."""

from headrace.storage.memory import MemoryStore
from headrace.storage.sql_store import SqlStore
from headrace.storage.sqlite import open_sqlite

__all__ = ["MemoryStore", "open_postgres", "open_sqlite"]


def open_postgres(url: str) -> SqlStore:
    """See ``headrace.storage.postgres``; its driver is an extra and only loaded when asked for."""
    from headrace.storage import postgres

    return postgres.open_postgres(url)
