"""OpenID Connect: the code flow with PKCE, state and nonce; ID tokens checked against the provider's keys."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, Key, KeySet

from headrace.config import OidcProvider
from headrace.identity.flow import Flow, claim
from headrace.ports.clock import Clock
from headrace.ports.errors import Broken, Refused

Json = Any
SECONDS = 10.0  # to wait for the provider
LEEWAY = 30  # seconds that clocks may differ
KEPT = 3600.0  # seconds that the provider's description and keys are believed
MOST_BYTES = 1_000_000
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""With public keys alone: ``none``, and shared secrets that a public key could be taken for, are not here."""


class Provider:
    """One provider; what it says of itself is asked for once an hour."""

    def __init__(self, settings: OidcProvider, clock: Clock) -> None:
        self.settings = settings
        self._clock = clock
        self._lock = asyncio.Lock()
        self._description: Mapping[str, Json] = {}
        self._keys: Sequence[Key] = ()
        self._until = 0.0

    async def address(self, begun: Flow, redirect: str) -> str:
        """Where the browser goes to sign in."""
        await self._describe()
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": redirect,
            "scope": " ".join(dict.fromkeys(("openid", *self.settings.scopes))),
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": begun.challenge,
            "code_challenge_method": "S256",
        }
        address = str(self._description["authorization_endpoint"])
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    async def claims(self, begun: Flow, code: str, redirect: str) -> Mapping[str, Json]:
        """What the provider says of who signed in. Refused where any of it does not fit."""
        await self._describe()
        tokens = await self._redeem(begun, code, redirect)
        claims = await self._checked(str(tokens.get("id_token", "")), begun.nonce)
        asked = self.settings.role_claim
        if asked and claim(claims, asked) is None and "userinfo_endpoint" in self._description:
            more = await self._more(str(tokens.get("access_token", "")))
            if more.get("sub") == claims["sub"]:
                return {**more, **claims}
        return claims

    async def _redeem(self, begun: Flow, code: str, redirect: str) -> Mapping[str, Json]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": begun.verifier,
        }
        secret = self.settings.client_secret
        methods = self._description.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        basic = secret is not None and "client_secret_basic" in methods
        if not basic:
            form["client_id"] = self.settings.client_id
            if secret is not None:
                form["client_secret"] = secret.get_secret_value()
        proof = (self.settings.client_id, secret.get_secret_value()) if basic and secret else None
        status, answer = await _call("POST", self._description["token_endpoint"], data=form, auth=proof)
        if status != 200:
            raise Refused("unauthenticated", "oidc_declined")
        return answer

    async def _more(self, token: str) -> Mapping[str, Json]:
        headers = {"Authorization": f"Bearer {token}"}
        status, answer = await _call("GET", self._description["userinfo_endpoint"], headers=headers)
        if status >= 500:  # its silence must not cost anybody their roles
            raise Broken("oidc_unreachable", {"provider": self.settings.name})
        return answer if status == 200 else {}

    async def _checked(self, token: str, nonce: str) -> Mapping[str, Json]:
        """The ID token's claims: signed by the provider, for us, now, and for this very sign-in."""
        try:
            return self._decode(token, nonce)
        except (JoseError, ValueError, TypeError):
            await self._describe(again=True)  # the provider may have new keys
        try:
            return self._decode(token, nonce)
        except (JoseError, ValueError, TypeError):
            raise Refused("unauthenticated", "oidc_token") from None

    def _decode(self, token: str, nonce: str) -> Mapping[str, Json]:
        claims = jwt.decode(token, self._key, algorithms=ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            now=int(self._clock.now()),
            leeway=LEEWAY,
            iss={"essential": True, "value": self.settings.issuer},
            aud={"essential": True, "value": self.settings.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else self.settings.client_id) != self.settings.client_id:
            raise ValueError("made for another client")
        return claims

    def _key(self, token: GuestProtocol) -> Key:
        """The provider's key that the header names; a key inside the header is never looked at."""
        headers = token.headers()
        wanted = headers.get("kid")
        fits = [key for key in self._keys if wanted is None or key.kid == wanted]
        if len(fits) != 1:
            raise ValueError("no such key")
        return fits[0]

    async def _describe(self, again: bool = False) -> None:
        """Ask the provider for its addresses and keys, where what is known is old."""
        async with self._lock:
            if self._clock.monotonic() < self._until and not again:
                return
            issuer = self.settings.issuer
            status, found = await _call("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if status != 200 or found.get("issuer") != issuer or not _complete(found):
                raise Broken("oidc_unreachable", {"provider": self.settings.name})
            status, keys = await _call("GET", found["jwks_uri"])
            if status != 200:
                raise Broken("oidc_unreachable", {"provider": self.settings.name})
            self._description, self._keys = found, _signing(keys)
            self._until = self._clock.monotonic() + KEPT


def _complete(found: Mapping[str, Json]) -> bool:
    return all(
        isinstance(found.get(each), str) for each in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    )


def _signing(keys: Mapping[str, Json]) -> Sequence[Key]:
    """Keys of kinds we know; one that is not must not keep the others out."""
    found: list[Key] = []
    listed = keys.get("keys")
    for each in listed if isinstance(listed, list) else ():
        if not isinstance(each, dict) or each.get("use", "sig") != "sig":
            continue
        if each.get("kty") in ("RSA", "EC", "OKP"):
            try:
                found.extend(KeySet.import_key_set({"keys": [each]}).keys)
            except (JoseError, ValueError, KeyError):
                continue
    return found


async def _call(method: str, url: str, **options: Any) -> tuple[int, Mapping[str, Json]]:
    """Status and JSON object. Redirects are not followed: they could carry secrets elsewhere."""
    try:
        async with httpx2.AsyncClient(timeout=SECONDS, trust_env=False) as client:
            answer = await client.request(method, url, **options)
            found = answer.json() if len(answer.content) <= MOST_BYTES else None
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        raise Broken("oidc_unreachable", {"provider": url.split("?")[0]}) from None
    return answer.status_code, found if isinstance(found, dict) else {}
