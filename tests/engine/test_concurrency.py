"""At most so many runs of a workflow at once: the rest queues, is skipped, or is allowed."""

import pytest

from headrace.core.run.events import RetryRun, TerminateRun
from headrace.ports.errors import Refused
from tests.engine.desk import ADA, Desk, noop, sub, task

QUEUE = {"limit": 1, "policy": "queue"}


def begun(desk: Desk, *runs: int) -> list[bool]:
    return [desk.run(run).started_at is not None for run in runs]


def test_runs_queue_in_order(desk: Desk) -> None:
    desk.publish("flow", task("a"), concurrency=QUEUE)
    runs = [desk.start("flow") for _ in range(3)]
    assert desk.statuses(*runs) == ["RUNNING"] * 3
    assert begun(desk, *runs) == [True, False, False]
    desk.finish(runs[0], "a")
    assert begun(desk, *runs) == [True, True, False]
    desk.finish(runs[1], "a")
    assert begun(desk, *runs) == [True, True, True]
    desk.finish(runs[2], "a")
    assert desk.statuses(*runs) == ["SUCCESSFUL"] * 3


def test_those_that_start_in_one_batch_are_counted(desk: Desk) -> None:
    desk.publish("flow", task("a"), concurrency={"limit": 2, "policy": "queue"})
    futures = [desk.starting("flow") for _ in range(5)]
    desk.go()
    runs = [future.result(0) for future in futures]
    assert begun(desk, *runs) == [True, True, False, False, False]


def test_runs_that_end_at_once_let_all_others_through(desk: Desk) -> None:
    desk.publish("flow", noop("a"), concurrency=QUEUE)
    futures = [desk.starting("flow") for _ in range(20)]
    desk.go()
    assert desk.statuses(*(future.result(0) for future in futures)) == ["SUCCESSFUL"] * 20


def test_nobody_overtakes(desk: Desk) -> None:
    desk.publish("flow", task("a"), concurrency=QUEUE)
    first, second = desk.start("flow"), desk.start("flow")
    desk.accept(first, "a")
    desk.engine.post([(first, desk.finished(first, "a"))])
    third = desk.starting("flow")  # gathered together with the end that makes room
    desk.go()
    assert begun(desk, second, third.result(0)) == [True, False]


@pytest.mark.parametrize("ok", [True, False])
def test_a_place_is_free_once_the_run_is_not_running(desk: Desk, ok: bool) -> None:
    desk.publish("flow", task("a"), concurrency=QUEUE)
    first, second = desk.start("flow"), desk.start("flow")
    desk.finish(first, "a", ok=ok)
    assert begun(desk, second) == [True]


def test_a_terminated_run_makes_room_when_its_work_is_gone(desk: Desk) -> None:
    desk.publish("flow", task("a"), concurrency=QUEUE)
    first, second = desk.start("flow"), desk.start("flow")
    desk.accept(first, "a")
    desk.tell(first, TerminateRun(ADA))
    assert begun(desk, second) == [False]
    desk.vanish(first, "a")
    assert begun(desk, second) == [True]


def test_a_queued_run_can_be_terminated(desk: Desk) -> None:
    desk.publish("flow", task("a"), concurrency=QUEUE)
    runs = [desk.start("flow") for _ in range(3)]
    desk.tell(runs[1], TerminateRun(ADA))
    assert desk.statuses(runs[1]) == ["CANCELED"]
    assert begun(desk, runs[2]) == [False]
    desk.finish(runs[0], "a")
    assert begun(desk, runs[2]) == [True]


def test_a_repair_is_not_held_up(desk: Desk) -> None:
    desk.publish("flow", task("a"), concurrency=QUEUE)
    first, second = desk.start("flow"), desk.start("flow")
    desk.finish(first, "a", ok=False)
    desk.tell(first, RetryRun(ADA))
    assert desk.statuses(first, second) == ["RUNNING", "RUNNING"]
    desk.finish(second, "a")
    third = desk.start("flow")
    assert begun(desk, third) == [False]
    desk.finish(first, "a")
    assert begun(desk, third) == [True]


