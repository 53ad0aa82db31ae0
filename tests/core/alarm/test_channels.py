"""What each kind of channel needs, and every way to get it wrong."""

from typing import Any

import pytest

from headrace.core.alarm.channels import KINDS, Secrets, address_of, check_channel, same_place, web_address
from headrace.core.refusal import Refused

MAIL: dict[str, Any] = {"host": "mail.example.org", "from": "headrace@example.org"}
HOOK = {"url": "https://example.org/hook"}
GONE, HEADERS = "definition_required", "settings.headers"
NEEDLESS = ("signingKey", "channel_secret_needless")
ROBOT = "https://oapi.dingtalk.com/robot/send?access_token=abc"


def faults(kind: str, settings: Any, has: Any = (), **secrets: str) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        check_channel(kind, settings, Secrets(**secrets), has)
    assert caught.value.code == "channel_invalid"
    return [(problem.path, problem.code) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("kind", "settings", "secrets"),
    [
        ("email", MAIL, {}),
        ("email", {**MAIL, "port": 25, "security": "none", "to": ["a@b.c", "李雷@例子.中国"]}, {}),
        ("email", {**MAIL, "user": "me", "language": "zh"}, {"secret": "pass"}),
        ("email", {**MAIL, "user": "me", "host": "127.0.0.1", "security": "none"}, {"secret": "pass"}),
        ("webhook", HOOK, {}),
        ("webhook", {**HOOK, "headers": {"Authorization": "Bearer x"}}, {"secret": "key"}),
        ("dingtalk", {}, {"secret": ROBOT, "signing_key": "SEC"}),
        ("wecom", {}, {"secret": "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"}),
        ("feishu", {}, {"secret": "0a1b2c3d-4e5f", "signing_key": "k"}),
        ("slack", {}, {"secret": "https://hooks.slack.com/services/T/B/x"}),
        ("apprise", {}, {"secret": "tgram://123:abc/456"}),
    ],
)
def test_good_ones(kind: str, settings: Any, secrets: dict[str, str]) -> None:
    check_channel(kind, settings, Secrets(**secrets))


@pytest.mark.parametrize(
    ("kind", "settings", "secrets", "found"),
    [
        ("mail", {}, {}, [("kind", "definition_choice_near")]),
        ("email", {}, {}, [("settings.host", GONE), ("settings.from", GONE)]),
        ("email", {**MAIL, "from": "x"}, {}, [("settings.from", "channel_address")]),
        ("email", {**MAIL, "from": "a@b\r\nBcc: c@d"}, {}, [("settings.from", "channel_address")]),
        ("email", {**MAIL, "to": ["a@b.c", "ada"]}, {}, [("settings.to[1]", "channel_address")]),
        ("email", {**MAIL, "security": "startls"}, {}, [("settings.security", "definition_choice_near")]),
        ("email", {**MAIL, "port": 0}, {}, [("settings.port", "definition_range")]),
        ("email", {**MAIL, "language": "de"}, {}, [("settings.language", "definition_choice")]),
        ("email", {**MAIL, "x": 1}, {}, [("settings.x", "definition_key_unknown")]),
        ("email", MAIL, {"secret": "p"}, [("settings.user", "channel_user_missing")]),
        (
            "email",
            {**MAIL, "user": "u", "security": "none"},
            {"secret": "p"},
            [("settings.security", "channel_clear")],
        ),
        ("email", MAIL, {"signing_key": "k"}, [NEEDLESS]),
        ("webhook", {}, {}, [("settings.url", "definition_required")]),
        ("webhook", {"url": "file:///etc/passwd"}, {}, [("settings.url", "channel_url")]),
        ("webhook", {**HOOK, "headers": {"Host": "x"}}, {}, [("settings.headers.Host", "channel_header")]),
        (
            "webhook",
            {**HOOK, "headers": {"x-headrace-id": "1"}},
            {},
            [(f"{HEADERS}.x-headrace-id", "channel_header")],
        ),
        ("webhook", {**HOOK, "headers": {"A": "b\r\nC: d"}}, {}, [("settings.headers.A", "channel_header")]),
        ("webhook", {**HOOK, "headers": {"A": 1}}, {}, [("settings.headers.A", "channel_header")]),
        ("webhook", {**HOOK, "headers": {"A b": "c"}}, {}, [("settings.headers.A b", "channel_header")]),
        ("dingtalk", {}, {}, [("secret", "channel_secret_robot")]),
        ("wecom", {}, {"secret": "a b"}, [("secret", "channel_secret_robot")]),
        ("wecom", {}, {"secret": "12345678", "signing_key": "x"}, [NEEDLESS]),
        ("slack", {}, {"secret": "T/B/x"}, [("secret", "channel_secret_webhook")]),
        ("apprise", {}, {"secret": "no address"}, [("secret", "channel_secret_service")]),
    ],
)  # fmt: skip
def test_faults(kind: str, settings: Any, secrets: dict[str, str], found: Any) -> None:
    assert faults(kind, settings, **secrets) == found


def test_secrets_that_are_kept_need_not_be_given_again() -> None:
    check_channel("dingtalk", {}, Secrets(), {"secret"})
    check_channel("email", {**MAIL, "user": "u"}, Secrets(), {"secret"})
    assert faults("email", MAIL, {"secret"}) == [("settings.user", "channel_user_missing")]
    assert faults("dingtalk", {}, secret="") == [("secret", "channel_secret_robot")]


def test_a_kept_password_belongs_to_its_server() -> None:
    assert same_place("email", MAIL, {**MAIL, "to": ["a@b.c"]})
    assert not same_place("email", MAIL, {**MAIL, "host": "evil.example.org"})
    assert not same_place("email", MAIL, {**MAIL, "security": "none"})
    assert same_place("dingtalk", {}, {})


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("http://a", True),
        ("https://a.b:8443/x?y=1", True),
        ("http://[::1]:8080/", True),
        ("http://例子.中国/x", True),
        ("ftp://a", False),
        ("http://", False),
        ("http://a b", False),
        ("http://u:p@h/", False),
        ("http://h:0/", False),
        ("http://h:70000/", False),
        ("http://h/\n", False),
        ("http://h/#x", False),
        ("gopher://h", False),
    ],
)
def test_web_addresses(text: str, good: bool) -> None:
    assert web_address(text) is good


def test_mail_addresses() -> None:
    assert address_of("a.b+c@d.org") == "a.b+c@d.org"
    for wrong in ("ada", "a@", "@b", "a@b c", "a@b,c@d", "a@b\n", "<a@b>"):
        assert address_of(wrong) is None, wrong


def test_every_kind_that_is_promised() -> None:
    assert set(KINDS) == {"email", "webhook", "dingtalk", "wecom", "feishu", "slack", "apprise"}
