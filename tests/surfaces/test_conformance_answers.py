"""Conformance B47-B49 and B57-B60: logs, envelopes, rights."""

import re

import httpx2
import pytest

from tests.api.conftest import ADMIN_PASSWORD
from tests.api.flows import noop, shell
from tests.surfaces.desk import TASKS, Desk, Gate, by_name, check_envelope

FAIL = "exit 3"
SEPARATOR = re.compile(r"^#{12} ([A-Z]+) (\S+) #{12}$", re.MULTILINE)


def test_b47_the_log_of_two_attempts(desk: Desk) -> None:
    task = desk.start(shell("a", f"echo hello; {FAIL}"))
    desk.ended(task, "FAILED")
    desk.verb(task, "retry")
    desk.ended(task, "FAILED")
    log = desk.log(task, "a")
    found = SEPARATOR.findall(log)
    assert [operation for operation, _ in found] == ["EXECUTE", "RETRY"]
    assert [at for _, at in found] == sorted(at for _, at in found)
    blocks = SEPARATOR.sub("#", log).split("#\n")[1:]
    assert [block.splitlines()[0] for block in blocks] == ["hello", "hello"]
    assert [block.splitlines()[1][:14] for block in blocks] == ["FAILED (error)", "FAILED (error)"]


def test_b47_attempts_that_wrote_nothing(desk: Desk) -> None:
    task = desk.start(noop("a", **{"with": {"fail": "no way"}}))
    desk.ended(task, "FAILED")
    desk.verb(task, "retry")
    desk.ended(task, "FAILED")
    log = desk.log(task, "a")
    assert [operation for operation, _ in SEPARATOR.findall(log)] == ["EXECUTE", "RETRY"]
    assert log.count("no way") == 2


def test_b48_the_log_of_what_never_ran(desk: Desk, gate: Gate) -> None:
    task = desk.start(shell("a", gate.script), noop("b", "a"))
    assert desk.log(task, "b") == ""
    sub = desk.sub(task, "a")["id"]
    assert desk.call("GET", f"/{task}/subtasks/{sub + 1000}/log", 404)["error"]["code"] == 20000
    gate.go()
    desk.ended(task)


CHINESE = "中文日志，原样保留。"


def written(desk: Desk, times: int) -> str:
    """The log of a step that writes so many characters in one line."""
    code = f"print({CHINESE!r} * {times}, flush=True)"
    task = desk.start(shell("a", f'PYTHONIOENCODING=utf-8 python3 -c "{code}"'))
    desk.ended(task)
    return desk.log(task, "a")


def test_b49_chinese_text_is_intact(desk: Desk) -> None:
    heading, line, summary, rest = written(desk, 1000).split("\n")
    assert SEPARATOR.fullmatch(heading)
    assert line == CHINESE * 1000
    assert summary.startswith("SUCCESSFUL after ")
    assert rest == ""


def test_b49_cut_to_the_newest_megabyte_between_characters(desk: Desk) -> None:
    log = written(desk, 50_000)
    line, summary, _ = log.split("\n")
    assert 999_990 < len(log.encode()) <= 1_000_000
    assert (CHINESE * 50_000).endswith(line)
    assert summary.startswith("SUCCESSFUL after ")


def test_b57_cancel_and_skip_answer_without_data(desk: Desk, gate: Gate) -> None:
    task = desk.start(shell("a", gate.script))
    gate.arrived()
    plain = {"successful", "timestamp", "duration", "status", "traceId", "server"}
    assert desk.verb(task, "cancel", "a").keys() == plain
    desk.ended(task, "FAILED")
    assert desk.verb(task, "skip", "a").keys() == plain
    desk.ended(task)


def test_b58_times_over_a_retry(desk: Desk, gate: Gate) -> None:
    task = desk.start(shell("a", gate.script))
    gate.go("n")
    first = desk.ended(task, "FAILED")
    assert "finishTime" in first
    desk.verb(task, "retry")
    gate.arrived()
    gate.arrived()
    again = desk.sub_is(task, "a", "RUNNING")
    assert again["startTime"] == by_name(first, "a")["startTime"]
    now = desk.task(task)
    assert now["startTime"] == first["startTime"]
    assert "finishTime" not in now
    assert "finishTime" not in again
    assert "finishTime" not in next(row for row in desk.page()["contents"] if row["id"] == task)
    gate.go()
    assert desk.ended(task)["finishTime"] > first["finishTime"]


def refusal(answer: httpx2.Response, status: int, code: int) -> None:
    assert answer.status_code == status, answer.text
    check_envelope(answer, answer.json())
    assert answer.json()["error"]["code"] == code


