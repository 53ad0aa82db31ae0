"""Addresses and bodies are measured and checked before anything parses them."""

from collections.abc import Iterable
from typing import Any

import msgspec
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headrace.api.http.errors import Envelopes
from headrace.api.http.faults import Fault

BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})


class _Unfit(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


class BodyLimits:
    """ASGI middleware: refuses bodies that are too large, not UTF-8, not JSON, or nested too deeply, and
    addresses with a NUL, which no name has and PostgreSQL cannot look for.

    ``most`` is bytes, ``depth`` levels. The body is held in memory, so ``most`` also bounds that.
    """

    def __init__(self, app: ASGIApp, envelopes: Envelopes, most: int, depth: int) -> None:
        self._app = app
        self._envelopes = envelopes
        self._most = most
        self._depth = depth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and ("\0" in scope["path"] or b"%00" in scope["query_string"]):
            fault = Fault("malformed", "address_nul")
            await self._envelopes.render(Request(scope), fault)(scope, receive, send)
            return
        if scope["type"] != "http" or scope["method"] in BODILESS:
            await self._app(scope, receive, send)
            return
        try:
            body = await self._collect(Headers(scope=scope), receive)
        except _Unfit as unfit:
            await self._envelopes.render(Request(scope), unfit.fault)(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _collect(self, headers: Headers, receive: Receive) -> bytes:
        self._check_length(headers)
        body = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Unfit(Fault("malformed", "body_incomplete"))
            body += message.get("body", b"")
            if len(body) > self._most:
                raise _Unfit(Fault("too_large", "body_too_large", {"limit": self._most}))
            more = message.get("more_body", False)
        if body:
            self._check_text(bytes(body), headers.get("content-type", ""))
        return bytes(body)

    def _check_length(self, headers: Headers) -> None:
        lengths = set(headers.getlist("content-length"))
        if len(lengths) > 1 or (lengths and "transfer-encoding" in headers):
            raise _Unfit(Fault("malformed", "length_ambiguous"))
        declared = lengths.pop() if lengths else "0"
        if not declared.isascii() or not declared.isdigit():
            raise _Unfit(Fault("malformed", "length_ambiguous"))
        if int(declared) > self._most:
            raise _Unfit(Fault("too_large", "body_too_large", {"limit": self._most}))

    def _check_text(self, body: bytes, content_type: str) -> None:
        try:
            body.decode()
        except UnicodeDecodeError as error:
            raise _Unfit(Fault("malformed", "body_not_utf8", {"offset": error.start})) from None
        media = content_type.partition(";")[0].strip().lower()
        if media.endswith("json"):
            self._check_json(body)

    def _check_json(self, body: bytes) -> None:
        too_deep = _Unfit(Fault("invalid", "json_too_deep", {"limit": self._depth}))
        try:
            value = msgspec.json.decode(body)
        except RecursionError:
            raise too_deep from None
        except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
            raise _Unfit(Fault("malformed", "json_malformed", {"found": _told(error)})) from None
        if body.count(b"[") + body.count(b"{") > self._depth and deeper_than(value, self._depth):
            raise too_deep


def _told(error: Exception) -> str:
    """What the parser found; that it is not JSON is said around it."""
    return str(error).removeprefix("JSON is malformed: ").rstrip(".")


def deeper_than(value: Any, depth: int) -> bool:
    """Whether JSON is nested more than ``depth`` levels; level by level, without recursion."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(depth):
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, dict | list)]
    return bool(level)


def _inside(container: Any) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
