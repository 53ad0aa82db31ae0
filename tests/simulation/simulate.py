"""One simulated life of a few runs: the real engine over the memory store, trouble everywhere else."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import Future
from typing import Any

from headrace.core.definition.parse import parse
from headrace.core.run.events import Actor, RerunRun, RetryRun, RollbackRun, RunVerb, TerminateRun
from headrace.core.words import Act, RunStatus, StepStatus
from headrace.engine import Engine
from headrace.ports.inbox import StartRun, Ticket
from headrace.ports.records import VersionRecord, WorkflowRecord
from headrace.ports.store import Writer
from headrace.storage import MemoryStore
from tests.simulation.flows import random_document
from tests.simulation.invariants import Invariants
from tests.simulation.people import OPERATOR, People
from tests.simulation.workers import Crash, Faults, Outcome, Outside, SimDispatch

ROUNDS = 3_000  # after which a life counts as stuck
KIDS = {"kid1": ("kid2",), "kid2": ()}  # workflows that others start, and whom they start themselves


class SimStore(MemoryStore):
    """The server may die just before or just after a commit, too."""

    dispatch: SimDispatch | None = None

    def write(self) -> Any:
        return _Write(self, super().write())


class _Write:
    def __init__(self, store: SimStore, inner: Any) -> None:
        self._store, self._inner = store, inner

    def __enter__(self) -> Any:
        return self._inner.__enter__()

    def __exit__(self, *error: Any) -> Any:
        dispatch = self._store.dispatch
        if dispatch is not None and error[0] is None:
            try:
                dispatch.crash_point()
            except Crash as crash:
                self._inner.__exit__(Crash, crash, None)
                raise
        done = self._inner.__exit__(*error)
        if dispatch is not None and error[0] is None:
            dispatch.crash_point()
        return done


class Clock:
    def __init__(self) -> None:
        self.time = 1_000.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time


class Life:
    """A seed's story, with or without faults."""

    def __init__(self, seed: int, *, faulty: bool, meddling: bool) -> None:
        self.seed = seed
        self.rng = random.Random(f"{seed}/{faulty}")
        self.faults = Faults(0.2, 0.15, 0.03, 0.05, 0.4, crashes_left=2, kills_left=1) if faulty else Faults()
        self.meddling = meddling
        self.faulty = faulty
        self.store = SimStore()
        self.clock = Clock()
        self.outside = Outside()
        self.failing = 0.0 if seed % 3 else 0.25
        # What an operator asks for once nothing moves any more; the same with and without faults.
        self.encores = _encores(seed, meddling)
        self.asked: list[tuple[int, RunVerb, Ticket, Future[Any]]] = []
        self.people = People(self.store, self.rng, seed, meddling=meddling)
        self.outcome = Outcome(seed, self.failing, self._place, self._failures)
        self.runs: list[int] = []
        self.crashes = 0
        self._boot()
        self._create()

    # -- life and death of the server

    def _boot(self) -> None:
        self.dispatch = SimDispatch(self.rng, self.faults, self.outside, self.outcome, self.people.rivals)
        self.engine = Engine(self.store, self.dispatch, self.clock)
        self.store.dispatch = self.dispatch

    def _guarded(self, act: Any) -> None:
        try:
            act()
        except Crash:
            self.crashes += 1
            self.dispatch.die()
            self._boot()
            self._guarded(self.engine.recover)

    def _place(self, run_id: int, step_id: int) -> tuple[str, int, int]:
        step = self.store._steps[run_id][step_id]
        return self.people.lineage(self.store._runs[run_id]), step.node, step.parallel_idx

    def _failures(self, step_id: int) -> int:
        return sum(attempt.reason in ("error", "timeout") for attempt in self.store.attempts(step_id))

    def _create(self) -> None:
        rng = random.Random(self.seed)
        left, self.faults.crashes_left = self.faults.crashes_left, 0
        family = tuple(KIDS) if self.seed % 3 == 0 else ()
        names = [f"flow{number}" for number in range(1, rng.randint(1, 2) + 1)]
        with self.store.write() as writer:
            for name in names:
                _publish(writer, random_document(rng, name, family, 5 if family else 9))
            for name in family:
                _publish(writer, random_document(rng, name, KIDS[name], 3))
        planned = 990.0 if self.seed % 2 else None
        how = {"debug": self.seed % 7 == 0, "mock": self.seed % 11 == 0}
        futures = [
            self.engine.start_run(StartRun(1, name, 1, actor=Actor(7, "ada"), planned_at=planned, **how))
            for name in names
        ]
        self.engine.run_once(self.clock.now())
        self.runs = [future.result(0) for future in futures]
        self.faults.crashes_left = left

    # -- the story

    def tell(self) -> Counter[str]:
        """Let it happen until nothing moves; what it ended as."""
        for _ in range(ROUNDS):
            self._guarded(self._turn)
            if self._quiet() and not self._encore():
                Invariants(self.store, self.engine, self.outside, strict=not self.meddling).check(
                    list(self.store._runs)
                )
                return self._ends()
        raise AssertionError(f"stuck: {self._ends()}")

    def _turn(self) -> None:
        if self.meddling and self.rng.random() < 0.1:
            self.people.meddle(self.engine)
        if self.faulty and self.rng.random() < 0.03:
            self.rng.choice([self.people.pause, self.people.answer])(self.engine)
        self.dispatch.work_some()
        self.engine.post(self.dispatch.deliver_some())
        moved = self.engine.run_once(self.clock.now())
        if not moved and self.dispatch.idle:
            self._go_on()

    def _go_on(self) -> None:
        """Nothing happens by itself any more: somebody acts, or time passes."""
        if not (self.people.resume(self.engine) or self.people.answer(self.engine)):
            self._let_time_pass()

    def _encore(self) -> bool:
        """Ask for what comes next; with the same key again where the server died before it answered.

        False at the end.
        """
        self.asked = [item for item in self.asked if not item[-1].done()]
        if self.asked:
            again = [item[:3] for item in self.asked]
        elif self.encores:
            event = self.encores.pop()
            again = [(run, event, self._ticket(run)) for run in self.runs]
        else:
            return False
        self.asked = [(*item, self.engine.tell(1, *item)) for item in again]
        return True

    def _ticket(self, run: int) -> Ticket:
        return Ticket(1, f"run {run}", f"encore {len(self.encores)}", "the same")

    def _let_time_pass(self) -> None:
        next_at = self.engine._timers.next_at()
        if next_at is not None:
            self.clock.time = max(self.clock.time, next_at)

    def _quiet(self) -> bool:
        """Nothing on its way, nothing due, nothing at work."""
        busy = self.engine._inbox or not self.dispatch.idle
        return not busy and all(run.status is not RunStatus.RUNNING for run in self.store._runs.values())

    def _ends(self) -> Counter[str]:
        """Statuses of runs and steps, whatever their order."""
        found: Counter[str] = Counter()
        for run in self.store._runs.values():
            name = self.people.lineage(run)
            found[f"run {name} {run.status} {run.operation}"] += 1
            for step in self.store.steps(run.id):
                found[f"{name}/{step.node}/{step.parallel_idx} {step.status}"] += 1
        return found

    @property
    def order_matters(self) -> bool:
        """Where a failure stops the others, and where a rollback fails, the first one decides what does
        not start."""
        stopping = any(v.document["spec"]["on_failure"] != "continue" for v in self.store._versions.values())
        failures = [
            a for run in self.store._runs for step in self.store.steps(run) for a in self._failed(step)
        ]
        return any(stopping or attempt.act is Act.ROLLBACK for attempt in failures)

    def _failed(self, step: Any) -> list[Any]:
        return [a for a in self.store.attempts(step.id) if a.status is StepStatus.FAILED]


