"""``transfer`` between SQLite and, where the tests have one, PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from headrace.core.run.events import Vanished
from headrace.executors.databases import engine_of
from tests.executors.desk import Desk, desk
from tests.executors.safe import Safe

GOODS = "CREATE TABLE {} (id integer PRIMARY KEY, name text, price numeric(10, 2), seen timestamp)"
ROWS = [{"id": i, "name": f"名{i}'", "price": i / 4, "seen": "2026-01-02 03:04:05"} for i in range(1, 2502)]


class Place:
    """A database that the tests fill and look into."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = engine_of(sa.make_url(url))

    def does(self, *statements: str, rows: Any = None) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement), rows if rows and ":id" in statement else None)

    def holds(self, query: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]


def place(request: pytest.FixtureRequest, kind: str, path: Path) -> Place:
    if kind == "sqlite":
        return Place(f"sqlite:///{path}")
    return Place(str(request.getfixturevalue("postgres")))


KINDS = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    own = place(request, request.param, tmp_path / "source.sqlite")
    own.does("DROP TABLE IF EXISTS goods", GOODS.format("goods"))
    own.does(
        "INSERT INTO goods VALUES (:id, :name, :price, :seen)".replace(":seen", "'2026-01-02 03:04:05'"),
        rows=ROWS,
    )
    yield own
    own.engine.dispose()


@pytest.fixture(params=KINDS)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    own = place(request, request.param, tmp_path / "target.sqlite")
    own.does("DROP TABLE IF EXISTS copy", GOODS.format("copy"))
    yield own
    own.engine.dispose()


def moved(at: Desk, source: Place, target: Place, **more: Any) -> Any:
    ways = {"from": {"url": source.url, "table": "goods"}, "to": {"url": target.url, "table": "copy"}}
    for part in ("from", "to"):
        ways[part] |= more.pop(f"{part}_", {})
    return at.finished(at.hand("transfer", {**ways, **more}))


def test_table_to_table(at: Desk, source: Place, target: Place) -> None:
    finished = moved(at, source, target)
    assert finished.ok, finished.message
    assert finished.outputs == {"rows": 2501, "batches": 3}
    assert target.holds("SELECT count(*), sum(id) FROM copy") == [(2501, sum(range(2502)))]
    found = target.holds("SELECT name, CAST(price AS float), CAST(seen AS text) FROM copy WHERE id = 7")
    assert [(name, price, seen[:19]) for name, price, seen in found] == [
        ("名7'", 1.75, "2026-01-02 03:04:05")
    ]
    percents = [percent for percent, _ in at.progress(1)]
    assert percents == sorted(percents, key=lambda percent: percent or 0)
    assert "2501 rows in 3 batches into copy" in at.log(1)


def test_modes(at: Desk, source: Place, target: Place) -> None:
    target.does("INSERT INTO copy (id, name) VALUES (1, 'mine'), (9999, 'kept')")
    refused = moved(at, source, target)
    assert not refused.ok
    assert "The database refused: " in refused.message
    assert target.holds("SELECT count(*) FROM copy") == [(2,)]
    assert moved(at, source, target, mode="upsert", keys=["id"], batch=100).outputs == {
        "rows": 2501,
        "batches": 26,
    }
    assert target.holds("SELECT name FROM copy WHERE id IN (1, 9999) ORDER BY id") == [("名1'",), ("kept",)]
    assert moved(at, source, target, mode="upsert", keys=["id"]).ok
    assert target.holds("SELECT count(*) FROM copy") == [(2502,)]
    assert moved(at, source, target, mode="upsert", keys=["id"], columns=["id"]).ok
    assert moved(at, source, target, mode="truncate", columns=["id", "name"]).ok
    assert target.holds("SELECT count(*), max(price) FROM copy") == [(2501, None)]


def test_a_query(at: Desk, source: Place, target: Place) -> None:
    query = "SELECT id, name, price, seen FROM goods WHERE id <= :most ORDER BY id"
    part = {"table": None, "query": query, "params": {"most": 10}}
    finished = moved(at, source, target, from_=part)
    assert finished.ok, finished.message
    assert target.holds("SELECT count(*) FROM copy") == [(10,)]
    lacking = moved(at, source, target, from_={**part, "params": {}})
    assert lacking.message == "params lacks most."


def test_nothing_to_move(at: Desk, source: Place, target: Place) -> None:
    source.does("DELETE FROM goods")
    assert moved(at, source, target).outputs == {"rows": 0, "batches": 0}


def test_within_one_database(at: Desk, source: Place) -> None:
    source.does("DROP TABLE IF EXISTS copy", GOODS.format("copy"))
    assert moved(at, source, source, batch=1000).outputs == {"rows": 2501, "batches": 3}
    assert source.holds("SELECT count(*) FROM copy") == [(2501,)]


def test_all_or_nothing(at: Desk, source: Place, target: Place) -> None:
    source.does("UPDATE goods SET name = NULL WHERE id = 2500")
    target.does("DROP TABLE copy", GOODS.format("copy").replace("name text", "name text NOT NULL"))
    finished = moved(at, source, target, batch=100)
    assert not finished.ok
    assert target.holds("SELECT count(*) FROM copy") == [(0,)]


