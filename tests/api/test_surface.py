"""A surface has its own routes and envelope, and the same guards as everything else."""

from typing import Any

import httpx2
import pytest
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from headrace.api.app import create_app
from headrace.api.http.access import TaskViewer
from headrace.api.http.faults import Fault
from headrace.api.http.surface import Surface
from headrace.ports.errors import Gone
from tests.api.conftest import ADMIN_TOKEN, serving

router = APIRouter(prefix="/other")


@router.post("/things/{id}")
async def thing(caller: TaskViewer, id: int) -> Response:
    """Always absent."""
    raise Gone("thing", id)


def render(request: Request, fault: Fault) -> Response:
    return JSONResponse({"failed": fault.code, "status": fault.status}, fault.status)


@pytest.fixture
def url(system: Any) -> Any:
    app = create_app(system, [Surface("/other", router, render)])
    with serving(app) as address:
        yield address


def test_errors_wear_the_envelope_of_their_prefix(url: str) -> None:
    with httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {ADMIN_TOKEN}"}) as client:
        half = {"content": b"{", "headers": {"Content-Type": "application/json"}}
        assert client.post("/other/things/7").json() == {"failed": "not_found", "status": 404}
        assert client.post("/other/things/x").json() == {"failed": "request_invalid", "status": 422}
        assert client.post("/other/things/7", **half).json()["failed"] == "json_malformed"
        assert client.get("/other/nothing").json() == {"failed": "path_unknown", "status": 404}
        assert client.get("/others").json()["code"] == "path_unknown"
        assert len(client.get("/other/nothing").headers["x-trace-id"]) == 16


def test_a_surface_is_guarded(url: str) -> None:
    with httpx2.Client(base_url=url) as client:
        assert client.post("/other/things/7").json() == {"failed": "credentials_missing", "status": 401}


def test_a_surface_without_a_permission_is_not_served(system: Any) -> None:
    hole = APIRouter()

    @hole.get("/other/hole")
    async def open() -> None:
        """Nobody said who may."""

    with pytest.raises(RuntimeError, match="/other/hole"):
        create_app(system, [Surface("/other", hole, render)])
