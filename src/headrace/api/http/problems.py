"""The native envelope of errors: RFC 9457 ``application/problem+json``."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from headrace.api.http.faults import Fault
from headrace.api.http.language import language_of
from headrace.api.http.trace import trace_of
from headrace.core.messages import Language, text
from headrace.ports.errors import Problem

SHOWN = 200  # faults listed in one answer; more is counted, not listed


def render_problem(request: Request, fault: Fault) -> Response:
    """The answer to a failed request under /api/v1 and everywhere no surface answers."""
    language = language_of(request.headers.get("accept-language"))
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
        body["state"] = {key: value for key, value in fault.values.items() if key in ("status", "operation")}
    return Response(
        msgspec.json.encode(body, enc_hook=str),
        fault.status,
        {**fault.headers, "Content-Language": "zh-CN" if language == "zh" else "en"},
        "application/problem+json",
    )


def error_of(problem: Problem, language: Language) -> dict[str, str]:
    """One fault as answers list it."""
    message = text(problem.code, problem.values, language)
    return {"path": problem.path, "code": problem.code, "message": message}
