"""Schedules over HTTP: the list, what fired, a look ahead, pausing; and one that really fires."""

from dataclasses import replace
from typing import Any

import httpx2
import pytest

from headrace.ports.schedules import FireRecord
from tests.api.conftest import Running
from tests.api.flows import ended, publish, read, shell, workflow
from tests.api.two_tenants import tenant

DAILY = {"cron": "0 2 * * *", "timezone": "Asia/Shanghai", "until": "2090-12-31"}
WRITES_SLOT = """echo "{\\"at\\": \\"$HEADRACE_PLANNED_AT\\"}" > "$HEADRACE_OUTPUTS\""""
ZH = {"accept-language": "zh-CN"}


def scheduled(client: httpx2.Client, name: str, script: str = "true", **schedule: Any) -> None:
    document = workflow(name, shell("a", script))
    document["spec"]["schedule"] = {**DAILY, **schedule}
    publish(client, document)


def test_the_list_shows_what_starts_by_itself(client: httpx2.Client) -> None:
    scheduled(client, "nightly")
    scheduled(client, "weekly", cron="0 0 9 ? * 2", mode="discrete", overlap="skip", missed="all")
    publish(client, workflow("by hand", shell("a", "true")))
    items = read(client, "/schedules")["items"]
    assert sorted(item["workflow"] for item in items) == ["nightly", "weekly"]
    nightly = next(item for item in items if item["workflow"] == "nightly")
    assert nightly["nextAt"].endswith("T18:00:00.000+00:00")
    assert {key: nightly[key] for key in ("version", "mode", "cron", "dialect", "timezone")} == {
        "version": 1,
        "mode": "single",
        "cron": "0 2 * * *",
        "dialect": "unix",
        "timezone": "Asia/Shanghai",
    }
    assert (nightly["from"], nightly["until"]) == (None, "2090-12-31")
    assert (nightly["missed"], nightly["overlap"], nightly["paused"]) == ("last", "allow", False)
    assert (nightly["lastAt"], nightly["lastRun"]) == (None, None)
    (chinese,) = client.get("/api/v1/schedules?search=NIGHT", headers=ZH).json()["items"]
    assert nightly["text"] != chinese["text"]
    assert [item["workflow"] for item in read(client, "/schedules?search=week")["items"]] == ["weekly"]
    assert read(client, "/schedules?size=1&page=2")["total"] == 2


def test_workflows_show_when_they_start_next(client: httpx2.Client) -> None:
    scheduled(client, "nightly")
    (item,) = read(client, "/workflows")["items"]
    assert item["nextAt"] == read(client, "/workflows/nightly")["nextAt"] is not None
    assert client.post("/api/v1/workflows/nightly/offline").json()["nextAt"] is None
    assert client.post("/api/v1/workflows/nightly/publish").json()["nextAt"] == item["nextAt"]


@pytest.mark.parametrize(
    ("body", "fires"),
    [
        ({"cron": "0 2 * * *", "count": 2}, ["2026-12-01T02:00:00+00:00", "2026-12-02T02:00:00+00:00"]),
        ({"cron": "0 0 9 ? * 2", "timezone": "Asia/Shanghai", "count": 1}, ["2026-12-07T09:00:00+08:00"]),
        ({"cron": "0 9 * * 1", "timezone": "Asia/Shanghai", "count": 1}, ["2026-12-07T09:00:00+08:00"]),
        (
            {"cron": "0 2 * * *", "until": "2026-12-02"},
            ["2026-12-01T02:00:00+00:00", "2026-12-02T02:00:00+00:00"],
        ),
        ({"cron": "0 0 1 1 *", "from": "2030-06-01", "count": 1}, ["2031-01-01T00:00:00+00:00"]),
        ({"cron": "0 0 1 1 *", "until": ""}, None),
    ],
)
def test_a_look_ahead(client: httpx2.Client, body: dict[str, Any], fires: list[str] | None) -> None:
    found = client.post("/api/v1/schedules/preview", json={"after": "2026-12-01T00:00:00Z", **body}).json()
    assert found["problems"] == []
    assert len(found["fires"]) == 10 if fires is None else found["fires"] == fires


def test_a_look_ahead_begins_now(client: httpx2.Client, system: Any) -> None:
    found = client.post("/api/v1/schedules/preview", json={"cron": "* * * * *"}).json()
    assert found["dialect"] == "unix"
    assert found["text"] == "Every minute"
    assert len(found["fires"]) == 10


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"cron": "61 * * * *"}, "cron", "cron_minute"),
        ({"cron": "0 2 * * ?"}, "cron", "cron_question_unix"),
        ({"cron": "0 2 * * *", "dialect": "quartz"}, "cron", "cron_fields_count"),
        ({"cron": "0 2 30 2 *"}, "cron", "cron_never"),
        ({"cron": "0 2 * * *", "timezone": "Mars/Olympus"}, "timezone", "schedule_zone"),
        ({"cron": "0 2 * * *", "from": "soon"}, "from", "schedule_instant"),
        ({"cron": "0 2 * * *", "after": "soon"}, "after", "schedule_instant"),
        ({"cron": "0 2 * * *", "from": "2027-01-02", "until": "2027-01-01"}, "until", "schedule_order"),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(
    client: httpx2.Client, body: dict[str, Any], path: str, code: str
) -> None:
    english = client.post("/api/v1/schedules/preview", json=body)
    chinese = client.post("/api/v1/schedules/preview", json=body, headers=ZH)
    assert english.status_code == chinese.status_code == 200
    (problem,), (other,) = english.json()["problems"], chinese.json()["problems"]
    assert (problem["path"], problem["code"]) == (other["path"], other["code"]) == (path, code)
    assert problem["message"] != other["message"]
    assert (english.json()["fires"], english.json()["text"]) == ([], None)


