"""Channels, over which people are told, and notices: what is to be told, and what became of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from headrace.ports.records import Page

Json = Any


class ChannelStatus(StrEnum):
    """What the last test of a channel showed; a change makes it NEW again."""

    NEW = "NEW"
    OK = "OK"
    FAILED = "FAILED"


class NoticeStatus(StrEnum):
    """Where a notice stands."""

    PENDING = "PENDING"  # to be sent, at once or at ``next_at``
    SENT = "SENT"  # the other side has taken it
    FAILED = "FAILED"  # given up; a person may have it tried again


@dataclass(frozen=True, slots=True)
class ChannelRecord:
    """A way to people. ``secret`` and ``signing_key`` are encrypted; what they are depends on ``kind``."""

    id: int
    tenant: int
    name: str
    kind: str  # email, webhook, dingtalk, wecom, feishu, slack, apprise
    settings: Mapping[str, Json]
    secret: str | None
    signing_key: str | None
    status: ChannelStatus
    enabled: bool
    last_error: str | None  # of the last test
    created_at: float
    updated_at: float


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """One message to one receiver, or to all of a channel that has no receivers of its own.

    ``facts`` is what texts are made of (``core.alarm``); ``text`` is what was sent, once it was tried.
    """

    id: int
    tenant: int
    channel: str
    workflow: str
    run: int
    step: int | None  # None: about the run
    node: str | None
    occasion: str
    receiver: str
    facts: Mapping[str, Json]
    template: str | None
    status: NoticeStatus
    tries: int
    next_at: float | None  # when to send it; None once it is not PENDING
    response: str | None  # what the other side said last
    text: str | None
    created_at: float
    sent_at: float | None = None

    @property
    def key(self) -> str:
        """The same however often it is sent: receivers may know it by this."""
        return f"{self.id}-{int(self.created_at * 1000)}"


@dataclass(frozen=True, slots=True)
class NoticeFilter:
    """Which notices; None means no restriction. ``workflow`` and ``channel`` are exact names."""

    status: NoticeStatus | None = None
    workflow: str | None = None
    channel: str | None = None
    run: int | None = None


class AlarmReader(Protocol):
    def channel(self, tenant: int, name: str) -> ChannelRecord | None: ...
    def channels(self, tenant: int, search: str | None, page: int, size: int) -> Page[ChannelRecord]:
        """By name; ``search`` matches a part of it, any case, literally."""
        ...

    def channel_users(self, tenant: int, channels: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """By channel, of those that any tell people over: names of published workflows, in order."""
        ...

    def notice(self, tenant: int, notice_id: int) -> NoticeRecord | None: ...
    def notices(self, tenant: int, which: NoticeFilter, page: int, size: int) -> Page[NoticeRecord]:
        """Newest first."""
        ...

    def waiting_channels(self) -> Sequence[tuple[int, str]]:
        """Tenant and channel of all that is PENDING."""
        ...

    def due_notices(self, tenant: int, channel: str, now: float, limit: int) -> Sequence[NoticeRecord]:
        """PENDING ones whose time has come, that which has waited longest first."""
        ...

    def next_notice(self, tenant: int, channel: str) -> float | None:
        """The earliest ``next_at`` of the channel."""
        ...


class AlarmWriter(Protocol):
    def put_channel(self, record: ChannelRecord) -> None:
        """Insert or replace by (tenant, name)."""
        ...

    def delete_channel(self, tenant: int, name: str) -> None: ...
    def set_channel_users(self, tenant: int, workflow: str, channels: Iterable[str]) -> None:
        """The channels that the workflow's published version names; none where it is offline."""
        ...

    def add_notices(self, records: Sequence[NoticeRecord]) -> None: ...
    def change_notice(self, record: NoticeRecord) -> None:
        """Replace by id."""
        ...

    def forget_notices(self, before: float, limit: int) -> int:
        """Delete what is not PENDING and was made before, at most ``limit``; the number deleted."""
        ...
