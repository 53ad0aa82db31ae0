"""The engine: one thread that gathers, decides, commits, and only then lets effects out."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from typing import Any, TypeVar

import structlog

from headrace.config import failpoint
from headrace.core.access.caller import Caller
from headrace.core.run.events import Event, Fact
from headrace.core.run.recover import recover
from headrace.engine.batch import Batch, Shared
from headrace.engine.counters import Counters
from headrace.engine.ids import BlockIds
from headrace.engine.items import Errand, Fire, Item, Post, Release, Start, Tell, Transact
from headrace.engine.outlet import Outlet
from headrace.engine.poison import instead_of
from headrace.engine.states import States
from headrace.engine.timers import Timers
from headrace.engine.watch import Watchers
from headrace.ports.clock import Clock
from headrace.ports.dispatch import Dispatch
from headrace.ports.errors import Broken, Conflict
from headrace.ports.inbox import Guard, StartRun, Ticket, Told
from headrace.ports.notifier import Notifier, Silent
from headrace.ports.store import Reader, Store, Writer
from headrace.usecases.plans import Plans
from headrace.usecases.runs import Limits

T = TypeVar("T")
log = structlog.get_logger()

BATCH_MAX = 2_000  # items a commit takes; more would let a verb wait too long behind a wide run
ROOM_MIN = 100  # so many at least are taken beside what an earlier commit did not take: callers are answered
IDLE_SECONDS = 1.0  # longest sleep: a wall clock that jumps is noticed this soon
ANSWERS_KEPT = 24 * 3600.0  # seconds an Idempotency-Key is remembered
ANSWERS_EVERY, ANSWERS_AT_ONCE = 60.0, 1_000
BACK_OFF_MIN, BACK_OFF_MAX = 0.05, 5.0  # seconds between tries while the database refuses, growing
FIRE_AGAIN = 60.0  # seconds until schedules that could not be dealt with are tried again
CONFLICTS_MAX = 3  # tries against whoever writes our runs, before the batch is taken apart


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
        notifier: Notifier | None = None,
        limits: Limits | None = None,
        max_steps: int = 10_000,
    ) -> None:
        self.watchers = watchers or Watchers()
        self.counters = Counters()
        self.broken: Broken | None = None  # why the database does not take commits now
        self._store = store
        self._dispatch = dispatch
        self._clock = clock
        self._notifier = notifier or Silent()
        self._plans = Plans(dispatch.capabilities, max_steps)
        self._states = States(self._plans)
        self._shared = Shared(self._plans, self._states, BlockIds(), limits or Limits())
        self._timers = Timers()
        self._inbox: deque[Item] = deque()
        self._waiting: list[Item] = []  # taken before, for a commit that the database refused
        self._doubtful: tuple[Batch, list[Item]] | None = None  # whether it was committed is not known
        self._outlet = Outlet(dispatch, self._inbox.extend)
        self._wake = threading.Condition()
        self._asleep = False
        self._stopping = False
        self._ended = False
        self._thread: threading.Thread | None = None
        self._forget_at = 0.0
        self._refused_in_row = 0
        self._next_slot: float | None = None  # of all schedules
        self._latest = 0.0  # the time of the last batch

    # -- the way in (any thread)

    def start_run(
        self,
        request: StartRun,
        ticket: Ticket | None = None,
        guard: Guard | None = None,
        by: Caller | None = None,
    ) -> Future[int]:
        return self._put(lambda future: Start(future, request, ticket, guard, by))

    def tell(
        self, tenant: int, run_id: int, event: Event, ticket: Ticket | None = None, by: Caller | None = None
    ) -> Future[Told]:
        return self._put(lambda future: Tell(future, tenant, run_id, event, ticket, by))

    def transact(self, work: Callable[[Writer, float], T], ticket: Ticket | None = None) -> Future[T]:
        return self._put(lambda future: Transact(future, work, ticket))

    def _put(self, item: Callable[[Future[Any]], Item]) -> Future[Any]:
        future: Future[Any] = Future()
        if self._stopping:
            _settle(future, Broken("server_stopping"))
            return future
        self._inbox.append(item(future))
        self._ring()
        if self._ended:  # meanwhile; nobody looks any more
            _settle(future, Broken("server_stopping"))
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
        """Commit what has gathered, then end. Nothing new is handed over; work that still runs is found
        again at the next start."""
        self._outlet.closed = True
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join(timeout)
            self._thread = None
        self._ended = True
        for item in [*self._waiting, *self._inbox]:
            if not isinstance(item, Errand):
                _settle(item.future, Broken("server_stopping"))

    def recover(self) -> None:
        """Re-derive timers and effects from the stored state; declare lost what was running."""
        self._dispatch.start(self.post)
        with self._store.read() as reader:
            for run_id in sorted({*reader.open_runs(), *reader.due_runs()}):
                self._recover_run(reader, run_id)
            self._next_slot = reader.next_slot()
        if self._next_slot is not None:
            self._inbox.append(Fire(anew=True))
        self._inbox.extend([Release(*queue) for queue in sorted(self._shared.queues)])

    def _recover_run(self, reader: Reader, run_id: int) -> None:
        state = self._states.get(reader, run_id)
        if state is None:
            return
        self._states.keep(state)
        if state.run.started_at is None:
            self._shared.queues.add((state.run.tenant, state.run.workflow))
        self._timers.follow(state.run, state.steps.values())
        try:
            events, effects = recover(state, self._shared.ids)
        except Exception as error:
            log.error("a run cannot be recovered", run=run_id, exc_info=error)
            return
        self._inbox.extend([Post(run_id, event) for event in events])
        self._outlet.send(effects)

    def _run(self) -> None:
        while not (self._stopping and (self.broken or not self._inbox)):
            try:
                if not self.run_once(self._clock.now()):
                    self._sleep()
            except Exception as error:
                log.critical("the engine stumbled", exc_info=error)

    def _sleep(self) -> None:
        with self._wake:
            self._asleep = True
            if not self._inbox or self.broken:
                self._wake.wait(self._pause())
            self._asleep = False

    def _pause(self) -> float:
        if self.broken:
            return min(BACK_OFF_MAX, BACK_OFF_MIN * float(2**self._refused_in_row))
        known = [at for at in (self._timers.next_at(), self._next_slot) if at is not None]
        return max(0.0, min([IDLE_SECONDS, *(at - self._clock.now() for at in known)]))

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
            "engine_inbox": len(self._inbox) + len(self._waiting),
            "engine_timers": len(self._timers),
            "engine_schedule_late_seconds": self._late(),
            "engine_runs_in_memory": len(self._states),
        }

    def _late(self) -> float:
        """How long a slot of a schedule has been due."""
        next_slot = self._next_slot
        return 0.0 if next_slot is None else max(0.0, self._clock.now() - next_slot)

    # -- one batch

    def run_once(self, now: float) -> bool:
        """Take what has gathered and what is due, and bring it to its end. False where there was nothing,
        or where the database does not take it."""
        self.counters.progress_at = self._clock.monotonic()
        if not self._certain():
            return False
        items = self._gathered(now)
        if not items:
            return False
        failpoint("engine_after_gather")
        return self._attempt(items, now)

    def _gathered(self, now: float) -> list[Item]:
        items, self._waiting = self._waiting, []
        room = max(BATCH_MAX - len(items), ROOM_MIN)
        items += self._timers.due(now, room)
        if self._next_slot is not None:
            set_back, self._latest = now < self._latest, now
            if set_back or now >= self._next_slot:
                items.append(Fire(anew=set_back))
        inbox = self._inbox
        items += [inbox.popleft() for _ in range(min(len(inbox), room))]
        return items

    def _attempt(self, items: list[Item], now: float) -> bool:
        """False where the database did not take it; the items are kept, or their callers told."""
        error = self._try(items, now)
        tries = 1
        while isinstance(error, Conflict) and tries < CONFLICTS_MAX:  # load the runs again
            error = self._try(items, now)
            tries += 1
        if error is None or isinstance(error, Broken):
            return error is None
        return self._divide(items, now, error)

    def _try(self, items: list[Item], now: float) -> Exception | None:
        batch = Batch(self._shared, now)
        try:
            self._commit(batch, items)
        except Exception as error:  # noqa: BLE001 - told apart by the caller
            self._undo(batch)
            if isinstance(error, Broken):
                self._keep_for_later(batch, items, error)
            return error
        self._works_again()
        self._follow(batch, len(items))
        return None

    def _commit(self, batch: Batch, items: list[Item]) -> None:
        with self._store.write() as writer:
            batch.do(writer, items)
            self._forget_old_answers(writer, batch.now)
            failpoint("engine_before_commit")
        failpoint("engine_after_commit")

    def _forget_old_answers(self, writer: Writer, now: float) -> None:
        if now >= self._forget_at:
            writer.forget_answers(now - ANSWERS_KEPT, ANSWERS_AT_ONCE)
            self._forget_at = now + ANSWERS_EVERY

    def _follow(self, batch: Batch, items: int) -> None:
        """The commit is durable: answer, note what is due, and let the effects out."""
        self.counters.batch(items, batch.changed)
        self.counters.fired += batch.fired
        self._shared.queues -= batch.empty_queues
        if batch.rescheduled:
            self._next_slot = batch.next_slot
        for state in batch.fresh:
            self._states.keep(state)
        for one in batch.changed:
            decision = one.decision
            self._states.keep(one.state)
            self._timers.follow(decision.run, decision.steps.values())
            if decision.removed:
                self._timers.forget(decision.removed)
        for future, value in batch.answers:
            _settle(future, value)
        failpoint("engine_after_answers")
        self._outlet.send(batch.effects)
        if batch.noticed:
            self._notifier.wake(batch.noticed)
        self.watchers.changed(one.decision.run for one in batch.changed)
        failpoint("engine_after_effects")

    # -- when it goes wrong

    def _undo(self, batch: Batch) -> None:
        """Nothing of it happened, as far as is known: what it left in memory is loaded again."""
        self._shared.ids.forget()
        self._plans.forget_names()
        for run_id in batch.touched:
            self._states.drop(run_id)

    def _keep_for_later(self, batch: Batch, items: Iterable[Item], broken: Broken) -> None:
        """Callers are told at once; facts and the engine's own errands wait until it works again."""
        self._refused(broken)
        errands: list[Item] = []
        for item in items:
            if isinstance(item, Errand):
                errands.append(item)
            else:
                _settle(item.future, broken)
        if batch.complete:  # a lost connection does not tell whether the commit still came through
            self._doubtful = batch, errands
        else:
            self._waiting += errands

    def _refused(self, broken: Broken) -> None:
        if self.broken is None:
            log.error("the database does not take commits", code=broken.code, **broken.values)
        self.broken = broken
        self._refused_in_row = min(self._refused_in_row + 1, 10)

    def _works_again(self) -> None:
        if self.broken is not None:
            log.warning("the database takes commits again")
        self.broken, self._refused_in_row = None, 0

    def _certain(self) -> bool:
        """Whether it is known what became of the last commit; finds out where it is not."""
        if self._doubtful is None:
            return True
        batch, errands = self._doubtful
        try:
            with self._store.read() as reader:
                stored = batch.is_stored(reader)
        except Broken as broken:
            self._refused(broken)
            return False
        self._doubtful = None
        if stored:
            self._follow(batch, len(errands))
        else:
            self._waiting[:0] = errands
        return True

    def _divide(self, items: list[Item], now: float, error: Exception) -> bool:
        """Find the item that cannot be written, so that only it is given up."""
        if len(items) == 1:
            return self._give_up(items[0], now, error)
        middle = len(items) // 2
        if self._attempt(items[:middle], now):
            return self._attempt(items[middle:], now)
        self._waiting += items[middle:]
        return False

    def _give_up(self, item: Item, now: float, error: Exception) -> bool:
        log.error("an item could not be processed", item=type(item).__name__, exc_info=error)
        if not isinstance(item, Errand):
            _settle(item.future, Broken("internal_error"))
            return True
        if isinstance(item, Fire):
            self._next_slot = now + FIRE_AGAIN
        other = instead_of(item.event, error) if isinstance(item, Post) else None
        if other is None:
            return True
        assert isinstance(item, Post)
        return not isinstance(self._try([Post(item.run, other)], now), Broken)


def _settle(future: Future[Any], value: Any) -> None:
    """Answer, unless the caller has gone or was told before."""
    if future.done() or not future.set_running_or_notify_cancel():
        return
    with suppress(InvalidStateError):  # another thread was faster
        if isinstance(value, BaseException):
            future.set_exception(value)
        else:
            future.set_result(value)
