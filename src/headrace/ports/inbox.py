"""The one way in: everything that changes state goes through the engine's inbox and its group commit."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from headrace.core.access.caller import Caller
from headrace.core.run.events import SYSTEM, Actor, Event, Fact
from headrace.core.words import Trigger
from headrace.ports.store import Writer

Json = Any
T = TypeVar("T")
Guard = Callable[[Writer, float], None]


@dataclass(frozen=True, slots=True)
class Ticket:
    """An ``Idempotency-Key``: the same key and fingerprint gives the same answer for 24 h."""

    tenant: int
    route: str
    key: str
    fingerprint: str  # of the request; the API makes it with a key


@dataclass(frozen=True, slots=True)
class StartRun:
    """Start ``workflow``'s version (None: the published one; a draft has none) for a tenant."""

    tenant: int
    workflow: str
    version: int | None = None
    params: Json = field(default_factory=dict)
    targets: Sequence[Json] = ()  # [{type, name} | {id}]
    bindings: Json = field(default_factory=dict)
    mock: bool = False
    debug: bool = False
    trigger: Trigger = Trigger.MANUAL
    actor: Actor = SYSTEM
    parent: tuple[int, int, int] | None = None  # run, step, attempt
    planned_at: float | None = None  # the slot of the schedule


@dataclass(frozen=True, slots=True)
class Told:
    """A verb that was applied. ``step`` is the step it named, if any."""

    run: int
    step: int | None


class Inbox(Protocol):
    """All futures resolve after the commit, or fail with Refused, Conflict, Gone or Broken."""

    def start_run(
        self,
        request: StartRun,
        ticket: Ticket | None = None,
        guard: Guard | None = None,
        by: Caller | None = None,
    ) -> Future[int]:
        """The id of the run. ``guard`` belongs to the same transaction: what it raises refuses the start,
        what it writes is written with the run or not at all. ``by``: whom the audit log names for it."""
        ...

    def tell(
        self, tenant: int, run_id: int, event: Event, ticket: Ticket | None = None, by: Caller | None = None
    ) -> Future[Told]:
        """A verb for a run. Gone when the run is not the tenant's, or the step not the run's. ``by``: whom
        the audit log names for it, in the same transaction."""
        ...

    def transact(self, work: Callable[[Writer, float], T], ticket: Ticket | None = None) -> Future[T]:
        """``work(writer, now)`` in a savepoint of the next commit; with a ticket its result is JSON."""
        ...

    def post(self, facts: Sequence[tuple[int, Fact]]) -> None:
        """Facts from dispatch; nobody waits."""
        ...
