"""The built-in roles, and the rules for giving roles away."""

from collections.abc import Iterable, Mapping

from headrace.core.access.caller import Caller
from headrace.core.refusal import Refused
from headrace.core.words import Permission as P

ADMINISTRATOR = "administrator"

VIEWER = frozenset({P.TASK_VIEWER, P.WORKFLOW_VIEWER, P.TARGET_VIEWER, P.RESOURCE_VIEWER})

BUILT_IN: Mapping[str, frozenset[P]] = {
    ADMINISTRATOR: frozenset(P),
    "editor": VIEWER | {P.TASK_MANAGER, P.WORKFLOW_EDITOR, P.TARGET_EDITOR, P.RESOURCE_EDITOR},
    "operator": VIEWER | {P.TASK_MANAGER},
    "viewer": VIEWER,
}


def built_in(default_tenant: bool) -> Mapping[str, frozenset[P]]:
    """The roles a new tenant starts with; only the tenant ``default`` may administer tenants."""
    if default_tenant:
        return BUILT_IN
    local = frozenset(P) - {P.TENANT_ADMIN, P.SYSTEM_VIEWER}
    return {name: permissions & local for name, permissions in BUILT_IN.items()}


def refuse_beyond(caller: Caller, granted: Iterable[str], code: str = "grant_beyond_own") -> None:
    """Raise Refused (forbidden) where ``granted`` names a permission the caller does not have. ``code``
    says whether it is to be given, or is held by whom the caller wants to change (``change_beyond_own``)."""
    own = {permission.value for permission in caller.permissions}
    missing = sorted(set(granted) - own)
    if missing:
        raise Refused("forbidden", code, {"permissions": ", ".join(missing)})


def administers(permissions: Iterable[str]) -> bool:
    """Whether these permissions can repair a tenant's users: what its last administrator must keep."""
    return P.USER_ADMIN.value in permissions
