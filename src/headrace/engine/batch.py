"""One batch: everything that has gathered, decided and written in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from msgspec import Struct

from headrace.core.alarm import Telling, tellings
from headrace.core.refusal import Refused
from headrace.core.run.decide import decide
from headrace.core.run.effects import Effect, StartChild, TellChild, TellParent
from headrace.core.run.events import Begin, ChildStarted, Event, PauseRun
from headrace.core.run.state import Decision, Run, RunState
from headrace.core.run.state_of import absorb
from headrace.core.words import RunStatus
from headrace.engine.answers import Answers
from headrace.engine.family import (
    CHILD_VERBS,
    DEPTH_MAX,
    child_ended,
    child_refused,
    child_request,
    is_left_alone,
    is_to_end,
)
from headrace.engine.ids import BlockIds
from headrace.engine.items import Family, Fire, Item, Post, Release, Start, Tell, Transact
from headrace.engine.poison import instead_of, sift
from headrace.engine.states import States
from headrace.ports.errors import Broken, Conflict, Gone
from headrace.ports.inbox import StartRun, Told
from headrace.ports.schedules import ScheduleRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases import alarms, audit, schedules
from headrace.usecases.plans import Plans
from headrace.usecases.runs import Limits, next_queued, start_run

log = structlog.get_logger()
Json = Any
RUNNING = RunStatus.RUNNING
SCHEDULES_MAX = 100  # dealt with in one batch
FIRED_MAX = 200  # runs after which the schedules that are left wait for the next batch
TELLS = (TellParent, TellChild)
Asked = tuple[Event, Item | None]
"""An event, and the item it came with where somebody wants to know how it went."""


@dataclass(slots=True)
class Shared:
    """What one batch leaves to the next; belongs to the engine's thread."""

    plans: Plans
    states: States
    ids: BlockIds
    limits: Limits
    queues: set[tuple[int, str]] = field(default_factory=set)
    """Tenant and workflow where runs may be queued: a hint that saves asking the store."""


class Changed(Struct):
    """A run this batch has decided about."""

    state: RunState
    decision: Decision
    left_running: bool  # it was RUNNING before and is not now


