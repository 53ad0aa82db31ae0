"""Acceptance case 18: calls from outside, and every way in which they are refused."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from headrace.ports.audit import AuditFilter
from headrace.ports.invocations import InvocationToken
from headrace.usecases.invocations import digest_of
from tests.api.conftest import ADMIN_TOKEN, Running, running
from tests.api.flows import noop, shell
from tests.surfaces.desk import Trace
from tests.surfaces.workflows.desk import FlowDesk, Json, desk_of

OPEN = {"invocation": {"enabled": True}}
PATH = "/workflow/open/invokeWorkflow"


@pytest.fixture
def outside(flow: FlowDesk) -> httpx2.Client:
    """Somebody without any credentials."""
    return flow.nobody()


def called(flow: FlowDesk, client: httpx2.Client, id: str, token: str, **more: Json) -> str:
    data = flow.call("open/invokeWorkflow", client=client, workflowId=id, token=token, **more)["data"]
    assert set(data) == {"workflowInstanceId"}
    instance: str = data["workflowInstanceId"]
    return instance


def refused(flow: FlowDesk, client: httpx2.Client, status: int, id: str, token: str) -> str:
    """The fault's name; nothing was started and the token was not marked as used."""
    before = runs(flow), used(flow, token)
    envelope = flow.call("open/invokeWorkflow", status, client, workflowId=id, token=token)
    assert (runs(flow), used(flow, token)) == before
    err: str = envelope["err"]
    return err


def runs(flow: FlowDesk) -> int:
    total: int = flow.data("queryWorkFlowInstances")["totalElements"]
    return total


def used(flow: FlowDesk, token: str) -> float | None:
    record = stored(flow, token)
    return record.last_used_at if record else None


def stored(flow: FlowDesk, token: str) -> InvocationToken | None:
    with flow.live.system.store.read() as reader:
        found: InvocationToken | None = reader.invocation_token(digest_of(token))
        return found


def tokens(flow: FlowDesk, id: str) -> Json:
    answer = flow.client.get(f"/api/v1/workflows/{flow.name(id)}/tokens")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_a15_18_a_call_starts_the_published_version(
    flow: FlowDesk, outside: httpx2.Client, trace: Trace
) -> None:
    script = 'echo "$PARAM_WHO" >> ' + str(trace._path)
    id = flow.flow(shell("a", script), params={"who": {"type": "string", "default": "nobody"}}, **OPEN)
    token = flow.token(id)
    instance = called(flow, outside, id, token, params={"who": "me"})
    flow.until(instance, "SUCCESS")
    assert trace.words == ["me"]
    [row] = flow.history(workflowId=id)
    assert (row["workflowInstanceId"], row["type"], row["createUsername"]) == (instance, "INVOKE", "admin")
    run = flow.client.get(f"/api/v1/runs/{instance}").json()
    assert run["trigger"] == "INVOKED"
    assert tokens(flow, id)[0]["lastUsedAt"] is not None


def test_a15_18_the_answer_is_theirs(flow: FlowDesk, outside: httpx2.Client) -> None:
    id = flow.flow(noop("a"), **OPEN)
    token = flow.token(id)
    body = {"workflowId": id, "token": token}
    assert outside.post(PATH, json=body).json()["msg"] == "调用成功"
    english = outside.post(PATH, json=body, headers={"Accept-Language": "en"}).json()
    assert (english["code"], english["msg"]) == ("200", "Called.")
    wrong = outside.post(PATH, json={**body, "token": "hri_x"}, headers={"Accept-Language": "en"})
    assert wrong.json() == {"code": "401", "msg": "The token is not valid.", "err": "invocation_token_wrong"}
    assert wrong.headers["content-language"] == "en"


def test_a15_18_unpublished_and_switched_off(flow: FlowDesk, outside: httpx2.Client) -> None:
    id = flow.flow(noop("a"), publish=False, **OPEN)
    token = flow.token(id)
    assert refused(flow, outside, 409, id, token) == "invocation_not_published"
    flow.call("deployWorkflow", workflowId=id)
    called(flow, outside, id, token)
    flow.call("configWorkflowSetting", workflowId=id, invokeStatus="OFF")
    called(flow, outside, id, token)  # what is published counts
    flow.call("deployWorkflow", workflowId=id)
    assert refused(flow, outside, 409, id, token) == "invocation_off"
    flow.call("configWorkflowSetting", workflowId=id, invokeStatus="ON")
    flow.call("deployWorkflow", workflowId=id)
    called(flow, outside, id, token)
    flow.call("killWorkflow", workflowId=id)
    assert refused(flow, outside, 409, id, token) == "invocation_not_published"


