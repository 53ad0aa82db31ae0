"""Every route names a permission or is on the short public list (S01, S02)."""

from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from headrace.api.app import create_app
from headrace.api.http import web
from headrace.api.http.access import ANYBODY, PUBLIC, permission_of, refuse_unmarked
from headrace.api.http.tickets import _idempotency
from headrace.core.words import Permission


def routes(app: FastAPI) -> list[APIRoute]:
    return [route for route in app.routes if isinstance(route, APIRoute)]


def test_every_route_is_marked_or_public(system: Any) -> None:
    app = create_app(system)
    assert len(routes(app)) == len(app.routes), (
        "only plain routes: mounts and sockets would escape the census"
    )
    known = {permission.value for permission in Permission} | {ANYBODY}
    for route in routes(app):
        marked = permission_of(route) in known
        assert marked != (route.path in PUBLIC | web.PATHS), route.path


KEYLESS = {
    "/api/v1/sign-in",
    "/api/v1/workflows:check",
    "/api/v1/schedules/preview",
    "/api/v1/channels/{name}/test",
    "/api/v1/connections/{name}/test",
}
"""They change nothing that could be changed twice."""


def test_every_post_of_the_api_takes_an_idempotency_key(system: Any) -> None:
    posts = [route for route in routes(create_app(system)) if "POST" in route.methods]
    ours = [route for route in posts if route.path.startswith(("/api/v1/", "/api/v2/"))]
    keyless = {route.path for route in ours if not _depends_on(route.dependant, _idempotency)}
    assert keyless == KEYLESS


def _depends_on(dependant: Dependant, call: Any) -> bool:
    return any(each.call is call or _depends_on(each, call) for each in dependant.dependencies)


def test_the_public_list_is_short_and_exists(system: Any) -> None:
    paths = {route.path for route in routes(create_app(system))}
    assert len(PUBLIC) <= 10
    assert paths >= PUBLIC


def test_a_route_without_marker_keeps_the_server_from_starting(system: Any) -> None:
    app = create_app(system)
    hole = APIRouter()

    @hole.get("/api/v1/health")
    async def health() -> None:
        """Named like a public one."""

    app.router.routes.extend(hole.routes)
    with pytest.raises(RuntimeError, match="/api/v1/health"):
        refuse_unmarked(app)
    assert permission_of(app.routes[-1]) is None
