"""The outermost layer: trace id, security headers, one log line, and the last net for what breaks."""

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headrace.api.http.errors import Envelopes
from headrace.api.http.faults import INTERNAL
from headrace.api.http.trace import trace_of

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
DEFAULTS: tuple[tuple[bytes, bytes], ...] = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
BEGAN = "headrace.began"
"""Key of the scope: the monotonic time at which the request came in."""
Observe = Callable[[str, str, int, float], None]
"""Told of each answer: method, route, status, seconds."""

log = structlog.get_logger("headrace.http")


class Frame:
    """ASGI middleware around everything else."""

    def __init__(
        self, app: ASGIApp, envelopes: Envelopes, monotonic: Callable[[], float], observe: Observe
    ) -> None:
        self._app = app
        self._envelopes = envelopes
        self._monotonic = monotonic
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send, trace_of(scope))
        began = scope[BEGAN] = self._monotonic()
        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            log.error("request_broken", trace=answer.trace, path=scope["path"], exc_info=error)
            if answer.status is not None:
                raise
            await self._envelopes.render(Request(scope), INTERNAL)(scope, receive, answer)
        finally:
            self._tell(scope, answer, self._monotonic() - began)

    def _tell(self, scope: Scope, answer: "_Answer", took: float) -> None:
        route: Any = scope.get("route")
        self._observe(scope["method"], getattr(route, "path", "unknown"), answer.status or 0, took)
        quiet = scope["method"] == "GET" and answer.status is not None and answer.status < 400
        (log.debug if quiet else log.info)(
            "request",
            trace=answer.trace,
            method=scope["method"],
            path=scope["path"],
            status=answer.status,
            ms=round(took * 1000, 1),
        )


class _Answer:
    """``send`` with the headers of every answer added."""

    def __init__(self, send: Send, trace: str) -> None:
        self._send = send
        self.trace = trace
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": framed(message["headers"], self.trace)}
        await self._send(message)


def framed(headers: Iterable[tuple[bytes, bytes]], trace: str) -> list[tuple[bytes, bytes]]:
    """An answer's headers with those that every answer has."""
    own = list(headers)
    present = {name.lower() for name, _ in own}
    defaults = [pair for pair in DEFAULTS if pair[0] not in present]
    return [*own, *defaults, *HEADERS, (b"x-trace-id", trace.encode())]
