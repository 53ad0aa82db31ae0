"""Input that is too large, too deep, not text, or of the wrong kind: a clear answer, and it goes on."""

import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import suppress

import httpx2
import pytest

from tests.api.conftest import ADMIN_TOKEN, Running
from tests.api.flows import noop, publish, read, workflow

START = "/api/v1/workflows/one/runs"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def one(client: httpx2.Client) -> Iterator[httpx2.Client]:
    """A client of a server with the workflow ``one``; afterwards the server must still serve."""
    publish(client, workflow("one", noop("a"), params={"text": {"type": "string", "default": ""}}))
    yield client
    assert client.get("/readyz").status_code == 200
    assert read(client, "/runs")["total"] == 0, "nothing was started"


def problem(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_parameters_of_one_byte_too_many(one: httpx2.Client) -> None:
    empty = len(json.dumps({"text": ""}, separators=(",", ":")))
    answer = one.post(START, json={"params": {"text": "x" * (1_000_000 - empty + 1)}})
    assert answer.status_code in (413, 422)
    assert "1000000" in answer.text.replace(",", "")


def test_a_body_that_is_too_large(one: httpx2.Client) -> None:
    assert problem(one.post(START, content=b" " * 2_000_001, headers=JSON)) == (413, "body_too_large")


def test_a_stream_that_is_too_large(one: httpx2.Client) -> None:
    def pieces() -> Iterator[bytes]:
        yield from (b" " * 100_000 for _ in range(21))

    assert problem(one.post(START, content=pieces(), headers=JSON)) == (413, "body_too_large")


@pytest.mark.parametrize("depth", [65, 1_000, 100_000])
@pytest.mark.parametrize("pair", ["[]", "{}"])
def test_json_that_is_too_deep(one: httpx2.Client, depth: int, pair: str) -> None:
    inner = "[" * depth + "]" * depth if pair == "[]" else '{"a":' * depth + "1" + "}" * depth
    answer = one.post(START, content='{"params":' + inner + "}", headers=JSON)
    assert problem(answer) == (422, "json_too_deep")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"params": {"text": "\xff"}}', "body_not_utf8"),
        (b"\xed\xa0\x80", "body_not_utf8"),
        (b'{"params": ', "json_malformed"),
        (b"{'params': {}}", "json_malformed"),
        (b'{"params": {"text": NaN}}', "json_malformed"),
        (b'{"params": {"text": Infinity}}', "json_malformed"),
        (b'{"params": {"text": 1e999}}', "json_malformed"),
        (b'{"params": {"text": "\\ud800"}}', "json_malformed"),
        (b'{"params": ' + b"9" * 5000 + b"}", "json_malformed"),
    ],
)
def test_bodies_that_are_not_json(one: httpx2.Client, body: bytes, code: str) -> None:
    assert problem(one.post(START, content=body, headers=JSON)) == (400, code)


def test_what_is_no_json_is_said_once(one: httpx2.Client) -> None:
    answer = one.post(START, content=b"{'a': 1}", headers=JSON)
    assert answer.json()["detail"] == "The body is not valid JSON: object keys must be strings (byte 1)."


@pytest.mark.parametrize(
    "body",
    [
        [],
        "x",
        1,
        {"params": 1},
        {"params": {"text": 1}},
        {"mock": "yes"},
        {"version": 0},
        {"version": 1.5},
        {"version": 99},
        {"targets": {}},
        {"targets": [{}]},
        {"targets": [{"type": "host"}]},
        {"nothing": 1},
    ],
)
def test_wrong_types(one: httpx2.Client, body: object) -> None:
    answer = one.post(START, json=body)
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["code"]


def test_too_many_steps(one: httpx2.Client) -> None:
    nodes = [noop(f"n{i}") for i in range(10_001)]
    answer = one.put("/api/v1/workflows/many", json=workflow("many", *nodes))
    assert answer.status_code in (413, 422)
    assert "10000" in answer.text.replace(",", "")


def test_definitions_that_are_wrong_name_every_place(one: httpx2.Client) -> None:
    bad = workflow("bad", noop("a", "b"), noop("b", "a"), {"id": "c", "executor": "nothing"})
    answer = one.put("/api/v1/workflows/bad", json=bad)
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) >= 1
    assert one.get("/api/v1/workflows/bad").status_code == 404


