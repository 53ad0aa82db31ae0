"""Limits of licence and tenant: at the limit one can run and edit, but not create (acceptance case 15)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from headrace.core.access.caller import Caller
from headrace.identity.gate import caller_of
from headrace.ports.audit import AuditFilter
from headrace.ports.errors import Refused
from headrace.ports.licence import LicenceRecord
from headrace.ports.records import TenantRecord
from headrace.ports.store import Writer
from headrace.usecases import definitions, identity, licence, tenants
from tests.people import caller

CAPABILITIES: Any = {}
NOW = 1000.0


class Anything:
    """Takes every text for these claims."""

    def __init__(self, **claims: Any) -> None:
        self.claims = claims

    def verify(self, text: str) -> Mapping[str, Any]:
        return self.claims


def admin(writer: Writer) -> Caller:
    user = writer.user_named(1, "admin")
    assert user is not None
    return caller_of(writer, user)


def make(writer: Writer, name: str, tenant: int = 1, remark: str = "") -> None:
    document = {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": name, **({"remark": remark} if remark else {})},
        "spec": {"nodes": []},
    }
    checked = definitions.check(document, CAPABILITIES)
    definitions.apply_definition(writer, NOW, caller("ada", tenant), checked, CAPABILITIES)


def install(writer: Writer, **claims: Any) -> None:
    licence.install(writer, NOW, admin(writer), "text", Anything(holder="Ada", **claims))


def code(call: Any) -> str:
    with pytest.raises(Refused) as refused:
        call()
    assert refused.value.kind == "limit"
    return refused.value.code


def test_the_community_licence_has_no_limit(writer: Writer) -> None:
    for name in ("a", "b"):
        make(writer, name)
    assert licence.usage(writer) == licence.Usage(2, 1, 1)
    assert licence.current(writer, NOW)[1] is None
    licence.refuse_tenant(writer, NOW)
    licence.refuse_user(writer, NOW)


def test_a_tenant_at_its_quota_edits_but_does_not_create(writer: Writer) -> None:
    writer.change_tenant(TenantRecord(1, "default", max_workflows=1))
    make(writer, "a")
    assert code(lambda: make(writer, "b")) == "quota_workflows"
    make(writer, "a", remark="edited")
    assert (
        code(lambda: definitions.copy(writer, NOW, caller("ada"), "a", "c", CAPABILITIES))
        == "quota_workflows"
    )
    definitions.delete(writer, 1.0, caller(), "a")
    make(writer, "b")


def test_the_licence_counts_all_tenants_and_may_be_lower_than_a_quota(writer: Writer) -> None:
    writer.add_tenant(TenantRecord(2, "other", max_workflows=9))
    install(writer, maxWorkflows=2)
    make(writer, "a")
    make(writer, "a", tenant=2)
    assert code(lambda: make(writer, "b")) == "licence_workflows"
    assert code(lambda: make(writer, "b", tenant=2)) == "licence_workflows"
    writer.change_tenant(TenantRecord(1, "default", max_workflows=1))
    assert code(lambda: make(writer, "b")) == "quota_workflows"


def test_users_and_tenants_have_limits_too(writer: Writer) -> None:
    install(writer, maxUsers=2, maxTenants=1)
    second = identity.create_user(writer, NOW, admin(writer), "second", None, [])
    assert code(lambda: identity.create_user(writer, NOW, admin(writer), "x", None, [])) == "licence_users"
    assert code(lambda: tenants.create_tenant(writer, NOW, admin(writer), "t", "a", "h")) == (
        "licence_tenants"
    )
    identity.change_user(writer, NOW, admin(writer), second, identity.UserChange(disabled=True))
    identity.create_user(writer, NOW, admin(writer), "x", None, [])
    back = identity.UserChange(disabled=False)
    assert code(lambda: identity.change_user(writer, NOW, admin(writer), second, back)) == "licence_users"


def test_a_tenant_brings_a_user(writer: Writer) -> None:
    install(writer, maxUsers=1)
    assert code(lambda: tenants.create_tenant(writer, NOW, admin(writer), "t", "a", "h")) == ("licence_users")


@pytest.mark.parametrize(
    ("claims", "expected"),
    [({"validUntil": "1970-01-01"}, "licence_expired"), ({"validFrom": "2970-01-01"}, "licence_not_yet")],
)
def test_only_a_licence_that_counts_can_be_installed(
    writer: Writer, claims: dict[str, Any], expected: str
) -> None:
    with pytest.raises(Refused) as refused:
        install(writer, **claims)
    assert (refused.value.kind, refused.value.code) == ("invalid", expected)
    assert writer.licence() is None


def test_one_that_ends_later_stops_creating_until_it_is_removed(writer: Writer) -> None:
    install(writer, validUntil="1970-01-02")
    make(writer, "a")
    late = 2 * 86400.0
    assert code(lambda: licence.refuse_workflow(writer, late, 1)) == "licence_expired"
    assert licence.current(writer, late)[1] == "licence_expired"
    licence.remove(writer, NOW, admin(writer))
    licence.remove(writer, NOW, admin(writer))
    licence.refuse_workflow(writer, late, 1)


def test_one_that_was_tampered_with_allows_nothing(writer: Writer) -> None:
    record = LicenceRecord("text", {"holder": "Ada"}, "licence_tampered", NOW, "ada")
    writer.set_licence(record)
    assert code(lambda: make(writer, "a")) == "licence_tampered"
    writer.set_licence(replace(record, claims={}))
    assert code(lambda: make(writer, "a")) == "licence_malformed"


def test_what_happens_to_licences_is_in_the_log(writer: Writer) -> None:
    install(writer)
    install(writer, maxUsers=5)
    licence.remove(writer, NOW, admin(writer))
    found = writer.audit(1, AuditFilter(kind="licence"), None, 9)
    assert [(each.action, each.before, each.after) for each in found] == [
        ("remove", {"holder": "Ada", "maxUsers": 5}, None),
        ("install", {"holder": "Ada"}, {"holder": "Ada", "maxUsers": 5}),
        ("install", None, {"holder": "Ada"}),
    ]
