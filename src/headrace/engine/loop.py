"""The engine: one thread that gathers, decides, commits, and only then lets effects out."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

import structlog

from headrace.config import failpoint
from headrace.core.run.effects import (
    CancelWork,
    Effect,
    HandOver,
    Proceed,
    StartChild,
    TellChild,
    TellParent,
)
from headrace.core.run.events import Event, Fact
from headrace.core.run.recover import recover
from headrace.core.run.state import RunState
from headrace.core.run.state_of import absorb
from headrace.engine.batch import Batch, Changed, child_ended
from headrace.engine.counters import Counters
from headrace.engine.ids import BlockIds
from headrace.engine.items import Child, Item, Post, Start, Tell, Transact
from headrace.engine.states import States
from headrace.engine.timers import Timers
from headrace.engine.watch import Watchers
from headrace.ports.clock import Clock
from headrace.ports.dispatch import Dispatch
from headrace.ports.errors import Broken, Conflict
from headrace.ports.inbox import StartRun, Ticket, Told
from headrace.ports.store import Reader, Store, Writer
from headrace.usecases.plans import Plans
from headrace.usecases.runs import Limits

T = TypeVar("T")
log = structlog.get_logger()

BATCH_MAX = 2_000  # items a commit takes; more would let a verb wait too long behind a wide run
IDLE_SECONDS = 1.0  # longest sleep: a wall clock that jumps is noticed this soon
ANSWERS_KEPT = 24 * 3600.0  # seconds an Idempotency-Key is remembered
ANSWERS_EVERY, ANSWERS_AT_ONCE = 60.0, 1_000
BACK_OFF_MIN, BACK_OFF_MAX = 0.05, 5.0  # seconds between tries while the database refuses, growing


class Engine:
    """``ports.inbox.Inbox``, and the loop behind it.

    ``run_once`` does one batch and returns; ``start`` runs it in a thread until ``stop``.
    """

    def __init__(
        self,
        store: Store,
        dispatch: Dispatch,
        clock: Clock,
        *,
        watchers: Watchers | None = None,
        limits: Limits | None = None,
        max_steps: int = 10_000,
    ) -> None:
        self.watchers = watchers or Watchers()
        self.counters = Counters()
        self._store = store
        self._dispatch = dispatch
        self._clock = clock
        self._limits = limits or Limits()
        self._plans = Plans(dispatch.capabilities, max_steps)
        self._states = States(self._plans)
        self._ids = BlockIds()
        self._timers = Timers()
        self._inbox: deque[Item] = deque()
        self._wake = threading.Condition()
        self._asleep = False
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._forget_at = 0.0
        self._refused_since: int = 0  # commits refused in a row
        self.broken: Broken | None = None  # why the database does not take commits now

    # -- the way in (any thread)

    def start_run(self, request: StartRun, ticket: Ticket | None = None) -> Future[int]:
        return self._put(lambda future: Start(future, request, ticket))

    def tell(self, tenant: int, run_id: int, event: Event, ticket: Ticket | None = None) -> Future[Told]:
        return self._put(lambda future: Tell(future, tenant, run_id, event, ticket))

    def transact(self, work: Callable[[Writer, float], T], ticket: Ticket | None = None) -> Future[T]:
        return self._put(lambda future: Transact(future, work, ticket))

    def _put(self, item: Callable[[Future[Any]], Item]) -> Future[Any]:
        future: Future[Any] = Future()
        if self._stopping:
            future.set_exception(Broken("server_stopping"))
            return future
        self._inbox.append(item(future))
        self._ring()
        return future

    def post(self, facts: Sequence[tuple[int, Fact]]) -> None:
        self._inbox.extend([Post(run_id, fact) for run_id, fact in facts])
        self._ring()

    def _ring(self) -> None:
        # Appending comes first: whoever finds the engine awake knows that it will look again.
        if self._asleep:
            with self._wake:
                self._wake.notify()

    # -- life

    def start(self) -> None:
        """Recover what an earlier process left, then run in a thread of its own."""
        self.recover()
        self.counters.progress_at = self._clock.monotonic()
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 30.0) -> None:
        """Commit what has gathered, then end. Work still running is found again at the next start."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join(timeout)
            self._thread = None
        for item in self._inbox:
            if not isinstance(item, Post | Child) and not item.future.done():
                item.future.set_exception(Broken("server_stopping"))

    def recover(self) -> None:
        """Re-derive timers and effects from the stored state; declare lost what was running."""
        self._dispatch.start(self.post)
        with self._store.read() as reader:
            self._ids.writer = None
            for run_id in sorted({*reader.open_runs(), *reader.due_runs()}):
                self._recover_run(reader, run_id)

    def _recover_run(self, reader: Reader, run_id: int) -> None:
        state = self._states.get(reader, run_id)
        if state is None:
            return
        self._states.keep(state)
        self._timers.follow(state.run, state.steps.values())
        events, effects = recover(state, self._ids)
        self._inbox.extend([Post(run_id, event) for event in events])
        self._do_effects([(state, effect) for effect in effects])

    def _run(self) -> None:
        while not (self._stopping and (self.broken or not self._inbox)):
            if not self.run_once(self._clock.now()):
                self._sleep()

    def _sleep(self) -> None:
        with self._wake:
            self._asleep = True
            if not self._inbox or self.broken:
                self._wake.wait(self._pause())
            self._asleep = False

    def _pause(self) -> float:
        if self.broken:
            return min(BACK_OFF_MAX, BACK_OFF_MIN * float(2**self._refused_since))
        next_at = self._timers.next_at()
        if next_at is None:
            return IDLE_SECONDS
        return max(0.0, min(IDLE_SECONDS, next_at - self._clock.now()))

    # -- looking (any thread)

    def idle_for(self) -> float:
        """Seconds since the loop last came round; it does so at least once a second."""
        if self._thread is None:
            return 0.0
        return self._clock.monotonic() - self.counters.progress_at

    def figures(self) -> dict[str, float]:
        """For /metrics."""
        return {
            **self.counters.figures(),
            "engine_inbox": len(self._inbox),
            "engine_timers": len(self._timers),
            "engine_runs_in_memory": len(self._states),
        }

    # -- one batch

    def run_once(self, now: float) -> bool:
        """Take what has gathered and what is due, and bring it to its end. False where there was nothing."""
        items: list[Item] = list(self._timers.due(now, BATCH_MAX))
        inbox = self._inbox
        items += [inbox.popleft() for _ in range(min(len(inbox), BATCH_MAX))]
        self.counters.progress_at = self._clock.monotonic()
        if not items:
            return False
        failpoint("engine_after_gather")
        return self._attempt(items, now)

    def _attempt(self, items: list[Item], now: float) -> bool:
        """False where the database did not take it: what nobody waits for is kept for later."""
        try:
            self._commit(items, now)
        except Conflict:
            self._forget(items)
            self._inbox.extendleft(reversed(items))
        except Broken as broken:
            self._keep_for_later(items, broken)
            return False
        except Exception as error:  # noqa: BLE001 - one bad item must not take the others with it
            self._divide(items, now, error)
        self.broken, self._refused_since = None, 0
        return True

    def _commit(self, items: list[Item], now: float) -> None:
        batch = Batch(self._plans, self._states, self._ids, self._limits, now)
        with self._store.write() as writer:
            batch.do(writer, items)
            self._forget_old_answers(writer, now)
            failpoint("engine_before_commit")
        failpoint("engine_after_commit")
        self.counters.batch(len(items), batch.changed)
        self._follow(batch)
        failpoint("engine_after_effects")

    def _forget_old_answers(self, writer: Writer, now: float) -> None:
        if now >= self._forget_at:
            writer.forget_answers(now - ANSWERS_KEPT, ANSWERS_AT_ONCE)
            self._forget_at = now + ANSWERS_EVERY

    def _follow(self, batch: Batch) -> None:
        """The commit is durable: make it current, answer, and let the effects out."""
        effects: list[tuple[RunState, Effect]] = []
        for changed in batch.changed:
            self._absorb(changed)
            state = changed.state
            effects += [(state, effect) for effect in changed.decision.effects]
        for state in batch.fresh.values():
            self._states.keep(state)
        for future, value in batch.answers:
            _settle(future, value)
        if batch.follow_ups:
            self._inbox.extend(batch.follow_ups)
        self._do_effects(effects)
        self.watchers.changed(changed.state.run.id for changed in batch.changed)

    def _absorb(self, changed: Changed) -> None:
        state, decision = changed.state, changed.decision
        deadline = state.run.deadline
        absorb(state, decision)
        self._timers.follow(state.run, decision.steps.values(), deadline)
        self._states.keep(state)

    def _do_effects(self, effects: Iterable[tuple[RunState, Effect]]) -> None:
        hand_overs: list[HandOver] = []
        proceeds: list[Proceed] = []
        cancels: list[CancelWork] = []
        for state, effect in effects:
            if isinstance(effect, HandOver):
                hand_overs.append(effect)
            elif isinstance(effect, Proceed):
                proceeds.append(effect)
            elif isinstance(effect, CancelWork):
                cancels.append(effect)
            else:
                self._about_family(state, effect)
        if cancels:
            self._dispatch.cancel(cancels)
        if hand_overs:
            facts = self._dispatch.hand_over(hand_overs)
            self._inbox.extend([Post(run_id, fact) for run_id, fact in facts])
        if proceeds:
            self._dispatch.proceed(proceeds)

    def _about_family(self, state: RunState, effect: StartChild | TellChild | TellParent) -> None:
        if isinstance(effect, TellParent):
            self._inbox.append(Post(effect.parent, child_ended(state.run, effect.step)))
        else:
            self._inbox.append(Child(effect))

    # -- when it goes wrong

    def _forget(self, items: Iterable[Item]) -> None:
        """Somebody else wrote these runs: load them again."""
        self._ids.forget()
        for item in items:
            if isinstance(item, Post | Tell):
                self._states.drop(item.run)

    def _keep_for_later(self, items: list[Item], broken: Broken) -> None:
        """Callers are told at once; facts and the engine's own errands wait until it works again."""
        self._ids.forget()
        if self.broken is None:
            log.error("the database does not take commits", code=broken.code, **broken.values)
        self.broken = broken
        self._refused_since = min(self._refused_since + 1, 10)
        kept = [item for item in items if isinstance(item, Post | Child)]
        self._inbox.extendleft(reversed(kept))
        for item in items:
            if not isinstance(item, Post | Child):
                _settle(item.future, broken)

    def _divide(self, items: list[Item], now: float, error: Exception) -> None:
        """Find the item that cannot be written, and only it is given up."""
        self._forget(items)
        if len(items) == 1:
            log.error("an item could not be processed", item=type(items[0]).__name__, exc_info=error)
            if not isinstance(items[0], Post | Child):
                _settle(items[0].future, Broken("internal_error"))
            return
        middle = len(items) // 2
        for half in (items[:middle], items[middle:]):
            self._attempt(half, now)


def _settle(future: Future[Any], value: Any) -> None:
    """Answer, unless the caller has gone."""
    if not future.set_running_or_notify_cancel():
        return
    if isinstance(value, BaseException):
        future.set_exception(value)
    else:
        future.set_result(value)
