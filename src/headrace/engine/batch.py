"""One batch: everything that has gathered, decided and written in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import structlog

from headrace.core.refusal import Refused
from headrace.core.run.decide import decide
from headrace.core.run.effects import StartChild, TellChild
from headrace.core.run.events import (
    Actor,
    Begin,
    ChildEnded,
    ChildStarted,
    Event,
    Finished,
    PauseRun,
    ResumeRun,
    RetryRun,
    RollbackRun,
    RunVerb,
    TerminateRun,
)
from headrace.core.run.state import Decision, Run, RunState
from headrace.core.words import Act, Operation, Phase, Reason, RunStatus
from headrace.engine.ids import BlockIds
from headrace.engine.items import Child, Item, Post, Start, Tell, Transact
from headrace.engine.states import States
from headrace.ports.errors import Broken, Gone
from headrace.ports.inbox import StartRun, Ticket, Told
from headrace.ports.records import StoredAnswer
from headrace.ports.store import Writer
from headrace.usecases.plans import Plans
from headrace.usecases.runs import Limits, next_queued, start_run

Json = Any
log = structlog.get_logger()

CHILD_VERBS: dict[str, Callable[[], RunVerb]] = {
    "pause": PauseRun,
    "resume": ResumeRun,
    "terminate": TerminateRun,
    "rollback": lambda: RollbackRun(closed=True),
    "retry": RetryRun,
}


@dataclass(slots=True)
class Changed:
    """A run this batch decides about."""

    state: RunState
    decision: Decision
    left_running: bool  # it was RUNNING before and is not now


@dataclass(slots=True)
class Batch:
    """Works within one ``store.write()``; afterwards ``changed``, ``answers`` and ``follow_ups`` hold
    what to absorb, to answer and to do next. Nothing outside is touched before the commit."""

    plans: Plans
    states: States
    ids: BlockIds
    limits: Limits
    now: float
    changed: list[Changed] = field(default_factory=list)
    answers: list[tuple[Future[Any], Any]] = field(default_factory=list)
    follow_ups: list[Item] = field(default_factory=list)
    events: dict[int, list[tuple[Event, Item | None]]] = field(default_factory=dict)
    fresh: dict[int, RunState] = field(default_factory=dict)  # runs created in this batch
    beginning: Counter[tuple[int, str]] = field(default_factory=Counter)
    tickets: dict[tuple[int, str, str], tuple[Ticket, list[Future[Any]]]] = field(default_factory=dict)

    def do(self, writer: Writer, items: Sequence[Item]) -> None:
        """Everything, in the order it came in; events of one run are decided together."""
        self.ids.writer = writer
        for item in items:
            if isinstance(item, Post):
                self._add(item.run, item.event, item)
            else:
                DO[type(item)](self, writer, item)
        for run_id, events in self.events.items():
            self._decide(writer, run_id, events)
        writer.save([changed.decision for changed in self.changed])
        self._release_queued(writer)

    def _add(self, run_id: int, event: Event, item: Item | None) -> None:
        found = self.events.get(run_id)
        if found is None:
            self.events[run_id] = [(event, item)]
        else:
            found.append((event, item))

    # -- answers and tickets

    def _answer(self, writer: Writer, item: Tell | Start | Transact, value: Any) -> None:
        """Remember what to tell after the commit; keep it for the same Idempotency-Key."""
        self.answers.append((item.future, value))
        ticket = item.ticket
        if ticket is None:
            return
        for twin in self.tickets[(ticket.tenant, ticket.route, ticket.key)][1]:
            self.answers.append((twin, value))
        if not isinstance(value, Exception):
            stored = {"run": value.run, "step": value.step} if isinstance(value, Told) else value
            kept = StoredAnswer(ticket.fingerprint, stored, self.now)
            writer.store_answer(ticket.tenant, ticket.route, ticket.key, kept)

    def _known(self, writer: Writer, item: Tell | Start | Transact) -> bool:
        """Whether the ticket was used before, now or long ago; then the item is answered."""
        ticket = item.ticket
        if ticket is None:
            return False
        key = (ticket.tenant, ticket.route, ticket.key)
        twin = self.tickets.get(key)
        if twin is not None:
            if twin[0].fingerprint == ticket.fingerprint:
                twin[1].append(item.future)
            else:
                self.answers.append((item.future, _mismatch(ticket)))
            return True
        stored = writer.stored_answer(*key)
        if stored is None:
            self.tickets[key] = (ticket, [])
            return False
        self.answers.append((item.future, _stored_value(ticket, stored, item)))
        return True

    # -- items

    def _tell(self, writer: Writer, item: Tell) -> None:
        if self._known(writer, item):
            return
        state = self._state(writer, item.run)
        if state is None or state.run.tenant != item.tenant:
            self._answer(writer, item, Gone("run", item.run))
            return
        step = getattr(item.event, "step", None)
        if step is not None and step not in state.steps:
            self._answer(writer, item, Gone("step", step))
            return
        self._add(item.run, item.event, item)

    def _start(self, writer: Writer, item: Start) -> None:
        if self._known(writer, item):
            return
        try:
            run = self._create(writer, item.request)
        except (Refused, Gone) as refused:
            self._answer(writer, item, refused)
        else:
            self._answer(writer, item, run.id)

    def _create(self, writer: Writer, request: StartRun) -> Run:
        """Whatever is refused is refused before anything is written."""
        state, begins = start_run(
            writer, self.plans, request, self.now, self.ids, self.limits, self.beginning
        )
        run = state.run
        writer.create_run(run, state.steps.values(), state.operation)
        self.fresh[run.id] = state
        if begins:
            self.beginning[run.tenant, run.workflow] += 1
            self._add(run.id, Begin(), None)
        return run

    def _transact(self, writer: Writer, item: Transact) -> None:
        if self._known(writer, item):
            return
        self.plans.forget_published()
        try:
            with writer.savepoint():
                value = item.work(writer, self.now)
        except Broken:
            raise
        except Exception as error:  # noqa: BLE001 - it is the caller's, who waits for it
            self._answer(writer, item, error)
        else:
            self._answer(writer, item, value)

    def _child(self, writer: Writer, item: Child) -> None:
        effect = item.effect
        if isinstance(effect, StartChild):
            self._start_child(writer, effect)
        elif self._state(writer, effect.child) is not None:
            self._add(effect.child, CHILD_VERBS[effect.verb](), item)

    # -- children

    def _start_child(self, writer: Writer, effect: StartChild) -> None:
        """The child and its parent's knowledge of it in one transaction; again is harmless."""
        parent = self._state(writer, effect.run)
        if parent is None or effect.step not in parent.steps:
            return
        child = writer.child_of(effect.step, effect.attempt)
        if child is not None:
            self._tell_of_child(writer, effect, parent, child)
            return
        try:
            run = self._create(writer, _child_request(effect, parent.run))
        except (Refused, Gone) as refused:
            self._add(effect.run, _child_refused(effect, refused), None)
        else:
            self._add(effect.run, ChildStarted(effect.step, effect.attempt, run.id), None)

    def _tell_of_child(self, writer: Writer, effect: StartChild, parent: RunState, child: int) -> None:
        """The child was started before a crash: make sure that its parent knows how it stands."""
        if child not in (parent.steps[effect.step].children or ()):
            self._add(effect.run, ChildStarted(effect.step, effect.attempt, child), None)
        state = self._state(writer, child)
        if state is not None and state.run.status is not RunStatus.RUNNING:
            self._add(effect.run, child_ended(state.run, effect.step), None)

    # -- deciding

    def _state(self, writer: Writer, run_id: int) -> RunState | None:
        return self.fresh.get(run_id) or self.states.get(writer, run_id)

    def _decide(self, writer: Writer, run_id: int, events: list[tuple[Event, Item | None]]) -> None:
        state = self._state(writer, run_id)
        if state is None:
            return
        try:
            decision = decide(state, [event for event, _ in events], self.now, self.ids)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not stop the other runs
            self._isolate(run_id, events, error)
            return
        for (_, item), refused in zip(events, decision.answers, strict=True):
            if item is not None and not isinstance(item, Post):
                self._answer_event(writer, state, item, refused)
        if decision.changed:
            was_running = state.run.status is RunStatus.RUNNING
            left = was_running and decision.run.status is not RunStatus.RUNNING
            self.changed.append(Changed(state, decision, left))

    def _isolate(self, run_id: int, events: Iterable[tuple[Event, Item | None]], error: Exception) -> None:
        log.error("deciding failed", run=run_id, events=[type(e).__name__ for e, _ in events], exc_info=error)
        for _, item in events:
            if isinstance(item, Tell):
                self.answers.append((item.future, Broken("internal_error")))
        self.states.drop(run_id)

    def _answer_event(self, writer: Writer, state: RunState, item: Item, refused: Refused | None) -> None:
        if isinstance(item, Tell):
            told = Told(item.run, getattr(item.event, "step", None))
            self._answer(writer, item, refused or told)
        elif isinstance(item, Child) and refused is not None:
            self._child_declined(state.run, item.effect)

    def _child_declined(self, child: Run, effect: StartChild | TellChild) -> None:
        """A child that has nothing to terminate or roll back is as it is: its parent must not wait."""
        if not isinstance(effect, TellChild) or effect.verb not in ("terminate", "rollback"):
            return
        if child.status is not RunStatus.RUNNING and child.parent_step is not None:
            self.follow_ups.append(Post(effect.run, child_ended(child, child.parent_step)))

    def _release_queued(self, writer: Writer) -> None:
        """Runs that ended make room for those that queue behind the workflow's limit."""
        seen: set[tuple[int, str]] = set()
        for changed in self.changed:
            run = changed.decision.run
            key = (run.tenant, run.workflow)
            limited = changed.state.plan.workflow.concurrency_limit is not None
            if changed.left_running and limited and key not in seen:
                seen.add(key)
                compiled = self.plans.by_id(writer, run.version_id)
                for run_id in next_queued(writer, run.tenant, compiled):
                    self.follow_ups.append(Post(run_id, Begin()))


