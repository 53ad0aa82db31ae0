"""A store that does not always take what it is given: the real one, with a hand on the plug."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from headrace.ports.errors import Broken
from headrace.storage import MemoryStore

Fault = Callable[[], None]


def nothing() -> None:
    pass


def unplugged() -> None:
    raise Broken("database_down", {"error": "unplugged"})


class FaultyStore(MemoryStore):
    """Each hook is called at its moment, and may raise."""

    def __init__(self) -> None:
        super().__init__()
        self.on_begin: Fault = nothing
        self.on_save: Callable[[Any], None] = lambda decisions: None
        self.before_commit: Fault = nothing
        self.after_commit: Fault = nothing
        self.on_read: Fault = nothing
        self.commits = 0

    @contextmanager
    def write(self) -> Iterator[MemoryStore]:
        self.on_begin()
        with super().write() as writer:
            yield writer
            self.before_commit()
        self.commits += 1
        self.after_commit()

    @contextmanager
    def read(self) -> Iterator[MemoryStore]:
        self.on_read()
        with super().read() as reader:
            yield reader

    def save(self, decisions: Any) -> None:
        decisions = list(decisions)
        self.on_save(decisions)
        super().save(decisions)

    def mend(self) -> None:
        """Plugged in again."""
        self.on_begin = self.before_commit = self.after_commit = self.on_read = nothing
        self.on_save = lambda decisions: None
