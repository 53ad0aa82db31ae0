"""Case 19, alarms: each of four events at both levels, a channel switched off, a receiver without address, a
channel that errs, a text with an unknown value, runs by hand and by schedule."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headrace.core.words import Trigger
from headrace.ports.records import UserRecord
from headrace.usecases import channels
from tests.notify.house import ADA, TENANT, House, NoticeStatus, house
from tests.notify.sinks import Mail, Web

FAILS = {"id": "a", "executor": "shell", "with": {"script": "echo no >&2; exit 3"}}
WORKS = {"id": "a", "executor": "noop"}
EVENTS = ("start", "end", "failure", "success")


@pytest.fixture
def home(tmp_path: Path, web: Web) -> Iterator[House]:
    with house(tmp_path) as made:
        made.webhook("hook", web.url)
        yield made


def each() -> list[Any]:
    """One alarm for each event, told apart by its text."""
    return [{"on": [event], "channel": "hook", "text": event} for event in EVENTS]


def told(web: Web, count: int, about: str) -> set[str]:
    return {request.json["text"] for request in web.kept.wait(count) if request.json["about"] == about}


@pytest.mark.parametrize(
    ("node", "events"), [(WORKS, {"start", "end", "success"}), (FAILS, {"start", "end", "failure"})]
)
def test_a15_19_four_events_at_both_levels(home: House, web: Web, node: Any, events: set[str]) -> None:
    home.publish("w", {**node, "alarms": each()}, alarms=each())
    run = home.run("w")
    assert told(web, 6, "run") == events
    assert told(web, 6, "step") == events
    notices = home.settled()
    assert len(notices) == 6
    assert {n.status for n in notices} == {NoticeStatus.SENT}
    assert {n.run for n in notices} == {run}
    assert {n.node for n in notices} == {"a", None}


def test_a15_19_a_failure_says_where_and_why(home: House, web: Web) -> None:
    home.publish("w", FAILS, {**WORKS, "id": "b", "after": ["a"], "alarms": each()}, alarms=each())
    home.run("w")
    home.settled()
    failure = next(r.json for r in web.kept.wait(3) if r.json["occasion"] == "failure")
    assert (failure["node"], failure["reason"]) == ("a", "error")
    assert told(web, 3, "step") == set(), "b never ran because of a: it tells nobody"


def test_a15_19_a_channel_that_is_switched_off(home: House, web: Web) -> None:
    home.do(lambda w, now: channels.switch_channel(w, now, ADA, "hook", enabled=False))
    home.publish("w", WORKS, alarms=[{"on": ["end"], "channel": "hook"}])
    home.run("w")
    (notice,) = home.settled()
    assert (notice.status, notice.response) == (NoticeStatus.FAILED, "The channel hook is disabled.")
    home.do(lambda w, now: channels.switch_channel(w, now, ADA, "hook", enabled=True))
    home.resend(notice)
    assert web.kept.wait(1)[0].headers["x-headrace-id"] == notice.key


def test_a15_19_receivers_with_and_without_an_address(home: House, mail: Mail) -> None:
    settings = {"host": "127.0.0.1", "port": mail.port, "security": "none", "from": "h@example.org"}
    home.channel("mail", "email", {**settings, "language": "zh"})
    home.do(lambda w, now: _users(w))
    to = ["lilei", "hanmeimei", "gone", "ops@example.org", "former"]
    home.publish("w", WORKS, alarms=[{"on": ["end"], "channel": "mail", "to": to}])
    home.run("w")
    found = {n.receiver: (n.status.value, n.response) for n in home.settled()}
    assert found == {
        "lilei": ("SENT", "OK kept"),
        "hanmeimei": ("FAILED", "用户 hanmeimei 没有电子邮件地址。"),
        "gone": ("FAILED", "没有用户 gone。"),
        "ops@example.org": ("SENT", "OK kept"),
        "former": ("FAILED", "没有用户 former。"),
    }
    assert sorted(letter.to[0] for letter in mail.kept.all) == ["lilei@example.org", "ops@example.org"]


def _users(writer: Any) -> None:
    for name, email, disabled in (
        ("lilei", "lilei@example.org", False),
        ("hanmeimei", None, False),
        ("former", "former@example.org", True),
    ):
        id = writer.allocate("user", 1)[0]
        writer.put_user(UserRecord(id, TENANT, name, None, disabled=disabled, roles=(), email=email))


def test_a15_19_a_channel_that_errs(home: House, web: Web) -> None:
    web.answers = [(503, "busy")]
    home.publish("w", WORKS, alarms=[{"on": ["end"], "channel": "hook"}])
    home.run("w")
    (notice,) = home.settled()
    assert (notice.status, notice.tries) == (NoticeStatus.PENDING, 1)
    assert notice.response == "127.0.0.1 answered: 503 busy"
    assert notice.next_at is not None


def test_a15_19_a_text_with_an_unknown_value_cannot_be_published(home: House) -> None:
    from headrace.ports.errors import Refused

    with pytest.raises(Refused) as refused:
        home.publish(
            "w", WORKS, alarms=[{"on": ["end"], "channel": "hook", "text": "${qing.work_name} {oops}"}]
        )
    assert [problem.code for problem in refused.value.problems] == ["definition_alarm_value"] * 2


def test_a15_19_only_of_scheduled_runs(home: House, web: Web) -> None:
    home.publish("w", WORKS, alarms=[{"on": ["end"], "channel": "hook", "triggers": ["SCHEDULED"]}])
    by_hand = home.run("w")
    scheduled = home.run("w", trigger=Trigger.SCHEDULED, planned_at=1_700_000_000.0)
    (request,) = web.kept.wait(1)
    assert (request.json["run"], request.json["planned"]) == (scheduled, 1_700_000_000.0)
    assert home.notices(run=by_hand) == []
    home.publish("w", WORKS, alarms=[{"on": ["end"], "channel": "hook"}])
    home.run("w")
    web.kept.wait(2)


def test_a15_19_a_channel_that_was_never_made_cannot_be_published(home: House) -> None:
    from headrace.ports.errors import Refused

    with pytest.raises(Refused) as refused:
        home.publish("w", WORKS, alarms=[{"on": ["end"], "channel": "absent"}])
    assert refused.value.problems[0].code == "definition_channel_unknown"
