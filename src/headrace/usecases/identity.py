"""Users, roles, tokens and tenants: every change, with the rules that keep rights from growing.

Nobody gives what they do not have, changes their own roles, or acts on somebody more powerful; and a
tenant always keeps one user who can administer users.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from headrace.core.access.caller import Caller
from headrace.core.access.roles import BUILT_IN, administers, refuse_beyond
from headrace.core.instants import LATEST, instant
from headrace.core.words import Permission
from headrace.ports.errors import Gone, Problem, Refused, existing
from headrace.ports.records import RoleRecord, TokenRecord, UserRecord, every
from headrace.ports.store import Reader, Writer
from headrace.usecases import audit, licence

Json = Any


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
    user = UserRecord(id, caller.tenant, name, password_hash, False, _tidy(roles), **more)
    writer.put_user(user)
    audit.record(writer, now, caller, "create", "user", name, None, user_view(user))
    return id


def change_user(writer: Writer, now: float, caller: Caller, user_id: int, change: UserChange) -> None:
    """Password, roles, how to reach the user, and whether the user may sign in."""
    known = user = user_of(writer, caller.tenant, user_id)
    refuse_beyond(caller, _permissions(writer, caller.tenant, user.roles), "change_beyond_own")
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
    after = {**user_view(user), **({"password": "changed"} if change.password_hash else {})}
    audit.record(writer, now, caller, "change", "user", user.name, user_view(known), after)


def _free_subject(reader: Reader, user: UserRecord, subject: str) -> str | None:
    """Refused (exists) where it is another user's."""
    holder = reader.user_of_subject(user.tenant, subject) if subject else None
    if holder is not None and holder.id != user.id:
        raise Refused("exists", "subject_taken", {"subject": subject})
    return subject or None


def change_own_password(writer: Writer, now: float, caller: Caller, password_hash: str) -> None:
    """The caller's own password; that the current one is known has been proved before. Sessions end."""
    writer.delete_sessions_of(caller.user)
    writer.put_user(replace(user_of(writer, caller.tenant, caller.user), password_hash=password_hash))
    audit.record(writer, now, caller, "password", "user", caller.name)


def create_role(writer: Writer, now: float, caller: Caller, name: str, permissions: Collection[str]) -> int:
    """The new role's id. Refused (exists) for a name that is taken in the tenant."""
    if any(role.name == name for role in writer.roles(caller.tenant)):
        raise Refused("exists", "role_exists", {"name": name})
    id = writer.allocate("role", 1)[0]
    role = RoleRecord(id, caller.tenant, name, _allowed(caller, permissions))
    writer.put_role(role)
    audit.record(writer, now, caller, "create", "role", name, None, role_view(role))
    return id


def change_role(
    writer: Writer, now: float, caller: Caller, role_id: int, permissions: Collection[str]
) -> None:
    """What the role grants from now on, to all who hold it."""
    role = _own_made(writer, caller, role_id)
    refuse_beyond(caller, role.permissions, "change_beyond_own")
    if role.name in caller.roles:
        raise Refused("forbidden", "own_roles")
    changed = replace(role, permissions=_allowed(caller, permissions))
    writer.put_role(changed)
    keep_administrator(writer, caller.tenant)
    audit.record(writer, now, caller, "change", "role", role.name, role_view(role), role_view(changed))


def delete_role(writer: Writer, now: float, caller: Caller, role_id: int) -> None:
    """Refused (state) while somebody holds it."""
    role = _own_made(writer, caller, role_id)
    refuse_beyond(caller, role.permissions, "change_beyond_own")
    holders = sum(role.name in user.roles for user in every(partial(writer.users, caller.tenant)))
    if holders:
        raise Refused("state", "role_in_use", {"name": role.name, "count": holders})
    writer.delete_role(caller.tenant, role_id)
    audit.record(writer, now, caller, "delete", "role", role.name, role_view(role))


def create_token(
    writer: Writer, now: float, caller: Caller, name: str, digest: str, expires_at: float | None
) -> int:
    """An API token of the caller's own; it can do what its user can at the time."""
    if expires_at is not None and expires_at <= now:
        raise Refused("invalid", "request_invalid", {}, [Problem("expiresAt", "expiry_past")])
    if expires_at is not None and expires_at > LATEST:
        problem = Problem("expiresAt", "expiry_far", {"latest": instant(LATEST)})
        raise Refused("invalid", "request_invalid", {}, [problem])
    id = writer.allocate("token", 1)[0]
    token = TokenRecord(id, caller.tenant, caller.user, name, digest, now, expires_at, None)
    writer.put_token(token)
    audit.record(writer, now, caller, "create", "token", name, None, _token_view(token, caller.name))
    return id


def revoke_token(writer: Writer, now: float, caller: Caller, token_id: int) -> None:
    """Own tokens, and with USER_ADMIN those of others; another's token is absent for anybody else."""
    token = token_of(writer, caller.tenant, token_id)
    owner = user_of(writer, caller.tenant, token.user_id)
    if owner.id != caller.user:
        if Permission.USER_ADMIN not in caller.permissions:
            raise Gone("token", token_id)
        refuse_beyond(caller, _permissions(writer, caller.tenant, owner.roles), "change_beyond_own")
    if token.revoked_at is None:
        writer.put_token(replace(token, revoked_at=now))
        audit.record(writer, now, caller, "revoke", "token", token.name, _token_view(token, owner.name))


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


def user_view(user: UserRecord) -> dict[str, Json]:
    """A user as everybody may see who may see users: never the password's hash."""
    return {
        "id": user.id,
        "name": user.name,
        "displayName": user.display_name,
        "email": user.email,
        "disabled": user.disabled,
        "roles": list(user.roles),
        "subject": user.subject,
    }


def role_view(role: RoleRecord) -> dict[str, Json]:
    """Permissions in the order in which we list them; one that we know no more grants nothing."""
    order = [permission.value for permission in Permission if permission.value in role.permissions]
    return {"id": role.id, "name": role.name, "permissions": order, "builtIn": role.name in BUILT_IN}


def _token_view(token: TokenRecord, user: str) -> dict[str, Json]:
    return {"id": token.id, "name": token.name, "user": user, "expiresAt": instant(token.expires_at)}


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
