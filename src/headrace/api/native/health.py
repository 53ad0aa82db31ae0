"""Whether the server lives, can serve, and how it does."""

from typing import Any

import anyio.to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from headrace.api.http.access import SystemViewer
from headrace.api.http.answers import answer, sends
from headrace.api.http.waiting import Sys
from headrace.ports.errors import Broken

router = APIRouter(tags=["system"])


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz")
async def healthz() -> Response:
    """The process answers."""
    return answer({"status": "ok"})


@router.head("/readyz", include_in_schema=False)
@router.get("/readyz")
async def readyz(system: Sys) -> Response:
    """200 when requests can be served, else 503 and which parts keep it from that."""
    reasons = await anyio.to_thread.run_sync(_reasons, system)
    if reasons:
        return answer({"status": "unavailable", "reasons": reasons}, 503, {"Retry-After": "5"})
    return answer({"status": "ok", "reasons": {}})


@router.get("/metrics", response_class=Response, responses=sends("text/plain"))
async def metrics(request: Request, caller: SystemViewer) -> Response:
    """Figures in Prometheus' text format."""
    body, media = await anyio.to_thread.run_sync(request.app.state.metrics.page)
    return Response(body, media_type=media)


def _reasons(system: Any) -> dict[str, str]:
    """Parts in trouble. What exactly is wrong stays in the log: this page is public."""
    reasons = dict(system.trouble())
    try:
        system.store.check()
    except Broken as error:
        reasons["database"] = error.code
    return reasons
