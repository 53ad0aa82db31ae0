"""The licence, and users by what a provider calls them."""

from dataclasses import replace

from headrace.ports.licence import LicenceRecord
from headrace.ports.records import UserRecord
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


def test_users_who_may_sign_in_are_counted(store: Store) -> None:
    ada = UserRecord(1, 1, "ada", None, False, ())
    with store.write() as writer:
        for user in (ada, replace(ada, id=2, name="bob", disabled=True), replace(ada, id=3, tenant=2)):
            writer.put_user(user)
        assert [writer.enabled_users(tenant) for tenant in (1, 2, 3)] == [1, 1, 0]