def test_b59_rights(desk: Desk) -> None:
    task = desk.start(shell("a", FAIL))
    done = desk.ended(task, "FAILED")
    sub = done["subtasks"][0]["id"]
    reads = ["", f"/{task}", f"/{task}/subtasks/{sub}/log"]
    writes = [f"/{task}/{verb}" for verb in ("retry", "rollback")]
    writes += [f"/{task}/subtasks/{sub}/{verb}" for verb in ("cancel", "retry", "skip")]
    nobody, viewer = desk.live.client(), desk.live.user(f"v{task}", ("viewer",))
    helpless = desk.live.user(f"n{task}", ())
    for path in reads:
        refusal(nobody.get(TASKS + path), 401, 30000)
        refusal(helpless.get(TASKS + path), 403, 30014)
        assert viewer.get(TASKS + path).status_code == 200
    for path in writes:
        refusal(nobody.post(TASKS + path), 401, 30000)
        refusal(viewer.post(TASKS + path), 403, 30014)
    wrong = desk.live.client(auth=("admin", "not the password"))
    refusal(wrong.get(TASKS), 401, 30000)
    assert wrong.get(TASKS).headers["www-authenticate"].startswith("Basic")
    assert desk.live.client(auth=("admin", ADMIN_PASSWORD)).get(TASKS).status_code == 200
    assert desk.task(task) == done


ERRORS = [
    ("GET", f"{TASKS}/x", {}, 400),
    ("GET", f"{TASKS}/{2**70}", {}, 400),
    ("GET", f"{TASKS}?status=ODD", {}, 400),
    ("GET", f"{TASKS}?clusterId=x", {}, 400),
    ("GET", f"{TASKS}?hostId={9 * 10**30}", {}, 400),
    ("GET", f"{TASKS}?name={'n' * 201}", {}, 400),
    ("GET", f"{TASKS}/1/nothing", {}, 404),
    ("GET", "/api/v2/tasks", {}, 404),
    ("DELETE", f"{TASKS}/1", {}, 405),
    ("POST", f"{TASKS}/1/retry", {"content": b"{", "headers": {"Content-Type": "application/json"}}, 400),
    ("POST", f"{TASKS}/1/retry", {"content": b"\xff"}, 400),
    ("POST", f"{TASKS}/1/retry", {"content": b" " * 2_000_001}, 413),
    ("POST", f"{TASKS}/1/retry", {"headers": {"Idempotency-Key": "not ok"}}, 400),
]


@pytest.mark.parametrize(("method", "path", "more", "status"), ERRORS)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_b60_any_error_wears_the_envelope(
    desk: Desk, method: str, path: str, more: dict[str, object], status: int, language: str
) -> None:
    given = dict(more)
    headers = {"Accept-Language": language, **given.pop("headers", {})}  # type: ignore[dict-item]
    answer = desk.client.request(method, path, headers=headers, **given)
    refusal(answer, status, 0)
    message = answer.json()["error"]["message"]
    assert bool(re.search("[\u4e00-\u9fff]", message)) == (language == "zh-CN")


def test_the_same_key_gives_the_same_answer(desk: Desk) -> None:
    task = desk.start(shell("a", FAIL))
    desk.ended(task, "FAILED")
    key = {"Idempotency-Key": f"k-{task}"}
    desk.call("POST", f"/{task}/retry", headers=key)
    desk.ended(task, "FAILED")
    desk.call("POST", f"/{task}/retry", headers=key)
    assert desk.sub(task, "a")["runTime"] == 2
    error = desk.call("POST", f"/{task}/retry", 400, headers=key, content=b"other")["error"]
    assert error["code"] == 0


def test_another_tenants_tasks_are_not_there(desk: Desk) -> None:
    task = desk.start(shell("a", FAIL))
    done = desk.ended(task, "FAILED")
    made = desk.client.post("/api/v1/tenants", json={"name": f"t{task}", "password": "a long password"})
    assert made.status_code == 201
    other = Desk(desk.live, desk.live.client(auth=(f"t{task}/admin", "a long password")))
    sub = done["subtasks"][0]["id"]
    assert other.page()["contents"] == []
    for method, path in [
        ("GET", f"/{task}"),
        ("GET", f"/{task}/subtasks/{sub}/log"),
        *(("POST", f"/{task}/{verb}") for verb in ("retry", "rollback")),
        *(("POST", f"/{task}/subtasks/{sub}/{verb}") for verb in ("cancel", "retry", "skip")),
    ]:
        assert other.call(method, path, 404)["error"]["code"] == 20000
    assert desk.task(task) == done


def test_what_never_ran_has_no_end(desk: Desk) -> None:
    task = desk.start({"id": "a", "kind": "timer", "for": "1d"}, noop("b", "a"))
    assert desk.client.post(f"/api/v1/runs/{task}/terminate", json={}).status_code == 200
    sub = by_name(desk.ended(task, "FAILED"), "b")
    assert sub["status"] == "PENDING"
    assert not {"startTime", "finishTime"} & sub.keys()
