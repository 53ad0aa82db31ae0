"""Changes of who may what: committed first, then everything proved before is forgotten."""

from collections.abc import Callable
from typing import TypeVar

from headrace.api.http.system import System
from headrace.api.http.waiting import told
from headrace.ports.inbox import Ticket
from headrace.ports.store import Writer

T = TypeVar("T")


async def changing(system: System, work: Callable[[Writer, float], T], ticket: Ticket | None = None) -> T:
    """``work`` in one transaction; when this returns, the change is in force for every next request."""
    try:
        return await told(system.inbox.transact(work, ticket))
    finally:
        system.gate.forget()
