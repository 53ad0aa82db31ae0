"""Lists of runs: filters, orders, pages, totals, cursors, and whose they are."""

from itertools import chain, combinations, product
from typing import Any

import pytest

from headrace.core.refusal import Refused
from headrace.core.run.state import Step, Target
from headrace.core.words import Operation, Reason, RunStatus, StepStatus, Trigger
from headrace.ports.records import RunFilter
from headrace.ports.store import SORTS, Store
from tests.storage.samples import MINE, NOW, OTHERS, a_decision, a_run, add_run, an_operation, save

NAMES = ["100% sure", "under_score", "it's", "重启数据库", "Back\\slash", "slash/", "UPPER", "100 sure"]


def ids(
    store: Store, which: RunFilter, *sort: tuple[str, bool], tenant: int = MINE, **page: int
) -> list[int]:
    with store.read() as reader:
        found = reader.runs(tenant, which, sort, page.get("page", 1), page.get("size", 100))
        return [run.id for run in found.items]


def named(store: Store) -> None:
    for number, name in enumerate(NAMES, 1):
        add_run(store, a_run(number, workflow=name, targets=(Target(number, "host", name),)))


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("%", [1]),
        ("_", [2]),
        ("'", [3]),
        ("重启", [4]),
        ("\\", [5]),
        ("/", [6]),
        ("upper", [7]),
        ("Pp", [7]),
        ("100", [8, 1]),
        ("sure", [8, 1]),
        ("", [8, 7, 6, 5, 4, 3, 2, 1]),
        ("no such", []),
        ("%%", []),
    ],
)
def test_names_are_searched_literally_in_any_case(store: Store, part: str, found: list[int]) -> None:
    named(store)
    assert ids(store, RunFilter(name=part)) == found
    assert ids(store, RunFilter(target_names={"host": part})) == found
    assert ids(store, RunFilter(target_names={"cluster": part})) == []


def test_the_exact_name_is_exact(store: Store) -> None:
    add_run(store, a_run(1, workflow="Deploy"))
    add_run(store, a_run(2, workflow="deploy"))
    add_run(store, a_run(3, workflow="Deploy 2"))
    assert ids(store, RunFilter(workflow="Deploy")) == [1]
    assert ids(store, RunFilter(workflow="deploy")) == [2]
    assert ids(store, RunFilter(workflow="dep")) == []
    assert ids(store, RunFilter(workflow="")) == []


def test_targets_must_all_match(store: Store) -> None:
    one, two = Target(1, "host", "a"), Target(2, "cluster", "b")
    add_run(store, a_run(1, targets=(one,)))
    add_run(store, a_run(2, targets=(one, two)))
    add_run(store, a_run(3, targets=(Target(1, "cluster", "a"),)))
    add_run(store, a_run(4, targets=(one, two), tenant=OTHERS))
    assert ids(store, RunFilter(target_ids={"host": 1})) == [2, 1]
    assert ids(store, RunFilter(target_ids={"host": 1, "cluster": 2})) == [2]
    assert ids(store, RunFilter(target_ids={"host": 1}, target_names={"cluster": "B"})) == [2]
    assert ids(store, RunFilter(target_ids={"host": 2})) == []
    assert ids(store, RunFilter(target_ids={"host": 1}), tenant=OTHERS) == [4]


def test_no_tenant_sees_another(store: Store) -> None:
    add_run(store, a_run(1))
    add_run(store, a_run(2, tenant=OTHERS))
    for which in (RunFilter(), RunFilter(name="R"), RunFilter(statuses=frozenset({RunStatus.RUNNING}))):
        assert ids(store, which) == [1]
        assert ids(store, which, tenant=OTHERS) == [2]
        assert ids(store, which, tenant=3) == []


def every_word(store: Store) -> None:
    number = 0
    for status, trigger in product(RunStatus, Trigger):
        for tenant in (MINE, OTHERS, MINE):
            number += 1
            add_run(store, a_run(number, status=status, trigger=trigger, tenant=tenant))


