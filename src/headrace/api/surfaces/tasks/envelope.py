"""OCP's envelope around answers and errors. Fields without a value are left out."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from headrace.api.http.answers import encode
from headrace.api.http.faults import Fault
from headrace.api.http.frame import BEGAN
from headrace.api.http.language import reader_language
from headrace.api.http.system import System
from headrace.api.http.trace import trace_of
from headrace.core.instants import instant
from headrace.core.messages import Language, text
from headrace.core.retold import noun
from headrace.ports.errors import Problem

SHOWN = 200  # findings listed in one answer

CODES: Mapping[str, tuple[int, int]] = {
    "gone": (404, 20000),
    "state": (400, 20003),
    "rollback_forbidden": (400, 20004),
    "unauthenticated": (401, 30000),
    "forbidden": (403, 30014),
}
"""HTTP status and OCP's code by the kind of a fault; every other kind is the framework's, code 0."""

FRAMEWORK = frozenset({"path_unknown", "idempotency_mismatch"})
"""Messages of these kinds that say nothing about a task."""

NOUNS: Mapping[object, str] = {"run": "task", "step": "subtask"}
SAID: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "en": (("Run ", "Task "), (" run", " task"), ("Step ", "Subtask "), (" step", " subtask")),
    "zh": (("运行", "任务"), ("步骤", "子任务")),
}
"""Ours and theirs, in texts about what the state allows."""


class SubError(msgspec.Struct):
    """One finding about a request."""

    field: str
    message: str


class Failure(msgspec.Struct, omit_defaults=True, rename="camel"):
    """Why a request failed; ``code`` is 0 where the request did not get as far as a task."""

    code: int
    message: str
    sub_errors: list[SubError] = []


class Envelope(msgspec.Struct, omit_defaults=True, rename="camel"):
    """What every answer looks like; ``duration`` is milliseconds."""

    duration: int
    server: str
    status: int
    successful: bool
    timestamp: str
    trace_id: str
    data: Any = None
    error: Failure | None = None


def success(request: Request, data: Any = None) -> Response:
    """The answer to a request that was carried out."""
    return _answer(request, 200, data=data)


def render_error(request: Request, fault: Fault) -> Response:
    """The answer to a failed request under this surface."""
    language = reader_language(request)
    status, code = _codes(fault)
    problems = [_sub_error(problem, language) for problem in fault.problems[:SHOWN]]
    message = "; ".join(f"{each.field}: {each.message}" for each in problems) or _told(fault, language)
    answer = _answer(request, status, error=Failure(code, message, problems))
    answer.headers.update({**fault.headers, "Content-Language": "zh-CN" if language == "zh" else "en"})
    return answer


def _codes(fault: Fault) -> tuple[int, int]:
    known = CODES.get(fault.kind)
    if known is not None and fault.code not in FRAMEWORK:
        return known
    unfit = fault.status == 422 or fault.kind == "state"
    return (400 if unfit else fault.status), 0


def _told(fault: Fault, language: Language) -> str:
    values = dict(fault.values)
    if "what" in values:
        what = str(values["what"])
        values["what"] = noun(NOUNS.get(what, what), language)
    own = SAID[language] if fault.kind in ("state", "rollback_forbidden") else ()
    return text(fault.code, values, language, own)


def _sub_error(problem: Problem, language: Language) -> SubError:
    place = problem.path.removeprefix("query.").removeprefix("path.")
    return SubError(place, text(problem.code, problem.values, language))


def _answer(request: Request, status: int, data: Any = None, error: Failure | None = None) -> Response:
    system: System = request.app.state.system
    took = system.clock.monotonic() - request.scope[BEGAN]
    timestamp = instant(system.clock.now())
    assert timestamp is not None
    server = (request.scope.get("server") or ("", 0))[0]
    trace = trace_of(request.scope)
    body = Envelope(round(took * 1000), server, status, error is None, timestamp, trace, data, error)
    return Response(encode(body), status, media_type="application/json")
