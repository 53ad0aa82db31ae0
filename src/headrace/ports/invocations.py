"""Tokens with which programs outside start one workflow each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class InvocationToken:
    """Starts one workflow and nothing else, as the user who made it; only the SHA-256 of its text is kept."""

    id: int
    tenant: int
    workflow_id: int
    label: str
    digest: str
    user_id: int  # whose rights a run that it starts has
    user: str  # the name at the time
    created_at: float
    expires_at: float
    revoked_at: float | None
    last_used_at: float | None


class InvocationReader(Protocol):
    def invocation_tokens(self, tenant: int, workflow_id: int) -> Sequence[InvocationToken]:
        """Expired and revoked ones included, newest first."""
        ...

    def invocation_token(self, digest: str) -> InvocationToken | None:
        """Whatever tenant it belongs to: the digest is the secret."""
        ...


class InvocationWriter(Protocol):
    def put_invocation_token(self, record: InvocationToken) -> None:
        """Insert or replace by id."""
        ...

    def delete_invocation_tokens(self, tenant: int, workflow_id: int) -> None: ...
