"""A real mail server and a real web server on loopback that keep what they get, and can be made to fail."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

SECONDS = 20.0


class Kept:
    """What has come, and waiting for more."""

    def __init__(self) -> None:
        self._came = threading.Condition()
        self.all: list[Any] = []

    def add(self, one: Any) -> None:
        with self._came:
            self.all.append(one)
            self._came.notify_all()

    def wait(self, count: int = 1) -> list[Any]:
        """As soon as so many have come."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.all) >= count, SECONDS), self.all
            return list(self.all)


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Web:
    """``answers`` are given in turn, the last one for ever: (status, body). While ``open`` is not set, they
    are held back."""

    kept: Kept = field(default_factory=Kept)
    answers: list[tuple[int, str]] = field(default_factory=lambda: [(200, "ok")])
    headers: dict[str, str] = field(default_factory=dict)
    open: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self) -> tuple[int, str]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def web_sink() -> Iterator[Web]:
    web = Web()
    web.open.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {key.lower(): value for key, value in self.headers.items()}
            web.kept.add(Request(self.path, headers, self.rfile.read(length)))
            web.open.wait(SECONDS)
            status, body = web.answer()
            try:
                self.send_response(status)
                for key, value in web.headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())
            except OSError:
                pass  # whoever asked has given up

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        web.open.set()
        server.shutdown()
        server.server_close()
        thread.join(SECONDS)


@dataclass
class Mail:
    """``answer`` is what the server says to a whole message."""

    kept: Kept = field(default_factory=Kept)
    answer: str = "250 OK kept"
    rcpt: str = "250 OK"
    users: dict[str, str] = field(default_factory=dict)
    port: int = 0


@dataclass(frozen=True)
class Letter:
    sender: str
    to: list[str]
    message: EmailMessage
    encrypted: bool
    user: str | None

    @property
    def text(self) -> str:
        return str(self.message.get_content())


@contextmanager
def mail_sink(
    tls: ssl.SSLContext | None = None, *, implicit: bool = False, users: dict[str, str] | None = None
) -> Iterator[Mail]:
    """``tls`` offers STARTTLS, or speaks TLS from the start; with ``users`` a login is demanded."""
    mail = Mail(users=users or {})

    class Keep:
        async def handle_RCPT(
            self, server: Any, session: Any, envelope: Any, address: str, options: Any
        ) -> str:
            if mail.rcpt.startswith("250"):
                envelope.rcpt_tos.append(address)
            return mail.rcpt

        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            message = message_from_bytes(envelope.content, policy=policy.default)
            encrypted = session.ssl is not None or implicit
            user = session.auth_data.decode() if session.auth_data else None
            mail.kept.add(Letter(envelope.mail_from, envelope.rcpt_tos, message, encrypted, user))  # type: ignore[arg-type]
            return mail.answer

    def login(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
        good = mail.users.get(data.login.decode()) == data.password.decode()
        return AuthResult(success=good, handled=False, auth_data=data.login)

    more: dict[str, Any] = {}
    if tls is not None:
        more["ssl_context" if implicit else "tls_context"] = tls
    if mail.users:
        more |= {
            "authenticator": login,
            "auth_required": True,
            "auth_require_tls": tls is not None and not implicit,
        }
    controller = Controller(Keep(), hostname="127.0.0.1", port=0, **more)
    with _announced(controller):
        mail.port = controller.port
        yield mail


@contextmanager
def _announced(controller: Controller) -> Iterator[None]:
    """The controller greets itself to see whether it is up; its port is known only now."""
    greet = controller._trigger_server

    def trigger() -> None:
        controller.port = controller.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        greet()

    controller._trigger_server = trigger  # type: ignore[method-assign]
    controller.start()
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(_hung_up(), controller.loop).result(SECONDS)
        controller.stop()


async def _hung_up() -> None:
    """The controller ends its loop before the connections it closes are gone."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    connections = vars(asyncio.get_running_loop())["_transports"]
    for transport in list(connections.values()):
        transport.abort()  # one that is only closed waits for the other side to agree
    await asyncio.sleep(0)  # connections are let go one round after they are closed


Wanted = Callable[[Any], bool]
