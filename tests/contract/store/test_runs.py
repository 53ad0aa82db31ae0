"""Runs: what is stored comes back, decisions are guarded, queues and children are found."""

from typing import Any

import pytest
from msgspec.structs import replace

from headrace.core.run.state import Step
from headrace.core.words import CLOSED, Operation, Reason, RunStatus, StepStatus, Wait
from headrace.ports.errors import Conflict
from headrace.ports.records import RunFilter
from headrace.ports.store import Store
from tests.storage.samples import (
    HOST,
    MINE,
    NOW,
    OTHERS,
    a_decision,
    a_run,
    add_run,
    an_attempt,
    an_operation,
    everything,
    full_run,
    full_step,
    save,
    undone,
)


@pytest.mark.parametrize("run", [a_run(), full_run(), a_run(2**53 - 1)])
def test_every_field_comes_back(store: Store, run: object) -> None:
    assert isinstance(run, type(a_run()))
    steps = [Step(9, 0), full_step(3)]
    add_run(store, run, steps)
    with store.read() as reader:
        assert reader.run(MINE, run.id) == reader.run(None, run.id) == run
        assert reader.steps(run.id) == [full_step(3), Step(9, 0)], "in id order"
        assert reader.operations(run.id) == [an_operation(run.operation_id)]
        assert reader.attempts(3) == []
        assert reader.history(run.id, 0, 100) == []


def test_what_is_not_there(store: Store) -> None:
    add_run(store, a_run(1), [Step(1, 0)])
    with store.read() as reader:
        assert reader.run(None, 2) is None
        assert reader.run(OTHERS, 1) is None, "another tenant's is as absent as one that never was"
        assert reader.steps(2) == []
        assert reader.step_run(2) is None
        assert reader.operations(2) == []
        assert reader.attempts(2) == []
        assert reader.history(2, 0, 10) == []
        assert reader.children(1) == []
        assert reader.child_of(1, 1) is None


def test_a_step_knows_its_run(store: Store) -> None:
    add_run(store, a_run(1), [Step(1, 0)])
    add_run(store, a_run(2), [Step(2, 0), Step(3, 1)])
    with store.read() as reader:
        assert [reader.step_run(step) for step in (1, 2, 3)] == [1, 2, 2]


def test_a_decision_changes_creates_and_removes(store: Store) -> None:
    run = add_run(store, a_run(1), [Step(1, 0), Step(2, 1), Step(3, 2)])
    changed = replace(full_step(1), node=0, created_at=0.0)
    created = replace(full_step(4), node=3)
    attempt = an_attempt(1, 1)
    closed = an_operation(1, finished_at=NOW + 9, status=RunStatus.FAILED)
    opened = an_operation(2, verb=Operation.RETRY)
    decision = a_decision(
        run,
        steps=[changed, created],
        created={4},
        reshaped={1},
        removed=[3],
        attempts=[attempt],
        operations=[closed, opened],
        status=RunStatus.FAILED,
        paused=True,
        closing=RunStatus.CANCELED,
        operation=None,
        started_at=NOW,
        finished_at=NOW + 1,
        deadline=NOW + 2,
        message="halt",
        operation_id=2,
    )
    save(store, decision)
    with store.read() as reader:
        assert reader.run(MINE, 1) == decision.run
        assert reader.steps(1) == [changed, Step(2, 1), created]
        assert reader.step_run(3) is None
        assert reader.attempts(1) == [attempt]
        assert reader.operations(1) == [closed, opened]
        (row,) = reader.history(1, 0, 10)
        assert (row.run, row.seq, row.at, row.changes) == (1, 1, NOW, decision.history)


def test_values_are_taken_away_again(store: Store) -> None:
    run = add_run(store, full_run(1), [full_step(1)])
    bare = replace(
        Step(1, 2, 3, {"item": [1]}, created_at=NOW), inputs={"inputs": 2}, votes=[], children=[31, 32, 33]
    )
    decision = a_decision(
        run,
        steps=[bare],
        status=RunStatus.RUNNING,
        closing=None,
        finished_at=None,
        deadline=None,
        message=None,
    )
    save(store, decision)
    with store.read() as reader:
        assert reader.run(MINE, 1) == decision.run
        assert reader.steps(1) == [bare]


def test_the_head_stays_where_nothing_of_it_changed(store: Store) -> None:
    run = add_run(store, a_run(1), [Step(1, 0)])
    decision = a_decision(run, steps=[Step(1, 0, status=StepStatus.READY)])
    assert not decision.turned
    save(store, decision)
    with store.read() as reader:
        assert reader.run(MINE, 1) == run
        assert (reader.sequence(1), reader.sequence(2)) == (1, 0)