@pytest.mark.parametrize("body", [{}, {"cron": 5}, {"cron": "* * * * *", "count": 51}, {"cron": "*", "x": 1}])
def test_bodies_that_are_wrong(client: httpx2.Client, body: dict[str, Any]) -> None:
    assert client.post("/api/v1/schedules/preview", json=body).status_code == 422


def test_pause_and_resume(client: httpx2.Client) -> None:
    scheduled(client, "nightly")
    before = read(client, "/schedules")["items"][0]["nextAt"]
    paused = client.post("/api/v1/schedules/nightly/pause")
    assert (paused.status_code, paused.json()["paused"], paused.json()["nextAt"]) == (200, True, None)
    again = client.post("/api/v1/schedules/nightly/pause")
    assert (again.status_code, again.json()["code"]) == (409, "schedule_paused")
    client.post("/api/v1/workflows/nightly/publish")
    assert read(client, "/schedules")["items"][0]["nextAt"] is None  # publishing leaves it paused
    resumed = client.post("/api/v1/schedules/nightly/resume").json()
    assert (resumed["paused"], resumed["nextAt"]) == (False, before)
    assert client.post("/api/v1/schedules/nightly/resume").status_code == 409
    assert client.post("/api/v1/schedules/absent/pause").status_code == 404


def test_a_schedule_that_can_no_longer_be_read_is_listed(client: httpx2.Client, system: Any) -> None:
    scheduled(client, "nightly")

    def work(writer: Any, now: float) -> None:
        record = writer.schedule(1, "nightly")
        writer.put_schedule(replace(record, rule={**record.rule, "timezone": "Mars/Olympus"}))

    system.inbox.transact(work).result(20)
    (item,) = read(client, "/schedules")["items"]
    assert (item["dialect"], item["text"], item["timezone"]) == ("auto", "0 2 * * *", "Mars/Olympus")


def test_it_fires(client: httpx2.Client) -> None:
    scheduled(
        client,
        "tick",
        'echo "{\\"at\\": \\"$HEADRACE_PLANNED_AT\\"}" > "$HEADRACE_OUTPUTS"',
        cron="* * * * * ?",
    )
    run = first_run(client, "tick")
    client.post("/api/v1/workflows/tick/offline")
    shown = ended(client, run)
    assert (shown["trigger"], shown["creator"]["name"]) == ("SCHEDULED", "system")
    fires = read(client, "/workflows/tick/fires?limit=1000")["items"]
    fire = next(each for each in fires if each["runId"] == run)
    assert (fire["outcome"], fire["slot"], fire["message"]) == ("started", shown["plannedAt"], None)
    assert len({each["slot"] for each in fires}) == len(fires)
    outputs = read(client, f"/runs/{run}/steps")["items"][0]["outputs"]
    assert outputs["at"].endswith("+08:00")  # as the schedule's clock shows it


def first_run(client: httpx2.Client, name: str) -> int:
    """The first run its schedule starts: the server tells when there is one."""
    with client.stream("GET", "/api/v1/events") as events:
        for _ in events.iter_lines():
            runs = read(client, f"/runs?workflow={name}")["items"]
            if runs:
                return int(runs[-1]["id"])
    raise AssertionError("the stream has ended")


def test_another_tenant_sees_nothing_of_it(live: Running, client: httpx2.Client) -> None:
    scheduled(client, "nightly")
    other = tenant(live, client, "other")
    assert read(other, "/schedules")["total"] == 0
    assert other.get("/api/v1/workflows/nightly/fires").status_code == 404
    assert other.post("/api/v1/schedules/nightly/pause").status_code == 404
    assert read(client, "/schedules")["items"][0]["paused"] is False


def test_what_a_slot_missed_is_told_in_the_readers_language(live: Running, client: httpx2.Client) -> None:
    scheduled(client, "nightly")
    values = {"what": "version", "key": "nightly/1"}
    fire = FireRecord(1, "nightly", 60.0, 61.0, "failed", code="not_found", values=values)
    assert live.system.inbox.transact(lambda writer, now: writer.add_fire(fire)).result(20)
    (item,) = client.get("/api/v1/workflows/nightly/fires", headers=ZH).json()["items"]
    assert item["message"] == "版本 nightly/1 不存在。"
