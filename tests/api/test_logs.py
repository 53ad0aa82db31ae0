"""Logs of attempts: bytes, ranges, downloads, live text; never the whole file in memory."""

import json
import os

import httpx2
import psutil
import pytest

from tests.api.conftest import Running
from tests.api.flows import ended, events, publish, shell, start, step_until, steps, workflow

TEXT = "第一行\nsecond line\n"


def log_of(client: httpx2.Client, run: int, node: str = "a") -> str:
    return f"/api/v1/runs/{run}/steps/{steps(client, run)[node]['id']}/attempts/1/log"


@pytest.fixture
def done(client: httpx2.Client) -> str:
    """The path of the log of an ended attempt that wrote TEXT."""
    publish(client, workflow("w", shell("a", f"printf '{TEXT}'".replace("\n", "\\n"))))
    run = start(client, "w")
    ended(client, run)
    return log_of(client, run)


def test_the_bytes_as_they_were_written(client: httpx2.Client, done: str) -> None:
    answer = client.get(done)
    assert answer.content.endswith(TEXT.encode())
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["accept-ranges"] == "bytes"


def test_ranges(client: httpx2.Client, done: str) -> None:
    whole = client.get(done).content
    size = len(whole)
    cases = {"0-3": whole[:4], "5-": whole[5:], "-4": whole[-4:], f"2-{size + 99}": whole[2:], "-9999": whole}
    for given, expected in cases.items():
        answer = client.get(done, headers={"Range": f"bytes={given}"})
        assert (answer.status_code, answer.content) == (206, expected), given
        assert answer.headers["content-range"].endswith(f"/{size}")
    for outside in (f"{size}-", "9999-", "-0"):
        answer = client.get(done, headers={"Range": f"bytes={outside}"})
        assert (answer.status_code, answer.json()["code"]) == (416, "range_outside")
        assert answer.headers["content-range"] == f"bytes */{size}"
    for unread in ("bytes=a-b", "lines=1-2", "bytes=-", "bytes=1-2,4-5", "bytes=5-2"):
        answer = client.get(done, headers={"Range": unread})
        assert (answer.status_code, answer.content) == (200, whole), unread


def test_a_download_has_a_name(client: httpx2.Client, done: str) -> None:
    name = client.get(done + "?download=true").headers["content-disposition"]
    assert name.startswith('attachment; filename="run-1-step-')


def test_attempts_that_were_never_made(client: httpx2.Client, done: str) -> None:
    assert client.get(done.replace("attempts/1", "attempts/2")).status_code == 404


def test_following_ends_with_the_attempt(client: httpx2.Client, done: str) -> None:
    with client.stream("GET", done + "?follow=true") as stream:
        told = list(events(stream.iter_lines()))
    assert [each["event"] for each in told][-1] == "end"
    text = "".join(json.loads(each["data"])["text"] for each in told)
    assert text.endswith(TEXT)
    assert int(told[-1]["id"]) == len(client.get(done).content)


def test_following_goes_on_at_any_byte(client: httpx2.Client, done: str) -> None:
    whole = client.get(done).content
    for offset in range(len(whole) + 1):
        with client.stream("GET", done + "?follow=true", headers={"Last-Event-ID": str(offset)}) as stream:
            told = [json.loads(each["data"]) for each in events(stream.iter_lines())]
        text = "".join(each["text"] for each in told)
        assert text == whole[offset:].decode(errors="replace")
        assert told[-1]["offset"] == len(whole)


def test_following_tells_while_it_is_written(client: httpx2.Client, tmp_path: object) -> None:
    flag = f"{tmp_path}/go"
    script = f"printf 'one\\n\\346'; until test -e {flag}; do sleep 0.02; done; printf '\\227\\245two'"
    publish(client, workflow("w", shell("a", script)))
    run = start(client, "w")
    step_until(client, run, "a", lambda step: step["status"] == "RUNNING")
    text = ""
    with client.stream("GET", log_of(client, run) + "?follow=true") as stream:
        for event in events(stream.iter_lines()):
            text += json.loads(event["data"])["text"]
            if "one" in text and "two" not in text:
                assert "�" not in text
                open(flag, "w").close()
    assert text.endswith("one\n日two")


def test_bytes_that_are_not_text_stay_bytes(client: httpx2.Client) -> None:
    publish(client, workflow("w", shell("a", "printf '\\377\\000<script>\\033]0;x\\007'")))
    run = start(client, "w")
    ended(client, run)
    path = log_of(client, run)
    assert client.get(path).content.endswith(b"\xff\x00<script>\x1b]0;x\x07")
    with client.stream("GET", path + "?follow=true") as stream:
        text = "".join(json.loads(each["data"])["text"] for each in events(stream.iter_lines()))
    assert text.endswith("�\x00<script>\x1b]0;x\x07")


@pytest.mark.slow
def test_a_large_log_is_never_held_whole(live: Running, client: httpx2.Client) -> None:
    publish(client, workflow("w", shell("a", "true")))
    run = start(client, "w")
    ended(client, run)
    step = steps(client, run)["a"]["id"]
    size = 100_000_000
    with open(live.system.logs.path(run, step, 1), "wb") as file:
        file.truncate(size)
    me, highest = psutil.Process(os.getpid()), 0
    before = me.memory_info().rss
    received = 0
    with client.stream("GET", log_of(client, run)) as stream:
        for piece in stream.iter_bytes():
            received += len(piece)
            highest = max(highest, me.memory_info().rss)
    assert received == size
    assert highest - before < 50_000_000
