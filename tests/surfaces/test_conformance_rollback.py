"""Conformance B20-B31: rolling a task back."""

from collections.abc import Callable

import pytest

from tests.api.flows import noop, shell
from tests.surfaces.desk import Desk, Gate, Trace

FAIL = "exit 3"
NewGate = Callable[[], Gate]


def undo(trace: Trace, word: str, then: str = "true") -> dict[str, dict[str, str]]:
    """A rollback that leaves a word in the trace."""
    return {"rollback": {"script": f"{trace.says(word)}; {then}"}}


def chain(trace: Trace, b_then: str = "true") -> list[object]:
    """a -> b -> c, and c fails."""
    return [
        shell("a", "true", **undo(trace, "-a")),
        shell("b", "true", "a", **undo(trace, "-b", b_then)),
        shell("c", FAIL, "b", **undo(trace, "-c")),
    ]


def rolled_back(desk: Desk, task: int, status: str = "SUCCESSFUL") -> None:
    """Roll back and wait for the end."""
    desk.ended(task, "FAILED")
    now = desk.verb(task, "rollback")["data"]
    assert (now["id"], now["operation"]) == (task, "ROLLBACK")
    assert desk.ended(task, status)["operation"] == "ROLLBACK"


def test_b20_reverse_order(desk: Desk, trace: Trace) -> None:
    task = desk.start(*chain(trace))
    rolled_back(desk, task)
    assert trace.words == ["-c", "-b", "-a"]
    assert desk.states(task) == dict.fromkeys("abc", "PENDING/ROLLBACK")


def test_b21_independent_leaves_together(desk: Desk, new_gate: NewGate) -> None:
    leaf, failed = new_gate(), new_gate()
    task = desk.start(
        noop("a"),
        shell("b", FAIL, "a", rollback={"script": failed.script}),
        shell("leaf", "true", "a", rollback={"script": leaf.script}),
    )
    desk.ended(task, "FAILED")
    desk.verb(task, "rollback")
    leaf.arrived()
    failed.arrived()  # both are there before either may go on
    leaf.go()
    failed.go()
    desk.ended(task)


def test_b22_what_never_started_is_passed_over(desk: Desk, trace: Trace) -> None:
    task = desk.start(*chain(trace), shell("d", "true", "c", **undo(trace, "-d")))
    rolled_back(desk, task)
    assert trace.words == ["-c", "-b", "-a"]
    assert desk.states(task)["d"] == "PENDING/EXECUTE"


def test_b23_ready_but_never_run(narrow: Desk, gate: Gate, trace: Trace) -> None:
    task = narrow.start(
        shell("x", gate.script, **undo(trace, "-x")), shell("y", trace.says("y"), **undo(trace, "-y"))
    )
    gate.arrived()
    assert narrow.sub(task, "y")["status"] == "READY"
    narrow.refused(task, "rollback")
    narrow.verb(task, "cancel", "y")
    gate.go("n")
    rolled_back(narrow, task)
    assert trace.words == ["-x"]
    assert {state.partition("/")[0] for state in narrow.states(task).values()} == {"PENDING"}


def test_b24_a_task_rolled_back_completely(desk: Desk, trace: Trace) -> None:
    task = desk.start(*chain(trace))
    rolled_back(desk, task)
    row = next(row for row in desk.page()["contents"] if row["id"] == task)
    assert (row["status"], row["operation"]) == ("SUCCESSFUL", "ROLLBACK")
    assert {(sub["status"], sub["operation"]) for sub in row["subtasks"]} == {("PENDING", "ROLLBACK")}


def test_b25_nothing_follows_a_complete_rollback(desk: Desk, trace: Trace) -> None:
    task = desk.start(*chain(trace))
    rolled_back(desk, task)
    desk.refused(task, "retry")
    desk.refused(task, "rollback")
    for verb in ("retry", "skip", "cancel"):
        desk.refused(task, verb, "b")


def test_b26_a_rollback_that_failed_is_resumed(desk: Desk, gate: Gate, trace: Trace) -> None:
    task = desk.start(*chain(trace, gate.script))
    gate.go("n")
    rolled_back(desk, task, "FAILED")
    assert desk.states(task) == {"a": "SUCCESSFUL/EXECUTE", "b": "FAILED/ROLLBACK", "c": "PENDING/ROLLBACK"}
    gate.go()
    rolled_back(desk, task)
    assert trace.words == ["-c", "-b", "-b", "-a"]


@pytest.mark.parametrize("sub", [None, "b"])
def test_b27_retry_resumes_a_rollback_that_failed(
    desk: Desk, gate: Gate, trace: Trace, sub: str | None
) -> None:
    task = desk.start(*chain(trace, gate.script))
    gate.go("n")
    rolled_back(desk, task, "FAILED")
    desk.refused(task, "retry", "c")
    gate.go()
    desk.verb(task, "retry", sub)
    assert desk.ended(task)["operation"] == "ROLLBACK"
    assert trace.words == ["-c", "-b", "-b", "-a"]


def test_b28_rollback_of_a_task_that_has_not_failed(desk: Desk, gate: Gate) -> None:
    task = desk.start(shell("a", gate.script))
    assert "RUNNING" in desk.refused(task, "rollback")["message"]
    gate.go()
    desk.ended(task)
    assert "SUCCESSFUL" in desk.refused(task, "rollback")["message"]


def test_b29_an_executed_subtask_forbids_it(desk: Desk) -> None:
    task = desk.start(shell("a", "true", rollback="forbidden"), shell("b", FAIL, "a"))
    done = desk.ended(task, "FAILED")
    assert done["prohibitRollback"] is True
    assert [sub["prohibitRollback"] for sub in done["subtasks"]] == [True, False]
    assert str(task) in desk.refused(task, "rollback", code=20004)["message"]
    assert desk.task(task) == done


def test_b30_a_pending_subtask_does_not(desk: Desk) -> None:
    task = desk.start(shell("a", FAIL), shell("b", "true", "a", rollback="forbidden"))
    done = desk.ended(task, "FAILED")
    assert done["prohibitRollback"] is False
    assert [sub["prohibitRollback"] for sub in done["subtasks"]] == [False, True]
    rolled_back(desk, task)


def test_b31_rollback_beside_work(desk: Desk, gate: Gate, trace: Trace) -> None:
    task = desk.start(
        shell("a", FAIL, **undo(trace, "-a")),
        shell("b", f"trap '' TERM; {gate.script}; {trace.says('b')}", **undo(trace, "-b")),
    )
    gate.arrived()
    desk.sub_is(task, "a", "FAILED")
    desk.refused(task, "rollback")
    desk.verb(task, "cancel", "b")
    assert desk.sub(task, "b")["status"] == "CANCELING"
    desk.refused(task, "rollback")
    gate.go()
    rolled_back(desk, task)
    assert sorted(trace.words) == ["-a", "-b", "b"]
