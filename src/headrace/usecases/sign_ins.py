"""Who a person proved by a provider is among our users; with roles as the provider says."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from headrace.core.access.caller import Caller
from headrace.core.access.names import UNFIT
from headrace.ports.errors import Refused
from headrace.ports.identity import Proven
from headrace.ports.records import TenantRecord, UserRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases import audit, identity, licence

Json = Any
LONGEST = 100
_UNFIT = re.compile(rf"[{UNFIT}]+")


def user_for(writer: Writer, now: float, proven: Proven, address: str) -> UserRecord:
    """The user, made where settings say so, and brought up to date.

    Nobody is taken for a user of ours because names are alike: only the subject counts, which an
    administrator can also give a user beforehand. Raises Refused (unauthenticated): oidc_unknown_user,
    oidc_disabled, oidc_no_role, oidc_name_taken; (limit) by the licence; (state) last_administrator.
    A user of ours whom the provider gives no role any more loses them all: ``refuse_roleless`` afterwards.
    """
    tenant = writer.tenant_named(proven.tenant)
    if tenant is None or tenant.disabled:
        raise Refused("unauthenticated", "oidc_disabled", {"name": proven.name})
    known = writer.user_of_subject(tenant.id, proven.subject)
    if known is None:
        return _created(writer, now, tenant, proven, address)
    if known.disabled:
        raise Refused("unauthenticated", "oidc_disabled", {"name": known.name})
    return _renewed(writer, now, tenant, known, proven, address)


def refuse_roleless(user: UserRecord, proven: Proven) -> None:
    """Raise Refused (unauthenticated) where the provider gives roles, and gave this user none."""
    if proven.roles is not None and not user.roles:
        raise Refused("unauthenticated", "oidc_no_role", {"name": user.name})


def _created(writer: Writer, now: float, tenant: TenantRecord, proven: Proven, address: str) -> UserRecord:
    name = _UNFIT.sub("-", proven.name).strip("-")[:LONGEST] or "user"
    if not proven.create:
        raise Refused("unauthenticated", "oidc_unknown_user", {"name": name})
    if writer.user_named(tenant.id, name) is not None:
        raise Refused("unauthenticated", "oidc_name_taken", {"name": name})
    roles = _known(writer, tenant.id, proven.first_roles if proven.roles is None else proven.roles)
    if not roles:
        raise Refused("unauthenticated", "oidc_no_role", {"name": name})
    licence.refuse_user(writer, now)
    id = writer.allocate("user", 1)[0]
    user = UserRecord(
        id, tenant.id, name, None, False, roles, proven.email, proven.display_name, proven.subject
    )
    writer.put_user(user)
    _note(writer, now, tenant, user, address, "create", None)
    return user


def _renewed(
    writer: Writer, now: float, tenant: TenantRecord, known: UserRecord, proven: Proven, address: str
) -> UserRecord:
    user = replace(
        known,
        email=proven.email or known.email,
        display_name=proven.display_name or known.display_name,
    )
    if proven.roles is not None:
        user = replace(user, roles=_known(writer, tenant.id, proven.roles))
        if not user.roles:
            writer.delete_sessions_of(user.id)
    if user != known:
        writer.put_user(user)
        identity.keep_administrator(writer, tenant.id)
        _note(writer, now, tenant, user, address, "change", identity.user_view(known))
    return user


def _known(reader: Reader, tenant: int, roles: Iterable[str]) -> tuple[str, ...]:
    """A role that settings name and the tenant does not have gives nothing."""
    held = {role.name for role in reader.roles(tenant)}
    return tuple(sorted(held & set(roles)))


def _note(
    writer: Writer,
    now: float,
    tenant: TenantRecord,
    user: UserRecord,
    address: str,
    action: str,
    before: Json,
) -> None:
    """By the user: the provider speaks for them."""
    caller = Caller(tenant.id, tenant.name, user.id, user.name, frozenset(user.roles), frozenset())
    caller = replace(caller, address=address)
    audit.record(writer, now, caller, action, "user", user.name, before, identity.user_view(user))
