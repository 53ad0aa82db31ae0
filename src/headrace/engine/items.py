"""What lies in the inbox."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from headrace.core.run.effects import StartChild, TellChild
from headrace.core.run.events import Event
from headrace.ports.inbox import StartRun, Ticket
from headrace.ports.store import Writer


@dataclass(slots=True)
class Post:
    """A fact, or the engine's own event; nobody waits for the answer."""

    run: int
    event: Event


@dataclass(slots=True)
class Tell:
    """A verb somebody waits for."""

    future: "Future[Any]"
    tenant: int
    run: int
    event: Event
    ticket: Ticket | None


@dataclass(slots=True)
class Start:
    future: "Future[Any]"
    request: StartRun
    ticket: Ticket | None


@dataclass(slots=True)
class Transact:
    future: "Future[Any]"
    work: Callable[[Writer, float], Any]
    ticket: Ticket | None


@dataclass(slots=True)
class Child:
    """A sub-workflow's run is to be started; or a verb passed on to one that is."""

    effect: StartChild | TellChild


Item = Post | Tell | Start | Transact | Child