def _publish(writer: Writer, document: Any) -> None:
    parse(document)
    name = document["metadata"]["name"]
    (number,) = writer.allocate("version", 1)
    writer.put_workflow(WorkflowRecord(number, 1, name, "", document, "e", 1, 1, 0.0, 0.0, "sim"))
    writer.add_version(VersionRecord(number, 1, name, 1, document, 0.0, "sim"))


def _encores(seed: int, meddling: bool) -> list[RunVerb]:
    rng = random.Random(f"{seed}/encores")
    rollback: RunVerb = RollbackRun(OPERATOR, closed=True)
    if not meddling:
        return [rollback] if seed % 5 == 1 else []
    asked = [rollback, rollback, RerunRun(OPERATOR), RetryRun(OPERATOR), TerminateRun(OPERATOR)]
    return rng.choices(asked, k=rng.randint(0, 3))


def simulate(seed: int) -> int:
    """One seed; raises, the seed noted, when anything does not hold. How many crashes it lived through."""
    try:
        if seed % 4 == 0:  # operators meddle: only the invariants are held
            life = Life(seed, faulty=True, meddling=True)
            life.tell()
            return life.crashes
        calm = Life(seed, faulty=False, meddling=False)
        life = Life(seed, faulty=True, meddling=False)
        wanted, ends = calm.tell(), life.tell()
        more, less = ends - wanted, wanted - ends
        same = ends == wanted or calm.order_matters or life.order_matters
        assert same, f"another end than without faults: {more}, not {less}"
        return life.crashes
    except BaseException as error:
        error.add_note(f"seed {seed}: python -m tests.simulation --seed {seed} --runs 1")
        raise
