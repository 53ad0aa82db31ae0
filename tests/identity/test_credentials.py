"""Reading the Authorization header, hashing, and what is remembered."""

from base64 import b64encode

import pytest

from headrace.core.access.caller import Caller
from headrace.core.refusal import Refused
from headrace.identity import passwords, tokens
from headrace.identity.credentials import Basic, Bearer, parse
from headrace.identity.proofs import MOST, Proofs

KIM = Caller(1, "default", 7, "kim", frozenset(), frozenset())


def basic(text: str) -> str:
    return "Basic " + b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("header", "credentials"),
    [
        (basic("admin:secret"), Basic("default", "admin", "secret")),
        (basic("acme/kim:a:b/c"), Basic("acme", "kim", "a:b/c")),
        (basic("小明:密码"), Basic("default", "小明", "密码")),
        ("bearer  hr_x ", Bearer("hr_x")),
    ],
)
def test_headers_that_can_be_read(header: str, credentials: object) -> None:
    assert parse(header) == credentials


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic !!!",
        basic("nocolon"),
        basic(f"{'k' * 251}:x"),
        "Basic /w==",
        "Digest x",
        "hr_x",
        "Basic Zg",
    ],
)
def test_headers_that_prove_nothing(header: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(header)
    assert (refused.value.kind, refused.value.code) == ("unauthenticated", "credentials_wrong")


def test_no_header_asks_to_sign_in() -> None:
    with pytest.raises(Refused) as refused:
        parse(None)
    assert refused.value.code == "credentials_missing"


def test_passwords_match_their_hash_alone() -> None:
    stored = passwords.hash_password("correct horse")
    assert stored.startswith("$argon2id$")
    assert "correct horse" not in stored
    assert passwords.matches(stored, "correct horse")
    assert not passwords.matches(stored, "wrong horse")
    assert not passwords.matches("not a hash", "correct horse")
    assert not passwords.matches(None, "correct horse")


def test_tokens_are_long_prefixed_and_unlike() -> None:
    first, second = tokens.mint(), tokens.mint()
    assert first.startswith("hr_")
    assert len(first) >= 46
    assert first != second
    assert tokens.digest(first) != tokens.digest(second)
    assert len(tokens.digest(first)) == 64


def test_proofs_end_with_their_time() -> None:
    proofs = Proofs()
    mark = proofs.mark("Bearer hr_x")
    proofs.keep(mark, KIM, until=10.0, generation=0)
    assert proofs.find(mark, 9.9) is KIM
    assert proofs.find(mark, 10.0) is None
    assert proofs.find(proofs.mark("Bearer hr_y"), 9.9) is None


def test_a_proof_that_began_before_a_change_is_not_kept() -> None:
    proofs = Proofs()
    mark = proofs.mark("Bearer hr_x")
    began = proofs.generation
    proofs.forget()
    proofs.keep(mark, KIM, until=10.0, generation=began)
    assert proofs.find(mark, 0.0) is None


def test_proofs_are_bounded_and_hold_no_credentials() -> None:
    proofs = Proofs()
    for n in range(MOST + 10):
        proofs.keep(proofs.mark(f"Bearer {n}"), KIM, until=10.0, generation=0)
    assert len(proofs._callers) == MOST
    assert all(len(mark) == 16 for mark in proofs._callers)
