"""Who may call what: every route with every role, and another tenant's objects are not there."""

from typing import Any

import httpx2
import pytest
from fastapi.routing import APIRoute

from headrace.api.app import create_app
from headrace.api.http.access import INVOKE, permission_of
from headrace.core.access.roles import BUILT_IN
from tests.api.conftest import Running
from tests.api.flows import noop, shell
from tests.surfaces.desk import Gate
from tests.surfaces.workflows.desk import FlowDesk, Json

MATRIX = {
    "addWorkflow": "WORKFLOW_EDITOR",
    "updateWorkflow": "WORKFLOW_EDITOR",
    "configWorkflow": "WORKFLOW_EDITOR",
    "configWorkflowSetting": "WORKFLOW_EDITOR",
    "pageWorkflow": "WORKFLOW_VIEWER",
    "getWorkflow": "WORKFLOW_VIEWER",
    "deleteWorkflow": "WORKFLOW_EDITOR",
    "deployWorkflow": "WORKFLOW_EDITOR",
    "killWorkflow": "WORKFLOW_EDITOR",
    "exportWorkflow": "WORKFLOW_VIEWER",
    "importWorkflow": "WORKFLOW_EDITOR",
    "getInvokeUrl": "WORKFLOW_EDITOR",
    "runWorkflow": "TASK_MANAGER",
    "abortFlow": "TASK_MANAGER",
    "reRunFlow": "TASK_MANAGER",
    "getRunWorkInstances": "TASK_VIEWER",
    "breakFlow": "TASK_MANAGER",
    "runCurrentNode": "TASK_MANAGER",
    "runAfterFlow": "TASK_MANAGER",
    "queryWorkFlowInstances": "TASK_VIEWER",
}
ABSENT = {
    "workflowId": "404404",
    "id": "404404",
    "name": "x",
    "webConfig": [],
    "workflowInstanceId": "404404",
    "workInstanceId": "404404",
}


def body(call: str) -> Json:
    return {"name": ""} if call == "addWorkflow" else ABSENT


def status_of(caller: httpx2.Client, call: str) -> int:
    return caller.post(f"/workflow/{call}", json=body(call)).status_code


def test_the_table_is_the_routes(house: Running) -> None:
    found = {
        route.path.removeprefix("/workflow/"): permission_of(route)
        for route in create_app(house.system).routes
        if isinstance(route, APIRoute) and route.path.startswith("/workflow/")
    }
    assert found.pop(INVOKE.removeprefix("/workflow/")) is None
    assert found == MATRIX


@pytest.mark.parametrize("role", [*BUILT_IN, "nothing"])
def test_each_role_may_exactly_what_its_permissions_say(house: Running, role: str) -> None:
    held = {permission.value for permission in BUILT_IN.get(role, frozenset())}
    caller = house.user(f"{role} of the surface", (role,) if role in BUILT_IN else ())
    wrong = [
        (call, status)
        for call, needed in MATRIX.items()
        if ((status := status_of(caller, call)) not in (401, 403)) != (needed in held)
    ]
    assert wrong == []


def test_nobody_may_nothing_and_is_told_in_chinese(flow: FlowDesk) -> None:
    for call in MATRIX:
        answer = flow.nobody().post(f"/workflow/{call}", json=body(call))
        assert answer.status_code == 401
        assert answer.json()["code"] == "401"
        assert "登录" in answer.json()["msg"]


OF_FLOW = [
    *("configWorkflow", "configWorkflowSetting", "getWorkflow", "deleteWorkflow", "deployWorkflow"),
    *("killWorkflow", "exportWorkflow", "getInvokeUrl", "runWorkflow"),
]
OF_INSTANCE = ["abortFlow", "reRunFlow", "getRunWorkInstances"]
OF_JOB = ["breakFlow", "runCurrentNode", "runAfterFlow"]


def calls(flow: FlowDesk, id: str, instance: str) -> list[tuple[str, dict[str, Any]]]:
    """Every call that names an object, with these ones."""
    return [
        ("updateWorkflow", {"id": id, "name": "stolen"}),
        *((call, {"workflowId": id, "webConfig": []}) for call in OF_FLOW),
        *((call, {"workflowInstanceId": instance}) for call in OF_INSTANCE),
        *((call, {"workInstanceId": flow.job(instance, "b")}) for call in OF_JOB),
    ]


def test_another_tenants_objects_are_not_there(flow: FlowDesk, gate: Gate) -> None:
    id = flow.flow(shell("a", gate.script), noop("b", "a"))
    instance = flow.start(id)
    gate.arrived()
    other = flow.tenant("neighbours")
    before = flow.data("getWorkflow", workflowId=id), flow.jobs(instance)
    for call, given in calls(flow, id, instance):
        told = other.call(call, 404, **given)
        assert told["err"] == "not_found"
        assert "作业" in told["msg"], told
    file = flow.client.post("/workflow/exportWorkflow", json={"workflowId": id}).content
    form = {"files": {"workflowConfigFile": ("f", file)}, "data": {"workflowId": id}}
    assert other.client.post("/workflow/importWorkflow", **form).status_code == 404
    assert other.history() == []
    assert other.history(workflowId=id) == []
    assert other.data("pageWorkflow")["content"] == []
    assert (flow.data("getWorkflow", workflowId=id), flow.jobs(instance)) == before
    gate.go()
    flow.until(instance, "SUCCESS")


def test_pages_count_from_zero(flow: FlowDesk) -> None:
    ids = [flow.flow(noop("a"), publish=False) for _ in range(3)]
    page = flow.data("pageWorkflow", page=1, pageSize=2)
    assert (page["number"], page["size"], page["first"]) == (1, 2, False)
    assert page["totalPages"] == -(-page["totalElements"] // 2)
    whole = flow.data("pageWorkflow", pageSize=2**40)
    assert whole["size"] == 2000
    assert (whole["first"], whole["last"], whole["empty"]) == (True, True, False)
    assert set(ids) <= {each["id"] for each in whole["content"]}
    assert flow.data("pageWorkflow", searchKeyWord="no such name")["empty"] is True


def test_a_verb_is_carried_out_once_for_a_key(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"))
    headers = {"Idempotency-Key": f"run-{id}"}
    started = {
        flow.client.post("/workflow/runWorkflow", json={"workflowId": id}, headers=headers).json()["data"]
        for _ in range(2)
    }
    assert len(started) == 1
    flow.until(started.pop(), "SUCCESS")
    assert len(flow.history(workflowId=id)) == 1


def test_an_unknown_path_wears_the_envelope(flow: FlowDesk) -> None:
    assert flow.call("noSuchCall", 404)["err"] == "path_unknown"
    assert flow.call("queryWorkFlowInstances", 400, executeStatus="DONE")["msg"].startswith("executeStatus:")
