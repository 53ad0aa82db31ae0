"""Secrets, connections and browser sessions."""

from dataclasses import replace
from typing import Any

from headrace.ports.sessions import SessionRecord
from headrace.ports.store import Store
from headrace.ports.vault import ConnectionRecord, SecretRecord
from tests.storage.samples import MINE, NOW, OTHERS

SECRET = SecretRecord(MINE, "db-password", "Of the Orders database", "gAAAA", NOW, NOW + 1, "ada")
CONNECTION = ConnectionRecord(
    MINE,
    "orders",
    "postgresql",
    "db.example",
    5432,
    "orders",
    "app",
    "db-password",
    {"ssl": True},
    "订单库",
    NOW,
    "ada",
)
SESSION = SessionRecord("d" * 64, MINE, 3, NOW, NOW, "::1", "Browser")


def put(store: Store, method: str, *records: Any) -> None:
    with store.write() as writer:
        for record in records:
            getattr(writer, method)(record)


def names(store: Store, method: str, search: str | None, tenant: int = MINE) -> list[str]:
    with store.read() as reader:
        return [record.name for record in getattr(reader, method)(tenant, search, 1, 10).items]


def test_secrets_are_read_as_written_and_belong_to_a_tenant(store: Store) -> None:
    other = replace(SECRET, tenant=OTHERS, token="other")
    put(store, "put_secret", SECRET, other)
    with store.read() as reader:
        assert reader.secret(MINE, "db-password") == SECRET
        assert reader.secret(MINE, "no") is None
        assert list(reader.all_secrets()) == [SECRET, other]


def test_a_secret_is_replaced_and_deleted(store: Store) -> None:
    put(store, "put_secret", SECRET, replace(SECRET, token="new"), replace(SECRET, name="b"))
    with store.write() as writer:
        writer.delete_secret(MINE, "b")
        writer.delete_secret(OTHERS, "db-password")
    with store.read() as reader:
        found = reader.secret(MINE, "db-password")
        assert found is not None
        assert found.token == "new"
        assert reader.secret(MINE, "b") is None


def test_secrets_are_found_by_name_and_description(store: Store) -> None:
    put(store, "put_secret", SECRET, replace(SECRET, name="a%", description=""))
    assert names(store, "secrets", None) == ["a%", "db-password"]
    assert names(store, "secrets", "ORDERS") == ["db-password"]
    assert names(store, "secrets", "%") == ["a%"]
    assert names(store, "secrets", None, OTHERS) == []


def test_connections(store: Store) -> None:
    bare = ConnectionRecord(MINE, "bare", "sqlite", database="/tmp/x.db")
    put(store, "put_connection", CONNECTION, bare, replace(bare, tenant=OTHERS))
    with store.read() as reader:
        assert reader.connection(MINE, "orders") == CONNECTION
        assert reader.connection(MINE, "bare") == bare
        assert reader.connection(OTHERS, "orders") is None
    assert names(store, "connections", None) == ["bare", "orders"]
    assert names(store, "connections", "订单") == ["orders"]
    with store.write() as writer:
        writer.put_connection(replace(CONNECTION, port=None))
        writer.delete_connection(MINE, "bare")
    with store.read() as reader:
        assert reader.connection(MINE, "orders") == replace(CONNECTION, port=None)
        assert reader.connection(MINE, "bare") is None


def test_sessions(store: Store) -> None:
    others = [replace(SESSION, digest=f"{i}" * 64, seen_at=NOW + i, user_id=i) for i in range(4)]
    put(store, "put_session", SESSION, *others, replace(SESSION, seen_at=NOW + 9))
    with store.read() as reader:
        assert reader.session("d" * 64) == replace(SESSION, seen_at=NOW + 9)
        assert reader.session("none") is None
    with store.write() as writer:
        assert writer.delete_sessions_before(NOW + 2, 0, 1) == 1
        assert writer.delete_sessions_before(NOW + 2, 0, 9) == 1
        writer.delete_sessions_of(2)
        writer.delete_session("none")
    assert left(store, "0123d") == "3d"
    with store.write() as writer:
        writer.delete_session("3" * 64)
        assert writer.delete_sessions_before(0, NOW + 1, 9) == 1
    assert left(store, "0123d") == ""


def left(store: Store, digests: str) -> str:
    with store.read() as reader:
        return "".join(each for each in digests if reader.session(each * 64) is not None)
