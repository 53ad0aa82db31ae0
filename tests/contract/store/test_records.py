"""Definitions, targets, people, and answers kept for a repeated request."""

from dataclasses import replace
from typing import Any

import pytest

from headrace.ports.errors import Conflict
from headrace.ports.records import (
    RoleRecord,
    StoredAnswer,
    TargetRecord,
    TenantRecord,
    TokenRecord,
    UserRecord,
    VersionRecord,
    WorkflowRecord,
)
from headrace.ports.store import Store
from tests.storage.samples import MINE, NOW, OTHERS

SEARCHES = [("%", ["a%"]), ("_", ["b_"]), ("'", ["c'"]), ("数据", ["数据"]), ("D", ["Dd"]), ("no", [])]


def workflow(name: str, id: int = 1, **changes: Any) -> WorkflowRecord:
    made = WorkflowRecord(
        id, MINE, name, "备注", {"spec": {"n": [1]}}, "e" * 64, None, 0, NOW, NOW + 1, "ada"
    )
    return replace(made, **changes)


def version(number: int, id: int, **changes: Any) -> VersionRecord:
    return replace(VersionRecord(id, MINE, "w", number, {"spec": number}, NOW, "ada"), **changes)


def target(name: str, id: int = 1, **changes: Any) -> TargetRecord:
    return replace(TargetRecord(id, MINE, "host", name, {"os": "linux"}, None), **changes)


def user(name: str, id: int = 1, **changes: Any) -> UserRecord:
    return replace(UserRecord(id, MINE, name, None, False, ("admin", "值班")), **changes)


def token(name: str, id: int = 1, **changes: Any) -> TokenRecord:
    return replace(TokenRecord(id, MINE, 1, name, f"digest of {name}", NOW, None, None), **changes)


def put(store: Store, how: str, *records: Any) -> None:
    with store.write() as writer:
        for record in records:
            getattr(writer, how)(record)


# -- definitions


def test_workflows_are_put_by_name(store: Store) -> None:
    put(store, "put_workflow", workflow("w"))
    newer = workflow("w", published=2, latest=3, remark="", draft={}, etag="f", updated_at=NOW + 5)
    put(store, "put_workflow", newer, workflow("w", 2, tenant=OTHERS))
    with store.read() as reader:
        assert reader.workflow(MINE, "w") == newer
        assert reader.workflow(OTHERS, "w") == workflow("w", 2, tenant=OTHERS)
        assert reader.workflow(MINE, "W") is None
        assert reader.workflow(3, "w") is None


def test_a_workflow_of_another_id_takes_the_name_over(store: Store) -> None:
    put(store, "put_workflow", workflow("w", 1), workflow("w", 2, remark="new"))
    with store.read() as reader:
        assert reader.workflow(MINE, "w") == workflow("w", 2, remark="new")
        assert reader.workflows(MINE, None, 1, 10).total == 1


def test_workflows_are_listed_by_name(store: Store) -> None:
    names = ["b", "a", "数", "B", "_"]
    put(store, "put_workflow", *(workflow(name, id) for id, name in enumerate(names, 1)))
    put(store, "put_workflow", workflow("other", 9, tenant=OTHERS))
    with store.read() as reader:
        page = reader.workflows(MINE, None, 1, 3)
        assert [w.name for w in page.items] == ["B", "_", "a"]
        assert (page.page, page.size, page.total) == (1, 3, 5)
        assert [w.name for w in reader.workflows(MINE, None, 2, 3).items] == ["b", "数"]
        assert reader.workflows(MINE, None, 2**53 - 1, 2_000).items == []


def test_workflows_in_an_order_of_choice(store: Store) -> None:
    changed = {"a": 3.0, "b": 1.0, "c": 3.0}
    put(
        store,
        "put_workflow",
        *(workflow(n, i, updated_at=at) for i, (n, at) in enumerate(changed.items(), 1)),
    )

    def listed(*sort: tuple[str, bool]) -> list[str]:
        with store.read() as reader:
            return [w.name for w in reader.workflows(MINE, None, 1, 10, sort=sort).items]

    assert listed(("name", False)) == ["c", "b", "a"]
    assert listed(("updatedAt", True)) == ["b", "a", "c"]
    assert listed(("updatedAt", False)) == ["a", "c", "b"]
    assert listed(("updatedAt", False), ("name", False)) == ["c", "a", "b"]


