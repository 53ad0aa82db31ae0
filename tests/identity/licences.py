"""Licences for tests, signed with keys of their own."""

import json
from base64 import b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from headrace.identity.licence import canonical


def public_half(key: Ed25519PrivateKey) -> str:
    """As the settings take it."""
    return b64encode(key.public_key().public_bytes_raw()).decode()


def signed(key: Ed25519PrivateKey, claims: dict[str, Any]) -> str:
    """The text of a licence file."""
    return json.dumps({"licence": claims, "signature": b64encode(key.sign(canonical(claims))).decode()})
