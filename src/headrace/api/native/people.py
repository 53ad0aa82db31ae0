"""The signed-in user, users, roles and tenants."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import Field, SecretStr
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import TypedDict

from headrace.api.http.access import SignedIn, TenantAdmin, UserAdmin
from headrace.api.http.answers import answer, shows
from headrace.api.http.forms import EMAIL, LINE, SUBJECT, USER_NAME
from headrace.api.http.ids import LARGEST, PREFIX
from headrace.api.http.paging import Listed, Paging, Sort, order_of, paged, paging, whole
from headrace.api.http.tickets import Once
from headrace.api.http.waiting import Sys, reading
from headrace.api.native.bodies import Body, Name
from headrace.api.native.changes import changing
from headrace.core.access.caller import Caller
from headrace.core.refusal import Problem, Refused
from headrace.ports.records import Holdings, TenantRecord
from headrace.ports.store import USER_SORTS, Reader, Writer
from headrace.usecases import identity, tenants
from headrace.usecases.identity import UserChange, role_of, role_view, user_of, user_view

router = APIRouter(prefix=PREFIX, tags=["identity"])
UserId = Annotated[int, Path(alias="userId", ge=1, le=LARGEST)]
TenantId = Annotated[int, Path(alias="tenantId", ge=1, le=LARGEST)]
RoleId = Annotated[int, Path(alias="roleId", ge=1, le=LARGEST)]
Page = Annotated[Paging, Depends(paging)]
Password = Annotated[SecretStr, Field(min_length=8, max_length=1000, strict=False)]
Email = Annotated[str, Field(max_length=200, pattern=EMAIL, description="empty: none")]
DisplayName = Annotated[str, Field(max_length=100, pattern=LINE, description="empty: none")]
Subject = Annotated[
    str,
    Field(
        max_length=300,
        pattern=SUBJECT,
        description="<provider>|<sub>: whom an OIDC provider signs in as this user; empty: nobody",
    ),
]
Quota = Annotated[int, Field(ge=0, le=2**31 - 1, description="null: as many as the licence allows")]
UserName = Annotated[str, Field(min_length=1, max_length=100, pattern=USER_NAME)]


class UserShape(TypedDict):
    id: int
    name: str
    displayName: str | None
    email: str | None
    disabled: bool
    roles: list[str]
    subject: str | None  # <provider>|<sub>: whom an OIDC provider signs in as this user


class MeShape(TypedDict):
    id: int
    name: str
    tenant: str
    roles: list[str]
    permissions: list[str]


class RoleShape(TypedDict):
    id: int
    name: str
    permissions: list[str]
    builtIn: bool


class TenantShape(TypedDict):
    id: int
    name: str
    maxWorkflows: int | None
    disabled: bool
    workflows: int
    users: int  # that may sign in


class UserPage(Listed):
    items: list[UserShape]


class RolePage(Listed):
    items: list[RoleShape]


class TenantPage(Listed):
    items: list[TenantShape]


class NewUserBody(Body):
    """Without a password the user can only use API tokens made later by an administrator's reset."""

    name: UserName
    password: Password | None = None
    roles: list[Name] = Field(default_factory=list, max_length=100)
    email: Email | None = None
    displayName: DisplayName | None = None


class UserBody(Body):
    """What to change; what is left out stays."""

    password: Password | None = None
    disabled: bool | None = None
    roles: list[Name] | None = Field(None, max_length=100)
    email: Email | None = None
    displayName: DisplayName | None = None
    subject: Subject | None = None

    def change(self, password_hash: str | None) -> UserChange:
        roles = None if self.roles is None else tuple(self.roles)
        return UserChange(password_hash, self.disabled, roles, self.email, self.displayName, self.subject)


class OwnPasswordBody(Body):
    current: Annotated[SecretStr, Field(max_length=1000, strict=False)]
    password: Password