def test_workflows_by_whether_they_are_published(store: Store) -> None:
    on, off = workflow("on", 1, published=3), workflow("off", 2, published=None)
    put(store, "put_workflow", on, off)
    with store.read() as reader:
        assert reader.workflows(MINE, None, 1, 10, True).items == [on]
        assert reader.workflows(MINE, None, 1, 10, False).items == [off]
        assert reader.workflows(MINE, "f", 1, 10, True).total == 0
        assert reader.workflows(MINE, None, 1, 10, None).total == 2


@pytest.mark.parametrize(("part", "found"), SEARCHES)
def test_workflows_are_searched_in_name_and_remark(store: Store, part: str, found: list[str]) -> None:
    names = ["a%", "b_", "c'", "数据", "Dd"]
    put(store, "put_workflow", *(workflow(name, id, remark="") for id, name in enumerate(names, 1)))
    put(store, "put_workflow", *(workflow(f"{id}", id, remark=name) for id, name in enumerate(names, 11)))
    with store.read() as reader:
        page = reader.workflows(MINE, part, 1, 100)
    by_remark = [str(11 + names.index(name)) for name in found]
    assert [w.name for w in page.items] == sorted(by_remark + found)
    assert page.total == len(page.items)


def test_deleting_a_workflow_keeps_its_versions(store: Store) -> None:
    put(store, "put_workflow", workflow("w"), workflow("w", 2, tenant=OTHERS))
    put(store, "add_version", version(1, 1))
    with store.write() as writer:
        writer.delete_workflow(MINE, "w")
        writer.delete_workflow(MINE, "never")
    with store.read() as reader:
        assert reader.workflow(MINE, "w") is None
        assert reader.workflow(OTHERS, "w") is not None
        assert reader.version_by_id(1) == version(1, 1)


def test_published_versions(store: Store) -> None:
    put(store, "put_workflow", workflow("b", 1, published=2), workflow("a", 2, published=1))
    put(store, "put_workflow", workflow("c", 3), workflow("b", 4, tenant=OTHERS, published=1))
    records = [version(2, 5, workflow="b"), version(1, 6, workflow="a")]
    put(store, "add_version", *records, version(1, 7, workflow="b"), version(1, 8, workflow="c"))
    put(store, "add_version", version(1, 9, tenant=OTHERS, workflow="b"))
    with store.read() as reader:
        assert reader.published(MINE) == records[::-1]
        assert reader.published(3) == []


def test_versions(store: Store) -> None:
    records = [version(2, 5), version(1, 6), version(1, 7, tenant=OTHERS), version(1, 8, workflow="v")]
    put(store, "add_version", *records)
    with store.read() as reader:
        assert reader.versions(MINE, "w") == [records[1].head, records[0].head]
        assert reader.version(MINE, "w", 2) == records[0]
        assert reader.version(MINE, "w", 3) is None
        assert reader.version(OTHERS, "w", 2) is None
        assert reader.version_by_id(7) == records[2]
        assert reader.version_by_id(9) is None
        assert reader.versions(3, "w") == []


# -- targets


