"""Tenants: made, limited, disabled; all from the tenant ``default``."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from headrace.core.access.caller import DEFAULT_TENANT, Caller
from headrace.core.access.roles import ADMINISTRATOR, built_in
from headrace.ports.errors import Gone, Refused
from headrace.ports.records import RoleRecord, TenantRecord, UserRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases import audit, licence

Json = Any


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
    audit.record(
        writer, now, caller, "create", "tenant", name, None, {**_view(tenant), "administrator": admin}
    )
    return tenant.id


def change_tenant(
    writer: Writer, now: float, caller: Caller, tenant_id: int, changes: Mapping[str, object]
) -> None:
    """``changes`` are fields of ``TenantRecord``: max_workflows, disabled. The tenant ``default`` stays."""
    _refuse_outside(caller)
    tenant = tenant_of(writer, tenant_id)
    if changes.get("disabled") and tenant.name == DEFAULT_TENANT:
        raise Refused("forbidden", "tenant_default")
    changed = replace(tenant, **changes)  # type: ignore[arg-type]
    writer.change_tenant(changed)
    audit.record(writer, now, caller, "change", "tenant", tenant.name, _view(tenant), _view(changed))


def tenant_of(reader: Reader, tenant_id: int) -> TenantRecord:
    """Gone where there is none."""
    for tenant in reader.tenants():
        if tenant.id == tenant_id:
            return tenant
    raise Gone("tenant", tenant_id)


def _refuse_outside(caller: Caller) -> None:
    if caller.tenant_name != DEFAULT_TENANT:
        raise Refused("forbidden", "tenants_only_default")


def _view(tenant: TenantRecord) -> dict[str, Json]:
    return {"name": tenant.name, "maxWorkflows": tenant.max_workflows, "disabled": tenant.disabled}
