"""Errors: one shape, two languages, nothing leaked (S40)."""

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.requests import Request

from headrace.api.app import create_app
from headrace.api.http import faults
from headrace.api.http.access import secured
from headrace.core.messages import CATALOGUE
from headrace.core.retold import noun
from headrace.ports.errors import Broken, Conflict
from tests.api.conftest import ADMIN_TOKEN, Running

ZH = {"Accept-Language": "zh-CN"}


def shape(answer: httpx2.Response, status: int, code: str) -> Any:
    """The problem, after checking everything that all problems share."""
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code), body
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(body) >= {"type", "title", "status", "detail", "code", "errors", "traceId"}
    assert body["traceId"] == answer.headers["x-trace-id"]
    assert "<" not in body["detail"], "a value of the message is missing"
    return body


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "chinese"),
    [
        ("GET", "/api/v1/runs/7", 404, "not_found", "运行 7 不存在。"),
        ("GET", "/nowhere", 404, "path_unknown", "该路径不存在。"),
        (
            "DELETE",
            "/api/v1/runs",
            405,
            "method_not_allowed",
            "该路径不支持此请求方法，可用方法见响应头 Allow。",
        ),
        ("GET", "/api/v1/runs/x", 422, "request_invalid", "请求内容无效，errors 列出了所有问题。"),
        ("GET", "/api/v1/runs?sort=nope", 422, "request_invalid", "请求内容无效，errors 列出了所有问题。"),
    ],
)
def test_both_languages(
    client: httpx2.Client, method: str, path: str, status: int, code: str, chinese: str
) -> None:
    english = shape(client.request(method, path), status, code)
    assert english["detail"].isascii()
    answer = client.request(method, path, headers=ZH)
    assert shape(answer, status, code)["detail"] == chinese
    assert answer.headers["content-language"] == "zh-CN"


def test_choices_read_the_same_in_both_languages(client: httpx2.Client) -> None:
    statuses = "RUNNING, FAILED, SUCCESSFUL, CANCELED, EXPIRED"
    said = {"en": f"Expected is one of: {statuses}.", "zh": f"应为以下之一：{statuses}。"}
    for language, message in said.items():
        answer = client.get("/api/v1/runs?status=odd", headers={"Accept-Language": language})
        assert [each["message"] for each in answer.json()["errors"]] == [message]
    answer = client.get("/api/v1/workflows?state=odd")
    assert answer.json()["errors"][0]["message"] == "Expected is one of: published, offline."


@pytest.mark.parametrize("media", ["application/x-www-form-urlencoded", "text/plain", None])
def test_json_that_is_not_said_to_be(client: httpx2.Client, media: str | None) -> None:
    headers = {"Content-Type": media} if media else {}
    answer = client.post("/api/v1/tokens", content=b'{"name": "x"}', headers=headers)
    (problem,) = shape(answer, 422, "request_invalid")["errors"]
    assert (problem["path"], problem["code"]) == ("header.Content-Type", "body_not_json")


def test_a_405_lists_the_methods(client: httpx2.Client) -> None:
    assert client.delete("/api/v1/runs").headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("query", "path", "code", "words"),
    [
        ("page=0", "query.page", "field_too_small", "界限为 1"),
        ("size=0", "query.size", "field_too_small", "界限为 1"),
        ("size=-1", "query.size", "field_too_small", "界限为 1"),
        ("size=x", "query.size", "field_type", "integer"),
        ("size=NaN", "query.size", "field_type", "integer"),
        ("page=9223372036854775808", "query.page", "field_too_large", "界限为"),
        ("status=RUNNING&status=nope", "query.status[1]", "field_choice", "RUNNING"),
        ("limit=0", "query.limit", "field_too_small", "界限为 1"),
        ("cursor=abc", "query.cursor", "cursor_unknown", "游标"),
        ("sort=secret,asc", "query.sort", "sort_unknown", "secret"),
    ],
)
def test_findings_name_the_place(client: httpx2.Client, query: str, path: str, code: str, words: str) -> None:
    body = shape(client.get(f"/api/v1/runs?{query}", headers=ZH), 422, "request_invalid")
    assert [(each["path"], each["code"]) for each in body["errors"]] == [(path, code)]
    assert words in body["errors"][0]["message"]


