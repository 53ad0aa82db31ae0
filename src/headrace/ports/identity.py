"""Who is calling. One object proves credentials; everything else sees a ``Caller``."""

from collections.abc import Awaitable
from typing import Protocol

from headrace.core.access.caller import Caller


class Gate(Protocol):
    """Turns credentials into callers."""

    async def admit(self, authorization: str | None, address: str) -> Caller:
        """The caller of a request with this ``Authorization`` header (None: it has none).

        Raises Refused: ``unauthenticated`` for missing, wrong, expired or revoked credentials and for
        disabled users, ``throttled`` (value ``seconds``) after too many failures from this address.
        """
        ...

    def forget(self) -> None:
        """Users, roles or tokens have changed: what was proved before must be proved again."""
        ...

    async def confirm(self, caller: Caller, password: str, address: str) -> bool:
        """Whether this is the caller's password; failures count towards ``throttled`` as well."""
        ...

    def hash_password(self, password: str) -> Awaitable[str]:
        """The argon2id hash to store; takes tens of milliseconds in a worker thread."""
        ...

    def mint(self) -> tuple[str, str]:
        """A new API token: its text, to be shown once, and the digest to store."""
        ...
