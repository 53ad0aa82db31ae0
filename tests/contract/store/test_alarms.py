"""Channels and notices."""

from dataclasses import replace
from typing import Any

import pytest

from headrace.ports.alarms import ChannelRecord, ChannelStatus, NoticeFilter, NoticeRecord, NoticeStatus
from headrace.ports.store import Store
from tests.storage.samples import MINE, NOW, OTHERS

MAIL = ChannelRecord(
    1,
    MINE,
    "Ops 邮件",
    "email",
    {"host": "mail", "to": ["a@b.c"]},
    "encrypted",
    "too",
    ChannelStatus.FAILED,
    enabled=True,
    last_error="refused",
    created_at=NOW,
    updated_at=NOW + 1,
)
NOTICE = NoticeRecord(
    1,
    MINE,
    "ops",
    "Restart 数据库",
    7,
    8,
    "drain",
    "failure",
    "ada",
    {"at": NOW},
    "{workflow} 失败",
    NoticeStatus.PENDING,
    2,
    NOW,
    "no answer",
    "text",
    NOW,
    NOW + 5,
)


def given(store: Store, *changes: dict[str, Any]) -> list[NoticeRecord]:
    """Notices with ids from 1, written."""
    made = [replace(NOTICE, id=i, **each) for i, each in enumerate(changes, 1)]
    with store.write() as writer:
        writer.add_notices(made)
    return made


def test_a_channel_is_read_as_written_and_replaced_by_name(store: Store) -> None:
    bare = replace(MAIL, id=2, name="bare", secret=None, signing_key=None, enabled=False, last_error=None)
    with store.write() as writer:
        writer.put_channel(MAIL)
        writer.put_channel(bare)
        writer.put_channel(replace(MAIL, id=3, tenant=OTHERS))
    with store.read() as reader:
        assert reader.channel(MINE, MAIL.name) == MAIL
        assert reader.channel(MINE, "bare") == bare
        assert reader.channel(OTHERS, "bare") is None
    with store.write() as writer:
        writer.put_channel(replace(MAIL, kind="webhook"))
        writer.delete_channel(MINE, "bare")
        writer.delete_channel(OTHERS, "bare")
    with store.read() as reader:
        assert reader.channel(MINE, MAIL.name) == replace(MAIL, kind="webhook")
        assert reader.channels(MINE, None, 1, 10).items == [replace(MAIL, kind="webhook")]
        assert reader.channel(OTHERS, MAIL.name) == replace(MAIL, id=3, tenant=OTHERS)


def test_channels_are_listed_by_name(store: Store) -> None:
    with store.write() as writer:
        for i, name in enumerate(["b", "A_x", "a%"], 1):
            writer.put_channel(replace(MAIL, id=i, name=name))
    with store.read() as reader:
        assert [each.name for each in reader.channels(MINE, None, 1, 2).items] == ["A_x", "a%"]
        assert [each.name for each in reader.channels(MINE, None, 2, 2).items] == ["b"]
        assert [each.name for each in reader.channels(MINE, "A", 1, 9).items] == ["A_x", "a%"]
        assert reader.channels(MINE, "%", 1, 9).total == 1


def test_who_uses_a_channel(store: Store) -> None:
    with store.write() as writer:
        writer.set_channel_users(MINE, "w", ["ops", "ops", "mail"])
        writer.set_channel_users(MINE, "v", ["ops"])
        writer.set_channel_users(OTHERS, "u", ["ops"])
    with store.read() as reader:
        users = reader.channel_users(MINE, ["ops", "mail", "absent"])
        assert users == {"ops": ["v", "w"], "mail": ["w"]}
        assert reader.channel_users(MINE, ["mail"]) == {"mail": ["w"]}
        assert reader.channel_users(MINE, []) == {}
    with store.write() as writer:
        writer.set_channel_users(MINE, "w", [])
        assert writer.channel_users(MINE, ["ops"]) == {"ops": ["v"]}


