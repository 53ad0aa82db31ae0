"""The gate: credentials in, a caller out."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import anyio.to_thread

from headrace.core.access.caller import Caller
from headrace.core.refusal import Refused
from headrace.core.words import Permission
from headrace.identity import journal, passwords, sessions, tokens
from headrace.identity.credentials import Basic, Bearer, parse, refusal
from headrace.identity.proofs import LIFETIME, Proofs
from headrace.identity.throttle import Throttle
from headrace.ports.clock import Clock
from headrace.ports.errors import Broken
from headrace.ports.inbox import Inbox
from headrace.ports.records import TenantRecord, UserRecord
from headrace.ports.sessions import SessionRecord
from headrace.ports.store import Reader, Store

Json = Any
Proved = tuple[Caller, float]  # and for how many seconds it may be remembered


class StoreGate:
    """``ports.identity.Gate`` over the store. Belongs to one event loop."""

    def __init__(
        self, store: Store, clock: Clock, inbox: Inbox, limits: sessions.Limits | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._inbox = inbox
        self._limits = limits or sessions.Limits()
        self._proofs = Proofs()
        self._throttle = Throttle()
        self._slots = asyncio.Semaphore(2)

    async def admit(self, authorization: str | None, address: str, cookie: str | None = None) -> Caller:
        if authorization is None and cookie is not None:
            return await self._admit_session(cookie)
        if authorization is None:
            raise Refused("unauthenticated", "credentials_missing")
        mark = self._proofs.mark(authorization)
        known = self._proofs.find(mark, self._clock.monotonic())
        return known or await self._prove(authorization, address, mark)

    async def sign_in(
        self, tenant: str, name: str, password: str, address: str, agent: str
    ) -> tuple[str, Caller]:
        proved = await self._limited(Basic(tenant, name, password), address)
        if proved is None:
            raise refusal()
        caller = proved[0]
        cookie = await self.open_session(caller.user, caller.tenant, address, agent)
        return cookie, replace(caller, session=sessions.digest(cookie))

    async def open_session(
        self, user: int, tenant: int, address: str, agent: str, how: str = "password"
    ) -> str:
        cookie = sessions.mint()
        now = self._clock.now()
        record = SessionRecord(sessions.digest(cookie), tenant, user, now, now, address, agent)
        work = partial(sessions.opened, record=record, limits=self._limits, how=how)
        await asyncio.wrap_future(self._inbox.transact(work))
        return cookie

    async def sign_out(self, caller: Caller) -> None:
        digest = caller.session
        if digest is not None:
            work = partial(sessions.closed, caller=caller, digest=digest)
            await asyncio.wrap_future(self._inbox.transact(work))
            self.forget()

    async def session_ends(self, caller: Caller) -> float | None:
        if caller.session is None:
            return None
        record = await anyio.to_thread.run_sync(self._session, caller.session)
        return self._limits.ends(record) if record is not None else None

    async def confirm(self, caller: Caller, password: str, address: str) -> bool:
        given = Basic(caller.tenant_name, caller.name, password)
        return await self._limited(given, address) is not None

    def forget(self) -> None:
        self._proofs.forget()

    def hash_password(self, password: str) -> Awaitable[str]:
        return anyio.to_thread.run_sync(passwords.hash_password, password)

    def mint(self, prefix: str = tokens.PREFIX) -> tuple[str, str]:
        text = tokens.mint(prefix)
        return text, tokens.digest(text)

    async def _admit_session(self, cookie: str) -> Caller:
        mark = self._proofs.mark(f"cookie {cookie}")
        known = self._proofs.find(mark, self._clock.monotonic())
        if known is not None:
            return known
        generation = self._proofs.generation
        proved = await anyio.to_thread.run_sync(self._by_session, cookie)
        if proved is None:
            raise Refused("unauthenticated", "session_over")
        caller, lifetime = proved
        self._proofs.keep(mark, caller, self._clock.monotonic() + lifetime, generation)
        return caller

    def _by_session(self, cookie: str) -> Proved | None:
        digest = sessions.digest(cookie)
        with self._store.read() as reader:
            record = reader.session(digest)
            user = reader.user(record.tenant, record.user_id) if record else None
            if record is None or not _may_come(reader, user):
                return None
            assert user is not None
            now = self._clock.now()
            left = self._limits.ends(record) - now
            if left <= 0:
                return None
            caller = replace(caller_of(reader, user), session=digest)
        if now - record.seen_at > self._limits.exact:
            self._inbox.transact(partial(sessions.seen, digest=digest))
        return caller, min(left, LIFETIME, self._limits.exact)

    def _session(self, digest: str) -> SessionRecord | None:
        with self._store.read() as reader:
            return reader.session(digest)

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
        if proved is None:
            await self.note_failure(given.tenant, given.user, address)
        return proved

    async def note_failure(self, tenant: str, name: str, address: str, why: Json = None) -> None:
        work = partial(journal.failed, tenant=tenant, name=name, address=address, after=why)
        with suppress(Broken):  # who may not come in is told so, whatever the state of the database
            await asyncio.wrap_future(self._inbox.transact(work))

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
        if left <= 0 or not _may_come(reader, user):
            return None
        assert user is not None
        return replace(caller_of(reader, user), token=record.id), min(left, LIFETIME)

    def _by_password(self, reader: Reader, given: Basic) -> Proved | None:
        tenant = reader.tenant_named(given.tenant)
        user = reader.user_named(tenant.id, given.user) if tenant else None
        right = passwords.matches(user.password_hash if user else None, given.password)
        if not right or not _may_come(reader, user):
            return None
        assert user is not None
        return caller_of(reader, user), LIFETIME


def caller_of(reader: Reader, user: UserRecord) -> Caller:
    """The user with the permissions its roles have now."""
    held: set[str] = set()
    for role in reader.roles(user.tenant):
        if role.name in user.roles:
            held |= role.permissions
    tenant = _tenant_of(reader, user).name
    permissions = frozenset(Permission(name) for name in held if name in Permission.__members__)
    return Caller(user.tenant, tenant, user.id, user.name, frozenset(user.roles), permissions)


def _may_come(reader: Reader, user: UserRecord | None) -> bool:
    """Whether there is such a user, and neither it nor its tenant is disabled."""
    return user is not None and not user.disabled and not _tenant_of(reader, user).disabled


def _tenant_of(reader: Reader, user: UserRecord) -> TenantRecord:
    return next(tenant for tenant in reader.tenants() if tenant.id == user.tenant)
