"""The native envelope of errors: RFC 9457 ``application/problem+json``."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from headrace.api.http.access import OWN
from headrace.api.http.faults import Fault
from headrace.api.http.language import reader_language
from headrace.api.http.trace import trace_of
from headrace.core.messages import Language, text
from headrace.core.retold import values_in
from headrace.ports.errors import Problem

CHALLENGE = "WWW-Authenticate"
SHOWN = 200  # faults listed in one answer; more is counted, not listed


def render_problem(request: Request, fault: Fault) -> Response:
    """The answer to a failed request under /api/v1 and everywhere no surface answers."""
    language = reader_language(request)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": text(f"title_{fault.status}", {}, language),
        "status": fault.status,
        "detail": fault.message(language),
        "code": fault.code,
        "errors": [error_of(problem, language) for problem in fault.problems[:SHOWN]],
        "traceId": trace_of(request.scope),
    }
    if fault.kind == "state":
        state = {key: value for key, value in fault.values.items() if key in ("status", "operation")}
        body |= {"state": state} if state else {}
    return Response(
        msgspec.json.encode(body, enc_hook=str),
        fault.status,
        {**_headers(request, fault), "Content-Language": "zh-CN" if language == "zh" else "en"},
        "application/problem+json",
    )


def _headers(request: Request, fault: Fault) -> dict[str, str]:
    """Without a challenge for our own pages: a browser would open its own window for the password, and
    keep the answer from the page until that is closed."""
    asked = request.headers
    from_page = OWN in asked or asked.get("accept") == "text/event-stream"
    return {key: value for key, value in fault.headers.items() if not (from_page and key == CHALLENGE)}


def error_of(problem: Problem, language: Language) -> dict[str, str]:
    """One fault as answers list it."""
    message = text(problem.code, values_in(problem.values, language), language)
    return {"path": problem.path, "code": problem.code, "message": message}