def test_a_decision_that_changed_nothing_writes_nothing(store: Store) -> None:
    run = add_run(store, a_run(1), [Step(1, 0)])
    decision = a_decision(run, steps=[Step(1, 0, status=StepStatus.FAILED)])
    decision.changed = False
    with store.read() as reader:
        before = everything(reader)
    save(store, decision)
    save(store)
    with store.read() as reader:
        assert everything(reader) == before


def test_another_sequence_is_a_conflict_and_nothing_is_written(store: Store) -> None:
    first = add_run(store, a_run(1), [Step(1, 0)])
    second = add_run(store, a_run(2), [Step(2, 0)])
    save(store, a_decision(second))
    with store.read() as reader:
        before = everything(reader)
    good = a_decision(first, steps=[Step(1, 0, status=StepStatus.FAILED)], attempts=[an_attempt(1)])
    stale = a_decision(second, status=RunStatus.FAILED)
    with pytest.raises(Conflict):
        save(store, good, stale)
    with store.read() as reader:
        assert everything(reader) == before
    save(store, good)


@pytest.mark.parametrize("changes", [{"status": RunStatus.FAILED}, {"steps": [Step(1, 0)]}])
def test_what_is_not_there_is_a_conflict(store: Store, changes: Any) -> None:
    with pytest.raises(Conflict):
        save(store, a_decision(a_run(1), **changes))
    with store.read() as reader:
        assert reader.history(1, 0, 10) == []


def test_a_conflict_in_a_savepoint_leaves_the_rest(store: Store) -> None:
    run = add_run(store, a_run(1))
    with store.write() as writer:
        writer.save([a_decision(run, message="kept")])
        with pytest.raises(Conflict), writer.savepoint():
            writer.save([a_decision(run, message="stale")])
    with store.read() as reader:
        found = reader.run(MINE, 1)
        assert found is not None
        assert (found.message, reader.sequence(1)) == ("kept", 1)


def test_history_is_paged_by_sequence(store: Store) -> None:
    run = add_run(store, a_run(1))
    for number in range(1, 8):
        save(store, a_decision(run, number, history=[{"run": "x", "n": number}]))
    with store.read() as reader:
        assert [row.seq for row in reader.history(1, 0, 3)] == [1, 2, 3]
        assert [row.seq for row in reader.history(1, 3, 3)] == [4, 5, 6]
        assert [row.seq for row in reader.history(1, 6, 3)] == [7]
        assert reader.history(1, 7, 3) == []
        assert reader.history(1, 2, 1)[0].changes == [{"run": "x", "n": 3}]


def test_attempts_come_oldest_first(store: Store) -> None:
    run = add_run(store, a_run(1), [Step(1, 0), Step(2, 0)])
    plain = an_attempt(
        1, 2, phase=None, reason=None, message=None, outputs=None, worker=None, started_at=None
    )
    save(store, a_decision(run, attempts=[an_attempt(1, 1), an_attempt(2, 1), plain]))
    with store.read() as reader:
        assert reader.attempts(1) == [an_attempt(1, 1), plain]
        assert reader.attempts(2) == [an_attempt(2, 1)]


def test_open_and_due_runs(store: Store) -> None:
    statuses = list(RunStatus)
    for index, status in enumerate(statuses):
        add_run(store, a_run(10 + index, status=status))
        add_run(store, a_run(20 + index, status=status, deadline=NOW))
        add_run(store, a_run(30 + index, status=status), [Step(index + 1, 0, due_at=NOW)])
    still = [index for index, status in enumerate(statuses) if status not in CLOSED]
    running = statuses.index(RunStatus.RUNNING)
    with store.read() as reader:
        assert reader.open_runs() == [10 + running, 20 + running, 30 + running]
        assert reader.due_runs() == [20 + i for i in still] + [30 + i for i in still]


def test_runs_by_their_ids(store: Store) -> None:
    add_run(store, a_run(1, status=RunStatus.FAILED))
    add_run(store, a_run(2, status=RunStatus.RUNNING))
    add_run(store, a_run(3, tenant=2))
    with store.read() as reader:
        found = reader.runs_by_id(1, [1, 2, 3, 4])
        assert found == {id: reader.run(1, id) for id in (1, 2)}
        assert reader.runs_by_id(1, []) == {}


def test_one_step(store: Store) -> None:
    add_run(store, a_run(1), [Step(1, 0), Step(2, 0)])
    add_run(store, a_run(2), [Step(3, 0)])
    with store.read() as reader:
        assert reader.step(1, 2) == reader.steps(1)[1]
        assert reader.step(1, 3) is None
        assert reader.step(1, 9) is None


