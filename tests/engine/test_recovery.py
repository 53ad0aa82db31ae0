"""What is found again after kill -9: work, waits, time, and runs that cannot be read any more."""

import itertools
import random
from collections.abc import Callable
from typing import Any, cast

import pytest

import headrace.engine.loop
from headrace.core.run.decide import decide
from headrace.core.run.events import CancelStep, PauseRun, RetryRun, SkipStep, StepDue
from headrace.core.run.recover import recover
from headrace.core.run.state import Run, Step
from headrace.core.words import Due, RunStatus, StepStatus
from headrace.engine.ids import BlockIds
from headrace.engine.items import Post
from headrace.engine.states import States
from headrace.engine.timers import SLACK, Timers
from headrace.ports.errors import Conflict
from headrace.ports.store import Reader
from headrace.usecases.plans import Plans
from tests.engine.desk import ADA, Desk, noop, task


def test_what_was_handed_over_is_handed_over_again(desk: Desk) -> None:
    desk.publish("flow", task("a", **{"with": {"script": "true"}}))
    run = desk.start("flow")
    step = desk.step(run, "a").id
    before = desk.hands.handed[run, step]
    desk.restart()
    assert desk.hands.handed[run, step] == before, "the same attempt: it has surely not begun"
    desk.finish(run, "a")
    assert desk.statuses(run) == ["SUCCESSFUL"]


def test_lost_work_fails_unless_it_may_be_repeated(desk: Desk) -> None:
    desk.publish("flow", task("a"), task("b", executor="safe"), task("c", on_lost="retry"))
    run = desk.start("flow")
    for node in "abc":
        desk.accept(run, node)
    desk.restart()
    desk.go()
    assert [desk.step(run, node).status for node in "abc"] == ["FAILED", "READY", "READY"]
    assert [desk.step(run, node).attempt for node in "abc"] == [1, 2, 2]
    with desk.store.read() as reader:
        lost = [reader.attempts(desk.step(run, node).id)[0].reason for node in "abc"]
    assert lost == ["lost"] * 3


def test_work_that_was_being_cancelled_is_gone(desk: Desk) -> None:
    desk.publish("flow", task("a"))
    run = desk.start("flow")
    desk.accept(run, "a")
    desk.tell(run, CancelStep(desk.step(run, "a").id, ADA))
    assert desk.step(run, "a").status is StepStatus.CANCELING
    desk.restart()
    desk.go()
    assert desk.step(run, "a").status is StepStatus.FAILED


def test_inline_steps_go_on(desk: Desk) -> None:
    desk.publish("flow", *(noop(f"n{i}", *([f"n{i - 1}"] if i else [])) for i in range(5)))
    future = desk.starting("flow")
    for _ in range(3):
        desk.engine.run_once(desk.clock.now())
    run = future.result(0)
    assert desk.statuses(run) == ["RUNNING"]
    desk.restart()
    desk.go()
    assert desk.statuses(run) == ["SUCCESSFUL"]
    assert [step.attempt for step in desk.steps(run)] == [1] * 5


def test_timers_go_on(desk: Desk) -> None:
    desk.publish("flow", {"id": "t", "kind": "timer", "for": "10s"}, noop("a", "t"))
    run = desk.start("flow")
    desk.after(4)
    desk.restart()
    desk.after(5)
    assert desk.statuses(run) == ["RUNNING"]
    desk.after(1)
    assert desk.statuses(run) == ["SUCCESSFUL"]


def test_a_time_that_passed_meanwhile_has_come(desk: Desk) -> None:
    desk.publish("flow", {"id": "t", "kind": "timer", "for": "10s"})
    run = desk.start("flow")
    desk.clock.time += 3_600
    desk.restart()
    desk.go()
    assert desk.statuses(run) == ["SUCCESSFUL"]


def test_a_retrys_delay_is_durable(desk: Desk) -> None:
    desk.publish("flow", task("a", retry={"max": 1, "delay": "30s", "jitter": 0}))
    run = desk.start("flow")
    desk.finish(run, "a", ok=False)
    desk.restart()
    desk.after(29)
    assert desk.hands.handed == {}
    desk.after(1)
    desk.finish(run, "a")
    assert desk.statuses(run) == ["SUCCESSFUL"]


def test_deadlines_are_durable(desk: Desk) -> None:
    desk.publish("flow", task("a"), timeout="1m")
    run = desk.start("flow")
    desk.restart()
    desk.after(60)
    desk.vanish(run, "a")
    assert desk.statuses(run) == ["EXPIRED"]


