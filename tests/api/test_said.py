"""What a step says about its end is read in the reader's language, wherever it is shown."""

import json
from typing import Any

import httpx2
import pytest

from tests.api.flows import ended, noop, publish, read, shell, start, steps, workflow

TIMEOUT = ("timed out after 0.2 s", "运行 0.2 秒后超时")
CASES: list[tuple[dict[str, Any], tuple[str, str]]] = [
    (shell("a", "exec sleep 60", timeout="200ms"), TIMEOUT),
    (shell("a", "echo 完 >&2; exit 3"), ("exited with code 3: 完", "退出码为 3：完")),
    (
        {**shell("a", "true"), "with": {"script": "true", "cwd": "/nowhere"}},
        (
            "The folder /nowhere cannot be entered: No such file or directory.",
            "无法进入目录 /nowhere：没有该文件或目录。",
        ),
    ),
    (
        {**noop("a"), "executor": "sleep", "with": {"seconds": -1}},
        (
            "seconds is -1: it must be seconds, 0 to 31536000.",
            "seconds 的值为 -1，应为：秒数，0 到 31536000。",
        ),
    ),
    (
        {"id": "a", "kind": "decision", "cases": [{"name": "x", "when": "false"}]},
        (
            "no case holds and there is none without a condition",
            "没有满足条件的分支，也没有不带条件的分支",
        ),
    ),
    (
        noop("a", "b", foreach="steps.b.status"),
        ("foreach gives string, a list is needed", "foreach 的值为 string，应为列表"),
    ),
]


@pytest.mark.parametrize(("node", "messages"), CASES)
def test_in_both_languages(client: httpx2.Client, node: Any, messages: tuple[str, str]) -> None:
    publish(client, workflow("w", noop("b"), node))
    run = start(client, "w")
    ended(client, run, "FAILED")
    step = steps(client, run)["a"]["id"]
    for language, message in zip(("en", "zh-CN"), messages, strict=True):
        client.headers["Accept-Language"] = language
        assert steps(client, run)["a"]["message"] == message
        assert read(client, f"/runs/{run}/steps/{step}")["message"] == message
        attempts = read(client, f"/runs/{run}/steps/{step}/attempts")["items"]
        assert [each["message"] for each in attempts] in ([message], [])
        assert message in told(client, run)


def told(client: httpx2.Client, run: int) -> list[str]:
    """The messages of the run's events, up to its end."""
    found: list[str] = []
    with client.stream("GET", f"/api/v1/runs/{run}/events") as stream:
        for line in stream.iter_lines():
            if line.startswith("data: "):
                changes = json.loads(line.removeprefix("data: "))["changes"]
                found += [change["message"] for change in changes if change.get("message")]
                if any("run" in change and change.get("status") == "FAILED" for change in changes):
                    break
    return found


def test_a_refusal_holds_no_english_sentence_either(client: httpx2.Client) -> None:
    publish(client, workflow("w", noop("a", foreach="1 + 1")))
    answer = client.post("/api/v1/workflows/w/runs", json={}, headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == 422
    assert "foreach 的值为 number，应为列表" in answer.json()["errors"][0]["message"]


def test_a_run_that_may_not_be_undone_says_so(client: httpx2.Client) -> None:
    document = workflow("w", noop("a", rollback="forbidden"), shell("b", "exit 1", "a"))
    document["spec"]["on_failure"] = "rollback"
    publish(client, document)
    run = start(client, "w")
    ended(client, run, "FAILED")
    for language, words in (
        ("en", "cannot be rolled back: its node a was"),
        ("zh-CN", "不能回滚：节点 a 已"),
    ):
        client.headers["Accept-Language"] = language
        assert words in read(client, f"/runs/{run}")["message"]
        assert words in read(client, "/runs")["items"][0]["message"]
