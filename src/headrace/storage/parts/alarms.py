"""Channels, who uses them, and notices."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from headrace.ports.alarms import ChannelRecord, ChannelStatus, NoticeFilter, NoticeRecord, NoticeStatus
from headrace.ports.records import Page
from headrace.storage.lists import contains
from headrace.storage.parts.part import MemoryPart, SqlReading, SqlWriting, cut
from headrace.storage.rows import decode, encode
from headrace.storage.tables import Flag, Id, Instant, Json, Text, Word, metadata

channel = sa.Table(
    "channel",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("tenant", Id, nullable=False),
    sa.Column("name", Text, nullable=False),
    sa.Column("name_lower", Text, nullable=False),  # for searching in any case
    sa.Column("kind", Word, nullable=False),
    sa.Column("settings", Json, nullable=False),
    sa.Column("secret", Text),
    sa.Column("signing_key", Text),
    sa.Column("status", Word, nullable=False),
    sa.Column("enabled", Flag, nullable=False),
    sa.Column("last_error", Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)
sa.Index("channel_by_name", channel.c.tenant, channel.c.name, unique=True)

channel_user = sa.Table(
    "channel_user",
    metadata,
    sa.Column("tenant", Id, primary_key=True, autoincrement=False),
    sa.Column("workflow", Text, primary_key=True),
    sa.Column("channel", Text, primary_key=True),
    sqlite_with_rowid=False,
)
sa.Index("channel_user_by_channel", channel_user.c.tenant, channel_user.c.channel)

notice = sa.Table(
    "notice",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=False),
    sa.Column("tenant", Id, nullable=False),
    sa.Column("channel", Text, nullable=False),
    sa.Column("workflow", Text, nullable=False),
    sa.Column("run", Id, nullable=False),
    sa.Column("step", Id),
    sa.Column("node", Text),
    sa.Column("occasion", Word, nullable=False),
    sa.Column("receiver", Text, nullable=False),
    sa.Column("facts", Json, nullable=False),
    sa.Column("template", Text),
    sa.Column("status", Word, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("next_at", Instant),
    sa.Column("response", Text),
    sa.Column("text", Text),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("sent_at", Instant),
)
PENDING = notice.c.next_at.is_not(None)
sa.Index("notice_by_tenant", notice.c.tenant, notice.c.id)
sa.Index("notice_by_run", notice.c.run)
sa.Index(
    "notice_pending",
    notice.c.tenant,
    notice.c.channel,
    notice.c.next_at,
    sqlite_where=PENDING,
    postgresql_where=PENDING,
)
sa.Index("notice_by_age", notice.c.created_at)


class SqlAlarmReader(SqlReading):
    def channel(self, tenant: int, name: str) -> ChannelRecord | None:
        c = channel.c
        return self._one(sa.select(channel).where(c.tenant == tenant, c.name == name), _channel)

    def channels(self, tenant: int, search: str | None, page: int, size: int) -> Page[ChannelRecord]:
        c = channel.c
        where = sa.and_(c.tenant == tenant, contains(c.name_lower, search))
        return self._page(channel, where, (c.name,), page, size, _channel)

    def channel_users(self, tenant: int, channels: Sequence[str]) -> Mapping[str, Sequence[str]]:
        u = channel_user.c
        query = sa.select(u.channel, u.workflow).where(u.tenant == tenant, u.channel.in_(channels))
        found: dict[str, list[str]] = {}
        for name, workflow in self._all(query.order_by(u.workflow), tuple):
            found.setdefault(name, []).append(workflow)
        return found

    def notice(self, tenant: int, notice_id: int) -> NoticeRecord | None:
        n = notice.c
        return self._one(sa.select(notice).where(n.tenant == tenant, n.id == notice_id), _notice)

    def notices(self, tenant: int, which: NoticeFilter, page: int, size: int) -> Page[NoticeRecord]:
        n = notice.c
        asked = (
            (n.status, which.status),
            (n.workflow, which.workflow),
            (n.channel, which.channel),
            (n.run, which.run),
        )
        where = sa.and_(
            n.tenant == tenant, *(column == value for column, value in asked if value is not None)
        )
        return self._page(notice, where, (n.id.desc(),), page, size, _notice)

    def waiting_channels(self) -> Sequence[tuple[int, str]]:
        n = notice.c
        query = sa.select(n.tenant, n.channel).where(PENDING).distinct().order_by(n.tenant, n.channel)
        return self._all(query, lambda row: (int(row[0]), str(row[1])))

    def due_notices(self, tenant: int, channel: str, now: float, limit: int) -> Sequence[NoticeRecord]:
        n = notice.c
        query = sa.select(notice).where(n.tenant == tenant, n.channel == channel, n.next_at <= now)
        return self._all(query.order_by(n.next_at, n.id).limit(limit), _notice)

    def next_notice(self, tenant: int, channel: str) -> float | None:
        n = notice.c
        query = sa.select(sa.func.min(n.next_at)).where(n.tenant == tenant, n.channel == channel, PENDING)
        return self._one(query, lambda row: None if row[0] is None else float(row[0]))


class SqlAlarmWriter(SqlWriting):
    def put_channel(self, record: ChannelRecord) -> None:
        self._put(channel, _channel_values(record), "tenant", "name")

    def delete_channel(self, tenant: int, name: str) -> None:
        c = channel.c
        self._connection.execute(sa.delete(channel).where(c.tenant == tenant, c.name == name))

    def set_channel_users(self, tenant: int, workflow: str, channels: Iterable[str]) -> None:
        u = channel_user.c
        self._connection.execute(sa.delete(channel_user).where(u.tenant == tenant, u.workflow == workflow))
        rows = [{"tenant": tenant, "workflow": workflow, "channel": name} for name in sorted(set(channels))]
        if rows:
            self._connection.execute(sa.insert(channel_user), rows)

    def add_notices(self, records: Sequence[NoticeRecord]) -> None:
        self._connection.execute(sa.insert(notice), [_notice_values(record) for record in records])

    def change_notice(self, record: NoticeRecord) -> None:
        self._put(notice, _notice_values(record))

    def forget_notices(self, before: float, limit: int) -> int:
        n = notice.c
        old = sa.select(n.id).where(n.created_at < before, n.next_at.is_(None)).limit(limit)
        return self._connection.execute(sa.delete(notice).where(n.id.in_(old))).rowcount


class MemoryAlarms(MemoryPart):
    def __init__(self) -> None:
        super().__init__()
        self._channels: dict[tuple[int, str], ChannelRecord] = {}
        self._channel_users: dict[tuple[int, str], tuple[str, ...]] = {}
        self._notices: dict[int, NoticeRecord] = {}

    def channel(self, tenant: int, name: str) -> ChannelRecord | None:
        return self._channels.get((tenant, name))

    def channels(self, tenant: int, search: str | None, page: int, size: int) -> Page[ChannelRecord]:
        part = (search or "").lower()
        found = [c for c in self._channels.values() if c.tenant == tenant and part in c.name.lower()]
        return cut(sorted(found, key=lambda record: record.name), page, size)

    def channel_users(self, tenant: int, channels: Sequence[str]) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for (owner, workflow), used in sorted(self._channel_users.items()):
            for name in set(used) & set(channels) if owner == tenant else ():
                found.setdefault(name, []).append(workflow)
        return found

    def notice(self, tenant: int, notice_id: int) -> NoticeRecord | None:
        found = self._notices.get(notice_id)
        return found if found is not None and found.tenant == tenant else None

    def notices(self, tenant: int, which: NoticeFilter, page: int, size: int) -> Page[NoticeRecord]:
        found = [n for n in self._notices.values() if n.tenant == tenant and _matches(n, which)]
        return cut(sorted(found, key=lambda record: -record.id), page, size)

    def waiting_channels(self) -> Sequence[tuple[int, str]]:
        return sorted({(n.tenant, n.channel) for n in self._notices.values() if n.next_at is not None})

    def due_notices(self, tenant: int, channel: str, now: float, limit: int) -> Sequence[NoticeRecord]:
        found = [n for n in self._pending(tenant, channel) if n.next_at is not None and n.next_at <= now]
        return sorted(found, key=lambda record: (record.next_at or 0.0, record.id))[:limit]

    def next_notice(self, tenant: int, channel: str) -> float | None:
        return min((n.next_at for n in self._pending(tenant, channel) if n.next_at is not None), default=None)

    def _pending(self, tenant: int, channel: str) -> list[NoticeRecord]:
        return [
            n
            for n in self._notices.values()
            if (n.tenant, n.channel) == (tenant, channel) and n.next_at is not None
        ]

    def put_channel(self, record: ChannelRecord) -> None:
        self._set(self._channels, (record.tenant, record.name), record)

    def delete_channel(self, tenant: int, name: str) -> None:
        self._delete(self._channels, (tenant, name))

    def set_channel_users(self, tenant: int, workflow: str, channels: Iterable[str]) -> None:
        self._set(self._channel_users, (tenant, workflow), tuple(sorted(set(channels))))

    def add_notices(self, records: Sequence[NoticeRecord]) -> None:
        for record in records:
            self._set(self._notices, record.id, record)

    def change_notice(self, record: NoticeRecord) -> None:
        self._set(self._notices, record.id, record)

    def forget_notices(self, before: float, limit: int) -> int:
        old = [n.id for n in self._notices.values() if n.created_at < before and n.next_at is None][:limit]
        for notice_id in old:
            self._delete(self._notices, notice_id)
        return len(old)


def _matches(record: NoticeRecord, which: NoticeFilter) -> bool:
    return (
        which.status in (None, record.status)
        and which.workflow in (None, record.workflow)
        and which.channel in (None, record.channel)
        and which.run in (None, record.run)
    )


def _channel_values(record: ChannelRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "tenant": record.tenant,
        "name": record.name,
        "name_lower": record.name.lower(),
        "kind": record.kind,
        "settings": encode(record.settings),
        "secret": record.secret,
        "signing_key": record.signing_key,
        "status": record.status,
        "enabled": int(record.enabled),
        "last_error": record.last_error,
        "created_at": record.created_at,
        "updated_at": record.updated_at,
    }


def _channel(row: Any) -> ChannelRecord:
    return ChannelRecord(
        row.id,
        row.tenant,
        row.name,
        row.kind,
        decode(row.settings),
        row.secret,
        row.signing_key,
        ChannelStatus(row.status),
        bool(row.enabled),
        row.last_error,
        row.created_at,
        row.updated_at,
    )


def _notice_values(record: NoticeRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "tenant": record.tenant,
        "channel": record.channel,
        "workflow": record.workflow,
        "run": record.run,
        "step": record.step,
        "node": record.node,
        "occasion": record.occasion,
        "receiver": record.receiver,
        "facts": encode(record.facts),
        "template": record.template,
        "status": record.status,
        "tries": record.tries,
        "next_at": record.next_at,
        "response": record.response,
        "text": record.text,
        "created_at": record.created_at,
        "sent_at": record.sent_at,
    }


def _notice(row: Any) -> NoticeRecord:
    return NoticeRecord(
        row.id,
        row.tenant,
        row.channel,
        row.workflow,
        row.run,
        row.step,
        row.node,
        row.occasion,
        row.receiver,
        decode(row.facts),
        row.template,
        NoticeStatus(row.status),
        row.tries,
        row.next_at,
        row.response,
        row.text,
        row.created_at,
        row.sent_at,
    )
