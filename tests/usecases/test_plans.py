"""Versions compiled once and kept, and what happens when one cannot be read."""

import pytest

from headrace.core.run.capabilities import Capabilities
from headrace.core.run.state import OperationRecord, Run
from headrace.core.words import Operation
from headrace.ports.errors import Gone, Refused
from headrace.ports.records import VersionRecord
from headrace.storage import MemoryStore
from headrace.usecases import plans as module
from headrace.usecases.plans import Plans
from headrace.usecases.runs import next_queued

ABLE = {"noop": Capabilities(inline=True)}


def document(name, executor="noop", **spec):
    node = {"id": "a", "executor": executor}
    return {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": name},
        "spec": {"nodes": [node], **spec},
    }


@pytest.fixture
def store():
    store = MemoryStore()
    with store.write() as writer:
        limited = {"concurrency": {"limit": 1, "policy": "queue"}}
        writer.add_version(VersionRecord(1, 1, "flow", 1, document("flow", **limited), 0.0, "ada"))
        writer.add_version(VersionRecord(2, 1, "other", 1, document("other", "gone"), 0.0, "ada"))
        writer.add_version(VersionRecord(3, 1, "flow", 2, {"kind": "of a newer program"}, 0.0, "ada"))
    return store


def test_only_so_many_are_kept(store, monkeypatch):
    monkeypatch.setattr(module, "KEPT", 1)
    plans = Plans(ABLE, 10)
    first = plans.by_id(store, 1)
    assert plans.by_id(store, 1) is first
    plans.by_id(store, 2)
    assert plans.by_id(store, 1) is not first


def test_a_version_that_is_not_there(store):
    with pytest.raises(Gone):
        Plans(ABLE, 10).by_id(store, 99)


def test_a_version_whose_executor_is_gone_is_not_started(store):
    with pytest.raises(Refused) as caught:
        Plans(ABLE, 10).to_start(store, 1, "other", 1)
    assert caught.value.problems[0].path == "spec.nodes[0].executor"


def test_a_queued_run_that_cannot_be_read_does_not_hold_the_others_up(store):
    with store.write() as writer:
        for run_id, version in ((1, 3), (2, 1), (3, 1)):
            run = Run(run_id, 1, "flow", version, 1)
            writer.create_run(run, [], OperationRecord(run_id, Operation.EXECUTE, "ada", 0.0))
    assert next_queued(store, Plans(ABLE, 10), 1, "flow", {}) == ([2], True)
