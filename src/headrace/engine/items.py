"""What lies in the inbox."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from msgspec import Struct

from headrace.core.access.caller import Caller
from headrace.core.run.effects import StartChild, TellChild, TellParent
from headrace.core.run.events import Event
from headrace.ports.inbox import Guard, StartRun, Ticket
from headrace.ports.store import Writer


class Post(Struct):
    """A fact, or an event of the engine's own."""

    run: int
    event: Event


class Tell(Struct):
    """A verb somebody waits for."""

    future: "Future[Any]"
    tenant: int
    run: int
    event: Event
    ticket: Ticket | None
    by: Caller | None = None  # for the audit log


class Start(Struct):
    future: "Future[Any]"
    request: StartRun
    ticket: Ticket | None
    guard: Guard | None = None
    by: Caller | None = None


class Transact(Struct):
    future: "Future[Any]"
    work: Callable[[Writer, float], Any]
    ticket: Ticket | None


class Family(Struct):
    """A sub-workflow's run is to be started, told or told of: the engine's own errand, nobody waits."""

    effect: StartChild | TellChild | TellParent


class Release(Struct):
    """Let queued runs of a workflow begin, as many as its limit allows."""

    tenant: int
    workflow: str


class Fire(Struct):
    """The time of one or more schedules has come. ``anew``: what lies ahead of all is computed again."""

    anew: bool = False


Asking = Tell | Start | Transact
"""Somebody waits for the answer."""
Errand = Post | Family | Release | Fire
"""Nobody does; kept until it is done."""
Item = Asking | Errand
