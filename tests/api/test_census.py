"""Every route names a permission or is on the short public list (S01, S02)."""

from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from headrace.api.app import create_app
from headrace.api.http import web
from headrace.api.http.access import ANYBODY, PUBLIC, permission_of, refuse_unmarked
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
