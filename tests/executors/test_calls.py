"""Executors that are called in this process: calls, looks, failures, cancels."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headrace.core.run.events import Progressed, Resisted, Vanished
from headrace.core.words import Act, OnLost, Phase, Reason
from headrace.executors.executor import Executor, Task
from tests.executors.desk import PATIENCE, RUN, Desk, desk


class Steady(Executor):
    """Does as its input ``do`` says; ``gate`` lets a test hold it."""

    name = "steady"
    gate = threading.Event()
    inside = threading.Event()
    asked_to_stop = threading.Event()

    def start(self, task: Task) -> None:
        getattr(self, f"_{task.inputs.get('do', 'well')}")(task)

    def _well(self, task: Task) -> None:
        task.log("at work")
        task.progress(30, "some")
        task.add_output("seen", [task.params, task.inputs.get("do")])

    def _large(self, task: Task) -> None:
        task.add_output("text", "x" * task.inputs["size"])

    def _fail(self, task: Task) -> None:
        task.fail("it is not to be had")

    def _raise(self, task: Task) -> None:
        raise KeyError("missing")

    def _exit(self, task: Task) -> None:
        sys.exit("enough")

    def _wordless(self, task: Task) -> None:
        raise RuntimeError

    def _hold(self, task: Task) -> None:
        self.inside.set()
        self.gate.wait(PATIENCE)

    def _obey(self, task: Task) -> None:
        task.on_cancel(self.asked_to_stop.set)
        self.inside.set()
        task.cancelled.wait(PATIENCE)

    def cancel(self, task: Task) -> None:
        if task.inputs.get("do") == "obey":
            raise ValueError("a cancel that fails is written down")

    def rollback(self, task: Task) -> None:
        task.add_output("undone", True)


class Watching(Executor):
    """Done at the third look."""

    name = "watching"
    idempotent = True
    looks: list[float] = []  # noqa: RUF012
    first_look = threading.Event()

    def start(self, task: Task) -> None:
        self.looks.clear()

    def monitor(self, task: Task) -> float | None:
        self.looks.append(time.monotonic())
        self.first_look.set()
        if task.inputs.get("fail"):
            raise OSError("it went away")
        return None if len(self.looks) == 3 else float(task.inputs.get("pause", 0.05))

    def delete(self, task: Task) -> None:
        pass

    def mock(self, task: Task) -> None:
        task.add_output("mocked", True)


class ByBlock(Executor):
    name = "by_block"
    rollback_by_node = True

    def start(self, task: Task) -> None:
        task.add_output("did", task.inputs["do"])


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Desk]:
    for event in (Steady.gate, Steady.inside, Steady.asked_to_stop, Watching.first_look):
        event.clear()
    with desk(tmp_path, {"steady": Steady(), "watching": Watching(), "by_block": ByBlock()}) as at:
        yield at
        Steady.gate.set()


def test_returning_is_success(own: Desk) -> None:
    finished = own.finished(step := own.hand("steady", {"do": "well"}, params={"a": 1}))
    assert (finished.ok, finished.phase) == (True, Phase.MONITOR_SUCCESS)
    assert finished.outputs == {"seen": [{"a": 1}, "well"]}
    assert own.log(step) == "at work\n"
    assert own.heading(step).startswith("############ EXECUTE ")
    assert own.progress(step) == [(30, "some")]


@pytest.mark.parametrize("executor", ["steady", "noop"])
def test_large_outputs_become_a_file(own: Desk, executor: str) -> None:
    size = 300_000
    inputs: dict[str, Any] = {"do": "large", "size": size}
    if executor == "noop":
        inputs = {"outputs": {"text": "x" * size}}
    step = own.hand(executor, inputs)
    assert own.finished(step).outputs == {"$file": f"{step}-1.outputs.json", "bytes": size + 11}
    assert json.loads(own.logs.outputs(RUN, step, 1, 0, 1_000_000)) == {"text": "x" * size}


def test_too_large_outputs_are_refused(own: Desk) -> None:
    finished = own.finished(own.hand("steady", {"do": "large", "size": 64_000_000}))
    assert (finished.ok, finished.phase, finished.outputs) == (False, Phase.MONITOR_FAILED, None)
    assert finished.message == "The outputs have 64000011 bytes; the limit is 64000000."


@pytest.mark.parametrize("executor", ["steady", "noop"])
def test_outputs_that_cannot_be_kept_fail_the_step(own: Desk, tmp_path: Path, executor: str) -> None:
    (tmp_path / "precious").write_text("mine")
    log = Path(own.logs.path(RUN, 1, 1))
    log.with_name("1-1.outputs.json").symlink_to(tmp_path / "precious")
    given = {"do": "large", "size": 300_000, "outputs": {"text": "x" * 300_000}}
    finished = own.finished(own.hand(executor, given))
    assert (finished.ok, finished.outputs) == (False, None)
    assert (tmp_path / "precious").read_text() == "mine"


@pytest.mark.parametrize(
    ("do", "message", "trace"),
    [
        ("fail", "it is not to be had", False),
        ("raise", "'missing'", True),
        ("exit", "enough", True),
        ("wordless", "RuntimeError", True),
    ],
)
def test_raising_is_failure(own: Desk, do: str, message: str, trace: bool) -> None:
    finished = own.finished(step := own.hand("steady", {"do": do}))
    assert (finished.ok, finished.phase, finished.reason) == (False, Phase.START_FAILED, Reason.ERROR)
    assert finished.message == message
    assert ("Traceback" in own.log(step)) is trace


def test_capabilities_are_what_is_overridden(own: Desk) -> None:
    steady, watching = own.dispatch.capabilities["steady"], own.dispatch.capabilities["watching"]
    assert (steady.rollback, steady.delete, steady.mock, steady.on_lost) == (True, False, False, OnLost.FAIL)
    assert (watching.rollback, watching.delete, watching.mock) == (False, True, True)
    assert watching.on_lost is OnLost.RETRY


@pytest.mark.parametrize(
    ("executor", "act", "phase"),
    [
        ("steady", Act.ROLLBACK, Phase.ROLLBACK_SUCCESS),
        ("steady", Act.DELETE, Phase.DELETE_SUCCESS),
        ("steady", Act.MOCK, Phase.MOCK_PASSED),
        ("watching", Act.ROLLBACK, Phase.ROLLBACK_SUCCESS),
        ("watching", Act.DELETE, Phase.DELETE_SUCCESS),
        ("watching", Act.MOCK, Phase.MOCK_SUCCESS),
    ],
)
def test_other_verbs(own: Desk, executor: str, act: Act, phase: Phase) -> None:
    finished = own.finished(own.hand(executor, act=act))
    assert (finished.ok, finished.act, finished.phase) == (True, act, phase)


def test_a_rollback_block_is_carried_out_by_start(own: Desk) -> None:
    able = own.dispatch.capabilities["by_block"]
    assert (able.rollback, able.rollback_by_node) == (False, True)
    undone = own.finished(own.hand("by_block", {"do": 1}, act=Act.ROLLBACK, rollback={"do": "undo"}))
    assert (undone.phase, undone.outputs) == (Phase.ROLLBACK_SUCCESS, {"did": "undo"})
    assert own.finished(own.hand("by_block", {"do": 1}, act=Act.ROLLBACK)).outputs is None


def test_looks_come_after_the_pauses_that_were_named(own: Desk) -> None:
    finished = own.finished(step := own.hand("watching"))
    assert finished.ok
    first, second, third = Watching.looks
    assert second - first >= 0.05
    assert third - second >= 0.05
    phases = [fact.phase for fact in own.facts if isinstance(fact, Progressed) and fact.step == step]
    assert phases == [Phase.MONITOR_BEGIN]


def test_a_failing_look(own: Desk) -> None:
    finished = own.finished(own.hand("watching", {"fail": True}))
    assert (finished.ok, finished.phase, finished.message) == (False, Phase.MONITOR_FAILED, "it went away")


def test_cancel_between_two_looks_is_at_once(own: Desk) -> None:
    step = own.hand("watching", {"pause": 1000})
    assert Watching.first_look.wait(PATIENCE)
    own.cancel(step)
    assert isinstance(own.end(step), Vanished)


def test_cancel_of_a_call_that_listens(own: Desk) -> None:
    step = own.hand("steady", {"do": "obey"})
    assert Steady.inside.wait(PATIENCE)
    own.cancel(step)
    assert isinstance(own.end(step), Vanished)
    assert Steady.asked_to_stop.is_set()


def test_a_call_that_does_not_listen_resists_until_it_returns(own: Desk) -> None:
    step = own.hand("steady", {"do": "hold"})
    assert Steady.inside.wait(PATIENCE)
    own.cancel(step)
    assert own.resisted(step).message == "the executor steady does not stop when asked to"
    assert not any(isinstance(fact, Vanished) for fact in own.facts)
    Steady.gate.set()
    assert isinstance(own.end(step), Vanished)


def test_nobody_waits_for_a_timed_out_attempt(own: Desk) -> None:
    step = own.hand("steady", {"do": "obey"})
    assert Steady.inside.wait(PATIENCE)
    own.cancel(step, answer=False)
    assert Steady.asked_to_stop.wait(PATIENCE)
    own.finished(own.hand("steady"))
    assert not any(isinstance(fact, Vanished | Resisted) for fact in own.facts)


def test_sleep_takes_no_slot(tmp_path: Path) -> None:
    with desk(tmp_path, workers=1) as at:
        before = threading.active_count()
        sleepers = [at.hand("sleep", {"seconds": 1000}) for _ in range(100)]
        short = at.hand("sleep", {"seconds": 0.05})
        begun = time.monotonic()
        assert at.finished(short).ok
        assert time.monotonic() - begun >= 0.04
        assert at.ran("true")[0].ok
        assert threading.active_count() == before
        for step in sleepers:
            at.cancel(step)
            assert isinstance(at.end(step), Vanished)


@pytest.mark.parametrize("seconds", [-1, "1", True, float("inf"), None])
def test_sleep_wants_a_number(at: Desk, seconds: Any) -> None:
    finished = at.finished(at.hand("sleep", {"seconds": seconds}))
    assert not finished.ok
    assert "seconds" in str(finished.message)


def test_noop(at: Desk) -> None:
    assert at.finished(at.hand("noop")).ok
    assert at.finished(at.hand("noop", {"outputs": {"a": 1}})).outputs == {"a": 1}
    failed = at.finished(at.hand("noop", {"fail": "on purpose"}))
    assert (failed.ok, failed.message, failed.phase) == (False, "on purpose", Phase.START_FAILED)
