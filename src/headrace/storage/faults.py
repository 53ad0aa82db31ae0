"""What drivers raise, in our four words."""

from collections.abc import Iterator
from contextlib import contextmanager

import apsw
import sqlalchemy as sa

from headrace.ports.errors import Broken, Conflict

# https://www.sqlite.org/rescode.html, primary codes
_SQLITE = {
    5: "database_busy",
    6: "database_busy",
    8: "database_io",
    10: "database_io",
    11: "database_corrupt",
    13: "disk_full",
    14: "database_io",
    26: "database_corrupt",
}
_SQLITE_DOUBLE = (1555, 2067, 2579)  # primary key, unique, rowid
_POSTGRES_DOUBLE = "23505"


@contextmanager
def translated() -> Iterator[None]:
    """Broken for everything that is the machinery's fault, Conflict for what is there already; faults of
    ours pass as they are."""
    try:
        yield
    except Exception as error:
        ours = meaning(error)
        if ours is None:
            raise
        raise ours from error


def meaning(error: BaseException) -> Broken | Conflict | None:
    """The word of ours a driver's error stands for, if any."""
    if isinstance(error, sa.exc.TimeoutError):  # every connection of the pool is lent out
        return Broken("database_busy", {"error": str(error)})
    orig = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    return _of_sqlite(orig) if isinstance(orig, apsw.Error) else _of_postgres(orig)


def _of_sqlite(error: apsw.Error) -> Broken | Conflict | None:
    code: int = getattr(error, "extendedresult", 0)
    if code in _SQLITE_DOUBLE:
        return Conflict(str(error))
    word = _SQLITE.get(code & 0xFF)
    return Broken(word, {"error": str(error)}) if word else None


def has_transaction(connection: sa.Connection) -> bool:
    """Whether there is one to end: on a full disk SQLite has rolled back by itself."""
    return bool(getattr(connection.connection.dbapi_connection, "in_transaction", True))


def _of_postgres(error: BaseException | None) -> Broken | Conflict | None:
    state: str | None = getattr(error, "sqlstate", None)
    if state == _POSTGRES_DOUBLE:
        return Conflict(str(error))
    if state is not None and state.startswith("53"):
        return Broken("disk_full" if state == "53100" else "database_down", {"error": str(error)})
    if state == "25006":  # a standby, or made read-only
        return Broken("database_down", {"error": str(error)})
    if type(error).__module__.startswith("psycopg") and _is_operational(error):
        return Broken("database_down", {"error": str(error).strip()})
    return None


def _is_operational(error: BaseException | None) -> bool:
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & {"OperationalError", "InterfaceError"})
