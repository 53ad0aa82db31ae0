"""Acceptance cases 9 to 11: what runs after an edit, publishing, and the next time shown."""

import pytest

from tests.api.flows import noop, shell
from tests.surfaces.desk import Gate, Trace
from tests.surfaces.workflows.desk import FlowDesk, Json, cell, edge

DAILY = {"enable": True, "type": "ALL", "setMode": "ADVANCE", "cron": "0 0 9 * * ?"}


def row(flow: FlowDesk, id: str) -> Json:
    name = flow.name(id)
    return next(each for each in flow.data("pageWorkflow", searchKeyWord=name)["content"] if each["id"] == id)


def test_a15_09_an_edit_counts_from_its_publication_on(flow: FlowDesk, trace: Trace) -> None:
    id = flow.flow(shell("a", trace.says("old")))
    first = flow.start(id)
    flow.until(first, "SUCCESS")
    flow.call(
        "configWorkflow", workflowId=id, webConfig=[cell("a"), cell("b", shell("b", trace.says("new")))]
    )
    flow.until(flow.start(id), "SUCCESS")
    assert trace.words == ["old", "old"]
    flow.call("deployWorkflow", workflowId=id)
    flow.until(flow.start(id), "SUCCESS")
    assert sorted(trace.words) == ["new", "old", "old", "old"]
    flow.call("reRunFlow", workflowInstanceId=first)
    flow.until(first, "SUCCESS")
    assert sorted(trace.words) == ["new", "old", "old", "old", "old"]


