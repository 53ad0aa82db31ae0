"""Case 14, as the surface shows it: a job whose own time has not come is PENDING, whatever it waits for."""

from headrace.core.run.events import Actor
from headrace.core.words import Trigger
from headrace.ports.inbox import StartRun
from tests.api.flows import noop
from tests.surfaces.workflows.desk import FlowDesk

SECONDS = 30.0
NEW_YEAR = {"cron": "0 3 1 1 *"}


def scheduled(flow: FlowDesk, name: str) -> str:
    """An instance as the schedule starts it."""
    with flow.live.system.store.read() as reader:
        record = next(each for each in reader.all_schedules() if each.workflow == name)
    request = StartRun(
        record.tenant,
        name,
        actor=Actor(0, "system"),
        trigger=Trigger.SCHEDULED,
        planned_at=flow.live.system.clock.now(),
    )
    return str(flow.live.system.inbox.start_run(request).result(SECONDS))


def test_a15_14_before_its_time_a_job_is_pending(flow: FlowDesk) -> None:
    schedule = {"cron": "0 2 1 1 *", "mode": "discrete"}
    nodes = (noop("a"), {**noop("b", "a"), "schedule": NEW_YEAR}, noop("c", "b"))
    instance = scheduled(flow, flow.name(flow.flow(*nodes, schedule=schedule)))
    flow.job_until(instance, "a", "SUCCESS")
    assert flow.states(instance) == {"a": "SUCCESS", "b": "PENDING", "c": "PENDING"}
    assert flow.jobs(instance)["flowStatus"] == "RUNNING"
    native = flow.client.get(f"/api/v1/runs/{instance}/steps").json()["items"]
    (waiting,) = [step for step in native if step["node"] == "b"]
    assert (waiting["status"], waiting["wait"]) == ("RUNNING", "timer")


def test_a15_14_started_by_hand_it_does_not_wait(flow: FlowDesk) -> None:
    nodes = (noop("a"), {**noop("b", "a"), "schedule": NEW_YEAR})
    instance = flow.run(*nodes, schedule={"cron": "0 2 1 1 *", "mode": "discrete"})
    assert flow.until(instance, "SUCCESS")["flowStatus"] == "SUCCESS"


def test_a15_14_broken_off_before_its_time(flow: FlowDesk) -> None:
    nodes = (noop("a"), {**noop("b", "a"), "schedule": NEW_YEAR})
    schedule = {"cron": "0 2 1 1 *", "mode": "discrete"}
    instance = scheduled(flow, flow.name(flow.flow(*nodes, schedule=schedule)))
    flow.job_until(instance, "a", "SUCCESS")
    flow.call("breakFlow", workInstanceId=flow.job(instance, "b"))
    flow.job_until(instance, "b", "BREAK")
