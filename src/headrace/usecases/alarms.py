"""Alarms: written down with what they tell of, marked once sent, tried again when a person asks."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from headrace.core.access.caller import Caller
from headrace.core.alarm import Telling
from headrace.core.alarm.channels import KINDS
from headrace.core.definition.alarms import named_channels
from headrace.core.definition.model import Workflow
from headrace.core.refusal import Problem, Refused
from headrace.ports.alarms import ChannelRecord, NoticeRecord, NoticeStatus
from headrace.ports.errors import existing
from headrace.ports.notifier import Outcome
from headrace.ports.records import VersionRecord
from headrace.ports.store import Reader, Writer
from headrace.usecases import audit

RETRY_DELAYS = (10.0, 60.0, 600.0, 3600.0)  # seconds after the first, second, … attempt
RESPONSE_LONGEST = 2_000


def arrange(writer: Writer, version: VersionRecord, workflow: Workflow) -> None:
    """From now on the version's alarms count. Refused (invalid) where one names a channel there is not."""
    problems: list[Problem] = []
    used = set()
    for path, name in named_channels(workflow):
        used.add(name)
        if writer.channel(version.tenant, name) is None:
            problems.append(Problem(path, "definition_channel_unknown", {"found": name}))
    if problems:
        raise Refused("invalid", "definition_invalid", {"count": len(problems)}, problems)
    writer.set_channel_users(version.tenant, version.workflow, used)


def write_down(writer: Writer, now: float, tenant: int, tellings: Iterable[Telling]) -> set[tuple[int, str]]:
    """The notices that the tellings make, PENDING; the tenant and channels that have something to send."""
    channels: dict[str, ChannelRecord | None] = {}
    asked: list[tuple[Telling, str]] = []
    for telling in tellings:
        if telling.channel not in channels:
            channels[telling.channel] = writer.channel(tenant, telling.channel)
        asked += [(telling, receiver) for receiver in _receivers(telling, channels[telling.channel])]
    ids = writer.allocate("notice", len(asked))
    writer.add_notices([_notice(id, now, tenant, *each) for id, each in zip(ids, asked, strict=True)])
    return {(tenant, name) for name in channels}


def _receivers(telling: Telling, channel: ChannelRecord | None) -> Sequence[str]:
    """Mail goes to each by itself; a chat or a program gets one message, whoever is meant."""
    if channel is None or not KINDS[channel.kind].personal:
        return [", ".join(telling.to)]
    return list(dict.fromkeys(telling.to or channel.settings.get("to") or ("",)))


def _notice(id: int, now: float, tenant: int, telling: Telling, receiver: str) -> NoticeRecord:
    return NoticeRecord(
        id=id,
        tenant=tenant,
        channel=telling.channel,
        workflow=telling.facts["workflow"],
        run=telling.facts["run"],
        step=telling.step,
        node=telling.node,
        occasion=telling.occasion,
        receiver=receiver,
        facts=telling.facts,
        template=telling.template,
        status=NoticeStatus.PENDING,
        tries=0,
        next_at=now,
        response=None,
        text=None,
        created_at=now,
    )


def mark(writer: Writer, now: float, tenant: int, notice_id: int, text: str, outcome: Outcome) -> None:
    """An attempt to send is over: sent, to be tried again after a while, or given up."""
    record = writer.notice(tenant, notice_id)
    if record is None or record.status is not NoticeStatus.PENDING:
        return
    tried = replace(
        record,
        tries=record.tries + 1,
        text=text or record.text,
        response=outcome.response[:RESPONSE_LONGEST],
        next_at=None,
    )
    if outcome.ok:
        tried = replace(tried, status=NoticeStatus.SENT, sent_at=now)
    elif outcome.again and record.tries < len(RETRY_DELAYS):
        tried = replace(tried, next_at=now + RETRY_DELAYS[record.tries])
    else:
        tried = replace(tried, status=NoticeStatus.FAILED)
    writer.change_notice(tried)


def resend(writer: Writer, now: float, caller: Caller, notice_id: int) -> str:
    """Have one that was given up tried again, as if new; its channel. Refused (state) otherwise."""
    record = notice_of(writer, caller.tenant, notice_id)
    if record.status is not NoticeStatus.FAILED:
        raise Refused("state", "alarm_not_retried", {"id": notice_id, "status": record.status})
    writer.change_notice(replace(record, status=NoticeStatus.PENDING, tries=0, next_at=now))
    audit.record(writer, now, caller, "retry", "alarm", notice_id)
    return record.channel


def notice_of(reader: Reader, tenant: int, notice_id: int) -> NoticeRecord:
    """Gone where the tenant has none such."""
    return existing(reader.notice(tenant, notice_id), "alarm", notice_id)
