"""The pen: all or nothing, savepoints, fresh ids, and what readers see of it."""

import threading
from contextlib import suppress
from itertools import chain

from headrace.core.run.state import Step
from headrace.ports.records import RunFilter, TenantRecord
from headrace.ports.store import Store
from tests.storage.samples import (
    MINE,
    a_decision,
    a_run,
    add_run,
    an_attempt,
    an_operation,
    everything,
    full_step,
    save,
    undone,
)


def tenants(store: Store) -> list[str]:
    with store.read() as reader:
        return [tenant.name for tenant in reader.tenants()]


def test_the_pen_sees_what_it_writes(store: Store) -> None:
    with store.write() as writer:
        writer.create_run(a_run(1), [Step(1, 0)], an_operation(1))
        assert writer.run(MINE, 1) == a_run(1)
        assert writer.steps(1) == [Step(1, 0)]
        assert writer.runs(MINE, RunFilter(), [], 1, 10).total == 1
        writer.save([a_decision(a_run(1), steps=[full_step(1)], reshaped={1})])
        assert writer.runs_with_steps(MINE, RunFilter(), [], 1, 10).items[0].steps[0].attempt == 4
        assert writer.sequence(1) == 1
    assert tenants(store) == []


def test_all_or_nothing(store: Store) -> None:
    def work(writer: object) -> None:
        writer.add_tenant(TenantRecord(1, "a"))  # type: ignore[attr-defined]

    undone(store, work)
    assert tenants(store) == []
    with store.write() as writer:
        work(writer)
    assert tenants(store) == ["a"]


def test_a_savepoint_undoes_its_inside_only(store: Store) -> None:
    with store.write() as writer:
        writer.add_tenant(TenantRecord(1, "before"))
        with suppress(ZeroDivisionError), writer.savepoint():
            writer.add_tenant(TenantRecord(2, "inside"))
            writer.create_run(a_run(1), [Step(1, 0)], an_operation(1))
            raise ZeroDivisionError
        writer.add_tenant(TenantRecord(3, "after"))
        with writer.savepoint():
            writer.add_tenant(TenantRecord(4, "good"))
    assert tenants(store) == ["before", "after", "good"]
    with store.read() as reader:
        assert everything(reader) == {"open": [], "due": []}


def test_savepoints_within_savepoints(store: Store) -> None:
    with store.write() as writer:
        with writer.savepoint():
            writer.add_tenant(TenantRecord(1, "outer"))
            with suppress(ZeroDivisionError), writer.savepoint():
                writer.add_tenant(TenantRecord(2, "inner"))
                with writer.savepoint():
                    writer.add_tenant(TenantRecord(3, "innermost"))
                raise ZeroDivisionError
        with suppress(ZeroDivisionError), writer.savepoint():
            writer.add_tenant(TenantRecord(4, "outer again"))
            with writer.savepoint():
                writer.add_tenant(TenantRecord(5, "inner again"))
            raise ZeroDivisionError
    assert tenants(store) == ["outer"]


def test_many_failed_savepoints(store: Store) -> None:
    with store.write() as writer:
        for number in range(100):
            with suppress(ZeroDivisionError), writer.savepoint():
                writer.add_tenant(TenantRecord(number, "x"))
                raise ZeroDivisionError
        writer.add_tenant(TenantRecord(1, "last"))
    assert tenants(store) == ["last"]


def test_ids_grow_and_are_given_once(store: Store) -> None:
    with store.write() as writer:
        assert writer.allocate("run", 1) == range(1, 2)
        assert writer.allocate("run", 3) == range(2, 5)
        assert writer.allocate("step", 1_000) == range(1, 1_001)
    with store.write() as writer:
        assert writer.allocate("run", 1) == range(5, 6)


def test_ids_are_not_given_again_when_a_transaction_is_undone(store: Store) -> None:
    given: list[range] = []
    undone(store, lambda writer: given.append(writer.allocate("run", 10)))
    with store.write() as writer:
        given.append(writer.allocate("run", 2))
        with suppress(ZeroDivisionError), writer.savepoint():
            given.append(writer.allocate("run", 5))
            raise ZeroDivisionError
        given.append(writer.allocate("run", 1))
    undone(store, lambda writer: given.append(writer.allocate("run", 1)))
    with store.write() as writer:
        given.append(writer.allocate("run", 1))
    every = list(chain(*given))
    assert every == sorted(set(every))
    assert [len(some) for some in given] == [10, 2, 5, 1, 1, 1]


def test_a_reader_sees_nothing_that_is_not_committed(store: Store) -> None:
    add_run(store, a_run(1))
    entered, leave = threading.Event(), threading.Event()

    def write() -> None:
        with store.write() as writer:
            writer.save([a_decision(a_run(1), message="new")])
            entered.set()
            leave.wait(20)

    thread = threading.Thread(target=write)
    thread.start()
    assert entered.wait(20)
    # The memory store makes readers wait, the others let them read: in no case do they see half.
    threading.Timer(0.05, leave.set).start()
    with store.read() as reader:
        found = reader.run(MINE, 1)
        assert found is not None
        assert (found.message, reader.sequence(1)) in ((None, 0), ("new", 1))
    leave.set()
    thread.join(20)
    with store.read() as reader:
        assert reader.run(MINE, 1) == a_decision(a_run(1), message="new").run


def test_check_says_nothing_when_all_is_well(store: Store) -> None:
    store.check()
    store.check()
    assert tenants(store) == []


def test_text_that_no_database_holds(store: Store) -> None:
    """Executors say what they like; it must not stop a commit."""
    run = add_run(store, a_run(1), [Step(1, 0), Step(2, 0)])
    odd = "nul \0 half \ud83d end"
    outputs = {"odd": odd, odd: [odd]}
    step = Step(1, 0, message=odd, worker=odd, outputs=outputs, item=odd)
    attempt = an_attempt(1, message=odd, outputs=outputs)
    save(store, a_decision(run, steps=[step], attempts=[attempt], message=odd, history=[{"text": odd}]))
    with store.read() as reader:
        found = reader.run(MINE, 1)
        assert found is not None
        assert found.message
        assert found.message.endswith("end")
        assert len(reader.attempts(1)) == len(reader.history(1, 0, 10)) == 1