def test_all_findings_of_a_body_at_once(client: httpx2.Client) -> None:
    body = {"params": [], "targets": [{"id": "x"}], "tenant": 2, "status": "SUCCESSFUL"}
    found = shape(client.post("/api/v1/workflows/w/runs", json=body), 422, "request_invalid")["errors"]
    assert {(each["path"], each["code"]) for each in found} == {
        ("params", "field_type"),
        ("targets[0].id", "field_type"),
        ("tenant", "field_unknown"),
        ("status", "field_unknown"),
    }


def test_a_size_above_the_cap_is_clamped(client: httpx2.Client) -> None:
    assert client.get("/api/v1/runs?size=1000000000").json()["size"] == 2000


def test_the_trace_of_the_caller_is_taken_over(client: httpx2.Client) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    assert (
        client.get("/api/v1/me", headers={"traceparent": trace}).headers["x-trace-id"] == "a3ce929d0e0e4736"
    )


def test_what_breaks_shows_nothing_but_the_trace(system: Any) -> None:
    app = create_app(system)

    async def broken(request: Request) -> None:
        raise RuntimeError("secret inside")

    async def full(request: Request) -> None:
        raise Broken("disk_full")

    async def faster(request: Request) -> None:
        raise Conflict

    for handler in (broken, full, faster):
        app.get(f"/api/v1/{handler.__name__}", dependencies=[secured(None)])(handler)
    client = httpx2.Client(transport=_Asgi(app), base_url="http://test")
    client.headers["Authorization"] = f"Bearer {ADMIN_TOKEN}"
    body = shape(client.get("/api/v1/broken"), 500, "internal_error")
    assert "secret" not in str(body)
    answer = client.get("/api/v1/full")
    shape(answer, 507, "disk_full")
    assert int(answer.headers["retry-after"]) > 0
    shape(client.get("/api/v1/faster"), 409, "changed_meanwhile")


class _Asgi(httpx2.BaseTransport):
    """The application without a socket, for a synchronous client."""

    def __init__(self, app: Any) -> None:
        self._inner = httpx2.ASGITransport(app=app)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:

        async def ask() -> httpx2.Response:
            answer = await self._inner.handle_async_request(request)
            content = await answer.aread()
            return httpx2.Response(answer.status_code, headers=answer.headers, content=content)

        return asyncio.run(ask())


def test_every_status_has_a_title() -> None:
    assert {f"title_{status}" for status in faults.STATUS.values()} <= set(CATALOGUE)


def test_errors_without_credentials_are_translated_too(live: Running) -> None:
    assert (
        shape(live.client().get("/api/v1/runs", headers=ZH), 401, "credentials_missing")["title"] == "未登录"
    )


def test_whatever_may_be_missing_has_a_word_in_both_languages() -> None:
    missing = re.compile(r'(?:existing\([^"\']*?, |Gone\()"([a-z ]+)"', re.DOTALL)
    source = Path(faults.__file__).parents[2]
    kinds = {kind for file in source.rglob("*.py") for kind in missing.findall(file.read_text("utf-8"))}
    assert {"workflow", "secret", "schedule", "target type", "alarm", "path"} <= kinds
    assert [kind for kind in sorted(kinds) if noun(kind, "zh") == kind] == []


def test_what_is_missing_is_named_in_the_readers_language(client: httpx2.Client) -> None:
    answer = client.get("/api/v1/secrets/nope", headers=ZH)
    assert shape(answer, 404, "not_found")["detail"] == "机密 nope 不存在。"
