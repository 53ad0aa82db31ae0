"""Secrets and connections: kept, changed, deleted; never shown."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from headrace.core.access.caller import DEFAULT_TENANT, Caller
from headrace.core.access.connections import KINDS
from headrace.core.definition.model import Workflow
from headrace.core.definition.secrets import NAME_LENGTH, named, names_in
from headrace.core.refusal import Problem, Refused
from headrace.ports.alarms import ChannelRecord
from headrace.ports.errors import existing
from headrace.ports.records import every
from headrace.ports.store import Reader, Writer
from headrace.ports.vault import Cipher, ConnectionRecord, SecretRecord
from headrace.usecases import audit

Json = Any
SHORTEST, LONGEST = 4, 16_384
"""Characters of a secret: a shorter one could not be masked without masking half of every log."""


def put_secret(
    writer: Writer, now: float, caller: Caller, name: str, value: str | None, description: str, cipher: Cipher
) -> bool:
    """Keep a value under a name, new or instead of another; whether it is new.

    None leaves the value as it is. Raises Refused (invalid) for one that is missing, too short or too long.
    """
    known = writer.secret(caller.tenant, name)
    if value is not None:
        _refuse_size(value)
        token = cipher.encrypt(value)
    elif known is not None:
        token = known.token
    else:
        raise _wrong("value", "secret_short", found=0, least=SHORTEST)
    created = known.created_at if known else now
    record = SecretRecord(caller.tenant, name, description, token, created, now, caller.name)
    writer.put_secret(record)
    before = None if known is None else {"description": known.description}
    after = {"description": description, "valueChanged": value is not None}
    audit.record(writer, now, caller, "create" if known is None else "change", "secret", name, before, after)
    return known is None


def delete_secret(writer: Writer, now: float, caller: Caller, name: str) -> None:
    """Refused (state) while something uses it."""
    record = secret_of(writer, caller.tenant, name)
    _refuse_used(writer, caller.tenant, "secret", name)
    writer.delete_secret(caller.tenant, name)
    audit.record(writer, now, caller, "delete", "secret", name, {"description": record.description})


def put_connection(writer: Writer, now: float, caller: Caller, given: ConnectionRecord) -> bool:
    """New, or instead of another; whether it is new. Raises Refused (invalid) with all that is wrong."""
    tenant, name = caller.tenant, given.name
    _check_connection(writer, tenant, given)
    known = writer.connection(tenant, name)
    port = given.port or KINDS[given.kind].port
    record = replace(given, tenant=tenant, port=port, updated_at=now, updated_by=caller.name)
    writer.put_connection(record)
    before = None if known is None else view(known)
    action = "create" if known is None else "change"
    audit.record(writer, now, caller, action, "connection", name, before, view(record))
    return known is None


def delete_connection(writer: Writer, now: float, caller: Caller, name: str) -> None:
    """Refused (state) while a published workflow uses it."""
    record = connection_of(writer, caller.tenant, name)
    _refuse_used(writer, caller.tenant, "connection", name)
    writer.delete_connection(caller.tenant, name)
    audit.record(writer, now, caller, "delete", "connection", name, view(record))


def renew(writer: Writer, now: float, renewed: Callable[[str], str]) -> int:
    """Every encrypted value of every tenant under another key; how many there were.

    The audit log of the tenant ``default`` tells of it: done at the machine, by nobody of ours.
    """
    secrets = writer.all_secrets()
    for record in secrets:
        writer.put_secret(replace(record, token=renewed(record.token)))
    count = len(secrets)
    for channel in _channels(writer):
        kept = [channel.secret, channel.signing_key]
        fresh = [renewed(token) if token else token for token in kept]
        writer.put_channel(replace(channel, secret=fresh[0], signing_key=fresh[1]))
        count += sum(token is not None for token in fresh)
    home = writer.tenant_named(DEFAULT_TENANT)
    if home is not None:
        machine = Caller(home.id, home.name, 0, "headrace secret rotate", frozenset(), frozenset())
        audit.record(writer, now, machine, "rotate", "secret", "*", None, {"count": count})
    return count


def refuse_missing(reader: Reader, tenant: int, workflow: Workflow) -> None:
    """Raise Refused (invalid) where a definition names secrets or connections that there are not."""
    problems: list[Problem] = []
    for path, kind, name in named(workflow):
        found = reader.secret(tenant, name) if kind == "secret" else reader.connection(tenant, name)
        if found is None:
            problems.append(Problem(path, f"{kind}_unknown", {"found": name}))
    if problems:
        raise Refused("invalid", "definition_invalid", {"count": len(problems)}, problems)


def refuse_unnamed(reader: Reader, tenant: int, names: Iterable[str], params: Mapping[str, Json]) -> None:
    """Raise Refused (invalid) where one of the parameters ``names``, which take a secret's name, has
    something else.

    It may be the secret itself, given by mistake: it must neither be kept with the run nor quoted.
    """
    problems = [
        Problem(f"params.{name}", "params_secret", {"name": name})
        for name in names
        if not _names_secret(reader, tenant, params.get(name))
    ]
    if problems:
        raise Refused("invalid", "params_invalid", {"count": len(problems)}, problems)


def _names_secret(reader: Reader, tenant: int, given: Json) -> bool:
    """Whether it names a secret, or nothing."""
    return given is None or (
        isinstance(given, str) and len(given) <= NAME_LENGTH and reader.secret(tenant, given) is not None
    )


def users_of(reader: Reader, tenant: int, kind: str, name: str) -> Iterator[str]:
    """Published workflows, and connections, that name it; ``workflow x``, ``connection y``."""
    if kind == "secret":
        for connection in every(partial(reader.connections, tenant, None)):
            if connection.secret == name:
                yield f"connection {connection.name}"
    for version in reader.published(tenant):
        if (kind, name) in names_in(version.document):
            yield f"workflow {version.workflow}"


def _refuse_used(reader: Reader, tenant: int, kind: str, name: str) -> None:
    users = ", ".join(users_of(reader, tenant, kind, name))
    if users:
        raise Refused("state", f"{kind}_used", {"name": name, "users": users})


def secret_of(reader: Reader, tenant: int, name: str) -> SecretRecord:
    """Gone where the tenant has no such secret."""
    return existing(reader.secret(tenant, name), "secret", name)


def connection_of(reader: Reader, tenant: int, name: str) -> ConnectionRecord:
    """Gone where the tenant has no such connection."""
    return existing(reader.connection(tenant, name), "connection", name)


def view(record: ConnectionRecord) -> dict[str, Json]:
    """A connection as the API shows it: the password's name, never the password."""
    return {
        "name": record.name,
        "kind": record.kind,
        "host": record.host,
        "port": record.port,
        "database": record.database,
        "user": record.user,
        "secret": record.secret,
        "options": dict(record.options),
        "description": record.description,
    }


