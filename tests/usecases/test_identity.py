"""The rules of giving rights, each by itself, over the memory store."""

from dataclasses import replace

import pytest

from headrace.core.access.caller import Caller
from headrace.core.access.roles import ADMINISTRATOR, BUILT_IN, administers, built_in
from headrace.core.instants import instant
from headrace.core.words import Permission
from headrace.identity.bootstrap import ADMIN, TOKEN_NAME, bootstrap
from headrace.identity.gate import caller_of
from headrace.ports.audit import AuditFilter
from headrace.ports.errors import Gone, Refused
from headrace.ports.records import RoleRecord, UserRecord
from headrace.ports.store import Writer
from headrace.storage import MemoryStore
from headrace.usecases import identity, tenants
from headrace.usecases.identity import UserChange

TENANT = 1
NOW = 5.0


def as_caller(writer: Writer, name: str) -> Caller:
    user = writer.user_named(TENANT, name)
    assert user is not None
    return caller_of(writer, user)


def admin(writer: Writer) -> Caller:
    return as_caller(writer, ADMIN)


def holder(writer: Writer, name: str, *permissions: str) -> Caller:
    """A new user with a role of its own that grants these."""
    identity.create_role(writer, NOW, admin(writer), f"{name}s", permissions)
    identity.create_user(writer, NOW, admin(writer), name, None, [f"{name}s"])
    return as_caller(writer, name)


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    problems = refused.value.problems
    return problems[0].code if problems else refused.value.code


def test_first_start_makes_tenant_roles_and_administrator(writer: Writer) -> None:
    assert [tenant.name for tenant in writer.tenants()] == ["default"]
    assert {role.name for role in writer.roles(TENANT)} == set(BUILT_IN)
    assert admin(writer).permissions == frozenset(Permission)


def test_later_starts_change_nothing_that_was_not_asked_for() -> None:
    store = MemoryStore()
    assert bootstrap(store, 1.0, "first password", "hr_one") is None
    with store.read() as reader:
        before = reader.user_named(TENANT, ADMIN)
        tokens = reader.tokens(TENANT, None)
    assert bootstrap(store, 2.0, None, None) is None
    assert bootstrap(store, 3.0, "first password", "hr_one") is None
    with store.read() as reader:
        assert reader.audit(TENANT, AuditFilter(), None, 10) == []
        assert reader.user_named(TENANT, ADMIN) == before
        assert reader.tokens(TENANT, None) == tokens
        assert len(reader.roles(TENANT)) == len(BUILT_IN)


def test_another_token_replaces_the_first_and_can_come_back() -> None:
    store = MemoryStore()
    for now, token in enumerate(("hr_one", "hr_two", "hr_one")):
        bootstrap(store, float(now), "a password", token)
    with store.read() as reader:
        live = [token.revoked_at is None for token in reader.tokens(TENANT, None)]
        noted = reader.audit(TENANT, AuditFilter(), None, 10)
    assert live == [True, False]
    assert [(each.action, each.kind, each.user) for each in noted] == [("create", "token", TOKEN_NAME)] * 2


def test_another_password_of_the_settings_is_in_the_audit_log() -> None:
    store = MemoryStore()
    bootstrap(store, 1.0, "first password", None)
    bootstrap(store, 2.0, "second password", None)
    with store.read() as reader:
        (noted,) = reader.audit(TENANT, AuditFilter(), None, 10)
    assert (noted.action, noted.kind, noted.object, noted.user_id) == ("password", "user", ADMIN, 0)
    assert noted.user == "HEADRACE_ADMIN_PASSWORD"


def test_other_tenants_never_get_the_rights_of_the_first() -> None:
    for permissions in built_in(default_tenant=False).values():
        assert not permissions & {Permission.TENANT_ADMIN, Permission.SYSTEM_VIEWER}
    assert administers(["USER_ADMIN"])
    assert not administers(["TASK_VIEWER"])


def test_a_user_needs_a_free_name_and_roles_that_exist(writer: Writer) -> None:
    with pytest.raises(Refused) as refused:
        identity.create_user(writer, NOW, admin(writer), ADMIN, None, [])
    assert (refused.value.kind, code(refused)) == ("exists", "user_exists")
    with pytest.raises(Refused) as refused:
        identity.create_user(writer, NOW, admin(writer), "kim", None, ["viewer", "nope"])
    assert code(refused) == "role_unknown"


