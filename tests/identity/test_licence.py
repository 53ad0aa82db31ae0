"""Signatures: what is accepted, what is told of the rest, and what a start makes of a stored one."""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from headrace.identity.licence import Verifier, canonical, check_installed
from headrace.ports.errors import Refused
from headrace.ports.licence import LicenceRecord
from headrace.storage import MemoryStore
from tests.identity.licences import public_half, signed

OURS, THEIRS = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
CLAIMS = {"holder": "某市水务局", "validUntil": "2030-01-31", "maxWorkflows": 3}


@pytest.fixture
def verifier() -> Verifier:
    return Verifier(public_half(OURS))


def test_what_was_signed_is_given_back(verifier: Verifier) -> None:
    assert verifier.verify(signed(OURS, CLAIMS)) == CLAIMS
    assert verifier.verify(json.dumps(json.loads(signed(OURS, CLAIMS)), indent=4)) == CLAIMS


def edited(**changes: Any) -> str:
    document = json.loads(signed(OURS, CLAIMS))
    document["licence"].update(changes)
    return json.dumps(document)


@pytest.mark.parametrize(
    "text", [signed(THEIRS, CLAIMS), edited(maxWorkflows=None), edited(more=1), edited(holder="x")]
)
def test_a_changed_or_foreign_one_is_told(verifier: Verifier, text: str) -> None:
    with pytest.raises(Refused) as refused:
        verifier.verify(text)
    assert refused.value.code == "licence_tampered"


def test_the_built_in_key_knows_no_licence_of_the_tests() -> None:
    with pytest.raises(Refused) as refused:
        Verifier().verify(signed(OURS, CLAIMS))
    assert refused.value.code == "licence_tampered"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "7",
        "{}",
        '{"licence": {}}',
        '{"licence": {}, "signature": "§"}',
        "[" * 100000,
        json.dumps({"licence": [], "signature": b64encode(b"x").decode()}),
        signed(OURS, {"holder": ""}),
    ],
)
def test_what_is_no_licence_is_told(verifier: Verifier, text: str) -> None:
    with pytest.raises(Refused) as refused:
        verifier.verify(text)
    assert refused.value.code == "licence_malformed"


def test_the_canonical_text_does_not_depend_on_order_or_blanks() -> None:
    assert canonical({"b": 1, "a": "水"}) == canonical({"a": "水", "b": 1}) == '{"a":"水","b":1}'.encode()


def test_a_start_finds_a_licence_that_was_changed_in_the_database(verifier: Verifier) -> None:
    store = MemoryStore()
    check_installed(store, verifier)
    with store.read() as reader:
        assert reader.licence() is None
    good = LicenceRecord(signed(OURS, CLAIMS), CLAIMS, None, 1.0, "ada")
    for record, fault in [
        (good, None),
        (replace(good, claims={**CLAIMS, "maxWorkflows": None}), "licence_tampered"),
        (replace(good, text=edited(maxWorkflows=9)), "licence_tampered"),
        (replace(good, text="x"), "licence_malformed"),
        (replace(good, fault="licence_tampered"), None),
    ]:
        with store.write() as writer:
            writer.set_licence(record)
        check_installed(store, verifier)
        with store.read() as reader:
            assert reader.licence() == replace(record, fault=fault)
