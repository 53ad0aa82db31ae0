"""Channels: made, changed, tested, switched on and off, deleted. Secrets come here encrypted already."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from headrace.core.access.caller import Caller
from headrace.core.alarm.channels import Secrets, check_channel, same_place
from headrace.core.refusal import Problem, Refused
from headrace.ports.alarms import ChannelRecord, ChannelStatus
from headrace.ports.errors import existing
from headrace.ports.notifier import Outcome
from headrace.ports.store import Reader, Writer
from headrace.ports.vault import Cipher
from headrace.usecases import audit

Json = Any


@dataclass(frozen=True, slots=True)
class ChannelChange:
    """What a channel is to be. A secret of None stays as it is, an empty one is taken away."""

    kind: str
    settings: Mapping[str, Json]
    secrets: Secrets
    enabled: bool | None = None  # None: as it is; a new one is enabled


def create_channel(
    writer: Writer, now: float, caller: Caller, name: str, change: ChannelChange, cipher: Cipher
) -> ChannelRecord:
    """A new one, NEW until it is tested. Refused: exists, or invalid with all that is wrong."""
    check_channel(change.kind, change.settings, change.secrets)
    if writer.channel(caller.tenant, name) is not None:
        raise Refused("exists", "channel_exists", {"name": name})
    record = ChannelRecord(
        id=writer.allocate("channel", 1)[0],
        tenant=caller.tenant,
        name=name,
        kind=change.kind,
        settings=change.settings,
        secret=_sealed(cipher, change.secrets.secret, None),
        signing_key=_sealed(cipher, change.secrets.signing_key, None),
        status=ChannelStatus.NEW,
        enabled=change.enabled is not False,
        last_error=None,
        created_at=now,
        updated_at=now,
    )
    writer.put_channel(record)
    audit.record(writer, now, caller, "create", "channel", name, None, open_view(record))
    return record


def change_channel(
    writer: Writer, now: float, caller: Caller, name: str, change: ChannelChange, cipher: Cipher
) -> ChannelRecord:
    """Replace it; it must be tested again. Secrets of another kind are forgotten."""
    known = channel_of(writer, caller.tenant, name)
    same = known.kind == change.kind
    kept = {"secret": known.secret, "signing_key": known.signing_key} if same else {}
    given = {"secret": change.secrets.secret, "signing_key": change.secrets.signing_key}
    if kept.get("secret") and given["secret"] is None and not _same_place(known, change):
        problems = [Problem("secret", "channel_secret_again")]
        raise Refused("invalid", "channel_invalid", {"count": 1}, problems)
    check_channel(
        change.kind,
        change.settings,
        change.secrets,
        {key for key, value in kept.items() if value and given[key] is None},
    )
    record = replace(
        known,
        kind=change.kind,
        settings=change.settings,
        secret=_sealed(cipher, given["secret"], kept.get("secret")),
        signing_key=_sealed(cipher, given["signing_key"], kept.get("signing_key")),
        status=ChannelStatus.NEW,
        enabled=known.enabled if change.enabled is None else change.enabled,
        last_error=None,
        updated_at=now,
    )
    writer.put_channel(record)
    audit.record(writer, now, caller, "change", "channel", name, open_view(known), open_view(record))
    return record


def _same_place(known: ChannelRecord, change: ChannelChange) -> bool:
    return same_place(known.kind, known.settings, change.settings)


def _sealed(cipher: Cipher, given: str | None, kept: str | None) -> str | None:
    if given is None:
        return kept
    return cipher.encrypt(given) if given else None


def switch_channel(writer: Writer, now: float, caller: Caller, name: str, enabled: bool) -> None:
    """Enable or disable it; what is due while it is disabled fails, and says so."""
    known = channel_of(writer, caller.tenant, name)
    if known.enabled != enabled:
        writer.put_channel(replace(known, enabled=enabled, updated_at=now))
        audit.record(writer, now, caller, "enable" if enabled else "disable", "channel", name)


def delete_channel(writer: Writer, now: float, caller: Caller, name: str) -> None:
    """Refused (state) while a published workflow names it."""
    known = channel_of(writer, caller.tenant, name)
    users = writer.channel_users(caller.tenant, [name]).get(name)
    if users:
        values = {"name": name, "workflows": ", ".join(users[:10])}
        raise Refused("state", "channel_used", values)
    writer.delete_channel(caller.tenant, name)
    audit.record(writer, now, caller, "delete", "channel", name, open_view(known), None)


def note_test(writer: Writer, now: float, caller: Caller, tested: ChannelRecord, outcome: Outcome) -> None:
    """Keep how a test went, unless the channel has been changed meanwhile."""
    known = writer.channel(caller.tenant, tested.name)
    if known is None or known.updated_at != tested.updated_at:
        return
    status = ChannelStatus.OK if outcome.ok else ChannelStatus.FAILED
    writer.put_channel(replace(known, status=status, last_error=None if outcome.ok else outcome.response))
    audit.record(writer, now, caller, "test", "channel", tested.name, None, {"status": status})


def channel_of(reader: Reader, tenant: int, name: str) -> ChannelRecord:
    """Gone where the tenant has none such."""
    return existing(reader.channel(tenant, name), "channel", name)


def open_view(record: ChannelRecord) -> dict[str, Json]:
    """What may be shown and recorded: no secret, only whether there is one."""
    return {
        "name": record.name,
        "kind": record.kind,
        "settings": dict(record.settings),
        "hasSecret": record.secret is not None,
        "hasSigningKey": record.signing_key is not None,
        "status": record.status,
        "enabled": record.enabled,
        "lastError": record.last_error,
    }
