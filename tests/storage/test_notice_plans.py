"""The sender's questions find their rows through an index, however much was sent before."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from headrace.ports.alarms import NoticeFilter
from headrace.storage import open_sqlite
from headrace.storage.sql_store import SqlStore
from tests.storage.samples import MINE, NOW


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = open_sqlite(tmp_path / "headrace.db")
    yield made
    made.close()


def test_what_is_due_is_found_by_index(store: SqlStore) -> None:
    asked: list[tuple[str, tuple[Any, ...]]] = []
    with store.read() as reader:
        connection = reader._connection
        sa.event.listen(
            connection, "before_cursor_execute", lambda *a: asked.append((a[2], a[3])), named=False
        )
        reader.due_notices(MINE, "ops", NOW, 50)
        reader.next_notice(MINE, "ops")
        reader.waiting_channels()
        reader.notices(MINE, NoticeFilter(), 1, 10)
        plans = [
            " ".join(str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values))
            for sql, values in list(asked)
        ]
    due, soonest, waiting, _, listed = plans
    assert "notice_pending" in due
    assert "B-TREE" not in due
    assert "notice_pending" in soonest
    assert "notice_pending" in waiting
    assert "notice_by_tenant" in listed
    assert "B-TREE" not in listed
