"""Those who look at a tenant's runs hear of no other tenant's."""

from collections.abc import Sequence

from headrace.core.run.state import Run
from headrace.engine.watch import Watchers


def a_run(id: int, tenant: int) -> Run:
    return Run(id, tenant, "flow", 1, 1)


def test_a_tenant_is_told_of_its_own_runs_in_one_go() -> None:
    watchers = Watchers()
    rung: list[Sequence[int]] = []
    with watchers.tenant(1, rung.append):
        watchers.changed([a_run(7, 1), a_run(8, 2), a_run(9, 1)])
        watchers.changed([a_run(10, 2)])
    watchers.changed([a_run(11, 1)])
    assert rung == [[7, 9]]


def test_each_of_several_who_look_is_told_until_it_leaves() -> None:
    watchers = Watchers()
    first: list[Sequence[int]] = []
    second: list[Sequence[int]] = []
    with watchers.tenant(1, first.append):
        with watchers.tenant(1, second.append):
            watchers.changed([a_run(1, 1)])
        watchers.changed([a_run(2, 1)])
    assert (first, second) == ([[1], [2]], [[1]])
