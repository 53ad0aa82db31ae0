"""Acceptance cases 15 to 17: names and quotas, deletion, the canvas."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.flows import noop, shell
from tests.surfaces.desk import Gate
from tests.surfaces.workflows.desk import FlowDesk, Json, cell, edge


def test_a15_15_a_name_is_taken_once_in_a_tenant(flow: FlowDesk) -> None:
    id = flow.data("addWorkflow", name="taken", remark="first")["workflowId"]
    assert flow.call("addWorkflow", 409, name="taken")["err"] == "workflow_exists"
    assert flow.tenant("elsewhere").data("addWorkflow", name="taken")["workflowId"] != id
    flow.call("deleteWorkflow", workflowId=id)
    again = flow.data("addWorkflow", name="taken")["workflowId"]
    assert again != id
    flow.call("getWorkflow", 404, workflowId=id)


def test_a15_15_a_rename_keeps_to_free_names(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"))
    other = flow.flow(noop("a"))
    instance = flow.start(id)
    flow.until(instance, "SUCCESS")
    assert flow.call("updateWorkflow", 409, id=id, name="renamed")["err"] == "workflow_published"
    flow.call("killWorkflow", workflowId=id)
    assert flow.call("updateWorkflow", 409, id=id, name=flow.name(other))["err"] == "workflow_exists"
    flow.call("updateWorkflow", id=id, name="renamed", remark="why")
    now = flow.data("getWorkflow", workflowId=id)
    assert (now["id"], now["name"], now["remark"]) == (id, "renamed", "why")
    flow.call("deployWorkflow", workflowId=id)
    flow.until(flow.start(id), "SUCCESS")
    assert flow.jobs(instance)["flowStatus"] == "SUCCESS"


def test_a15_15_a_remark_changes_at_any_time(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"))
    name = flow.name(id)
    flow.call("updateWorkflow", id=id, name=name, remark="a needle of a remark")
    flow.call("updateWorkflow", id=id, name=name)
    [found] = flow.data("pageWorkflow", searchKeyWord="NEEDLE")["content"]
    assert (found["id"], found["remark"], found["status"]) == (id, "a needle of a remark", "PUBLISHED")


def test_a15_15_an_import_keeps_to_free_names(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"))
    file = flow.client.post("/workflow/exportWorkflow", json={"workflowId": id}).content
    answer = flow.client.post("/workflow/importWorkflow", files={"workflowConfigFile": ("x.json", file)})
    assert answer.status_code == 409
    assert answer.json()["err"] == "workflow_exists"


def test_a15_15_at_the_quota_one_runs_but_does_not_create(flow: FlowDesk) -> None:
    full = flow.tenant("full", maxWorkflows=2)
    id, other = full.flow(noop("a")), full.flow(noop("a"))
    full.until(full.start(id), "SUCCESS")
    assert full.call("addWorkflow", 400, name="one more")["err"] == "quota_workflows"
    file = json.loads(full.client.post("/workflow/exportWorkflow", json={"workflowId": id}).content)
    file["workflowConfig"]["metadata"]["name"] = "one more"
    assert full.call("importWorkflow", 400, **file)["err"] == "quota_workflows"
    copy = full.client.post(f"/api/v1/workflows/{full.name(id)}/copy", json={"name": "one more"})
    assert copy.json()["code"] == "quota_workflows"
    full.call("configWorkflow", workflowId=id, webConfig=[cell("a"), cell("b", noop("b"))])
    full.call("deployWorkflow", workflowId=id)
    full.call("killWorkflow", workflowId=other)
    full.call("updateWorkflow", id=other, name="a rename is no new one")
    full.call("deleteWorkflow", workflowId=other)
    full.call("addWorkflow", name="one more")


def test_a15_16_what_is_published_or_runs_is_not_deleted(flow: FlowDesk, gate: Gate) -> None:
    id = flow.flow(shell("a", gate.script))
    assert flow.call("deleteWorkflow", 409, workflowId=id)["err"] == "workflow_published"
    instance = flow.start(id)
    gate.arrived()
    flow.call("killWorkflow", workflowId=id)
    assert flow.call("deleteWorkflow", 409, workflowId=id)["err"] == "workflow_open_runs"
    gate.go()
    flow.until(instance, "SUCCESS")
    name = flow.name(id)
    flow.call("deleteWorkflow", workflowId=id)
    assert flow.jobs(instance)["flowStatus"] == "SUCCESS"
    [row] = flow.history(searchKeyWord=name)
    assert (row["workflowInstanceId"], row["workflowId"]) == (instance, None)
    assert flow.history(workflowId=id) == []


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([cell("a"), cell("b"), edge("a", "b"), edge("b", "a")], "a"),
        ([cell("a"), edge("a", "a")], "a"),
        ([cell("a"), cell("a"), cell("b")], "a"),
        ([cell("a"), cell("of another")], "of another"),
        ([cell("a"), cell("b"), edge("gone", "b")], "gone"),
        ([cell("a"), cell("b"), edge("b", "gone")], "gone"),
        ([cell("a"), edge("a", "")], "webConfig[1]"),
        ([cell("a"), {"id": "x", "shape": "dag-note"}], "webConfig[1].shape"),
        ([{"shape": "dag-node"}], "webConfig[0].id"),
        (["a"], "webConfig"),
        ({"cells": "a"}, "webConfig"),
    ],
)
def test_a15_17_a_canvas_that_is_no_graph_is_not_saved(flow: FlowDesk, cells: Json, said: str) -> None:
    id = flow.flow(noop("a"), noop("b", "a"), publish=False)
    before = flow.data("getWorkflow", workflowId=id)
    refused = flow.call("configWorkflow", 400, workflowId=id, webConfig=cells)
    assert said in refused["msg"]
    assert flow.data("getWorkflow", workflowId=id) == before


def test_a15_17_edges_drawn_twice_count_once_and_jobs_left_out_go(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"), noop("b", "a"), noop("c"), publish=False)
    canvas = [cell("a", x=10, y=20), cell("b"), edge("a", "b"), edge("a", "b")]
    flow.call("configWorkflow", workflowId=id, webConfig={"cells": canvas})
    cells = flow.data("getWorkflow", workflowId=id)["webConfig"]["cells"]
    assert [each["id"] for each in cells] == ["a", "b", "a->b"]
    assert cells[0]["position"] == {"x": 10, "y": 20}


def test_a15_17_a_case_stays_on_its_edge(flow: FlowDesk) -> None:
    choose = {"id": "choose", "kind": "decision", "cases": [{"name": "yes", "when": "true"}, {"name": "no"}]}
    yes = noop("yes", {"node": "choose", "case": "yes"})
    id = flow.flow(choose, yes, publish=False)
    canvas = [cell("choose"), cell("yes"), edge("choose", "yes")]
    canvas += [cell("no", noop("no")), {**edge("choose", "no"), "data": {"case": "no"}}]
    flow.call("configWorkflow", workflowId=id, webConfig=canvas)
    cells = flow.data("getWorkflow", workflowId=id)["webConfig"]["cells"]
    assert [each["data"] for each in cells if each["shape"] == "dag-edge"] == [
        {"case": "yes"},
        {"case": "no"},
    ]


def test_a15_17_of_two_who_save_one_is_told(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"), publish=False)
    etag = flow.data("getWorkflow", workflowId=id)["etag"]

    def save(name: str) -> int:
        body = {"workflowId": id, "webConfig": [cell(name, noop(name))], "etag": etag}
        return flow.client.post("/workflow/configWorkflow", json=body).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, ["left", "right"])) == [200, 409]
    refused = flow.call("configWorkflow", 409, workflowId=id, webConfig=[cell("a", noop("a"))], etag=etag)
    assert (refused["code"], refused["err"]) == ("55500", "etag_stale")


@pytest.mark.parametrize("cells", [5, "text", None, [1], {"cells": "x"}])
def test_a15_17_what_is_no_canvas_is_told_with_its_place(flow: FlowDesk, cells: Json) -> None:
    id = flow.flow(noop("a"), publish=False)
    refused = flow.call("configWorkflow", 400, workflowId=id, webConfig=cells)
    assert refused["msg"].startswith("webConfig[0].shape: ")


def test_instances_are_found_by_name_or_id(flow: FlowDesk) -> None:
    id, other = flow.flow(noop("a")), flow.flow(noop("a"))
    instance = flow.start(id)
    flow.until(instance, "SUCCESS")

    def ids(**which: Json) -> list[str]:
        found = flow.data("queryWorkFlowInstances", **which)
        content = [each["workflowInstanceId"] for each in found["content"]]
        assert found["totalElements"] == len(content)
        return content

    assert ids(searchKeyWord=flow.name(id)) == [instance]
    assert ids(searchKeyWord=instance, workflowId=id) == [instance]
    assert ids(searchKeyWord=instance, workflowId=id, executeStatus="SUCCESS") == [instance]
    assert ids(searchKeyWord=instance, workflowId=id, executeStatus="FAIL") == []
    assert ids(searchKeyWord=instance, workflowId=other) == []
    assert ids(searchKeyWord="404404404") == ids(workflowId="404404") == ids(workflowId="sy_1") == []
    assert flow.data("queryWorkFlowInstances", searchKeyWord=instance, workflowId=id, page=1)["content"] == []