@pytest.mark.parametrize("roles", [["operator"], [ADMINISTRATOR]])
def test_nobody_creates_a_more_powerful_user(writer: Writer, roles: list[str]) -> None:
    clerk = holder(writer, "clerk", "USER_ADMIN")
    with pytest.raises(Refused) as refused:
        identity.create_user(writer, NOW, clerk, "kim", None, roles)
    assert (refused.value.kind, code(refused)) == ("forbidden", "grant_beyond_own")


def test_nobody_touches_a_more_powerful_user(writer: Writer) -> None:
    clerk = holder(writer, "clerk", "USER_ADMIN")
    for change in (UserChange(password_hash="x"), UserChange(disabled=True), UserChange(roles=())):
        with pytest.raises(Refused) as refused:
            identity.change_user(writer, NOW, clerk, admin(writer).user, change)
        assert code(refused) == "change_beyond_own"


@pytest.mark.parametrize(
    ("change", "expected"),
    [(UserChange(roles=()), "own_roles"), (UserChange(disabled=True), "disable_self")],
)
def test_nobody_changes_their_own_rights(writer: Writer, change: UserChange, expected: str) -> None:
    with pytest.raises(Refused) as refused:
        identity.change_user(writer, NOW, admin(writer), admin(writer).user, change)
    assert code(refused) == expected


def test_the_same_roles_and_enabling_oneself_are_no_change(writer: Writer) -> None:
    change = UserChange(password_hash="new", disabled=False, roles=(ADMINISTRATOR, ADMINISTRATOR))
    identity.change_user(writer, NOW, admin(writer), admin(writer).user, change)
    user = writer.user_named(TENANT, ADMIN)
    assert user is not None
    assert (user.password_hash, user.roles) == ("new", (ADMINISTRATOR,))


def test_the_last_administrator_stays(writer: Writer) -> None:
    clerk = holder(writer, "clerk", *Permission.__members__)
    identity.change_user(writer, NOW, clerk, admin(writer).user, UserChange(disabled=True))
    second = identity.create_user(writer, NOW, clerk, "second", None, ["viewer"])
    identity.change_user(writer, NOW, clerk, second, UserChange(disabled=True))
    outsider = Caller(TENANT, "default", 99, "x", frozenset(), frozenset(Permission))
    for change in (UserChange(disabled=True), UserChange(roles=("viewer",))):
        with pytest.raises(Refused) as refused, writer.savepoint():
            identity.change_user(writer, NOW, outsider, clerk.user, change)
        assert (refused.value.kind, code(refused)) == ("state", "last_administrator")
    role = next(role.id for role in writer.roles(TENANT) if role.name == "clerks")
    with pytest.raises(Refused) as refused, writer.savepoint():
        identity.change_role(writer, NOW, outsider, role, ["TASK_VIEWER"])
    assert code(refused) == "last_administrator"


def test_own_password(writer: Writer) -> None:
    identity.change_own_password(writer, NOW, admin(writer), "hash")
    assert identity.user_of(writer, TENANT, admin(writer).user).password_hash == "hash"


def test_roles_need_a_free_name_and_known_permissions(writer: Writer) -> None:
    with pytest.raises(Refused) as refused:
        identity.create_role(writer, NOW, admin(writer), "viewer", [])
    assert code(refused) == "role_exists"
    with pytest.raises(Refused) as refused:
        identity.create_role(writer, NOW, admin(writer), "x", ["TASK_VIEWER", "ROOT"])
    assert code(refused) == "permission_unknown"


def test_nobody_changes_a_role_that_grants_more(writer: Writer) -> None:
    role = identity.create_role(writer, NOW, admin(writer), "boss", ["WORKFLOW_EDITOR"])
    clerk = holder(writer, "clerk", "USER_ADMIN")
    for act in (identity.change_role, lambda *given: identity.delete_role(*given[:4])):
        with pytest.raises(Refused) as refused:
            act(writer, NOW, clerk, role, [])
        assert code(refused) == "change_beyond_own"


