"""All OpenID Connect providers of the settings, and who they say that somebody is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from headrace.config import OidcProvider
from headrace.identity import flow
from headrace.ports.clock import Clock
from headrace.ports.errors import Refused, existing
from headrace.ports.identity import Begun, Proven, ProviderLabel
from headrace.ports.vault import Cipher

if TYPE_CHECKING:
    from headrace.identity.oidc import Provider

Json = Any


class Providers:
    """``ports.identity.SignIns``: all providers of the settings. Belongs to one event loop."""

    def __init__(self, settings: Sequence[OidcProvider], cipher: Cipher, clock: Clock) -> None:
        self._known = {each.name: _provider(each, clock) for each in settings}
        self._cipher = cipher
        self._clock = clock

    def labels(self) -> Sequence[ProviderLabel]:
        return [ProviderLabel(name, each.settings.label or name) for name, each in self._known.items()]

    async def begin(self, provider: str, next: str, redirect: str) -> Begun:
        known = self._of(provider)
        fresh = flow.begun(provider, next, self._clock.now())
        return Begun(await known.address(fresh, redirect), flow.sealed(self._cipher, fresh))

    async def finish(
        self, provider: str, answer: Mapping[str, str], cookie: str | None, redirect: str
    ) -> Proven:
        known = self._of(provider)
        begun = flow.opened(self._cipher, cookie, provider, answer.get("state", ""), self._clock.now())
        if "error" in answer or "code" not in answer:
            raise Refused("unauthenticated", "oidc_declined")
        claims = await known.claims(begun, answer["code"], redirect)
        return _proven(known.settings, claims, begun.next)

    def _of(self, name: str) -> Provider:
        return existing(self._known.get(name), "provider", name)


def _provider(settings: OidcProvider, clock: Clock) -> Provider:
    from headrace.identity.oidc import Provider  # a server without providers does without its memory

    return Provider(settings, clock)


def _proven(settings: OidcProvider, claims: Mapping[str, Json], next: str) -> Proven:
    names = (claims.get(settings.name_claim), claims.get("email"), claims["sub"])
    return Proven(
        provider=settings.name,
        tenant=settings.tenant,
        subject=f"{settings.name}|{claims['sub']}",
        name=_first(names),
        email=_text(claims.get("email")) if claims.get("email_verified", True) else None,
        display_name=_text(claims.get("name")),
        roles=_roles(settings, claims),
        first_roles=settings.default_roles,
        create=settings.create_users,
        next=next,
    )


def _first(names: Sequence[Json]) -> str:
    """The first that is a text."""
    return next(each for each in map(_text, names) if each)


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) and value else None


def _roles(settings: OidcProvider, claims: Mapping[str, Json]) -> tuple[str, ...] | None:
    """What the claim gives; None where roles are not the provider's business."""
    if settings.role_claim is None:
        return None
    values = flow.claim(claims, settings.role_claim)
    listed = values if isinstance(values, list) else [values]
    found = {role for value in listed if isinstance(value, str) for role in settings.roles.get(value, ())}
    return tuple(sorted(found or settings.default_roles))
