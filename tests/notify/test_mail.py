"""Mail before a real server: in clear, by STARTTLS, by TLS; and servers that refuse or hang."""

import socket
import ssl
import time
from collections.abc import Iterator
from typing import Any

import pytest

from headrace.core.alarm import Message
from headrace.notify.letter import Open
from headrace.notify.reach import Reach
from tests.notify.letters import LETTER, channel, send
from tests.notify.sinks import Mail, mail_sink

FROM = "Headrace@example.org"


def over(mail: Mail, secret: str | None = None, **settings: Any) -> Open:
    given = {"host": "127.0.0.1", "port": mail.port, "security": "none", "from": FROM, **settings}
    return channel("email", secret, **given)


def test_what_arrives(mail: Mail) -> None:
    outcome = send(over(mail))
    assert (outcome.ok, outcome.response) == (True, "OK kept")
    (letter,) = mail.kept.wait()
    assert (letter.sender, letter.to) == (FROM, ["ada@example.org"])
    assert letter.message["Subject"] == LETTER.message.subject
    assert letter.message["Message-ID"] == "<headrace-7-1000@example.org>"
    assert letter.message["X-Headrace-Id"] == LETTER.key
    assert letter.message["Auto-Submitted"] == "auto-generated"
    assert letter.text.splitlines() == LETTER.message.text.splitlines()
    assert not letter.encrypted


def test_long_lines_and_lone_dots_arrive_whole(mail: Mail) -> None:
    text = "x" * 5_000 + "\n.\n..\n执行\n"
    assert send(over(mail), message=Message("s", text)).ok
    assert mail.kept.wait()[0].text.splitlines() == text.splitlines()


@pytest.mark.usefixtures("trusted")
def test_starttls_and_a_login(tls: ssl.SSLContext) -> None:
    with mail_sink(tls, users={"me": "pass"}) as mail:
        good = over(mail, "pass", host="localhost", security="starttls", user="me")
        assert send(good).ok
        assert [(letter.encrypted, letter.user) for letter in mail.kept.wait()] == [(True, "me")]
        outcome = send(over(mail, "wrong", host="localhost", security="starttls", user="me"))
        assert (outcome.ok, outcome.again) == (False, False)
        assert "535" in outcome.response
        assert "wrong" not in outcome.response


@pytest.mark.usefixtures("trusted")
def test_tls_from_the_start(tls: ssl.SSLContext) -> None:
    with mail_sink(tls, implicit=True) as mail:
        assert send(over(mail, host="localhost", security="ssl")).ok
        assert mail.kept.wait()[0].encrypted


@pytest.mark.parametrize("security", ["starttls", "ssl"])
def test_a_certificate_that_nobody_knows_is_not_trusted(tls: ssl.SSLContext, security: str) -> None:
    with mail_sink(tls, implicit=security == "ssl") as mail:
        outcome = send(over(mail, host="localhost", security=security))
        assert not outcome.ok
        assert "certificate" in outcome.response.lower()
        assert mail.kept.all == []


def test_a_server_without_starttls_gets_nothing_in_clear(mail: Mail) -> None:
    outcome = send(over(mail, security="starttls"))
    assert (outcome.ok, outcome.again) == (False, False)
    assert mail.kept.all == []


@pytest.mark.parametrize(("code", "again"), [("451 later", True), ("554 no", False)])
def test_refusals(mail: Mail, code: str, again: bool) -> None:
    mail.answer = code
    outcome = send(over(mail))
    assert (outcome.ok, outcome.again, outcome.response) == (False, again, f"127.0.0.1 answered: {code}")
    mail.rcpt = code
    assert send(over(mail)).again is again


def test_no_line_of_a_subject_becomes_a_header(mail: Mail) -> None:
    outcome = send(over(mail), message=Message("a\r\nBcc: x@y.z", "t"))
    assert not outcome.ok
    assert mail.kept.all == []


@pytest.fixture
def mute() -> Iterator[int]:
    """The port of a server that takes connections and says nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.parametrize("security", ["none", "starttls", "ssl"])
def test_one_that_hangs_is_given_up(mute: int, security: str) -> None:
    begun = time.monotonic()
    silent = channel("email", host="127.0.0.1", port=mute, security=security, **{"from": FROM})
    outcome = send(silent, Reach(seconds=0.2))
    assert time.monotonic() - begun < 2.0
    assert (outcome.ok, outcome.again, outcome.response) == (False, True, "No answer within 0.2 s.")


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        outcome = send(channel("email", host="127.0.0.1", port=port, security="none", **{"from": FROM}))
    assert (outcome.ok, outcome.again) == (False, True)


def test_where_it_may_not_go(mail: Mail) -> None:
    outcome = send(over(mail), Reach(public_only=True))
    assert (outcome.ok, outcome.again) == (False, False)
    assert "must not be sent to" in outcome.response
    assert mail.kept.all == []
