"""Who is calling. One object proves credentials; everything else sees a ``Caller``."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from headrace.core.access.caller import Caller

Json = Any


@dataclass(frozen=True, slots=True)
class ProviderLabel:
    """A provider as the page for signing in shows it."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Begun:
    """Where the browser goes, and the cookie it brings back."""

    address: str
    cookie: str


@dataclass(frozen=True, slots=True)
class Proven:
    """Who signed in at a provider. ``roles`` are None where they are not the provider's business; then a
    new user gets ``first_roles``."""

    provider: str
    tenant: str
    subject: str  # ``provider|sub``
    name: str
    email: str | None
    display_name: str | None
    roles: tuple[str, ...] | None
    first_roles: tuple[str, ...]
    create: bool  # whether somebody unknown becomes a user
    next: str  # the page that was asked for


class SignIns(Protocol):
    """Signing in at OpenID Connect providers. ``redirect`` is our address that they send browsers to."""

    def labels(self) -> Sequence[ProviderLabel]: ...

    async def begin(self, provider: str, next: str, redirect: str) -> Begun:
        """Raises Gone for an unknown provider, Broken where it cannot be reached."""
        ...

    async def finish(
        self, provider: str, answer: Mapping[str, str], cookie: str | None, redirect: str
    ) -> Proven:
        """``answer`` is the query that the provider sent. Raises Refused (unauthenticated): oidc_flow,
        oidc_declined, oidc_token; Gone; Broken."""
        ...


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

    async def open_session(
        self, user: int, tenant: int, address: str, agent: str, how: str = "password"
    ) -> str:
        """The same for a user who has been proved otherwise: the cookie's value. ``how`` goes to the audit
        log."""
        ...

    async def note_failure(self, tenant: str, name: str, address: str, why: Json = None) -> None:
        """Tell the audit log that somebody could not prove to be ``name``."""
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