def test_a15_09_the_old_schedule_counts_until_then(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"), publish=False)
    flow.call("configWorkflowSetting", workflowId=id, cronConfig=DAILY)
    assert row(flow, id)["nextDateTime"] is None
    flow.call("deployWorkflow", workflowId=id)
    assert row(flow, id)["nextDateTime"].endswith("09:00:00")
    flow.call("configWorkflowSetting", workflowId=id, cronConfig={**DAILY, "cron": "0 30 10 * * ?"})
    assert row(flow, id)["nextDateTime"].endswith("09:00:00")
    flow.call("deployWorkflow", workflowId=id)
    assert row(flow, id)["nextDateTime"].endswith("10:30:00")


def test_a15_10_publishing_an_empty_canvas(flow: FlowDesk) -> None:
    id = flow.data("addWorkflow", name="empty canvas")["workflowId"]
    refused = flow.call("deployWorkflow", 400, workflowId=id)
    assert refused["err"] == "definition_invalid"
    assert "spec.nodes" in refused["msg"]
    flow.call("runWorkflow", 409, workflowId=id)


def test_a15_10_publishing_without_a_schedule_in_force(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"), publish=False)
    flow.call("configWorkflowSetting", workflowId=id, cronConfig={**DAILY, "enable": False})
    flow.call("deployWorkflow", workflowId=id)
    assert row(flow, id) | {"status": "PUBLISHED", "nextDateTime": None} == row(flow, id)


@pytest.mark.parametrize(
    ("cron", "place"),
    [
        ({**DAILY, "workDate": ["2020-01-01", "2020-12-31"]}, "spec.schedule.until"),
        ({**DAILY, "cron": "0 99 9 * * ?"}, "spec.schedule.cron"),
        ({**DAILY, "timezone": "Moon/Crater"}, "spec.schedule.timezone"),
        ({**DAILY, "workDate": ["2030-01-01", "2029-12-31"]}, "spec.schedule.until"),
    ],
)
def test_a15_10_schedules_that_make_no_sense(flow: FlowDesk, cron: Json, place: str) -> None:
    id = flow.flow(noop("a"), publish=False)
    answer = flow.client.post("/workflow/configWorkflowSetting", json={"workflowId": id, "cronConfig": cron})
    if answer.status_code == 200:
        answer = flow.client.post("/workflow/deployWorkflow", json={"workflowId": id})
    assert answer.status_code == 400, answer.text
    assert answer.json()["err"] == "definition_invalid"
    assert answer.json()["msg"].startswith(f"{place}:")
    assert row(flow, id)["status"] == "UN_AUTO"


def test_a15_10_a_job_without_its_script(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"), publish=False)
    bad = cell("b", {"id": "b", "executor": "shell"})
    flow.call("configWorkflow", workflowId=id, webConfig=[bad])  # a draft may be unfinished
    refused = flow.call("deployWorkflow", 400, workflowId=id)
    assert refused["msg"].startswith("spec.nodes[0].with:")


def test_a15_10_publishing_twice_and_going_offline_twice(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"), publish=False)
    assert flow.call("killWorkflow", 409, workflowId=id)["err"] == "workflow_not_published"
    assert flow.data("deployWorkflow", workflowId=id) == {"versionNumber": 1}
    assert flow.data("deployWorkflow", workflowId=id) == {"versionNumber": 1}
    flow.call("killWorkflow", workflowId=id)
    assert "作业流" in flow.call("killWorkflow", 409, workflowId=id)["msg"]


def test_a15_10_going_offline_lets_runs_go_on(flow: FlowDesk, gate: Gate) -> None:
    id = flow.flow(shell("a", gate.script))
    instance = flow.start(id)
    gate.arrived()
    flow.call("killWorkflow", workflowId=id)
    flow.call("runWorkflow", 409, workflowId=id)
    gate.go()
    flow.until(instance, "SUCCESS")


def test_a15_11_the_next_time_comes_and_goes_with_publication(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"), publish=False)
    flow.call("configWorkflowSetting", workflowId=id, cronConfig=DAILY)
    flow.call("deployWorkflow", workflowId=id)
    shown = row(flow, id)["nextDateTime"]
    assert shown.endswith("09:00:00")
    assert flow.data("getWorkflow", workflowId=id)["nextDateTime"] == shown
    instance = flow.start(id)
    flow.until(instance, "SUCCESS")
    assert flow.history(workflowId=id)[0]["nextPlanDateTime"] == shown
    flow.call("killWorkflow", workflowId=id)
    assert row(flow, id)["nextDateTime"] is None


def test_a15_13_the_simple_form_counts_weekdays_from_monday(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"), publish=False)
    simple = {**DAILY, "setMode": "SIMPLE", "cron": "0 0 9 ? * 1 *"}
    flow.call("configWorkflowSetting", workflowId=id, cronConfig=simple)
    assert flow.data("getWorkflow", workflowId=id)["cronConfig"]["cron"] == "0 0 9 ? * MON *"
    flow.call("configWorkflowSetting", workflowId=id, cronConfig={**simple, "setMode": "ADVANCE"})
    assert flow.data("getWorkflow", workflowId=id)["cronConfig"]["cron"] == "0 0 9 ? * 1 *"


def test_what_the_drawer_leaves_out_stays(flow: FlowDesk) -> None:
    more = {"timezone": "Asia/Shanghai", "missed": "skip", "overlap": "skip", "params": {"scope": "some"}}
    id = flow.flow(
        noop("a"),
        publish=False,
        params={"scope": {"type": "string"}},
        schedule={"cron": "0 9 * * 1", "from": "2026-12-01", **more},
        invocation={"enabled": True},
    )

    def spec() -> Json:
        return flow.client.get(f"/api/v1/workflows/{flow.name(id)}").json()["document"]["spec"]

    flow.call("configWorkflowSetting", workflowId=id, cronConfig={"enable": False})
    assert spec()["invocation"] == {"enabled": True}
    assert spec()["schedule"] == {"enabled": False, "cron": "0 9 * * 1", "from": "2026-12-01", **more}
    flow.call("configWorkflowSetting", workflowId=id, cronConfig=DAILY)
    assert spec()["schedule"]["params"] == {"scope": "some"}
    flow.call("configWorkflowSetting", workflowId=id, invokeStatus="OFF")
    assert spec()["invocation"] == {"enabled": False}


def test_a15_17_the_canvas_survives_going_out_and_in(flow: FlowDesk) -> None:
    id = flow.flow(noop("a"), noop("b", "a"), publish=False)
    before = flow.data("getWorkflow", workflowId=id)
    flow.call("configWorkflow", workflowId=id, webConfig=before["webConfig"])
    after = flow.data("getWorkflow", workflowId=id)
    assert after["webConfig"]["cells"][2:] == before["webConfig"]["cells"][2:]
    flow.call("configWorkflow", workflowId=id, webConfig=[cell("a"), cell("b"), edge("b", "a")])
    edges = [
        c for c in flow.data("getWorkflow", workflowId=id)["webConfig"]["cells"] if c["shape"] == "dag-edge"
    ]
    assert [(each["source"], each["target"]) for each in edges] == [({"cell": "b"}, {"cell": "a"})]
