"""The machine's clock, whatever somebody does to it."""

from itertools import pairwise

import pytest

from headrace.ports.clock import HOLD, SystemClock, _steady
from headrace.storage import MemoryStore
from tests.engine.desk import noop
from tests.engine.timetable import Timetable, at, clock

DAY, HOUR = 86_400.0, 3_600.0
START = 1_000_000.0


class Machine:
    """A wall clock that can be set, and one that only runs."""

    def __init__(self) -> None:
        self.wall, self.steady = START, 50.0
        self.clock = SystemClock(lambda: self.wall, lambda: self.steady)

    def run(self, seconds: float, step: float = 1.0) -> list[float]:
        """What the clock shows meanwhile."""
        seen = []
        for _ in range(int(seconds / step)):
            self.wall += step
            self.steady += step
            seen.append(self.clock.now())
        return seen

    def set(self, by: float) -> None:
        self.wall += by


@pytest.fixture
def machine() -> Machine:
    return Machine()


def steps(seen: list[float]) -> list[float]:
    return [round(after - before, 6) for before, after in pairwise(seen)]


def test_it_shows_the_wall_time(machine: Machine) -> None:
    assert machine.run(3) == [START + 1, START + 2, START + 3]
    assert machine.clock.monotonic() == 53


def test_small_corrections_are_followed_and_never_backwards(machine: Machine) -> None:
    machine.run(1)
    machine.set(0.5)
    assert machine.clock.now() == START + 1.5
    machine.set(-0.75)
    assert machine.clock.now() == START + 1.5
    assert machine.run(0.5, 0.25) == [START + 1.5] * 2
    assert machine.run(0.5, 0.25)[-1] == machine.wall
    for _ in range(10_000):  # a drift of any length is no jump
        machine.set(0.01)
        assert machine.run(1) == [machine.wall]


@pytest.mark.parametrize("by", [3 * DAY, -HOUR, -400 * DAY])
def test_a_jump_that_is_undone_is_never_seen(machine: Machine, by: float) -> None:
    before = machine.run(1)
    machine.set(by)
    seen = machine.run(HOLD - 1)
    machine.set(-by)
    assert set(steps(before + seen + machine.run(200))) == {1.0}


@pytest.mark.parametrize("by", [3 * DAY, -HOUR])
def test_a_clock_that_was_set_is_followed_within_a_minute(machine: Machine, by: float) -> None:
    machine.run(1)
    machine.set(by)
    seen = machine.run(HOLD + 1)
    assert set(steps(seen[:-1])) == {1.0}
    assert seen[-1] == machine.wall
    assert set(steps(machine.run(200))) == {1.0}


def test_ahead_and_back_again_it_does_not_stand_still(machine: Machine) -> None:
    """Each lasts; each is followed, and time goes on all the while."""
    machine.run(1)
    for by in (3 * DAY, -3 * DAY):
        machine.set(by)
        seen = machine.run(3 * HOLD)
        assert [step for step in steps(seen) if step != 1.0] == [pytest.approx(1 + by)]
        assert seen[-1] == machine.wall


def test_a_clock_that_jumps_on_and_on_is_followed_too(machine: Machine) -> None:
    for _ in range(int(HOLD)):
        machine.set(-HOUR)
        machine.run(1)
    machine.set(-HOUR)
    assert machine.run(1) == [machine.wall]


def test_where_both_clocks_are_set_back_it_follows(machine: Machine) -> None:
    """As tools for tests do it."""
    machine.run(1)
    machine.wall -= HOUR
    machine.steady -= HOUR
    assert machine.clock.now() == machine.wall


def test_the_real_one() -> None:
    real = SystemClock()
    first = real.now()
    assert first <= real.now() < first + 60
    assert _steady() <= real.monotonic()


def test_where_there_is_no_clock_that_counts_suspension(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("time.CLOCK_BOOTTIME", raising=False)
    assert _steady() <= SystemClock().monotonic()


# -- with the engine


class Wound(Machine):
    """The desk's clock: what the engine sees is the rule's time."""

    def __init__(self, start: float) -> None:
        super().__init__()
        self.wall = start
        self.clock = SystemClock(lambda: self.wall, lambda: self.steady)

    @property
    def time(self) -> float:
        return self.clock.now()

    def now(self) -> float:
        return self.clock.now()

    def monotonic(self) -> float:
        return self.clock.monotonic()


class Hourly(Timetable):
    """Where time passes second by second, and the machine's clock may be set."""

    def __init__(self) -> None:
        super().__init__(MemoryStore())
        self.machine = Wound(at("2026-12-01T12:00"))
        self.clock = self.machine  # type: ignore[assignment]
        self.restart()

    def pass_(self, seconds: float, step: float = 10.0) -> None:
        for _ in range(int(seconds / step)):
            self.machine.run(step, step)
            self.go()


def test_timers_come_when_they_should_and_no_slot_starts_twice() -> None:
    desk = Hourly()
    desk.every("quarterly", "*/15 * * * *")
    desk.pass_(16 * 60)
    desk.put("waits", {"id": "w", "kind": "timer", "for": "40s"}, noop("a", "w"))
    run = desk.start("waits")
    desk.machine.set(3 * DAY)
    desk.pass_(30)
    assert desk.run(run).status == "RUNNING"
    desk.machine.set(-3 * DAY - HOUR)
    desk.pass_(20)
    assert desk.run(run).status == "SUCCESSFUL"
    desk.pass_(1.5 * HOUR)
    assert clock(desk.machine.now()) == "12-01T12:46:50"
    times = ["11:30", "11:45", "12:00", "12:15", "12:30", "12:45"]  # 12:15 came before the clock was set back
    assert desk.started("quarterly") == [f"12-01T{time}:00" for time in times]
    assert len(desk.runs_of("quarterly")) == len(times)
