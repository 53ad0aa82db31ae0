"""One id a request: 16 hex digits, in every answer and every log line it causes."""

import re
import secrets

from starlette.datastructures import Headers
from starlette.types import Scope

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_KEY = "headrace.trace"


def trace_of(scope: Scope) -> str:
    """The request's id: the low half of a valid W3C ``traceparent``'s trace id, else a new one."""
    known: str | None = scope.get(_KEY)
    if known is None:
        given = _TRACEPARENT.fullmatch(Headers(scope=scope).get("traceparent", ""))
        low = given.group(1)[16:] if given else ""
        known = low if low.strip("0") else secrets.token_hex(8)
        scope[_KEY] = known
    return known
