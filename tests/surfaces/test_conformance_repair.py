"""Conformance B5-B19 and B46: retry, skip and cancel."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.flows import noop, shell
from tests.surfaces.desk import Desk, Gate, Trace, by_name

FAIL = "exit 3"
NewGate = Callable[[], Gate]
SUB_VERBS = ("cancel", "retry", "skip")


def test_b05_retry_of_a_task_retries_all_that_failed(desk: Desk, gate: Gate) -> None:
    task = desk.start(shell("b", gate.script), shell("c", gate.script), noop("d", "b", "c"))
    for _ in range(2):
        gate.arrived()
        gate.go("n")
    desk.ended(task, "FAILED")
    now = desk.verb(task, "retry")["data"]
    assert (now["id"], now["status"], now["operation"]) == (task, "RUNNING", "RETRY")
    for name in "bc":
        sub = by_name(now, name)
        assert sub["status"] in ("READY", "RUNNING")
        assert (sub["operation"], sub["runTime"]) == ("RETRY", 2)
    for _ in range(2):
        gate.go()
    done = desk.ended(task)
    assert [sub["runTime"] for sub in done["subtasks"]] == [2, 2, 1]


def test_b06_retry_of_one_leaves_the_other_failed(desk: Desk, gate: Gate) -> None:
    task = desk.start(shell("b", gate.script), shell("c", FAIL))
    gate.go("n")
    desk.ended(task, "FAILED")
    gate.go()
    sub = desk.verb(task, "retry", "b")["data"]
    assert (sub["name"], sub["operation"], sub["runTime"]) == ("b", "RETRY", 2)
    assert desk.sub_is(task, "b", "SUCCESSFUL")
    desk.ended(task, "FAILED")
    assert desk.states(task) == {"b": "SUCCESSFUL/RETRY", "c": "FAILED/EXECUTE"}


def test_b07_retry_of_a_subtask_counts(desk: Desk) -> None:
    task = desk.start(shell("a", FAIL))
    for times in (1, 2, 3):
        desk.ended(task, "FAILED")
        assert desk.sub(task, "a")["runTime"] == times
        desk.verb(task, "retry", "a")
    desk.ended(task, "FAILED")


def test_b08_a_failing_rollback_before_the_retry(desk: Desk, trace: Trace) -> None:
    undo = {"script": f"{trace.says('undo')}; exit 4"}
    task = desk.start(shell("a", f"{trace.says('run')}; {FAIL}", rollback=undo))
    desk.ended(task, "FAILED")
    desk.verb(task, "retry", "a")
    desk.ended(task, "FAILED")
    assert desk.states(task) == {"a": "FAILED/RETRY"}
    assert trace.words == ["run", "undo"]


def test_b09_retry_of_a_task_that_has_not_failed(desk: Desk, gate: Gate) -> None:
    task = desk.start(shell("a", gate.script))
    error = desk.refused(task, "retry")
    assert str(task) in error["message"]
    assert "RUNNING" in error["message"]
    gate.go()
    desk.ended(task)
    error = desk.refused(task, "retry")
    assert str(task) in error["message"]
    assert "SUCCESSFUL" in error["message"]


@pytest.mark.parametrize(
    ("language", "of_task", "of_subtask"), [("en", "Task ", "Subtask "), ("zh-CN", "任务 ", "子任务 ")]
)
def test_a_refusal_speaks_of_tasks(desk: Desk, language: str, of_task: str, of_subtask: str) -> None:
    task, done = desk.start(noop("a"), shell("b", FAIL, "a")), desk.start(noop("a"))
    desk.ended(task, "FAILED")
    desk.ended(done)
    headers = {"Accept-Language": language}
    for path, noun in ((f"/{done}", of_task), (f"/{task}/subtasks/{desk.sub(task, 'a')['id']}", of_subtask)):
        error = desk.call("POST", f"{path}/retry", 400, headers=headers)["error"]
        assert error["message"].startswith(noun)
        assert not any(own in error["message"] for own in ("Step", "Run ", "步骤", "运行"))


STUBBORN = "trap '' TERM; "


def test_b10_retry_of_a_subtask_that_has_not_failed(narrow: Desk, gate: Gate) -> None:
    task = narrow.start(
        noop("done"), shell("a", STUBBORN + gate.script), shell("b", "true"), noop("later", "a")
    )
    gate.arrived()
    expected = {"done": "SUCCESSFUL", "a": "RUNNING", "b": "READY", "later": "PENDING"}
    for name, status in expected.items():
        error = narrow.refused(task, "retry", name)
        assert str(narrow.sub(task, name)["id"]) in error["message"]
        assert status in error["message"]
    narrow.verb(task, "cancel", "a")
    assert "CANCELING" in narrow.refused(task, "retry", "a")["message"]
    gate.go()
    narrow.ended(task, "FAILED")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_b11_unknown_ids(desk: Desk, language: str) -> None:
    task = desk.start(noop("a"))
    calls = [("GET", f"/{n}{rest}", n) for n in (404404, 2**62, -5) for rest in ("",)]
    calls += [("POST", f"/404404/{verb}", 404404) for verb in ("retry", "rollback")]
    sub = desk.sub(task, "a")["id"]
    calls += [("POST", f"/404404/subtasks/{sub}/{verb}", 404404) for verb in SUB_VERBS]
    calls += [("POST", f"/{task}/subtasks/505505/{verb}", 505505) for verb in SUB_VERBS]
    calls += [("GET", f"/{task}/subtasks/505505/log", 505505), ("GET", f"/404404/subtasks/{sub}/log", 404404)]
    for method, path, id in calls:
        error = desk.call(method, path, 404, headers={"Accept-Language": language})["error"]
        assert error["code"] == 20000
        assert str(id) in error["message"]
        assert ("任务" in error["message"]) == (language == "zh-CN")


def test_b12_a_subtask_of_another_task(desk: Desk) -> None:
    one, other = desk.start(shell("a", FAIL)), desk.start(shell("a", FAIL))
    for task in (one, other):
        desk.ended(task, "FAILED")
    before = [desk.task(one), desk.task(other)]
    path = f"/{one}/subtasks/{desk.sub(other, 'a')['id']}"
    for method, verb in (("POST", "cancel"), ("POST", "retry"), ("POST", "skip"), ("GET", "log")):
        assert desk.call(method, f"{path}/{verb}", 404)["error"]["code"] == 20000
    assert [desk.task(one), desk.task(other)] == before


def test_b13_skip_of_a_failed_subtask(desk: Desk, trace: Trace) -> None:
    task = desk.start(shell("a", f"{trace.says('a')}; {FAIL}"), shell("b", f"{trace.says('b')}", "a"))
    desk.ended(task, "FAILED")
    desk.verb(task, "skip", "a")
    assert desk.states(task)["a"] == "SUCCESSFUL/SKIP"
    desk.ended(task)
    assert desk.states(task) == {"a": "SUCCESSFUL/SKIP", "b": "SUCCESSFUL/EXECUTE"}
    assert trace.words == ["a", "b"]
    skipped = desk.sub(task, "a")
    assert (skipped["runTime"], skipped["executor"]) == (1, "local")


def test_b14_skip_of_anything_else(desk: Desk, gate: Gate) -> None:
    task = desk.start(noop("done"), shell("a", gate.script), noop("later", "a"))
    gate.arrived()
    for name in ("done", "a", "later"):
        desk.refused(task, "skip", name)
    gate.go()
    desk.ended(task)


def test_b15_skip_within_a_failed_rollback(desk: Desk, trace: Trace) -> None:
    task = desk.start(
        shell("a", "true", rollback={"script": trace.says("-a")}),
        shell("b", "true", "a", rollback={"script": f"{trace.says('-b')}; {FAIL}"}),
        shell("c", FAIL, "b"),
    )
    desk.ended(task, "FAILED")
    desk.verb(task, "rollback")
    desk.ended(task, "FAILED")
    assert desk.states(task)["b"] == "FAILED/ROLLBACK"
    desk.verb(task, "skip", "b")
    done = desk.ended(task)
    assert done["operation"] == "ROLLBACK"
    assert desk.states(task) == dict.fromkeys("abc", "PENDING/ROLLBACK")
    assert trace.words == ["-b", "-a"]
    assert desk.sub(task, "b")["executor"] == "local"


@pytest.mark.parametrize(("verb", "state"), [("skip", "SUCCESSFUL/SKIP"), ("retry", "SUCCESSFUL/RETRY")])
def test_b16_cancel_of_a_running_subtask(desk: Desk, gate: Gate, verb: str, state: str) -> None:
    task = desk.start(shell("a", gate.script))
    gate.arrived()
    desk.verb(task, "cancel", "a")
    done = desk.ended(task, "FAILED")
    sub = by_name(done, "a")
    assert (sub["status"], sub["operation"]) == ("FAILED", "CANCEL")
    gate.go()
    desk.verb(task, verb, "a")
    desk.ended(task)
    assert desk.states(task) == {"a": state}


def test_b17_cancel_of_what_does_not_run(narrow: Desk, gate: Gate) -> None:
    task = narrow.start(
        shell("a", STUBBORN + gate.script),
        shell("ready", "true"),
        noop("later", "a"),
        shell("c", FAIL, "ready"),
    )
    gate.arrived()
    assert narrow.sub(task, "ready")["status"] == "READY"
    narrow.refused(task, "cancel", "later")
    narrow.verb(task, "cancel", "ready")  # our difference: nothing of it may ever start
    ready = narrow.sub_is(task, "ready", "FAILED")
    assert (ready["operation"], "startTime" in ready) == ("CANCEL", False)
    narrow.refused(task, "cancel", "ready")
    narrow.verb(task, "cancel", "a")
    assert narrow.sub(task, "a")["status"] == "CANCELING"
    narrow.refused(task, "cancel", "a")
    gate.go()
    narrow.ended(task, "FAILED")


def test_b18_cancel_races_with_the_end(desk: Desk, gate: Gate) -> None:
    """Whoever is first, there is one end, and it stays."""
    name = desk.publish(shell("a", gate.script))
    for _ in range(10):
        task = desk.client.post(f"/api/v1/workflows/{name}/runs", json={}).json()["id"]
        gate.arrived()
        sub = desk.sub(task, "a")["id"]
        both = threading.Barrier(2)

        def cancel(task: int = task, sub: int = sub, both: threading.Barrier = both) -> int:
            both.wait()
            return desk.client.post(f"/api/v2/tasks/instances/{task}/subtasks/{sub}/cancel").status_code

        with ThreadPoolExecutor(1) as other:
            answer = other.submit(cancel)
            both.wait()
            gate.go()
        done = desk.when(task, lambda now: now["status"] != "RUNNING")
        expected = "FAILED/CANCEL" if answer.result() == 200 else "SUCCESSFUL/EXECUTE"
        assert desk.states(task) == {"a": expected}
        assert done["status"] == expected.partition("/")[0]
        moves = [c for commit in desk.history(task) for c in commit if c.get("move")]
        assert sum(move["status"] in ("SUCCESSFUL", "FAILED") for move in moves) == 1
        gate.drained()


def test_b19_the_result_of_a_cancelled_subtask_is_discarded(desk: Desk, gate: Gate, trace: Trace) -> None:
    task = desk.start(shell("a", f"{STUBBORN}{gate.script}; {trace.says('done')}"), noop("b", "a"))
    gate.arrived()
    desk.verb(task, "cancel", "a")
    assert desk.sub(task, "a")["status"] == "CANCELING"
    gate.go()
    desk.ended(task, "FAILED")
    assert trace.words == ["done"]
    assert desk.states(task) == {"a": "FAILED/CANCEL", "b": "PENDING/EXECUTE"}


def test_b46_two_retries_at_once(desk: Desk, gate: Gate) -> None:
    task = desk.start(shell("a", gate.script))
    gate.go("n")
    desk.ended(task, "FAILED")
    both = threading.Barrier(2)

    def retry() -> int:
        both.wait()
        return desk.client.post(f"/api/v2/tasks/instances/{task}/retry").status_code

    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(retry) for _ in range(2)]
    assert sorted(answer.result() for answer in answers) == [200, 400]
    gate.go()
    desk.ended(task)
    assert desk.sub(task, "a")["runTime"] == 2
