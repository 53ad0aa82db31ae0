"""Lists: pages, sorting by an allow-list, and cursors."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from typing_extensions import TypedDict

from headrace.ports.errors import Problem, Refused
from headrace.ports.records import Page

DEFAULT_SIZE = 10
MOST = 2000  # larger sizes are answered with this many
LAST_PAGE = 10**9

PageNumber = Annotated[int, Query(ge=1, le=LAST_PAGE, description="page, from 1")]
PageSize = Annotated[int, Query(ge=1, le=2**53 - 1, description="items a page; capped at 2000")]
Sort = Annotated[list[str] | None, Query(description="field,asc or field,desc; repeatable")]
Order = Sequence[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Paging:
    """A page that is asked for. ``size`` is already capped."""

    page: int
    size: int


class Listed(TypedDict):
    """What the answer of every list has beside its ``items``; ``total`` counts all pages."""

    page: int
    size: int
    total: int


def paged(found: Page[Any], items: Sequence[object]) -> dict[str, Any]:
    """The answer: a page's rows as they are shown."""
    return {"items": items, "page": found.page, "size": found.size, "total": found.total}


def whole(items: Sequence[object]) -> dict[str, Any]:
    """The same of a list that has no pages."""
    return {"items": items, "page": 1, "size": len(items), "total": len(items)}


async def paging(page: PageNumber = 1, size: PageSize = DEFAULT_SIZE) -> Paging:
    """A FastAPI dependency; asynchronous, because others cost a thread each."""
    return Paging(page, min(size, MOST))


def order_of(sort: Sequence[str] | None, allowed: Collection[str]) -> Order:
    """``["id,asc"]`` → ``[("id", True)]``; Refused for a field that is not allowed.

    A field given again changes nothing any more, and so is left out: a database takes only so many.
    """
    order: dict[str, bool] = {}
    for entry in sort or ():
        field, ascending = _order(entry, allowed)
        order.setdefault(field, ascending)
    return list(order.items())


def _order(entry: str, allowed: Collection[str]) -> tuple[str, bool]:
    name, _, direction = entry.partition(",")
    if name.strip() not in allowed or direction.strip().lower() not in ("asc", "desc", ""):
        values = {"found": entry, "expected": ", ".join(sorted(allowed))}
        raise Refused("invalid", "request_invalid", {}, [Problem("query.sort", "sort_unknown", values)])
    return name.strip(), direction.strip().lower() != "desc"


def cursor_text(last_id: int) -> str:
    """The opaque text that continues a list after ``last_id``."""
    return urlsafe_b64encode(f"a{last_id}".encode()).decode().rstrip("=")


def cursor_id(cursor: str | None) -> int | None:
    """The id a cursor stands for, None for the beginning; Refused for anything we did not make."""
    if not cursor:
        return None
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        if text[:1] == "a" and text[1:].isdigit() and len(text) <= 17:
            return int(text[1:])
    except (Error, ValueError):
        pass
    raise Refused("invalid", "request_invalid", {}, [Problem("query.cursor", "cursor_unknown")])
