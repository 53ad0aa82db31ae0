"""Workflows over HTTP: apply, edit conditions, publish, offline, copy, versions, diff, delete."""

import httpx2
import yaml

from tests.api.flows import ended, noop, publish, read, shell, start, workflow

W = "/api/v1/workflows"
TEXT = """\
apiVersion: headrace/v1
kind: Workflow
metadata: {name: greet, remark: Says hello}
spec:
  nodes:
    - {id: hello, executor: noop}
"""


def test_yaml_becomes_a_draft_and_a_version(client: httpx2.Client) -> None:
    answer = client.put(f"{W}/greet", content=TEXT, headers={"Content-Type": "application/yaml"})
    assert answer.status_code == 201
    body = answer.json()
    assert (body["name"], body["remark"], body["published"], body["version"]) == (
        "greet",
        "Says hello",
        None,
        None,
    )
    assert answer.headers["etag"] == f'"{body["etag"]}"'
    published = client.post(f"{W}/greet/publish").json()
    assert (published["published"], published["latest"]) == (1, 1)
    assert read(client, "/workflows/greet/versions/1")["document"] == body["document"]


def test_curl_without_a_content_type_works(client: httpx2.Client) -> None:
    for type in ("application/x-www-form-urlencoded", "text/plain"):
        answer = client.put(
            f"{W}/greet?publish=true", content=TEXT, headers={"Content-Type": type, "If-Match": "*"}
        )
        assert answer.status_code in (201, 412), answer.text


def test_the_definition_comes_back_as_yaml(client: httpx2.Client) -> None:
    client.put(f"{W}/greet", content=TEXT)
    answer = client.get(f"{W}/greet?format=yaml")
    assert answer.headers["content-type"].startswith("application/yaml")
    assert yaml.safe_load(answer.text)["metadata"]["name"] == "greet"


def test_edits_need_the_state_they_were_made_for(client: httpx2.Client) -> None:
    first = client.put(f"{W}/w", json=workflow("w", noop("a")))
    tag = first.headers["etag"]
    second = workflow("w", noop("a"), noop("b"))
    missing = client.put(f"{W}/w", json=second)
    assert (missing.status_code, missing.json()["code"]) == (428, "if_match_missing")
    edited = client.put(f"{W}/w", json=second, headers={"If-Match": tag})
    assert edited.status_code == 200
    assert edited.headers["etag"] != tag
    stale = client.put(f"{W}/w", json=second, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["code"]) == (412, "etag_stale")
    for language, words in (("en", "edited by admin"), ("zh-CN", "已被 admin 修改")):
        headers = {"If-Match": tag, "Accept-Language": language}
        detail = client.put(f"{W}/w", json=second, headers=headers).json()["detail"]
        assert all(part in detail for part in (words, tag, edited.headers["etag"]))
    create = client.put(f"{W}/w", json=second, headers={"If-None-Match": "*", "If-Match": "*"})
    assert create.status_code == 412
    absent = client.put(f"{W}/new", json=workflow("new", noop("a")), headers={"If-Match": tag})
    assert (absent.status_code, absent.json()["code"]) == (412, "etag_absent")


def test_the_name_in_the_path_is_the_document_s(client: httpx2.Client) -> None:
    assert client.put(f"{W}/other", json=workflow("w", noop("a"))).status_code == 422


def test_versions_and_diff(client: httpx2.Client) -> None:
    publish(client, workflow("w", noop("a")))
    client.put(f"{W}/w", json=workflow("w", noop("a"), noop("b")), headers={"If-Match": "*"})
    assert "+" in read(client, "/workflows/w/diff")["diff"]
    client.post(f"{W}/w/publish")
    versions = read(client, "/workflows/w/versions")["items"]
    assert [(each["number"], each["published"]) for each in versions] == [(2, True), (1, False)]
    assert read(client, "/workflows/w/diff")["diff"] == ""
    assert "b" in read(client, "/workflows/w/diff?from=1&to=2")["diff"]
    assert client.get(f"{W}/w/versions/3").status_code == 404
    assert client.get(f"{W}/w/diff?from=9").status_code == 404
    assert client.get(f"{W}/w/diff?from=x").status_code == 422


