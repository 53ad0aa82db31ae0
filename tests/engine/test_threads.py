"""The loop in its own thread, over real databases: callers from many threads, stopping, draining."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as all_done
from pathlib import Path
from typing import Any

import pytest

from headrace.core.run.events import CancelStep
from headrace.core.words import RunStatus
from headrace.dispatch.local import LocalDispatch
from headrace.engine import Engine
from headrace.executors.catalogue import builtin
from headrace.executors.crew import LocalCrew
from headrace.executors.logs import FileLogs
from headrace.ports.clock import SystemClock
from headrace.ports.errors import Broken
from headrace.ports.inbox import StartRun
from headrace.ports.records import VersionRecord
from headrace.ports.store import Store, Writer
from headrace.storage import MemoryStore, open_postgres, open_sqlite
from tests.engine.desk import ADA, Desk, noop, task
from tests.engine.trouble import FaultyStore, unplugged

PATIENCE = 30.0
KINDS = ["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


class Works:
    """An engine at work with the built-in executors."""

    def __init__(self, store: Store, folder: Path, workers: int = 8) -> None:
        self.store = store
        crew = LocalCrew(builtin(), FileLogs(folder / "logs"), scratch=folder)
        self.dispatch = LocalDispatch(crew, workers=workers, kill_grace=0.2)
        self.engine = Engine(store, self.dispatch, SystemClock())
        self.engine.start()

    def publish(self, name: str, *nodes: Any) -> None:
        document = {
            "apiVersion": "headrace/v1",
            "kind": "Workflow",
            "metadata": {"name": name},
            "spec": {"nodes": list(nodes)},
        }

        def work(writer: Writer, now: float) -> None:
            id = writer.allocate("version", 1)[0]
            writer.add_version(VersionRecord(id, 1, name, 1, document, now, "ada"))

        self.engine.transact(work).result(PATIENCE)

    def start(self, name: str) -> Future[int]:
        return self.engine.start_run(StartRun(1, name, 1, actor=ADA))

    def status(self, run: int) -> RunStatus:
        with self.store.read() as reader:
            found = reader.run(None, run)
        assert found is not None
        return found.status

    def end(self, run: int) -> RunStatus:
        """Waits for it as a page does: woken by every change."""
        changed = threading.Event()
        with self.engine.watchers.run(run, changed.set):
            while (status := self.status(run)) is RunStatus.RUNNING:
                assert changed.wait(PATIENCE)
                changed.clear()
        return status

    def stop(self, grace: float = 0.0) -> None:
        self.dispatch.drain(grace)
        self.engine.stop()
        self.dispatch.stop()


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        made: Store = MemoryStore()
    elif request.param == "sqlite":
        made = open_sqlite(tmp_path / "headrace.db")
    else:
        made = open_postgres(request.getfixturevalue("ready_database"))
    yield made
    made.close()


@pytest.fixture
def works(store: Store, tmp_path: Path) -> Iterator[Works]:
    made = Works(store, tmp_path)
    yield made
    made.stop()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Works]:
    """Over memory."""
    made = Works(MemoryStore(), tmp_path)
    yield made
    made.stop()


def test_many_callers_at_once(works: Works) -> None:
    works.publish("flow", noop("a"), noop("b", "a"), noop("c", "b"))

    def some(_: int) -> list[RunStatus]:
        futures = [works.start("flow") for _ in range(10)]
        return [works.end(future.result(PATIENCE)) for future in futures]

    with ThreadPoolExecutor(8) as callers:
        ends = [status for part in callers.map(some, range(8)) for status in part]
    assert ends == [RunStatus.SUCCESSFUL] * 80


def test_programs_and_inline_steps(works: Works) -> None:
    script = {"script": 'echo "{\\"n\\": $HEADRACE_STEP_ID}" > "$HEADRACE_OUTPUTS"'}
    works.publish("flow", noop("a"), task("b", "a", executor="shell", **{"with": script}), noop("c", "b"))
    runs = [works.start("flow").result(PATIENCE) for _ in range(5)]
    assert [works.end(run) for run in runs] == [RunStatus.SUCCESSFUL] * 5
    with works.store.read() as reader:
        for run in runs:
            step = reader.steps(run)[1]
            assert step.outputs == {"n": step.id}


def test_cancel_ends_a_program(works: Works) -> None:
    works.publish("flow", task("a", executor="shell", **{"with": {"script": "sleep 1000"}}))
    run = works.start("flow").result(PATIENCE)
    with works.store.read() as reader:
        step = reader.steps(run)[0].id
    works.engine.tell(1, run, CancelStep(step, ADA)).result(PATIENCE)
    assert works.end(run) is RunStatus.FAILED


def test_answers_reach_an_event_loop(small: Works) -> None:
    small.publish("flow", noop("a"))

    async def ask() -> list[int]:
        futures = [asyncio.wrap_future(small.start("flow")) for _ in range(20)]
        return await asyncio.wait_for(asyncio.gather(*futures), PATIENCE)

    assert len(set(asyncio.run(ask()))) == 20


def test_nobody_waits_for_an_engine_that_has_ended(small: Works) -> None:
    small.publish("flow", noop("a"))
    futures: list[Future[int]] = []
    many = threading.Event()

    def hammer() -> None:
        for _ in range(400):
            futures.append(small.start("flow"))
            if len(futures) > 200:
                many.set()

    callers = [threading.Thread(target=hammer) for _ in range(3)]
    for caller in callers:
        caller.start()
    assert many.wait(PATIENCE)
    small.engine.stop()
    for caller in callers:
        caller.join(PATIENCE)
    done = all_done(futures, PATIENCE)
    assert not done.not_done
    refused = [future.exception() for future in futures if future.exception() is not None]
    assert all(isinstance(error, Broken) and error.code == "server_stopping" for error in refused)
    with pytest.raises(Broken):
        small.start("flow").result(PATIENCE)


def test_stopping_does_not_wait_for_endless_work(small: Works) -> None:
    """Steps that end at once go on and on; stopping hands none over any more, the next start does."""
    chain = [noop("n0"), *(noop(f"n{i}", f"n{i - 1}") for i in range(1, 5_000))]
    small.publish("flow", *chain)
    run = small.start("flow").result(PATIENCE)
    small.engine.stop(PATIENCE)
    assert small.status(run) is RunStatus.RUNNING
    desk = Desk(small.store)
    desk.go()
    assert small.status(run) is RunStatus.SUCCESSFUL


def test_what_ends_while_draining_is_not_lost(store: Store, tmp_path: Path) -> None:
    """Nothing is done twice, although nothing may be repeated (``on_lost: fail``)."""
    works = Works(store, tmp_path, workers=20)
    script = {"script": 'echo "$HEADRACE_STEP_ID" >> "$PWD/../marks"; sleep 0.05'}
    nodes = [task(f"n{i}", executor="shell", on_lost="fail", **{"with": script}) for i in range(20)]
    works.publish("flow", *nodes)
    run = works.start("flow").result(PATIENCE)
    begun = threading.Event()
    with works.engine.watchers.run(run, begun.set):
        assert begun.wait(PATIENCE)
    works.stop(PATIENCE)
    again = Works(store, tmp_path)
    assert again.end(run) is RunStatus.SUCCESSFUL
    with store.read() as reader:
        assert [len(reader.attempts(step.id)) for step in reader.steps(run)] == [1] * 20
    again.stop()


def test_what_is_killed_by_draining_is_told_apart(store: Store, tmp_path: Path) -> None:
    works = Works(store, tmp_path)
    nap = {"with": {"script": "sleep 1000"}}
    works.publish(
        "flow", task("a", executor="shell", **nap), task("b", executor="shell", on_lost="retry", **nap)
    )
    run = works.start("flow").result(PATIENCE)
    wait_for(works, run, ["RUNNING", "RUNNING"])
    works.stop(0.0)
    with store.read() as reader:
        steps = reader.steps(run)
    assert [step.status for step in steps] == ["FAILED", "READY"]
    assert [step.attempt for step in steps] == [1, 2]
    again = Works(store, tmp_path)
    wait_for(again, run, ["FAILED", "RUNNING"])
    again.stop()


def wait_for(works: Works, run: int, statuses: list[str]) -> None:
    changed = threading.Event()
    with works.engine.watchers.run(run, changed.set):
        while True:
            with works.store.read() as reader:
                if [step.status for step in reader.steps(run)] == statuses:
                    return
            assert changed.wait(PATIENCE)
            changed.clear()


def test_the_engine_comes_back_by_itself(tmp_path: Path) -> None:
    store = FaultyStore()
    works = Works(store, tmp_path)
    works.publish("flow", noop("a"))
    assert works.engine.idle_for() < PATIENCE
    store.on_begin = unplugged
    with pytest.raises(Broken):
        works.start("flow").result(PATIENCE)
    assert works.engine.broken is not None
    store.mend()
    assert works.end(works.start("flow").result(PATIENCE)) is RunStatus.SUCCESSFUL
    assert works.engine.broken is None
    works.stop()


def test_facts_wait_for_the_database_without_being_asked(tmp_path: Path) -> None:
    """No caller wakes the engine: it tries again after a while."""
    store = FaultyStore()
    works = Works(store, tmp_path)
    works.publish("flow", task("a", executor="sleep", **{"with": {"seconds": 0.05}}))
    run = works.start("flow").result(PATIENCE)
    refused = threading.Event()

    def refuse() -> None:
        if refused.is_set():
            store.mend()
        else:
            refused.set()
            unplugged()

    store.on_begin = refuse
    assert works.end(run) is RunStatus.SUCCESSFUL
    works.stop()


def test_an_engine_that_stumbles_goes_on(small: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    small.publish("flow", noop("a"))
    counters = small.engine.counters
    stumbled = threading.Event()

    class Stumbling(type(counters)):  # type: ignore[misc]
        def batch(self, *args: Any) -> None:
            if not stumbled.is_set():
                stumbled.set()
                raise ZeroDivisionError
            super().batch(*args)

    monkeypatch.setattr(small.engine, "counters", Stumbling())
    small.start("flow")
    assert stumbled.wait(PATIENCE)
    assert small.end(small.start("flow").result(PATIENCE)) is RunStatus.SUCCESSFUL


def test_a_stopped_engine_without_a_database_tells_its_callers(tmp_path: Path) -> None:
    store = FaultyStore()
    works = Works(store, tmp_path)
    store.on_begin = unplugged
    futures = [works.engine.transact(lambda writer, now: 1) for _ in range(3)]
    works.stop()
    assert all(isinstance(future.exception(PATIENCE), Broken) for future in futures)
