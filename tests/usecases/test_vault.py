"""Secrets and connections kept, changed, deleted and refused, over the memory store."""

from typing import Any

import pytest

from headrace.core.access.caller import Caller
from headrace.core.run.capabilities import Capabilities
from headrace.core.words import Permission
from headrace.ports import records
from headrace.ports.alarms import ChannelRecord, ChannelStatus
from headrace.ports.audit import AuditFilter
from headrace.ports.errors import Gone, Refused
from headrace.ports.records import TenantRecord
from headrace.ports.store import Writer
from headrace.ports.vault import ConnectionRecord
from headrace.storage import MemoryStore
from headrace.usecases import definitions, vault
from tests.people import caller

TENANT, NOW = 1, 1_000.0
ADA = Caller(TENANT, "default", 7, "ada", frozenset(), frozenset(Permission))
AMY = caller()


class Mirror:
    """``ports.vault.Cipher`` that anybody can read."""

    def encrypt(self, text: str) -> str:
        return text[::-1]

    def decrypt(self, token: str) -> str:
        return token[::-1]

    def renewed(self, token: str) -> str:
        return "new " + token


def put(writer: Writer, name: str = "db", value: str | None = "hunter2", description: str = "") -> bool:
    return vault.put_secret(writer, NOW, ADA, name, value, description, Mirror())


def connect(writer: Writer, name: str = "orders", **more: Any) -> bool:
    given = ConnectionRecord(TENANT, name, **{"kind": "postgresql", "host": "h", "database": "d", **more})
    return vault.put_connection(writer, NOW, ADA, given)


def publish(writer: Writer, name: str, now: bool = True, /, **node: Any) -> None:
    document = {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": name},
        "spec": {"nodes": [{"id": "a", "executor": "work", **node}]},
    }
    there = {"work": Capabilities(rollback_by_node=True)}
    definitions.apply_definition(writer, NOW, AMY, definitions.check(document, there), there, now)


def refusal(call: Any, *args: Any, **more: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*args, **more)
    return caught.value


def codes(found: Refused) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in found.problems]


def log(writer: Writer) -> list[tuple[str, str, str, Any, Any]]:
    """The audit log, oldest first."""
    found = writer.audit(TENANT, AuditFilter(), None, 100)
    return [(r.action, r.kind, r.object, r.before, r.after) for r in reversed(found)]


def test_a_secret_is_kept_encrypted(writer: Writer) -> None:
    assert put(writer, description="of the database") is True
    record = vault.secret_of(writer, TENANT, "db")
    assert (record.token, record.description, record.updated_by) == ("2retnuh", "of the database", "ada")
    assert put(writer, value="another") is False
    assert vault.secret_of(writer, TENANT, "db").token == "rehtona"
    assert put(writer, value=None, description="said anew") is False
    record = vault.secret_of(writer, TENANT, "db")
    assert (record.token, record.description) == ("rehtona", "said anew")
    vault.delete_secret(writer, NOW, ADA, "db")
    with pytest.raises(Gone):
        vault.secret_of(writer, TENANT, "db")
    assert log(writer) == [
        ("create", "secret", "db", None, {"description": "of the database", "valueChanged": True}),
        (
            "change",
            "secret",
            "db",
            {"description": "of the database"},
            {"description": "", "valueChanged": True},
        ),
        ("change", "secret", "db", {"description": ""}, {"description": "said anew", "valueChanged": False}),
        ("delete", "secret", "db", {"description": "said anew"}, None),
    ]
    assert not any(word in str(log(writer)) for word in ("hunter2", "2retnuh", "another"))


@pytest.mark.parametrize(
    ("value", "code"),
    [(None, "secret_short"), ("abc", "secret_short"), ("", "secret_short"), ("x" * 16_385, "secret_long")],
)
def test_values_that_cannot_be_kept(writer: Writer, value: str | None, code: str) -> None:
    found = refusal(put, writer, value=value)
    assert codes(found) == [("value", code)]
    assert "abc" not in str(found.problems)


