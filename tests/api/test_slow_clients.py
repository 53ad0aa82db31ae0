"""Clients that open connections and send little or nothing: none of them is waited for without end."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import httpx2
import pytest

from headrace.api.http import protocol
from tests.api.conftest import ADMIN_TOKEN, SECONDS, Running

POST = (
    f"POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ADMIN_TOKEN}\r\n"
    "Content-Type: application/json\r\nContent-Length: 15\r\n\r\n"
)
GET = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "REQUEST_SECONDS", 0.2)


@pytest.fixture
def sockets() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def connect(live: Running, sockets: ExitStack) -> socket.socket:
    host, port = live.url.removeprefix("http://").split(":")
    return sockets.enter_context(socket.create_connection((host, int(port)), timeout=SECONDS))


def rest(connection: socket.socket) -> str:
    """What comes until the server closes."""
    with connection.makefile("rb") as reader:
        return reader.read().decode()


@pytest.mark.parametrize("sent", ["GET /healthz HTT", "GET / HTTP/1.1\r\nX-Long: ", POST, POST + '{"name"'])
def test_half_a_request_is_refused_in_time(live: Running, sockets: ExitStack, hurry: None, sent: str) -> None:
    connection = connect(live, sockets)
    connection.sendall(sent.encode())
    answer = rest(connection)
    assert answer.startswith("HTTP/1.1 408")
    assert "request_slow" in answer


@pytest.mark.parametrize("sent", ["", "\r\n"])
def test_who_sends_nothing_is_let_go(live: Running, sockets: ExitStack, hurry: None, sent: str) -> None:
    connection = connect(live, sockets)
    connection.sendall(sent.encode())
    assert rest(connection) == ""


def test_nothing_after_a_request_is_let_go_too(live: Running, sockets: ExitStack, hurry: None) -> None:
    """An empty line ends uvicorn's own wait for the next request."""
    connection = connect(live, sockets)
    connection.sendall(GET.encode())
    first = connection.recv(65536).decode()
    connection.sendall(b"\r\n")
    assert (first + rest(connection)).count("HTTP/1.1") == 1


def test_an_answer_may_take_longer_than_its_request(live: Running, sockets: ExitStack, hurry: None) -> None:
    """A stream is not ended, not even where another request waits behind it."""
    with live.client(ADMIN_TOKEN).stream("GET", "/api/v1/events") as stream:
        comments = (line for line in stream.iter_lines() if line == ": still here")
        assert [next(comments) for _ in range(3)]
    behind = connect(live, sockets)
    head = f"GET /api/v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ADMIN_TOKEN}\r\n\r\n"
    behind.sendall((head + POST).encode())
    with behind.makefile("rb") as reader:
        comments = (line for line in reader if line == b": still here\n")
        assert [next(comments) for _ in range(3)]


def test_a_request_in_pieces_is_whole_in_the_end(live: Running, sockets: ExitStack) -> None:
    connection = connect(live, sockets)
    for piece in (POST[:20], POST[20:], '{"name":', '"slow"}'):
        connection.sendall(piece.encode())
    assert connection.recv(65536).startswith(b"HTTP/1.1 201")


def test_connections_beyond_the_limit_are_refused(
    live: Running, sockets: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "most_connections", lambda: 3)
    held = [connect(live, sockets) for _ in range(3)]
    for connection in held:
        connection.sendall(GET.encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    answer = rest(connect(live, sockets))
    assert answer.startswith("HTTP/1.1 503")
    assert "connections_many" in answer
    assert "retry-after: 5" in answer.lower()
    held[0].sendall(GET.replace("Host", "Connection: close\r\nHost").encode())
    rest(held[0])
    with httpx2.Client(trust_env=False) as client:
        assert client.get(live.url + "/healthz").status_code == 200


def test_half_of_the_files_are_kept_for_the_work() -> None:
    assert 0 < protocol.most_connections() <= protocol.MOST_CONNECTIONS
