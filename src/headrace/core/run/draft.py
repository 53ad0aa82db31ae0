"""A decision in the making: copies of what changes, over a state that stays as it is."""

from __future__ import annotations

from collections import deque
from typing import Any, Protocol

from headrace.core.refusal import Refused
from headrace.core.run.effects import Effect
from headrace.core.run.events import Actor
from headrace.core.run.plan import PlanNode
from headrace.core.run.state import Attempt, Decision, OperationRecord, Run, RunState, Step
from headrace.core.run.table import RUN_MOVES, STEP_MOVES, Move, RunMove
from headrace.core.run.tally import BACKWARD, FORWARD, Tally, recount
from headrace.core.words import CLOSED, Operation, RunStatus, StepStatus

Json = Any
ROLLBACK = Operation.ROLLBACK


class Ids(Protocol):
    """Fresh ids, given from outside: the core makes none."""

    def step(self) -> int: ...
    def operation(self) -> int: ...


class Illegal(Exception):
    """A move that is not in the table was asked for: a fault of the core, not of a person."""


class Draft:
    """Works on copies; ``decision`` is what changed. One draft takes one batch of events."""

    def __init__(self, state: RunState, now: float, ids: Ids) -> None:
        self.state = state
        self.plan = state.plan
        self.now = now
        self.ids = ids
        self.run: Run = state.run.copy()
        self.backward = self.run.operation is ROLLBACK
        self.operation: OperationRecord = state.operation
        self.tally: Tally = state.tally.copy()
        self.by_node = state.by_node  # replaced by a copy when a fan-out opens
        self.queue: deque[int] = deque()  # nodes to consider
        self.decision = Decision(self.run, state.seq + 1, now, state.run.status)
        self.steps = self.decision.steps
        self.effects: list[Effect] = self.decision.effects
        self.touched = False
        self.expression_steps: dict[str, Json] | None = None  # what expressions see, built on demand

    # -- reading

    @property
    def held(self) -> bool:
        """Whether nothing new may start now."""
        run = self.run
        if run.paused or run.closing is not None or run.started_at is None:
            return True
        return self.tally.failed > 0 and (self.backward or self.plan.stops_on_failure)

    def peek(self, step_id: int) -> Step:
        """A step to read."""
        return self.steps.get(step_id) or self.state.steps[step_id]

    def has(self, step_id: int) -> bool:
        known = step_id in self.steps or step_id in self.state.steps
        return known and step_id not in self.decision.removed

    def node_of(self, step: Step) -> PlanNode:
        return self.plan.nodes[step.node]

    def node_steps(self, node: int) -> list[Step]:
        return [self.peek(step_id) for step_id in self.by_node[node]]

    def all_steps(self) -> list[Step]:
        return [self.peek(step_id) for ids in self.by_node for step_id in ids]

    # -- changing

    def step(self, step_id: int) -> Step:
        """A step to change."""
        step = self.steps.get(step_id)
        if step is None:
            step = self.steps[step_id] = self.state.steps[step_id].copy()
            self.touched = True
        return step

    def move(self, step: Step, move: Move) -> None:
        """Take a row of the table and keep the counts; ``step`` is one of this draft's copies."""
        before = step.status
        after = STEP_MOVES.get((before, move))
        if after is None:
            raise Illegal(f"step {step.id}: {move} from {before}")
        step.status = after
        if before is not after:
            self._count(step, before, after)
        self.touched = True

    def _count(self, step: Step, before: StepStatus, after: StepStatus) -> None:
        t, n = self.tally, step.node
        active, succeeded, left, failed = (BACKWARD if self.backward else FORWARD)[before, after]
        if active:
            t.active += active
            t.busy[n] += active
        if succeeded:
            t.succeeded[n] += succeeded
        if left:
            t.left[n] += left
        if failed:
            self._count_failure(step, failed)

    def _count_failure(self, step: Step, change: int) -> None:
        t = self.tally
        if self.backward:
            t.failed += change > 0 and step.operation is ROLLBACK
            return
        t.failed += change
        if t.failed == 0 and self.plan.stops_on_failure:
            self.consider_all()  # what the failure held back may start

    def told(self, step: Step, move: Move, **more: Json) -> None:
        """Let watchers know how the step stands now."""
        self.decision.history.append(
            {
                "step": step.id,
                "move": move,
                "status": step.status,
                "operation": step.operation,
                "phase": step.phase,
                "wait": step.wait,
                "reason": step.reason,
                "message": step.message,
                "attempt": step.attempt,
                **more,
            }
        )

    def tell_run(self, what: str, **more: Json) -> None:
        """Let watchers know how the run stands now."""
        run = self.run
        self.touched = True
        self.decision.history.append(
            {"run": what, "status": run.status, "operation": run.operation, "paused": run.paused, **more}
        )

    def end_attempt(self, step: Step) -> None:
        """Keep the attempt that has just ended; the step already shows how."""
        self.decision.attempts.append(
            Attempt(
                step.id,
                step.attempt,
                step.operation,
                step.act,
                step.phase,
                step.status,
                step.worker,
                step.reason,
                step.message,
                step.outputs,
                step.attempt_at,
                self.now,
            )
        )

    def move_run(self, move: RunMove) -> None:
        after = RUN_MOVES.get((self.run.status, move))
        if after is None:
            raise Illegal(f"run {self.run.id}: {move} from {self.run.status}")
        self.run.status = after
        self.run.finished_at = None if after is RunStatus.RUNNING else self.now
        self.tell_run(move)

    def reopen(self) -> None:
        """The run has something to do again."""
        if self.run.status is not RunStatus.RUNNING:
            self.move_run(RunMove.REOPEN)
            self.set_deadline()
        self.run.message = None

    def set_deadline(self) -> None:
        """The workflow's time limit counts from now; a run that waits for repair has none."""
        limit = self.plan.workflow.timeout
        self.run.deadline = self.now + limit if limit else None

    # -- operations

    def open_operation(self, verb: Operation, actor: Actor) -> None:
        """Every verb is an operation of its own; the run shows the newest."""
        if self.operation.finished_at is None:
            self.close_operation(self.run.status)
        self.operation = OperationRecord(self.ids.operation(), verb, actor.name, self.now)
        self.run.operation_id = self.operation.id
        self._set_direction(verb)
        self.decision.operations.append(self.operation)

    def _set_direction(self, verb: Operation) -> None:
        # A retry within a rollback goes on rolling back: the run's operation stays what it was.
        if not (verb is Operation.RETRY and self.backward):
            self.run.operation = verb
            self.backward = verb is ROLLBACK

    def close_operation(self, status: RunStatus) -> None:
        o = self.operation
        self.operation = OperationRecord(o.id, o.verb, o.actor, o.started_at, self.now, status)
        self.decision.operations.append(self.operation)

    # -- the graph

    def recount(self) -> None:
        """After a verb that goes back: count anew and look at every node again."""
        self.tally = recount(self.run, self.plan, [self.node_steps(i) for i in range(len(self.by_node))])
        self.consider_all()

    def consider_all(self) -> None:
        order = self.plan.order
        self.queue.extend(reversed(order) if self.backward else order)


def clear(step: Step) -> None:
    """Forget how the last attempt ended, before the next begins."""
    step.wait = step.reason = step.message = step.progress = None
    step.worker = step.due = step.due_at = None


def open_step(d: Draft, step_id: int) -> Step:
    """The step a verb names; its run must be open and not paused."""
    require_open(d.run)
    return known_step(d, step_id)


def require_open(run: Run) -> None:
    """Its steps may be acted on: it is neither closed, nor closing, nor paused."""
    if run.status in CLOSED or run.closing is not None:
        raise wrong_state("run_closed", run=run.id, status=run.closing or run.status)
    if run.paused:
        raise wrong_state("run_paused", run=run.id, status=run.status)


def known_step(d: Draft, step_id: int) -> Step:
    """The step; one that a fan-out has taken away meanwhile is refused."""
    if not d.has(step_id):
        raise wrong_state("step_taken_away", step=step_id)
    return d.peek(step_id)


def wrong_state(code: str, **values: Json) -> Refused:
    """Not legal now; the values name the object and its state."""
    return Refused("state", code, values)
