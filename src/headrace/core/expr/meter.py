"""How much one evaluation may cost, counted, not timed: the same values always cost the same.

One unit is about a microsecond: one turn of a loop, a kilobyte of text looked at, eight values
compared, or half a value kept.
"""

from collections.abc import Mapping
from typing import Any

from headrace.core.expr.errors import ExpressionError
from headrace.core.messages import text

Json = Any

BUDGET = 400_000
LARGEST_TEXT = 16_000_000  # characters that concatenation may make


class Extent:
    """How large a value is: ``longest`` text in characters, and ``values`` in it."""

    def __init__(self, value: Json) -> None:
        self.longest = 0
        self.values = 0
        todo = [value]
        while todo:
            item = todo.pop()
            self.values += 1
            if isinstance(item, str | bytes):
                self.longest = max(self.longest, len(item))
            elif isinstance(item, Mapping):
                todo.extend(item.values())
                todo.extend(item)
            elif isinstance(item, list | tuple):
                todo.extend(item)

    @property
    def units(self) -> int:
        """What it costs to keep such a value."""
        return 1 + 2 * self.values + self.longest // 256


class Meter:
    """Counts the units of one evaluation and keeps the lists that its macros build."""

    def __init__(self, turn: int) -> None:
        self.turn = turn
        self.spent = 0
        self.exceeded = False
        self._lists: list[list[Json]] = []

    def check(self) -> None:
        """Raises ExpressionError once the budget was exceeded: the value is worthless then."""
        if self.exceeded:
            raise ExpressionError(text("said_costly", {"limit": f"{BUDGET:,}"}))

    def spend(self, units: int) -> bool:
        """Whether the budget holds. False ends loops quickly; an error could be swallowed by ``||``."""
        self.spent += units
        self.exceeded = self.exceeded or self.spent > BUDGET
        return not self.exceeded

    def tick(self) -> bool:
        """One turn of a loop."""
        return self.spend(self.turn)

    def open(self) -> int:
        """A fresh list; its handle."""
        self._lists.append([])
        return len(self._lists) - 1

    def push(self, handle: int, value: Json) -> bool:
        """Append to a list; large values cost more."""
        within = self.spend(self.turn + Extent(value).units)
        if within:
            self._lists[handle].append(value)
        return within

    def take(self, handle: int, _done: bool) -> list[Json]:
        """The list; it is given once."""
        taken, self._lists[handle] = self._lists[handle], []
        return taken