def test_a_notice_is_read_as_written_and_changed(store: Store) -> None:
    bare = {"step": None, "node": None, "template": None, "response": None, "text": None, "sent_at": None}
    made = given(store, {}, bare)
    with store.read() as reader:
        assert [reader.notice(MINE, i) for i in (1, 2)] == made
        assert reader.notice(OTHERS, 1) is None
        assert reader.notice(MINE, 3) is None
    sent = replace(made[0], status=NoticeStatus.SENT, next_at=None, tries=3)
    with store.write() as writer:
        writer.change_notice(sent)
    with store.read() as reader:
        assert reader.notice(MINE, 1) == sent


@pytest.mark.parametrize(
    ("which", "ids"),
    [
        ({}, [3, 2, 1]),
        ({"status": NoticeStatus.SENT}, [2]),
        ({"workflow": "other"}, [3]),
        ({"channel": "mail"}, [2]),
        ({"run": 9}, [3]),
        ({"run": 9, "channel": "mail"}, []),
    ],
)
def test_filters(store: Store, which: Any, ids: list[int]) -> None:
    given(store, {}, {"status": NoticeStatus.SENT, "channel": "mail"}, {"workflow": "other", "run": 9})
    with store.read() as reader:
        found = reader.notices(MINE, NoticeFilter(**which), 1, 10)
        assert [record.id for record in found.items] == ids
        assert found.total == len(ids)
        assert not reader.notices(OTHERS, NoticeFilter(**which), 1, 10).items


def test_pages(store: Store) -> None:
    given(store, *[{}] * 5)
    with store.read() as reader:
        assert [record.id for record in reader.notices(MINE, NoticeFilter(), 2, 2).items] == [3, 2]


def test_what_waits_for_which_channel(store: Store) -> None:
    with store.read() as reader:
        assert list(reader.waiting_channels()) == []
        assert reader.next_notice(MINE, "ops") is None
    given(
        store,
        {"next_at": NOW + 5},
        {"next_at": NOW},
        {"next_at": NOW},
        {"channel": "mail", "next_at": None},
        {"tenant": OTHERS, "next_at": NOW - 9},
    )
    with store.read() as reader:
        assert list(reader.waiting_channels()) == [(MINE, "ops"), (OTHERS, "ops")]
        assert [n.id for n in reader.due_notices(MINE, "ops", NOW, 9)] == [2, 3]
        assert [n.id for n in reader.due_notices(MINE, "ops", NOW + 5, 9)] == [2, 3, 1]
        assert [n.id for n in reader.due_notices(MINE, "ops", NOW + 5, 1)] == [2]
        assert reader.next_notice(MINE, "ops") == NOW
        assert reader.next_notice(MINE, "mail") is None


def test_old_ones_are_forgotten(store: Store) -> None:
    old = {"next_at": None, "status": NoticeStatus.SENT}
    given(store, old, old, {**old, "created_at": NOW + 9}, {})
    with store.write() as writer:
        assert writer.forget_notices(NOW + 1, 1) == 1
        assert writer.forget_notices(NOW + 1, 9) == 1
        assert writer.forget_notices(NOW + 1, 9) == 0
    with store.read() as reader:
        assert [n.id for n in reader.notices(MINE, NoticeFilter(), 1, 9).items] == [4, 3]


def test_nothing_stays_of_what_failed(store: Store) -> None:
    class Stop(Exception): ...

    with pytest.raises(Stop), store.write() as writer:  # noqa: PT012
        writer.put_channel(MAIL)
        writer.set_channel_users(MINE, "w", ["ops"])
        writer.add_notices([NOTICE])
        raise Stop
    with store.read() as reader:
        assert reader.channel(MINE, MAIL.name) is None
        assert not reader.channel_users(MINE, ["ops"])
        assert reader.notice(MINE, 1) is None