def raw(live: Running, head: str, body: bytes = b"") -> httpx2.Response:
    """The answer to a request sent byte by byte as given."""
    host, port = live.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        with suppress(ConnectionError):  # it does not listen to the end
            connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)
        reader = connection.makefile("rb")
        status = int(reader.readline().split()[1])
        headers = http.client.parse_headers(reader)
        content = reader.read(int(headers["content-length"]))
    return httpx2.Response(status, headers=headers.items(), content=content)


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Length: 2\nContent-Length: 3",
        "Content-Length: 2\nTransfer-Encoding: chunked",
        "Content-Length: -1",
        "Content-Length: x",
        "Content-Length: 99999999999999999999",
    ],
)
def test_lengths_that_contradict(live: Running, one: httpx2.Client, headers: str) -> None:
    head = (
        f"POST {START} HTTP/1.1\nHost: x\nAuthorization: Bearer {ADMIN_TOKEN}\nConnection: close\n{headers}"
    )
    answer = raw(live, head, b"{}")
    assert problem(answer) in (
        (400, "request_not_http"),
        (400, "length_ambiguous"),
        (413, "body_too_large"),
    )


@pytest.mark.parametrize(
    "head",
    [
        "GET / HTTP/1.1\nHost: x\ncontent-length;: 1",
        "GET / HTTP/1.1\nHost: x\nContent-Length:",
        "GET / HTTP/1.1\nno colon",
        "GET /\x01 HTTP/1.1\nHost: x",
        "no request at all",
        "GET / HTTP/1.1",
        "GET / HTTP/1.1\nHost: x\nHost: y",
        "GET / HTTP/1.0\nHost: x\nHost: y",
        "GET / HTTP/2.0\nHost: x",
        f"POST {START} HTTP/1.1\nHost: x\nTransfer-Encoding: gzip",
        f"POST {START} HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\nno chunk",
    ],
)
def test_what_is_no_http_is_refused_like_all_else(live: Running, one: httpx2.Client, head: str) -> None:
    answer = raw(live, head)
    assert problem(answer) == (400, "request_not_http")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-trace-id"] == answer.json()["traceId"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["connection"] == "close"


def test_a_request_of_http_1_0_needs_no_host(live: Running, one: httpx2.Client) -> None:
    assert raw(live, "GET /healthz HTTP/1.0").status_code == 200


def test_a_stream_that_is_interrupted_by_nonsense_just_ends(live: Running, one: httpx2.Client) -> None:
    """An answer that has begun is not followed by another in the midst of it."""
    host, port = live.url.removeprefix("http://").split(":")
    head = f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ADMIN_TOKEN}\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(head.encode())
        begun = connection.recv(65536)
        assert begun.startswith(b"HTTP/1.1 200")
        connection.sendall(b"no request at all\r\n\r\n")
        with connection.makefile("rb") as reader:
            rest = reader.read()
    assert b"HTTP/1.1" not in rest


@pytest.mark.parametrize(
    "head",
    [
        "GET / HTTP/1.1\nHost: x\nX-Long: " + "x" * 200_000,
        "GET / HTTP/1.1\nHost: x\n" + "X-Short: x\n" * 20_000,
        "GET /" + "x" * 200_000 + " HTTP/1.1\nHost: x",
        f"POST {START} HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n0\n" + "X-Short: x\n" * 20_000,
    ],
    ids=["one", "many", "path", "trailers"],
)
def test_headers_that_are_too_large(live: Running, one: httpx2.Client, head: str) -> None:
    answer = raw(live, head)
    assert problem(answer) == (431, "headers_too_large")
    assert "65536" in answer.json()["detail"]


@pytest.mark.parametrize(
    "beginning", ["X-Long: x", "Transfer-Encoding: chunked\n\n1;x"], ids=["header", "chunk"]
)
def test_a_line_without_end(live: Running, one: httpx2.Client, beginning: str) -> None:
    """The parser tells of a line only when it has ended; what is kept until then is bounded, too."""
    answer = raw(live, f"POST {START} HTTP/1.1\nHost: x\n{beginning}" + "x" * 10_000_000)
    assert problem(answer) == (431, "headers_too_large")


@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "é"])
def test_idempotency_keys_have_a_form(one: httpx2.Client, key: str) -> None:
    answer = one.post(START, json={}, headers={"Idempotency-Key": key.encode()})
    assert answer.status_code == 422


def test_a_list_is_sorted_by_a_field_once(one: httpx2.Client) -> None:
    """SQLite takes 2,000 terms; an address has room for more."""
    for path in ("/api/v1/runs", "/api/v1/workflows", "/api/v2/tasks/instances"):
        assert one.get(path, params=[("sort", "name,desc")] * 2_500).status_code == 200