def test_queued_and_active_runs_of_a_workflow(store: Store) -> None:
    add_run(store, a_run(1, workflow="w"))
    add_run(store, a_run(2, workflow="w", started_at=NOW))
    add_run(store, a_run(3, workflow="w"))
    add_run(store, a_run(4, workflow="w", tenant=OTHERS))
    add_run(store, a_run(5, workflow="W"))
    add_run(store, a_run(6, workflow="w", status=RunStatus.FAILED))
    add_run(store, a_run(7, workflow="w", status=RunStatus.FAILED, started_at=NOW))
    with store.read() as reader:
        assert reader.queued_runs(MINE, "w") == [1, 3]
        assert reader.active_count(MINE, "w") == 1
        assert reader.queued_runs(OTHERS, "w") == [4]
        assert reader.active_count(OTHERS, "w") == 0


def test_children(store: Store) -> None:
    add_run(store, a_run(1), [Step(1, 0)])
    add_run(store, a_run(2, parent_run=1, parent_step=1, parent_attempt=1))
    add_run(store, a_run(3, parent_run=1, parent_step=1, parent_attempt=2))
    with store.read() as reader:
        assert [run.id for run in reader.children(1)] == [2, 3]
        assert [reader.child_of(1, attempt) for attempt in (1, 2, 3)] == [2, 3, None]


def test_an_attempt_has_one_child(store: Store) -> None:
    add_run(store, a_run(1), [Step(1, 0)])
    add_run(store, a_run(2, parent_run=1, parent_step=1, parent_attempt=1))
    twin = a_run(3, parent_run=1, parent_step=1, parent_attempt=1)
    with pytest.raises(Conflict):
        add_run(store, twin)
    with store.write() as writer:
        with pytest.raises(Conflict), writer.savepoint():
            writer.create_run(twin, [], an_operation(3))
        writer.create_run(a_run(4), [], an_operation(4))
    with store.read() as reader:
        assert [run.id for run in reader.children(1)] == [2]
        assert reader.run(MINE, 3) is None
        assert reader.run(MINE, 4) is not None


def test_a_run_is_created_once(store: Store) -> None:
    add_run(store, a_run(1))
    with pytest.raises(Conflict):
        add_run(store, a_run(1, workflow="other"))
    with store.read() as reader:
        assert reader.run(MINE, 1) == a_run(1)
        assert reader.runs(MINE, RunFilter(), [], 1, 10).total == 1


def test_a_target_named_twice_counts_once(store: Store) -> None:
    run = add_run(store, a_run(1, targets=(HOST, replace(HOST, root=False))))
    with store.read() as reader:
        assert reader.runs(MINE, RunFilter(target_ids={"host": 7}), [], 1, 10).items == [run]


def test_what_is_undone_was_never_there(store: Store) -> None:
    run = add_run(store, a_run(1), [Step(1, 0), Step(2, 0)])
    with store.read() as reader:
        before = everything(reader)
    decision = a_decision(
        run,
        steps=[Step(1, 0, status=StepStatus.FAILED, reason=Reason.ERROR), Step(5, 0)],
        created={5},
        removed=[2],
        attempts=[an_attempt(1)],
        operations=[an_operation(1, finished_at=NOW), an_operation(2)],
        status=RunStatus.FAILED,
    )
    undone(store, lambda writer: writer.save([decision]))
    undone(store, lambda writer: writer.create_run(a_run(2), [Step(9, 0)], an_operation(9)))
    with store.read() as reader:
        assert everything(reader) == before
        assert reader.attempts(1) == []
        assert reader.step_run(5) is None
    save(store, decision)
    with store.read() as reader:
        assert [step.id for step in reader.steps(1)] == [1, 5]


def test_what_active_steps_wait_for(store: Store) -> None:
    gate = Step(1, 0, status=StepStatus.RUNNING, wait=Wait.APPROVAL)
    work = [Step(2, 1, status=StepStatus.READY), Step(7, 3, status=StepStatus.RUNNING)]
    add_run(store, a_run(1), [gate, *work, Step(3, 2)])
    add_run(
        store, a_run(2), [Step(4, 0, status=StepStatus.SUCCESSFUL), Step(5, 1, status=StepStatus.CANCELING)]
    )
    add_run(store, a_run(3), [Step(6, 0, status=StepStatus.RUNNING, wait=Wait.TIMER)])
    with store.read() as reader:
        found = reader.active_waits([1, 2, 4])  # nothing waits in the second
        assert sorted(found, key=str) == [(1, Wait.APPROVAL), (1, None)]
        assert reader.active_waits([3]) == [(3, Wait.TIMER)]
        assert reader.active_waits([]) == []
