"""Browser sessions."""

from typing import Any

import sqlalchemy as sa

from headrace.ports.sessions import SessionRecord
from headrace.storage.parts.part import MemoryPart, SqlReading, SqlWriting
from headrace.storage.tables import Id, Instant, Text, metadata

session = sa.Table(
    "session",
    metadata,
    sa.Column("digest", Text, primary_key=True),
    sa.Column("tenant", Id, nullable=False),
    sa.Column("user_id", Id, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("seen_at", Instant, nullable=False),
    sa.Column("address", Text, nullable=False),
    sa.Column("agent", Text, nullable=False),
    sqlite_with_rowid=False,
)
sa.Index("session_by_user", session.c.user_id)
sa.Index("session_by_age", session.c.seen_at)


class SqlSessionReader(SqlReading):
    def session(self, digest: str) -> SessionRecord | None:
        return self._one(sa.select(session).where(session.c.digest == digest), _record)


class SqlSessionWriter(SqlWriting):
    def put_session(self, record: SessionRecord) -> None:
        values = {
            "digest": record.digest,
            "tenant": record.tenant,
            "user_id": record.user_id,
            "created_at": record.created_at,
            "seen_at": record.seen_at,
            "address": record.address,
            "agent": record.agent,
        }
        self._put(session, values)

    def delete_session(self, digest: str) -> None:
        self._connection.execute(sa.delete(session).where(session.c.digest == digest))

    def delete_sessions_of(self, user_id: int) -> None:
        self._connection.execute(sa.delete(session).where(session.c.user_id == user_id))

    def delete_sessions_before(self, seen: float, created: float, limit: int) -> int:
        s = session.c
        old = sa.select(s.digest).where(sa.or_(s.seen_at < seen, s.created_at < created))
        old = old.order_by(s.seen_at).limit(limit)
        return int(self._connection.execute(sa.delete(session).where(s.digest.in_(old))).rowcount)


class MemorySessions(MemoryPart):
    def __init__(self) -> None:
        super().__init__()
        self._sessions: dict[str, SessionRecord] = {}

    def session(self, digest: str) -> SessionRecord | None:
        return self._sessions.get(digest)

    def put_session(self, record: SessionRecord) -> None:
        self._set(self._sessions, record.digest, record)

    def delete_session(self, digest: str) -> None:
        self._delete(self._sessions, digest)

    def delete_sessions_of(self, user_id: int) -> None:
        for record in [s for s in self._sessions.values() if s.user_id == user_id]:
            self._delete(self._sessions, record.digest)

    def delete_sessions_before(self, seen: float, created: float, limit: int) -> int:
        by_age = sorted(self._sessions.values(), key=lambda record: record.seen_at)
        old = [s for s in by_age if s.seen_at < seen or s.created_at < created][:limit]
        for record in old:
            self._delete(self._sessions, record.digest)
        return len(old)


def _record(row: Any) -> SessionRecord:
    return SessionRecord(
        row.digest, row.tenant, row.user_id, row.created_at, row.seen_at, row.address, row.agent
    )
