"""Passwords: argon2id, never more than two computations at a time.

19 MiB, two passes, one lane: the parameters OWASP's password cheat sheet gives for argon2id. Two at a
time bound the memory that a burst of sign-ins takes, and leave the machine to the steps.
"""

import secrets
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=RFC_9106_LOW_MEMORY.type)
_SLOTS = BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """The encoded argon2id hash. Blocks for tens of milliseconds: call it in a worker thread."""
    with _SLOTS:
        return _HASHER.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the stored one; takes the same time where nothing is stored."""
    with _SLOTS:
        try:
            return _HASHER.verify(stored or _DECOY, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


_DECOY = _HASHER.hash(secrets.token_urlsafe(16))  # what unknown users are compared with