def test_targets(store: Store) -> None:
    one, two = target("web", 1), target("db", 2, attributes={"k": ["v"]}, parent_id=1)
    others = target("web", 3, tenant=OTHERS)
    cluster = target("web", 4, type="cluster")
    put(store, "put_target", one, two, others, cluster)
    with store.read() as reader:
        assert reader.target(MINE, 2) == two
        assert reader.target(MINE, 3) is None
        assert reader.target_named(MINE, "host", "web") == one
        assert reader.target_named(OTHERS, "host", "web") == others
        assert reader.target_named(MINE, "host", "Web") is None
        assert reader.targets_by_id(MINE, [1, 2, 2, 3, 99]) == {1: one, 2: two}
        assert reader.targets_by_id(MINE, []) == {}
        assert reader.targets(MINE, None, None, 1, 10).items == [cluster, two, one]
        assert reader.targets(MINE, "host", None, 1, 10).items == [two, one]
        page = reader.targets(MINE, None, None, 2, 2)
        assert (list(page.items), page.total) == ([one], 3)
        for sort, found in (
            ([("id", False)], [cluster, two, one]),
            ([("name", False)], [cluster, one, two]),
            ([("type", False), ("id", True)], [one, two, cluster]),
        ):
            assert reader.targets(MINE, None, None, 1, 10, sort).items == found
        assert reader.target_children(MINE, 1) == [two]
        assert reader.target_children(OTHERS, 1) == []


@pytest.mark.parametrize(("part", "found"), SEARCHES)
def test_targets_are_searched_by_name(store: Store, part: str, found: list[str]) -> None:
    names = ["a%", "b_", "c'", "数据", "Dd"]
    put(store, "put_target", *(target(name, id) for id, name in enumerate(names, 1)))
    with store.read() as reader:
        assert [t.name for t in reader.targets(MINE, "host", part, 1, 10).items] == found
        assert reader.targets(MINE, "cluster", part, 1, 10).total == 0


def test_many_targets_by_id(store: Store) -> None:
    put(store, "put_target", *(target(f"t{id}", id) for id in range(1, 1_202)))
    with store.read() as reader:
        assert set(reader.targets_by_id(MINE, range(1, 5_000))) == set(range(1, 1_202))


def test_targets_change_and_go(store: Store) -> None:
    put(store, "put_target", target("web"))
    put(store, "put_target", target("Web 2", attributes={}, parent_id=9))
    with store.write() as writer:
        assert writer.target_named(MINE, "host", "Web 2") == target("Web 2", attributes={}, parent_id=9)
        writer.delete_target(OTHERS, 1)
        assert writer.target(MINE, 1) is not None
        writer.delete_target(MINE, 1)
        writer.delete_target(MINE, 1)
    with store.read() as reader:
        assert reader.target(MINE, 1) is None


# -- people


def test_tenants(store: Store) -> None:
    put(store, "add_tenant", TenantRecord(2, "b"), TenantRecord(1, "租户"))
    with store.read() as reader:
        assert reader.tenants() == [TenantRecord(1, "租户"), TenantRecord(2, "b")]
        assert reader.tenant_named("租户") == TenantRecord(1, "租户")
        assert reader.tenant_named("c") is None


def test_users(store: Store) -> None:
    put(store, "put_user", user("bob", 1), user("ada", 2, password_hash="h", disabled=True, roles=()))
    put(store, "put_user", user("bob", 3, tenant=OTHERS))
    with store.read() as reader:
        assert reader.user(MINE, 1) == user("bob", 1)
        assert reader.user(MINE, 3) is None
        assert reader.user_named(MINE, "ada") == user("ada", 2, password_hash="h", disabled=True, roles=())
        assert reader.user_named(MINE, "eve") is None
        page = reader.users(MINE, 1, 1)
        assert ([u.name for u in page.items], page.total) == (["ada"], 2)
        assert [u.name for u in reader.users(MINE, 2, 1).items] == ["bob"]
        for sort, found in (([("disabled", True)], ["bob", "ada"]), ([("name", False)], ["bob", "ada"])):
            assert [u.name for u in reader.users(MINE, 1, 10, sort).items] == found
    put(store, "put_user", user("bob", 1, password_hash="new"))
    with store.read() as reader:
        assert reader.user_named(MINE, "bob") == user("bob", 1, password_hash="new")


