"""Notices from tellings, marks, retries, channels and publishing; over the memory store."""

from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import pytest

from headrace.core.access.caller import Caller
from headrace.core.alarm import Telling
from headrace.core.alarm.channels import Secrets
from headrace.core.words import Permission
from headrace.ports.alarms import ChannelRecord, ChannelStatus, NoticeFilter, NoticeRecord, NoticeStatus
from headrace.ports.audit import AuditFilter
from headrace.ports.errors import Gone, Refused
from headrace.ports.notifier import Outcome, Silent
from headrace.ports.store import Writer
from headrace.usecases import alarms, channels, definitions
from headrace.usecases.channels import ChannelChange

TENANT, NOW = 1, 1_000.0
ADA = Caller(TENANT, "default", 7, "ada", frozenset(), frozenset(Permission))
HOOK = ChannelChange("webhook", {"url": "http://127.0.0.1/"}, Secrets())
MAIL: dict[str, Any] = {"host": "mail", "from": "a@b.c", "user": "u", "to": ["one@x.y", "two@x.y"]}
OK, AGAIN, NEVER = Outcome(True, "ok"), Outcome(False, "busy", again=True), Outcome(False, "no")


class Mirror:
    """``ports.vault.Cipher`` that anybody can read."""

    def encrypt(self, text: str) -> str:
        return text[::-1]

    def decrypt(self, token: str) -> str:
        return token[::-1]


def create(writer: Writer, name: str, change: ChannelChange = HOOK) -> ChannelRecord:
    return channels.create_channel(writer, NOW, ADA, name, change, Mirror())


def change(writer: Writer, name: str, wanted: ChannelChange) -> ChannelRecord:
    return channels.change_channel(writer, NOW + 1, ADA, name, wanted, Mirror())


def telling(channel: str, *to: str) -> Telling:
    return Telling(channel, to, None, "end", None, None, {"workflow": "w", "run": 9})


def noticed(writer: Writer, *tellings: Telling) -> list[NoticeRecord]:
    alarms.write_down(writer, NOW, TENANT, tellings)
    return sorted(writer.notices(TENANT, NoticeFilter(), 1, 100).items, key=lambda record: record.id)


