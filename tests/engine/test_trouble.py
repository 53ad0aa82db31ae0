"""The database refuses, somebody else writes, events choke the core: nothing is lost, nobody else suffers."""

from concurrent.futures import Future
from typing import Any

import pytest

import headrace.engine.batch
from headrace.core.run.decide import decide
from headrace.core.run.events import Accepted, Finished, PauseRun, RetryRun, RollbackRun
from headrace.core.words import Phase, StepStatus
from headrace.ports.errors import Broken, Conflict, Refused
from tests.engine.desk import ADA, Desk, noop, task, ticket
from tests.engine.trouble import FaultyStore, unplugged


@pytest.fixture
def store() -> FaultyStore:
    return FaultyStore()


@pytest.fixture
def faulty(store: FaultyStore) -> Desk:
    desk = Desk(store)
    desk.publish("flow", task("a"), noop("b", "a"))
    return desk


def broken(future: Future[Any]) -> str:
    with pytest.raises(Broken) as found:
        future.result(0)
    return found.value.code


@pytest.fixture(params=["on_begin", "before_commit", "after_commit"])
def moment(request: pytest.FixtureRequest) -> str:
    """When the plug is pulled; after the commit, nobody can tell that it happened."""
    return str(request.param)


# -- the database does not take it


def test_callers_are_told_and_facts_are_kept(faulty: Desk, store: FaultyStore, moment: str) -> None:
    run = faulty.start("flow")
    faulty.accept(run, "a")
    setattr(store, moment, unplugged)
    faulty.engine.post([(run, faulty.finished(run, "a"))])
    start = faulty.starting("flow")
    verb = faulty.engine.tell(1, run, PauseRun(ADA))
    assert not faulty.engine.run_once(1_000)
    assert [broken(start), broken(verb)] == ["database_down"] * 2
    assert faulty.engine.broken is not None
    store.mend()
    faulty.go()
    assert faulty.engine.broken is None
    assert faulty.step(run, "a").status is StepStatus.SUCCESSFUL


def test_effects_of_a_commit_that_came_through_are_let_out(
    faulty: Desk, store: FaultyStore, moment: str
) -> None:
    run = faulty.start("flow")
    step = faulty.step(run, "a")
    setattr(store, moment, unplugged)
    faulty.engine.post([(run, Accepted(step.id, 1, "w"))])
    for _ in range(3):
        assert not faulty.engine.run_once(1_000) or moment == "after_commit"
    assert moment == "after_commit" or faulty.hands.begun == []
    store.mend()
    faulty.go()
    assert faulty.hands.begun == [(run, step.id, 1)]
    faulty.finish(run, "a")
    assert faulty.statuses(run) == ["SUCCESSFUL"]


def test_a_start_that_came_through_runs(faulty: Desk, store: FaultyStore, moment: str) -> None:
    """Its caller was told that it may have failed, and asks again with the same key."""
    setattr(store, moment, unplugged)
    first = faulty.starting("flow", ticket())
    faulty.engine.run_once(1_000)
    assert broken(first)
    store.mend()
    run = faulty.ask(faulty.starting("flow", ticket()))
    faulty.finish(run, "a")
    with store.read() as reader:
        assert list(reader.open_runs()) == []
    assert faulty.statuses(run) == ["SUCCESSFUL"]


def test_a_queued_start_that_came_through_waits_its_turn(
    faulty: Desk, store: FaultyStore, moment: str
) -> None:
    faulty.publish("one", task("a"), concurrency={"limit": 1})
    first = faulty.start("one")
    setattr(store, moment, unplugged)
    assert broken_start(faulty)
    store.mend()
    second = faulty.ask(faulty.starting("one", ticket()))
    faulty.finish(first, "a")
    assert faulty.run(second).started_at is not None


def broken_start(desk: Desk) -> str:
    future = desk.starting("one", ticket())
    desk.engine.run_once(1_000)
    return broken(future)


def test_a_transaction_that_came_through_is_known_by_its_key(
    faulty: Desk, store: FaultyStore, moment: str
) -> None:
    done: list[int] = []

    def work(writer: Any, now: float) -> int:
        done.append(1)
        return 5

    setattr(store, moment, unplugged)
    future = faulty.engine.transact(work, ticket())
    faulty.engine.run_once(1_000)
    assert broken(future)
    store.mend()
    assert faulty.ask(faulty.engine.transact(work, ticket())) == 5
    assert len(done) == {"on_begin": 1, "before_commit": 2, "after_commit": 1}[moment]


def test_what_is_not_known_stays_open_while_nothing_can_be_read(faulty: Desk, store: FaultyStore) -> None:
    run = faulty.start("flow")
    faulty.accept(run, "a")
    faulty.engine.post([(run, faulty.finished(run, "a"))])
    store.after_commit = store.on_read = unplugged
    for _ in range(5):
        assert not faulty.engine.run_once(1_000)
    assert faulty.engine.broken is not None
    store.mend()
    faulty.go()
    assert faulty.statuses(run) == ["SUCCESSFUL"]


