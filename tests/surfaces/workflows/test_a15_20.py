"""Acceptance case 20: an export goes to another tenant."""

import json

import pytest

from tests.api.flows import noop
from tests.surfaces.workflows.desk import FlowDesk, Json


def exported(flow: FlowDesk, id: str) -> bytes:
    answer = flow.client.post("/workflow/exportWorkflow", json={"workflowId": id})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    return answer.content


def imported(flow: FlowDesk, file: bytes, expect: int = 200, **form: str) -> Json:
    files = {"workflowConfigFile": ("flow.json", file, "application/json")}
    answer = flow.client.post("/workflow/importWorkflow", files=files, data=form)
    assert answer.status_code == expect, answer.text
    return answer.json()


def test_a15_20_import_into_another_tenant(flow: FlowDesk) -> None:
    approve = {"id": "ok", "kind": "approval", "approvers": {"roles": ["oncall"], "users": ["ada"]}}
    child = {"id": "child", "kind": "workflow", "workflow": "send-report", "after": ["ok"]}
    sql = {"id": "sql", "executor": "shell", "with": {"script": "true", "env": {"P": {"$secret": "pw"}}}}
    schedule = {"cron": "0 9 * * *", "timezone": "Asia/Shanghai"}
    id = flow.flow(approve, child, sql, schedule=schedule, invocation={"enabled": True}, publish=False)
    token = flow.token(id)
    file = exported(flow, id)
    assert token.encode() not in file
    other = flow.tenant("importers")
    for _ in range(2):
        other.data("addWorkflow", name=f"so that ids differ {_}")
    made = imported(other, file)["data"]
    assert made["name"] == flow.name(id)
    assert made["workflowId"] != id
    assert made["missing"] == [
        {"kind": "role", "name": "oncall"},
        {"kind": "secret", "name": "pw"},
        {"kind": "user", "name": "ada"},
        {"kind": "workflow", "name": "send-report"},
    ]
    now = other.data("getWorkflow", workflowId=made["workflowId"])
    assert now["cronConfig"]["enable"] is False
    assert now["cronConfig"]["timezone"] == "Asia/Shanghai"
    assert now["invokeStatus"] == "OFF"
    assert now["status"] == "UN_AUTO"
    tokens = other.client.get(f"/api/v1/workflows/{made['name']}/tokens").json()
    assert tokens["items"] == []
    assert "pw" in other.call("deployWorkflow", 400, workflowId=made["workflowId"])["msg"]
    assert other.call("open/invokeWorkflow", 403, other.nobody(), workflowId=made["workflowId"], token=token)


def test_a15_20_import_as_the_draft_of_another(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"), noop("b", "a"))
    into = flow.flow(noop("x"))
    made = imported(flow, exported(flow, id), workflowId=into)["data"]
    assert made == {"workflowId": into, "name": flow.name(into), "missing": []}
    cells = flow.data("getWorkflow", workflowId=into)["webConfig"]["cells"]
    assert [each["id"] for each in cells] == ["a", "b", "a->b"]
    flow.until(instance := flow.start(into), "SUCCESS")
    assert flow.states(instance) == {"x": "SUCCESS"}  # published is still what was
    imported(flow, exported(flow, id), 404, workflowId="404404")
    imported(flow, exported(flow, id), 404, workflowId="sy_1")


def test_a15_20_the_file_itself_may_be_the_body(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"), publish=False)
    file = json.loads(exported(flow, id))
    file["workflowConfig"]["metadata"]["name"] = "from the body"
    assert flow.data("importWorkflow", **file)["name"] == "from the body"


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"no json",
        b"[]",
        b"{}",
        b'{"format": "headrace/job-flow"}',
        b'{"format": "headrace/job-flow", "workflowConfig": 1}',
    ],
)
def test_a15_20_other_files_are_refused(flow: FlowDesk, file: bytes) -> None:
    assert "作业流" in imported(flow, file, 400)["msg"]


def test_a15_20_a_broken_definition_is_refused_with_its_places(flow: FlowDesk) -> None:
    file = {
        "format": "headrace/job-flow",
        "workflowConfig": {"apiVersion": "headrace/v1", "kind": "Workflow"},
    }
    refused = imported(flow, json.dumps(file).encode(), 400)
    assert refused["err"] == "definition_invalid"
    assert "metadata" in refused["msg"]


def test_findings_are_chinese_to_the_end(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"), publish=False)
    file = json.loads(exported(flow, id))
    file["workflowConfig"]["spec"]["nodes"][0]["when"] = "hr__x"
    refused = imported(flow, json.dumps(file).encode(), 400)
    assert refused["msg"] == 'spec.nodes[0].when: 表达式 "hr__x" 无法编译：以 hr__ 开头的名称为保留名称'


def test_a15_20_forms_that_are_none(flow: FlowDesk) -> None:
    post = flow.client.post
    answer = post("/workflow/importWorkflow", files={"other": ("x", b"{}")})
    assert answer.json()["msg"].startswith("workflowConfigFile:")
    headers = {"Content-Type": "multipart/form-data"}
    assert post("/workflow/importWorkflow", content=b"nothing", headers=headers).status_code == 400
