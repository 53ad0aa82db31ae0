"""Connections of kind http in requests, and trying connections out, against real servers on loopback."""

import base64
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from headrace.executors.addresses import Addresses
from headrace.executors.prober import ConnectionProber
from tests.executors.desk import Desk
from tests.executors.safe import Safe
from tests.executors.ssh_server import PASSWORD, USER, ssh_server
from tests.executors.test_http import web  # noqa: F401 - a fixture

SECRET = "canary-4711-value"


@pytest.fixture
def safe(web: str) -> Safe:  # noqa: F811
    own = Safe({"token": SECRET})
    where: dict[str, Any] = {"host": "127.0.0.1", "port": int(web.rpartition(":")[2])}

    def add(name: str, user: str = "", secret: str | None = "token", **options: str) -> None:
        own.connect(name, "http", **where, user=user, secret=secret, options={"scheme": "http", **options})

    add("bearer")
    add("basic", user="me")
    add("open", secret=None)
    add("header", auth="header:X-Api-Key")
    add("plain", user="me", secret=None, auth="basic")
    add("bare", user="me", secret=None, auth="bearer")
    add("based", path="/moved")
    add("odd", auth="magic")
    add("gopher", scheme="gopher")
    add("broken", path="/\x00")
    add("refusing", path="/401")
    add("ailing", path="/503")
    own.connect("nobody", "http", host="127.0.0.1", port=1, options={"scheme": "http"})
    own.connect("six", "http", host="::1", port=1, options={"scheme": "http"})
    own.connect("file", "sqlite", database="/no/such.sqlite")
    return own


def echoed(at: Desk, connection: str, url: str = "/echo") -> dict[str, Any]:
    finished = at.finished(at.hand("http", {"connection": connection, "url": url}))
    assert finished.ok, finished.message
    return finished.outputs["json"]  # type: ignore[no-any-return]


def test_who_calls(there: Desk) -> None:
    masked = "******"
    assert echoed(there, "bearer")["auth"] == f"Bearer {masked}"
    assert echoed(there, "header")["key"] == masked
    assert echoed(there, "open")["auth"] == ""
    assert echoed(there, "bare")["auth"] == ""
    assert echoed(there, "plain")["auth"] == "Basic " + base64.b64encode(b"me:").decode()
    basic = echoed(there, "basic")["auth"]
    assert basic.startswith("Basic ")
    assert basic != "Basic " + base64.b64encode(f"me:{SECRET}".encode()).decode()


def test_where_it_calls(there: Desk, web: str) -> None:  # noqa: F811
    assert echoed(there, "open", "echo?a=1")["path"] == "/echo?a=1"
    assert echoed(there, "open", f"{web}/echo")["path"] == "/echo"
    assert echoed(there, "based", f"?{web}/echo")["path"] == "/echo"
    finished = there.finished(there.hand("http", {"connection": "refusing"}))
    assert "answered with status 401" in str(finished.message)


@pytest.mark.parametrize("connection", ["bearer", "header"])
def test_redirects_elsewhere_get_no_secret(there: Desk, web: str, connection: str) -> None:  # noqa: F811
    elsewhere = web.replace("127.0.0.1", "localhost")
    seen = echoed(there, connection, f"/moved?{elsewhere}/echo")
    assert (seen["auth"], seen["key"]) == ("", "")
    seen = echoed(there, connection, f"/moved?{web}/echo")
    assert (seen["auth"] + seen["key"]).endswith("******")


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (
            {"connection": "open", "url": "http://localhost/x"},
            "url leads to localhost; the connection is for",
        ),
        ({"connection": "odd", "url": "/"}, "auth is magic: it must be basic / bearer / header:NAME"),
        ({"connection": "gopher", "url": "/"}, "scheme is gopher: it must be https / http"),
        ({"connection": "broken", "url": "/"}, "The request failed: "),
        ({"connection": "six", "url": "/"}, "The request failed: "),
        ({"connection": "file", "url": "/"}, "The connection file is of kind sqlite; http is needed."),
    ],
)
def test_what_cannot_be_called(there: Desk, inputs: dict[str, Any], message: str) -> None:
    finished = there.finished(there.hand("http", inputs))
    assert not finished.ok
    assert message in str(finished.message)


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("ailing", "answered with status 503"),
        ("refusing", "answered with status 401"),
        ("nobody", "The request failed: "),
        ("six", "The request failed: "),
        ("broken", "The request failed: "),
        ("odd", "auth is magic"),
        ("file", "There is no file /no/such.sqlite."),
        ("none", "There is no connection none."),
    ],
)
def test_trying_what_fails(safe: Safe, name: str, trouble: str) -> None:
    assert str(ConnectionProber(safe).probe(1, name)).startswith(trouble)


def test_trying_services(safe: Safe, web: str) -> None:  # noqa: F811
    where: dict[str, Any] = {"host": "127.0.0.1", "port": int(web.rpartition(":")[2])}
    safe.connect("good", "http", **where, options={"scheme": "http", "path": "/404"})
    assert ConnectionProber(safe).probe(1, "good") is None
    trouble = ConnectionProber(safe, Addresses(deny_private=True)).probe(1, "good")
    assert trouble == "The request failed: 127.0.0.1 is 127.0.0.1, an address that must not be called."
    assert ConnectionProber(safe, Addresses(True, ["127.0.0.0/8"])).probe(1, "good") is None


def test_trying_databases(safe: Safe, tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite"
    sqlite3.connect(path).close()
    path.touch()
    safe.connect("good", "sqlite", database=str(path))
    safe.connect("away", "postgresql", host="127.0.0.1", port=1, database="d", user="u", secret="token")
    bad = tmp_path / "text"
    bad.write_text("this is no database at all, whatever it is called" * 100)
    safe.connect("bad", "sqlite", database=str(bad))
    prober = ConnectionProber(safe)
    assert prober.probe(1, "good") is None
    assert "127.0.0.1" in str(prober.probe(1, "away"))
    assert prober.probe(1, "bad") == "the file is no SQLite database"


def test_trying_hosts(safe: Safe) -> None:
    with ssh_server() as server:
        safe.secrets["door"] = PASSWORD
        where: dict[str, Any] = {"host": "127.0.0.1", "port": server.port, "user": USER}
        safe.connect("good", "ssh", **where, secret="door", options={"host_key": server.host_key})
        safe.connect("denied", "ssh", **where, secret="token", options={"host_key": server.host_key})
        prober = ConnectionProber(safe)
        assert prober.probe(1, "good") is None
        assert prober.probe(1, "denied") == "127.0.0.1 does not let operator in with this secret."