def test_roles(store: Store) -> None:
    one = RoleRecord(1, MINE, "ops", frozenset({"TASK_VIEWER", "TASK_MANAGER"}))
    put(
        store,
        "put_role",
        one,
        RoleRecord(2, MINE, "admin", frozenset()),
        RoleRecord(3, OTHERS, "ops", one.permissions),
    )
    changed = replace(one, permissions=frozenset({"TASK_VIEWER"}))
    put(store, "put_role", changed)
    with store.write() as writer:
        writer.delete_role(MINE, 3)
        writer.delete_role(MINE, 2)
    with store.read() as reader:
        assert reader.roles(MINE) == [changed]
        assert [role.id for role in reader.roles(OTHERS)] == [3]


def test_tokens(store: Store) -> None:
    put(store, "put_token", token("b", 2), token("a", 1, user_id=7), token("c", 3, tenant=OTHERS))
    revoked = token("b", 2, revoked_at=NOW, expires_at=NOW + 1)
    put(store, "put_token", revoked)
    with store.read() as reader:
        assert reader.tokens(MINE, None) == [token("a", 1, user_id=7), revoked]
        assert reader.tokens(MINE, 7) == [token("a", 1, user_id=7)]
        assert reader.tokens(OTHERS, 7) == []
        assert reader.token_by_digest("digest of c") == token("c", 3, tenant=OTHERS)
        assert reader.token_by_digest("digest of C") is None
    put(store, "delete_token", 2, 9)
    with store.read() as reader:
        assert reader.tokens(MINE, None) == [token("a", 1, user_id=7)]


@pytest.mark.parametrize(
    ("how", "first", "twin"),
    [
        ("add_version", version(1, 1), version(1, 2)),
        ("put_target", target("a", 1), target("a", 2)),
        ("add_tenant", TenantRecord(1, "a"), TenantRecord(2, "a")),
        ("put_user", user("a", 1), user("a", 2)),
        ("put_role", RoleRecord(1, MINE, "a", frozenset()), RoleRecord(2, MINE, "a", frozenset())),
        ("put_token", token("a", 1), token("a", 2)),
    ],
)
def test_a_name_is_given_once(store: Store, how: str, first: Any, twin: Any) -> None:
    put(store, how, first)
    with pytest.raises(Conflict):
        put(store, how, twin)
    with store.write() as writer:
        with pytest.raises(Conflict), writer.savepoint():
            getattr(writer, how)(twin)
        assert writer.allocate("x", 1) == range(1, 2), "the pen still writes"


# -- answers


def test_answers_are_kept(store: Store) -> None:
    answer = StoredAnswer("f", {"run": 5, "名": None}, NOW)
    with store.write() as writer:
        writer.store_answer(MINE, "POST /runs", "key", answer)
        assert writer.stored_answer(MINE, "POST /runs", "key") == answer
    newer = StoredAnswer("g", 7, NOW + 1)
    with store.write() as writer:
        writer.store_answer(MINE, "POST /runs", "other", answer)
        writer.store_answer(MINE, "POST /runs", "other", newer)
    with store.read() as reader:
        assert reader.stored_answer(MINE, "POST /runs", "key") == answer
        assert reader.stored_answer(MINE, "POST /runs", "other") == newer
        assert reader.stored_answer(OTHERS, "POST /runs", "key") is None
        assert reader.stored_answer(MINE, "POST /other", "key") is None
        assert reader.stored_answer(MINE, "POST /runs", "Key") is None


def test_old_answers_are_forgotten_oldest_first(store: Store) -> None:
    with store.write() as writer:
        for number in (3, 1, 4, 0, 2):
            writer.store_answer(MINE, "r", str(number), StoredAnswer("f", number, NOW + number))
        assert writer.forget_answers(NOW + 3, 2) == 2
    with store.read() as reader:
        assert [n for n in range(5) if reader.stored_answer(MINE, "r", str(n))] == [2, 3, 4]
    with store.write() as writer:
        assert writer.forget_answers(NOW + 3, 2) == 1
        assert writer.forget_answers(NOW + 3, 2) == 0
    with store.read() as reader:
        assert [n for n in range(5) if reader.stored_answer(MINE, "r", str(n))] == [3, 4]
