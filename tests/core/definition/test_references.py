"""What a definition names outside itself, and how it is laid to rest."""

from typing import Any

from headrace.core.definition.parse import parse
from headrace.core.definition.references import at_rest, references


def document(*nodes: Any, **spec: Any) -> dict[str, Any]:
    head = {"apiVersion": "headrace/v1", "kind": "Workflow", "metadata": {"name": "w", "remark": "r"}}
    return {**head, "spec": {"nodes": list(nodes), **spec}}


def test_everything_outside_is_named_once() -> None:
    rule = {"on": ["end"], "channel": "chat"}
    deep = {"list": [{"auth": {"$secret": "pw"}}, 1], "connection": "db", "from": {"connection": "db"}}
    found = references(
        parse(
            document(
                {
                    "id": "a",
                    "executor": "x",
                    "with": deep,
                    "rollback": {"p": {"$secret": "undo"}},
                    "alarms": [rule],
                },
                {"id": "b", "kind": "workflow", "workflow": "child"},
                {"id": "c", "kind": "approval", "approvers": [{"role": "r"}, {"user": "u"}]},
                {"id": "d", "executor": "x", "with": {"connection": {"of": "no reference"}}},
                alarms=[rule],
            )
        )
    )
    assert found == [
        ("channel", "chat"),
        ("connection", "db"),
        ("role", "r"),
        ("secret", "pw"),
        ("secret", "undo"),
        ("user", "u"),
        ("workflow", "child"),
    ]


def test_at_rest_nothing_starts_by_itself() -> None:
    rule = {"cron": "0 9 * * *", "timezone": "Asia/Shanghai"}
    rest = at_rest(document(schedule=rule, invocation={"enabled": True}), "other")
    assert rest["spec"]["schedule"] == {**rule, "enabled": False}
    assert rest["spec"]["invocation"] == {"enabled": False}
    assert rest["metadata"] == {"name": "other", "remark": "r"}


def test_what_never_starts_stays_as_it_is() -> None:
    assert at_rest(document()) == document()
