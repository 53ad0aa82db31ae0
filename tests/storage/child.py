"""A process that does something to a database and may die at a fail point: ``python child.py ADDRESS WORK``.

Prints ``ready`` when it has the store, then one line for each thing done.
"""

import os
import sys
from pathlib import Path

import alembic.command  # noqa: F401 - once, before the forks
import psycopg  # noqa: F401

from headrace import config
from headrace.ports.errors import Broken
from headrace.ports.records import TenantRecord
from headrace.storage import open_postgres, open_sqlite
from headrace.storage.sql_store import SqlStore


def say(word: object) -> None:
    print(word, flush=True)


def opened(address: str) -> SqlStore:
    return open_postgres(address) if "://" in address else open_sqlite(Path(address))


def main(address: str, work: str) -> None:
    if work == "migrate":
        migrate(address)
        return
    try:
        store = opened(address)
    except Broken as broken:
        say(f"{broken.code} {broken.values.get('pid')}")
        return
    say("ready")
    DO[work](store)


def migrate(address: str) -> None:
    """Open it again and again, each time in a new process that dies one statement later, until one comes
    through; says how each ended."""
    statement, status = 0, 1
    while status:
        statement += 1
        pid = os.fork()
        if pid == 0:
            config._FAILPOINT, config._NTH = "migration_statement", str(statement)
            opened(address).close()
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        say(status)


def open_only(store: SqlStore) -> None:
    store.close()


def hold(store: SqlStore) -> None:
    """Keep it open until the parent is done with us."""
    sys.stdin.read()


def write_one(store: SqlStore) -> None:
    """One commit; the fail points are in it."""
    with store.write() as writer:
        writer.add_tenant(TenantRecord(1, "one"))
    say("written")


def write_many(store: SqlStore) -> None:
    """Commit after commit, each told after it is done."""
    number = 0
    while True:
        number += 1
        with store.write() as writer:
            writer.add_tenant(TenantRecord(number, f"t{number}"))
        say(number)


DO = {"open": open_only, "hold": hold, "one": write_one, "many": write_many}

if __name__ == "__main__":
    main(*sys.argv[1:])
