"""What callers are told after the commit, and what is kept for their Idempotency-Keys."""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from headrace.core.refusal import Refused
from headrace.engine.items import Asking, Tell
from headrace.ports.inbox import Ticket, Told
from headrace.ports.records import StoredAnswer
from headrace.ports.store import Writer

_NOT_YET = object()


@dataclass(slots=True)
class _Ask:
    """A ticket of this batch; ``twins`` wait for the same answer."""

    ticket: Ticket
    twins: list[Future[Any]] = field(default_factory=list)
    answer: Any = _NOT_YET


class Answers:
    """Of one batch. The same key and fingerprint gives the same answer and has no second effect."""

    def __init__(self, now: float) -> None:
        self._now = now
        self._given: list[tuple[Future[Any], Any]] = []
        self._asked: dict[tuple[int, str, str], _Ask] = {}

    def known(self, writer: Writer, item: Asking) -> bool:
        """Whether the item's ticket was used before, in this batch or long ago: then this answers it."""
        ticket = item.ticket
        if ticket is None:
            return False
        key = (ticket.tenant, ticket.route, ticket.key)
        ask = self._asked.get(key)
        if ask is None:
            stored = writer.stored_answer(*key)
            if stored is None:
                self._asked[key] = _Ask(ticket)
                return False
            self._given.append((item.future, _recalled(ticket, stored, item)))
        elif ask.ticket.fingerprint == ticket.fingerprint:
            ask.twins.append(item.future)
        else:
            self._given.append((item.future, _mismatch()))
        return True

    def give(self, writer: Writer, item: Asking, value: Any) -> None:
        """Remember what to tell. Refusals and faults are not kept: nothing was changed, and a repetition
        may succeed."""
        self._given.append((item.future, value))
        ticket = item.ticket
        if ticket is None:
            return
        self._asked[ticket.tenant, ticket.route, ticket.key].answer = value
        if not isinstance(value, Exception):
            stored = {"run": value.run, "step": value.step} if isinstance(value, Told) else value
            kept = StoredAnswer(ticket.fingerprint, stored, self._now)
            writer.store_answer(ticket.tenant, ticket.route, ticket.key, kept)

    def __iter__(self) -> Iterator[tuple[Future[Any], Any]]:
        """(future, value or exception) of everybody who waits."""
        yield from self._given
        for ask in self._asked.values():
            for twin in ask.twins:
                yield twin, ask.answer


def _mismatch() -> Refused:
    return Refused("state", "idempotency_mismatch")


def _recalled(ticket: Ticket, stored: StoredAnswer, item: Asking) -> Any:
    if stored.fingerprint != ticket.fingerprint:
        return _mismatch()
    if isinstance(item, Tell):
        return Told(stored.answer["run"], stored.answer["step"])
    return stored.answer
