"""The description of the API: OpenAPI 3.1, a page that shows it, and the schema of definitions."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from headrace import __version__
from headrace.api.http.access import permission_of
from headrace.api.http.answers import answer
from headrace.api.http.ids import PREFIX
from headrace.core.definition.schema import workflow_schema

router = APIRouter(tags=["system"])

ROOT = frozenset({"/healthz", "/readyz", "/metrics"})

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "errors", "traceId"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "stable name of the fault"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "code", "message"],
                "properties": {
                    "path": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
        "traceId": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
        "state": {"type": "object", "description": "with 409: where the object stands"},
    },
}


@router.get("/docs", include_in_schema=False)
async def docs() -> Response:
    """The page; it loads nothing from elsewhere."""
    page, policy = _page()
    return Response(page, headers={"Content-Security-Policy": policy}, media_type="text/html; charset=utf-8")


@router.get(PREFIX + "/openapi.json", include_in_schema=False)
async def openapi(request: Request) -> Response:
    """OpenAPI 3.1."""
    state = request.app.state
    if getattr(state, "openapi", None) is None:
        state.openapi = describe(request.app)
    return answer(state.openapi)


@router.get(PREFIX + "/schema/workflow.json")
async def schema() -> Response:
    """The JSON Schema of workflow definitions."""
    return answer(workflow_schema())


def describe(app: FastAPI) -> dict[str, Any]:
    """The description, with the permission of each operation and the shape of errors."""
    routes = [route for route in app.routes if isinstance(route, APIRoute) and _native(route)]
    description = get_openapi(title="Headrace", version=__version__, routes=routes)
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    description["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"},
        "password": {"type": "http", "scheme": "basic"},
    }
    for route in routes:
        for method in route.methods or ():
            _complete(description["paths"][route.path_format][method.lower()], route)
    return description


def _native(route: APIRoute) -> bool:
    """Surfaces are described by the products they come from."""
    return route.include_in_schema and (route.path.startswith(PREFIX + "/") or route.path in ROOT)


def _complete(operation: dict[str, Any], route: APIRoute) -> None:
    permission = permission_of(route)
    if permission is not None:
        operation["x-permission"] = permission
        operation["security"] = [{"token": []}, {"password": []}]
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = {
        "description": "Refused, or failed",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


@cache
def _page() -> tuple[str, str]:
    """The page and a policy that lets exactly its own script and style run."""
    page = files("headrace.api.native").joinpath("pages/docs.html").read_text(encoding="utf-8")
    script = _digest(re.search(r"<script>(.*?)</script>", page, re.S))
    style = _digest(re.search(r"<style>(.*?)</style>", page, re.S))
    policy = f"default-src 'none'; connect-src 'self'; script-src '{script}'; style-src '{style}'"
    return page, policy + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def _digest(found: re.Match[str] | None) -> str:
    assert found is not None
    return "sha256-" + b64encode(sha256(found.group(1).encode()).digest()).decode()