def test_runs_stay_with_their_version(client: httpx2.Client) -> None:
    publish(client, workflow("w", noop("a")))
    client.put(f"{W}/w?publish=true", json=workflow("w", noop("b")), headers={"If-Match": "*"})
    old, new = start(client, "w", version=1), start(client, "w")
    assert (ended(client, old)["version"], ended(client, new)["version"]) == (1, 2)


def test_a_draft_has_no_runs_and_offline_ends_them(client: httpx2.Client) -> None:
    client.put(f"{W}/w", json=workflow("w", noop("a")))
    assert client.post(f"{W}/w/runs").status_code == 409
    client.post(f"{W}/w/publish")
    ended(client, start(client, "w"))
    assert client.post(f"{W}/w/offline").json()["published"] is None
    assert client.post(f"{W}/w/runs").status_code == 409
    assert client.post(f"{W}/w/offline").status_code == 409


def test_copy(client: httpx2.Client) -> None:
    publish(client, workflow("w", noop("a")))
    made = client.post(f"{W}/w/copy", json={"name": "w2"})
    assert made.status_code == 201
    assert made.json()["document"]["metadata"]["name"] == "w2"
    assert made.json()["published"] is None
    assert client.post(f"{W}/w/copy", json={"name": "w2"}).status_code == 409
    assert client.post(f"{W}/none/copy", json={"name": "w3"}).status_code == 404


def test_delete_is_refused_while_in_use(client: httpx2.Client) -> None:
    publish(client, workflow("w", shell("a", "exec sleep 60")))
    assert client.delete(f"{W}/w").status_code == 409
    run = start(client, "w")
    client.post(f"{W}/w/offline")
    assert client.delete(f"{W}/w").status_code == 409
    client.post(f"/api/v1/runs/{run}/terminate")
    ended(client, run, "CANCELED")
    assert client.delete(f"{W}/w", headers={"If-Match": '"other"'}).status_code == 412
    assert client.delete(f"{W}/w").status_code == 204
    assert client.delete(f"{W}/w").status_code == 404


def test_the_list_searches_literally(client: httpx2.Client) -> None:
    for name in ("alpha", "beta", "al_ha"):
        client.put(f"{W}/{name}", json=workflow(name, noop("a")))
    assert [each["name"] for each in read(client, "/workflows?size=2")["items"]] == ["al_ha", "alpha"]
    assert read(client, "/workflows?search=LPH")["total"] == 1
    assert [each["name"] for each in read(client, "/workflows?search=_h")["items"]] == ["al_ha"]
    assert read(client, "/workflows?search=%25")["total"] == 0


def test_the_list_in_an_order_of_choice(client: httpx2.Client) -> None:
    for name in ("alpha", "beta"):
        client.put(f"{W}/{name}", json=workflow(name, noop("a")))
    client.put(f"{W}/alpha", json=workflow("alpha", noop("b")), headers={"If-Match": "*"})

    def names(sort: str) -> list[str]:
        return [each["name"] for each in read(client, f"/workflows?sort={sort}")["items"]]

    assert names("name,desc") == ["beta", "alpha"]
    assert names("updatedAt,desc") == ["alpha", "beta"]
    refused = client.get("/api/v1/workflows?sort=remark")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["path"] == "query.sort"


def test_the_list_by_state(client: httpx2.Client) -> None:
    publish(client, workflow("on", noop("a")))
    client.put("/api/v1/workflows/off", json=workflow("off", noop("a")))
    names = [
        [each["name"] for each in read(client, f"/workflows{asked}")["items"]]
        for asked in ("?state=published", "?state=offline", "")
    ]
    assert names == [["on"], ["off"], ["off", "on"]]
    assert client.get("/api/v1/workflows?state=other").status_code == 422