def test_totals_are_right_under_every_filter_of_words(store: Store) -> None:
    every_word(store)
    some = [frozenset(), {RunStatus.FAILED}, {RunStatus.RUNNING, RunStatus.EXPIRED}, frozenset(RunStatus)]
    starts = [frozenset(), {Trigger.API}, {Trigger.MANUAL, Trigger.INVOKED}, frozenset(Trigger)]
    with store.read() as reader:
        everyone = reader.runs(MINE, RunFilter(), [], 1, 1_000).items
        for statuses, triggers in product(some, starts):
            which = RunFilter(statuses=frozenset(statuses), triggers=frozenset(triggers))
            expected = [
                run.id
                for run in everyone
                if (not statuses or run.status in statuses) and (not triggers or run.trigger in triggers)
            ]
            page = reader.runs(MINE, which, [], 1, 7)
            assert (page.total, page.page, page.size) == (len(expected), 1, 7)
            assert [run.id for run in page.items] == expected[:7]
            second = reader.runs(MINE, which, [], 2, 7)
            assert [run.id for run in second.items] == expected[7:14]
            named = RunFilter(statuses=which.statuses, triggers=which.triggers, name="restart")
            assert reader.runs(MINE, named, [], 1, 7).total == len(expected)


def test_totals_follow_the_status(store: Store) -> None:
    run = add_run(store, a_run(1))
    add_run(store, a_run(2))

    def totals() -> list[int]:
        with store.read() as reader:
            pages = [reader.runs(MINE, RunFilter(statuses=frozenset({s})), [], 1, 1) for s in RunStatus]
            assert reader.runs(MINE, RunFilter(), [], 1, 1).total == 2
            return [page.total for page in pages]

    assert totals() == [2, 0, 0, 0, 0]
    for number, status, expected in [
        (1, RunStatus.FAILED, [1, 1, 0, 0, 0]),
        (2, RunStatus.RUNNING, [2, 0, 0, 0, 0]),
        (3, RunStatus.EXPIRED, [1, 0, 0, 0, 1]),
    ]:
        decision = a_decision(run, number, status=status)
        save(store, decision)
        run = decision.run
        assert totals() == expected


def mixed(store: Store) -> list[Any]:
    """Runs with equal and missing values in every field one may sort by."""
    names = ["b", "B", "é", "数", "a", "b", "_"]
    statuses = [RunStatus.FAILED, RunStatus.RUNNING, RunStatus.FAILED, RunStatus.CANCELED]
    made = []
    for number in range(1, 15):
        run = a_run(
            number,
            workflow=names[number % len(names)],
            status=statuses[number % len(statuses)],
            created_at=NOW + number % 3,
            started_at=None if number % 4 == 0 else NOW + number % 5,
            finished_at=None if number % 3 == 0 else NOW - number % 2,
        )
        made.append(add_run(store, run))
    return made


@pytest.mark.parametrize("ascending", [True, False])
@pytest.mark.parametrize("field", sorted(SORTS))
def test_orders(store: Store, field: str, ascending: bool) -> None:
    value = {
        "id": "id",
        "name": "workflow",
        "status": "status",
        "createdAt": "created_at",
        "startedAt": "started_at",
        "finishedAt": "finished_at",
    }[field]
    runs = sorted(mixed(store), key=lambda run: -run.id)
    runs.sort(
        key=lambda run: (getattr(run, value) is not None, getattr(run, value)), reverse=not ascending
    )  # what is not there is the smallest; equals stay newest first
    expected = [run.id for run in runs]
    assert ids(store, RunFilter(), (field, ascending)) == expected
    pages = [ids(store, RunFilter(), (field, ascending), page=page, size=4) for page in (1, 2, 3, 4, 5)]
    assert list(chain(*pages)) == expected
    assert [len(page) for page in pages] == [4, 4, 4, 2, 0]


def test_orders_of_two_fields(store: Store) -> None:
    runs = mixed(store)
    for (a, up_a), (b, up_b) in combinations([("name", True), ("createdAt", False), ("startedAt", True)], 2):
        keys = {"name": "workflow", "createdAt": "created_at", "startedAt": "started_at"}
        expected = sorted(runs, key=lambda run: -run.id)
        for field, up in ((b, up_b), (a, up_a)):
            name = keys[field]
            expected.sort(key=lambda r, n=name: (getattr(r, n) is not None, getattr(r, n)), reverse=not up)
        assert ids(store, RunFilter(), (a, up_a), (b, up_b)) == [run.id for run in expected]


