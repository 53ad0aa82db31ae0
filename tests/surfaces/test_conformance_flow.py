"""Conformance B1-B4, B33-B43, B62: how a task goes through its graph."""

from collections.abc import Callable

from tests.api.flows import noop, shell
from tests.surfaces.desk import Desk, Gate, Trace, by_name

FAIL = "exit 3"
NewGate = Callable[[], Gate]


def test_b01_three_in_a_row(desk: Desk, trace: Trace) -> None:
    task = desk.start(*(shell(n, trace.says(n), *after) for n, after in (("a", ""), ("b", "a"), ("c", "b"))))
    done = desk.ended(task)
    assert trace.words == ["a", "b", "c"]
    assert desk.states(task) == dict.fromkeys("abc", "SUCCESSFUL/EXECUTE")
    assert [sub["runTime"] for sub in done["subtasks"]] == [1, 1, 1]
    times = [time for sub in done["subtasks"] for time in (sub["startTime"], sub["finishTime"])]
    assert times == sorted(times)
    assert done["operation"] == "EXECUTE"


def test_b02_a_join_waits_for_both_arms(desk: Desk, new_gate: NewGate) -> None:
    left, right = new_gate(), new_gate()
    task = desk.start(
        noop("a"), shell("b", left.script, "a"), shell("c", right.script, "a"), noop("d", "b", "c")
    )
    left.go()
    desk.sub_is(task, "b", "SUCCESSFUL")
    assert desk.states(task)["d"] == "PENDING/EXECUTE"
    right.go()
    desk.ended(task)
    assert desk.states(task)["d"] == "SUCCESSFUL/EXECUTE"


def test_b03_a_slow_sibling_finishes_before_the_task_fails(desk: Desk, gate: Gate) -> None:
    task = desk.start(noop("a"), shell("b", FAIL, "a"), shell("c", gate.script, "a"), noop("d", "b", "c"))
    gate.arrived()
    desk.sub_is(task, "b", "FAILED")
    now = desk.task(task)
    assert (now["status"], by_name(now, "c")["status"]) == ("RUNNING", "RUNNING")
    gate.go()
    desk.ended(task, "FAILED")
    states = desk.states(task)
    assert (states["c"], states["d"]) == ("SUCCESSFUL/EXECUTE", "PENDING/EXECUTE")


def independent(desk: Desk, gate: Gate, **spec: str) -> int:
    """x1 -> x2 beside y1, which has failed when x1 ends."""
    task = desk.start(shell("x1", gate.script), noop("x2", "x1"), shell("y1", FAIL), **spec)
    desk.sub_is(task, "y1", "FAILED")
    gate.go()
    desk.ended(task, "FAILED")
    return task


def test_b04_independent_branch_stops_with_on_failure_stop(desk: Desk, gate: Gate) -> None:
    task = independent(desk, gate, on_failure="stop")
    x2 = desk.sub(task, "x2")
    assert desk.states(task)["x1"] == "SUCCESSFUL/EXECUTE"
    assert (x2["status"], x2["runTime"], "startTime" in x2) == ("PENDING", 0, False)


def test_b04_independent_branch_goes_on_by_default(desk: Desk, gate: Gate) -> None:
    task = independent(desk, gate)
    assert desk.states(task)["x2"] == "SUCCESSFUL/EXECUTE"


def test_b33_time_in_the_queue_is_not_counted(narrow: Desk) -> None:
    task = narrow.start(shell("long", "sleep 1.5"), shell("short", "true", timeout="1s"))
    narrow.sub_is(task, "long", "RUNNING")
    assert narrow.sub(task, "short")["status"] == "READY"
    narrow.ended(task)
    assert narrow.sub(task, "short")["runTime"] == 1


def test_b34_timeout_0_is_no_limit(desk: Desk, gate: Gate) -> None:
    task = desk.start(shell("a", gate.script, timeout=0))
    gate.arrived()
    assert desk.sub(task, "a")["timeout"] == 0
    with desk.live.system.store.read() as reader:
        assert [step.due_at for step in reader.steps(task)] == [None]
    gate.go()
    desk.ended(task)


def test_b35_automatic_retry_counts_and_the_task_fails_once(desk: Desk) -> None:
    task = desk.start(shell("a", FAIL, retry={"max": 1, "delay": 0}))
    done = desk.ended(task, "FAILED")
    assert by_name(done, "a")["runTime"] == 2
    changes = [change for commit in desk.history(task) for change in commit]
    assert [change["run"] for change in changes if "run" in change].count("fail") == 1
    assert [change["status"] for change in changes if change.get("move")].count("FAILED") == 1


