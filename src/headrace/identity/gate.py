"""The gate: credentials in, a caller out."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace

import anyio.to_thread

from headrace.core.access.caller import Caller
from headrace.core.refusal import Refused
from headrace.core.words import Permission
from headrace.identity import passwords, tokens
from headrace.identity.credentials import Basic, Bearer, parse, refusal
from headrace.identity.proofs import LIFETIME, Proofs
from headrace.identity.throttle import Throttle
from headrace.ports.clock import Clock
from headrace.ports.records import UserRecord
from headrace.ports.store import Reader, Store

Proved = tuple[Caller, float]  # and for how many seconds it may be remembered


class StoreGate:
    """``ports.identity.Gate`` over the store. Belongs to one event loop."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._proofs = Proofs()
        self._throttle = Throttle()
        self._slots = asyncio.Semaphore(2)

    async def admit(self, authorization: str | None, address: str) -> Caller:
        if authorization is None:
            raise Refused("unauthenticated", "credentials_missing")
        mark = self._proofs.mark(authorization)
        known = self._proofs.find(mark, self._clock.monotonic())
        return known or await self._prove(authorization, address, mark)

    async def confirm(self, caller: Caller, password: str, address: str) -> bool:
        given = Basic(caller.tenant_name, caller.name, password)
        return await self._limited(given, address) is not None

    def forget(self) -> None:
        self._proofs.forget()

    def hash_password(self, password: str) -> Awaitable[str]:
        return anyio.to_thread.run_sync(passwords.hash_password, password)

    def mint(self) -> tuple[str, str]:
        text = tokens.mint()
        return text, tokens.digest(text)

    async def _prove(self, authorization: str, address: str, mark: bytes) -> Caller:
        given = parse(authorization)
        generation = self._proofs.generation
        if isinstance(given, Basic):
            proved = await self._limited(given, address)
        else:  # 256 random bits need no limit on guessing
            proved = await anyio.to_thread.run_sync(self._look_up, given)
        if proved is None:
            raise refusal()
        caller, lifetime = proved
        self._proofs.keep(mark, caller, self._clock.monotonic() + lifetime, generation)
        return caller

    async def _limited(self, given: Basic, address: str) -> Proved | None:
        """Look a password up, unless there were too many failures; counts this one if it is one."""
        account = f"{given.tenant}/{given.user}"
        async with self._slots:  # checked inside, so that a burst of guesses is counted one by one
            self._throttle.check(account, address, self._clock.monotonic())
            proved = await anyio.to_thread.run_sync(self._look_up, given)
            if proved is None:
                self._throttle.failed(account, address, self._clock.monotonic())
            else:
                self._throttle.succeeded(account, address)
        return proved

    def _look_up(self, given: Basic | Bearer) -> Proved | None:
        with self._store.read() as reader:
            return (
                self._by_token(reader, given)
                if isinstance(given, Bearer)
                else self._by_password(reader, given)
            )

    def _by_token(self, reader: Reader, given: Bearer) -> Proved | None:
        record = reader.token_by_digest(tokens.digest(given.token))
        if record is None or record.revoked_at is not None:
            return None
        left = LIFETIME if record.expires_at is None else record.expires_at - self._clock.now()
        user = reader.user(record.tenant, record.user_id)
        if left <= 0 or user is None or user.disabled:
            return None
        return replace(caller_of(reader, user), token=record.id), min(left, LIFETIME)

    def _by_password(self, reader: Reader, given: Basic) -> Proved | None:
        tenant = reader.tenant_named(given.tenant)
        user = reader.user_named(tenant.id, given.user) if tenant else None
        right = passwords.matches(user.password_hash if user else None, given.password)
        if not right or user is None or user.disabled:
            return None
        return caller_of(reader, user), LIFETIME


def caller_of(reader: Reader, user: UserRecord) -> Caller:
    """The user with the permissions its roles have now."""
    held: set[str] = set()
    for role in reader.roles(user.tenant):
        if role.name in user.roles:
            held |= role.permissions
    tenant = next(t.name for t in reader.tenants() if t.id == user.tenant)
    permissions = frozenset(Permission(name) for name in held if name in Permission.__members__)
    return Caller(user.tenant, tenant, user.id, user.name, frozenset(user.roles), permissions)
