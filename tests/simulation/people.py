"""Those who answer what runs ask, and operators who do whatever comes to their mind."""

from __future__ import annotations

import random
from typing import Any

from headrace.core.run import events as e
from headrace.core.run.state import Run, Step
from headrace.core.words import Operation, RunStatus, Wait
from headrace.engine import Engine
from headrace.storage import MemoryStore

OPERATOR = e.Actor(9, "operator")
BOSS = e.Actor(8, "boss", frozenset({"lead"}))
MEDDLES_MAX = 80  # of one life: it must come to an end


class People:
    """``rng`` decides when; what they answer is decided by where they are asked."""

    def __init__(self, store: MemoryStore, rng: random.Random, seed: int, *, meddling: bool) -> None:
        self._store = store
        self._rng = rng
        self._seed = seed
        self._meddling = meddling
        self._meddled = 0

    # -- what runs ask for

    def lineage(self, run: Run) -> str:
        """Where a run stands in its family; its id differs with the faults."""
        if run.parent_run is None or run.parent_step is None:
            return run.workflow
        parent = self._store._runs[run.parent_run]
        step = self._store._steps[parent.id].get(run.parent_step)
        place = f"{step.node}.{step.parallel_idx}" if step else "gone"
        return f"{self.lineage(parent)}/{place}#{run.parent_attempt}"

    def rivals(self, run_id: int) -> list[int]:
        """The other children of the step a run stands for."""
        own = self._store._runs[run_id]
        if own.parent_step is None:
            return []
        others = (run for run in self._store._runs.values() if run.parent_step == own.parent_step)
        return [run.id for run in others if run.id != run_id]

    def answer(self, engine: Engine) -> bool:
        """Approve and choose wherever somebody is asked. False where nobody is."""
        asked = False
        for run in self._open():
            for step in [] if run.paused else self._store.steps(run.id):
                if step.wait in (Wait.APPROVAL, Wait.CHOICE):
                    engine.tell(1, run.id, self._answer(run, step))
                    asked = True
        return asked

    def _answer(self, run: Run, step: Step) -> e.Event:
        if step.wait is Wait.APPROVAL:
            return e.Approve(step.id, BOSS)
        at = f"{self._seed}/{self.lineage(run)}/{step.node}/{step.attempt}"
        return e.Choose(step.id, random.Random(at).choice("xy"), BOSS)

    # -- pauses, which change when things happen and not how they end

    def pause(self, engine: Engine) -> None:
        running = self._open()
        if running:
            engine.tell(1, self._rng.choice(running).id, e.PauseRun(OPERATOR))

    def resume(self, engine: Engine) -> bool:
        """Everything that is paused goes on. False where nothing is, or where an operator lets it rest."""
        paused = [run.id for run in self._open() if run.paused]
        if self._meddling and self._rng.random() < 0.5:
            return False
        for run_id in paused:
            engine.tell(1, run_id, e.ResumeRun(OPERATOR))
        return bool(paused)

    def _open(self) -> list[Run]:
        return [run for run in self._store._runs.values() if run.status is RunStatus.RUNNING]

    # -- operators

    def meddle(self, engine: Engine) -> None:
        """Whatever comes to mind; refusals are fine."""
        if self._meddled >= MEDDLES_MAX:
            return
        self._meddled += 1
        run = self._rng.choice([run for run in self._store._runs.values() if self._in_use(run)])
        steps = self._store.steps(run.id)
        engine.tell(1, run.id, self._verb(self._rng.choice(steps).id if steps else 0))

    def _in_use(self, run: Run) -> bool:
        """Nobody touches the former children of a step: what they do twice they do on purpose."""
        if run.parent_run is None or run.parent_step is None:
            return True
        step = self._store._steps[run.parent_run].get(run.parent_step)
        newest = step is not None and step.attempt == run.parent_attempt
        return newest and self._store._runs[run.parent_run].operation is not Operation.ROLLBACK

    def _verb(self, step: int) -> Any:
        done = {"case": "y", "items": self._rng.choice([[], [1], [1, 2, 3]])}
        return self._rng.choice(
            [
                e.PauseRun(OPERATOR),
                e.RetryRun(OPERATOR),
                e.RerunRun(OPERATOR),
                e.RollbackRun(OPERATOR, closed=True),
                e.TerminateRun(OPERATOR),
                e.CancelStep(step, OPERATOR),
                e.CancelStep(step, OPERATOR),
                e.SkipStep(step, OPERATOR, outputs=done),
                e.RetryStep(step, OPERATOR, inputs=self._rng.choice([None, {}])),
                e.BreakStep(step, OPERATOR),
                e.RerunStep(step, self._rng.random() < 0.5, OPERATOR),
                e.Reject(step, BOSS),
                e.RunDue(),
            ]
        )