def test_what_uses_a_secret(writer: Writer) -> None:
    put(writer)
    put(writer, "other")
    connect(writer, secret="db")
    connect(writer, "plain")
    publish(writer, "one", True, **{"with": {"x": [{"$secret": "db"}]}})
    publish(
        writer, "two", True, **{"rollback": {"x": {"$secret": "other"}}, "with": {"connection": "orders"}}
    )
    publish(writer, "draft", False, **{"with": {"x": {"$secret": "db"}}})
    assert list(vault.users_of(writer, TENANT, "secret", "db")) == ["connection orders", "workflow one"]
    assert list(vault.users_of(writer, TENANT, "secret", "other")) == ["workflow two"]
    assert list(vault.users_of(writer, TENANT, "connection", "orders")) == ["workflow two"]
    found = refusal(vault.delete_secret, writer, NOW, ADA, "db")
    assert (found.kind, found.code, found.values["users"]) == (
        "state",
        "secret_used",
        "connection orders, workflow one",
    )
    assert refusal(vault.delete_connection, writer, NOW, ADA, "orders").code == "connection_used"
    definitions.offline(writer, NOW, AMY, "two")
    vault.delete_connection(writer, NOW, ADA, "orders")
    vault.delete_secret(writer, NOW, ADA, "other")
    with pytest.raises(Gone):
        vault.connection_of(writer, TENANT, "orders")


def test_many_users_are_read_in_pages(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MANY", 2)
    put(writer)
    for i in range(3):
        connect(writer, f"c{i}", secret="db")
        publish(writer, f"w{i}", True, **{"with": {"x": {"$secret": "db"}}})
    assert len(list(vault.users_of(writer, TENANT, "secret", "db"))) == 6


def test_a_definition_that_names_what_is_not_there(writer: Writer) -> None:
    found = refusal(
        publish, writer, "one", True, **{"with": {"x": {"$secret": "db"}, "connection": "orders"}}
    )
    assert codes(found) == [
        ("spec.nodes[0].with.x", "secret_unknown"),
        ("spec.nodes[0].with.connection", "connection_unknown"),
    ]
    put(writer)
    connect(writer)
    publish(writer, "two", True, **{"with": {"x": {"$secret": "db"}, "connection": "orders"}})


def test_a_connection(writer: Writer) -> None:
    put(writer)
    assert connect(writer, secret="db", user="app", options={"sslmode": "require"}, description="of orders")
    record = vault.connection_of(writer, TENANT, "orders")
    assert (record.port, record.updated_by) == (5432, "ada")
    view = vault.view(record)
    assert view["secret"] == "db"
    assert not connect(writer, host="other", port=99)
    assert vault.connection_of(writer, TENANT, "orders").port == 99
    vault.delete_connection(writer, NOW, ADA, "orders")
    actions = [(action, kind, before, after) for action, kind, _, before, after in log(writer)][1:]
    changed = {**vault.view(record), "host": "other", "port": 99, "secret": None, "user": ""}
    changed |= {"options": {}, "description": ""}
    assert actions == [
        ("create", "connection", None, view),
        ("change", "connection", view, changed),
        ("delete", "connection", changed, None),
    ]


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"host": ""}, [("host", "connection_host")]),
        ({"database": ""}, [("database", "connection_database")]),
        (
            {"options": {"x": "1", "a": "1"}},
            [("options.a", "connection_option"), ("options.x", "connection_option")],
        ),
        ({"kind": "sqlite", "options": {"x": "1"}}, [("options.x", "connection_option")]),
        ({"secret": "none"}, [("secret", "secret_unknown")]),
        ({"kind": "ssh", "host": "", "database": ""}, [("host", "connection_host")]),
    ],
)
def test_connections_that_make_no_sense(writer: Writer, change: Any, problems: Any) -> None:
    assert codes(refusal(connect, writer, **change)) == problems


def test_a_file_needs_no_host(writer: Writer) -> None:
    assert connect(writer, kind="sqlite", host="")
    assert vault.connection_of(writer, TENANT, "orders").port is None


