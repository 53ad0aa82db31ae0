"""The licence, and users by what a provider calls them."""

from dataclasses import replace

from headrace.ports.licence import LicenceRecord
from headrace.ports.records import Holdings, TenantRecord, UserRecord, WorkflowRecord
from headrace.ports.store import Store

RECORD = LicenceRecord("the text", {"holder": "水务", "maxUsers": None}, None, 5.0, "ada")


def test_there_is_at_most_one(store: Store) -> None:
    with store.write() as writer:
        assert writer.licence() is None
        writer.set_licence(None)
        writer.set_licence(RECORD)
        writer.set_licence(replace(RECORD, fault="licence_tampered"))
    with store.read() as reader:
        assert reader.licence() == replace(RECORD, fault="licence_tampered")
    with store.write() as writer:
        writer.set_licence(None)
        assert writer.licence() is None


def test_users_by_subject(store: Store) -> None:
    ada = UserRecord(1, 1, "ada", None, False, (), subject="work|17", email="ada@example.org")
    bob = UserRecord(2, 1, "bob", None, False, ())
    with store.write() as writer:
        for user in (ada, bob, replace(ada, id=3, tenant=2)):
            writer.put_user(user)
    with store.read() as reader:
        assert reader.user_of_subject(1, "work|17") == ada
        assert reader.user_of_subject(2, "work|17") == replace(ada, id=3, tenant=2)
        assert reader.user_of_subject(1, "work|1") is None


def test_what_tenants_have_is_counted(store: Store) -> None:
    ada = UserRecord(1, 1, "ada", None, False, ())
    flow = WorkflowRecord(1, 1, "a", "", {}, "e", None, 0, 0.0, 0.0, "ada")
    with store.write() as writer:
        for id in (1, 2, 3):
            writer.add_tenant(TenantRecord(id, f"tenant-{id}"))
        for user in (ada, replace(ada, id=2, name="bob", disabled=True), replace(ada, id=3, tenant=2)):
            writer.put_user(user)
        writer.put_workflow(flow)
        writer.put_workflow(replace(flow, id=2, name="b"))
        found = writer.holdings()
    assert {id: found[id] for id in (1, 2, 3)} == {1: Holdings(2, 1), 2: Holdings(0, 1), 3: Holdings(0, 0)}
