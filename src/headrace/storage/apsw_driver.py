"""APSW as the DBAPI module that SQLAlchemy's SQLite dialect wants.

Why not the sqlite3 module: bound values cost it many times more (docs/adr/0005), and the library in many
systems has a WAL bug. APSW brings its own SQLite. One process must use one copy of the library for a file
(https://www.sqlite.org/howtocorrupt.html, 2.2.1), so readers go through here as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import apsw

apilevel = "2.0"
paramstyle = "qmark"
threadsafety = 1
sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(int(part) for part in sqlite_version.split("."))
Error = apsw.Error


class ProgrammingError(apsw.Error):
    """Asked for by SQLAlchemy to tell a closed connection; APSW has an error of its own for that."""


Row = tuple[Any, ...]


class Cursor:
    """A cursor with what DBAPI asks for beyond APSW's own: description without rows, rowcount."""

    arraysize = 1
    lastrowid = None

    def __init__(self, connection: Connection) -> None:
        self._connection = connection.apsw
        self._cursor = self._connection.cursor()
        self._cursor.exec_trace = self._trace
        self.description: Any = None
        self.rowcount = -1

    def _trace(self, cursor: apsw.Cursor, *_: Any) -> bool:
        # The only moment at which the columns of a query without rows can be asked for.
        self.description = cursor.get_description() or None
        return True

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Cursor:
        before = self._connection.total_changes()
        self.description = None
        self._cursor.execute(sql, values)
        self.rowcount = -1 if self.description else self._connection.total_changes() - before
        return self

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> Cursor:
        before = self._connection.total_changes()
        self._cursor.exec_trace = None  # nothing to describe, and it would run for every row
        try:
            self._cursor.executemany(sql, rows)
        finally:
            self._cursor.exec_trace = self._trace
        self.rowcount = self._connection.total_changes() - before
        return self

    def fetchone(self) -> Row | None:
        return self._cursor.fetchone()

    def fetchall(self) -> list[Row]:
        return self._cursor.fetchall()

    def fetchmany(self, size: int = 1) -> list[Row]:
        rows: list[Row] = []
        while len(rows) < size and (row := self._cursor.fetchone()) is not None:
            rows.append(row)
        return rows

    def close(self) -> None:
        self._cursor.close(True)  # also with rows left unread


class Connection:
    """A connection in autocommit mode; transactions are opened and ended by statements."""

    isolation_level = None

    def __init__(self, path: str, busy_seconds: float) -> None:
        self.apsw = apsw.Connection(path)
        self.apsw.set_busy_timeout(int(busy_seconds * 1000))

    @property
    def in_transaction(self) -> bool:
        return self.apsw.in_transaction

    def cursor(self) -> Cursor:
        return Cursor(self)

    def run(self, sql: str) -> list[Row]:
        """One statement to its end."""
        return self.apsw.execute(sql).fetchall()

    def create_function(self, name: str, count: int, function: Callable[..., Any], **_: Any) -> None:
        self.apsw.create_scalar_function(name, function, count)

    def commit(self) -> None:
        if self.in_transaction:
            self.apsw.execute("COMMIT")

    def rollback(self) -> None:
        if self.in_transaction:
            self.apsw.execute("ROLLBACK")

    def close(self) -> None:
        self.apsw.close()
