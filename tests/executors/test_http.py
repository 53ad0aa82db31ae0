"""``http`` against a real server on loopback."""

import errno
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from headrace.core.retold import retold
from headrace.core.run.events import Vanished
from headrace.core.words import Act, Phase
from headrace.executors.addresses import Addresses
from headrace.executors.http import Http
from headrace.executors.http_faults import why
from headrace.executors.system_words import system_words
from tests.executors.desk import PATIENCE, Desk, desk


class Handler(BaseHTTPRequestHandler):
    """Answers as the path says; ``/hold`` until the test lets go."""

    inside = threading.Event()
    gate = threading.Event()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        path = self.path.partition("?")[0]
        if path == "/echo":
            names = {"x": "x-own", "auth": "authorization", "key": "x-api-key"}
            seen = {"method": self.command, "body": body.decode(), "path": self.path}
            seen |= {key: self.headers.get(name) or "" for key, name in names.items()}
            self._answer(200, json.dumps(seen).encode(), "application/json")
        elif path == "/hold":
            self.inside.set()
            self.gate.wait(PATIENCE)
            self._answer(200, b"late", "text/plain")
        elif path == "/moved":
            self.send_response(302)
            self.send_header("location", self.path.partition("?")[2])
            self.send_header("content-length", "0")
            self.end_headers()
        elif path == "/large":
            self._answer(200, b"x" * 300_000, "application/json")
        elif path == "/latin":
            self._answer(200, "é".encode("latin-1"), "text/plain; charset=latin-1")
        elif path == "/packed":
            self.send_response(200)
            self.send_header("content-encoding", "gzip")
            self.send_header("content-length", "5")
            self.end_headers()
            self.wfile.write(b"plain")
        elif path == "/torn":
            self.send_response(200)
            self.send_header("content-length", "5")
            self.end_headers()
        elif path == "/notjson":
            self._answer(200, b"{", "application/json")
        else:
            self._answer(int(path[1:]), "没有\nsecond".encode(), "text/plain; charset=no-such")

    do_GET = do_POST = do_PUT = do_DELETE = _serve

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def web() -> Iterator[str]:
    Handler.inside.clear()
    Handler.gate.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        Handler.gate.set()
        server.shutdown()
        thread.join()


def test_a_request(at: Desk, web: str) -> None:
    inputs = {
        "url": f"{web}/echo?token=secret",
        "method": "post",
        "json": {"名": 1},
        "headers": {"X-Own": "a"},
    }
    finished = at.finished(step := at.hand("http", inputs))
    assert (finished.ok, finished.phase) == (True, Phase.MONITOR_SUCCESS)
    outputs = finished.outputs
    assert (outputs["status"], outputs["truncated"]) == (200, False)
    assert outputs["json"]["method"] == "POST"
    assert json.loads(outputs["json"]["body"]) == {"名": 1}
    assert outputs["json"]["x"] == "a"
    assert outputs["headers"]["content-type"] == "application/json"
    assert at.log(step).startswith(f"POST {web}/echo: 200, ")
    assert "secret" not in at.log(step)


def test_bodies(at: Desk, web: str) -> None:
    assert at.finished(at.hand("http", {"url": f"{web}/latin"})).outputs["body"] == "é"
    assert at.finished(at.hand("http", {"url": f"{web}/notjson"})).outputs["body"] == "{"
    sent = at.finished(at.hand("http", {"url": f"{web}/echo", "method": "PUT", "body": "raw"}))
    assert sent.outputs["json"]["body"] == "raw"


def test_a_large_answer_is_cut(at: Desk, web: str) -> None:
    outputs = at.finished(at.hand("http", {"url": f"{web}/large"})).outputs
    assert (outputs["truncated"], len(outputs["body"])) == (True, 100_000)


@pytest.mark.parametrize(
    ("expect", "status", "ok"),
    [
        (None, 204, True),
        (None, 404, False),
        (404, 404, True),
        ([200, "4xx"], 418, True),
        ("5xx", 200, False),
    ],
)
def test_expected_statuses(at: Desk, web: str, expect: Any, status: int, ok: bool) -> None:
    inputs = {"url": f"{web}/{status}", **({} if expect is None else {"expect": expect})}
    finished = at.finished(at.hand("http", inputs))
    assert finished.ok is ok
    if not ok:
        assert str(finished.message).startswith(f"answered with status {status}")
    if status == 404 and not ok:
        assert finished.message == "answered with status 404: 没有 second"


def test_redirects(at: Desk, web: str) -> None:
    moved = f"{web}/moved?{web}/echo"
    assert at.finished(at.hand("http", {"url": moved})).outputs["json"]["method"] == "GET"
    assert at.finished(at.hand("http", {"url": moved, "redirects": False, "expect": 302})).ok


def test_rollback_is_another_request(at: Desk, web: str) -> None:
    block = {"url": f"{web}/echo", "method": "DELETE"}
    step = at.hand("http", {"url": f"{web}/500"}, act=Act.ROLLBACK, rollback=block)
    finished = at.finished(step)
    assert finished.phase is Phase.ROLLBACK_SUCCESS
    assert finished.outputs["json"]["method"] == "DELETE"


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({}, "url is null"),
        ({"url": "ftp://127.0.0.1/"}, "The request failed: url is no address that begins with"),
        ({"url": "http://127.0.0.1:99999/"}, "The request failed: url is no address that "),
        ({"url": "http://127.0.0.1/", "method": "BREW"}, "method is "),
        ({"url": "http://127.0.0.1/", "expect": "fine"}, "expect is "),
        ({"url": "http://127.0.0.1/", "timeout": -1}, "timeout is -1"),
        ({"url": "http://127.0.0.1/", "headers": {"a": "b\r\nc: d"}}, "The request failed: "),
        ({"url": "http://127.0.0.1/", "headers": {"a": "clé"}}, "failed: a header has letters that are not"),
    ],
)
def test_requests_that_cannot_be_made(at: Desk, inputs: dict[str, Any], message: str) -> None:
    finished = at.finished(at.hand("http", inputs))
    assert not finished.ok
    assert message in str(finished.message)


