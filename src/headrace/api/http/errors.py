"""From exceptions to answers. Which envelope an answer has is decided by the path's prefix."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from headrace.api.http import faults
from headrace.api.http.faults import Fault
from headrace.api.http.problems import render_problem
from headrace.api.http.validation import problems_of
from headrace.ports.errors import Broken, Conflict, Gone, Problem, Refused

Render = Callable[[Request, Fault], Response]


@dataclass(frozen=True, slots=True)
class Envelopes:
    """How errors look, by path prefix; the native problem+json where no prefix fits."""

    by_prefix: Mapping[str, Render] = field(default_factory=dict)

    def render(self, request: Request, fault: Fault) -> Response:
        path = request.scope["path"]
        for prefix, render in self.by_prefix.items():
            if path == prefix or path.startswith(prefix + "/"):
                return render(request, fault)
        return render_problem(request, fault)


def fault_of(error: Exception) -> Fault:
    """The fault an exception stands for; what is not foreseen stays inside."""
    match error:
        case Refused():
            return faults.of_refused(error)
        case Gone():
            return faults.of_gone(error)
        case Conflict():
            return faults.of_conflict(error)
        case Broken():
            return faults.of_broken(error)
        case RequestValidationError():
            return _of_validation(error)
        case HTTPException():
            return _of_http(error)
    return faults.INTERNAL


def _of_validation(error: RequestValidationError) -> Fault:
    kind, code = "invalid", "request_invalid"
    if any(each["type"] == "json_invalid" for each in error.errors()):
        kind, code = "malformed", "json_malformed"
    if isinstance(error.body, bytes) and any(each["loc"] == ("body",) for each in error.errors()):
        # What is not said to be JSON is not read as JSON: "expected is an object" would puzzle who sent one.
        return Fault(kind, code, problems=[Problem("header.Content-Type", "body_not_json")])
    return Fault(kind, code, problems=problems_of(error.errors()))


def _of_http(error: HTTPException) -> Fault:
    """What Starlette and FastAPI raise themselves: unknown paths, wrong methods, unreadable bodies."""
    kinds = {
        404: ("gone", "path_unknown"),
        405: ("method", "method_not_allowed"),
        413: ("too_large", "body_too_large"),
    }
    kind, code = kinds.get(error.status_code, ("malformed", "request_malformed"))
    return Fault(kind, code, headers=dict(error.headers or {}))


def install(app: FastAPI, envelopes: Envelopes) -> None:
    """Answer every foreseen exception of a handler through ``envelopes``."""

    async def answer(request: Request, error: Any) -> Response:
        return envelopes.render(request, fault_of(error))

    for kind in (Refused, Gone, Conflict, Broken, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, answer)
