"""HTTP/1.1 as the server reads it: in bounds, and what cannot be read is refused like any other request."""

import asyncio
import resource
import sys
from functools import cache

from starlette.requests import Request
from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from headrace.api.http.faults import Fault
from headrace.api.http.frame import framed
from headrace.api.http.problems import render_problem
from headrace.api.http.trace import trace_of

HEAD_MOST = 64 * 1024  # bytes of a request's line and headers, trailers included
VERSIONS = ("1.0", "1.1")
FOUND = 200  # characters of what the parser says
REQUEST_SECONDS = 60.0  # for a whole request to arrive, and for the first of a connection to begin
MOST_CONNECTIONS = 10_000


class _TooLarge(Exception):
    """The head of a request is larger than HEAD_MOST."""


class _TooSlow(Exception):
    """A request is not whole after REQUEST_SECONDS."""


class _TooMany(Exception):
    """There are ``most_connections`` already."""


@cache
def most_connections() -> int:
    """Half of the files that this process may open: the work and the database need the other half."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return MOST_CONNECTIONS if files < 0 else min(MOST_CONNECTIONS, files // 2)


class Protocol(HttpToolsProtocol):
    """uvicorn's, on llhttp, which itself bounds nothing: a head without end would be kept in memory. Nor does
    it ask for what RFC 9112 asks of a server: a version that we speak, and one ``Host``. And it would wait
    for the rest of a request for ever, on as many connections as somebody opens.

    Nothing is known of a request that cannot be read, its language neither: it is answered in English.
    """

    _head = 0  # bytes of the current request's head
    _silent = 0  # bytes received since the parser last told of anything
    _half = False  # whether a request has begun to arrive and is not whole
    _deadline: asyncio.TimerHandle | None = None  # by when what is awaited of the client has to be here

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > most_connections():
            self._refuse(_TooMany())
        else:
            self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._silent += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._silent > HEAD_MOST:
            self._refuse(_TooLarge())
        elif self._half or self._idle():
            self._await_request()
        else:
            self._stop_waiting()

    def _idle(self) -> bool:
        """Nothing is being answered, and no timer of uvicorn's runs: what came was no part of a request."""
        answered = self.cycle is None or self.cycle.response_complete
        return answered and self.timeout_keep_alive_task is None

    def _await_request(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(REQUEST_SECONDS, self._late)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._deadline = None
        if self.transport.is_closing():
            return
        if self.pipeline:  # it waits for the answer to the request before it, so we do not read on
            self._await_request()
        elif self._half:
            self._refuse(_TooSlow())
        else:
            self.transport.close()

    def on_message_begin(self) -> None:
        self._head = 0
        self._half = True
        self._stop_waiting()  # for it to begin; ``data_received`` begins to wait for its end
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._half = False
        super().on_message_complete()

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        version = self.parser.get_http_version()
        hosts = sum(name == b"host" for name, _ in self.headers)
        if version not in VERSIONS:
            raise ValueError(f"HTTP/{version}")
        if hosts > 1 or (hosts == 0 and version != "1.0"):
            raise ValueError(f"{hosts} Host headers, one is needed")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._silent = 0
        super().on_body(body)

    def _count(self, more: int) -> None:
        self._silent = 0
        self._head += more
        if self._head > HEAD_MOST:
            raise _TooLarge

    def send_400_response(self, msg: str) -> None:
        """Called while uvicorn handles what the parser raised; ``msg`` is always the same sentence."""
        error = sys.exception()
        self._refuse(error.__context__ if error is not None and error.__context__ is not None else error)

    def _refuse(self, error: BaseException | None) -> None:
        begun = self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete
        if self.cycle is not None:
            self.cycle.disconnected = True  # a handler that still reads the body must not answer as well
            self.cycle.message_event.set()
        if not begun:
            self.transport.write(_written(_refusal(error)))
        self.transport.close()


def _refusal(error: BaseException | None) -> Response:
    if isinstance(error, _TooLarge):
        fault = Fault("headers", "headers_too_large", {"limit": HEAD_MOST})
    elif isinstance(error, _TooSlow):
        fault = Fault("slow", "request_slow", {"limit": round(REQUEST_SECONDS)})
    elif isinstance(error, _TooMany):
        values = {"limit": most_connections()}
        fault = Fault("broken", "connections_many", values, headers={"Retry-After": "5"})
    else:
        fault = Fault("malformed", "request_not_http", {"found": str(error)[:FOUND]})
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": []})
    answer = render_problem(request, fault)
    answer.raw_headers = framed([*answer.raw_headers, (b"connection", b"close")], trace_of(request.scope))
    return answer


def _written(answer: Response) -> bytes:
    head = b"".join(b"%b: %b\r\n" % header for header in answer.raw_headers)
    return STATUS_LINE[answer.status_code] + head + b"\r\n" + bytes(answer.body)
