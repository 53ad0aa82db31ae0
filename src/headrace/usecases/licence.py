"""The licence and the quotas: at a limit everything goes on running, and nothing more can be made."""

from dataclasses import dataclass, replace

from headrace.core.access.caller import Caller
from headrace.core.access.licence import COMMUNITY, Licence, licence_of
from headrace.ports.errors import Refused
from headrace.ports.licence import LicenceRecord, LicenceVerifier
from headrace.ports.store import Reader, Writer
from headrace.usecases import audit


@dataclass(frozen=True, slots=True)
class Usage:
    """What there is in all tenants; users that are disabled do not count."""

    workflows: int
    users: int
    tenants: int


def current(reader: Reader, now: float) -> tuple[Licence, str | None]:
    """The licence, and the code of why it does not count, if it does not."""
    record = reader.licence()
    if record is None:
        return COMMUNITY, None
    try:
        licence = licence_of(record.claims)
    except Refused as refused:
        return replace(COMMUNITY, kind="commercial"), refused.code
    return licence, record.fault or licence.fault(now)


def usage(reader: Reader, tenant: int | None = None) -> Usage:
    """Counted anew; of one tenant, or of all."""
    held = [each for id, each in reader.holdings().items() if tenant in (None, id)]
    return Usage(sum(each.workflows for each in held), sum(each.users for each in held), len(held))


def install(writer: Writer, now: float, caller: Caller, text: str, verifier: LicenceVerifier) -> None:
    """Make it the licence in force. Refused (invalid) where it was changed after it was signed, and where
    it does not count now."""
    claims = verifier.verify(text)
    licence = licence_of(claims)
    fault = licence.fault(now)
    if fault is not None:
        raise Refused("invalid", fault, {"holder": licence.holder})
    before = writer.licence()
    writer.set_licence(LicenceRecord(text, claims, None, now, caller.name))
    audit.record(
        writer, now, caller, "install", "licence", licence.holder, before.claims if before else None, claims
    )


def remove(writer: Writer, now: float, caller: Caller) -> None:
    """Back to the community licence."""
    before = writer.licence()
    if before is not None:
        writer.set_licence(None)
        audit.record(
            writer, now, caller, "remove", "licence", str(before.claims.get("holder")), before.claims
        )


def refuse_workflow(reader: Reader, now: float, tenant: int) -> None:
    """Raise Refused (limit) where the tenant, or the licence, has no room for one more workflow."""
    licence = _counting(reader, now)
    most = next((each.max_workflows for each in reader.tenants() if each.id == tenant), None)
    if most is not None and reader.workflows(tenant, None, 1, 1).total >= most:
        raise Refused("limit", "quota_workflows", {"limit": most})
    if licence.max_workflows is not None and usage(reader).workflows >= licence.max_workflows:
        raise Refused("limit", "licence_workflows", {"limit": licence.max_workflows})


def refuse_publication(reader: Reader, now: float) -> None:
    """Raise Refused (limit) where the installed licence does not count; what is published goes on."""
    _counting(reader, now)


def refuse_user(reader: Reader, now: float) -> None:
    """Raise Refused (limit) where the licence has no room for one more user."""
    licence = _counting(reader, now)
    if licence.max_users is not None and usage(reader).users >= licence.max_users:
        raise Refused("limit", "licence_users", {"limit": licence.max_users})


def refuse_tenant(reader: Reader, now: float) -> None:
    """Raise Refused (limit) where the licence has no room for one more tenant."""
    licence = _counting(reader, now)
    if licence.max_tenants is not None and len(reader.tenants()) >= licence.max_tenants:
        raise Refused("limit", "licence_tenants", {"limit": licence.max_tenants})


def _counting(reader: Reader, now: float) -> Licence:
    """The licence in force; Refused (limit) where the installed one does not count."""
    licence, fault = current(reader, now)
    if fault is not None:
        raise Refused("limit", fault, {"holder": licence.holder})
    return licence
