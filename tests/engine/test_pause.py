"""Pauses, as the engine's loop lives through them."""

import pytest

from headrace.core.run.events import Lost, PauseRun, ResumeRun
from tests.engine.desk import ADA, Desk, task


def rounds(desk: Desk) -> int:
    """How many batches there are before the engine goes to sleep; it must."""
    for count in range(20):
        if not desk.engine.run_once(desk.clock.now()):
            return count
    raise AssertionError("the engine does not come to rest")


@pytest.mark.parametrize("lost", [False, True])
def test_what_falls_due_in_a_pause_lets_the_engine_sleep(desk: Desk, lost: bool) -> None:
    """It was written again and again, as fast as the disk could, until somebody resumed the run."""
    desk.publish("w", task("a", executor="safe", retry={"max": 1, "delay": "5s"}))
    run = desk.start("w")
    desk.accept(run, "a")
    desk.tell(run, PauseRun(ADA))
    step = desk.step(run, "a")
    desk.engine.post([(run, Lost(step.id, 1) if lost else desk.finished(run, "a", ok=False))])
    rounds(desk)
    desk.clock.time += 10
    rounds(desk)
    with desk.store.read() as reader:
        before = reader.sequence(run)
    desk.restart()
    rounds(desk)
    with desk.store.read() as reader:
        assert reader.sequence(run) == before
    desk.tell(run, ResumeRun(ADA))
    assert (desk.step(run, "a").status, desk.step(run, "a").attempt) == ("READY", 2)
    desk.finish(run, "a")
    assert desk.statuses(run) == ["SUCCESSFUL"]