def test_b36_never_more_than_two_at_once(desk: Desk, gate: Gate) -> None:
    task = desk.start(shell("a", gate.script, foreach="[1, 2, 3, 4, 5]", max_parallel=2))
    for _ in range(5):
        gate.arrived()
        gate.go()
    desk.ended(task)
    status: dict[int, str] = {}
    most = 0
    for commit in desk.history(task):
        status.update({change["step"]: change["status"] for change in commit if "move" in change})
        most = max(most, sum(each in ("READY", "RUNNING") for each in status.values()))
    assert (most, len(status)) == (2, 5)


def test_b37_parallel_split(desk: Desk) -> None:
    task = desk.start(noop("a"), noop("b", "a", foreach="['x', 'y', 'z']"))
    done = desk.ended(task)
    indexes = [(sub["name"], sub["parallelIdx"], sub["paralleIdx"]) for sub in done["subtasks"]]
    assert indexes == [("a", -1, -1), ("b", 0, 0), ("b", 1, 1), ("b", 2, 2)]


def test_b38_serial_split_is_a_chain(desk: Desk) -> None:
    task = desk.start(noop("a"), noop("b", "a", foreach="[1, 2, 3]", mode="serial"), noop("c", "b"))
    a, *b, c = desk.ended(task)["subtasks"]
    chain = [a, *b, c]
    assert [sub["upstreams"] for sub in chain] == [[], *([sub["id"]] for sub in chain[:-1])]
    assert [sub["downstreams"] for sub in chain] == [*([sub["id"]] for sub in chain[1:]), []]
    assert all(sub["downstream"] == sub["downstreams"] for sub in chain)


def test_b39_every_copy_waits_for_every_copy(desk: Desk) -> None:
    task = desk.start(noop("a", foreach="[1, 2, 3]"), noop("b", "a", foreach="[1, 2]"))
    subs = desk.ended(task)["subtasks"]
    ups = [sub["id"] for sub in subs if sub["name"] == "a"]
    downs = [sub["id"] for sub in subs if sub["name"] == "b"]
    assert (len(ups), len(downs)) == (3, 2)
    assert all(sub["upstreams"] == ups for sub in subs if sub["name"] == "b")
    assert all(sub["downstreams"] == downs for sub in subs if sub["name"] == "a")


def test_b40_a_split_over_nothing_is_passed_through(desk: Desk) -> None:
    task = desk.start(noop("a"), noop("b", "a", foreach="[]"), noop("c", "b"))
    done = desk.ended(task)
    assert [sub["name"] for sub in done["subtasks"]] == ["a", "c"]
    assert by_name(done, "c")["upstreams"] == [by_name(done, "a")["id"]]


def outputs(id: str, **values: object) -> object:
    return noop(id, **{"with": {"outputs": values}})


def test_b41_the_same_output_of_two_arms_is_no_conflict(desk: Desk) -> None:
    both = {"outputs": {"both": {"$cel": "[steps.a.outputs.v, steps.b.outputs.v]"}}}
    task = desk.start(outputs("a", v="left"), outputs("b", v="right"), noop("c", "a", "b", **{"with": both}))
    desk.ended(task)
    assert native_outputs(desk, task, "c") == {"both": ["left", "right"]}


def test_b42_lists_of_both_arms_in_the_order_that_is_asked_for(desk: Desk) -> None:
    union = "steps.a.outputs.l + steps.b.outputs.l.filter(x, !(x in steps.a.outputs.l))"
    task = desk.start(
        outputs("a", l=[3, 1]),
        outputs("b", l=[1, 2]),
        noop("c", "a", "b", **{"with": {"outputs": {"l": {"$cel": union}}}}),
    )
    desk.ended(task)
    assert native_outputs(desk, task, "c") == {"l": [3, 1, 2]}


def test_b43_a_retry_sees_what_the_failed_attempt_left(desk: Desk, trace: Trace) -> None:
    """Outputs written before the failure are in the context of the next attempt."""
    look = "import json, os; print(json.load(open(os.environ['HEADRACE_CONTEXT']))['outputs'])"
    script = f'''seen=$(python3 -c "{look}"); echo "$seen"
if [ "$seen" = None ]; then echo '{{"made": 7}}' > "$HEADRACE_OUTPUTS"; exit 3; fi; {trace.says("seen")}'''
    task = desk.start(shell("a", script))
    desk.ended(task, "FAILED")
    desk.verb(task, "retry")
    desk.ended(task)
    assert trace.words == ["seen"]
    assert "{'made': 7}" in desk.log(task, "a")


def native_outputs(desk: Desk, task: int, node: str) -> object:
    steps = desk.client.get(f"/api/v1/runs/{task}/steps").json()["items"]
    return next(step["outputs"] for step in steps if step["node"] == node)


def test_b62_a_task_without_subtasks_succeeds(desk: Desk) -> None:
    # Nothing can be published without nodes; a fan-out over nothing is how a task comes to have none.
    done = desk.ended(desk.start(noop("a", foreach="[]")))
    assert done["subtasks"] == []
    assert done["prohibitRollback"] is False
