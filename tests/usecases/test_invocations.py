"""Tokens for calls from outside: whom they stand for, and every refusal, over the memory store."""

from dataclasses import replace
from typing import Any

import pytest

from headrace.core.access.caller import Caller
from headrace.core.run.capabilities import Capabilities
from headrace.core.words import Permission
from headrace.identity.bootstrap import ADMIN
from headrace.identity.gate import caller_of
from headrace.ports.audit import AuditFilter
from headrace.ports.errors import Gone, Refused
from headrace.ports.records import TenantRecord
from headrace.ports.store import Writer
from headrace.usecases import definitions, invocations
from headrace.usecases.invocations import MOST, YEAR, digest_of
from tests.people import caller

TENANT = 1
NOW = 1_000.0
TEXT = "hri_text"


@pytest.fixture
def writer(writer: Writer) -> Writer:
    """With a published workflow that takes calls."""
    publish(writer)
    return writer


def publish(writer: Writer, name: str = "web", **spec: Any) -> int:
    """The workflow's id."""
    document = {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": name},
        "spec": {"nodes": [{"id": "a", "executor": "noop"}], "invocation": {"enabled": True}, **spec},
    }
    there = {"noop": Capabilities()}
    checked = definitions.check(document, there)
    return definitions.apply_definition(writer, NOW, caller(), checked, there, True).record.id


def admin(writer: Writer) -> Caller:
    user = writer.user_named(TENANT, ADMIN)
    assert user is not None
    return caller_of(writer, user)


def given(writer: Writer, text: str = TEXT, **options: Any) -> int:
    return invocations.create(writer, NOW, admin(writer), "web", digest_of(text), **options)


def flow(writer: Writer, name: str = "web") -> int:
    record = writer.workflow(TENANT, name)
    assert record is not None
    return record.id


def refused(writer: Writer, work: Any) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        work()
    return caught.value.kind, caught.value.code


def admitted(writer: Writer, text: str = TEXT, now: float = NOW, id: int | None = None) -> tuple[str, str]:
    return refused(writer, lambda: invocations.admit(writer, now, id or flow(writer), text))


def used(writer: Writer) -> tuple[str, str]:
    return refused(writer, lambda: invocations.use(writer, NOW, flow(writer), TEXT, "::1"))


def test_a_token_holds_a_year_and_stands_for_its_maker(writer: Writer) -> None:
    id = given(writer, label="ci")
    [token] = invocations.tokens(writer, TENANT, "web")
    assert (token.id, token.label, token.user, token.expires_at) == (id, "ci", ADMIN, NOW + YEAR)
    found = invocations.admit(writer, NOW, flow(writer), TEXT)
    assert found.token == token
    assert (found.actor.id, found.actor.name) == (token.user_id, ADMIN)


def test_use_marks_the_token_and_is_written_down(writer: Writer) -> None:
    given(writer)
    found = invocations.use(writer, NOW + 5, flow(writer), TEXT, "::1")
    assert found.workflow.name == "web"
    assert invocations.tokens(writer, TENANT, "web")[0].last_used_at == NOW + 5
    newest, made, *_ = writer.audit(TENANT, AuditFilter(), None, 10)
    assert (newest.action, newest.kind, newest.object, newest.address) == ("invoke", "workflow", "web", "::1")
    assert (made.action, made.kind, made.object) == ("create", "invocation", "web")


def test_only_who_may_start_runs_makes_tokens(writer: Writer) -> None:
    other = replace(admin(writer), permissions=frozenset({Permission.WORKFLOW_EDITOR}))
    make = lambda: invocations.create(writer, NOW, other, "web", "d")  # noqa: E731
    assert refused(writer, make) == ("forbidden", "permission_missing")
    id = given(writer)
    turn = lambda: invocations.rotate(writer, NOW, other, "web", id, "d")  # noqa: E731
    assert refused(writer, turn) == ("forbidden", "permission_missing")
    with pytest.raises(Gone):
        invocations.create(writer, NOW, admin(writer), "absent", "d")


