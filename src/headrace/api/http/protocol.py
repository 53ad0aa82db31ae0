"""HTTP/1.1 as the server reads it: in bounds, and what cannot be read is refused like any other request."""

import sys

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


class _TooLarge(Exception):
    """The head of a request is larger than HEAD_MOST."""


class Protocol(HttpToolsProtocol):
    """uvicorn's, on llhttp, which itself bounds nothing: a head without end would be kept in memory. Nor does
    it ask for what RFC 9112 asks of a server: a version that we speak, and one ``Host``.

    Nothing is known of a request that cannot be read, its language neither: it is answered in English.
    """

    _head = 0  # bytes of the current request's head
    _silent = 0  # bytes received since the parser last told of anything

    def data_received(self, data: bytes) -> None:
        self._silent += len(data)
        super().data_received(data)
        if self._silent > HEAD_MOST and not self.transport.is_closing():
            self._refuse(_TooLarge())

    def on_message_begin(self) -> None:
        self._head = 0
        super().on_message_begin()

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
    else:
        fault = Fault("malformed", "request_not_http", {"found": str(error)[:FOUND]})
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": []})
    answer = render_problem(request, fault)
    answer.raw_headers = framed([*answer.raw_headers, (b"connection", b"close")], trace_of(request.scope))
    return answer


def _written(answer: Response) -> bytes:
    head = b"".join(b"%b: %b\r\n" % header for header in answer.raw_headers)
    return STATUS_LINE[answer.status_code] + head + b"\r\n" + bytes(answer.body)