def test_a15_18_tokens_that_are_not_this_ones(flow: FlowDesk, outside: httpx2.Client) -> None:
    id, other = flow.flow(noop("a"), **OPEN), flow.flow(noop("a"), **OPEN)
    token = flow.token(id)
    assert refused(flow, outside, 403, other, token) == "invocation_token_foreign"
    assert refused(flow, outside, 403, "404404", token) == "invocation_token_foreign"
    assert refused(flow, outside, 403, "sy_123", token) == "invocation_token_foreign"
    assert refused(flow, outside, 401, id, "hri_never-made") == "invocation_token_wrong"
    assert refused(flow, outside, 401, id, token + "x") == "invocation_token_wrong"
    assert refused(flow, outside, 401, id, ADMIN_TOKEN) == "invocation_token_kind"
    foreign = flow.tenant("foreigners").flow(noop("a"), **OPEN)
    assert refused(flow, outside, 403, foreign, token) == "invocation_token_foreign"
    as_bearer = flow.live.client(token)
    assert as_bearer.get("/api/v1/me").status_code == 401


def test_a15_18_expired(flow: FlowDesk, outside: httpx2.Client) -> None:
    id = flow.flow(noop("a"), **OPEN)
    token = flow.token(id)
    record = stored(flow, token)
    assert record is not None
    assert record.expires_at - record.created_at == 365 * 86_400

    def age(writer: Any, now: float) -> None:
        writer.put_invocation_token(replace(record, expires_at=now))

    flow.live.system.inbox.transact(age).result(20)
    assert refused(flow, outside, 401, id, token) == "invocation_token_expired"


def test_a15_18_revoked_and_rotated(flow: FlowDesk, outside: httpx2.Client) -> None:
    id = flow.flow(noop("a"), **OPEN)
    first, second = flow.token(id), flow.token(id)
    base = f"/api/v1/workflows/{flow.name(id)}/tokens"
    newest, oldest = (each["id"] for each in tokens(flow, id))
    assert flow.client.delete(f"{base}/{oldest}").status_code == 204
    assert refused(flow, outside, 401, id, first) == "invocation_token_revoked"
    third = flow.client.post(f"{base}/{newest}/rotate").json()["token"]
    assert refused(flow, outside, 401, id, second) == "invocation_token_revoked"
    called(flow, outside, id, third)


def test_a15_18_of_a_workflow_that_is_deleted(flow: FlowDesk, outside: httpx2.Client) -> None:
    id = flow.flow(noop("a"), publish=False, **OPEN)
    token = flow.token(id)
    flow.call("deleteWorkflow", workflowId=id)
    assert refused(flow, outside, 401, id, token) == "invocation_token_wrong"


def test_a15_18_renamed_it_goes_on(flow: FlowDesk, outside: httpx2.Client) -> None:
    id = flow.flow(noop("a"), publish=False, **OPEN)
    token = flow.token(id)
    flow.call("updateWorkflow", id=id, name=f"called {id}")
    flow.call("deployWorkflow", workflowId=id)
    called(flow, outside, id, token)


def maker(flow: FlowDesk, name: str, id: str) -> tuple[int, str]:
    """A user who has made a token for the workflow."""
    client = flow.live.user(name, ("editor",))
    token = client.post("/workflow/getInvokeUrl", json={"workflowId": id}).json()["data"]["token"]
    return client.get("/api/v1/me").json()["id"], token


@pytest.mark.parametrize(
    ("change", "err"),
    [({"disabled": True}, "invocation_user_disabled"), ({"roles": ["viewer"]}, "invocation_user_rights")],
)
def test_a15_18_a_token_can_do_what_its_maker_can(
    flow: FlowDesk, outside: httpx2.Client, change: Json, err: str
) -> None:
    id = flow.flow(noop("a"), **OPEN)
    user, token = maker(flow, f"maker-{err}", id)
    called(flow, outside, id, token)
    assert flow.history(workflowId=id)[0]["createUsername"] == f"maker-{err}"
    assert flow.client.patch(f"/api/v1/users/{user}", json=change).status_code == 200
    assert refused(flow, outside, 403, id, token) == err