def test_skip_refuses(desk: Desk) -> None:
    desk.publish("flow", task("a"), concurrency={"limit": 1, "policy": "skip"})
    first = desk.start("flow")
    with pytest.raises(Refused) as refused:
        desk.start("flow")
    assert refused.value.code == "start_concurrency"
    desk.finish(first, "a")
    assert begun(desk, desk.start("flow")) == [True]


def test_allow_does_not_look(desk: Desk) -> None:
    desk.publish("flow", task("a"), concurrency={"limit": 1, "policy": "allow"})
    assert begun(desk, desk.start("flow"), desk.start("flow")) == [True, True]


def test_the_deadline_counts_from_the_beginning(desk: Desk) -> None:
    desk.publish("flow", task("a"), concurrency=QUEUE, timeout="1m")
    first, second = desk.start("flow"), desk.start("flow")
    desk.after(50)
    desk.finish(first, "a")
    assert desk.run(second).deadline == desk.clock.time + 60
    desk.after(59)
    assert desk.run(second).closing is None
    desk.after(1)
    desk.vanish(second, "a")
    assert desk.statuses(second) == ["EXPIRED"]


def test_an_older_version_without_a_limit_makes_room_too(desk: Desk) -> None:
    desk.publish("flow", task("a"))
    old = desk.start("flow")
    desk.publish("flow", task("a"), number=2, concurrency=QUEUE)
    new = desk.start("flow")
    assert begun(desk, new) == [False]
    desk.finish(old, "a")
    assert begun(desk, new) == [True]


def test_a_limit_is_the_tenants_and_the_workflows_own(desk: Desk) -> None:
    desk.publish("flow", task("a"), concurrency=QUEUE)
    desk.publish("flaw", task("a"), concurrency=QUEUE)
    desk.publish("flow", task("a"), tenant=2, concurrency=QUEUE)
    runs = [desk.start("flow"), desk.start("flaw"), desk.start("flow", tenant=2)]
    assert begun(desk, *runs) == [True, True, True]


def test_the_queue_survives_a_crash(desk: Desk) -> None:
    desk.publish("flow", task("a"), concurrency=QUEUE)
    runs = [desk.start("flow") for _ in range(3)]
    desk.restart()
    desk.go()
    assert begun(desk, *runs) == [True, False, False]
    desk.finish(runs[0], "a")
    assert begun(desk, *runs) == [True, True, False]


def test_a_place_that_became_free_before_a_crash_is_given_after_it(desk: Desk) -> None:
    desk.publish("flow", task("a"), concurrency=QUEUE)
    runs = [desk.start("flow") for _ in range(3)]
    desk.accept(runs[0], "a")
    desk.engine.post([(runs[0], desk.finished(runs[0], "a"))])
    desk.engine.run_once(desk.clock.now())
    desk.restart()
    late = desk.starting("flow")
    desk.go()
    assert begun(desk, *runs, late.result(0)) == [True, True, False, False]


def test_children_queue_as_well(desk: Desk) -> None:
    desk.publish("child", task("a"), concurrency=QUEUE)
    desk.publish("parent", sub("s", "child"))
    first, second = desk.start("parent"), desk.start("parent")
    children = [desk.child(first, "s"), desk.child(second, "s")]
    assert begun(desk, *children) == [True, False]
    desk.finish(children[0], "a")
    desk.finish(children[1], "a")
    assert desk.statuses(first, second) == ["SUCCESSFUL", "SUCCESSFUL"]


def test_many_ends_in_one_batch_release_as_many(desk: Desk) -> None:
    desk.publish("flow", task("a"), concurrency={"limit": 3, "policy": "queue"})
    runs = [desk.start("flow") for _ in range(8)]
    for run in runs[:3]:
        desk.accept(run, "a")
    desk.engine.post([(run, desk.finished(run, "a")) for run in runs[:3]])
    desk.go()
    assert begun(desk, *runs) == [True] * 6 + [False] * 2


def test_a_place_that_frees_up_in_the_batch_of_the_starts_is_given(desk: Desk) -> None:
    desk.publish("flow", task("a"), concurrency={"limit": 2, "policy": "queue"})
    first = desk.start("flow")
    desk.accept(first, "a")
    futures = [desk.starting("flow") for _ in range(3)]
    desk.engine.post([(first, desk.finished(first, "a"))])
    desk.go()
    assert begun(desk, *(future.result(0) for future in futures)) == [True, True, False]
