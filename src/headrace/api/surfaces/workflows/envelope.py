"""Zhiqingyun's envelope: ``{code, msg, err?, data?}``. Unlike there, HTTP says the same as ``code``."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from headrace.api.http.answers import answer
from headrace.api.http.faults import Fault
from headrace.api.http.language import reader_language
from headrace.core.messages import Language, text
from headrace.core.retold import noun, values_in
from headrace.ports.errors import Problem

PREFIX = "/workflow"
SHOWN = 200  # findings told of in one message
CLASH = "55500"
"""Zhiqingyun's code for an edit of something that somebody else has changed meanwhile."""

STATUS: Mapping[str, int] = {"invalid": 400, "limit": 400, "stale": 409, "unconditional": 409}
"""Where a kind of fault has another HTTP status here than in the native API."""

NOUNS: Mapping[object, str] = {"workflow": "job flow", "run": "flow instance", "step": "job instance"}
SAID = (("工作流", "作业流"), ("步骤", "作业"))
"""Ours and theirs, in texts that all of our API shares."""


def spoken(request: Request) -> Language:
    """The language asked for; Chinese where none is."""
    return reader_language(request) if request.headers.get("accept-language") else "zh"


def success(request: Request, code: str, data: Any = None) -> Response:
    """The answer to a request that was carried out; ``code`` names the message."""
    body = {"code": "200", "msg": text(code, {}, spoken(request))}
    return answer(body if data is None else {**body, "data": data})


def render_error(request: Request, fault: Fault) -> Response:
    """The answer to a failed request under this surface; ``err`` is the stable name of the fault."""
    language = spoken(request)
    status = STATUS.get(fault.kind, fault.status)
    found = [_told(problem, language) for problem in fault.problems[:SHOWN]]
    msg = "; ".join(found) or text(fault.code, _values(fault, language), language, SAID)
    code = CLASH if fault.kind == "stale" else str(status)
    body = {"code": code, "msg": msg, "err": fault.code}
    spoken_in = {"Content-Language": "zh-CN" if language == "zh" else "en"}
    return answer(body, status, {**fault.headers, **spoken_in})


def _values(fault: Fault, language: Language) -> Mapping[str, object]:
    if "what" not in fault.values:
        return fault.values
    what = str(fault.values["what"])
    return {**fault.values, "what": noun(NOUNS.get(what, what), language)}


def _told(problem: Problem, language: Language) -> str:
    said = text(problem.code, values_in(problem.values, language), language, SAID).rstrip("。.")
    return f"{problem.path}: {said}" if problem.path else said
