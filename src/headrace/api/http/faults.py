"""Everything that can go wrong, as one value; and the one table from its kind to an HTTP status."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from headrace.core.messages import Language, text
from headrace.core.retold import values_in
from headrace.ports.errors import Broken, Conflict, Gone, Problem, Refused

STATUS: Mapping[str, int] = {
    "malformed": 400,
    "invalid": 422,
    "unauthenticated": 401,
    "forbidden": 403,
    "gone": 404,
    "method": 405,
    "slow": 408,
    "state": 409,
    "rollback_forbidden": 409,
    "exists": 409,
    "conflict": 409,
    "stale": 412,
    "too_large": 413,
    "range": 416,
    "limit": 422,
    "unconditional": 428,
    "throttled": 429,
    "headers": 431,
    "internal": 500,
    "broken": 503,
    "full": 507,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a request failed. ``kind`` is a key of STATUS; ``code`` names the message."""

    kind: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return STATUS[self.kind]

    def message(self, language: Language) -> str:
        """The text for a person, with what was found and what would be right."""
        return text(self.code, values_in(self.values, language), language)


INTERNAL = Fault("internal", "internal_error")


def of_refused(error: Refused) -> Fault:
    """A refusal of the core or a use case."""
    headers: dict[str, str] = {}
    if error.kind == "throttled":
        headers["Retry-After"] = str(error.values["seconds"])
    if error.kind == "range":
        headers["Content-Range"] = f"bytes */{error.values['size']}"
    if error.kind == "unauthenticated":
        headers["WWW-Authenticate"] = 'Basic realm="Headrace", charset="UTF-8"'
    kind = error.kind if error.kind in STATUS else "invalid"
    return Fault(kind, error.code, error.values, error.problems, headers)


def of_gone(error: Gone) -> Fault:
    return Fault("gone", "not_found", {"what": error.what, "key": error.key})


def of_conflict(error: Conflict) -> Fault:
    return Fault("conflict", "changed_meanwhile", headers={"Retry-After": "1"})


def of_broken(error: Broken) -> Fault:
    """A full disk is told apart: repeating at once would not help."""
    kind, wait = ("full", "60") if error.code == "disk_full" else ("broken", "5")
    return Fault(kind, error.code, error.values, headers={"Retry-After": wait})
