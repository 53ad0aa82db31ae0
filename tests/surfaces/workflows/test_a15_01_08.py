"""Acceptance cases 1 to 8: joins, failures, break, abort, and running again."""

from collections.abc import Callable

import pytest

from tests.api.flows import noop, shell
from tests.surfaces.desk import Gate, Trace
from tests.surfaces.workflows.desk import FlowDesk

FAIL = "exit 3"


def diamond(b: str, trace: Trace) -> list[object]:
    return [
        shell("a", trace.says("a")),
        shell("b", f"{trace.says('b')}; {b}", "a"),
        shell("c", trace.says("c"), "a"),
        shell("d", trace.says("d"), "b", "c"),
    ]


def test_a15_01_a_join_starts_once_after_both(flow: FlowDesk, trace: Trace) -> None:
    instance = flow.run(*diamond("true", trace))
    assert flow.until(instance, "SUCCESS", "FAIL")["flowStatus"] == "SUCCESS"
    assert set(flow.states(instance).values()) == {"SUCCESS"}
    assert trace.words[0] == "a"
    assert sorted(trace.words[1:3]) == ["b", "c"]
    assert trace.words[3:] == ["d"]


def test_a15_01_a_failure_is_handed_on_and_its_sibling_runs(flow: FlowDesk, trace: Trace) -> None:
    instance = flow.run(*diamond(FAIL, trace))
    flow.until(instance, "FAIL")
    assert flow.states(instance) == {"a": "SUCCESS", "b": "FAIL", "c": "SUCCESS", "d": "FAIL"}
    assert sorted(trace.words) == ["a", "b", "c"]


def test_a15_01_the_join_waits_for_the_other_branch(flow: FlowDesk, gate: Gate) -> None:
    instance = flow.run(shell("b", FAIL), shell("c", gate.script), noop("d", "b", "c"), noop("e", "d"))
    gate.arrived()
    flow.job_until(instance, "b", "FAIL")
    assert flow.states(instance) == {"b": "FAIL", "c": "RUNNING", "d": "PENDING", "e": "PENDING"}
    gate.go()
    flow.until(instance, "FAIL")
    assert flow.states(instance) == {"b": "FAIL", "c": "SUCCESS", "d": "FAIL", "e": "FAIL"}


def test_a15_02_two_chains_on_one_canvas(flow: FlowDesk, trace: Trace) -> None:
    instance = flow.run(
        shell("a1", FAIL),
        noop("a2", "a1"),
        shell("b1", trace.says("b1")),
        shell("b2", trace.says("b2"), "b1"),
        shell("alone", trace.says("alone")),
    )
    flow.until(instance, "FAIL")
    wanted = {"a1": "FAIL", "a2": "FAIL", "b1": "SUCCESS", "b2": "SUCCESS", "alone": "SUCCESS"}
    assert flow.states(instance) == wanted
    assert sorted(trace.words) == ["alone", "b1", "b2"]


def test_a15_03_break_stops_a_job_and_all_after_it(flow: FlowDesk, gate: Gate, trace: Trace) -> None:
    instance = flow.run(
        shell("a", gate.script),
        shell("b", trace.says("b"), "a"),
        shell("c", trace.says("c"), "b"),
        shell("side", trace.says("side"), "a"),
    )
    gate.arrived()
    flow.call("breakFlow", workInstanceId=flow.job(instance, "b"))
    assert flow.states(instance) == {"a": "RUNNING", "b": "BREAK", "c": "BREAK", "side": "PENDING"}
    gate.go()
    flow.until(instance, "ABORT")
    assert flow.states(instance) == {"a": "SUCCESS", "b": "BREAK", "c": "BREAK", "side": "SUCCESS"}
    assert trace.words == ["side"]
    ids = {
        status: {row["workflowInstanceId"] for row in flow.history(executeStatus=status)}
        for status in ("ABORT", "SUCCESS", "BREAK")
    }
    assert instance in ids["ABORT"]
    assert instance not in ids["SUCCESS"]
    assert ids["BREAK"] == set()


def test_a15_03_only_what_waits_can_be_broken(flow: FlowDesk, gate: Gate) -> None:
    instance = flow.run(shell("a", gate.script), noop("b", "a"))
    gate.arrived()
    assert "RUNNING" in flow.call("breakFlow", 409, workInstanceId=flow.job(instance, "a"))["msg"]
    gate.go()
    flow.until(instance, "SUCCESS")
    flow.call("breakFlow", 409, workInstanceId=flow.job(instance, "b"))
    flow.call("breakFlow", 404, workInstanceId="404404")
    flow.call("reRunFlow", workflowInstanceId=instance)  # nothing is locked
    gate.arrived()
    gate.go()
    flow.until(instance, "SUCCESS")


def test_a15_04_abort_while_one_runs_and_one_waits(flow: FlowDesk, gate: Gate) -> None:
    stubborn = "trap '' TERM; " + gate.script
    instance = flow.run(shell("a", stubborn), noop("b", "a"))
    gate.arrived()
    flow.call("abortFlow", workflowInstanceId=instance)
    now = flow.jobs(instance)
    assert now["flowStatus"] == "ABORTING"
    assert flow.states(instance) == {"a": "ABORTING", "b": "ABORT"}
    assert instance in [row["workflowInstanceId"] for row in flow.history(executeStatus="ABORTING")]
    gate.go()
    done = flow.until(instance, "ABORT")
    assert isinstance(done["duration"], int)
    assert flow.states(instance) == {"a": "ABORT", "b": "ABORT"}
    refused = flow.call("abortFlow", 409, workflowInstanceId=instance)
    assert refused["err"] == "run_wrong_state"
    assert instance in refused["msg"]


