"""Questions that are asked again and again, as text with their values: nothing is built or compiled twice.

A list that somebody looks at is asked for every few seconds; building its query takes longer than
answering it.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from threading import Lock
from typing import Any

import sqlalchemy as sa

MOST = 1_000  # questions that are remembered

Question = tuple[str, Any]
"""SQL for the driver, and its values as the driver takes them."""


class Asked:
    """The questions of one database; for any thread."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Question] = {}
        self._lock = Lock()

    def question(self, key: Hashable, dialect: sa.Dialect, build: Callable[[], sa.Select[Any]]) -> Question:
        """The one remembered under ``key``, which must hold all that ``build`` goes by."""
        found = self._known.get(key)
        if found is None:
            found = _written(build(), dialect)
            with self._lock:
                if len(self._known) >= MOST:
                    self._known.clear()
                self._known[key] = found
        return found


def _written(query: sa.Select[Any], dialect: sa.Dialect) -> Question:
    compiled: Any = query.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    values: Mapping[str, Any] = compiled.params
    order: Sequence[str] | None = compiled.positiontup
    return str(compiled), dict(values) if order is None else tuple(values[name] for name in order)