class NewRoleBody(Body):
    name: Name
    permissions: list[Name] = Field(max_length=100)


class RoleBody(Body):
    permissions: list[Name] = Field(max_length=100)


class NewTenantBody(Body):
    """A tenant begins with one administrator, who signs in as ``<tenant>/<user>``."""

    name: UserName
    admin: UserName = "admin"
    password: Password
    maxWorkflows: Quota | None = None


class TenantBody(Body):
    """What to change; what is left out stays."""

    maxWorkflows: Quota | None = None
    disabled: bool = False

    def changes(self) -> dict[str, object]:
        fields = {"maxWorkflows": "max_workflows", "disabled": "disabled"}
        return {fields[name]: getattr(self, name) for name in self.model_fields_set}


@router.get("/me", responses=shows(MeShape))
async def read_me(caller: SignedIn) -> Response:
    """Who is signed in, and what they may."""
    me: MeShape = {
        "id": caller.user,
        "name": caller.name,
        "tenant": caller.tenant_name,
        "roles": sorted(caller.roles),
        "permissions": sorted(caller.permissions),
    }
    return answer(me)


@router.put("/me/password", status_code=204)
async def write_own_password(
    request: Request, caller: SignedIn, system: Sys, body: OwnPasswordBody
) -> Response:
    """Change one's own password; needs the current one."""
    address = request.client.host if request.client else "local"
    if not await system.gate.confirm(caller, body.current.get_secret_value(), address):
        raise Refused("invalid", "request_invalid", {}, [Problem("current", "password_wrong")])
    hashed = await system.gate.hash_password(body.password.get_secret_value())
    await changing(system, lambda w, now: identity.change_own_password(w, now, caller, hashed))
    return Response(status_code=204)


@router.get("/users", responses=shows(UserPage))
async def list_users(caller: UserAdmin, system: Sys, page: Page, sort: Sort = None) -> Response:
    """Users of the tenant by name."""
    order = order_of(sort, USER_SORTS)
    found = await reading(system, lambda r: r.users(caller.tenant, page.page, page.size, order))
    items = [user_view(user) for user in found.items]
    return answer(paged(found, items))


@router.post("/users", status_code=201, responses=shows(UserShape, 201))
async def create_user(caller: UserAdmin, system: Sys, once: Once, body: NewUserBody) -> Response:
    """Create a user."""
    hashed = await _hashed(system, body.password)

    def work(writer: Writer, now: float) -> int:
        return identity.create_user(
            writer, now, caller, body.name, hashed, body.roles, body.email, body.displayName
        )

    id = await changing(system, work, once.ticket(caller))
    return await _user_shown(system, caller, id, 201, {"Location": f"/api/v1/users/{id}"})


@router.get("/users/{userId}", responses=shows(UserShape))
async def read_user(caller: UserAdmin, system: Sys, user_id: UserId) -> Response:
    """One user."""
    return await _user_shown(system, caller, user_id)


@router.patch("/users/{userId}", responses=shows(UserShape))
async def change_user(caller: UserAdmin, system: Sys, user_id: UserId, body: UserBody) -> Response:
    """Change what is given, disable or enable; in force with the next request."""
    change = body.change(await _hashed(system, body.password))
    await changing(system, lambda w, now: identity.change_user(w, now, caller, user_id, change))
    return await _user_shown(system, caller, user_id)


@router.get("/roles", responses=shows(RolePage))
async def list_roles(caller: SignedIn, system: Sys) -> Response:
    """Roles of the tenant."""
    items = [role_view(role) for role in await reading(system, lambda r: r.roles(caller.tenant))]
    return answer(whole(items))


@router.post("/roles", status_code=201, responses=shows(RoleShape, 201))
async def create_role(caller: UserAdmin, system: Sys, once: Once, body: NewRoleBody) -> Response:
    """Create a role of permissions that the caller has."""
    id = await changing(
        system,
        lambda w, now: identity.create_role(w, now, caller, body.name, body.permissions),
        once.ticket(caller),
    )
    return await _role_shown(system, caller, id, 201)


