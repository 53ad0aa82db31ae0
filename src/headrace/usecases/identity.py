"""Users, roles, tokens and tenants: every change, with the rules that keep rights from growing.

Nobody gives what they do not have, changes their own roles, or acts on somebody more powerful; and a
tenant always keeps one user who can administer users.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from headrace.core.access.caller import DEFAULT_TENANT, Caller
from headrace.core.access.roles import ADMINISTRATOR, BUILT_IN, administers, built_in, refuse_beyond
from headrace.core.words import Permission
from headrace.ports.errors import Gone, Problem, Refused, existing
from headrace.ports.records import RoleRecord, TenantRecord, TokenRecord, UserRecord, every
from headrace.ports.store import Reader, Writer
from headrace.usecases import licence


@dataclass(frozen=True, slots=True)
class UserChange:
    """What to change of a user; None leaves it as it is, an empty text takes it away."""

    password_hash: str | None = None
    disabled: bool | None = None
    roles: tuple[str, ...] | None = None
    email: str | None = None
    display_name: str | None = None
    subject: str | None = None


def create_user(
    writer: Writer,
    now: float,
    caller: Caller,
    name: str,
    password_hash: str | None,
    roles: Sequence[str],
    email: str | None = None,
    display_name: str | None = None,
) -> int:
    """The new user's id. Refused (exists) for a name that is taken in the tenant, (limit) by the licence."""
    if writer.user_named(caller.tenant, name) is not None:
        raise Refused("exists", "user_exists", {"name": name})
    refuse_beyond(caller, _permissions(writer, caller.tenant, roles))
    licence.refuse_user(writer, now)
    id = writer.allocate("user", 1)[0]
    more = {"email": email or None, "display_name": display_name or None}
    writer.put_user(UserRecord(id, caller.tenant, name, password_hash, False, _tidy(roles), **more))
    return id


def change_user(writer: Writer, now: float, caller: Caller, user_id: int, change: UserChange) -> int:
    """Password, roles, how to reach the user, and whether the user may sign in."""
    user = user_of(writer, caller.tenant, user_id)
    refuse_beyond(caller, _permissions(writer, caller.tenant, user.roles))
    if change.roles is not None:
        _refuse_own(user, caller, "own_roles", set(change.roles) != set(user.roles))
        refuse_beyond(caller, _permissions(writer, caller.tenant, change.roles))
        user = replace(user, roles=_tidy(change.roles))
    if change.disabled is not None:
        _refuse_own(user, caller, "disable_self", change.disabled)
        if user.disabled and not change.disabled:
            licence.refuse_user(writer, now)
        user = replace(user, disabled=change.disabled)
    if change.password_hash is not None:
        user = replace(user, password_hash=change.password_hash)
    if change.email is not None:
        user = replace(user, email=change.email or None)
    if change.display_name is not None:
        user = replace(user, display_name=change.display_name or None)
    if change.subject is not None:
        user = replace(user, subject=_free_subject(writer, user, change.subject))
    if user.disabled or change.password_hash is not None:
        writer.delete_sessions_of(user_id)
    writer.put_user(user)
    keep_administrator(writer, caller.tenant)
    return user_id


def _free_subject(reader: Reader, user: UserRecord, subject: str) -> str | None:
    """Refused (exists) where it is another user's."""
    holder = reader.user_of_subject(user.tenant, subject) if subject else None
    if holder is not None and holder.id != user.id:
        raise Refused("exists", "subject_taken", {"subject": subject})
    return subject or None


def change_own_password(writer: Writer, caller: Caller, password_hash: str) -> int:
    """The caller's own password; that the current one is known has been proved before. Sessions end."""
    writer.delete_sessions_of(caller.user)
    writer.put_user(replace(user_of(writer, caller.tenant, caller.user), password_hash=password_hash))
    return caller.user


def create_role(writer: Writer, caller: Caller, name: str, permissions: Collection[str]) -> int:
    """The new role's id. Refused (exists) for a name that is taken in the tenant."""
    if any(role.name == name for role in writer.roles(caller.tenant)):
        raise Refused("exists", "role_exists", {"name": name})
    id = writer.allocate("role", 1)[0]
    writer.put_role(RoleRecord(id, caller.tenant, name, _allowed(caller, permissions)))
    return id


def change_role(writer: Writer, caller: Caller, role_id: int, permissions: Collection[str]) -> int:
    """What the role grants from now on, to all who hold it."""
    role = _own_made(writer, caller, role_id)
    refuse_beyond(caller, role.permissions)
    if role.name in caller.roles:
        raise Refused("forbidden", "own_roles")
    writer.put_role(replace(role, permissions=_allowed(caller, permissions)))
    keep_administrator(writer, caller.tenant)
    return role_id


def delete_role(writer: Writer, caller: Caller, role_id: int) -> int:
    """Refused (state) while somebody holds it."""
    role = _own_made(writer, caller, role_id)
    refuse_beyond(caller, role.permissions)
    holders = sum(role.name in user.roles for user in every(partial(writer.users, caller.tenant)))
    if holders:
        raise Refused("state", "role_in_use", {"name": role.name, "count": holders})
    writer.delete_role(caller.tenant, role_id)
    return role_id


