"""What a licence says and whether it counts now. A document of names, numbers and instants; how it is
signed is not decided here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from headrace.core.refusal import Problem, Refused

Json = Any
LIMITS = ("maxWorkflows", "maxUsers", "maxTenants")
LARGEST = 2**53 - 1


@dataclass(frozen=True, slots=True)
class Licence:
    """Limits of the whole installation; None is without a limit. Instants are epoch seconds."""

    holder: str
    kind: str  # community, commercial
    valid_from: float | None = None
    valid_until: float | None = None  # the first instant when it does not count any more
    max_workflows: int | None = None
    max_users: int | None = None
    max_tenants: int | None = None

    def fault(self, now: float) -> str | None:
        """The code of the message that says why it does not count now; None where it does."""
        if self.valid_from is not None and now < self.valid_from:
            return "licence_not_yet"
        if self.valid_until is not None and now >= self.valid_until:
            return "licence_expired"
        return None


COMMUNITY = Licence("", "community")
"""Built in: no limit, no end."""


def licence_of(claims: Mapping[str, Json]) -> Licence:
    """The licence that signed claims state. Raises Refused (licence_malformed) with every fault."""
    problems: list[Problem] = []
    holder = claims.get("holder")
    if not isinstance(holder, str) or not 0 < len(holder) <= 200:
        problems.append(Problem("licence.holder", "licence_holder"))
    valid_from, valid_until = (_instant(claims, name, problems) for name in ("validFrom", "validUntil"))
    if valid_from is not None and valid_until is not None and valid_until <= valid_from:
        problems.append(Problem("licence.validUntil", "licence_span"))
    limits = [_limit(claims, name, problems) for name in LIMITS]
    if problems:
        raise Refused("invalid", "licence_malformed", {}, problems)
    return Licence(str(holder), "commercial", valid_from, valid_until, *limits)


def _instant(claims: Mapping[str, Json], name: str, problems: list[Problem]) -> float | None:
    """ISO-8601; a date alone begins at midnight UTC."""
    text = claims.get(name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        problems.append(Problem(f"licence.{name}", "licence_instant"))
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _limit(claims: Mapping[str, Json], name: str, problems: list[Problem]) -> int | None:
    value = claims.get(name)
    if value is None:
        return None
    if type(value) is not int or not 0 <= value <= LARGEST:
        problems.append(Problem(f"licence.{name}", "licence_limit"))
        return None
    return value
