"""Executors and the way to them, made of a seed: messages get lost, doubled, late, out of order."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from headrace.core.run.capabilities import Capabilities
from headrace.core.run.effects import CancelWork, HandOver, Proceed
from headrace.core.run.events import Accepted, Fact, Finished, Lost, Progressed, Resisted, Vanished
from headrace.core.words import Act, Phase

Key = tuple[int, int, int]  # run, step, attempt

CAPABILITIES = {
    "noop": Capabilities(inline=True, context=False, idempotent=True),
    "work": Capabilities(rollback_by_node=True, idempotent=True),
}


class Crash(BaseException):
    """kill -9 of the server, at this very effect."""


@dataclass
class Job:
    """One attempt in a worker's hands."""

    effect: HandOver
    begun: bool = False
    canceled: bool = False  # and it is not gone yet
    answer: bool = False  # somebody waits for that
    hangs: bool = False  # it fails by never coming to an end


@dataclass
class Outside:
    """What the world outside the server keeps across crashes: the effects that really happened."""

    begun: list[tuple[int, int, int, Act]] = field(default_factory=list)  # run, step, attempt, act
    alive: dict[Key, Act] = field(default_factory=dict)  # work that is going on now
    overlaps: list[str] = field(default_factory=list)
    successes: dict[tuple[int, int], list[Act]] = field(default_factory=dict)  # run, step -> done acts


@dataclass
class Faults:
    """How likely each trouble is, per opportunity."""

    lose: float = 0.0
    double: float = 0.0
    crash: float = 0.0
    kill: float = 0.0  # of a worker with its work
    resist: float = 0.0  # of work that is to be canceled
    crashes_left: int = 0  # with the kills at most three: more, and a step counts as a poison pill
    kills_left: int = 0


