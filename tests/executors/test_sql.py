"""``sql`` against SQLite and, where the tests have one, PostgreSQL."""

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest

from headrace.core.retold import retold
from headrace.core.run.events import Vanished
from headrace.core.words import Act, Phase
from headrace.executors.sql_text import statements
from tests.executors.desk import PATIENCE, Desk

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'db.sqlite'}"
    return str(request.getfixturevalue("postgres"))


def test_statements_and_rows(at: Desk, url: str) -> None:
    sql = """
        DROP TABLE IF EXISTS goods; -- a ; in a comment
        CREATE TABLE goods (id integer, name text);
        INSERT INTO goods VALUES (1, :name), (2, 'a;b');
        SELECT id, name FROM goods ORDER BY id;
        DELETE FROM goods;
        DROP TABLE goods;
    """
    finished = at.finished(step := at.hand("sql", {"url": url, "sql": sql, "params": {"name": "名'; --"}}))
    assert finished.ok, finished.message
    _, _, inserted, read, deleted, _ = finished.outputs["statements"]
    assert (inserted["rows"], deleted["rows"]) == (2, 2)
    assert read == {"rows": 2, "columns": ["id", "name"], "first": [[1, "名'; --"], [2, "a;b"]]}
    assert "2 rows: SELECT id, name FROM goods ORDER BY id" in at.log(step)


def test_all_or_nothing(at: Desk, url: str) -> None:
    broken = [
        "CREATE TABLE kept (id integer)",
        "INSERT INTO kept VALUES (1)",
        "INSERT INTO no_such VALUES (1)",
    ]
    finished = at.finished(at.hand("sql", {"url": url, "sql": broken}))
    assert (finished.ok, finished.phase) == (False, Phase.START_FAILED)
    assert str(finished.message).startswith("The database refused: ")
    assert "no_such" in str(finished.message)
    assert "kept" in str(at.finished(at.hand("sql", {"url": url, "sql": "SELECT * FROM kept"})).message)


def test_values_are_bound(at: Desk, url: str) -> None:
    evil = "x'); DROP TABLE t; --"
    finished = at.finished(
        at.hand(
            "sql", {"url": url, "sql": "SELECT CAST(:v AS text) AS v", "params": {"v": evil, "unused": 1}}
        )
    )
    assert finished.outputs["statements"][0]["first"] == [[evil]]


def test_many_rows_are_cut(at: Desk, url: str) -> None:
    sql = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000) SELECT x FROM n"
    (read,) = at.finished(at.hand("sql", {"url": url, "sql": sql})).outputs["statements"]
    assert (read["rows"], len(read["first"])) == (1000, 100)


def test_cancel_interrupts(at: Desk, url: str) -> None:
    step = at.hand("sql", {"url": url, "sql": ["SELECT 1", ENDLESS]})
    begun = threading.Event()

    def look() -> None:
        while "1 rows: SELECT 1" not in at.log(step):
            if begun.wait(0.01):
                return
        begun.set()

    threading.Thread(target=look).start()
    assert begun.wait(PATIENCE)
    at.cancel(step)
    assert isinstance(at.end(step), Vanished)


@pytest.mark.postgres
def test_values_as_json(at: Desk, postgres: str) -> None:
    sql = r"""SELECT 1.50::numeric, '2026-01-02'::date, '\x00ff'::bytea, 'NaN'::float8, ARRAY[1, 2], NULL,
        '2026-01-02T03:04:05+00'::timestamptz, interval '1 minute', true"""
    (read,) = at.finished(at.hand("sql", {"url": postgres, "sql": [sql.replace("::", "\\:\\:")]})).outputs[
        "statements"
    ]
    first = read["first"][0]
    assert first[:6] == ["1.50", "2026-01-02", "00ff", "nan", "[1, 2]", None]
    assert first[7:] == ["0:01:00", True]


def test_rollback_runs_its_own_statements(at: Desk, tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite"
    url = f"sqlite:///{path}"
    block = {"url": url, "sql": "CREATE TABLE undone (id integer)"}
    finished = at.finished(at.hand("sql", {"url": url, "sql": "nonsense"}, act=Act.ROLLBACK, rollback=block))
    assert finished.phase is Phase.ROLLBACK_SUCCESS
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM undone").fetchone() == (0,)
    connection.close()


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"sql": "SELECT 1"}, "url is null"),
        ({"url": "user:secret@nowhere", "sql": "SELECT 1"}, "url is not a database URL."),
        ({"url": "postgresql://u:secret@h:port/d", "sql": "SELECT 1"}, "url is not a database URL."),
        ({"url": "sqlite:////none/at/all", "sql": "SELECT 1"}, "the file cannot be opened: its folder is"),
        ({"url": "oracle://u:secret@h/d", "sql": "SELECT 1"}, "The database oracle is not supported"),
        ({"url": "sqlite://", "sql": ""}, 'sql is "": it must be a text or a list of statements.'),
        ({"url": "sqlite://", "sql": "-- nothing"}, "it must be a text or a list of statements"),
        ({"url": "sqlite://", "sql": "SELECT :a, :b", "params": {"a": 1}}, "params lacks b."),
        ({"url": "sqlite://", "sql": "SELECT :a", "params": {"a": [1]}}, "an object of plain values"),
        (
            {"url": "postgresql://u:secret@127.0.0.1:1/d", "sql": "SELECT 1"},
            "No connection to the database: ",
        ),
        ({"url": "mysql://u:secret@127.0.0.1:1/d", "sql": "SELECT 1"}, "No connection to the database: "),
    ],
)
def test_what_cannot_be_run(at: Desk, inputs: dict[str, Any], message: str) -> None:
    finished = at.finished(step := at.hand("sql", inputs))
    assert not finished.ok
    assert message in str(finished.message)
    assert "secret" not in str(finished.message) + at.log(step)
    assert "Traceback" not in at.log(step)


def test_a_locked_file_is_told_in_the_reader_s_language(at: Desk, tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite"
    writing = sqlite3.connect(path)
    writing.execute("CREATE TABLE t (id integer)")
    writing.execute("BEGIN IMMEDIATE")
    finished = at.finished(at.hand("sql", {"url": f"sqlite:///{path}?timeout=0", "sql": "DELETE FROM t"}))
    assert finished.message == "The database refused: the file is locked: somebody else is writing to it"
    assert retold(finished.message, "zh") == "数据库拒绝：数据库文件已被锁定：其他程序正在写入"
    writing.close()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a; b ;; ;c", ["a", "b", "c"]),
        ("a 'x;''y' ; b", ["a 'x;''y'", "b"]),
        ('a "x;" `y;`; b', ['a "x;" `y;`', "b"]),
        ("-- x;\na; /* b; */ ; c", ["-- x;\na", "c"]),
        ("do $$ begin; end; $$; do $tag$ ; $$ ; $tag$", ["do $$ begin; end; $$", "do $tag$ ; $$ ; $tag$"]),
        ("a 'never closed ; b", ["a 'never closed ; b"]),
        ("", []),
        ("/* only */ -- comments", []),
        ("a \\' ; b", ["a \\' ; b"]),
    ],
)
def test_cutting_statements(text: str, parts: list[str]) -> None:
    assert statements(text) == parts


def test_cutting_takes_linear_time() -> None:
    assert len(statements("'" * 200_001 + ";" * 1000)) == 1
    assert len(statements("$a$" + "$b" * 100_000)) == 1
