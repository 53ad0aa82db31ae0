"""Checking a definition without storing it, and what there is to choose from."""

import json
from typing import Any

import httpx2

from tests.api.flows import noop, read, workflow


def check(client: httpx2.Client, content: Any, **query: str) -> Any:
    answer = client.post("/api/v1/workflows:check", params=query, content=content)
    assert answer.status_code == 200, answer.text
    return answer.json()


def text(*nodes: Any) -> bytes:
    return json.dumps(workflow("w", *nodes)).encode()


def test_a_good_definition_is_valid_and_not_stored(client: httpx2.Client) -> None:
    assert check(client, text(noop("a"))) == {"valid": True, "count": 0, "problems": []}
    assert read(client, "/workflows")["total"] == 0


def test_every_problem_is_told_with_its_path(client: httpx2.Client) -> None:
    found = check(client, text(noop("a", "b"), {"id": "b", "executor": "absent", "after": ["nobody"]}))
    assert not found["valid"]
    assert found["count"] == len(found["problems"]) >= 2
    paths = {problem["path"] for problem in found["problems"]}
    assert {"spec.nodes[1].executor", "spec.nodes[1].after[0]"} <= paths
    assert all(problem["message"] for problem in found["problems"])


def test_text_that_is_no_yaml_is_one_problem(client: httpx2.Client) -> None:
    found = check(client, b"spec: [")
    assert (found["valid"], found["count"]) == (False, 1)
    assert found["problems"][0]["path"] == ""


def test_the_name_it_must_have(client: httpx2.Client) -> None:
    assert check(client, text(noop("a")), name="other")["problems"][0]["path"] == "metadata.name"


def test_texts_are_in_the_callers_language(client: httpx2.Client) -> None:
    answer = client.post("/api/v1/workflows:check", content=b"x", headers={"Accept-Language": "zh-CN"})
    assert any("\u4e00" <= letter <= "\u9fff" for letter in answer.json()["problems"][0]["message"])


def test_executors(client: httpx2.Client) -> None:
    found = {each["name"]: each for each in read(client, "/executors")["items"]}
    assert {"shell", "python", "http", "sql", "noop"} <= found.keys()
    assert found["shell"]["rollbackByNode"] is True
