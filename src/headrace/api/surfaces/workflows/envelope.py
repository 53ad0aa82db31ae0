"""Zhiqingyun's envelope: ``{code, msg, err?, data?}``. Unlike there, HTTP says the same as ``code``."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from headrace.api.http.answers import answer
from headrace.api.http.faults import Fault
from headrace.api.http.language import language_of
from headrace.core.messages import Language, text

PREFIX = "/workflow"
SHOWN = 200  # findings told of in one message
CLASH = "55500"
"""Zhiqingyun's code for an edit of something that somebody else has changed meanwhile."""

STATUS: Mapping[str, int] = {"invalid": 400, "limit": 400, "stale": 409, "unconditional": 409}
"""Where a kind of fault has another HTTP status here than in the native API."""

WORDS: Mapping[object, str] = {"workflow": "job flow", "run": "flow instance", "step": "job instance"}


def spoken(request: Request) -> Language:
    """The language asked for; Chinese where none is."""
    header = request.headers.get("accept-language")
    return language_of(header) if header else "zh"


def success(request: Request, code: str, data: Any = None) -> Response:
    """The answer to a request that was carried out; ``code`` names the message."""
    body = {"code": "200", "msg": text(code, {}, spoken(request))}
    return answer(body if data is None else {**body, "data": data})


def render_error(request: Request, fault: Fault) -> Response:
    """The answer to a failed request under this surface; ``err`` is the stable name of the fault."""
    language = spoken(request)
    status = STATUS.get(fault.kind, fault.status)
    what = fault.values.get("what")
    if what in WORDS:
        fault = replace(fault, values={**fault.values, "what": WORDS[what]})
    found = [text(each.code, each.values, language) for each in fault.problems[:SHOWN]]
    places = [each.path for each in fault.problems[:SHOWN]]
    listed = [f"{place}: {said}" if place else said for place, said in zip(places, found, strict=True)]
    code = CLASH if fault.kind == "stale" else str(status)
    body = {"code": code, "msg": "; ".join(listed) or fault.message(language), "err": fault.code}
    spoken_in = {"Content-Language": "zh-CN" if language == "zh" else "en"}
    return answer(body, status, {**fault.headers, **spoken_in})