def test_callers_are_answered_however_much_waits(
    faulty: Desk, store: FaultyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("headrace.engine.loop.BATCH_MAX", 10)
    monkeypatch.setattr("headrace.engine.loop.ROOM_MIN", 2)
    runs = [faulty.start("flow") for _ in range(30)]
    facts = [(run, Accepted(faulty.step(run, "a").id, 1, "w")) for run in runs]
    store.on_begin = unplugged
    faulty.engine.post(facts)
    faulty.engine.run_once(1_000)
    start = faulty.starting("flow")
    for _ in range(12):
        faulty.engine.run_once(1_000)
    assert broken(start)
    store.mend()
    faulty.go()
    assert len(faulty.hands.begun) == 30
    assert [key[0] for key in faulty.hands.begun] == runs, "in the order they came"


def test_timers_are_kept_too(store: FaultyStore) -> None:
    desk = Desk(store)
    desk.publish("flow", {"id": "t", "kind": "timer", "for": "10s"})
    run = desk.start("flow")
    desk.clock.time += 10
    store.on_begin = unplugged
    assert not desk.engine.run_once(desk.clock.now())
    store.mend()
    desk.go()
    assert desk.statuses(run) == ["SUCCESSFUL"]


def test_what_was_published_in_a_lost_transaction_never_was(faulty: Desk, store: FaultyStore) -> None:
    faulty.start("flow")

    def publish_another(writer: Any, now: float) -> None:
        record = writer.workflow(1, "flow")
        writer.put_workflow(
            type(record)(**{f: getattr(record, f) for f in record.__slots__} | {"published": 7})
        )

    store.before_commit = unplugged
    lost = faulty.engine.transact(publish_another)
    start = faulty.starting("flow")
    faulty.engine.run_once(1_000)
    assert broken(lost)
    assert broken(start)
    store.mend()
    assert faulty.run(faulty.start("flow")).version == 1


# -- somebody else writes


def test_a_conflict_loads_the_run_again(faulty: Desk, store: FaultyStore) -> None:
    run = faulty.start("flow")
    stranger = Desk(store)
    stranger.go()
    stranger.tell(run, PauseRun(ADA))
    faulty.accept(run, "a")
    assert faulty.run(run).paused
    assert faulty.step(run, "a").status is StepStatus.RUNNING


def test_a_conflict_that_does_not_end_is_given_up(faulty: Desk, store: FaultyStore) -> None:
    first, second = faulty.start("flow"), faulty.start("flow")

    def never(decisions: Any) -> None:
        if any(decision.run.id == first for decision in decisions):
            raise Conflict("again")

    store.on_save = never
    verbs = [faulty.engine.tell(1, run, PauseRun(ADA)) for run in (first, second)]
    faulty.go()
    assert broken(verbs[0]) == "internal_error"
    assert verbs[1].result(0).run == second


# -- events and items that are poison


def poisonous(monkeypatch: pytest.MonkeyPatch, *kinds: type) -> None:
    def choking(state: Any, events: Any, now: float, ids: Any) -> Any:
        for event in events:
            if isinstance(event, kinds) and getattr(event, "message", None) != "fine":
                raise RecursionError("poison")
        return decide(state, events, now, ids)

    monkeypatch.setattr(headrace.engine.batch, "decide", choking)


def test_poison_stops_neither_other_runs_nor_its_own(faulty: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = faulty.start("flow"), faulty.start("flow")
    poisonous(monkeypatch, PauseRun)
    verbs = [faulty.engine.tell(1, first, PauseRun(ADA), ticket()) for _ in range(2)]
    steps = [faulty.step(run, "a").id for run in (first, second)]
    faulty.engine.post([(first, Accepted(steps[0], 1, "w")), (second, Accepted(steps[1], 1, "w"))])
    verbs.append(faulty.engine.tell(1, second, PauseRun(ADA)))
    other = faulty.engine.tell(1, second, RetryRun(ADA))
    faulty.go()
    assert [broken(verb) for verb in verbs] == ["internal_error"] * 3
    assert other.exception(0) is not None, "refused, by the core itself"
    assert [faulty.step(run, "a").status for run in (first, second)] == [StepStatus.RUNNING] * 2


def test_work_whose_end_is_poison_has_failed(faulty: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    run = faulty.start("flow")
    faulty.accept(run, "a")

    def choking(state: Any, events: Any, now: float, ids: Any) -> Any:
        if any(isinstance(event, Finished) and event.ok for event in events):
            raise ZeroDivisionError("poison")
        return decide(state, events, now, ids)

    monkeypatch.setattr(headrace.engine.batch, "decide", choking)
    faulty.post(run, faulty.finished(run, "a"))
    step = faulty.step(run, "a")
    assert step.status is StepStatus.FAILED
    assert step.message == "Its end could not be recorded: ZeroDivisionError: poison."


def test_an_end_that_is_poison_twice_is_dropped(faulty: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    run = faulty.start("flow")
    faulty.accept(run, "a")
    poisonous(monkeypatch, Finished)
    faulty.post(run, faulty.finished(run, "a"))
    assert faulty.step(run, "a").status is StepStatus.RUNNING
    faulty.post(run, faulty.finished(run, "a", message="fine"))
    assert faulty.statuses(run) == ["RUNNING"], "the noop after it is poison as well"


def test_what_cannot_be_written_is_found_and_given_up(faulty: Desk, store: FaultyStore) -> None:
    runs = [faulty.start("flow") for _ in range(5)]
    for run in runs:
        faulty.accept(run, "a")

    def choking(decisions: Any) -> None:
        for decision in decisions:
            if any(step.outputs == {"bad": 1} for step in decision.steps.values()):
                raise ValueError("cannot be encoded")

    store.on_save = choking
    ends = [faulty.finished(run, "a", outputs={"bad": 1} if run == runs[2] else {"good": 1}) for run in runs]
    faulty.engine.post(list(zip(runs, ends, strict=True)))
    verb = faulty.engine.tell(1, runs[2], PauseRun(ADA))
    faulty.go()
    assert [faulty.step(run, "a").status for run in runs] == [
        StepStatus.FAILED if run == runs[2] else StepStatus.SUCCESSFUL for run in runs
    ]
    assert faulty.step(runs[2], "a").phase is Phase.MONITOR_FAILED
    assert isinstance(verb.exception(0), Refused), "the run has failed by then"


def test_a_database_that_goes_while_poison_is_sought(faulty: Desk, store: FaultyStore) -> None:
    runs = [faulty.start("flow") for _ in range(4)]
    for run in runs:
        faulty.accept(run, "a")
    tries: list[int] = []

    def choking(decisions: Any) -> None:
        tries.append(len(decisions))
        if len(tries) == 2:
            unplugged()
        if any(decision.run.id == runs[3] for decision in decisions):
            raise ValueError("cannot be encoded")

    store.on_save = choking
    faulty.engine.post([(run, faulty.finished(run, "a")) for run in runs])
    assert not faulty.engine.run_once(1_000)
    store.mend()
    faulty.go()
    assert faulty.statuses(*runs) == ["SUCCESSFUL"] * 4


def test_poison_that_nobody_waits_for_is_dropped(faulty: Desk, store: FaultyStore) -> None:
    run = faulty.start("flow")

    def choking(decisions: Any) -> None:
        if decisions:
            raise ValueError("cannot be encoded")

    store.on_save = choking
    faulty.engine.post([(run, Accepted(faulty.step(run, "a").id, 1, "w"))])
    faulty.go()
    store.mend()
    faulty.finish(run, "a")
    assert faulty.statuses(run) == ["SUCCESSFUL"]


def test_a_transaction_that_raises_undoes_itself_only(faulty: Desk) -> None:
    def work(writer: Any, now: float) -> None:
        writer.store_answer(1, "r", "left", object())
        raise ZeroDivisionError

    start = faulty.starting("flow")
    future = faulty.engine.transact(work)
    faulty.go()
    assert isinstance(future.exception(0), ZeroDivisionError)
    assert faulty.statuses(start.result(0)) == ["RUNNING"]
    with faulty.store.read() as reader:
        assert reader.stored_answer(1, "r", "left") is None


# -- the other sides


def test_a_caller_that_has_gone_is_no_trouble(faulty: Desk) -> None:
    future = faulty.starting("flow")
    assert future.cancel()
    faulty.go()
    with faulty.store.read() as reader:
        assert len(reader.open_runs()) == 1


def test_a_dispatch_that_raises_fails_what_it_was_given(
    faulty: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(effects: Any) -> Any:
        raise OSError("no more threads")

    for name in ("hand_over", "proceed", "cancel"):
        monkeypatch.setattr(faulty.hands, name, failing)
    run = faulty.start("flow")
    step = faulty.step(run, "a")
    assert (step.status, step.message) == (StepStatus.FAILED, "dispatch failed")
    faulty.post(run, Accepted(step.id, 1, "w"))  # late: would be cancelled
    assert faulty.statuses(run) == ["FAILED"]


def test_a_dispatch_that_raises_at_a_rollback(faulty: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    faulty.publish("undone", task("a", executor="undo"), task("b", "a"))
    run = faulty.start("undone")
    faulty.finish(run, "a")
    faulty.finish(run, "b", ok=False)

    def failing(effects: Any) -> Any:
        raise OSError("no more threads")

    monkeypatch.setattr(faulty.hands, "hand_over", failing)
    faulty.tell(run, RollbackRun(ADA))
    assert faulty.step(run, "a").phase is Phase.ROLLBACK_FAILED
    assert faulty.statuses(run) == ["FAILED"]


def test_a_watcher_that_raises_is_no_trouble(faulty: Desk) -> None:
    rung: list[int] = []

    def ring() -> None:
        rung.append(1)
        raise RuntimeError("the event loop is closed")

    run = faulty.start("flow")
    with faulty.engine.watchers.run(run, ring), faulty.engine.watchers.run(run, lambda: rung.append(2)):
        faulty.accept(run, "a")
    faulty.finish(run, "a")
    assert rung == [1, 2]
    assert faulty.statuses(run) == ["SUCCESSFUL"]