def test_a_run_that_failed_waits_for_its_repair(desk: Desk) -> None:
    desk.publish("flow", task("a"), noop("b", "a"))
    run = desk.start("flow")
    desk.finish(run, "a", ok=False)
    desk.restart()
    assert desk.figure("engine_runs_in_memory") == 0
    desk.tell(run, RetryRun(ADA))
    desk.finish(run, "a")
    assert desk.statuses(run) == ["SUCCESSFUL"]


def test_ends_are_not_kept_in_memory(desk: Desk) -> None:
    desk.publish("flow", task("a"))
    runs = [desk.start("flow") for _ in range(4)]
    assert desk.figure("engine_runs_in_memory") == 4
    desk.finish(runs[0], "a")
    desk.finish(runs[1], "a", ok=False)
    assert desk.figure("engine_runs_in_memory") == 2


def test_a_run_nobody_can_read_any_more_stands_alone(desk: Desk, logged: list[Any]) -> None:
    desk.publish("old", task("a"), concurrency={"limit": 1})
    old, queued = desk.start("old"), desk.start("old")
    desk.publish("flow", task("a"))
    run = desk.start("flow")
    with desk.store.write() as writer:
        known = writer.version(1, "old", 1)
        assert known is not None
        bad = type(known)(*(getattr(known, f) for f in known.__slots__))
        object.__setattr__(bad, "document", {"spec": "written by a newer version"})
        writer._set(desk.store._versions, known.id, bad)  # type: ignore[attr-defined]
    desk.restart()
    desk.go()
    desk.finish(run, "a")
    assert desk.statuses(run, old, queued) == ["SUCCESSFUL", "RUNNING", "RUNNING"]
    assert {entry["run"] for entry in logged if entry["event"] == "a run cannot be loaded"} == {old, queued}


def test_a_run_that_cannot_be_recovered_stands_alone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, logged: list[Any]
) -> None:
    desk.publish("flow", task("a"))
    bad, good = desk.start("flow"), desk.start("flow")

    def choking(state: Any, ids: Any) -> Any:
        if state.run.id == bad:
            raise RecursionError
        return recover(state, ids)

    monkeypatch.setattr(headrace.engine.loop, "recover", choking)
    desk.restart()
    desk.finish(good, "a")
    assert desk.statuses(good) == ["SUCCESSFUL"]
    assert [entry["run"] for entry in logged] == [bad]


