"""The pages: files that the build of ``ui/`` has left in the package, and one page for all of its paths."""

import gzip
import mimetypes
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from headrace.ports.errors import existing

router = APIRouter(include_in_schema=False)

ROOTS = ("sign-in", "inbox", "workflows", "runs", "resources", "admin")
"""First parts of the pages' own paths; which page it is, the browser's router knows."""
ASSETS = "/assets/{name}"
PATHS = frozenset({"/", "/mark.svg", ASSETS}).union(
    *((f"/{root}", f"/{root}/{{rest:path}}") for root in ROOTS)
)
"""Public: they are the same for everybody, and show nothing of any tenant."""

SMALL = 1_000  # bytes; compressing less gains nothing
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
FOREVER = "public, max-age=31536000, immutable"
NOT_BUILT = """<!doctype html><meta charset="utf-8"><title>Headrace</title>
<p>The pages are not built. Run <code>make ui</code>, then reload. The API works: see
<a href="/docs">/docs</a>.</p>
<p lang="zh-CN">页面尚未构建。请运行 <code>make ui</code> 后刷新。API 可用：<a href="/docs">/docs</a>。</p>
"""


async def page(request: Request) -> Response:
    """The one page, for every path of its router."""
    found = _read("index.html")
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    if found is None:
        return Response(NOT_BUILT, 503, headers, "text/html; charset=utf-8")
    return _answer(request, found, headers)


@router.get("/mark.svg")
async def mark(request: Request) -> Response:
    """The sign in the browser's tab."""
    return _file(request, "mark.svg", "public, max-age=86400")


@router.get(ASSETS)
async def asset(
    request: Request, name: Annotated[str, Path(max_length=200, pattern=r"^[\w-]+(\.[\w-]+)+$")]
) -> Response:
    """A file whose name changes with its content."""
    return _file(request, f"assets/{name}", FOREVER)


for _path in sorted(PATHS - {"/mark.svg", ASSETS}):
    router.add_api_route(_path, page, methods=["GET"])


def _file(request: Request, name: str, cache: str) -> Response:
    found = existing(_read(name), "path", name)
    return _answer(request, found, {"Cache-Control": cache})


class _Found:
    """A file, and what it is compressed; both kept, there are few."""

    def __init__(self, name: str, body: bytes) -> None:
        self.type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.body = body
        self.small = gzip.compress(body, 6) if len(body) > SMALL else None


def _answer(request: Request, found: _Found, headers: dict[str, str]) -> Response:
    headers["Vary"] = "Accept-Encoding"
    if found.small is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.small, 200, {**headers, "Content-Encoding": "gzip"}, found.type)
    return Response(found.body, 200, headers, found.type)


@lru_cache(maxsize=300)
def _read(name: str) -> _Found | None:
    place: Traversable = files("headrace") / "web"
    for part in name.split("/"):
        place = place / part
    return _Found(name, place.read_bytes()) if place.is_file() else None
