"""What definitions allow and calendars or numbers do not: no value of a document stops a run."""

import pytest

from headrace.core.definition.durations import LONGEST
from headrace.core.definition.model import Retry
from headrace.core.instants import instant
from headrace.core.words import Due, NodeKind, Reason, StepStatus
from tests.core.run.world import World, node, task


@pytest.mark.parametrize(("delay", "wanted"), [(0.0, 0.0), (1.0, LONGEST)])
def test_a_delay_that_grows_beyond_all_numbers(delay, wanted):
    w = World(task("a", retry=Retry(max=1000, delay=delay, backoff=100)))
    for _ in range(160):
        w.finish("a", ok=False)
        step = w.step("a")
        assert step.due is Due.RETRY
        assert step.due_at <= w.now + LONGEST
        w.due("a")
    w.finish("a", ok=False)
    assert w.step("a").due_at == w.now + wanted


@pytest.mark.parametrize(
    "until",
    ["1790000000000", "-1e300", "1e300", "'9999-12-31T23:59:59-14:00'", "'0001-01-01T00:00:00+14:00'"],
)
def test_an_instant_that_no_calendar_has_fails_its_timer(until):
    w = World(node(NodeKind.TIMER, "t", wait_until=until))
    assert (w.step("t").status, w.step("t").reason) == (StepStatus.FAILED, Reason.ERROR)
    assert "an instant is needed" in w.step("t").message


def test_the_last_second_of_the_calendar_can_be_waited_for():
    w = World(node(NodeKind.TIMER, "t", wait_until="'9999-12-31T23:59:59Z'"))
    assert instant(w.step("t").due_at) == "9999-12-31T23:59:59.000+00:00"
