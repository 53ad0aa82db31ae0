"""What every part stands on."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from headrace.ports.records import Page
from headrace.storage.statements import Statements

T = TypeVar("T")
K = TypeVar("K")

LARGEST_OFFSET = 2**53
"""Beyond it databases refuse the number; no list is that long."""


class SqlReading:
    """A snapshot to read from; ``connection`` is inside a transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def _all(self, query: sa.Select[Any], make: Callable[[Any], T]) -> list[T]:
        return [make(row) for row in self._connection.execute(query)]

    def _one(self, query: sa.Select[Any], make: Callable[[Any], T]) -> T | None:
        row = self._connection.execute(query).first()
        return None if row is None else make(row)

    def _ids(self, query: sa.Select[Any]) -> list[int]:
        return list(self._connection.execute(query).scalars())

    def _count(self, query: sa.Select[Any]) -> int:
        return int(self._connection.execute(query).scalar_one())

    def _page(
        self,
        table: sa.Table,
        where: Any,
        order: Sequence[Any],
        page: int,
        size: int,
        make: Callable[[Any], T],
    ) -> Page[T]:
        total = self._count(sa.select(sa.func.count()).select_from(table).where(where))
        query = sa.select(table).where(where).order_by(*order).limit(size)
        query = query.offset(min((page - 1) * size, LARGEST_OFFSET))
        return Page(self._all(query, make), page, size, total)


class SqlWriting(SqlReading):
    """The pen: ``_put`` writes one row."""

    _sql: Statements

    def _put(self, table: sa.Table, values: dict[str, Any], *by: str) -> None:
        """Insert, or replace the row of the same key; without ``by`` the primary one."""
        keys = by or [column.name for column in table.primary_key]
        insert = self._sql.insert(table).values(values)
        rest = {name: insert.excluded[name] for name in values if name not in keys}
        self._connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=rest))


class MemoryPart:
    """Dicts whose changes can be undone. Parts have an ``__init__`` that calls this one first."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], None]] | None = None

    def _set(self, rows: dict[K, T], key: K, value: T) -> None:
        assert self._undo is not None, "only within write()"
        if key in rows:
            self._undo.append(lambda old=rows[key]: rows.__setitem__(key, old))  # type: ignore[misc]
        else:
            self._undo.append(lambda: rows.__delitem__(key))
        rows[key] = value

    def _delete(self, rows: dict[K, T], key: K) -> None:
        assert self._undo is not None
        if key in rows:
            self._undo.append(lambda old=rows[key]: rows.__setitem__(key, old))  # type: ignore[misc]
            del rows[key]

    def _append(self, rows: dict[int, list[T]], key: int, value: T) -> None:
        assert self._undo is not None
        rows.setdefault(key, []).append(value)
        self._undo.append(lambda: rows[key].__delitem__(-1))


def cut(rows: Sequence[T], page: int, size: int) -> Page[T]:
    """One page of what is already in order."""
    return Page(rows[(page - 1) * size : page * size], page, size, len(rows))
