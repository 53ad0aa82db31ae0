"""Conformance B50-B56 and B61: the list, its filters and pages."""

from dataclasses import dataclass
from typing import Any

import pytest

from headrace.core.words import Trigger
from headrace.ports.inbox import StartRun
from tests.api import flows
from tests.api.conftest import ADMIN_TOKEN, Running
from tests.api.flows import noop, shell
from tests.surfaces.desk import Desk

Json = Any


@dataclass
class Shelf:
    """Tasks of every kind; ids by what they are."""

    failed: int
    canceled: int
    plain: int
    on_tenant: int
    on_host: int
    system: int
    scheduled: int  # the newest
    targets: dict[str, int]


def target(desk: Desk, kind: str, name: str, parent: str | None = None, **attributes: Json) -> int:
    body: Json = {"attributes": attributes}
    if parent:
        body["parent"] = {"type": "cluster", "name": parent}
    answer = desk.client.put(f"/api/v1/targets/{kind}/{name}", json=body)
    assert answer.status_code in (200, 201), answer.text
    id: int = answer.json()["id"]
    return id


@pytest.fixture(scope="module")
def shelf(house: Running) -> Shelf:
    desk = Desk(house, house.client(ADMIN_TOKEN))
    targets = {
        "meta": target(desk, "cluster", "Meta_50", obClusterId=10001, type="PRIMARY"),
        "other": target(desk, "cluster", "metaX50", obClusterId=10002, type="STANDBY"),
        "sys": target(desk, "tenant", "SYS", "Meta_50", obTenantId=1, mode="MYSQL"),
        "host": target(desk, "host", "h1"),
    }
    desk.publish(noop("a", name="Prepare host", description="gets it ready"), name="Prepare (50_a) Host")
    desk.publish(noop("a"), name="Prepare (50xa)")
    failed = desk.start(shell("a", "exit 3"))
    desk.ended(failed, "FAILED")
    canceled = desk.start({"id": "a", "kind": "timer", "for": "1d"})
    assert desk.client.post(f"/api/v1/runs/{canceled}/terminate", json={}).status_code == 200
    for _ in range(9):
        plain = flows.start(desk.client, "Prepare (50xa)", targets=[{"id": targets["other"]}])
    on_tenant = flows.start(
        desk.client, "Prepare (50_a) Host", targets=[{"id": targets["meta"]}, {"id": targets["sys"]}]
    )
    on_host = flows.start(desk.client, "Prepare (50_a) Host", targets=[{"id": targets["host"]}])
    system, scheduled = (
        house.system.inbox.start_run(StartRun(1, "Prepare (50xa)", trigger=trigger)).result(30)
        for trigger in (Trigger.SYS_ONCE, Trigger.SCHEDULED)
    )
    for task in (canceled, plain, on_tenant, on_host, system, scheduled):
        desk.when(task, lambda now: now["status"] != "RUNNING")
    return Shelf(failed, canceled, plain, on_tenant, on_host, system, scheduled, targets)


def ids(desk: Desk, *pairs: tuple[str, str], **params: Json) -> list[int]:
    return [row["id"] for row in desk.page(*pairs, **params)["contents"]]


def test_b50_by_default_all_types_newest_first(desk: Desk, shelf: Shelf) -> None:
    page = desk.page()
    found = [row["id"] for row in page["contents"]]
    assert found[:2] == [shelf.scheduled, shelf.system]
    assert found == sorted(found, reverse=True)
    assert (len(found), page["page"]["number"], page["page"]["size"]) == (10, 1, 10)
    assert {row["type"] for row in page["contents"]} == {"MANUAL", "SCHEDULED", "SYS_ONECE"}


