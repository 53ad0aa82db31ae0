"""SQLite: one file, one process, WAL, flushed at every commit."""

import errno
import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from headrace.ports.errors import Broken
from headrace.storage import apsw_driver, migrations
from headrace.storage.faults import translated
from headrace.storage.sql_store import SqlStore

BUSY_SECONDS = 30.0


def open_sqlite(path: Path) -> SqlStore:
    """The store in this file, made and brought up to date where needed.

    Raises Broken("database_locked") when another process has it, ("database_too_new") when a newer
    version wrote it.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        release = _lock(path.with_name(path.name + ".lock"))
        try:
            with translated():
                return _open(path, release)
        except BaseException:
            release()
            raise
    except OSError as error:
        word = "disk_full" if error.errno == errno.ENOSPC else "database_io"
        raise Broken(word, {"error": str(error)}) from error


def _open(path: Path, release: Callable[[], None]) -> SqlStore:
    _create_private(path)
    writing = _engine(path, readonly=False, poolclass=sa.NullPool)
    with writing.connect() as first:
        migrations.upgrade(first, "BEGIN IMMEDIATE")
    reading = _engine(path, readonly=True, poolclass=sa.QueuePool, pool_size=8, max_overflow=32)
    begin = {"begin_write": "BEGIN IMMEDIATE", "begin_read": "BEGIN"}
    return SqlStore(reading, writing.connect, **begin, release=release)


def _engine(path: Path, *, readonly: bool, **pool: Any) -> sa.Engine:
    return sa.create_engine(
        "sqlite+pysqlite://",
        module=apsw_driver,
        creator=lambda: _connect(path, readonly=readonly),
        isolation_level="AUTOCOMMIT",
        **pool,
    )


def _connect(path: Path, *, readonly: bool) -> apsw_driver.Connection:
    connection = apsw_driver.Connection(str(path), BUSY_SECONDS)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.run(f"PRAGMA {pragma}")
    connection.run(f"PRAGMA query_only={int(readonly)}")
    if not readonly:
        # A page that many commits touch is copied into the file once: 16 MB of log between checkpoints.
        connection.run("PRAGMA wal_autocheckpoint=4000")
        connection.run("PRAGMA cache_size=-16000")
    return connection


def _create_private(path: Path) -> None:
    """Nobody else may read it, a file put back from elsewhere included; the WAL takes the file's rights."""
    file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        os.fchmod(file, 0o600)
    finally:
        os.close(file)


def _lock(path: Path) -> Callable[[], None]:
    """Keep other processes out until the returned function is called, or this process ends."""
    file = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        holder = os.read(file, 32).decode(errors="replace").strip() or "?"
        os.close(file)
        raise Broken("database_locked", {"pid": holder, "path": str(path)}) from None
    try:
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
    except OSError:
        os.close(file)
        raise

    def release() -> None:
        nonlocal file
        if file >= 0:
            os.close(file)
            file = -1

    return release


def version() -> str:
    """Of the SQLite library in use."""
    return apsw_driver.sqlite_version
