"""The list's parameters: forgiving about pages, strict about words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from starlette.datastructures import QueryParams

from headrace.api.http.paging import DEFAULT_SIZE, LAST_PAGE, MOST, Order, order_of
from headrace.api.surfaces.tasks.words import SORT, STATUSES, TRIGGERS
from headrace.ports.errors import Problem, Refused
from headrace.ports.records import RunFilter

T = TypeVar("T")
_NUMBER = re.compile(r"[+-]?[0-9]{1,1000}")
LONG = 2**63  # OCP's ids are Longs, below this: one that we never give is found nowhere
LONGEST_NAME = 200  # characters of a part of a name


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of tasks that is asked for."""

    which: RunFilter
    order: Order
    page: int
    size: int


def asked_of(params: QueryParams) -> Asked:
    """What the query string asks for. Refused (invalid) for unknown words, sort fields and ids."""
    if params.get("tenantName") and not params.get("clusterId"):
        raise _refused("tenantName", "tenant_name_alone")
    return Asked(
        RunFilter(
            name=_part(params, "name"),
            statuses=_own(params, "status", STATUSES),
            triggers=_own(params, "type", TRIGGERS),
            target_ids=_given({kind: _id(params, f"{kind}Id") for kind in ("cluster", "tenant", "host")}),
            target_names=_given({kind: _part(params, f"{kind}Name") for kind in ("cluster", "tenant")}),
        ),
        _order(params.getlist("sort")),
        page=min(_positive(params.get("page"), 1), LAST_PAGE),
        size=min(_positive(params.get("size"), DEFAULT_SIZE), MOST),
    )


def _positive(text: str | None, otherwise: int) -> int:
    """A whole number above 0; anything else counts as not given."""
    number = _number(text)
    return number if number is not None and number > 0 else otherwise


def _number(text: str | None) -> int | None:
    return int(text) if text and _NUMBER.fullmatch(text) else None


def _id(params: QueryParams, name: str) -> int | None:
    text = params.get(name)
    if not text:
        return None
    number = _number(text)
    if number is None:
        raise _refused(name, "field_type", {"expected": "integer"})
    if not -LONG <= number < LONG:
        raise _refused(name, "field_too_large", {"limit": LONG - 1})
    return number


def _part(params: QueryParams, name: str) -> str | None:
    text = params.get(name)
    if text and len(text) > LONGEST_NAME:
        raise _refused(name, "field_too_long", {"limit": LONGEST_NAME})
    return text or None


def _given(values: Mapping[str, T | None]) -> dict[str, T]:
    return {key: value for key, value in values.items() if value is not None}


def _own(params: QueryParams, name: str, known: Mapping[str, frozenset[T]]) -> frozenset[T]:
    """Our words for OCP's: given repeatedly, with commas, or as a JSON array, in any case."""
    found: set[T] = set()
    for entry in params.getlist(name):
        for word in _words(entry):
            own = known.get(word.strip().upper()) if isinstance(word, str) else None
            if own is None:
                raise _refused(name, "field_choice", {"expected": ", ".join(known)})
            found |= own
    return frozenset(found)


def _words(entry: str) -> Sequence[Any]:
    if not entry.lstrip().startswith("["):
        return [word for word in entry.split(",") if word.strip()]
    try:
        words: list[Any] = msgspec.json.decode(entry)
    except (msgspec.MsgspecError, RecursionError):
        return [None]
    return words


def _order(sort: Sequence[str]) -> Order:
    entries = [entry for entry in sort if entry.strip()]
    return [(SORT[field], ascending) for field, ascending in order_of(entries, SORT)]


def _refused(parameter: str, code: str, values: Mapping[str, object] | None = None) -> Refused:
    return Refused("invalid", "request_invalid", {}, [Problem(f"query.{parameter}", code, values or {})])
