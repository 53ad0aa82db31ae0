"""The licence: how many workflows, users and tenants there may be, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Json = Any


@dataclass(frozen=True, slots=True)
class LicenceRecord:
    """What was installed. ``claims`` are what was signed; ``fault`` says why they do not count."""

    text: str
    claims: Mapping[str, Json]
    fault: str | None  # code of a message, where the signature was not good at the last start
    installed_at: float
    installed_by: str


class LicenceReader(Protocol):
    def licence(self) -> LicenceRecord | None:
        """The installed one; None: the built-in community licence."""
        ...


class LicenceWriter(Protocol):
    def set_licence(self, record: LicenceRecord | None) -> None:
        """None takes it away."""
        ...


class LicenceVerifier(Protocol):
    """Knows the key of whoever may give licences."""

    def verify(self, text: str) -> Mapping[str, Json]:
        """What was signed. Raises Refused: licence_malformed, licence_tampered (invalid)."""
        ...