def test_a_limited_number_holds_at_a_time(writer: Writer) -> None:
    ids = [given(writer, f"hri_{i}") for i in range(MOST)]
    assert refused(writer, lambda: given(writer)) == ("limit", "invocation_tokens_many")
    invocations.revoke(writer, NOW, admin(writer), "web", ids[0])
    given(writer)
    later = invocations.create(writer, NOW + YEAR, admin(writer), "web", "d")
    assert later > ids[-1]


def test_revoking_is_once(writer: Writer) -> None:
    id = given(writer)
    for now in (NOW + 1, NOW + 2):
        assert invocations.revoke(writer, now, admin(writer), "web", id) == id
    assert invocations.tokens(writer, TENANT, "web")[0].revoked_at == NOW + 1
    assert admitted(writer) == ("unauthenticated", "invocation_token_revoked")
    with pytest.raises(Gone):
        invocations.revoke(writer, NOW, admin(writer), "web", id + 1)


def test_rotation_keeps_label_and_lifetime(writer: Writer) -> None:
    old = given(writer, label="ci", lifetime=60.0)
    new = invocations.rotate(writer, NOW + 30, admin(writer), "web", old, digest_of("hri_new"))
    token, before = invocations.tokens(writer, TENANT, "web")
    assert (token.id, token.label, token.expires_at) == (new, "ci", NOW + 90)
    assert before.revoked_at == NOW + 30
    again = lambda: invocations.rotate(writer, NOW, admin(writer), "web", old, "d")  # noqa: E731
    assert refused(writer, again) == ("state", "invocation_revoked_already")


def test_tokens_that_prove_nothing(writer: Writer) -> None:
    given(writer, lifetime=60.0)
    assert admitted(writer, "hr_api") == ("unauthenticated", "invocation_token_kind")
    assert admitted(writer, "hri_other") == ("unauthenticated", "invocation_token_wrong")
    assert admitted(writer, now=NOW + 60) == ("unauthenticated", "invocation_token_expired")
    invocations.admit(writer, NOW + 59, flow(writer), TEXT)


def test_a_token_starts_one_workflow(writer: Writer) -> None:
    given(writer)
    other = publish(writer, "other")
    assert admitted(writer, id=other) == ("forbidden", "invocation_token_foreign")
    assert admitted(writer, id=404) == ("forbidden", "invocation_token_foreign")


def test_its_maker_may_lose_what_it_stands_for(writer: Writer) -> None:
    given(writer)
    user = writer.user_named(TENANT, ADMIN)
    assert user is not None
    for roles in ((), ("viewer",)):
        writer.put_user(replace(user, roles=roles))
        assert admitted(writer) == ("forbidden", "invocation_user_rights")
    writer.put_user(replace(user, disabled=True))
    assert admitted(writer) == ("forbidden", "invocation_user_disabled")
    [token] = invocations.tokens(writer, TENANT, "web")
    writer.put_invocation_token(replace(token, user_id=404))
    assert admitted(writer) == ("forbidden", "invocation_user_disabled")


def test_a_disabled_tenant_starts_nothing(writer: Writer) -> None:
    given(writer)
    writer.add_tenant(TenantRecord(9, "closed", disabled=True))
    [token] = invocations.tokens(writer, TENANT, "web")
    writer.put_invocation_token(replace(token, tenant=9))
    assert admitted(writer) == ("forbidden", "invocation_tenant_disabled")


@pytest.mark.parametrize(
    "spec", [{"invocation": {"enabled": False}}, {"invocation": {}}, {"invocation": None}]
)
def test_the_published_version_says_whether_calls_are_taken(writer: Writer, spec: Any) -> None:
    given(writer)
    publish(writer, **spec)
    assert used(writer) == ("state", "invocation_off")
    definitions.offline(writer, NOW, caller(), "web")
    assert used(writer) == ("state", "invocation_not_published")
    assert invocations.tokens(writer, TENANT, "web")[0].last_used_at is None


def test_tokens_go_with_their_workflow(writer: Writer) -> None:
    given(writer)
    id = flow(writer)
    definitions.offline(writer, NOW, caller(), "web")
    definitions.delete(writer, 1.0, caller(), "web")
    assert admitted(writer, id=id) == ("unauthenticated", "invocation_token_wrong")