def create_token(
    writer: Writer, now: float, caller: Caller, name: str, digest: str, expires_at: float | None
) -> int:
    """An API token of the caller's own; it can do what its user can at the time."""
    if expires_at is not None and expires_at <= now:
        raise Refused("invalid", "request_invalid", {}, [Problem("expiresAt", "expiry_past")])
    id = writer.allocate("token", 1)[0]
    writer.put_token(TokenRecord(id, caller.tenant, caller.user, name, digest, now, expires_at, None))
    return id


def revoke_token(writer: Writer, now: float, caller: Caller, token_id: int) -> int:
    """Own tokens, and with USER_ADMIN those of others; another's token is absent for anybody else."""
    token = token_of(writer, caller.tenant, token_id)
    if token.user_id != caller.user:
        if Permission.USER_ADMIN not in caller.permissions:
            raise Gone("token", token_id)
        owner = user_of(writer, caller.tenant, token.user_id)
        refuse_beyond(caller, _permissions(writer, caller.tenant, owner.roles))
    if token.revoked_at is None:
        writer.put_token(replace(token, revoked_at=now))
    return token_id


def create_tenant(
    writer: Writer,
    now: float,
    caller: Caller,
    name: str,
    admin: str,
    password_hash: str,
    max_workflows: int | None = None,
) -> int:
    """A tenant with the built-in roles and one administrator; only from the tenant ``default``."""
    _refuse_outside(caller)
    if writer.tenant_named(name) is not None:
        raise Refused("exists", "tenant_exists", {"name": name})
    licence.refuse_tenant(writer, now)
    licence.refuse_user(writer, now)
    tenant = TenantRecord(writer.allocate("tenant", 1)[0], name, max_workflows)
    writer.add_tenant(tenant)
    for role, permissions in built_in(default_tenant=False).items():
        granted = frozenset(permission.value for permission in permissions)
        writer.put_role(RoleRecord(writer.allocate("role", 1)[0], tenant.id, role, granted))
    user = writer.allocate("user", 1)[0]
    writer.put_user(UserRecord(user, tenant.id, admin, password_hash, disabled=False, roles=(ADMINISTRATOR,)))
    return tenant.id


def change_tenant(writer: Writer, caller: Caller, tenant_id: int, changes: Mapping[str, object]) -> int:
    """``changes`` are fields of ``TenantRecord``: max_workflows, disabled. The tenant ``default`` stays."""
    _refuse_outside(caller)
    tenant = tenant_of(writer, tenant_id)
    if changes.get("disabled") and tenant.name == DEFAULT_TENANT:
        raise Refused("forbidden", "tenant_default")
    writer.change_tenant(replace(tenant, **changes))  # type: ignore[arg-type]
    return tenant_id


def tenant_of(reader: Reader, tenant_id: int) -> TenantRecord:
    """Gone where there is none."""
    for tenant in reader.tenants():
        if tenant.id == tenant_id:
            return tenant
    raise Gone("tenant", tenant_id)


def _refuse_outside(caller: Caller) -> None:
    if caller.tenant_name != DEFAULT_TENANT:
        raise Refused("forbidden", "tenants_only_default")


def user_of(reader: Reader, tenant: int, user_id: int) -> UserRecord:
    """Gone where the tenant has no such user."""
    return existing(reader.user(tenant, user_id), "user", user_id)


def role_of(reader: Reader, tenant: int, role_id: int) -> RoleRecord:
    """Gone where the tenant has no such role."""
    for role in reader.roles(tenant):
        if role.id == role_id:
            return role
    raise Gone("role", role_id)


def token_of(reader: Reader, tenant: int, token_id: int) -> TokenRecord:
    """Gone where the tenant has no such token."""
    for token in reader.tokens(tenant, None):
        if token.id == token_id:
            return token
    raise Gone("token", token_id)


def _own_made(reader: Reader, caller: Caller, role_id: int) -> RoleRecord:
    role = role_of(reader, caller.tenant, role_id)
    if role.name in BUILT_IN:
        raise Refused("forbidden", "role_built_in", {"name": role.name})
    return role


def _refuse_own(user: UserRecord, caller: Caller, code: str, changes: bool) -> None:
    if changes and user.id == caller.user:
        raise Refused("forbidden", code)


def _tidy(roles: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(roles)))


def _permissions(reader: Reader, tenant: int, roles: Iterable[str]) -> set[str]:
    """What the named roles grant together; Refused (invalid) for a role that does not exist."""
    granted = {role.name: role.permissions for role in reader.roles(tenant)}
    unknown = [Problem("roles", "role_unknown", {"role": name}) for name in roles if name not in granted]
    if unknown:
        raise Refused("invalid", "request_invalid", {}, unknown)
    return set().union(*(granted[name] for name in roles))


def _allowed(caller: Caller, permissions: Collection[str]) -> frozenset[str]:
    known = Permission.__members__
    unknown = [
        Problem("permissions", "permission_unknown", {"found": each})
        for each in permissions
        if each not in known
    ]
    if unknown:
        raise Refused("invalid", "request_invalid", {}, unknown)
    refuse_beyond(caller, permissions)
    return frozenset(permissions)


def keep_administrator(reader: Reader, tenant: int) -> None:
    """Raise Refused (state) where no enabled user could administer users; undoes the change."""
    granting = {role.name for role in reader.roles(tenant) if administers(role.permissions)}
    users = every(partial(reader.users, tenant))
    if not any(not user.disabled and granting & set(user.roles) for user in users):
        raise Refused("state", "last_administrator")