def test_a15_05_abort_of_one_job_ends_the_flow(flow: FlowDesk, gate: Gate) -> None:
    """There the flow stays RUNNING for ever. Here it ends as FAIL, and can be run on from the job."""
    instance = flow.run(shell("a", gate.script), noop("b", "a"), noop("side"))
    gate.arrived()
    path = f"/api/v1/runs/{instance}/steps/{flow.job(instance, 'a')}/cancel"
    assert flow.client.post(path).status_code == 200
    flow.until(instance, "FAIL")
    assert flow.states(instance) == {"a": "ABORT", "b": "ABORT", "side": "SUCCESS"}
    gate.drained()
    flow.call("runAfterFlow", workInstanceId=flow.job(instance, "a"))
    gate.arrived()
    gate.go()
    flow.until(instance, "SUCCESS")


def ends_well(flow: FlowDesk, gate: Gate) -> str:
    instance = flow.run(shell("a", f"echo first; {gate.script}"), noop("b", "a"))
    gate.arrived()
    gate.go()
    flow.until(instance, "SUCCESS")
    return instance


def ends_badly(flow: FlowDesk, gate: Gate) -> str:
    instance = flow.run(shell("a", f"echo first; {gate.script}"), noop("b", "a"))
    gate.arrived()
    gate.go("n")
    flow.until(instance, "FAIL")
    return instance


def is_aborted(flow: FlowDesk, gate: Gate) -> str:
    instance = flow.run(shell("a", f"echo first; {gate.script}"), noop("b", "a"))
    gate.arrived()
    flow.call("abortFlow", workflowInstanceId=instance)
    flow.until(instance, "ABORT")
    gate.drained()
    return instance


@pytest.mark.parametrize("begin", [ends_well, ends_badly, is_aborted])
def test_a15_06_rerun_of_a_flow_keeps_earlier_logs(
    flow: FlowDesk, gate: Gate, begin: Callable[[FlowDesk, Gate], str]
) -> None:
    instance = begin(flow, gate)
    flow.call("reRunFlow", workflowInstanceId=instance)
    gate.arrived()
    assert flow.states(instance) == {"a": "RUNNING", "b": "PENDING"}
    gate.go()
    flow.until(instance, "SUCCESS")
    assert "first" in flow.log(instance, "a", 1)
    assert "first" in flow.log(instance, "a", 2)


def test_a15_06_a_running_flow_is_aborted_first(flow: FlowDesk, gate: Gate) -> None:
    instance = flow.run(shell("a", gate.script))
    gate.arrived()
    assert flow.call("reRunFlow", 409, workflowInstanceId=instance)["err"] == "run_wrong_state"
    gate.go()
    flow.until(instance, "SUCCESS")


def test_a15_07_rerun_downstream_resets_only_what_comes_after(
    flow: FlowDesk, gate: Gate, trace: Trace
) -> None:
    result = """echo '{"n": 7}' > "$HEADRACE_OUTPUTS"; """
    b = {
        "script": f"{trace.says('b-$N')}; {gate.script}",
        "env": {"N": {"$cel": "string(steps.a.outputs.n)"}},
    }
    instance = flow.run(
        shell("a", result + trace.says("a")),
        {**noop("b", "a"), "executor": "shell", "with": b},
        shell("c", trace.says("c"), "b"),
        shell("d", trace.says("d"), "c"),
        shell("side", trace.says("side"), "a"),
    )
    gate.arrived()
    gate.go()
    flow.until(instance, "SUCCESS")
    flow.call("runAfterFlow", workInstanceId=flow.job(instance, "b"))
    gate.arrived()
    wanted = {"a": "SUCCESS", "b": "RUNNING", "c": "PENDING", "d": "PENDING", "side": "SUCCESS"}
    assert flow.states(instance) == wanted
    gate.go()
    flow.until(instance, "SUCCESS")
    assert sorted(trace.words) == ["a", "b-7", "b-7", "c", "c", "d", "d", "side"]


def test_a15_08_rerun_of_one_job_leaves_its_children(flow: FlowDesk, trace: Trace) -> None:
    instance = flow.run(shell("a", trace.says("a")), shell("b", trace.says("b"), "a"), noop("c", "b"))
    flow.until(instance, "SUCCESS")
    flow.call("runCurrentNode", workInstanceId=flow.job(instance, "a"))
    flow.until(instance, "SUCCESS")
    assert trace.words == ["a", "b", "a"]


def test_a15_08_the_flow_is_judged_anew(flow: FlowDesk, gate: Gate, trace: Trace) -> None:
    """There a child that failed because of the job stays FAIL. Here it was waiting, and runs now."""
    instance = flow.run(shell("b", gate.script), shell("c", trace.says("c"), "b"))
    gate.arrived()
    gate.go("n")
    flow.until(instance, "FAIL")
    assert flow.states(instance) == {"b": "FAIL", "c": "FAIL"}
    flow.call("runCurrentNode", workInstanceId=flow.job(instance, "b"))
    gate.arrived()
    gate.go()
    flow.until(instance, "SUCCESS")
    assert flow.states(instance) == {"b": "SUCCESS", "c": "SUCCESS"}
    assert trace.words == ["c"]
