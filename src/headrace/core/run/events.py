"""Everything that can happen to a run: a closed set. Past participles are facts, imperatives are verbs."""

from dataclasses import dataclass
from typing import Any

from headrace.core.words import Act, Due, Phase, Reason, RunStatus

Json = Any


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. ``roles`` are names, read live."""

    id: int = 0
    name: str = "system"
    roles: frozenset[str] = frozenset()


SYSTEM = Actor()


# -- facts from dispatch; all fenced by attempt ------------------------------------------------------


@dataclass(slots=True)
class Accepted:
    """A worker has a free slot for the attempt and waits for leave to proceed."""

    step: int
    attempt: int
    worker: str


@dataclass(slots=True)
class Progressed:
    """The attempt reports where it is. ``phase`` where the executor moved on (start.success …)."""

    step: int
    attempt: int
    percent: float | None = None
    message: str | None = None
    phase: Phase | None = None


@dataclass(slots=True)
class Finished:
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


@dataclass(slots=True)
class Vanished:
    """After a cancel: the attempt's work is verified gone."""

    step: int
    attempt: int


@dataclass(slots=True)
class Resisted:
    """After a cancel: the work is not gone yet, and why."""

    step: int
    attempt: int
    message: str


@dataclass(slots=True)
class Lost:
    """The worker died with the attempt in its hands."""

    step: int
    attempt: int
    message: str | None = None


@dataclass(slots=True)
class ChildStarted:
    """The child run of a sub-workflow step exists; written in the transaction that creates it."""

    step: int
    attempt: int
    child: int


@dataclass(slots=True)
class ChildEnded:
    """A child run reached ``status``; ``outputs`` are what it hands to the parent's step."""

    step: int
    child: int
    status: RunStatus
    rolled_back: bool = False


# -- time --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class StepDue:
    """A step's ``due_at`` is reached; void when the step has another due by now."""

    step: int
    due: Due
    due_at: float


@dataclass(slots=True)
class RunDue:
    """The run's deadline is reached."""


@dataclass(slots=True)
class Begin:
    """The run leaves its queue (or never queued) and starts its roots."""


# -- verbs -------------------------------------------------------------------------------------------


@dataclass(slots=True)
class RetryRun:
    actor: Actor = SYSTEM


@dataclass(slots=True)
class RollbackRun:
    """``closed``: whether the surface offers it for SUCCESSFUL, CANCELED and EXPIRED runs too."""

    actor: Actor = SYSTEM
    closed: bool = False


@dataclass(slots=True)
class PauseRun:
    actor: Actor = SYSTEM


@dataclass(slots=True)
class ResumeRun:
    actor: Actor = SYSTEM


@dataclass(slots=True)
class TerminateRun:
    actor: Actor = SYSTEM


@dataclass(slots=True)
class RerunRun:
    actor: Actor = SYSTEM


@dataclass(slots=True)
class RetryStep:
    """``inputs`` replaces the step's ``with`` for this and later attempts."""

    step: int
    actor: Actor = SYSTEM
    inputs: Json = None


@dataclass(slots=True)
class SkipStep:
    step: int
    actor: Actor = SYSTEM
    outputs: Json = None


@dataclass(slots=True)
class CancelStep:
    step: int
    actor: Actor = SYSTEM


@dataclass(slots=True)
class BreakStep:
    step: int
    actor: Actor = SYSTEM


@dataclass(slots=True)
class RerunStep:
    step: int
    downstream: bool = False
    actor: Actor = SYSTEM


@dataclass(slots=True)
class Choose:
    step: int
    case: str
    actor: Actor = SYSTEM


@dataclass(slots=True)
class Approve:
    step: int
    actor: Actor = SYSTEM
    comment: str = ""


@dataclass(slots=True)
class Reject:
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
