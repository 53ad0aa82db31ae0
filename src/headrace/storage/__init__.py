"""The Store on SQLite and PostgreSQL, and in memory as the reference for tests."""

from headrace.storage.memory import MemoryStore
from headrace.storage.sqlite import open_sqlite

__all__ = ["MemoryStore", "open_sqlite"]