def test_built_in_and_own_roles_stay(writer: Writer) -> None:
    viewer = next(role.id for role in writer.roles(TENANT) if role.name == "viewer")
    with pytest.raises(Refused) as refused:
        identity.change_role(writer, NOW, admin(writer), viewer, [])
    assert code(refused) == "role_built_in"
    clerk = holder(writer, "clerk", "USER_ADMIN")
    own = next(role.id for role in writer.roles(TENANT) if role.name == "clerks")
    with pytest.raises(Refused) as refused:
        identity.change_role(writer, NOW, clerk, own, [])
    assert code(refused) == "own_roles"


def test_roles_can_change_and_go(writer: Writer) -> None:
    role = identity.create_role(writer, NOW, admin(writer), "watcher", ["TASK_VIEWER"])
    identity.change_role(writer, NOW, admin(writer), role, ["TARGET_VIEWER"])
    assert identity.role_of(writer, TENANT, role).permissions == {"TARGET_VIEWER"}
    user = identity.create_user(writer, NOW, admin(writer), "kim", None, ["watcher"])
    with pytest.raises(Refused) as refused:
        identity.delete_role(writer, NOW, admin(writer), role)
    assert code(refused) == "role_in_use"
    identity.change_user(writer, NOW, admin(writer), user, UserChange(roles=()))
    identity.delete_role(writer, NOW, admin(writer), role)
    with pytest.raises(Gone):
        identity.role_of(writer, TENANT, role)


def test_tokens_are_revoked_by_their_owner_or_an_administrator(writer: Writer) -> None:
    kim = holder(writer, "kim", "TASK_VIEWER")
    lee = holder(writer, "lee", "TASK_VIEWER")
    clerk = holder(writer, "clerk", "USER_ADMIN")
    token = identity.create_token(writer, 5.0, kim, "laptop", "digest", None)
    with pytest.raises(Gone):
        identity.revoke_token(writer, 6.0, lee, token)
    with pytest.raises(Refused) as refused:
        identity.revoke_token(writer, 6.0, clerk, token)
    assert code(refused) == "change_beyond_own"
    identity.revoke_token(writer, 7.0, admin(writer), token)
    identity.revoke_token(writer, 8.0, kim, token)
    assert identity.token_of(writer, TENANT, token).revoked_at == 7.0


@pytest.mark.parametrize(("expires", "fine"), [(None, True), (5.1, True), (5.0, False), (1.0, False)])
def test_tokens_do_not_expire_before_they_begin(writer: Writer, expires: float | None, fine: bool) -> None:
    if fine:
        assert identity.create_token(writer, 5.0, admin(writer), "x", "digest", expires) > 0
        return
    with pytest.raises(Refused) as refused:
        identity.create_token(writer, 5.0, admin(writer), "x", "digest", expires)
    assert code(refused) == "expiry_past"


@pytest.mark.parametrize("beyond", [0.0, 0.5, 43_200.0])
def test_tokens_expire_on_a_day_that_can_be_written(writer: Writer, beyond: float) -> None:
    """Midnight of the last day in a zone west of Greenwich is none of ours any more."""
    expires = 253_402_300_799.0 + beyond
    if not beyond:
        token = identity.create_token(writer, 5.0, admin(writer), "x", "digest", expires)
        assert instant(identity.token_of(writer, TENANT, token).expires_at) == "9999-12-31T23:59:59.000+00:00"
        return
    with pytest.raises(Refused) as refused:
        identity.create_token(writer, 5.0, admin(writer), "x", "digest", expires)
    assert code(refused) == "expiry_far"


def test_tenants_are_made_in_the_first_one_alone(writer: Writer) -> None:
    made = tenants.create_tenant(writer, NOW, admin(writer), "acme", "root", "hash")
    root = writer.user_named(made, "root")
    assert root is not None
    caller = caller_of(writer, root)
    assert (caller.tenant_name, caller.roles) == ("acme", {ADMINISTRATOR})
    with pytest.raises(Refused) as refused:
        tenants.create_tenant(writer, NOW, caller, "other", "root", "hash")
    assert code(refused) == "tenants_only_default"
    with pytest.raises(Refused) as refused:
        tenants.create_tenant(writer, NOW, admin(writer), "acme", "root", "hash")
    assert code(refused) == "tenant_exists"


