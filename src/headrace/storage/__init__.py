"""The Store on SQLite and PostgreSQL, and in memory as the reference for tests."""

from headrace.storage.memory import MemoryStore

__all__ = ["MemoryStore"]
