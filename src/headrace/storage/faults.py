"""What drivers raise, in our four words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import apsw
import sqlalchemy as sa

from headrace.ports.errors import Broken

# https://www.sqlite.org/rescode.html, primary codes
_SQLITE = {13: "disk_full", 10: "database_io", 14: "database_io", 8: "database_io", 11: "database_corrupt"}
_SQLITE_BUSY = (5, 6)


@contextmanager
def translated() -> Iterator[None]:
    """Broken for everything that is the machinery's fault; faults of ours pass as they are."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        broken = broken_of(error.orig)
        if broken is None:
            raise
        raise broken from error
    except Broken:
        raise
    except Exception as error:
        broken = broken_of(error)
        if broken is None:
            raise
        raise broken from error


def broken_of(error: BaseException | None) -> Broken | None:
    """The Broken a driver's error stands for, if any."""
    code: Any = getattr(error, "result", None)
    if isinstance(error, apsw.Error) and code is not None:
        word = _SQLITE.get(code & 0xFF) or ("database_busy" if code & 0xFF in _SQLITE_BUSY else None)
        return Broken(word, {"error": str(error)}) if word else None
    return _of_postgres(error)


def _of_postgres(error: BaseException | None) -> Broken | None:
    state: str | None = getattr(error, "sqlstate", None)
    if state is not None and state.startswith("53"):
        return Broken("disk_full" if state == "53100" else "database_down", {"error": str(error)})
    if type(error).__module__.startswith("psycopg") and _is_operational(error):
        return Broken("database_down", {"error": str(error).strip()})
    return None


def _is_operational(error: BaseException | None) -> bool:
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & {"OperationalError", "InterfaceError"})
