"""Reading the ``Authorization`` header."""

from base64 import b64decode
from binascii import Error
from dataclasses import dataclass

from headrace.core.access.caller import DEFAULT_TENANT
from headrace.core.refusal import Refused

LONGEST = 250  # characters of <tenant>/<user>; nobody's name is longer


@dataclass(frozen=True, slots=True)
class Basic:
    """A user and a password. ``acme/kim`` is the user kim of the tenant acme; kim alone is default's."""

    tenant: str
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """An API token."""

    token: str


def refusal() -> Refused:
    """The one answer to credentials that prove nothing; it never says why."""
    return Refused("unauthenticated", "credentials_wrong")


def parse(header: str | None) -> Basic | Bearer:
    """What the header carries; Refused (unauthenticated) where it is missing or unreadable."""
    if header is None:
        raise Refused("unauthenticated", "credentials_missing")
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return Bearer(rest.strip())
    if scheme.lower() == "basic":
        return _basic(rest.strip())
    raise refusal()


def _basic(encoded: str) -> Basic:
    try:
        name, colon, password = b64decode(encoded, validate=True).decode().partition(":")
    except (Error, UnicodeDecodeError, ValueError):
        raise refusal() from None
    if not colon or "\0" in name or len(name) > LONGEST:  # no name has a NUL, nor can PostgreSQL look for it
        raise refusal()
    tenant, slash, user = name.partition("/")
    return Basic(tenant, user, password) if slash else Basic(DEFAULT_TENANT, name, password)
