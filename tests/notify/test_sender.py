"""Alarms of real runs over real channels: nothing waits for them, nothing is lost."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from headrace.ports.alarms import NoticeStatus
from headrace.ports.notifier import Outcome
from headrace.usecases import alarms, channels
from tests.notify.house import ADA, SECONDS, TENANT, house
from tests.notify.sinks import Mail, Web, web_sink

START = [{"on": ["start"], "channel": "hook"}]
BOTH = [{"on": ["start", "end"], "channel": "hook"}]


def test_an_alarm_is_sent_once_and_kept(tmp_path: Path, web: Web, mail: Mail) -> None:
    with house(tmp_path, public_url="https://ops.example.org/") as h:
        h.webhook("hook", web.url)
        settings = {
            "host": "127.0.0.1",
            "port": mail.port,
            "security": "none",
            "from": "h@e.org",
            "language": "zh",
        }
        h.channel("mail", "email", {**settings, "to": ["ops@example.org"]})
        h.publish("w", alarms=[*BOTH, {"on": ["success"], "channel": "mail", "text": "{workflow}: {url}"}])
        run = h.run("w")
        sent = h.settled()
        assert [(n.channel, n.occasion, n.status, n.tries) for n in sent] == [
            ("hook", "start", "SENT", 1),
            ("hook", "end", "SENT", 1),
            ("mail", "success", "SENT", 1),
        ]
        assert sent[2].text == f"w: https://ops.example.org/runs/{run}"
        assert [r.headers["x-headrace-id"] for r in web.kept.all] == [n.key for n in sent[:2]]
        (letter,) = mail.kept.all
        assert letter.to == ["ops@example.org"]
        assert letter.message["Subject"] == "工作流 w 执行成功"
        assert letter.message["X-Headrace-Id"] == sent[2].key


def test_a_channel_that_hangs_delays_nothing(tmp_path: Path, web: Web) -> None:
    """Neither the engine, nor other channels, nor the channel's own next message for ever."""
    with web_sink() as stuck, house(tmp_path, alarm_timeout=5.0) as h:
        h.webhook("hook", web.url)
        h.webhook("stuck", stuck.url)
        h.publish("plain")
        h.publish("loud", alarms=[*BOTH, {"on": ["start", "end"], "channel": "stuck"}])
        quiet = [_timed(h, "plain") for _ in range(30)]
        stuck.open.clear()
        loud = [_timed(h, "loud") for _ in range(30)]
        web.kept.wait(60)
        assert len(stuck.kept.all) == 1
        assert statistics.median(loud) < statistics.median(quiet) + 0.25, "each message hangs five seconds"
        assert len([n for n in h.notices(channel="stuck") if n.status is NoticeStatus.PENDING]) == 60
        stuck.open.set()
        assert len(h.until(_all_sent, channel="stuck")) == 60


def _timed(h: Any, name: str) -> float:
    begun = time.monotonic()
    h.run(name)
    return time.monotonic() - begun


def _all_sent(found: Any) -> bool:
    return all(n.status is NoticeStatus.SENT for n in found)


def test_a_channel_that_fails_is_tried_again_and_others_go_on(tmp_path: Path, web: Web) -> None:
    with web_sink() as broken, house(tmp_path) as h:
        broken.answers = [(500, "no"), (200, "ok")]
        h.webhook("hook", web.url)
        h.webhook("broken", broken.url)
        h.publish("w", alarms=[*START, {"on": ["start"], "channel": "broken"}])
        h.run("w")
        tried = h.settled(channel="broken")[0]
        assert (tried.status, tried.tries) == (NoticeStatus.PENDING, 1)
        assert tried.next_at is not None
        assert 0 < tried.next_at - time.time() <= 10.0
        assert "500 no" in (tried.response or "")
        assert h.settled(channel="hook")[0].status is NoticeStatus.SENT
        # its time has come
        h.do(lambda w, now: w.change_notice(replace(tried, next_at=now)))
        h.system.notifier.wake([(TENANT, "broken")])
        sent = h.until(_all_sent, channel="broken")
        assert sent[0].tries == 2
        first, second = broken.kept.all
        assert first.headers["x-headrace-id"] == second.headers["x-headrace-id"] == tried.key


def test_it_wakes_by_itself_when_the_time_has_come(
    tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alarms, "RETRY_DELAYS", (0.05, 0.05))
    web.answers = [(500, "no"), (500, "no"), (200, "ok")]
    with house(tmp_path) as h:
        h.webhook("hook", web.url)
        h.publish("w", alarms=START)
        h.run("w")
        (sent,) = h.until(_all_sent)
        assert sent.tries == 3
        assert len({request.headers["x-headrace-id"] for request in web.kept.all}) == 1


def test_one_that_was_given_up_is_sent_when_a_person_asks(tmp_path: Path, web: Web) -> None:
    web.answers = [(404, "not here"), (200, "ok")]
    with house(tmp_path) as h:
        h.webhook("hook", web.url)
        h.publish("w", alarms=START)
        h.run("w")
        (given_up,) = h.settled()
        assert (given_up.status, given_up.tries) == (NoticeStatus.FAILED, 1)
        h.resend(given_up)
        (sent,) = h.until(_all_sent)
        assert sent.key == given_up.key


def test_what_is_due_is_sent_before_the_server_stops(tmp_path: Path, web: Web) -> None:
    with house(tmp_path) as h:
        h.webhook("hook", web.url)
        h.publish("w", alarms=BOTH)
        for _ in range(5):
            h.start("w")
    assert len(web.kept.all) == 10


