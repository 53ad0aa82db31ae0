"""Browser sessions: 256 random bits in a cookie, their SHA-256 in the store."""

import secrets
from dataclasses import dataclass, replace
from hashlib import sha256

from headrace.core.access.caller import Caller
from headrace.identity import journal
from headrace.ports.sessions import SessionRecord
from headrace.ports.store import Writer

SEEN_EVERY = 300.0  # seconds at the most; a session's last use is noted this exactly
SEEN_OF_IDLE = 20  # and to this part of the time it may be unused
SWEPT = 100  # ended sessions deleted with each sign-in
AGENT = 200  # characters kept of what a browser calls itself


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds a session lives unused, and at all."""

    idle: float = 12 * 3600.0
    absolute: float = 7 * 86400.0

    @property
    def exact(self) -> float:
        """For how many seconds a session may be used without that being noted."""
        return min(SEEN_EVERY, self.idle / SEEN_OF_IDLE)

    def ends(self, record: SessionRecord) -> float:
        """When it ends if it is not used any more."""
        return min(record.seen_at + self.idle, record.created_at + self.absolute)


def mint() -> str:
    """A new cookie's value."""
    return secrets.token_urlsafe(32)


def digest(cookie: str) -> str:
    """What is stored and looked up."""
    return sha256(cookie.encode()).hexdigest()


def opened(writer: Writer, now: float, record: SessionRecord, limits: Limits, how: str) -> None:
    """Store a new session, and delete some that have ended. ``how`` the user was proved goes to the log."""
    writer.delete_sessions_before(now - limits.idle, now - limits.absolute, SWEPT)
    kept = replace(record, agent=record.agent[:AGENT])
    writer.put_session(kept)
    user = writer.user(kept.tenant, kept.user_id)
    after = {"by": how, "agent": kept.agent}
    name = user.name if user else ""
    journal.note(writer, now, kept.tenant, kept.user_id, name, kept.address, "sign-in", after)


def closed(writer: Writer, now: float, caller: Caller, digest: str) -> None:
    """Forget the session at its user's wish."""
    writer.delete_session(digest)
    journal.note(writer, now, caller.tenant, caller.user, caller.name, caller.address, "sign-out", None)


def seen(writer: Writer, now: float, digest: str) -> None:
    """Note its use, unless it has ended meanwhile."""
    record = writer.session(digest)
    if record is not None:
        writer.put_session(replace(record, seen_at=max(record.seen_at, now)))
