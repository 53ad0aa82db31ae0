"""First start: the tenant ``default``, its roles, and the user ``admin``; idempotent ever after."""

import secrets
from dataclasses import replace

from headrace.core.access.caller import DEFAULT_TENANT
from headrace.core.access.roles import ADMINISTRATOR, built_in
from headrace.identity import journal, tokens
from headrace.identity.passwords import hash_password, matches
from headrace.ports.records import RoleRecord, TenantRecord, TokenRecord, UserRecord
from headrace.ports.store import Store, Writer

ADMIN = "admin"
PASSWORD_NAME = "HEADRACE_ADMIN_PASSWORD"  # noqa: S105 - the name of the variable
TOKEN_NAME = "HEADRACE_ADMIN_TOKEN"  # noqa: S105 - the name of the variable, and of the token it sets


def bootstrap(store: Store, now: float, password: str | None, token: str | None) -> str | None:
    """Make what a first start lacks and follow the two settings; runs before the engine does.

    ``password`` and ``token`` are the values of HEADRACE_ADMIN_PASSWORD and HEADRACE_ADMIN_TOKEN. The
    answer is a password made up just now, to be shown once and kept nowhere, or None.
    """
    with store.write() as writer:
        tenant = writer.tenant_named(DEFAULT_TENANT) or _first_tenant(writer)
        _renew_roles(writer)
        known = writer.user_named(tenant.id, ADMIN)
        invented = secrets.token_urlsafe(18) if known is None and password is None else None
        admin = _administrator(writer, tenant.id, known, password or invented)
        renewed = _set_token(writer, admin, token, now)
        if known is not None:  # what a first start makes is no change
            if admin is not known:
                journal.given(writer, now, tenant.id, PASSWORD_NAME, "password", "user", ADMIN)
            if renewed:
                journal.given(writer, now, tenant.id, TOKEN_NAME, "create", "token", TOKEN_NAME)
    return invented


def _first_tenant(writer: Writer) -> TenantRecord:
    tenant = TenantRecord(writer.allocate("tenant", 1)[0], DEFAULT_TENANT)
    writer.add_tenant(tenant)
    return tenant


def _renew_roles(writer: Writer) -> None:
    """Built-in roles grant what this version says, in every tenant: later ones know more permissions."""
    for tenant in writer.tenants():
        held = {role.name: role for role in writer.roles(tenant.id)}
        for name, permissions in built_in(tenant.name == DEFAULT_TENANT).items():
            granted = frozenset(permission.value for permission in permissions)
            known = held.get(name)
            if known is None or known.permissions != granted:
                id = known.id if known else writer.allocate("role", 1)[0]
                writer.put_role(RoleRecord(id, tenant.id, name, granted))


def _administrator(writer: Writer, tenant: int, admin: UserRecord | None, password: str | None) -> UserRecord:
    """The user admin; an existing one only changes where a setting gives another password."""
    if admin is not None and (password is None or matches(admin.password_hash, password)):
        return admin
    assert password is not None
    hashed = hash_password(password)
    if admin is None:
        id = writer.allocate("user", 1)[0]
        admin = UserRecord(id, tenant, ADMIN, hashed, disabled=False, roles=(ADMINISTRATOR,))
    admin = replace(admin, password_hash=hashed)
    writer.put_user(admin)
    writer.delete_sessions_of(admin.id)  # as for every password that is set
    return admin


def _set_token(writer: Writer, admin: UserRecord, token: str | None, now: float) -> bool:
    """Make ``token`` the one that the setting gives; an earlier, other one is revoked. Whether it was not."""
    if token is None:
        return False
    wanted = tokens.digest(token)
    held = [each for each in writer.tokens(admin.tenant, admin.id) if each.name == TOKEN_NAME]
    for each in held:
        if each.digest != wanted and each.revoked_at is None:
            writer.put_token(replace(each, revoked_at=now))
    same = next((each for each in held if each.digest == wanted), None)
    if same is None:
        id = writer.allocate("token", 1)[0]
        same = TokenRecord(id, admin.tenant, admin.id, TOKEN_NAME, wanted, now, None, now)
    if same.revoked_at is None:
        return False
    writer.put_token(replace(same, revoked_at=None))
    return True
