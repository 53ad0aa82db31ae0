"""Roles times routes (S05, S06): each cell is tried over HTTP, the table is written down here."""

import httpx2
import pytest

from headrace.api.app import create_app
from headrace.api.http.access import ANYBODY, PUBLIC, permission_of
from headrace.core.access.roles import BUILT_IN
from tests.api.conftest import Running
from tests.api.two_tenants import body, native

MATRIX = {
    "DELETE /api/v1/channels/{name}": "RESOURCE_EDITOR",
    "DELETE /api/v1/connections/{name}": "RESOURCE_EDITOR",
    "DELETE /api/v1/license": "TENANT_ADMIN",
    "DELETE /api/v1/roles/{roleId}": "USER_ADMIN",
    "DELETE /api/v1/secrets/{name}": "RESOURCE_EDITOR",
    "DELETE /api/v1/session": ANYBODY,
    "DELETE /api/v1/targets/{type}/{name}": "TARGET_EDITOR",
    "DELETE /api/v1/tokens/{tokenId}": ANYBODY,
    "DELETE /api/v1/workflows/{name}": "WORKFLOW_EDITOR",
    "DELETE /api/v1/workflows/{name}/tokens/{tokenId}": "WORKFLOW_EDITOR",
    "GET /api/v1/alarms": "TASK_VIEWER",
    "GET /api/v1/alarms/{alarmId}": "TASK_VIEWER",
    "GET /api/v1/audit": "AUDIT_VIEWER",
    "GET /api/v1/channels": "RESOURCE_VIEWER",
    "GET /api/v1/channels/{name}": "RESOURCE_VIEWER",
    "GET /api/v1/connections": "RESOURCE_VIEWER",
    "GET /api/v1/connections/{name}": "RESOURCE_VIEWER",
    "GET /api/v1/events": "TASK_VIEWER",
    "GET /api/v1/executors": "WORKFLOW_VIEWER",
    "GET /api/v1/license": ANYBODY,
    "GET /api/v1/me": ANYBODY,
    "GET /api/v1/roles": ANYBODY,
    "GET /api/v1/roles/{roleId}": ANYBODY,
    "GET /api/v1/runs": "TASK_VIEWER",
    "GET /api/v1/runs/{runId}": "TASK_VIEWER",
    "GET /api/v1/runs/{runId}/definition": "TASK_VIEWER",
    "GET /api/v1/runs/{runId}/events": "TASK_VIEWER",
    "GET /api/v1/runs/{runId}/operations": "TASK_VIEWER",
    "GET /api/v1/runs/{runId}/steps": "TASK_VIEWER",
    "GET /api/v1/runs/{runId}/steps/{stepId}": "TASK_VIEWER",
    "GET /api/v1/runs/{runId}/steps/{stepId}/attempts": "TASK_VIEWER",
    "GET /api/v1/runs/{runId}/steps/{stepId}/attempts/{number}/log": "TASK_VIEWER",
    "GET /api/v1/schedules": "WORKFLOW_VIEWER",
    "GET /api/v1/secrets": "RESOURCE_VIEWER",
    "GET /api/v1/secrets/{name}": "RESOURCE_VIEWER",
    "GET /api/v1/session": ANYBODY,
    "GET /api/v1/target-types": "TARGET_VIEWER",
    "GET /api/v1/targets": "TARGET_VIEWER",
    "GET /api/v1/targets/{type}/{name}": "TARGET_VIEWER",
    "GET /api/v1/tenants": "TENANT_ADMIN",
    "GET /api/v1/tenants/{tenantId}": "TENANT_ADMIN",
    "GET /api/v1/tokens": ANYBODY,
    "GET /api/v1/users": "USER_ADMIN",
    "GET /api/v1/users/{userId}": "USER_ADMIN",
    "GET /api/v1/workflows": "WORKFLOW_VIEWER",
    "GET /api/v1/workflows/{name}": "WORKFLOW_VIEWER",
    "GET /api/v1/workflows/{name}/diff": "WORKFLOW_VIEWER",
    "GET /api/v1/workflows/{name}/fires": "WORKFLOW_VIEWER",
    "GET /api/v1/workflows/{name}/tokens": "WORKFLOW_VIEWER",
    "GET /api/v1/workflows/{name}/versions": "WORKFLOW_VIEWER",
    "GET /api/v1/workflows/{name}/versions/{number}": "WORKFLOW_VIEWER",
    "PATCH /api/v1/tenants/{tenantId}": "TENANT_ADMIN",
    "PATCH /api/v1/users/{userId}": "USER_ADMIN",
    "POST /api/v1/alarms/{alarmId}/retry": "TASK_MANAGER",
    "POST /api/v1/channels": "RESOURCE_EDITOR",
    "POST /api/v1/channels/{name}/disable": "RESOURCE_EDITOR",
    "POST /api/v1/channels/{name}/enable": "RESOURCE_EDITOR",
    "POST /api/v1/channels/{name}/test": "RESOURCE_EDITOR",
    "POST /api/v1/connections/{name}/test": "RESOURCE_EDITOR",
    "POST /api/v1/license": "TENANT_ADMIN",
    "POST /api/v1/roles": "USER_ADMIN",
    "POST /api/v1/runs/{runId}/pause": "TASK_MANAGER",
    "POST /api/v1/runs/{runId}/rerun": "TASK_MANAGER",
    "POST /api/v1/runs/{runId}/resume": "TASK_MANAGER",
    "POST /api/v1/runs/{runId}/retry": "TASK_MANAGER",
    "POST /api/v1/runs/{runId}/rollback": "TASK_MANAGER",
    "POST /api/v1/runs/{runId}/steps/{stepId}/approve": "TASK_MANAGER",
    "POST /api/v1/runs/{runId}/steps/{stepId}/break": "TASK_MANAGER",
    "POST /api/v1/runs/{runId}/steps/{stepId}/cancel": "TASK_MANAGER",
    "POST /api/v1/runs/{runId}/steps/{stepId}/choose": "TASK_MANAGER",
    "POST /api/v1/runs/{runId}/steps/{stepId}/reject": "TASK_MANAGER",
    "POST /api/v1/runs/{runId}/steps/{stepId}/rerun": "TASK_MANAGER",
    "POST /api/v1/runs/{runId}/steps/{stepId}/retry": "TASK_MANAGER",
    "POST /api/v1/runs/{runId}/steps/{stepId}/skip": "TASK_MANAGER",
    "POST /api/v1/runs/{runId}/terminate": "TASK_MANAGER",
    "POST /api/v1/schedules/preview": "WORKFLOW_VIEWER",
    "POST /api/v1/schedules/{name}/pause": "TASK_MANAGER",
    "POST /api/v1/schedules/{name}/resume": "TASK_MANAGER",
    "POST /api/v1/tenants": "TENANT_ADMIN",
    "POST /api/v1/tokens": ANYBODY,
    "POST /api/v1/users": "USER_ADMIN",
    "POST /api/v1/workflows/{name}/copy": "WORKFLOW_EDITOR",
    "POST /api/v1/workflows/{name}/offline": "WORKFLOW_EDITOR",
    "POST /api/v1/workflows/{name}/publish": "WORKFLOW_EDITOR",
    "POST /api/v1/workflows/{name}/runs": "TASK_MANAGER",
    "POST /api/v1/workflows/{name}/tokens": "WORKFLOW_EDITOR",
    "POST /api/v1/workflows/{name}/tokens/{tokenId}/rotate": "WORKFLOW_EDITOR",
    "POST /api/v1/workflows:check": "WORKFLOW_VIEWER",
    "PUT /api/v1/channels/{name}": "RESOURCE_EDITOR",
    "PUT /api/v1/connections/{name}": "RESOURCE_EDITOR",
    "PUT /api/v1/me/password": ANYBODY,
    "PUT /api/v1/roles/{roleId}": "USER_ADMIN",
    "PUT /api/v1/secrets/{name}": "RESOURCE_EDITOR",
    "PUT /api/v1/targets/{type}/{name}": "TARGET_EDITOR",
    "PUT /api/v1/workflows/{name}": "WORKFLOW_EDITOR",
}
ABSENT = {
    "runId": 404404,
    "alarmId": 404404,
    "stepId": 404404,
    "number": 1,
    "name": "absent",
    "type": "host",
} | {
    "userId": 404404,
    "roleId": 404404,
    "tokenId": 404404,
    "tenantId": 404404,
}


