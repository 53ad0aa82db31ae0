"""Two engines over one PostgreSQL that do not know of each other: every slot starts one run."""

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from headrace.storage import open_postgres
from headrace.storage.sql_store import SqlStore
from tests.engine.timetable import Timetable, at

pytestmark = pytest.mark.postgres
MINUTES = 30


@pytest.fixture
def unlocked(ready_database: str) -> Iterator[list[SqlStore]]:
    """Two stores without the lock that keeps a second engine out."""
    open_postgres(ready_database).close()
    url = sa.make_url(ready_database).set(drivername="postgresql+psycopg")
    made = []
    for _ in range(2):
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        begin_read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        made.append(SqlStore(engine, engine.connect, begin_write="BEGIN", begin_read=begin_read))
    yield made
    for store in made:
        store.close()


def test_two_engines_race(unlocked: list[SqlStore]) -> None:
    first, second = (Timetable(store) for store in unlocked)
    for i in range(3):
        first.every(f"w{i}", "* * * * *")
    second.restart()
    together = threading.Barrier(2, timeout=20)
    troubles: list[BaseException] = []

    def live(desk: Timetable) -> None:
        try:
            for minute in range(1, MINUTES + 1):
                together.wait()
                desk.clock.time = at("2026-12-01T12:00") + 60 * minute
                desk.go()
        except BaseException as error:  # noqa: BLE001 - told in the test itself
            troubles.append(error)
            together.abort()

    threads = [threading.Thread(target=live, args=(desk,)) for desk in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert troubles == []
    for i in range(3):
        assert len(first.started(f"w{i}")) == MINUTES
    with first.store.read() as reader:
        assert len(reader.open_runs()) == 0
        connection: sa.Connection = vars(reader)["_connection"]
        total = connection.exec_driver_sql("SELECT count(*) FROM run").scalar_one()
    assert total == 3 * MINUTES
