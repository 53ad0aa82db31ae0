"""The words of messages, in both languages, and texts of people's own."""

from datetime import UTC, timedelta, timezone
from typing import Any

import pytest

from headrace.core.alarm import trial, wording

SHANGHAI = timezone(timedelta(hours=8))
RUN: dict[str, Any] = {
    "workflow": "夜间 backup",
    "version": 3,
    "run": 7,
    "trigger": "MANUAL",
    "creator": "ada",
    "status": "SUCCESSFUL",
    "operation": "EXECUTE",
    "at": 1_700_000_000.5,
    "about": "run",
    "started": False,
    "occasion": "success",
}
WHY = {"node": "drain", "name": "Drain it", "step": 9, "reason": "error", "message": "no\nroute"}
STEP = RUN | {"about": "step", "occasion": "failure", "status": "FAILED"} | WHY


def words(facts: Any, language: Any = "en", template: str | None = None, url: str = "http://h/runs/7") -> str:
    return wording(facts, template, language, SHANGHAI, url).text


def test_a_run() -> None:
    assert words(RUN).splitlines() == [
        "Workflow 夜间 backup succeeded",
        "Run: 7",
        "Time: 2023-11-15 06:13:20+08:00",
        "http://h/runs/7",
    ]


def test_a_run_that_failed_in_chinese() -> None:
    failed = RUN | WHY | {"status": "FAILED", "occasion": "failure", "planned": 1_700_000_000.0}
    assert words(failed, "zh", url="").splitlines() == [
        "工作流 夜间 backup 执行失败",
        "运行：7",
        "失败节点：Drain it",
        "步骤：9",
        "原因：出错",
        "计划时间：2023-11-15 06:13:20+08:00",
        "时间：2023-11-15 06:13:20+08:00",
        "no",
        "route",
    ]


def test_a_step() -> None:
    made = wording(STEP | {"count": 3}, None, "en", UTC, "")
    assert made.subject == "Drain it ×3 of workflow 夜间 backup failed"
    assert made.text.splitlines() == [
        made.subject,
        "Run: 7",
        "Step: 9",
        "Reason: error",
        "Time: 2023-11-14 22:13:20+00:00",
        "no",
        "route",
    ]


def test_what_a_step_said_is_in_the_language_of_the_channel() -> None:
    late = STEP | {"message": "timed out after 3 s"}
    assert "timed out after 3 s" in words(late).splitlines()
    assert "运行 3 秒后超时" in words(late, language="zh").splitlines()
    assert words(late, language="zh", template="{message}") == "运行 3 秒后超时"


def test_without_a_message() -> None:
    assert words(STEP | {"message": ""}, url="").splitlines()[-1].startswith("Time: ")


@pytest.mark.parametrize(
    ("facts", "subject"),
    [
        (RUN | {"started": True, "status": "RUNNING"}, "Workflow 夜间 backup has started"),
        (RUN | {"status": "CANCELED"}, "Workflow 夜间 backup was terminated"),
        (RUN | {"status": "EXPIRED"}, "Workflow 夜间 backup ran out of time"),
        (RUN | {"status": "RUNNING"}, "Workflow 夜间 backup failed and is being rolled back"),
        (RUN | {"operation": "ROLLBACK"}, "Workflow 夜间 backup was rolled back"),
        (
            RUN | {"operation": "ROLLBACK", "status": "FAILED"},
            "Workflow 夜间 backup could not be rolled back",
        ),
        (STEP | {"reason": "canceled"}, "Drain it of workflow 夜间 backup was canceled"),
        (STEP | {"operation": "ROLLBACK"}, "Drain it of workflow 夜间 backup could not be rolled back"),
        (STEP | {"status": "SUCCESSFUL"}, "Drain it of workflow 夜间 backup succeeded"),
        (STEP | {"started": True}, "Drain it of workflow 夜间 backup has started"),
        (STEP | {"name": "a\r\nBcc: x@y"}, "a Bcc: x@y of workflow 夜间 backup failed"),
    ],
)
def test_subjects(facts: Any, subject: str) -> None:
    assert wording(facts, None, "en", UTC, "").subject == subject


def test_a_text_of_ones_own() -> None:
    template = "{workflow}/{run}/{node}/{step}: {status}, {reason}, {message}, {occasion} {at} {planned}{url}"
    assert words(STEP, template=template, url="u") == (
        "夜间 backup/7/drain/9: failed, error, no\nroute, failure 2023-11-15 06:13:20+08:00 u"
    )
    assert words(STEP, "zh", "{status}|{reason}|{occasion}") == "失败|出错|失败"


def test_values_are_never_read_as_a_text_again() -> None:
    sly = STEP | {"message": "{workflow} {run.__class__} %s $x"}
    assert words(sly, template="{{{message}}} {{run}}") == "{{workflow} {run.__class__} %s $x} {run}"


def test_names_it_does_not_know_stay() -> None:
    """Only a definition of an older version can hold one: new ones are checked."""
    assert words(STEP, template="{nothing} {run!r}") == "{nothing} {run!r}"


def test_a_trial() -> None:
    assert trial("en", "ops").subject == "Headrace: a test of the channel ops"
    assert "测试" in trial("zh", "ops").text
