"""Requests that are no HTTP: refused like any other, before there is anything to route."""

import sys
from http import HTTPStatus

import h11
from starlette.requests import Request
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from headrace.api.http.faults import Fault
from headrace.api.http.frame import framed
from headrace.api.http.problems import render_problem
from headrace.api.http.trace import trace_of

FOUND = 200  # characters of what h11 says


class Protocol(H11Protocol):
    """uvicorn's reading of HTTP, with our answer to what it cannot read.

    Nothing of such a request is known, its language neither: the answer is the native one, in English.
    """

    def send_400_response(self, msg: str) -> None:
        """Called by uvicorn while it handles what h11 raised; ``msg`` is always the same sentence."""
        if self.cycle is not None:
            self.cycle.disconnected = True  # a handler that still reads the body must not answer as well
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self._answer(_refusal(self._fault(sys.exception())))
        self.transport.close()

    def _fault(self, error: BaseException | None) -> Fault:
        if getattr(error, "error_status_hint", None) == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
            return Fault("headers", "headers_too_large", {"limit": self.config.h11_max_incomplete_event_size})
        return Fault("malformed", "request_not_http", {"found": str(error)[:FOUND]})

    def _answer(self, answer: Response) -> None:
        reason = HTTPStatus(answer.status_code).phrase.encode()
        headers = [*answer.raw_headers, (b"connection", b"close")]
        for event in (
            h11.Response(status_code=answer.status_code, headers=headers, reason=reason),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")


def _refusal(fault: Fault) -> Response:
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": []})
    answer = render_problem(request, fault)
    answer.raw_headers = framed(answer.raw_headers, trace_of(request.scope))
    return answer