def test_a15_18_a_disabled_tenant_takes_no_calls(flow: FlowDesk, outside: httpx2.Client) -> None:
    other = flow.tenant("closing-down")
    id = other.flow(noop("a"), **OPEN)
    token = other.token(id)
    called(other, outside, id, token)
    listed = flow.client.get("/api/v1/tenants").json()["items"]
    [tenant] = [each["id"] for each in listed if each["name"] == "closing-down"]
    change = flow.client.patch(f"/api/v1/tenants/{tenant}", json={"disabled": True})
    assert change.status_code == 200, change.text
    before = used(flow, token)
    envelope = flow.call("open/invokeWorkflow", 403, outside, workflowId=id, token=token)
    assert envelope["err"] == "invocation_tenant_disabled"
    assert used(flow, token) == before


def test_a15_18_the_same_key_starts_once(flow: FlowDesk, outside: httpx2.Client) -> None:
    id = flow.flow(noop("a"), params={"n": {"type": "integer", "default": 1}}, **OPEN)
    token, other = flow.token(id), flow.token(id)
    key = {"idempotencyKey": "once", "params": {"n": 2}}
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(called, flow, flow.nobody(), id, token, **key) for _ in range(4)]
        [instance] = {each.result() for each in asked}
    assert called(flow, outside, id, other, **key) == instance
    again = flow.call(
        "open/invokeWorkflow",
        409,
        outside,
        workflowId=id,
        token=token,
        idempotencyKey="once",
        params={"n": 3},
    )
    assert again["err"] == "idempotency_mismatch"
    assert called(flow, outside, id, token, idempotencyKey="twice") != instance
    assert len(flow.history(workflowId=id)) == 2


def test_a15_18_what_cannot_start_is_refused_whole(flow: FlowDesk, outside: httpx2.Client) -> None:
    id = flow.flow(noop("a"), params={"n": {"type": "integer"}}, required=["n"], **OPEN)
    token = flow.token(id)
    assert refused(flow, outside, 400, id, token) == "params_invalid"
    for body in ({}, {"workflowId": id}, {"workflowId": id, "token": token, "params": []}):
        answer = outside.post(PATH, json=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "400")
    assert outside.get(PATH).status_code == 405
    assert used(flow, token) is None


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path / "home", invocations_per_minute=3) as live:
        yield live


def test_a15_18_too_many_calls(narrow: Running) -> None:
    flow = desk_of(narrow)
    id = flow.flow(noop("a"), **OPEN)
    token, other = flow.token(id), flow.token(id)
    outside = flow.nobody()
    body = {"workflowId": id, "token": token}
    for _ in range(3):
        assert outside.post(PATH, json=body).status_code == 200
    answer = outside.post(PATH, json=body)
    assert (answer.status_code, answer.json()["err"]) == (429, "invocation_too_often")
    assert 1 <= int(answer.headers["retry-after"]) <= 20
    called(flow, outside, id, other)  # each token for itself
    statuses = [outside.post(PATH, json={**body, "token": "hri_x"}).status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]  # and all of an address together: 5 times 3
    assert len(flow.history(workflowId=id)) == 4


def test_a15_18_calls_are_in_the_audit_log(flow: FlowDesk, outside: httpx2.Client) -> None:
    id = flow.flow(noop("a"), **OPEN)
    token = flow.token(id)
    called(flow, outside, id, token)
    with flow.live.system.store.read() as reader:
        found = reader.audit(1, AuditFilter(object=flow.name(id)), None, 10)
    assert [record.action for record in found if record.action != "publish"][:2] == ["invoke", "create"]
    assert (found[0].user, found[0].address) == ("admin", "127.0.0.1")
    assert all(token not in repr(record) for record in found)


def test_a15_18_a_token_is_nowhere_in_the_file(flow: FlowDesk, outside: httpx2.Client) -> None:
    id = flow.flow(noop("a"), **OPEN)
    token = flow.token(id)
    called(flow, outside, id, token)
    home: Path = flow.live.system.settings.home
    files = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.name == "headrace.db" for path in files)
    assert all(token.encode() not in path.read_bytes() for path in files)