@pytest.mark.parametrize("look", [identity.user_of, identity.role_of, identity.token_of])
def test_another_tenant_s_are_absent(writer: Writer, look: object) -> None:
    with pytest.raises(Gone):
        look(writer, 2, 1)  # type: ignore[operator]


def test_unknown_permissions_of_a_stored_role_grant_nothing(writer: Writer) -> None:
    writer.put_role(RoleRecord(99, TENANT, "later", frozenset({"TASK_VIEWER", "FROM_THE_FUTURE"})))
    writer.put_user(UserRecord(98, TENANT, "kim", None, disabled=False, roles=("later",)))
    assert as_caller(writer, "kim").permissions == {Permission.TASK_VIEWER}


def test_built_in_roles_follow_the_version() -> None:
    store = MemoryStore()
    bootstrap(store, 1.0, "a password", None)
    with store.write() as pen:
        role = next(role for role in pen.roles(TENANT) if role.name == ADMINISTRATOR)
        pen.put_role(replace(role, permissions=frozenset({"TASK_VIEWER"})))
        pen.delete_role(TENANT, next(role.id for role in pen.roles(TENANT) if role.name == "viewer"))
    bootstrap(store, 2.0, None, None)
    with store.read() as reader:
        found = {role.name: role.permissions for role in reader.roles(TENANT)}
    assert found == {name: {each.value for each in granted} for name, granted in BUILT_IN.items()}


def test_changes_of_who_may_what_are_in_the_audit_log(writer: Writer) -> None:
    boss = admin(writer)
    role = identity.create_role(writer, NOW, boss, "clerks", ["USER_ADMIN", "TASK_VIEWER"])
    identity.change_role(writer, NOW, boss, role, ["TASK_VIEWER"])
    kim = identity.create_user(writer, NOW, boss, "kim", "hash-canary", ["viewer"])
    given = UserChange(password_hash="hash-canary", email="k@x", display_name="Kim")
    identity.change_user(writer, NOW, boss, kim, given)
    identity.change_own_password(writer, NOW, boss, "hash-canary")
    token = identity.create_token(writer, NOW, as_caller(writer, "kim"), "ci", "digest-canary", 60.0)
    identity.revoke_token(writer, NOW, boss, token)
    identity.revoke_token(writer, NOW, boss, token)
    identity.delete_role(writer, NOW, boss, role)
    acme = tenants.create_tenant(writer, NOW, boss, "acme", "root", "hash-canary")
    tenants.change_tenant(writer, NOW, boss, acme, {"max_workflows": 3})
    first = {"id": role, "name": "clerks", "permissions": ["TASK_VIEWER", "USER_ADMIN"], "builtIn": False}
    then = {**first, "permissions": ["TASK_VIEWER"]}
    user = {"id": kim, "name": "kim", "displayName": None, "email": None, "disabled": False}
    user |= {"roles": ["viewer"], "subject": None}
    made = {"id": token, "name": "ci", "user": "kim", "expiresAt": "1970-01-01T00:01:00.000+00:00"}
    limits = {"name": "acme", "maxWorkflows": None, "disabled": False}
    found = writer.audit(TENANT, AuditFilter(), None, 20)
    assert [(each.user, each.action, each.kind, each.object) for each in reversed(found)] == [
        (ADMIN, "create", "role", "clerks"),
        (ADMIN, "change", "role", "clerks"),
        (ADMIN, "create", "user", "kim"),
        (ADMIN, "change", "user", "kim"),
        (ADMIN, "password", "user", ADMIN),
        ("kim", "create", "token", "ci"),
        (ADMIN, "revoke", "token", "ci"),
        (ADMIN, "delete", "role", "clerks"),
        (ADMIN, "create", "tenant", "acme"),
        (ADMIN, "change", "tenant", "acme"),
    ]
    assert [(each.before, each.after) for each in reversed(found)] == [
        (None, first),
        (first, then),
        (None, user),
        (user, {**user, "email": "k@x", "displayName": "Kim", "password": "changed"}),
        (None, None),
        (None, made),
        (made, None),
        (then, None),
        (None, {**limits, "administrator": "root"}),
        (limits, {**limits, "maxWorkflows": 3}),
    ]
    assert "canary" not in str(found)
