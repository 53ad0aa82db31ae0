"""Dispatch within the server's own process: queues by executor, a common number of slots."""

import threading
import time
from collections import deque
from collections.abc import Sequence
from enum import Enum

from headrace.core.messages import text
from headrace.core.run.capabilities import Capabilities
from headrace.core.run.effects import CancelWork, HandOver, Proceed
from headrace.core.run.events import Accepted, Fact, Finished, Lost, Progressed, Resisted, Vanished
from headrace.core.words import Phase, Reason
from headrace.ports.crew import Crew, Job
from headrace.ports.dispatch import Deliver

Key = tuple[int, int, int]  # run, step, attempt
Facts = list[tuple[int, Fact]]
# Seconds from one delivery to the next at least: what happens meanwhile is told together, which saves the
# engine commits. A first fact after a while is told at once, and so is what nothing can join any more.
TOGETHER = 0.003
NEVER = float("inf")
LAST_GRACE = 10.0  # seconds that killed work has to be gone when draining


class Stage(Enum):
    """Where handed-over work stands."""

    QUEUED = "queued"
    ACCEPTED = "accepted"  # has a slot, waits for leave to proceed
    BEGUN = "begun"
    OVER = "over"


class Work:
    """One attempt in our hands. It holds its slot from ACCEPTED until it is over."""

    __slots__ = ("answer", "cancelled", "dispatch", "effect", "job", "killed", "stage")

    def __init__(self, dispatch: "LocalDispatch", effect: HandOver) -> None:
        self.dispatch = dispatch
        self.effect = effect
        self.stage = Stage.QUEUED
        self.job: Job | None = None
        self.cancelled = False
        self.answer = False  # somebody waits for Vanished
        self.killed = False  # ended by us because the server stops

    @property
    def key(self) -> Key:
        return self.effect.run, self.effect.step, self.effect.attempt

    # -- told by the crew ------------------------------------------------------------------------------

    def progressed(self, percent: float | None, message: str | None, phase: Phase | None) -> None:
        if not self.cancelled:
            self._tell(Progressed(self.effect.step, self.effect.attempt, percent, message, phase))

    def ended(self, finished: Finished) -> None:
        finished.worker = self.dispatch.worker
        self.dispatch.over(self, finished)

    def lost(self, message: str) -> None:
        self.dispatch.over(self, Lost(self.effect.step, self.effect.attempt, message))

    def resisted(self, message: str) -> None:
        if self.answer:
            self._tell(Resisted(self.effect.step, self.effect.attempt, message))

    def _tell(self, fact: Fact) -> None:
        self.dispatch.deliver([(self.effect.run, fact)])


