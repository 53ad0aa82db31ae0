"""The audit log."""

from dataclasses import replace
from typing import Any

import pytest

from headrace.ports.audit import AuditFilter, AuditRecord
from headrace.ports.store import Store
from tests.storage.samples import MINE, NOW, OTHERS

SAMPLE = AuditRecord(
    1, MINE, NOW, 3, "Ada", "127.0.0.1", "change", "user", "李雷", {"roles": []}, {"roles": ["x"]}
)


def given(store: Store, *changes: dict[str, Any]) -> list[AuditRecord]:
    """Records with ids from 1, written."""
    made = [replace(SAMPLE, id=i, **each) for i, each in enumerate(changes, 1)]
    with store.write() as writer:
        for record in made:
            writer.add_audit(record)
    return made


def found(store: Store, before: int | None = None, limit: int = 10, **which: Any) -> list[int]:
    with store.read() as reader:
        return [record.id for record in reader.audit(MINE, AuditFilter(**which), before, limit)]


def test_what_was_written_is_read(store: Store) -> None:
    made = given(store, {}, {"before": None, "after": None})
    with store.read() as reader:
        assert list(reader.audit(MINE, AuditFilter(), None, 10)) == made[::-1]
        assert not reader.audit(OTHERS, AuditFilter(), None, 10)


def test_newest_first_in_pages(store: Store) -> None:
    given(store, *[{}] * 5)
    assert found(store, limit=2) == [5, 4]
    assert found(store, before=4, limit=2) == [3, 2]


@pytest.mark.parametrize(
    ("which", "ids"),
    [
        ({"user": "AD"}, [1]),
        ({"user": "%"}, [2]),
        ({"object": "雷"}, [1]),
        ({"object": "ob"}, [2]),
        ({"action": "delete"}, [2]),
        ({"kind": "user"}, [1]),
        ({"since": NOW + 1}, [2]),
        ({"until": NOW + 1}, [1]),
        ({"since": NOW, "until": NOW + 9}, [2, 1]),
    ],
)
def test_filters(store: Store, which: Any, ids: list[int]) -> None:
    given(store, {}, {"user": "100%", "object": "Job", "action": "delete", "kind": "role", "at": NOW + 1})
    assert found(store, **which) == ids


def add_and_fail(store: Store) -> None:
    with store.write() as writer:
        writer.add_audit(SAMPLE)
        raise ZeroDivisionError


def test_undone_with_its_change(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        add_and_fail(store)
    assert found(store) == []
