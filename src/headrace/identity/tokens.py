"""API tokens: 256 random bits behind a recognisable prefix; only their SHA-256 is kept."""

import secrets
from hashlib import sha256

PREFIX = "hr_"


def mint(prefix: str = PREFIX) -> str:
    """A new token's text; shown once."""
    return prefix + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored and looked up. The token is random, so a plain fast hash suffices."""
    return sha256(token.encode()).hexdigest()