def test_cancel_leaves_the_target_as_it_was(at: Desk, tmp_path: Path, target: Place) -> None:
    target.does("INSERT INTO copy (id, name) VALUES (0, 'kept')")
    source = Place(f"sqlite:///{tmp_path / 'endless.sqlite'}")
    endless = "WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id FROM n"
    inputs = {"from": {"url": source.url, "query": endless}, "to": {"url": target.url, "table": "copy"}}
    step = at.hand("transfer", {**inputs, "batch": 10})
    at.wait(lambda _: at.progress(step))
    at.cancel(step)
    assert isinstance(at.end(step), Vanished)
    assert target.holds("SELECT id, name FROM copy") == [(0, "kept")]
    source.engine.dispose()


def test_connections(tmp_path: Path) -> None:
    one, other = Place(f"sqlite:///{tmp_path / 'a'}"), Place(f"sqlite:///{tmp_path / 'b'}")
    one.does("CREATE TABLE goods (id integer)", "INSERT INTO goods VALUES (1), (2)")
    other.does("CREATE TABLE copy (id integer)")
    safe = Safe()
    for name, each in (("one", one), ("other", other)):
        safe.connect(name, "sqlite", database=each.engine.url.database)
    safe.connect("web", "http", host="127.0.0.1")
    with desk(tmp_path, resolver=safe) as at:
        ways = {
            "from": {"connection": "one", "table": "goods"},
            "to": {"connection": "other", "table": "copy"},
        }
        assert at.finished(at.hand("transfer", ways)).outputs == {"rows": 2, "batches": 1}
        (read,) = at.finished(
            at.hand("sql", {"connection": "other", "sql": "SELECT id FROM copy ORDER BY id"})
        ).outputs["statements"]
        assert read["first"] == [[1], [2]]
        wrong = at.finished(at.hand("sql", {"connection": "web", "sql": "SELECT 1"}))
        assert "of kind http; sqlite, postgresql, mysql is needed" in str(wrong.message)
        assert (
            at.finished(at.hand("sql", {"connection": "none", "sql": "x"})).message
            == "There is no connection none."
        )


@pytest.mark.postgres
def test_a_password_from_the_vault(tmp_path: Path, postgres: str) -> None:
    owner = Place(postgres)
    owner.does("DROP ROLE IF EXISTS clerk", "CREATE ROLE clerk LOGIN PASSWORD 'canary-pg-word'")
    url = owner.engine.url
    safe = Safe({"pg": "canary-pg-word"})
    host = url.host or str(url.query.get("host"))
    safe.connect(
        "pg", "postgresql", host=host, port=url.port, database=url.database, user="clerk", secret="pg"
    )
    with desk(tmp_path, resolver=safe) as at:
        sql = "SELECT current_user, 'canary-pg-word'"
        finished = at.finished(step := at.hand("sql", {"connection": "pg", "sql": sql}))
        assert finished.outputs["statements"][0]["first"] == [["clerk", "******"]]
        assert "canary" not in at.log(step)
    owner.engine.dispose()


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"from": 1}, "from is 1: it must be an object with connection and table."),
        ({"from": {"url": "sqlite://", "table": "t"}}, "to is null"),
        ({"from": {"url": "sqlite://"}, "to": {}}, "from has no table / query"),
        ({"from": {"table": "t"}, "to": {}}, "from has no connection / url"),
        ({"from": {"url": "sqlite://", "query": "q"}, "to": {"url": "sqlite://"}}, "to has no table"),
        ({"from_": {"table": None, "query": "DELETE FROM goods"}}, "The query of from gives no rows"),
        (
            {"from_": {"table": None, "query": "SELECT 1 AS id, 2 AS id"}},
            "The query of from gives several columns of the same name: id;",
        ),
        ({"mode": "merge"}, "mode is "),
        ({"batch": 0}, "batch is 0"),
        ({"batch": True}, "batch is true"),
        ({"mode": "upsert"}, "keys is "),
        ({"keys": ["no"], "mode": "upsert"}, "The table copy has no columns no; it has "),
        ({"columns": ["id", "no"]}, "The table goods has no columns no; it has id, name"),
        ({"to_": {"table": "none"}}, "There is no table none."),
        ({"from_": {"table": "x.y.z"}}, "The database refused: "),
        ({"from_": {"table": None, "query": "SELECT 1 AS other"}}, "The table copy has no columns other"),
        (
            {"from_": {"table": None, "query": "SELECT 'x' AS id"}},
            "A value does not fit into copy: row 1, column id",
        ),
    ],
)
def test_what_cannot_be_moved(at: Desk, tmp_path: Path, inputs: dict[str, Any], message: str) -> None:
    both = Place(f"sqlite:///{tmp_path / 'db'}")
    both.does(GOODS.format("goods"), GOODS.format("copy"))
    if "from" in inputs:
        finished = at.finished(at.hand("transfer", inputs))
    else:
        finished = moved(at, both, both, **inputs)
    assert not finished.ok
    assert message in str(finished.message)
    both.engine.dispose()