class Batch:
    """Works within one ``store.write()``. Nobody outside is told before the commit.

    States are brought up to date as soon as they are written, so that a child's end and what it means to
    its parent are one transaction. Where the commit fails, ``touched`` names those to be loaded again.
    """

    def __init__(self, shared: Shared, now: float) -> None:
        self.now = now
        self.plans = shared.plans
        self.answers = Answers(now)
        self.changed: list[Changed] = []
        self.effects: list[Effect] = []  # to be let out after the commit
        self.fresh: list[RunState] = []  # runs created in this batch
        self.empty_queues: set[tuple[int, str]] = set()
        self.next_slot: float | None = None  # of all schedules, where ``rescheduled``
        self.rescheduled = False
        self.fired = 0  # runs that schedules have started
        self.noticed: set[tuple[int, str]] = set()  # tenant and channel with something to send
        self.complete = False  # everything is written; only the commit is missing
        self._shared = shared
        self._states: dict[int, RunState] = {}  # of the runs this batch is about
        self._events: dict[int, list[Asked]] = {}
        self._beginning: Counter[tuple[int, str]] = Counter()
        self._children: dict[tuple[int, int], int] = {}  # step and attempt -> child run of this batch
        self._tellings: dict[int, list[Telling]] = {}  # by tenant, not written yet
        self._unwritten: dict[int, RunState] = {}  # fresh runs that no round has written yet

    @property
    def touched(self) -> Sequence[int]:
        """Runs whose memory is ahead of the store until the commit."""
        return list(self._states)

    def is_stored(self, reader: Reader) -> bool:
        """Whether its commit happened; all of it did, or nothing."""
        for one in self.changed:
            return reader.sequence(one.decision.run.id) >= one.decision.seq
        return any(reader.run(None, state.run.id) is not None for state in self.fresh)

    def do(self, writer: Writer, items: Sequence[Item]) -> None:
        """Everything, in the order it came in; events of one run are decided together."""
        ids = self._shared.ids
        ids.writer, ids.starts = writer, max(1, sum(type(item) is Start for item in items))
        for item in items:
            if type(item) is Post:
                self._add(item.run, item.event, None)
            else:
                DO[type(item)](self, writer, item)
        while self._events or self._unwritten:
            self._round(writer)
        if self.rescheduled:
            self.next_slot = writer.next_slot()
        self.complete = True

    def _add(self, run_id: int, event: Event, item: Item | None) -> None:
        found = self._events.get(run_id)
        if found is None:
            self._events[run_id] = [(event, item)]
        else:
            found.append((event, item))

    # -- items

    def _tell(self, writer: Writer, item: Tell) -> None:
        if self.answers.known(writer, item):
            return
        state = self._state(writer, item.run)
        if state is None or state.run.tenant != item.tenant:
            self.answers.give(writer, item, Gone("run", item.run))
            return
        step = getattr(item.event, "step", None)
        if step is not None and step not in state.steps:
            self.answers.give(writer, item, Gone("step", step))
            return
        self._add(item.run, item.event, item)

    def _start(self, writer: Writer, item: Start) -> None:
        if self.answers.known(writer, item):
            return
        try:
            run = self._guarded(writer, item).run
        except (Refused, Gone) as refused:
            self.answers.give(writer, item, refused)
        else:
            if item.by is not None:
                audit.started(writer, self.now, item.by, run)
            self.answers.give(writer, item, run.id)

    def _guarded(self, writer: Writer, item: Start) -> RunState:
        if item.guard is None:
            return self._create(writer, item.request)
        with writer.savepoint():
            item.guard(writer, self.now)
            return self._create(writer, item.request)

    def _create(self, writer: Writer, request: StartRun, *, paused: bool = False) -> RunState:
        """A new run, written with what the round decides of it. What is refused is refused before that."""
        state, begins = start_run(
            writer, self.plans, request, self.now, self._shared.ids, self._shared.limits, self._beginning
        )
        run = state.run
        self._states[run.id] = self._unwritten[run.id] = state
        self.fresh.append(state)
        if paused:
            self._add(run.id, PauseRun(), None)
        if begins:
            self._beginning[run.tenant, run.workflow] += 1
            self._add(run.id, Begin(), None)
        else:
            self._shared.queues.add((run.tenant, run.workflow))
        return state

    def _transact(self, writer: Writer, item: Transact) -> None:
        if self.answers.known(writer, item):
            return
        self.plans.forget_names()
        self.rescheduled = True
        try:
            with writer.savepoint():
                value = item.work(writer, self.now)
        except Broken:
            raise
        except Exception as error:  # noqa: BLE001 - it is the caller's, who waits for it
            self.answers.give(writer, item, error)
        else:
            self.answers.give(writer, item, value)

    # -- schedules

    def _fire(self, writer: Writer, item: Fire) -> None:
        self.rescheduled = True
        if item.anew:
            schedules.compute_again(writer, self.now)
        for record in writer.due_schedules(self.now, SCHEDULES_MAX):
            self.fired += self._fire_one(writer, record)
            if self.fired >= FIRED_MAX:
                break

    def _fire_one(self, writer: Writer, record: ScheduleRecord) -> int:
        """One that fails for a fault of ours must not stop the others."""

        def start(request: StartRun) -> int:
            return self._create(writer, request).run.id

        def busy(tenant: int, workflow: str) -> bool:
            return self._busy(writer, tenant, workflow)

        try:
            with writer.savepoint():
                return schedules.fire(writer, self.now, record, start, busy)
        except (Broken, Conflict):
            raise
        except Exception as error:
            log.error("a schedule cannot fire", workflow=record.workflow, exc_info=error)
            schedules.give_up(writer, self.now, record, "internal_error")
            return 0

    def _busy(self, reader: Reader, tenant: int, workflow: str) -> bool:
        fresh = any(state.run.workflow == workflow and state.run.tenant == tenant for state in self.fresh)
        return (
            fresh or reader.active_count(tenant, workflow) > 0 or bool(reader.queued_runs(tenant, workflow))
        )

    # -- deciding

    def _state(self, reader: Reader, run_id: int) -> RunState | None:
        state = self._states.get(run_id)
        if state is None:
            state = self._shared.states.get(reader, run_id)
            if state is not None:
                self._states[run_id] = state
        return state

    def _round(self, writer: Writer) -> None:
        """Decide what there is, write it, and see what it means to other runs."""
        events, self._events = self._events, {}
        changed: list[Changed] = []
        for run_id, asked in events.items():
            one = self._decide(writer, run_id, asked)
            if one is not None:
                changed.append(one)
        self._write_new(writer, changed)
        writer.save([one.decision for one in changed])
        self._write_alarms(writer)
        self._beginning.clear()  # from here on the store counts them
        for one in changed:
            if not one.decision.first:
                absorb(one.state, one.decision)
            self._sort_effects(writer, one)
        self.changed += changed
        for key in {_workflow(one.state.run) for one in changed if one.left_running}:
            if key in self._shared.queues:
                self._release(writer, key)

    def _write_new(self, writer: Writer, changed: list[Changed]) -> None:
        """Fresh runs whole, as their first decision leaves them: one row a step, none written twice."""
        new, self._unwritten = self._unwritten, {}
        if not new:
            return
        for one in changed:
            if one.state.run.id in new:
                one.decision.first = True
                absorb(one.state, one.decision)
        writer.create_runs([(state.run, state.steps.values(), state.operation) for state in new.values()])
        self._beginning.clear()  # from here on the store counts them

    def _decide(self, writer: Writer, run_id: int, asked: list[Asked]) -> Changed | None:
        state = self._state(writer, run_id)
        if state is None:
            return None
        try:
            decision = self._decision(state, asked)
        except Exception:  # noqa: BLE001 - a fault of ours must not stop the other runs, nor this one
            asked = self._without_poison(writer, state, asked)
            decision = self._decision(state, asked)
        for (event, item), refused in zip(asked, decision.answers, strict=True):
            if item is None:
                continue
            self._answer(writer, state, item, refused)
            if isinstance(item, Tell) and item.by is not None and refused is None:
                audit.told(writer, self.now, item.by, event, state, decision)
        if not decision.changed:
            return None
        if state.plan.alarmed:
            self._note_alarms(state, decision)
        left = state.run.status is RUNNING and decision.run.status is not RUNNING
        return Changed(state, decision, left)

    def _note_alarms(self, state: RunState, decision: Decision) -> None:
        try:
            found = tellings(state, decision)
        except Exception as error:
            log.error("alarms could not be made", run=state.run.id, exc_info=error)
            return
        if found:
            self._tellings.setdefault(state.run.tenant, []).extend(found)

    def _write_alarms(self, writer: Writer) -> None:
        """In the transaction of what they tell of."""
        told, self._tellings = self._tellings, {}
        for tenant, found in told.items():
            self.noticed |= alarms.write_down(writer, self.now, tenant, found)

    def _decision(self, state: RunState, asked: Sequence[Asked]) -> Decision:
        return decide(state, [event for event, _ in asked], self.now, self._shared.ids)

    def _without_poison(self, writer: Writer, state: RunState, asked: list[Asked]) -> list[Asked]:
        def give_up(one: Asked, error: Exception) -> Asked | None:
            event, item = one
            log.error("deciding failed", run=state.run.id, kind=type(event).__name__, exc_info=error)
            if isinstance(item, Tell):
                self.answers.give(writer, item, Broken("internal_error"))
            other = instead_of(event, error)
            return (other, item) if other is not None else None

        return sift(asked, lambda part: self._decision(state, part), give_up)

    def _answer(self, writer: Writer, state: RunState, item: Item, refused: Refused | None) -> None:
        if isinstance(item, Tell):
            self.answers.give(writer, item, refused or Told(item.run, getattr(item.event, "step", None)))
        elif refused is not None and isinstance(item, Family) and isinstance(item.effect, TellChild):
            child = state.run
            if child.parent_step is not None and is_left_alone(child, item.effect):
                self._add(item.effect.run, child_ended(child, child.parent_step, refused), None)

    # -- parents and children

    def _sort_effects(self, writer: Writer, one: Changed) -> None:
        for effect in one.decision.effects:
            if isinstance(effect, TELLS):
                self._tell_family(writer, effect)
            else:
                self.effects.append(effect)

    def _family(self, writer: Writer, item: Family) -> None:
        if isinstance(item.effect, StartChild):
            self._start_child(writer, item.effect)
        else:
            self._tell_family(writer, item.effect)

    def _tell_family(self, writer: Writer, effect: TellParent | TellChild) -> None:
        if isinstance(effect, TellChild):
            self._tell_child(writer, effect)
            return
        child = self._state(writer, effect.run)
        if child is not None and child.run.status is not RUNNING:
            self._add(effect.parent, child_ended(child.run, effect.step), None)

    def _tell_child(self, writer: Writer, effect: TellChild) -> None:
        child = self._state(writer, effect.child) if effect.verb == "halt" else None
        if child is None or is_to_end(child.run):
            self._add(effect.child, CHILD_VERBS[effect.verb](), Family(effect))
        elif child.run.status is not RUNNING and child.run.parent_step is not None:
            self._add(effect.run, child_ended(child.run, child.run.parent_step), None)

    def _start_child(self, writer: Writer, effect: StartChild) -> None:
        """The child and its parent's knowledge of it in one transaction; again is harmless."""
        parent = self._state(writer, effect.run)
        if parent is None or effect.step not in parent.steps:
            return
        key = (effect.step, effect.attempt)
        child = self._children.get(key) or writer.child_of(*key)
        if child is not None:
            self._tell_of_child(writer, effect, parent, child)
            return
        try:
            self._refuse_too_deep(writer, parent.run)
            run = self._create(writer, child_request(effect, parent.run), paused=parent.run.paused).run
        except (Refused, Gone) as refused:
            self._add(effect.run, child_refused(effect, refused), None)
        else:
            self._children[key] = run.id
            self._add(effect.run, ChildStarted(effect.step, effect.attempt, run.id), None)

    def _refuse_too_deep(self, reader: Reader, parent: Run) -> None:
        ancestor: Run | None = parent
        for _ in range(DEPTH_MAX - 1):
            if ancestor is None or ancestor.parent_run is None:
                return
            ancestor = reader.run(None, ancestor.parent_run)
        raise Refused("limit", "start_too_deep", {"limit": DEPTH_MAX})

    def _tell_of_child(self, writer: Writer, effect: StartChild, parent: RunState, child: int) -> None:
        """The child was started before a crash: make sure that its parent knows how it stands."""
        if child not in (parent.steps[effect.step].children or ()):
            self._add(effect.run, ChildStarted(effect.step, effect.attempt, child), None)
        state = self._state(writer, child)
        if state is not None and state.run.status is not RUNNING:
            self._add(effect.run, child_ended(state.run, effect.step), None)

    # -- queues

    def _release_item(self, writer: Writer, item: Release) -> None:
        self._release(writer, (item.tenant, item.workflow))

    def _release(self, writer: Writer, key: tuple[int, str]) -> None:
        """Runs that ended make room for those that queue behind the workflow's limit."""
        runs, more = next_queued(writer, self.plans, *key, self._beginning)
        for run_id in runs:
            self._add(run_id, Begin(), None)
        if not runs and not more:
            self.empty_queues.add(key)


def _workflow(run: Run) -> tuple[int, str]:
    return run.tenant, run.workflow


DO: dict[type, Any] = {
    Tell: Batch._tell,
    Start: Batch._start,
    Transact: Batch._transact,
    Family: Batch._family,
    Release: Batch._release_item,
    Fire: Batch._fire,
}