def test_a_stop_does_not_wait_for_a_channel_that_hangs(tmp_path: Path, web: Web) -> None:
    web.open.clear()
    with house(tmp_path, alarm_timeout=30.0) as h:
        h.webhook("hook", web.url)
        h.publish("w", alarms=START)
        h.run("w")
        web.kept.wait()
        begun = time.monotonic()
    assert time.monotonic() - begun < 8.0
    web.open.set()
    with house(tmp_path) as h:
        (sent,) = h.until(_all_sent)
    assert [request.headers["x-headrace-id"] for request in web.kept.all] == [sent.key] * 2


def test_a_channel_is_tested(tmp_path: Path, web: Web, mail: Mail) -> None:
    with house(tmp_path) as h:
        h.webhook("hook", web.url)
        h.channel(
            "mail", "email", {"host": "127.0.0.1", "port": mail.port, "security": "none", "from": "a@b.c"}
        )

        def trial(name: str, receiver: str = "", language: Any = "zh") -> Outcome:
            with h.system.store.read() as reader:
                channel = channels.channel_of(reader, TENANT, name)
            return h.system.notifier.test(channel, receiver, language).result(SECONDS)

        assert trial("hook").ok
        assert "渠道 hook 的测试消息" in web.kept.wait()[0].json["text"]
        assert trial("mail", "x@y.z", "en").ok
        assert mail.kept.wait()[0].to == ["x@y.z"]
        assert "没有指定接收人" in trial("mail").response
        assert trial("mail", "nobody").response == "没有用户 nobody。"
        assert h.notices() == [], "a test is no alarm"


def test_a_secret_of_another_key_is_told(tmp_path: Path, web: Web) -> None:
    with house(tmp_path) as h:
        h.channel("hook", "webhook", {"url": web.url}, "the key")
        h.publish("w", alarms=START)
        h.do(lambda w, now: w.put_channel(replace(w.channel(TENANT, "hook"), secret="gAAAAAB-not-ours")))
        h.run("w")
        (failed,) = h.settled()
        assert failed.status is NoticeStatus.FAILED
        assert "key of this server" in (failed.response or "")
        assert web.kept.all == []


def test_a_database_that_is_away_loses_nothing(
    tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent is not sent again because its mark was refused."""
    from headrace.notify import sender
    from headrace.ports.errors import Broken

    monkeypatch.setattr(sender, "DATABASE_AGAIN", 0.02)
    with house(tmp_path) as h:
        h.webhook("hook", web.url)
        h.publish("w", alarms=START)
        refusals = [Broken("disk_full"), Broken("disk_full")]
        mark = h.system.notifier._mark

        def refusing(*values: Any) -> None:
            if refusals:
                raise refusals.pop()
            mark(*values)

        h.system.notifier._mark = refusing
        h.run("w")
        h.until(_all_sent)
        assert len(web.kept.all) == 1


def test_a_fault_of_ours_fails_only_its_own_message(tmp_path: Path, web: Web) -> None:
    with house(tmp_path) as h:
        h.webhook("hook", web.url)
        h.publish("w", alarms=START)
        h.run("w")
        (sent,) = h.until(_all_sent)
        torn = replace(sent, id=sent.id + 1_000, facts={}, status=NoticeStatus.PENDING, next_at=1.0, tries=9)
        h.do(lambda w, now: w.add_notices([torn]))
        h.system.notifier.wake([(TENANT, "hook")])
        h.until(lambda found: found[-1].status is NoticeStatus.FAILED)
        h.run("w")
        h.until(lambda found: sum(n.status is NoticeStatus.SENT for n in found) == 2)


def test_old_records_are_deleted(tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    from headrace.notify import sender

    monkeypatch.setattr(sender, "FORGET_EVERY", 0.05)
    monkeypatch.setattr(sender, "FORGET_AT_ONCE", 1)
    with house(tmp_path, alarm_kept=3_600) as h:
        h.webhook("hook", web.url)
        h.publish("w", alarms=BOTH)
        h.run("w")
        sent = h.until(_all_sent)
        young = h.notices()
        old = [replace(n, id=n.id + 100, created_at=n.created_at - 7_200) for n in sent]
        h.do(lambda w, now: w.add_notices(old))
        h.until(lambda found: found == young)


def test_nobody_is_named(tmp_path: Path, mail: Mail) -> None:
    with house(tmp_path) as h:
        h.channel(
            "mail", "email", {"host": "127.0.0.1", "port": mail.port, "security": "none", "from": "a@b.c"}
        )
        h.publish("w", alarms=[{"on": ["end"], "channel": "mail"}])
        h.run("w")
        assert (
            h.settled()[0].response == "Nobody is named as receiver, neither by the alarm nor by the channel."
        )


def test_who_resends_is_in_the_audit_log(tmp_path: Path, web: Web) -> None:
    web.answers = [(404, ""), (200, "")]
    with house(tmp_path) as h:
        h.webhook("hook", web.url)
        h.publish("w", alarms=START)
        h.run("w")
        h.resend(h.settled()[0])
        from headrace.ports.audit import AuditFilter

        with h.system.store.read() as reader:
            (record,) = reader.audit(TENANT, AuditFilter(kind="alarm"), None, 9)
        assert (record.user, record.action) == (ADA.name, "retry")