DO: dict[type, Any] = {
    Tell: Batch._tell,
    Start: Batch._start,
    Transact: Batch._transact,
    Child: Batch._child,
}


def child_ended(child: Run, step: int) -> ChildEnded:
    """What a parent is told of a child that is not RUNNING."""
    rolled_back = child.operation is Operation.ROLLBACK and child.status is RunStatus.SUCCESSFUL
    return ChildEnded(step, child.id, child.status, rolled_back)


def _child_request(effect: StartChild, parent: Run) -> StartRun:
    return StartRun(
        tenant=parent.tenant,
        workflow=effect.workflow,
        params=effect.params,
        targets=_child_targets(effect.target),
        mock=effect.mock,
        debug=parent.debug,
        trigger=parent.trigger,
        actor=Actor(parent.creator_id, parent.creator),
        parent=(effect.run, effect.step, effect.attempt),
    )


def _child_targets(target: Json) -> list[Json]:
    if not isinstance(target, dict):
        return []
    if isinstance(target.get("id"), int):
        return [{"id": target["id"]}]
    if "type" in target and "name" in target:
        return [{"type": target["type"], "name": target["name"]}]
    return []


def _child_refused(effect: StartChild, refused: Refused | Gone) -> Finished:
    message = f"child run of {effect.workflow} could not be started: {refused}"
    return Finished(
        effect.step, effect.attempt, Act.START, False, Phase.START_FAILED, None, Reason.ERROR, message
    )


def _mismatch(ticket: Ticket) -> Refused:
    return Refused("state", "idempotency_mismatch", {"key": ticket.key})


def _stored_value(ticket: Ticket, stored: StoredAnswer, item: Tell | Start | Transact) -> Any:
    if stored.fingerprint != ticket.fingerprint:
        return _mismatch(ticket)
    if isinstance(item, Tell):
        return Told(stored.answer["run"], stored.answer["step"])
    return stored.answer
