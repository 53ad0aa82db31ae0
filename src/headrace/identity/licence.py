"""Signed licences: JSON ``{"licence": {…}, "signature": "…"}``, Ed25519 over the licence's canonical text."""

import json
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from headrace.core.access.licence import licence_of
from headrace.core.refusal import Refused
from headrace.ports.store import Store

Json = Any

PUBLIC_KEY = "2ZwtZ3sqcMyefi2mi6U5bDqO9w0iM5RSc5aPpTpcDo4="
"""Of whoever gives licences for this build; the private half is kept by them alone."""


def canonical(claims: Mapping[str, Json]) -> bytes:
    """What is signed: keys in order, no blanks, UTF-8."""
    return json.dumps(claims, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Verifier:
    """``ports.licence.LicenceVerifier`` with a public key: 32 bytes in base64."""

    def __init__(self, key: str = PUBLIC_KEY) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(b64decode(key))

    def verify(self, text: str) -> Mapping[str, Json]:
        claims, signature = _parts(text)
        try:
            self._key.verify(signature, canonical(claims))
        except InvalidSignature:
            raise Refused("invalid", "licence_tampered") from None
        licence_of(claims)
        return claims


def _parts(text: str) -> tuple[dict[str, Json], bytes]:
    try:
        document = json.loads(text)
        claims, signature = document["licence"], b64decode(document["signature"], validate=True)
    except (ValueError, TypeError, KeyError, Error, RecursionError):
        raise Refused("invalid", "licence_malformed") from None
    if not isinstance(claims, dict):
        raise Refused("invalid", "licence_malformed")
    return claims, signature


def check_installed(store: Store, verifier: Verifier) -> None:
    """At start: does the stored licence still bear a good signature? Its record says so from then on."""
    with store.read() as reader:
        record = reader.licence()
    if record is None:
        return
    try:
        claims = verifier.verify(record.text)
        fault = None if claims == record.claims else "licence_tampered"
    except Refused as refused:
        claims, fault = record.claims, refused.code
    if fault != record.fault:
        with store.write() as writer:
            writer.set_licence(replace(record, fault=fault))
