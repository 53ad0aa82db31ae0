"""What is handed to a carrier, and how carriers answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headrace.core.alarm import Message
from headrace.core.messages import Language, text
from headrace.hosts import Denied
from headrace.ports.notifier import Outcome

Json = Any
SHOWN = 500  # characters of an answer


@dataclass(frozen=True, slots=True)
class Open:
    """A channel with its secrets in clear; lives as long as a message takes."""

    name: str
    kind: str
    settings: Mapping[str, Json]
    secret: str | None
    signing_key: str | None

    @property
    def language(self) -> Language:
        return "zh" if self.settings.get("language") == "zh" else "en"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message on its way. ``key`` is the same however often it is tried."""

    key: str
    message: Message
    receivers: Sequence[str]
    facts: Mapping[str, Json]
    url: str


def taken(answer: str) -> Outcome:
    """The other side has it."""
    return Outcome(ok=True, response=answer[:SHOWN])


def refused(language: Language, host: str, answer: str, again: bool = False) -> Outcome:
    """The other side does not want it."""
    values = {"host": host, "answer": answer[:SHOWN].strip() or "-"}
    return Outcome(ok=False, response=text("alarm_refused", values, language), again=again)


def too_slow(language: Language, seconds: float) -> Outcome:
    values = {"seconds": f"{seconds:g}"}
    return Outcome(ok=False, response=text("alarm_timeout", values, language), again=True)


def unreachable(language: Language, host: str, error: BaseException) -> Outcome:
    """No connection, or it broke."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    values = {"host": host, "why": (str(error) or type(error).__name__)[:SHOWN]}
    return Outcome(ok=False, response=text("alarm_unreachable", values, language), again=True)


def denied(language: Language, why: Denied) -> Outcome:
    values = {"host": why.host, "address": why.address}
    return Outcome(ok=False, response=text("alarm_denied", values, language))