@router.get("/roles/{roleId}", responses=shows(RoleShape))
async def read_role(caller: SignedIn, system: Sys, role_id: RoleId) -> Response:
    """One role."""
    return await _role_shown(system, caller, role_id)


@router.put("/roles/{roleId}", responses=shows(RoleShape))
async def write_role(caller: UserAdmin, system: Sys, role_id: RoleId, body: RoleBody) -> Response:
    """Replace what a role grants; built-in roles and own roles stay as they are."""
    await changing(system, lambda w, now: identity.change_role(w, now, caller, role_id, body.permissions))
    return await _role_shown(system, caller, role_id)


@router.delete("/roles/{roleId}", status_code=204)
async def delete_role(caller: UserAdmin, system: Sys, role_id: RoleId) -> Response:
    """Delete a role that nobody holds."""
    await changing(system, lambda w, now: identity.delete_role(w, now, caller, role_id))
    return Response(status_code=204)


@router.get("/tenants", responses=shows(TenantPage))
async def list_tenants(caller: TenantAdmin, system: Sys) -> Response:
    """All tenants."""

    def look(reader: Reader) -> list[TenantShape]:
        held = reader.holdings()
        return [_tenant(tenant, held[tenant.id]) for tenant in reader.tenants()]

    return answer(whole(await reading(system, look)))


@router.post("/tenants", status_code=201, responses=shows(TenantShape, 201))
async def create_tenant(caller: TenantAdmin, system: Sys, once: Once, body: NewTenantBody) -> Response:
    """Create a tenant with built-in roles and its first administrator."""
    hashed = await system.gate.hash_password(body.password.get_secret_value())

    def work(writer: Writer, now: float) -> int:
        return tenants.create_tenant(writer, now, caller, body.name, body.admin, hashed, body.maxWorkflows)

    id = await changing(system, work, once.ticket(caller))
    return await _tenant_shown(system, id, 201)


@router.get("/tenants/{tenantId}", responses=shows(TenantShape))
async def read_tenant(caller: TenantAdmin, system: Sys, tenant_id: TenantId) -> Response:
    """One tenant, and how much it has."""
    return await _tenant_shown(system, tenant_id)


@router.patch("/tenants/{tenantId}", responses=shows(TenantShape))
async def change_tenant(caller: TenantAdmin, system: Sys, tenant_id: TenantId, body: TenantBody) -> Response:
    """Change its quota, disable or enable it; nobody of a disabled tenant can sign in."""
    changes = body.changes()
    await changing(system, lambda w, now: tenants.change_tenant(w, now, caller, tenant_id, changes))
    return await _tenant_shown(system, tenant_id)


async def _hashed(system: Sys, password: SecretStr | None) -> str | None:
    return None if password is None else await system.gate.hash_password(password.get_secret_value())


async def _user_shown(
    system: Sys, caller: Caller, user_id: int, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    user = await reading(system, lambda r: user_of(r, caller.tenant, user_id))
    return answer(user_view(user), status, headers)


async def _role_shown(system: Sys, caller: Caller, role_id: int, status: int = 200) -> Response:
    return answer(role_view(await reading(system, lambda r: role_of(r, caller.tenant, role_id))), status)


async def _tenant_shown(system: Sys, tenant_id: int, status: int = 200) -> Response:
    def look(reader: Reader) -> TenantShape:
        return _tenant(tenants.tenant_of(reader, tenant_id), reader.holdings()[tenant_id])

    return answer(await reading(system, look), status)


def _tenant(tenant: TenantRecord, held: Holdings) -> TenantShape:
    return {
        "id": tenant.id,
        "name": tenant.name,
        "maxWorkflows": tenant.max_workflows,
        "disabled": tenant.disabled,
        "workflows": held.workflows,
        "users": held.users,
    }