def _refuse_size(value: str) -> None:
    if len(value) < SHORTEST:
        raise _wrong("value", "secret_short", found=len(value), least=SHORTEST)
    if len(value) > LONGEST:
        raise _wrong("value", "secret_long", found=len(value), most=LONGEST)


def _wrong(path: str, code: str, **values: object) -> Refused:
    return Refused("invalid", "request_invalid", {}, [Problem(path, code, values)])


def _check_connection(reader: Reader, tenant: int, given: ConnectionRecord) -> None:
    kind = KINDS[given.kind]
    problems: list[Problem] = []
    if kind.host and not given.host:
        problems.append(Problem("host", "connection_host", {"kind": given.kind}))
    if kind.database and not given.database:
        problems.append(Problem("database", "connection_database", {"kind": given.kind}))
    for option in sorted(set(given.options) - kind.options):
        values = {"kind": given.kind, "found": option, "known": ", ".join(sorted(kind.options)) or "-"}
        problems.append(Problem(f"options.{option}", "connection_option", values))
    if given.secret is not None and reader.secret(tenant, given.secret) is None:
        problems.append(Problem("secret", "secret_unknown", {"found": given.secret}))
    if problems:
        raise Refused("invalid", "request_invalid", {}, problems)


def _channels(reader: Reader) -> list[ChannelRecord]:
    """Those of every tenant; read before any is written."""
    found: list[ChannelRecord] = []
    for tenant in reader.tenants():
        found += every(partial(reader.channels, tenant.id, None))
    return found