def test_an_unknown_field_is_refused(store: Store) -> None:
    with pytest.raises(Refused) as refused:
        ids(store, RunFilter(), ("seq; DROP TABLE run", True))
    assert refused.value.code == "sort_unknown"


@pytest.mark.parametrize("page", [2, 2**53 - 1])
def test_pages_beyond_the_end_are_empty(store: Store, page: int) -> None:
    add_run(store, a_run(1))
    words = RunFilter(statuses=frozenset({RunStatus.RUNNING}))
    for which in (RunFilter(), words, RunFilter(name="r")):
        with store.read() as reader:
            found = reader.runs(MINE, which, [], page, 2_000)
            assert (list(found.items), found.page, found.size, found.total) == ([], page, 2_000, 1)
            assert reader.runs_with_steps(MINE, which, [], page, 2_000).items == []


def test_rows_carry_their_own_steps(store: Store) -> None:
    for number in range(1, 5):
        add_run(store, a_run(number), [Step(number * 10 + i, i) for i in range(number - 1)])
    add_run(store, a_run(9, tenant=OTHERS), [Step(99, 0)])
    with store.read() as reader:
        page = reader.runs_with_steps(MINE, RunFilter(), [], 1, 3)
        assert (page.total, page.page, page.size) == (4, 1, 3)
        assert [(row.run.id, [step.id for step in row.steps]) for row in page.items] == [
            (4, [40, 41, 42]),
            (3, [30, 31]),
            (2, [20]),
        ]


def test_rows_with_steps_beyond_one_query(store: Store) -> None:
    with store.write() as writer:
        for number in range(1, 1_203):
            writer.create_run(a_run(number, operation_id=number), [Step(number, 0)], an_operation(number))
    with store.read() as reader:
        page = reader.runs_with_steps(MINE, RunFilter(), [("id", True)], 1, 2_000)
    assert [(row.run.id, [step.id for step in row.steps]) for row in page.items] == [
        (number, [number]) for number in range(1, 1_203)
    ]


def test_cursors_go_back_in_time(store: Store) -> None:
    for number in range(1, 8):
        add_run(store, a_run(number, workflow="w" if number % 2 else "other"))
    add_run(store, a_run(9, tenant=OTHERS))
    with store.read() as reader:

        def after(before: int | None, which: RunFilter, limit: int) -> list[int]:
            return [run.id for run in reader.runs_after(MINE, which, before, limit)]

        assert after(None, RunFilter(), 3) == [7, 6, 5]
        assert after(5, RunFilter(), 3) == [4, 3, 2]
        assert after(2, RunFilter(), 3) == [1]
        assert after(1, RunFilter(), 3) == []
        assert after(7, RunFilter(workflow="w"), 2) == [5, 3]


@pytest.mark.parametrize(
    ("which", "found"),
    [
        ({"queued": True}, [1]),
        ({"queued": False}, [5, 4, 3, 2]),
        ({"closing": True}, [2]),
        ({"closing": False}, [5, 4, 3, 1]),
        ({"cut_short": True}, [5, 4, 3]),
        ({"cut_short": False}, [2, 1]),
        ({"cut_short": True, "statuses": frozenset({RunStatus.SUCCESSFUL})}, [5, 4]),
        ({"queued": False, "closing": False, "cut_short": False}, []),
    ],
)
def test_how_far_runs_have_come(store: Store, which: dict[str, Any], found: list[int]) -> None:
    begun = {"started_at": NOW}
    add_run(store, a_run(1))
    add_run(store, a_run(2, closing=RunStatus.CANCELED, **begun))
    add_run(store, a_run(3, status=RunStatus.CANCELED, **begun))
    add_run(store, a_run(4, status=RunStatus.SUCCESSFUL, operation=Operation.ROLLBACK, **begun))
    broken = Step(50, 0, status=StepStatus.BYPASSED, reason=Reason.BROKEN)
    add_run(store, a_run(5, status=RunStatus.SUCCESSFUL, **begun), [broken])
    assert ids(store, RunFilter(**which)) == found
    with store.read() as reader:
        assert [run.id for run in reader.runs_after(MINE, RunFilter(**which), None, 10)] == found
        assert reader.runs(MINE, RunFilter(**which), (), 1, 1).total == len(found)