def code(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.problems[0].code if refused.value.problems else refused.value.code


# -- notices


def test_mail_goes_to_each_by_itself(writer: Writer) -> None:
    create(writer, "mail", ChannelChange("email", MAIL, Secrets()))
    assert [n.receiver for n in noticed(writer, telling("mail"))] == ["one@x.y", "two@x.y"]


def test_the_alarms_receivers_come_before_the_channels_and_count_once(writer: Writer) -> None:
    create(writer, "mail", ChannelChange("email", MAIL, Secrets()))
    assert [n.receiver for n in noticed(writer, telling("mail", "ada", "bob", "ada"))] == ["ada", "bob"]


def test_mail_to_nobody_is_still_written_down(writer: Writer) -> None:
    create(writer, "mail", ChannelChange("email", {"host": "h", "from": "a@b.c"}, Secrets()))
    assert [n.receiver for n in noticed(writer, telling("mail"))] == [""]


def test_a_chat_gets_one_message_whoever_is_meant(writer: Writer) -> None:
    create(writer, "hook")
    made = noticed(writer, telling("hook", "ada", "bob"), telling("hook"), telling("gone", "x"))
    assert [(n.channel, n.receiver) for n in made] == [("hook", "ada, bob"), ("hook", ""), ("gone", "x")]
    first = made[0]
    assert (first.status, first.tries, first.next_at, first.run) == (NoticeStatus.PENDING, 0, NOW, 9)
    assert first.key == "1-1000000"


def test_whom_to_wake(writer: Writer) -> None:
    create(writer, "hook")
    found = alarms.write_down(writer, NOW, TENANT, [telling("hook"), telling("hook"), telling("gone")])
    assert found == {(TENANT, "hook"), (TENANT, "gone")}


def one(writer: Writer) -> NoticeRecord:
    record = writer.notice(TENANT, 1)
    assert record is not None
    return record


def test_sent(writer: Writer) -> None:
    noticed(writer, telling("hook"))
    alarms.mark(writer, NOW + 5, TENANT, 1, "the text", OK)
    record = one(writer)
    assert (record.status, record.sent_at, record.next_at) == (NoticeStatus.SENT, NOW + 5, None)
    assert (record.text, record.response, record.tries) == ("the text", "ok", 1)
    alarms.mark(writer, NOW + 9, TENANT, 1, "again", NEVER)
    assert one(writer) == record, "what was sent stays sent"
    alarms.mark(writer, NOW, TENANT, 404, "", OK)


def test_tried_again_ever_later_and_then_given_up(writer: Writer) -> None:
    noticed(writer, telling("hook"))
    waits = []
    for _ in range(5):
        alarms.mark(writer, NOW, TENANT, 1, "", AGAIN)
        waits.append(one(writer).next_at)
    assert waits == [NOW + 10, NOW + 60, NOW + 600, NOW + 3600, None]
    assert (one(writer).status, one(writer).tries) == (NoticeStatus.FAILED, 5)


def test_what_cannot_get_better_is_given_up_at_once(writer: Writer) -> None:
    noticed(writer, telling("hook"))
    alarms.mark(writer, NOW, TENANT, 1, "", Outcome(False, "x" * 9_000))
    assert one(writer).status is NoticeStatus.FAILED
    assert len(one(writer).response or "") == 2_000


def test_a_person_has_it_tried_again(writer: Writer) -> None:
    noticed(writer, telling("hook"))
    with pytest.raises(Refused) as refused:
        alarms.resend(writer, NOW, ADA, 1)
    assert code(refused) == "alarm_not_retried"
    alarms.mark(writer, NOW, TENANT, 1, "", NEVER)
    assert alarms.resend(writer, NOW + 7, ADA, 1) == "hook"
    assert (one(writer).status, one(writer).tries, one(writer).next_at) == (NoticeStatus.PENDING, 0, NOW + 7)
    with pytest.raises(Gone):
        alarms.resend(writer, NOW, replace(ADA, tenant=2), 1)


# -- publishing


def apply(writer: Writer, *names: str, publish: bool = True) -> None:
    node = {"id": "a", "executor": "noop", "alarms": [{"on": ["end"], "channel": name} for name in names]}
    document = {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": "w"},
        "spec": {"nodes": [node]},
    }
    from headrace.core.run.capabilities import Capabilities

    known = {"noop": Capabilities()}
    checked = definitions.check(document, known)
    definitions.apply_definition(writer, NOW, ADA, checked, known, publish)


def test_publishing_names_channels_that_exist(writer: Writer) -> None:
    create(writer, "hook")
    apply(writer, "hook", "absent", publish=False)
    with pytest.raises(Refused) as refused:
        apply(writer, "hook", "absent")
    assert [(p.path, p.code) for p in refused.value.problems] == [
        ("spec.nodes[0].alarms[1].channel", "definition_channel_unknown")
    ]


def test_a_channel_in_use_is_not_deleted(writer: Writer) -> None:
    create(writer, "hook")
    apply(writer, "hook")
    with pytest.raises(Refused) as refused:
        channels.delete_channel(writer, NOW, ADA, "hook")
    assert (code(refused), refused.value.values["workflows"]) == ("channel_used", "w")
    definitions.offline(writer, NOW, ADA, "w")
    channels.delete_channel(writer, NOW, ADA, "hook")
    assert writer.channel(TENANT, "hook") is None


# -- channels


def test_a_channels_life(writer: Writer) -> None:
    made = create(writer, "hook", replace(HOOK, secrets=Secrets("key")))
    assert (made.secret, made.status, made.enabled) == ("yek", ChannelStatus.NEW, True)
    with pytest.raises(Refused) as refused:
        create(writer, "hook")
    assert (refused.value.kind, refused.value.code) == ("exists", "channel_exists")
    channels.note_test(writer, NOW, ADA, made, NEVER)
    tested = channels.channel_of(writer, TENANT, "hook")
    assert (tested.status, tested.last_error) == (ChannelStatus.FAILED, "no")
    channels.switch_channel(writer, NOW + 2, ADA, "hook", enabled=False)
    channels.switch_channel(writer, NOW + 2, ADA, "hook", enabled=False)
    changed = change(writer, "hook", replace(HOOK, settings={"url": "http://localhost/x"}))
    assert (changed.status, changed.enabled, changed.secret) == (ChannelStatus.NEW, False, "yek")
    channels.note_test(writer, NOW, ADA, made, OK)
    assert channels.channel_of(writer, TENANT, "hook").status is ChannelStatus.NEW, "that was the old one"
    channels.note_test(writer, NOW, ADA, changed, OK)
    assert channels.channel_of(writer, TENANT, "hook").status is ChannelStatus.OK
    channels.switch_channel(writer, NOW + 2, ADA, "hook", enabled=True)
    channels.delete_channel(writer, NOW, ADA, "hook")
    channels.note_test(writer, NOW, ADA, changed, OK)
    actions = [record.action for record in writer.audit(TENANT, AuditFilter(kind="channel"), None, 20)]
    assert actions[::-1] == ["create", "test", "disable", "change", "test", "enable", "delete"]
    with pytest.raises(Gone):
        channels.switch_channel(writer, NOW, ADA, "hook", enabled=True)


def test_secrets_stay_are_replaced_and_are_taken_away(writer: Writer) -> None:
    create(writer, "hook", replace(HOOK, secrets=Secrets("key"), enabled=False))
    assert change(writer, "hook", HOOK).secret == "yek"
    assert change(writer, "hook", replace(HOOK, secrets=Secrets("new"))).secret == "wen"
    assert change(writer, "hook", replace(HOOK, secrets=Secrets(""), enabled=True)).secret is None


def test_secrets_of_another_kind_are_forgotten(writer: Writer) -> None:
    create(writer, "robot", ChannelChange("dingtalk", {}, Secrets("token-1234", "sign")))
    changed = change(writer, "robot", HOOK)
    assert (changed.secret, changed.signing_key) == (None, None)


def test_a_kept_password_does_not_go_to_another_server(writer: Writer) -> None:
    create(writer, "mail", ChannelChange("email", MAIL, Secrets("pass")))
    elsewhere = {**MAIL, "host": "evil.example.org"}
    with pytest.raises(Refused) as refused:
        change(writer, "mail", ChannelChange("email", elsewhere, Secrets()))
    assert code(refused) == "channel_secret_again"
    assert change(writer, "mail", ChannelChange("email", elsewhere, Secrets("other"))).secret == "rehto"
    assert (
        change(writer, "mail", ChannelChange("email", {**elsewhere, "to": []}, Secrets())).secret == "rehto"
    )


def test_the_audit_log_holds_no_secret(writer: Writer) -> None:
    create(writer, "robot", ChannelChange("dingtalk", {}, Secrets("canary-token", "canary-key")))
    change(writer, "robot", ChannelChange("dingtalk", {}, Secrets("canary-token", "")))
    found = repr(writer.audit(TENANT, AuditFilter(), None, 20))
    assert "hasSecret" in found
    assert "canary" not in found
    assert "yranac" not in found


def test_silence() -> None:
    silent = Silent()
    silent.wake([(1, "x")])
    record = ChannelRecord(1, 1, "x", "webhook", {}, None, None, ChannelStatus.NEW, True, None, NOW, NOW)
    tested: Future[Outcome] = silent.test(record, "", "en")
    assert not tested.result(0).ok
