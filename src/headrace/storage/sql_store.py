"""``ports.store.Store`` over SQLAlchemy: what both dialects share."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from headrace.config import failpoint
from headrace.storage.faults import has_transaction, translated
from headrace.storage.reader import SqlReader
from headrace.storage.statements import Statements
from headrace.storage.writer import SqlWriter


class SqlStore:
    """One connection writes, a pool reads. Connections are in autocommit mode; transactions are explicit,
    and on the driver's own cursor: every commit and every read pays for them.

    ``open_pen`` makes the writing connection, anew when it was lost; ``release`` ends what keeps others out.
    """

    def __init__(
        self,
        engine: sa.Engine,
        open_pen: Callable[[], sa.Connection],
        *,
        begin_write: str,
        begin_read: str,
        release: Callable[[], None] = lambda: None,
    ) -> None:
        self.engine = engine
        self._open_pen = open_pen
        self._begin_write = begin_write
        self._begin_read = begin_read
        self._release = release
        self._statements = Statements(engine.dialect)
        self._given: dict[str, int] = {}
        self._lock = threading.RLock()
        self._pen: sa.Connection | None = open_pen()

    @contextmanager
    def read(self) -> Iterator[SqlReader]:
        with translated(), self.engine.connect() as connection:
            cursor = connection.connection.cursor()
            cursor.execute(self._begin_read)
            try:
                yield SqlReader(connection)
            except BaseException:
                _undo(connection)
                raise
            cursor.execute("COMMIT")

    @contextmanager
    def write(self) -> Iterator[SqlWriter]:
        with self._lock, translated():
            pen = self._taken_pen()
            try:
                cursor = pen.connection.cursor()
                cursor.execute(self._begin_write)
                yield SqlWriter(pen, cursor, self._statements, self._given)
                failpoint("store_before_commit")
                cursor.execute("COMMIT")
                failpoint("store_after_commit")
            except BaseException:
                if not _undo(pen):
                    self._pen = None
                raise

    def _taken_pen(self) -> sa.Connection:
        if self._pen is None:
            self._pen = self._open_pen()
        return self._pen

    def check(self) -> None:
        """Raise Broken when the database cannot be written: only a write can tell."""
        with self.write() as writer:
            writer.allocate("check", 1)

    def close(self) -> None:
        with self._lock:
            if self._pen is not None:
                self._pen.close()
                self._pen = None
            self.engine.dispose()
            self._release()


def _undo(connection: sa.Connection) -> bool:
    """Roll back. False where the connection cannot even do that: then it is thrown away."""
    try:
        if has_transaction(connection):
            connection.exec_driver_sql("ROLLBACK")
    except sa.exc.SQLAlchemyError:
        connection.invalidate()
        connection.close()
        return False
    return True