def test_closed_runs_cost_nothing_at_a_start(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.publish("flow", noop("a"))
    for _ in range(50):
        desk.start("flow")
    desk.publish("open", task("a"))
    run = desk.start("open")
    loaded: list[int] = []
    load = States._load

    def counting(self: States, reader: Any, run_id: int) -> Any:
        loaded.append(run_id)
        return load(self, reader, run_id)

    monkeypatch.setattr(States, "_load", counting)
    desk.restart()
    assert loaded == [run]


def test_a_crash_at_any_commit_of_a_busy_run(desk: Desk) -> None:
    """Restarted after every single batch, the run still comes to its end; nothing is done twice."""
    desk.publish("flow", noop("a"), task("b", "a", executor="safe"), noop("c", "b"), task("d", "c"))
    run = desk.start("flow")
    for _ in range(20):
        desk.restart()
        desk.engine.run_once(desk.clock.now())
    for node in ("b", "d"):
        desk.accept(run, node)
        desk.engine.post([(run, desk.finished(run, node))])
        desk.engine.run_once(desk.clock.now())
        desk.restart()
        desk.go()
    assert desk.statuses(run) == ["SUCCESSFUL"]
    assert [step.attempt for step in desk.steps(run)] == [1, 1, 1, 1]


# -- the bounded memory


def test_memory_is_bounded_by_steps(desk: Desk) -> None:
    desk.publish("flow", task("a"), noop("b", "a"))
    desk.engine._states._limit = 6
    runs = [desk.start("flow") for _ in range(5)]
    assert desk.figure("engine_runs_in_memory") == 3
    for run in runs:
        desk.finish(run, "a")
    assert desk.statuses(*runs) == ["SUCCESSFUL"] * 5
    assert desk.engine._states._steps == 0


def test_the_last_run_stays_however_large(desk: Desk) -> None:
    desk.publish("flow", task("a"), noop("b", "a"), noop("c", "a"))
    desk.engine._states._limit = 2
    run = desk.start("flow")
    assert desk.figure("engine_runs_in_memory") == 1
    desk.finish(run, "a")


# -- timers


def waiting(step_id: int, at: float | None, due: Due = Due.TIMEOUT) -> Step:
    return Step(step_id, 0, due_at=at, due=due if at is not None else None)


def drawn(timers: Timers, now: float) -> list[tuple[int, float]]:
    posts = timers.due(now, 1_000)
    return [(post.event.step, post.event.due_at) for post in posts if isinstance(post.event, StepDue)]


@pytest.fixture
def run() -> Run:
    return Run(1, 1, "flow", 1, 1)


def test_only_the_latest_due_counts(run: Run) -> None:
    timers = Timers()
    timers.follow(run, [waiting(1, 50.0), waiting(2, 20.0)])
    timers.follow(run, [waiting(1, 30.0)])
    assert timers.next_at() == 20.0
    timers.follow(run, [waiting(2, None)])
    assert timers.next_at() == 30.0
    assert drawn(timers, 100.0) == [(1, 30.0)]
    assert timers.next_at() is None
    assert len(timers) == 0


def test_another_due_at_the_same_instant_replaces_it(run: Run) -> None:
    timers = Timers()
    timers.follow(run, [waiting(1, 5.0, Due.TIMEOUT)])
    timers.follow(run, [waiting(1, 5.0, Due.RETRY)])
    (post,) = timers.due(5.0, 10)
    assert post == Post(1, StepDue(1, Due.RETRY, 5.0))


def test_a_run_has_one_deadline(run: Run) -> None:
    timers = Timers()
    for deadline in (9.0, 9.0, 7.0):
        run.deadline = deadline
        timers.follow(run, [])
    assert len(timers) == 1
    assert timers.next_at() == 7.0
    run.status = RunStatus.FAILED
    timers.follow(run, [])
    assert timers.due(100.0, 10) == []


def test_due_entries_come_in_order_and_within_the_limit(run: Run) -> None:
    timers = Timers()
    timers.follow(run, [waiting(i, float(i)) for i in (3, 1, 2)])
    assert [post.event.step for post in timers.due(10.0, 2)] == [1, 2]  # type: ignore[union-attr]
    assert drawn(timers, 10.0) == [(3, 3.0)]


def test_removed_steps_are_forgotten(run: Run) -> None:
    timers = Timers()
    timers.follow(run, [waiting(1, 5.0)])
    timers.forget([1, 2])
    assert drawn(timers, 10.0) == []


def test_void_entries_do_not_pile_up(run: Run) -> None:
    timers = Timers()
    for i in range(20_000):
        timers.follow(run, [waiting(i, 1e9)])
        timers.follow(run, [waiting(i, None)])
    assert len(timers) == 0
    assert len(timers._heap) <= 2 + SLACK


def test_the_heap_agrees_with_a_plain_list(run: Run) -> None:
    rng = random.Random(5)
    timers, plain = Timers(), dict[int, float]()
    for now in itertools.count(0.0):
        if now == 3_000:
            break
        step, at = rng.randrange(40), rng.choice([None, now + rng.randrange(1, 60)])
        timers.follow(run, [waiting(step, at)])
        plain.pop(step, None)
        if at is not None:
            plain[step] = at
        due = {(step, at) for step, at in plain.items() if at <= now}
        assert set(drawn(timers, now)) == due
        for step, _ in due:
            del plain[step]
        assert timers.next_at() == min(plain.values(), default=None)


def test_skipping_a_timer_voids_it(desk: Desk) -> None:
    desk.publish("flow", {"id": "t", "kind": "timer", "for": "10s", "skippable": True}, task("a", "t"))
    run = desk.start("flow")
    desk.tell(run, SkipStep(desk.step(run, "t").id, ADA))
    assert desk.figure("engine_timers") == 0
    before = desk.run(run)
    desk.after(60)
    assert desk.run(run) == before


class Overtaken:
    """A reader between whose looks somebody else changes the run."""

    def __init__(self, reader: Reader, change: Callable[[], None]) -> None:
        self._reader = reader
        self._change = change

    def __getattr__(self, name: str) -> Any:
        if name == "operations":
            self._change()
        return getattr(self._reader, name)


def test_what_is_written_while_a_run_is_loaded_is_a_conflict_later() -> None:
    desk = Desk()
    desk.publish("w", task("a"), task("b"))
    run = desk.start("w")
    with desk.store.read() as reader:
        before = reader.sequence(run)
        changing = cast("Reader", Overtaken(reader, lambda: desk.finish(run, "a")))
        state = States(Plans(desk.hands.capabilities, 100)).get(changing, run)
    assert state is not None
    assert state.seq == before
    decision = decide(state, [PauseRun()], desk.clock.now(), BlockIds())
    with pytest.raises(Conflict), desk.store.write() as writer:
        writer.save([decision])
