"""The small parts of api.http, each by itself."""

import pytest

from headrace.api.http import conditions, paging
from headrace.api.http.language import language_of
from headrace.api.http.limits import deeper_than
from headrace.api.http.trace import trace_of
from headrace.core.instants import instant
from headrace.core.refusal import Refused


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.2, zh-TW;q=0.3", "zh"),
        ("fr, de;q=0.9", "en"),
        ("*", "en"),
        ("zh;q=0, en;q=0.1", "en"),
        ("zh;q=nonsense", "en"),
        ("en,zh", "en"),
        ("zh,en", "zh"),
    ],
)
def test_language(header: str | None, language: str) -> None:
    assert language_of(header) == language


@pytest.mark.parametrize(
    ("value", "depth", "deeper"),
    [
        (1, 0, False),
        ({}, 0, True),
        ([], 1, False),
        ({"a": [1, {"b": 2}]}, 3, False),
        ({"a": [1, {"b": 2}]}, 2, True),
        ([1, "x", [[]]], 2, True),
    ],
)
def test_depth(value: object, depth: int, deeper: bool) -> None:
    assert deeper_than(value, depth) is deeper


def test_cursors_are_opaque_and_ours() -> None:
    assert paging.cursor_id(paging.cursor_text(2**53 - 1)) == 2**53 - 1
    assert paging.cursor_id(None) is None
    for junk in ("x", "MTIz", "a" * 60, "é", "=", "YS0x", "YTk5OTk5OTk5OTk5OTk5OTk5OTk"):
        with pytest.raises(Refused):
            paging.cursor_id(junk)


def test_order() -> None:
    allowed = {"id", "name"}
    assert paging.order_of(["id,desc", "name,ASC"], allowed) == [("id", False), ("name", True)]
    assert paging.order_of(["name", "id", "name,desc"], allowed) == [("name", True), ("id", True)]
    for junk in ("nope,asc", "id;drop table runs", "id,up", ""):
        with pytest.raises(Refused) as refused:
            paging.order_of([junk], allowed)
        assert refused.value.problems[0].values["found"] == junk


@pytest.mark.parametrize(
    ("current", "match", "none_match", "kind"),
    [
        (None, None, None, None),
        (None, None, "*", None),
        (None, '"a"', None, "stale"),
        ("a", None, None, "unconditional"),
        ("a", '"a"', None, None),
        ("a", '"b", "a"', None, None),
        ("a", "*", None, None),
        ("a", '"b"', None, "stale"),
        ("a", '"a"', "*", "stale"),
    ],
)
def test_conditions(current: str | None, match: str | None, none_match: str | None, kind: str | None) -> None:
    if kind is None:
        conditions.refuse_stale(current, match, none_match)
        return
    with pytest.raises(Refused) as refused:
        conditions.refuse_stale(current, match, none_match)
    assert refused.value.kind == kind


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "a3ce929d0e0e4736"),
        ("00-4bf92f3577b34da60000000000000000-00f067aa0ba902b7-01", None),
        ("junk\r\nX: y", None),
    ],
)
def test_trace(given: str, expected: str | None) -> None:
    scope = {"type": "http", "headers": [(b"traceparent", given.encode())]}
    trace = trace_of(scope)
    assert len(trace) == 16
    assert int(trace, 16) > 0
    assert expected in (None, trace)
    assert trace_of(scope) == trace


def test_instants_carry_their_offset() -> None:
    assert instant(0.5) == "1970-01-01T00:00:00.500+00:00"
    assert instant(None) is None
    assert instant(253_402_300_800.0) == "9999-12-31T23:59:59.000+00:00"  # as a timer may wait until
