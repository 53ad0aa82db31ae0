"""Changes of who may what: committed first, then everything proved before is forgotten."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from headrace.api.http.system import System
from headrace.api.http.waiting import told
from headrace.core.access.caller import Caller
from headrace.ports.inbox import Ticket
from headrace.ports.store import Reader, Writer
from headrace.usecases import audit

T = TypeVar("T")
Json = Any
Shape = Callable[[Reader, int], Json]
"""An object as the API shows it, by its id; None where there is none."""


async def changing(system: System, work: Callable[[Writer, float], T], ticket: Ticket | None = None) -> T:
    """``work`` in one transaction; when this returns, the change is in force for every next request."""
    try:
        return await told(system.inbox.transact(work, ticket))
    finally:
        system.gate.forget()


@dataclass(frozen=True, slots=True)
class Recorded:
    """Work on one object that leaves a record in the audit log, in the same transaction.

    ``id`` is None where the work makes the object; it answers the id. ``also`` is told beside what the
    object is afterwards: what its shape does not show, like a changed password.
    """

    caller: Caller
    action: str
    kind: str
    shape: Shape
    work: Callable[[Writer, float], int]
    id: int | None = None
    also: Json = None

    def __call__(self, writer: Writer, now: float) -> int:
        before = None if self.id is None else self.shape(writer, self.id)
        made = self.work(writer, now)
        after = self.shape(writer, made)
        name = (after or before or {}).get("name", made)
        told = {**after, **self.also} if after and self.also else after
        audit.record(writer, now, self.caller, self.action, self.kind, name, before, told)
        return made
