"""Browser sessions: who is signed in where."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A sign-in; only the SHA-256 of its cookie is kept."""

    digest: str
    tenant: int
    user_id: int
    created_at: float
    seen_at: float  # brought up to date now and then, not with every request
    address: str
    agent: str  # what the browser calls itself


class SessionReader(Protocol):
    def session(self, digest: str) -> SessionRecord | None:
        """Whatever tenant it belongs to: the digest is the secret."""
        ...


class SessionWriter(Protocol):
    def put_session(self, record: SessionRecord) -> None: ...
    def delete_session(self, digest: str) -> None: ...
    def delete_sessions_of(self, user_id: int) -> None:
        """The user is signed out everywhere."""
        ...

    def delete_sessions_before(self, seen: float, created: float, limit: int) -> int:
        """Those last seen before ``seen`` or made before ``created``; the number deleted."""
        ...
