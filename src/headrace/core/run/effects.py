"""What must happen after a decision is committed: a closed set of imperatives.

Every effect can be derived again from the stored state (``core.run.recover``), so losing one in a
crash costs time, never work.
"""

from typing import Any

from msgspec import Struct

from headrace.core.words import Act

Json = Any


class HandOver(Struct):
    """Give an attempt to its executor's queue. The work itself waits for ``Proceed``.

    ``payload`` is None for executors that need no context, else
    ``{with, params, target, item, steps, run: {...}}`` with expressions already evaluated; where it has
    ``secrets``, those paths hold names for the crew to replace by values.
    """

    run: int
    step: int
    attempt: int
    act: Act
    executor: str
    payload: Json
    timeout: float | None = None
    operation: str = "EXECUTE"


class Proceed(Struct):
    """The attempt's start is recorded: its work may begin now."""

    run: int
    step: int
    attempt: int


class CancelWork(Struct):
    """End the attempt's work, verify that it is gone, answer Vanished (or Resisted).

    ``answer`` is False where nobody waits: the attempt timed out or is no longer current.
    """

    run: int
    step: int
    attempt: int
    answer: bool = True


class StartChild(Struct):
    """Start a child run of ``workflow`` for a step; the child's id is told back by ``ChildStarted``."""

    run: int
    step: int
    attempt: int
    workflow: str
    params: Json
    target: Json
    mock: bool


class TellChild(Struct):
    """Pass a verb on to a child run: pause, resume, terminate, rollback, retry; or halt: to end what it does
    before it is rolled back."""

    run: int
    child: int
    verb: str


class TellParent(Struct):
    """This run has ended; its parent's step waits for it."""

    run: int
    parent: int
    step: int


Effect = HandOver | Proceed | CancelWork | StartChild | TellChild | TellParent
