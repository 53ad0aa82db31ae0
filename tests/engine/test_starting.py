"""What a start needs, what it refuses, and that its run goes to its end."""

from typing import Any

import pytest

from headrace.core.run.events import RetryStep
from headrace.core.words import StepStatus, Trigger
from headrace.ports.errors import Gone, Refused
from headrace.ports.inbox import StartRun
from tests.engine.desk import ADA, OTHER_TENANT, TENANT, Desk, noop, task


def chain(length: int) -> list[Any]:
    return [noop("n0"), *(noop(f"n{i}", f"n{i - 1}") for i in range(1, length))]


def test_a_chain_runs_to_its_end(desk: Desk) -> None:
    desk.publish("chain", *chain(5))
    run = desk.start("chain")
    assert desk.statuses(run) == ["SUCCESSFUL"]
    assert {step.status for step in desk.steps(run)} == {StepStatus.SUCCESSFUL}


def test_a_wide_run_goes_through_many_batches(desk: Desk) -> None:
    middle = [noop(f"m{i}", "a") for i in range(3_000)]
    desk.publish("wide", noop("a"), *middle, noop("z", *(node["id"] for node in middle)))
    run = desk.start("wide")
    assert desk.statuses(run) == ["SUCCESSFUL"]
    assert desk.figure("engine_attempts_successful_total") == 3_002


def test_the_work_begins_only_when_its_start_is_stored(desk: Desk) -> None:
    desk.publish("one", task("a"))
    run = desk.start("one")
    step = desk.step(run, "a")
    assert step.status is StepStatus.READY
    assert desk.hands.begun == []
    desk.accept(run, "a")
    assert desk.step(run, "a").status is StepStatus.RUNNING
    assert desk.hands.begun == [(run, step.id, 1)]
    desk.finish(run, "a", outputs={"x": 1})
    assert desk.step(run, "a").outputs == {"x": 1}
    assert desk.statuses(run) == ["SUCCESSFUL"]


def test_a_run_keeps_its_version(desk: Desk) -> None:
    desk.publish("flow", task("a"))
    old = desk.start("flow")
    desk.publish("flow", noop("b"), number=2)
    new = desk.start("flow")
    assert [desk.run(each).version for each in (old, new)] == [1, 2]
    desk.restart()
    desk.finish(old, "a")
    assert desk.statuses(old, new) == ["SUCCESSFUL", "SUCCESSFUL"]


def test_a_version_can_be_named(desk: Desk) -> None:
    desk.publish("flow", noop("a"))
    desk.publish("flow", noop("b"), number=2)
    assert desk.run(desk.start("flow", version=1)).version == 1
    assert desk.run(desk.start("flow", version=1)).version == 1, "from memory this time"
    with pytest.raises(Gone):
        desk.start("flow", version=3)


def test_the_head_says_who_and_why(desk: Desk) -> None:
    desk.publish("flow", noop("a"))
    run = desk.run(desk.start("flow", trigger=Trigger.INVOKED, bindings={"a": 1}, mock=True, debug=True))
    assert (run.creator_id, run.creator, run.trigger) == (ADA.id, ADA.name, Trigger.INVOKED)
    assert (run.bindings, run.mock, run.debug) == ({"a": 1}, True, True)


def test_what_is_not_there_cannot_be_started(desk: Desk) -> None:
    desk.publish("flow", noop("a"))
    with pytest.raises(Gone):
        desk.start("flaw")
    with pytest.raises(Gone):
        desk.start("flow", tenant=OTHER_TENANT)


def test_a_draft_cannot_be_started(desk: Desk) -> None:
    desk.publish("flow", noop("a"))

    def take_offline(writer: Any, now: float) -> None:
        record = writer.workflow(1, "flow")
        record = type(record)(**{f: getattr(record, f) for f in record.__slots__} | {"published": None})
        writer.put_workflow(record)

    desk.start("flow")
    desk.ask(desk.engine.transact(take_offline))
    with pytest.raises(Refused) as refused:
        desk.start("flow")
    assert refused.value.code == "start_not_published"


def test_an_executor_that_is_gone_is_named(desk: Desk) -> None:
    desk.publish("flow", noop("a"), task("b", executor="ghost"))
    with pytest.raises(Refused) as refused:
        desk.start("flow")
    assert [problem.path for problem in refused.value.problems] == ["spec.nodes[1].executor"]


def test_parameters_are_filled_in(desk: Desk) -> None:
    params = {"batch": {"type": "integer", "default": 2}, "name": {"type": "string", "default": "x"}}
    desk.publish("flow", noop("a"), params=params)
    assert desk.run(desk.start("flow", params={"batch": 5})).params == {"batch": 5, "name": "x"}
    with pytest.raises(Refused) as refused:
        desk.start("flow", params={"batch": "many"})
    assert [problem.path for problem in refused.value.problems] == ["params.batch"]


def test_a_fan_out_over_parameters_is_opened_at_once(desk: Desk) -> None:
    desk.publish("flow", noop("a", foreach="params.xs"), params={"xs": {"type": "array"}})
    run = desk.start("flow", params={"xs": [1, 2, 3]})
    assert [(step.parallel_idx, step.item) for step in desk.steps(run)] == [(0, 1), (1, 2), (2, 3)]
    with pytest.raises(Refused) as refused:
        desk.start("flow", params={"xs": [0] * 10_001})
    assert refused.value.code == "run_too_many_steps"