class LocalDispatch:
    """``ports.dispatch.Dispatch`` over a crew in this process.

    ``workers`` is the number of steps carried out at once; light and inline executors do not count.
    ``kill_grace`` is the time in seconds between asking work to end and forcing it.
    """

    def __init__(self, crew: Crew, *, workers: int, kill_grace: float = 10.0, worker: str = "local") -> None:
        self.worker = worker
        self._crew = crew
        self._limit = workers
        self._grace = kill_grace
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._works: dict[Key, Work] = {}
        self._slots: set[Work] = set()
        self._begun = 0  # works that have begun and are not over
        self._queues: dict[str, deque[Work]] = {}  # rotated: executors take turns
        self._outbox: Facts = []
        self._delivering = threading.Lock()
        self._delivered = 0.0  # monotonic instant of the last delivery
        self._due = NEVER  # monotonic instant of the next one
        self._closed = False  # nothing new is accepted
        self._deliver: Deliver | None = None

    @property
    def capabilities(self) -> "dict[str, Capabilities]":
        return dict(self._crew.capabilities)

    def start(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._crew.start()

    def deliver(self, facts: Facts) -> None:
        """Facts to the engine, with those that come in the same moment."""
        if not facts:
            return
        with self._lock:
            self._outbox += facts
            delay = self._sooner()
        self._flush_after(delay)

    def _sooner(self) -> float | None:
        """Seconds after which the outbox must be delivered; None where that is planned. The lock is held."""
        due = self._delivered + TOGETHER if self._begun else 0.0
        if not self._outbox or due >= self._due:
            return None
        self._due = due
        return due - time.monotonic()

    def _flush_after(self, delay: float | None) -> None:
        if delay is not None:
            self._crew.soon(self._flush, delay)

    def _flush(self) -> None:
        with self._delivering:  # whoever waits for it knows that all that was taken is delivered
            with self._lock:
                facts, self._outbox, self._due = self._outbox, [], NEVER
            if facts and self._deliver is not None:
                self._delivered = time.monotonic()
                self._deliver(facts)

    # -- effects from the engine -------------------------------------------------------------------------

    def hand_over(self, effects: Sequence[HandOver]) -> Facts:
        facts: Facts = []
        waiting: list[HandOver] = []
        at_once, known = self._crew.at_once, self._crew.capabilities
        for effect in effects:
            finished = at_once(effect) if effect.executor in known else _unknown(effect)
            if finished is None:
                waiting.append(effect)
            else:
                facts.append((effect.run, finished))
        if waiting:
            self._queue(waiting)
        return facts

    def proceed(self, effects: Sequence[Proceed]) -> None:
        begin: list[Work] = []
        with self._lock:
            for effect in effects:
                work = self._works.get((effect.run, effect.step, effect.attempt))
                if work is not None and work.stage is Stage.ACCEPTED:
                    work.stage = Stage.BEGUN
                    self._begun += 1
                    begin.append(work)
        if begin:
            self._crew.soon(lambda: self._begin_all(begin))  # the engine has better things to do

    def cancel(self, effects: Sequence[CancelWork]) -> None:
        facts: Facts = []
        running: list[Work] = []
        with self._lock:
            for effect in effects:
                work = self._works.get((effect.run, effect.step, effect.attempt))
                if work is not None and work.stage is Stage.BEGUN:
                    work.cancelled = True
                    work.answer = work.answer or effect.answer
                    running.append(work)
                    continue
                if work is not None:
                    self._drop(work)
                if effect.answer:
                    facts.append((effect.run, Vanished(effect.step, effect.attempt)))
            facts += self._fill()
        for work in running:
            if work.job is not None:
                work.job.cancel(self._grace)
        self.deliver(facts)

    # -- slots -------------------------------------------------------------------------------------------

    def _queue(self, effects: list[HandOver]) -> None:
        with self._lock:
            for effect in effects:
                work = Work(self, effect)
                if not self._closed and work.key not in self._works:
                    self._works[work.key] = work
                    self._queues.setdefault(effect.executor, deque()).append(work)
            facts = self._fill()
        self.deliver(facts)

    def _fill(self) -> Facts:
        """Give free slots to the heads of the queues, in turn; the lock is held."""
        facts: Facts = []
        for name in list(self._queues):
            light = name in self._crew.light
            while light and self._accept(name, facts, False):
                pass
        idle = 0
        while (
            not self._closed and self._queues and idle < len(self._queues) and len(self._slots) < self._limit
        ):
            name = next(iter(self._queues))
            idle = 0 if self._accept(name, facts, True) else idle + 1
            if name in self._queues:
                self._queues[name] = self._queues.pop(name)
        return facts

    def _accept(self, name: str, facts: Facts, slot: bool) -> bool:
        """The next of one queue; an emptied queue is forgotten. False: there was none."""
        queue = self._queues.get(name)
        while queue and not self._closed:
            work = queue.popleft()
            if work.stage is Stage.QUEUED:
                work.stage = Stage.ACCEPTED
                if slot:
                    self._slots.add(work)
                facts.append((work.effect.run, Accepted(work.effect.step, work.effect.attempt, self.worker)))
                return True
        self._queues.pop(name, None)
        return False

    def _drop(self, work: Work) -> None:
        self._begun -= work.stage is Stage.BEGUN
        work.stage = Stage.OVER
        self._works.pop(work.key, None)
        self._slots.discard(work)
        self._changed.notify_all()

    def _begin_all(self, works: list[Work]) -> None:
        for work in works:
            if work.cancelled or work.killed:
                self.over(work, Lost(work.effect.step, work.effect.attempt))
            else:
                self._begin(work)

    def _begin(self, work: Work) -> None:
        try:
            job = self._crew.begin(work.effect, work)
        except Exception as error:  # noqa: BLE001 - a full disk or a faulty executor fails the attempt only
            work.ended(_not_begun(work.effect, str(error) or type(error).__name__))
            return
        with self._lock:
            work.job = job
            late = (work.cancelled or work.killed) and work.stage is Stage.BEGUN
        if late:
            job.cancel(0.0 if work.killed else self._grace)

    def over(self, work: Work, fact: Finished | Lost) -> None:
        """Nothing of the work is left: its slot goes to the next."""
        with self._lock:
            if work.stage is Stage.OVER:
                return
            # In one go: a drain that finds no work left must find its facts.
            self._outbox += _last_words(work, fact)
            self._drop(work)
            self._outbox += self._fill()
            delay = self._sooner()
        self._flush_after(delay)

    def at_work(self) -> int:
        """Attempts that have begun and are not over."""
        return self._begun

    # -- the end -----------------------------------------------------------------------------------------

    def drain(self, grace: float) -> None:
        with self._lock:
            self._closed = True
            for work in [work for work in self._works.values() if work.stage is Stage.QUEUED]:
                self._drop(work)  # READY as it is stored: handed over again after the restart
            self._queues.clear()
            self._wait(grace)
            left = list(self._works.values())
            for work in left:
                work.killed = True
        for work in left:
            if work.job is not None:
                work.job.cancel(0.0)
            elif work.stage is Stage.ACCEPTED:
                work.lost("")
        with self._lock:
            self._wait(LAST_GRACE)
        self._flush()

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self._works and (left := end - time.monotonic()) > 0:
            self._changed.wait(left)

    def stop(self) -> None:
        with self._lock:
            self._closed = True
            self._deliver = None
            left = list(self._works.values())
            for work in left:
                work.cancelled = True
        for work in left:
            if work.job is not None:
                work.job.cancel(0.0)
        self._crew.stop()


def _last_words(work: Work, fact: Finished | Lost) -> Facts:
    effect = work.effect
    if work.cancelled:
        return [(effect.run, Vanished(effect.step, effect.attempt))] if work.answer else []
    if work.killed:
        fact = Lost(effect.step, effect.attempt, text("work_server_stopped", {}))
    return [(effect.run, fact)]


def _unknown(effect: HandOver) -> Finished:
    return _not_begun(effect, text("work_no_executor", {"executor": effect.executor}))


def _not_begun(effect: HandOver, message: str) -> Finished:
    failed = {"rollback": Phase.ROLLBACK_FAILED, "delete": Phase.DELETE_FAILED, "mock": Phase.MOCK_FAILED}
    phase = failed.get(effect.act, Phase.START_FAILED)
    return Finished(effect.step, effect.attempt, effect.act, False, phase, None, Reason.ERROR, message)
