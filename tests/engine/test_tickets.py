"""The same Idempotency-Key: the same answer, and no second effect."""

from typing import Any

import pytest

from headrace.core.run.events import PauseRun, RetryStep
from headrace.ports.errors import Broken, Gone, Refused
from headrace.ports.inbox import Told
from tests.engine.desk import ADA, TENANT, Desk, noop, task, ticket


def runs_stored(desk: Desk) -> int:
    with desk.store.read() as reader:
        return len(reader.open_runs())


@pytest.fixture
def flow(desk: Desk) -> Desk:
    desk.publish("flow", task("a"))
    return desk


def test_a_repeated_start_gives_the_same_run(flow: Desk) -> None:
    first = flow.ask(flow.starting("flow", ticket()))
    assert flow.ask(flow.starting("flow", ticket())) == first
    assert runs_stored(flow) == 1


def test_also_after_a_crash(flow: Desk) -> None:
    first = flow.ask(flow.starting("flow", ticket()))
    flow.restart()
    assert flow.ask(flow.starting("flow", ticket())) == first


def test_twins_in_one_batch_are_both_answered(flow: Desk) -> None:
    futures = [flow.starting("flow", ticket()) for _ in range(3)]
    flow.go()
    assert len({future.result(0) for future in futures}) == 1
    assert runs_stored(flow) == 1


def test_another_request_under_the_same_key_is_refused(flow: Desk) -> None:
    first = flow.starting("flow", ticket(fingerprint="one"))
    second = flow.starting("flow", ticket(fingerprint="two"))
    flow.go()
    third = flow.starting("flow", ticket(fingerprint="two"))
    flow.go()
    assert first.result(0)
    for other in (second, third):
        with pytest.raises(Refused) as refused:
            other.result(0)
        assert refused.value.code == "idempotency_mismatch"


def test_keys_belong_to_a_route_and_a_tenant(flow: Desk) -> None:
    flow.publish("flow", task("a"), tenant=2)
    keys = [ticket(), ticket(key="k2"), ticket(route="r2"), ticket(tenant=2)]
    runs = {flow.ask(flow.starting("flow", key, tenant=key.tenant)) for key in keys}
    assert len(runs) == 4


def test_a_refusal_is_not_kept(desk: Desk) -> None:
    futures = [desk.starting("flow", ticket()) for _ in range(2)]
    desk.go()
    for future in futures:
        with pytest.raises(Gone):
            future.result(0)
    desk.publish("flow", noop("a"))
    assert desk.ask(desk.starting("flow", ticket()))


def test_a_repeated_verb_is_applied_once(flow: Desk) -> None:
    run = flow.start("flow")
    flow.finish(run, "a", ok=False)
    step = flow.step(run, "a").id
    futures = [flow.engine.tell(TENANT, run, RetryStep(step, ADA), ticket()) for _ in range(2)]
    flow.go()
    futures.append(flow.engine.tell(TENANT, run, RetryStep(step, ADA), ticket()))
    flow.go()
    assert [future.result(0) for future in futures] == [Told(run, step)] * 3
    assert flow.step(run, "a").attempt == 2


def test_a_refused_verb_refuses_its_twins(flow: Desk) -> None:
    run = flow.start("flow")
    step = flow.step(run, "a").id
    futures = [flow.engine.tell(TENANT, run, RetryStep(step, ADA), ticket()) for _ in range(2)]
    flow.go()
    for future in futures:
        with pytest.raises(Refused):
            future.result(0)


def test_twins_of_a_verb_for_nobody_are_answered(desk: Desk) -> None:
    futures = [desk.engine.tell(TENANT, 9, PauseRun(ADA), ticket()) for _ in range(2)]
    desk.go()
    for future in futures:
        with pytest.raises(Gone):
            future.result(0)


def test_a_transaction_is_done_once(desk: Desk) -> None:
    done: list[int] = []

    def work(writer: Any, now: float) -> Any:
        done.append(1)
        return {"id": len(done), "at": now}

    futures = [desk.engine.transact(work, ticket()) for _ in range(2)]
    desk.go()
    futures.append(desk.engine.transact(work, ticket()))
    desk.go()
    assert [future.result(0) for future in futures] == [{"id": 1, "at": 1_000.0}] * 3
    assert done == [1]


def test_a_failed_transaction_fails_its_twins_and_may_be_repeated(desk: Desk) -> None:
    ready: list[int] = []

    def work(writer: Any, now: float) -> int:
        desk.target_id = writer.allocate("target", 1)[0]  # type: ignore[attr-defined]
        if not ready:
            raise Refused("state", "not_yet")
        return 5

    futures = [desk.engine.transact(work, ticket()) for _ in range(2)]
    desk.go()
    for future in futures:
        with pytest.raises(Refused):
            future.result(0)
    ready.append(1)
    assert desk.ask(desk.engine.transact(work, ticket())) == 5


def test_answers_are_forgotten_after_a_day(flow: Desk) -> None:
    first = flow.ask(flow.starting("flow", ticket()))
    flow.clock.time += 24 * 3600 - 1
    assert flow.ask(flow.starting("flow", ticket())) == first
    flow.clock.time += 61
    flow.start("flow")  # any commit, some time later
    assert flow.ask(flow.starting("flow", ticket())) != first


def test_broken_is_not_kept(flow: Desk) -> None:
    def work(writer: Any, now: float) -> int:
        raise Broken("disk_full")

    with pytest.raises(Broken):
        flow.ask(flow.engine.transact(work, ticket()))
    flow.go()
    assert flow.ask(flow.engine.transact(lambda writer, now: 5, ticket())) == 5
