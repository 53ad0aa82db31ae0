"""What the engine knows about one run: values only.

Instants are seconds since the epoch, UTC, as floats. ``Step`` and ``Run`` are replaced, not changed:
``decide`` works on copies, and only ``RunState.absorb`` makes them current, after the commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from headrace.core.words import Act, Due, Operation, Phase, Reason, RunStatus, StepStatus, Trigger, Wait

if TYPE_CHECKING:
    from headrace.core.run.effects import Effect
    from headrace.core.run.plan import Plan

Json = Any


class Step(Struct):
    """One node within one run; several when the node fans out."""

    id: int
    node: int  # index into the plan's nodes
    parallel_idx: int = -1  # 0..n-1 within a fan-out, else -1
    item: Json = None  # the element a fanned-out step works on
    status: StepStatus = StepStatus.PENDING
    operation: Operation = Operation.EXECUTE
    phase: Phase | None = None
    act: Act = Act.START  # what the current attempt asks of the executor
    wait: Wait | None = None
    reason: Reason | None = None
    message: str | None = None
    progress: float | None = None
    attempt: int = 0  # number of the current attempt, 0 before the first
    tries: int = 0  # attempts since a person last acted; counts against retry.max
    executed: bool = False  # an attempt has been made that a rollback must undo
    worker: str | None = None
    inputs: Json = None  # replaces the node's ``with`` where a person changed it for a retry
    outputs: Json = None
    votes: Json = None  # approval: [{user, name, entry, approved, comment, at}]
    children: list[int] | None = None  # run ids of the sub-workflow's children, newest last
    created_at: float = 0.0
    started_at: float | None = None  # first start ever
    attempt_at: float | None = None  # start of the current attempt
    finished_at: float | None = None
    due_at: float | None = None
    due: Due | None = None
    losses: int = 0  # workers that died with it since a person last acted; not counted against retry.max

    @property
    def child(self) -> int:
        """The child run it is about, 0 where there is none: the newest; in a roll-back one after the other,
        from the newest back."""
        if not self.children:
            return 0
        return self.children[-self.tries if self.act is Act.ROLLBACK else -1]

    def copy(self) -> Step:
        return self.__copy__()  # type: ignore[attr-defined,no-any-return]


class Target(Struct, frozen=True):
    """An object a run works on, as it was when the run started."""

    id: int
    type: str
    name: str
    root: bool = False


class Run(Struct):
    """The head of one execution of a version."""

    id: int
    tenant: int
    workflow: str
    version_id: int
    version: int
    status: RunStatus = RunStatus.RUNNING
    operation: Operation = Operation.EXECUTE
    operation_id: int = 0
    paused: bool = False
    mock: bool = False
    debug: bool = False
    closing: RunStatus | None = None  # CANCELED or EXPIRED, once its active steps are gone
    params: Json = field(default_factory=dict)
    bindings: Json = field(default_factory=dict)
    target: Json = None  # the root target as expressions see it: {type, name, id, attributes, children}
    targets: tuple[Target, ...] = ()
    creator_id: int = 0
    creator: str = ""
    trigger: Trigger = Trigger.MANUAL
    parent_run: int | None = None
    parent_step: int | None = None
    parent_attempt: int | None = None
    created_at: float = 0.0
    started_at: float | None = None  # None while it queues for its workflow's concurrency limit
    finished_at: float | None = None
    deadline: float | None = None
    message: str | None = None
    planned_at: float | None = None  # the slot of the schedule that started it

    def copy(self) -> Run:
        return self.__copy__()  # type: ignore[attr-defined,no-any-return]


class Attempt(Struct):
    """An ended hand-over of a step; the current one is read from the step itself."""

    step: int
    number: int
    operation: Operation
    act: Act
    phase: Phase | None
    status: StepStatus
    worker: str | None
    reason: Reason | None
    message: str | None
    outputs: Json
    started_at: float | None
    finished_at: float


class OperationRecord(Struct, frozen=True):
    """One traversal of a run's graph by one verb."""

    id: int
    verb: Operation
    actor: str
    started_at: float
    finished_at: float | None = None
    status: RunStatus = RunStatus.RUNNING


class Decision(Struct):
    """What a batch of events changes in one run, and what must happen after the commit.

    ``seq`` guards the write: a store in whose history of the run it is not the next changes nothing.
    """

    run: Run
    seq: int
    at: float = 0.0  # when it was decided
    status_before: RunStatus | None = None
    steps: dict[int, Step] = field(default_factory=dict)  # changed or created
    created: set[int] = field(default_factory=set)  # ids within ``steps`` that are new
    first: bool = False  # its run is written whole, as this leaves it, by ``create_runs``
    reshaped: set[int] = field(default_factory=set)  # ids whose element or index changed
    removed: list[int] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    operations: list[OperationRecord] = field(default_factory=list)  # opened or closed
    history: list[dict[str, Json]] = field(default_factory=list)  # what watchers are told
    effects: list[Effect] = field(default_factory=list)
    answers: list[Any] = field(default_factory=list)  # one per event: None or the Refused
    # for absorb; derived, never stored
    operation: OperationRecord | None = None
    by_node: list[list[int]] = field(default_factory=list)
    tally: Any = None

    changed: bool = False  # there is something to store
    turned: bool = False  # and something of the run's head is in it


class RunState(Struct):
    """The aggregate ``decide`` reads. The counts are derived; ``plan.recount`` makes them anew."""

    run: Run
    plan: Plan
    steps: dict[int, Step]
    operation: OperationRecord
    seq: int  # commits that have touched the run: the number of its newest row in the history
    by_node: list[list[int]] = field(default_factory=list)  # step ids of each node, in parallel order
    tally: Any = None  # core.run.tally.Tally