@pytest.mark.parametrize("call", [vault.delete_secret, vault.delete_connection])
def test_another_tenants_are_not_there(writer: Writer, call: Any) -> None:
    put(writer, "x1")
    connect(writer, "x1")
    stranger = Caller(2, "other", 8, "bob", frozenset(), frozenset(Permission))
    with pytest.raises(Gone):
        call(writer, NOW, stranger, "x1")


def test_another_key_for_everything() -> None:
    with MemoryStore().write() as writer:
        writer.add_tenant(TenantRecord(TENANT, "default"))
        put(writer)
        put(writer, "other")
        for id, name, secret, key in ((1, "hook", "drow", "ngis"), (2, "bare", None, None)):
            new = ChannelStatus.NEW
            writer.put_channel(
                ChannelRecord(id, TENANT, name, "webhook", {}, secret, key, new, True, None, NOW, NOW)
            )
        assert vault.renew(writer, NOW, Mirror().renewed) == 4
        (noted,) = writer.audit(TENANT, AuditFilter(action="rotate"), None, 10)
        assert (noted.user, noted.kind, noted.after) == ("headrace secret rotate", "secret", {"count": 4})
        assert vault.secret_of(writer, TENANT, "db").token == "new 2retnuh"
        found = writer.channel(TENANT, "hook")
        assert found is not None
        assert (found.secret, found.signing_key) == ("new drow", "new ngis")
        assert vault.renew(writer, NOW, Mirror().renewed) == 4


def test_another_key_where_nothing_is_yet() -> None:
    with MemoryStore().write() as writer:
        assert vault.renew(writer, NOW, Mirror().renewed) == 0


@pytest.mark.parametrize(
    ("given", "good"),
    [("db", True), (None, True), ("hunter2", False), (7, False), ("x" * 129, False)],
)
def test_a_parameter_takes_a_secrets_name_and_nothing_else(writer: Writer, given: Any, good: bool) -> None:
    put(writer)
    given_params = {"n": 1} if given is None else {"key": given}
    if good:
        vault.refuse_unnamed(writer, TENANT, ("key",), given_params)
    else:
        found = refusal(vault.refuse_unnamed, writer, TENANT, ("key",), given_params)
        assert codes(found) == [("params.key", "params_secret")]
        assert str(given) not in str(found.problems)


def test_a_parameters_default_is_a_use_of_the_secret(writer: Writer) -> None:
    params = {"key": {"type": "string", "secret": True, "default": "db"}, "n": {"default": "x"}}
    document = {"apiVersion": "headrace/v1", "kind": "Workflow", "metadata": {"name": "w"}}
    there = {"work": Capabilities()}
    spec = {"params": params, "nodes": [{"id": "a", "executor": "work"}]}
    checked = definitions.check({**document, "spec": spec}, there)
    found = refusal(definitions.apply_definition, writer, NOW, AMY, checked, there, True)
    assert codes(found) == [("spec.params.key.default", "secret_unknown")]
    put(writer)
    definitions.apply_definition(writer, NOW, AMY, checked, there, True)
    assert list(vault.users_of(writer, TENANT, "secret", "db")) == ["workflow w"]


def test_what_a_schedule_starts_its_runs_with_is_a_use_of_the_secret(writer: Writer) -> None:
    put(writer)
    spec = {
        "params": {"key": {"type": "string", "secret": True}, "n": {"type": "string"}},
        "nodes": [{"id": "a", "executor": "work"}],
        "schedule": {"cron": "0 0 * * *", "params": {"key": "db", "n": "other"}},
    }
    document = {"apiVersion": "headrace/v1", "kind": "Workflow", "metadata": {"name": "w"}, "spec": spec}
    there = {"work": Capabilities()}
    definitions.apply_definition(writer, NOW, AMY, definitions.check(document, there), there, True)
    assert refusal(vault.delete_secret, writer, NOW, ADA, "db").code == "secret_used"