class SimDispatch:
    """``ports.dispatch.Dispatch``. Nothing is delivered until ``deliver_some`` lets it through."""

    def __init__(
        self,
        rng: random.Random,
        faults: Faults,
        outside: Outside,
        outcome: Outcome,
        rivals: Callable[[int], Sequence[int]],
    ) -> None:
        self.rng = rng
        self.faults = faults
        self.outside = outside
        self.outcome = outcome
        self.rivals = rivals  # of a child run: the other children of the same step
        self.jobs: dict[Key, Job] = {}
        self.wire: list[tuple[int, Fact]] = []  # facts on their way to the engine

    @property
    def capabilities(self) -> Mapping[str, Capabilities]:
        return CAPABILITIES

    def start(self, deliver: object) -> None:
        pass

    def hand_over(self, effects: Sequence[HandOver]) -> list[tuple[int, Fact]]:
        inline: list[tuple[int, Fact]] = []
        for effect in effects:
            self.crash_point()
            if effect.executor == "noop":
                inline.append((effect.run, self._end(effect)))
                continue
            key = (effect.run, effect.step, effect.attempt)
            if key not in self.jobs:
                self.jobs[key] = Job(effect, hangs=effect.timeout is not None and not self.outcome.of(effect))
                self._send(effect.run, Accepted(effect.step, effect.attempt, "w"))
        return inline

    def proceed(self, effects: Sequence[Proceed]) -> None:
        for effect in effects:
            self.crash_point()
            key = (effect.run, effect.step, effect.attempt)
            job = self.jobs.get(key)
            if job is not None and not job.begun:
                self._begin(key, job)

    def _begin(self, key: Key, job: Job) -> None:
        job.begun = True
        act = job.effect.act
        others = [k for k in self.outside.alive if k[:2] == key[:2]]
        if act is Act.START:  # nor may two children of one step be at work
            rivals = self.rivals(key[0])
            others += [k for k, other in self.outside.alive.items() if other is act and k[0] in rivals]
        if others:
            self.outside.overlaps.append(f"{key} begun while {others} live")
        self.outside.alive[key] = act
        self.outside.begun.append((*key, act))

    def cancel(self, effects: Sequence[CancelWork]) -> None:
        for effect in effects:
            self.crash_point()
            key = (effect.run, effect.step, effect.attempt)
            job = self.jobs.get(key)
            if job is not None and job.begun and self.rng.random() < self.faults.resist:
                job.canceled, job.answer = True, job.answer or effect.answer
                self._send(effect.run, Resisted(effect.step, effect.attempt, "not gone yet"))
                continue
            self._over(key)
            if effect.answer:
                self._send(effect.run, Vanished(effect.step, effect.attempt))

    def drain(self, grace: float) -> None:
        pass

    def stop(self) -> None:
        pass

    # -- the world turns

    def work_some(self) -> None:
        """Work that has begun goes on: reports progress, ends, or dies with its worker."""
        for key, job in list(self.jobs.items()):
            if not job.begun or (job.hangs and not job.canceled):
                continue
            if self.rng.random() < (0.85 if job.canceled else 0.4):  # what resists does so for long
                continue
            if job.canceled:
                self._over(key)
                if job.answer:
                    self._send(key[0], Vanished(key[1], key[2]))
                continue
            if self.faults.kills_left and self.rng.random() < self.faults.kill:
                self.faults.kills_left -= 1
                self._over(key)
                self._send(key[0], Lost(key[1], key[2], "killed"))
            elif self.rng.random() < 0.2:
                self._send(key[0], Progressed(key[1], key[2], self.rng.randint(1, 99)))
            else:
                self._over(key)
                self._send(key[0], self._end(job.effect))

    def _over(self, key: Key) -> None:
        self.jobs.pop(key, None)
        self.outside.alive.pop(key, None)

    def _end(self, effect: HandOver) -> Finished:
        ok = self.outcome.of(effect)
        if ok:
            self.outside.successes.setdefault((effect.run, effect.step), []).append(effect.act)
        verb = "monitor" if effect.act is Act.START else str(effect.act)
        phase = Phase(f"{verb}.{'success' if ok else 'failed'}")
        outputs = {"attempt": effect.attempt, "items": [1, 2]} if ok else None
        return Finished(effect.step, effect.attempt, effect.act, ok, phase, outputs, worker="w")

    def _send(self, run: int, fact: Fact) -> None:
        self.wire.append((run, fact))
        if self.rng.random() < self.faults.double:
            self.wire.append((run, fact))

    def deliver_some(self) -> list[tuple[int, Fact]]:
        """Some of what is on the wire, in any order. What is lost is sent again later, as a broker does
        with what was not acknowledged."""
        self.rng.shuffle(self.wire)
        taken = [fact for fact in self.wire if self.rng.random() >= 0.3 + self.faults.lose]
        for fact in taken:
            self.wire.remove(fact)
        return taken

    @property
    def idle(self) -> bool:
        return not self.wire and not any(
            job.begun and (job.canceled or not job.hangs) for job in self.jobs.values()
        )

    def crash_point(self) -> None:
        """Here the server may die."""
        if self.faults.crashes_left and self.rng.random() < self.faults.crash:
            self.faults.crashes_left -= 1
            raise Crash

    def die(self) -> None:
        """All work dies with the server; what was on the wire is gone."""
        self.jobs.clear()
        self.wire.clear()
        self.outside.alive.clear()


class Outcome:
    """Whether work succeeds, by what it is and not by when: the same with and without faults."""

    def __init__(
        self,
        seed: int,
        failing: float,
        place: Callable[[int, int], object],
        failures: Callable[[int], int],
    ) -> None:
        self._seed = seed
        self._failing = failing
        self._place = place  # (run, step) -> where it stands: ids differ after a crash
        self._failures = failures  # step -> failures that were recorded; an end that was lost is no end

    def of(self, effect: HandOver) -> bool:
        """A step that is to fail does so until it is known to have failed once, or more; then it succeeds."""
        place = self._place(effect.run, effect.step)
        rng = random.Random(f"{self._seed}/{place}/{effect.act}")
        if rng.random() >= self._failing:
            return True
        return self._failures(effect.step) >= rng.choice([1, 1, 1, 2, 3, 4])