# -- targets


def test_the_root_target_and_its_children_are_seen(desk: Desk) -> None:
    cluster = desk.target("cluster", "c1", obClusterId=4)
    desk.target("host", "h1", cluster)
    tenant = desk.target("tenant", "t1", cluster)
    desk.publish("flow", noop("a"), target="cluster")
    twice = [{"id": tenant}, {"type": "cluster", "name": "c1"}, {"type": "tenant", "name": "t1"}]
    run = desk.run(desk.start("flow", targets=twice))
    assert [(target.id, target.type, target.root) for target in run.targets] == [
        (tenant, "tenant", False),
        (cluster, "cluster", True),
    ]
    assert {key: run.target[key] for key in ("id", "type", "name", "attributes")} == {
        "id": cluster,
        "type": "cluster",
        "name": "c1",
        "attributes": {"obClusterId": 4},
    }
    assert [child["name"] for child in run.target["children"]] == ["h1", "t1"]


def test_without_a_root_type_the_first_target_is_the_root(desk: Desk) -> None:
    desk.target("host", "h1")
    desk.publish("flow", noop("a"))
    assert desk.run(desk.start("flow", targets=[{"type": "host", "name": "h1"}])).target["name"] == "h1"
    assert desk.run(desk.start("flow")).target is None


def test_unknown_targets_are_all_named(desk: Desk) -> None:
    host = desk.target("host", "h1")
    desk.publish("flow", noop("a"))
    wrong = [{"id": 99}, {"id": host}, {"type": "host", "name": "h9"}, {"name": "h1"}, "h1"]
    with pytest.raises(Refused) as refused:
        desk.start("flow", targets=wrong)
    assert [problem.path for problem in refused.value.problems] == [
        "targets[0]",
        "targets[2]",
        "targets[3]",
        "targets[4]",
    ]


def test_an_id_that_is_said_to_be_something_else_is_no_target(desk: Desk) -> None:
    """As when a list was copied from another installation: nothing is run on what was not meant."""
    host = desk.target("host", "h1")
    desk.publish("flow", noop("a"))
    whole = {"id": host, "type": "host", "name": "h1"}
    assert desk.run(desk.start("flow", targets=[whole])).target["name"] == "h1"
    for wrong in ({"type": "cluster"}, {"name": "h2"}):
        with pytest.raises(Refused) as refused:
            desk.start("flow", targets=[{**whole, **wrong}])
        assert refused.value.problems[0].code == "start_target_unknown"


def test_the_root_target_must_be_given(desk: Desk) -> None:
    desk.target("host", "h1")
    desk.publish("flow", noop("a"), target="cluster")
    with pytest.raises(Refused) as refused:
        desk.start("flow", targets=[{"type": "host", "name": "h1"}])
    assert refused.value.problems[0].code == "start_target_missing"


# -- verbs


def test_verbs_reach_their_run_only(desk: Desk) -> None:
    desk.publish("flow", task("a"))
    run, other = desk.start("flow"), desk.start("flow")
    desk.finish(run, "a", ok=False)
    step = desk.step(run, "a").id
    with pytest.raises(Gone):
        desk.tell(run, RetryStep(step), tenant=OTHER_TENANT)
    with pytest.raises(Gone):
        desk.tell(other, RetryStep(step))
    with pytest.raises(Gone):
        desk.tell(12_345, RetryStep(step))
    told = desk.tell(run, RetryStep(step, ADA))
    assert (told.run, told.step) == (run, step)
    assert desk.statuses(run) == ["RUNNING"]


def test_a_refused_verb_changes_nothing(desk: Desk) -> None:
    desk.publish("flow", task("a"))
    run = desk.start("flow")
    before = desk.run(run)
    with pytest.raises(Refused) as refused:
        desk.tell(run, RetryStep(desk.step(run, "a").id, ADA))
    assert refused.value.code == "step_wrong_state"
    assert desk.run(run) == before


def test_facts_for_runs_that_are_not_there_are_passed_over(desk: Desk) -> None:
    desk.publish("flow", task("a"))
    run = desk.start("flow")
    fact = desk.finished(run, "a")
    desk.post(999, fact)
    assert desk.statuses(run) == ["RUNNING"]


def test_a_guard_belongs_to_the_start(desk: Desk) -> None:
    desk.publish("one", noop("a"))

    def refuse(writer: Any, now: float) -> None:
        writer.delete_workflow(TENANT, "one")
        raise Refused("forbidden", "invocation_off", {"workflow": "one"})

    request = StartRun(TENANT, "one", actor=ADA)
    with pytest.raises(Refused):
        desk.ask(desk.engine.start_run(request, None, refuse))
    seen: list[float] = []
    run = desk.ask(desk.engine.start_run(request, None, lambda writer, now: seen.append(now)))
    assert desk.statuses(run) == ["SUCCESSFUL"]  # what the refusal had written is undone
    assert len(seen) == 1
    with pytest.raises(Gone):
        desk.ask(desk.engine.start_run(StartRun(TENANT, "absent"), None, lambda writer, now: None))