def test_nobody_listens(at: Desk) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    finished = at.finished(at.hand("http", {"url": f"http://127.0.0.1:{port}/"}))
    refused = f"the host 127.0.0.1:{port} refuses the connection: nothing listens there"
    assert finished.message == f"The request failed: {refused}."
    assert retold(finished.message, "zh") == f"请求失败：127.0.0.1:{port} 拒绝连接：该端口没有服务在监听。"


@pytest.mark.parametrize(
    ("scheme", "path", "said", "told"),
    [
        ("http", "/moved?/moved", "the redirects do not come to an end.", "重定向次数过多。"),
        ("http", "/moved?ftp://127.0.0.1/", "url is no address that begins with http://", "url 不是以"),
        ("http", "/torn", " ended the connection before its answer was whole.", "在响应完成之前断开了连接"),
        ("http", "/packed", "the answer is not encoded as its header", "响应内容与其"),
        ("https", "/echo", " does not answer with TLS there: perhaps http:// is meant.", "未使用 TLS"),
    ],
)
def test_answers_that_are_none(at: Desk, web: str, scheme: str, path: str, said: str, told: str) -> None:
    finished = at.finished(at.hand("http", {"url": web.replace("http", scheme) + path}))
    assert said in str(finished.message)
    assert told in str(retold(finished.message, "zh"))


def test_a_header_that_cannot_be_sent_is_not_shown(at: Desk, web: str) -> None:
    finished = at.finished(at.hand("http", {"url": web, "headers": {"a": "value\nother"}}))
    assert finished.message == "The request failed: a header has a name or a value that HTTP does not allow."


def test_names_that_nobody_knows_and_certificates_that_nobody_signed() -> None:
    told = why(socket.gaierror(-2, "Name or service not known"), "far")
    assert told == "no address is known for the host far"
    outer = ExceptionGroup("all failed", [OSError(errno.EHOSTUNREACH, "No route to host")])
    assert why(outer, "far") == "there is no route to the host far"
    unsigned = ssl.SSLCertVerificationError(1, "certificate verify failed")
    unsigned.verify_message = "self-signed certificate"
    outer_too = RuntimeError("something else")
    outer_too.__cause__ = unsigned
    assert why(outer_too, "far") == "the certificate of far is not trusted (self-signed certificate)"
    assert why(ValueError("an odd thing."), "far") == "an odd thing"


def test_timeout(at: Desk, web: str) -> None:
    finished = at.finished(at.hand("http", {"url": f"{web}/hold", "timeout": 0.1}))
    assert finished.message == "No whole answer within 0.1 seconds."


def test_cancel_closes_the_connection(at: Desk, web: str) -> None:
    step = at.hand("http", {"url": f"{web}/hold", "timeout": 1000})
    assert Handler.inside.wait(PATIENCE)
    at.cancel(step)
    assert isinstance(at.end(step), Vanished)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/echo",
        "http://localhost:{port}/echo",
        "http://[::1]:{port}/echo",
        "http://[::ffff:127.0.0.1]:{port}/echo",
        "http://0.0.0.0:{port}/echo",
        "http://2130706433:{port}/echo",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://[fd00::1]/",
        "http://[2002:7f00:1::]:{port}/echo",
        "http://[64:ff9b::10.0.0.1]/",
        "http://[64:ff9b:1::10.0.0.1]/",
    ],
)
def test_private_addresses_can_be_denied(tmp_path: Path, web: str, url: str) -> None:
    with desk(tmp_path, {"http": Http(Addresses(deny_private=True))}) as at:
        finished = at.finished(
            at.hand("http", {"url": url.format(port=web.rpartition(":")[2]), "timeout": 5})
        )
        assert not finished.ok
        assert "an address that must not be called" in str(finished.message)


def test_redirects_are_checked_too(tmp_path: Path, web: str) -> None:
    port = web.rpartition(":")[2]
    with desk(tmp_path, {"http": Http(Addresses(True, ["localhost"]))}) as at:
        assert at.finished(at.hand("http", {"url": f"http://localhost:{port}/echo"})).ok
        finished = at.finished(at.hand("http", {"url": f"http://localhost:{port}/moved?{web}/echo"}))
        assert "an address that must not be called" in str(finished.message)
        near = at.finished(at.hand("http", {"url": f"http://localhost:{port}/moved?/echo"}))
        assert near.ok, near.message


def test_networks_can_be_allowed(tmp_path: Path, web: str) -> None:
    with desk(tmp_path, {"http": Http(Addresses(True, ["127.0.0.0/8"]))}) as at:
        assert at.finished(at.hand("http", {"url": f"{web}/echo"})).ok


def test_words_of_the_machine_come_without_its_paths() -> None:
    assert system_words(OSError(errno.ENOSPC, "full", "/private/place")) == "No space left on device"
    assert (
        system_words(OSError(errno.EXDEV, "Invalid cross-device link", "/a")) == "Invalid cross-device link"
    )
    assert system_words(OSError()) == "OSError"
