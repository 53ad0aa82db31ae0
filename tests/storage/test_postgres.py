"""What holds for a server that may go away: the lock and the pen live and die together."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from headrace.ports.errors import Broken, Conflict
from headrace.ports.records import TenantRecord
from headrace.storage import open_postgres
from headrace.storage.sql_store import SqlStore
from tests.conftest import Postgres
from tests.storage.samples import MINE, a_decision, a_run, add_run

pytestmark = pytest.mark.postgres


@pytest.fixture
def store(ready_database: str) -> Iterator[SqlStore]:
    made = open_postgres(ready_database)
    yield made
    made.close()


def pen_of(store: SqlStore) -> int:
    """The server's process behind the pen."""
    with store.write() as writer:
        return int(writer._connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def end(server: Postgres, pid: int) -> None:
    """End the session and wait until it is gone."""
    assert server.run("SELECT pg_terminate_backend(%s, 10000)", pid) == [(True,)]


def add(store: SqlStore, number: int) -> None:
    with store.write() as writer:
        writer.add_tenant(TenantRecord(number, f"t{number}"))


def ids(store: SqlStore) -> list[int]:
    with store.read() as reader:
        return [tenant.id for tenant in reader.tenants()]


def refusal(url: str) -> Broken:
    with pytest.raises(Broken) as broken:
        open_postgres(url)
    return broken.value


def test_whoever_starts_at_once_after_a_kill_waits_until_the_server_has_seen_it(
    store: SqlStore, ready_database: str, postgres_server: Postgres
) -> None:
    pen = pen_of(store)
    with ThreadPoolExecutor(1) as other:
        opening = other.submit(open_postgres, ready_database)
        while not postgres_server.run("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"):
            assert not opening.done(), opening.exception()
        end(postgres_server, pen)
        opened = opening.result(10)
    add(opened, 1)
    assert ids(opened) == [1]
    opened.close()


def test_a_second_engine_is_refused(store: SqlStore, ready_database: str) -> None:
    pen = pen_of(store)
    broken = refusal(ready_database)
    assert (broken.code, broken.values["pid"]) == ("database_locked", pen)
    add(store, 1)
    store.close()
    other = open_postgres(ready_database)
    assert ids(other) == [1]
    other.close()


def test_another_database_of_the_server_is_free(store: SqlStore, postgres_server: Postgres) -> None:
    url = postgres_server.ready_database()
    open_postgres(url).close()
    postgres_server.drop(url)
    store.check()


def test_a_lost_pen_is_taken_up_again_with_its_lock(
    store: SqlStore, ready_database: str, postgres_server: Postgres
) -> None:
    add(store, 1)
    first = pen_of(store)
    end(postgres_server, first)
    with pytest.raises(Broken) as broken:
        add(store, 2)
    assert broken.value.code == "database_down"
    add(store, 3)
    assert ids(store) == [1, 3]
    assert pen_of(store) != first
    assert refusal(ready_database).code == "database_locked"


@pytest.mark.parametrize("where", ["plain", "hot", "savepoint", "commit"])
def test_a_pen_lost_in_the_middle_writes_nothing(
    store: SqlStore, postgres_server: Postgres, where: str
) -> None:
    run = add_run(store, a_run(1))
    pen = pen_of(store)

    def work() -> None:
        with store.write() as writer:
            writer.add_tenant(TenantRecord(1, "one"))
            if where == "savepoint":
                with writer.savepoint():
                    end(postgres_server, pen)
                    raise ZeroDivisionError
            end(postgres_server, pen)
            if where == "plain":
                writer.add_tenant(TenantRecord(2, "two"))
            if where == "hot":
                writer.save([a_decision(run)])

    with pytest.raises(Broken) as broken:
        work()
    assert broken.value.code == "database_down"
    assert ids(store) == []
    add(store, 5)
    assert ids(store) == [5]


def test_a_reader_whose_session_is_ended(store: SqlStore, postgres_server: Postgres) -> None:
    def look() -> None:
        with store.read() as reader:
            pid = reader._connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            end(postgres_server, pid)
            reader.tenants()

    with pytest.raises(Broken) as broken:
        look()
    assert broken.value.code == "database_down"
    assert ids(store) == []


def test_while_the_pen_was_lost_another_took_it(
    store: SqlStore, ready_database: str, postgres_server: Postgres
) -> None:
    run = add_run(store, a_run(1))
    end(postgres_server, pen_of(store))
    other = open_postgres(ready_database)
    with other.write() as writer:
        writer.save([a_decision(run, message="by the other")])
    codes = []
    for _ in range(2):
        with pytest.raises(Broken) as broken:
            store.check()
        codes.append(broken.value.code)
    assert codes == ["database_down", "database_locked"]
    other.close()
    with pytest.raises(Conflict), store.write() as writer:
        writer.save([a_decision(run, message="by the first")])
    with store.read() as reader:
        found = reader.run(MINE, 1)
        assert found is not None
        assert found.message == "by the other"


def test_the_server_stops_and_comes_back(
    store: SqlStore, ready_database: str, postgres_server: Postgres
) -> None:
    add(store, 1)
    assert ids(store) == [1]
    postgres_server.stop()
    try:
        for _ in range(3):
            for broken_now in (store.check, lambda: ids(store)):
                with pytest.raises(Broken) as broken:
                    broken_now()
                assert broken.value.code == "database_down"
        assert refusal(ready_database).code == "database_down"
    finally:
        postgres_server.start()
    add(store, 2)
    assert ids(store) == [1, 2]
    assert refusal(ready_database).code == "database_locked"


def test_commits_are_flushed_whatever_the_role_says(
    store: SqlStore, ready_database: str, postgres_server: Postgres
) -> None:
    store.close()
    name = ready_database.split("?")[0].rsplit("/", 1)[1]
    postgres_server.run(f"ALTER DATABASE {name} SET synchronous_commit = off")
    again = open_postgres(ready_database)
    with again.write() as writer:
        found = writer._connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()
    again.close()
    assert found == "on"


def test_a_database_that_only_reads(store: SqlStore, ready_database: str, postgres_server: Postgres) -> None:
    name = ready_database.split("?")[0].rsplit("/", 1)[1]
    postgres_server.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    end(postgres_server, pen_of(store))
    codes = []
    for _ in range(2):
        with pytest.raises(Broken) as broken:
            store.check()
        codes.append(broken.value.code)
    assert codes == ["database_down", "database_down"]


def test_nobody_there() -> None:
    assert refusal("postgresql://postgres@127.0.0.1:1/none").code == "database_down"
