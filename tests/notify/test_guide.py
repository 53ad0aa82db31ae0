"""What the guide shows is true."""

import hmac
import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from headrace.config import Settings
from headrace.core.alarm.channels import KINDS, Secrets, check_channel
from headrace.core.definition.alarms import VALUES
from headrace.core.definition.parse import parse
from headrace.notify.webhook import signed
from headrace.usecases.alarms import RETRY_DELAYS
from headrace.usecases.definitions import read_document

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
PAGES = ["alarms.md", "alarms.zh-CN.md"]


def blocks(page: str, syntax: str) -> list[str]:
    text = (GUIDES / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{syntax}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_the_signature_is_checked_as_shown(page: str) -> None:
    shown: dict[str, Any] = {}
    exec(blocks(page, "python")[0], shown)
    body = b'{"id": 1}'
    headers = signed("key", body, 1_700_000_000)
    made = (headers["X-Headrace-Timestamp"], headers["X-Headrace-Signature"])
    assert shown["genuine"]("key", *made, body)
    assert not shown["genuine"]("other", *made, body)
    assert not shown["genuine"]("key", *made, body + b" ")
    assert hmac.new(b"key", b"1700000000." + body, sha256).hexdigest() in made[1]


@pytest.mark.parametrize("page", PAGES)
def test_definitions_and_channels_are_valid(page: str) -> None:
    fragment = read_document(blocks(page, "yaml")[0])
    header = {"apiVersion": "headrace/v1", "kind": "Workflow", "metadata": {"name": "w"}}
    parse({**header, "spec": {"nodes": [], **fragment}})
    (body,) = re.findall(r'channels" -d \'(.*?)\'', blocks(page, "sh")[0], re.DOTALL)
    channel = json.loads(body)
    check_channel(channel["kind"], channel["settings"], Secrets(channel["secret"]))


@pytest.mark.parametrize("page", PAGES)
def test_everything_there_is_stands_in_the_guide(page: str) -> None:
    text = (GUIDES / page).read_text(encoding="utf-8")
    for kind in KINDS:
        assert f"| `{kind}` |" in text
    for name in VALUES:
        assert f"`{{{name}}}`" in text
    for name in Settings.model_fields:
        if name.startswith("alarm_") or name == "public_url":
            assert f"`HEADRACE_{name.upper()}`" in text
    assert RETRY_DELAYS == (10.0, 60.0, 600.0, 3600.0)


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HEADRACE_ALARM_ALLOW", '["10.1.0.0/16", "smtp.example.org"]')
    assert Settings(home=tmp_path).alarm_allow == ("10.1.0.0/16", "smtp.example.org")
