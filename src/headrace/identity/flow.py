"""A sign-in on its way to a provider and back, in a short-lived cookie that only we can read and make."""

import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from headrace.ports.errors import Broken, Refused
from headrace.ports.vault import Cipher

Json = Any

LIFETIME = 600.0  # seconds for a person to sign in over there


@dataclass(frozen=True, slots=True)
class Flow:
    """``verifier`` proves to the provider that whoever began fetches the tokens (PKCE)."""

    provider: str
    next: str
    state: str
    nonce: str
    verifier: str
    until: float

    @property
    def challenge(self) -> str:
        """S256 of the verifier (RFC 7636)."""
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).decode().rstrip("=")


def begun(provider: str, next: str, now: float) -> Flow:
    """Fresh secrets for one sign-in."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Flow(provider, next, state, nonce, verifier, now + LIFETIME)


def sealed(cipher: Cipher, flow: Flow) -> str:
    """The cookie's value."""
    return cipher.encrypt(json.dumps({"oidc": asdict(flow)}))


def opened(cipher: Cipher, cookie: str | None, provider: str, state: str, now: float) -> Flow:
    """The flow that this answer belongs to. Refused where it is another browser's, another provider's,
    or too late."""
    try:
        flow = Flow(**json.loads(cipher.decrypt(cookie or ""))["oidc"])
    except (Broken, ValueError, TypeError, KeyError):
        raise Refused("unauthenticated", "oidc_flow") from None
    same = secrets.compare_digest(flow.state.encode(), state.encode())
    if not same or flow.provider != provider or now >= flow.until:
        raise Refused("unauthenticated", "oidc_flow")
    return flow


def claim(claims: Mapping[str, Json], path: str) -> Json:
    """A claim, or a part of one: ``realm_access.roles``; a claim of the whole name comes first."""
    if path in claims:
        return claims[path]
    found: Json = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