def cells(live: Running) -> list[tuple[str, str]]:
    return [
        (method, path) for method, path in native(create_app(live.system)) if f"{method} {path}" in MATRIX
    ]


def status_of(caller: httpx2.Client, method: str, path: str) -> int:
    """The status alone: some answers are streams that do not end."""
    with caller.stream(method, path.format(**ABSENT), json=body(method, path, ABSENT)) as answer:
        return answer.status_code


def test_the_table_is_the_routes(live: Running) -> None:
    app = create_app(live.system)
    marks = {route.path: permission_of(route) for route in app.routes if hasattr(route, "path")}
    found = {f"{method} {path}" for method, path in native(app) if path not in PUBLIC}
    assert found == set(MATRIX)
    assert marks["/metrics"] == "SYSTEM_VIEWER"


@pytest.mark.parametrize("role", [*BUILT_IN, "nothing"])
def test_each_role_may_exactly_what_its_permissions_say(live: Running, role: str) -> None:
    held = {permission.value for permission in BUILT_IN.get(role, frozenset())} | {ANYBODY}
    caller: httpx2.Client = live.user(role, (role,) if role in BUILT_IN else ())
    wrong = []
    for method, path in cells(live):
        status = status_of(caller, method, path)
        allowed = status not in (401, 403)
        if allowed != (MATRIX[f"{method} {path}"] in held):
            wrong.append((method, path, status))
    assert wrong == []


def test_nobody_may_nothing(live: Running) -> None:
    nobody = live.client()
    for method, path in cells(live):
        assert status_of(nobody, method, path) == 401, path
