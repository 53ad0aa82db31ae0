"""Masking: every disguise, and streams that are cut anywhere."""

import base64
import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.executors.keeper.masks import MASK, Masks

KEY = "-----BEGIN PRIVATE KEY-----\nabcdefghijklmnop\nq1\n-----END PRIVATE KEY-----\n"
VALUES = ["canary-4711", 'p"ä\\ß/名 & ?=', "x" * 100 + "!", KEY, "12345678", " spaced out "]


@pytest.mark.parametrize("value", VALUES)
def test_every_disguise(value: str) -> None:
    masks = Masks([value])
    raw = value.encode()
    disguises = [
        raw,
        json.dumps(value).encode(),
        json.dumps(value, ensure_ascii=False).encode(),
        quote(value, safe="").encode(),
        quote_plus(value).encode(),
        quote(value, safe="").lower().encode() if value.isascii() and value.islower() else raw,
        raw.strip(),
    ]
    for disguise in disguises:
        assert value.strip()[:8].encode() not in masks.masked(b"before " + disguise + b" after") or MASK in (
            masks.masked(disguise)
        )
        assert masks.masked(b"<" + disguise + b">").startswith(
            (b"<" + MASK, b"<-----", b'<"' + MASK, b"< ")
        ), disguise


@pytest.mark.parametrize(
    "shown",
    [
        "a%20b/c%2Bd%21e~%C3%BC",  # Python's quote
        "a%20b%2Fc%2Bd%21e~%C3%BC",  # with nothing left
        "a+b%2Fc%2Bd%21e%7E%C3%BC",  # Java, a browser's form
        "a%20b%2Fc%2Bd!e~%C3%BC",  # encodeURIComponent
        "a%20b/c+d!e~%c3%bc",  # encodeURI
    ],
)
def test_urls_as_programs_write_them(shown: str) -> None:
    assert Masks(["a b/c+d!e~ü"]).text(f"?x={shown}&") == "?x=******&"


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("before", ["", "u", "us", "use"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_wherever_it_begins(value: str, before: str, encode: Any) -> None:
    text = encode((before + ":" + value + ":after").encode())
    masked = Masks([value]).masked(text)
    assert MASK in masked
    at = len(before) + 1
    inner = text[-(-at * 8 // 6) : (at + len(value.encode())) * 8 // 6]
    assert inner not in masked


def test_base64_broken_into_lines() -> None:
    value = "".join(f"{i:03}" for i in range(100))
    for width in (64, 76):
        whole = base64.b64encode(value.encode()).decode()
        lines = "\n".join(whole[i : i + width] for i in range(0, len(whole), width))
        assert set(Masks([value]).text(lines)) <= set("*\n=")


def test_lines_of_a_key() -> None:
    shown = Masks([KEY]).text("one: abcdefghijklmnop q1")
    assert shown == "one: ****** q1"


@given(
    st.lists(st.text("ab*", min_size=4, max_size=9), min_size=1, max_size=3),
    st.text("ab*\n", max_size=60),
    st.lists(st.integers(0, 60), max_size=8),
)
def test_a_stream_cut_anywhere_is_the_same_as_the_whole(
    values: list[str], text: str, cuts: list[int]
) -> None:
    masks = Masks(values)
    stream, data, out, at = masks.stream(), text.encode(), b"", 0
    for cut in [*sorted(cuts), len(data)]:
        out += stream.feed(data[at:cut])
        at = max(at, cut)
    assert out + stream.end() == masks.masked(data)


@given(st.integers(1, 30), st.text("xyz", max_size=20))
def test_a_value_in_pieces(size: int, around: str) -> None:
    masks = Masks(["secret-value-of-some-length", "secret-v"])
    data = f"{around}secret-value-of-some-length{around}secret-vx".encode()
    stream = masks.stream()
    out = b"".join(stream.feed(data[i : i + size]) for i in range(0, len(data), size)) + stream.end()
    assert out == f"{around}******{around}******x".encode()


def test_what_cannot_be_a_value_goes_on_at_once() -> None:
    stream = Masks(["secret"]).stream()
    assert stream.feed(b"no se") == b"no "
    assert stream.feed(b"c") == b""
    assert stream.feed(b"t!") == b"sect!"
    assert stream.end() == b""


def test_nothing_to_hide() -> None:
    masks = Masks()
    assert not masks
    assert (masks.masked(b"a"), masks.text("a"), masks.json({"a": 1}), masks.shows("a")) == (
        b"a",
        "a",
        {"a": 1},
        False,
    )
    assert (masks.search(b"a", 0), masks.stream().feed(b"a"), masks.stream().end()) == (None, b"a", b"")


def test_json() -> None:
    masks = Masks(["12345678", "None", "True"])
    given_ = {"a 12345678": ["x12345678", 12345678, 1.5, None, True], "b": ("12345678",)}
    hidden = {"a ******": ["x******", "******", 1.5, None, True], "b": ["******"]}
    assert masks.json(given_) == hidden
    assert json.loads(masks.document(json.dumps(given_).encode())) == hidden
    assert masks.document(b'{"a": 12345678') == b'{"a": ******'
    assert masks.document(b"[" * 100_000) == b"[" * 100_000


@pytest.mark.parametrize("value", ["\udc80abcd", "\ud800xyz1"])
def test_text_that_is_no_utf_8(value: str) -> None:
    assert Masks([value]).text(f"<{value}>") == "<******>"
