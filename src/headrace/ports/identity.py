"""Who is calling. One object proves credentials; everything else sees a ``Caller``."""

from collections.abc import Awaitable
from typing import Protocol

from headrace.core.access.caller import Caller


class Gate(Protocol):
    """Turns credentials into callers."""

    async def admit(self, authorization: str | None, address: str, cookie: str | None = None) -> Caller:
        """The caller of a request with this ``Authorization`` header (None: it has none), else with this
        session cookie.

        Raises Refused: ``unauthenticated`` for missing, wrong, expired or revoked credentials and for
        disabled users, ``throttled`` (value ``seconds``) after too many failures from this address.
        """
        ...

    async def sign_in(
        self, tenant: str, name: str, password: str, address: str, agent: str
    ) -> tuple[str, Caller]:
        """A new browser session: the cookie's value, and the caller. Raises Refused as ``admit`` does."""
        ...

    async def open_session(self, user: int, tenant: int, address: str, agent: str) -> str:
        """The same for a user who has been proved otherwise: the cookie's value."""
        ...

    async def sign_out(self, caller: Caller) -> None:
        """End the session that proved the caller; nothing where none did."""
        ...

    async def session_ends(self, caller: Caller) -> float | None:
        """When the caller's session ends at the latest, epoch seconds; None without a session."""
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

    def mint(self, prefix: str = "hr_") -> tuple[str, str]:
        """A new token: its text, to be shown once, and the digest to store. The prefix tells its kind."""
        ...
