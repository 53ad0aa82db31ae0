"""Passwords: argon2id, never more than two computations at a time.

7 MiB, five passes, one lane: the smallest of the equally strong parameters that OWASP's password cheat
sheet gives for argon2id. Two at a time bound the memory that a burst of sign-ins takes, and leave the
machine to the steps.
"""

import secrets
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

_HASHER = PasswordHasher(time_cost=5, memory_cost=7_168, parallelism=1, type=RFC_9106_LOW_MEMORY.type)
_SLOTS = BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """The encoded argon2id hash. Blocks for tens of milliseconds: call it in a worker thread."""
    with _SLOTS:
        return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the stored one; takes the same time where nothing is stored."""
    with _SLOTS:
        try:
            return _HASHER.verify(stored or _decoy(), password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _decoy() -> str:
    """What unknown users are compared with."""
    return _HASHER.hash(secrets.token_urlsafe(16))
