"""More about logs: work in progress, attempts cut short, what is left out beyond a megabyte."""

from tests.api.flows import noop, shell
from tests.surfaces.desk import Desk, Gate


def test_the_log_of_work_in_progress(desk: Desk, gate: Gate) -> None:
    task = desk.start(shell("a", f"printf 中文; printf '\\344\\270'; {gate.script}"))
    gate.arrived()
    heading, text = desk.log(task, "a").split("\n")
    assert heading.startswith("############ EXECUTE ")
    assert text == "中文"  # half a character waits for its rest
    gate.go("n")
    desk.ended(task, "FAILED")
    _, text, summary = desk.log(task, "a").splitlines()
    assert text == "中文\N{REPLACEMENT CHARACTER}"
    assert summary.startswith("FAILED (error) after ")


def test_an_attempt_canceled_before_it_began(narrow: Desk, gate: Gate) -> None:
    task = narrow.start(shell("a", gate.script), shell("b", "echo never"))
    gate.arrived()
    assert narrow.log(task, "b") == ""
    narrow.verb(task, "cancel", "b")
    narrow.sub_is(task, "b", "FAILED")
    heading, summary = narrow.log(task, "b").splitlines()
    assert heading.startswith("############ EXECUTE ")
    assert summary.startswith("FAILED (canceled) after 0.0 s")
    gate.go()
    narrow.ended(task, "FAILED")
    narrow.verb(task, "retry")
    narrow.ended(task)
    assert narrow.log(task, "b").splitlines()[-2:-1] == ["never"]


def test_older_attempts_give_way_to_newer(desk: Desk) -> None:
    task = desk.start(shell("a", "head -c 1200000 /dev/zero | tr '\\0' x; exit 3"), noop("b", "a"))
    for _ in range(2):
        desk.ended(task, "FAILED")
        desk.verb(task, "retry")
    desk.ended(task, "FAILED")
    log = desk.log(task, "a")
    assert len(log) == 1_000_000
    assert "####" not in log
    assert log.splitlines()[-1].startswith("FAILED (error) after ")


def test_the_last_line_of_an_attempt(desk: Desk) -> None:
    """Why it failed is told in the reader's language; a rollback that was done has succeeded."""
    task = desk.start(shell("a", "exit 3", rollback={"script": "true"}))
    desk.ended(task, "FAILED")
    path = f"/{task}/subtasks/{desk.sub(task, 'a')['id']}/log"
    for language, why in (("en", "exited with code 3"), ("zh-CN", "退出码为 3")):
        log = desk.call("GET", path, headers={"Accept-Language": language})["data"]["log"]
        assert log.endswith(f": {why}\n")
    desk.verb(task, "rollback")
    desk.ended(task)
    assert desk.log(task, "a").splitlines()[-1].startswith("SUCCESSFUL after ")
