"""Proofs already made: which header belongs to which caller, for a short time.

Keys are keyed hashes of the ``Authorization`` header under a key of this process, so that memory
holds no credentials. Any change of users, roles or tokens empties it at once.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import blake2b

from headrace.core.access.caller import Caller

LIFETIME = 60.0  # seconds
MOST = 1024


@dataclass(slots=True)
class Proofs:
    """A bounded map; times are monotonic seconds. Used from the event loop's thread alone."""

    generation: int = 0
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _callers: OrderedDict[bytes, tuple[Caller, float]] = field(default_factory=OrderedDict)

    def mark(self, header: str) -> bytes:
        return blake2b(header.encode(), key=self._key, digest_size=16).digest()

    def find(self, mark: bytes, now: float) -> Caller | None:
        found = self._callers.get(mark)
        return found[0] if found is not None and found[1] > now else None

    def keep(self, mark: bytes, caller: Caller, until: float, generation: int) -> None:
        """Remember, unless something has changed since ``generation``, when the proof began."""
        if generation != self.generation:
            return
        self._callers[mark] = (caller, until)
        self._callers.move_to_end(mark)
        while len(self._callers) > MOST:
            self._callers.popitem(last=False)

    def forget(self) -> None:
        self.generation += 1
        self._callers.clear()
