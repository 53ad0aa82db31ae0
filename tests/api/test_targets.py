"""Targets over HTTP."""

import httpx2
import pytest

from tests.api.flows import read


def put(client: httpx2.Client, path: str, **body: object) -> httpx2.Response:
    return client.put(f"/api/v1/targets/{path}", json=body)


def test_a_target_keeps_its_id(client: httpx2.Client) -> None:
    first = put(
        client, "cluster/c1", attributes={"obClusterId": 7, "type": "PRIMARY", "region": "华东"}
    ).json()
    assert (first["attributes"]["region"], first["parent"]) == ("华东", None)
    again = put(client, "cluster/c1", attributes={"obClusterId": 8}).json()
    assert again["id"] == first["id"]
    assert again["attributes"] == {"obClusterId": 8}


def test_parents(client: httpx2.Client) -> None:
    cluster = put(client, "cluster/c1").json()
    parent = {"type": "cluster", "name": "c1"}
    tenant = put(client, "tenant/t1", attributes={"obTenantId": 1001, "mode": "ORACLE"}, parent=parent).json()
    assert tenant["parent"] == {"type": "cluster", "id": cluster["id"], "name": "c1"}
    assert client.delete("/api/v1/targets/cluster/c1").status_code == 409
    assert client.delete("/api/v1/targets/tenant/t1").status_code == 204
    assert client.delete("/api/v1/targets/cluster/c1").status_code == 204
    assert client.delete("/api/v1/targets/cluster/c1").status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("cluster/c", {"attributes": {"obClusterId": "7"}}, "attribute_number"),
        ("cluster/c", {"attributes": {"obClusterId": True}}, "attribute_number"),
        ("cluster/c", {"attributes": {"type": "MAIN"}}, "field_choice"),
        ("tenant/t", {"attributes": {"mode": "PG"}}, "field_choice"),
        ("tenant/t", {"attributes": {"a b": 1}}, "attribute_name"),
        ("tenant/t", {"parent": {"type": "host", "name": "h"}}, "parent_type"),
        ("cluster/c", {"parent": {"type": "cluster", "name": "c"}}, "parent_type"),
        ("tenant/t", {"parent": {"type": "cluster", "name": "none"}}, "parent_unknown"),
        ("tenant/t", {"tenant": 2}, "field_unknown"),
        ("tenant/t", {"parent": {"type": "cluster"}}, "field_missing"),
    ],
)
def test_what_does_not_fit_is_refused(
    client: httpx2.Client, path: str, body: dict[str, object], code: str
) -> None:
    answer = put(client, path, **body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == code
    assert client.get(f"/api/v1/targets/{path}").status_code == 404


def test_unknown_types_are_absent(client: httpx2.Client) -> None:
    assert put(client, "planet/mars").status_code == 404
    assert client.get("/api/v1/targets/planet/mars").status_code == 404
    assert client.delete("/api/v1/targets/planet/mars").status_code == 404


def test_lists(client: httpx2.Client) -> None:
    for name in ("web_1", "web_2", "db%"):
        put(client, f"host/{name.replace('%', '%25')}")
    put(client, "cluster/web")
    assert [kind["name"] for kind in read(client, "/target-types")["items"]] == ["cluster", "tenant", "host"]
    assert read(client, "/targets")["total"] == 4
    assert [each["name"] for each in read(client, "/targets?type=host&search=WEB")["items"]] == [
        "web_1",
        "web_2",
    ]
    assert [each["name"] for each in read(client, "/targets?search=%25")["items"]] == ["db%"]
    assert read(client, "/targets?search=b_1")["total"] == 1
    assert read(client, "/targets?page=2&size=3")["total"] == 4
    newest = read(client, "/targets?sort=id,desc")["items"]
    assert [each["name"] for each in newest] == ["web", "db%", "web_2", "web_1"]
    assert client.get("/api/v1/targets?sort=parent").json()["errors"][0]["code"] == "sort_unknown"