@pytest.mark.parametrize(
    ("given", "size"),
    [("5000", 2000), ("2000", 2000), ("0", 10), ("-1", 10), ("x", 10), ("", 10), ("3", 3), ("9" * 30, 2000)],
)
def test_b51_sizes(desk: Desk, shelf: Shelf, given: str, size: int) -> None:
    page = desk.page(size=given)
    total = page["page"]["totalElements"]
    assert page["page"]["size"] == size
    assert page["page"]["totalPages"] == -(-total // size)
    assert len(page["contents"]) == min(size, total)


@pytest.mark.parametrize(
    ("given", "number"), [("0", 1), ("-3", 1), ("x", 1), ("999", 999), ("9" * 18, 10**9), ("9" * 30, 10**9)]
)
def test_b51_pages(desk: Desk, shelf: Shelf, given: str, number: int) -> None:
    page = desk.page(page=given)
    assert page["page"]["number"] == number
    assert page["page"]["totalElements"] >= 15
    assert bool(page["contents"]) == (number == 1)


@pytest.mark.parametrize(
    "pairs",
    [
        [("status", "SUCCESSFUL,FAILED")],
        [("status", "SUCCESSFUL"), ("status", "FAILED")],
        [("status", '["SUCCESSFUL","FAILED"]')],
        [("status", "successful, failed")],
        [("status", ' [ "Successful" , "Failed" ] ')],
        [("status", "SUCCESSFUL"), ("status", '["FAILED"]')],
    ],
)
def test_b52_ways_to_say_two_statuses(desk: Desk, shelf: Shelf, pairs: list[tuple[str, str]]) -> None:
    found = ids(desk, *pairs, size=2000)
    assert found == ids(desk, size=2000)
    assert shelf.failed in found


@pytest.mark.parametrize("odd", ["PENDING", "RUNNING,ODD", '["ODD"]', "[1]", "[", "[[]]", '{"a":1}'])
def test_b52_unknown_statuses(desk: Desk, odd: str) -> None:
    error = desk.call("GET", "", 400, params={"status": odd})["error"]
    assert error["code"] == 0
    assert "status" in error["message"]


def test_b52_status_as_it_is_shown(desk: Desk, shelf: Shelf) -> None:
    assert set(ids(desk, status="FAILED", size=2000)) == {shelf.failed, shelf.canceled}
    assert shelf.canceled not in ids(desk, status="SUCCESSFUL", size=2000)
    assert ids(desk, status="RUNNING", size=2000) == []
    assert ids(desk, status="", size=2000) == ids(desk, size=2000)


def test_b53_sorting(desk: Desk, shelf: Shelf) -> None:
    everything = ids(desk, size=2000)
    assert ids(desk, sort="id,asc", size=2000) == sorted(everything)
    assert ids(desk, sort="id", size=2000) == sorted(everything)
    assert ids(desk, sort="id,DESC", size=2000) == everything
    for field in ("name", "status", "startTime", "finishTime", "createTime"):
        rows = desk.page(sort=f"{field},desc", size=2000)["contents"]
        values = [row[field] for row in rows if field in row]
        assert (field == "status" and len(rows) == len(everything)) or values == sorted(values, reverse=True)
    twice = ids(desk, ("sort", "name,asc"), ("sort", "id,asc"), size=2000)
    assert sorted(twice) == sorted(everything)


@pytest.mark.parametrize("sort", ["nope", "nope,asc", "id,sideways", "createdAt,asc", "id;drop table run"])
def test_b53_unknown_sorting(desk: Desk, sort: str) -> None:
    error = desk.call("GET", "", 400, params={"sort": sort})["error"]
    assert error["code"] == 0
    assert "finishTime" in error["message"]


def test_b54_names_are_literal(desk: Desk, shelf: Shelf) -> None:
    assert ids(desk, name="(50_A)") == [shelf.on_host, shelf.on_tenant]
    assert ids(desk, name="prepare") == ids(desk, size=13)[:10]
    assert ids(desk, clusterName="meta_") == [shelf.on_tenant]
    for nothing in ("50%_a", "O'Hara", "%", "\\", '"; --'):
        assert ids(desk, name=nothing) == []
        assert ids(desk, clusterName=nothing) == []
    assert ids(desk, name="", size=2000) == ids(desk, size=2000)


def test_b55_tenant_name_needs_cluster_id(desk: Desk, shelf: Shelf) -> None:
    error = desk.call("GET", "", 400, params={"tenantName": "SYS"})["error"]
    assert error["code"] == 0
    assert "clusterId" in error["message"]
    assert ids(desk, tenantName="sy", clusterId=shelf.targets["meta"]) == [shelf.on_tenant]
    assert ids(desk, tenantName="sy", clusterId=shelf.targets["other"]) == []
    assert ids(desk, tenantName="", size=2000) == ids(desk, size=2000)


def test_b56_without_cluster_and_tenant_no_keys(desk: Desk, shelf: Shelf) -> None:
    row = next(row for row in desk.page()["contents"] if row["id"] == shelf.on_host)
    for shape in (row, desk.task(shelf.on_host)):
        assert not {"cluster", "tenant"} & shape.keys()
    assert None not in walk(desk.page())
    assert None not in walk(desk.task(shelf.canceled))


def test_b56_with_cluster_and_tenant(desk: Desk, shelf: Shelf) -> None:
    meta, sys = shelf.targets["meta"], shelf.targets["sys"]
    row = next(row for row in desk.page()["contents"] if row["id"] == shelf.on_tenant)
    for shape in (row, desk.task(shelf.on_tenant)):
        assert shape["cluster"] == {"id": meta, "name": "Meta_50", "obClusterId": 10001, "type": "PRIMARY"}
        assert shape["tenant"] == {
            "id": sys,
            "name": "SYS",
            "obClusterId": 1,
            "obTenantId": 1,
            "mode": "MYSQL",
        }


def test_targets_and_types_filter(desk: Desk, shelf: Shelf) -> None:
    targets = shelf.targets
    assert ids(desk, tenantId=targets["sys"]) == [shelf.on_tenant]
    assert ids(desk, hostId=targets["host"]) == [shelf.on_host]
    assert ids(desk, clusterId=targets["other"])[0] == shelf.plain
    assert ids(desk, clusterId=targets["meta"], hostId=targets["host"]) == []
    assert ids(desk, clusterId=404404) == ids(desk, clusterId=2**63 - 1) == []
    assert "9223372036854775807" in desk.call("GET", "", 400, params={"hostId": 2**63})["error"]["message"]
    assert ids(desk, type="SCHEDULED") == [shelf.scheduled]
    assert ids(desk, type="SYS_ONECE") == ids(desk, type="sys_once") == [shelf.system]
    assert ids(desk, type="SYS_SCHEDULED") == []
    assert not {shelf.system, shelf.scheduled} & set(ids(desk, type="MANUAL", size=2000))
    assert desk.call("GET", "", 400, params={"type": "ODD"})["error"]["code"] == 0


def test_a_row_has_all_fields(desk: Desk, shelf: Shelf) -> None:
    row = next(row for row in desk.page()["contents"] if row["id"] == shelf.on_tenant)
    assert row["name"] == "Prepare (50_a) Host"
    assert row["creator"] == {"id": 1, "name": "admin"}
    assert row["startTime"] <= row["finishTime"]
    (sub,) = row["subtasks"]
    assert sub == {
        "id": sub["id"],
        "name": "Prepare host",
        "description": "gets it ready",
        "status": "SUCCESSFUL",
        "operation": "EXECUTE",
    }


def test_a_canceled_task_is_shown_as_failed(desk: Desk, shelf: Shelf) -> None:
    task = desk.task(shelf.canceled)
    assert (task["status"], task["operation"]) == ("FAILED", "CANCEL")
    assert task["subtasks"][0]["nodeType"] == "TIMER"
    assert "CANCELED" in desk.refused(shelf.canceled, "retry")["message"]
    assert "CANCELED" in desk.refused(shelf.canceled, "rollback")["message"]


def test_b61_ids_are_numbers_that_every_client_can_read(desk: Desk, shelf: Shelf) -> None:
    task = desk.task(shelf.on_tenant)
    found = [task["id"], task["taskDefinitionId"], *(sub["id"] for sub in task["subtasks"])]
    assert all(type(id) is int and 0 < id < 2**53 for id in found)


def walk(value: Json) -> list[Json]:
    """All plain values inside."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return [value] if inner is None else [leaf for each in inner for leaf in walk(each)]
