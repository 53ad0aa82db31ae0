"""Everything that can happen to a run: a closed set. Past participles are facts, imperatives are verbs."""

from typing import Any

from msgspec import Struct

from headrace.core.words import Act, Due, Phase, Reason, RunStatus

Json = Any


class Actor(Struct, frozen=True):
    """Who asks. ``roles`` are names, read live."""

    id: int = 0
    name: str = "system"
    roles: frozenset[str] = frozenset()


SYSTEM = Actor()


# -- facts from dispatch; all fenced by attempt ------------------------------------------------------


class Accepted(Struct):
    """A worker has a free slot for the attempt and waits for leave to proceed."""

    step: int
    attempt: int
    worker: str


class Progressed(Struct):
    """The attempt reports where it is. ``phase`` where the executor moved on (start.success …)."""

    step: int
    attempt: int
    percent: float | None = None
    message: str | None = None
    phase: Phase | None = None


class Finished(Struct):
    """The attempt's work is over. ``phase`` names the pair, e.g. monitor.success or start.failed."""

    step: int
    attempt: int
    act: Act
    ok: bool
    phase: Phase
    outputs: Json = None
    reason: Reason | None = None
    message: str | None = None
    worker: str | None = None


class Vanished(Struct):
    """After a cancel: the attempt's work is verified gone."""

    step: int
    attempt: int


class Resisted(Struct):
    """After a cancel: the work is not gone yet, and why."""

    step: int
    attempt: int
    message: str


class Lost(Struct):
    """The worker died with the attempt in its hands."""

    step: int
    attempt: int
    message: str | None = None


class ChildStarted(Struct):
    """The child run of a sub-workflow step exists; written in the transaction that creates it."""

    step: int
    attempt: int
    child: int


class ChildEnded(Struct):
    """A child run reached ``status``; or has it still, because it refused what its parent asked."""

    step: int
    child: int
    status: RunStatus
    rolled_back: bool = False
    why: str | None = None  # it refused


# -- time --------------------------------------------------------------------------------------------


class StepDue(Struct):
    """A step's ``due_at`` is reached; void when the step has another due by now."""

    step: int
    due: Due
    due_at: float


class RunDue(Struct):
    """The run's deadline is reached."""


class Begin(Struct):
    """The run leaves its queue (or never queued) and starts its roots."""


# -- verbs -------------------------------------------------------------------------------------------


class RetryRun(Struct):
    actor: Actor = SYSTEM


class RollbackRun(Struct):
    """``closed``: whether the surface offers it for SUCCESSFUL, CANCELED and EXPIRED runs too."""

    actor: Actor = SYSTEM
    closed: bool = False


class PauseRun(Struct):
    actor: Actor = SYSTEM


class ResumeRun(Struct):
    actor: Actor = SYSTEM


class TerminateRun(Struct):
    actor: Actor = SYSTEM


class RerunRun(Struct):
    actor: Actor = SYSTEM


class RetryStep(Struct):
    """``inputs`` replaces the step's ``with`` for this and later attempts."""

    step: int
    actor: Actor = SYSTEM
    inputs: Json = None


class SkipStep(Struct):
    step: int
    actor: Actor = SYSTEM
    outputs: Json = None


class CancelStep(Struct):
    step: int
    actor: Actor = SYSTEM


class BreakStep(Struct):
    step: int
    actor: Actor = SYSTEM


class RerunStep(Struct):
    step: int
    downstream: bool = False
    actor: Actor = SYSTEM


class Choose(Struct):
    step: int
    case: str
    actor: Actor = SYSTEM


class Approve(Struct):
    step: int
    actor: Actor = SYSTEM
    comment: str = ""


class Reject(Struct):
    step: int
    actor: Actor = SYSTEM
    comment: str = ""


Fact = (
    Accepted
    | Progressed
    | Finished
    | Vanished
    | Resisted
    | Lost
    | ChildStarted
    | ChildEnded
    | StepDue
    | RunDue
    | Begin
)
RunVerb = RetryRun | RollbackRun | PauseRun | ResumeRun | TerminateRun | RerunRun
StepVerb = RetryStep | SkipStep | CancelStep | BreakStep | RerunStep | Choose | Approve | Reject
Event = Fact | RunVerb | StepVerb
