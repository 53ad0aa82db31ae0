"""Who gets in: tokens, passwords, expiry, revocation, and the limit on guessing (S07–S09, S28)."""

from base64 import b64encode
from hashlib import md5, sha1, sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest

from headrace.identity.throttle import PER_ACCOUNT
from tests.api.conftest import ADMIN_PASSWORD, ADMIN_TOKEN, Running, running


def test_a_token_lets_in(client: httpx2.Client) -> None:
    me = client.get("/api/v1/me").json()
    assert (me["name"], me["tenant"], me["roles"]) == ("admin", "default", ["administrator"])


def test_a_password_lets_in(live: Running) -> None:
    for name in ("admin", "default/admin"):
        assert live.client(auth=(name, ADMIN_PASSWORD)).get("/api/v1/me").status_code == 200


def test_without_credentials_the_answer_asks_for_them(live: Running) -> None:
    answer = live.client().get("/api/v1/runs")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Basic")
    assert answer.json()["code"] == "credentials_missing"


@pytest.mark.parametrize("headers", [{"X-Headrace-Request": "1"}, {"Accept": "text/event-stream"}])
def test_a_page_is_not_challenged(live: Running, headers: dict[str, str]) -> None:
    """A challenge would make the browser ask for a password in a window of its own."""
    answer = live.client().get("/api/v1/session", headers=headers)
    assert answer.status_code == 401
    assert "www-authenticate" not in answer.headers


@pytest.mark.parametrize(
    "header",
    [
        "Bearer wrong",
        "Bearer",
        f"Bearer {ADMIN_TOKEN}x",
        f"Bearer {ADMIN_TOKEN.upper()}",
        f"Token {ADMIN_TOKEN}",
        "Basic " + b64encode(b"admin:wrong").decode(),
        "Basic " + b64encode(b"nobody:wrong").decode(),
        "Basic " + b64encode(b"nowhere/admin:wrong").decode(),
        "Basic " + b64encode(f"ADMIN:{ADMIN_PASSWORD}".encode()).decode(),
    ],
)
def test_wrong_credentials_all_get_the_same_answer(live: Running, header: str) -> None:
    answer = live.client(headers={"Authorization": header}).get("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "credentials_wrong")


def test_guessing_has_to_wait(live: Running) -> None:
    guess = live.client(auth=("admin", "wrong"))
    statuses = [guess.get("/api/v1/me").status_code for _ in range(PER_ACCOUNT + 1)]
    assert statuses == [401] * PER_ACCOUNT + [429]
    answer = guess.get("/api/v1/me")
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.json()["code"] == "too_many_failures"
    assert live.client(ADMIN_TOKEN).get("/api/v1/me").status_code == 200, "others go on"


def new_user(client: httpx2.Client, name: str, *roles: str) -> int:
    body = {"name": name, "password": "a long password", "roles": list(roles)}
    answer = client.post("/api/v1/users", json=body)
    assert answer.status_code == 201, answer.text
    id: int = answer.json()["id"]
    return id


def test_a_disabled_user_is_out_at_once(live: Running, client: httpx2.Client) -> None:
    id = new_user(client, "kim", "viewer")
    kim = live.client(auth=("kim", "a long password"))
    token = kim.post("/api/v1/tokens", json={"name": "laptop"}).json()["token"]
    by_token = live.client(token)
    assert by_token.get("/api/v1/me").status_code == kim.get("/api/v1/me").status_code == 200
    assert client.patch(f"/api/v1/users/{id}", json={"disabled": True}).status_code == 200
    assert by_token.get("/api/v1/me").status_code == kim.get("/api/v1/me").status_code == 401
    assert client.patch(f"/api/v1/users/{id}", json={"disabled": False}).status_code == 200
    assert by_token.get("/api/v1/me").status_code == 200


def test_everybody_of_a_disabled_tenant_is_out_at_once(live: Running, client: httpx2.Client) -> None:
    """By password, API token and session; and in again when it is enabled."""
    made = client.post("/api/v1/tenants", json={"name": "acme", "password": "a long password"})
    by_password = live.client(auth=("acme/admin", "a long password"))
    by_token = live.client(by_password.post("/api/v1/tokens", json={"name": "laptop"}).json()["token"])
    by_session = live.client(headers={"X-Headrace-Request": "1"})
    signed_in = {"tenant": "acme", "name": "admin", "password": "a long password"}
    assert by_session.post("/api/v1/sign-in", json=signed_in).status_code == 200
    all_three = (by_password, by_token, by_session)
    path = f"/api/v1/tenants/{made.json()['id']}"
    for disabled, status in ((False, 200), (True, 401), (False, 200)):
        assert client.patch(path, json={"disabled": disabled}).status_code == 200
        assert [each.get("/api/v1/me").status_code for each in all_three] == [status] * 3
    client.patch(path, json={"disabled": True})
    assert by_session.post("/api/v1/sign-in", json=signed_in).status_code == 401


def test_an_old_password_is_out_at_once(live: Running, client: httpx2.Client) -> None:
    id = new_user(client, "kim", "viewer")
    kim = live.client(auth=("kim", "a long password"))
    assert kim.get("/api/v1/me").status_code == 200
    assert client.patch(f"/api/v1/users/{id}", json={"password": "another password"}).status_code == 200
    assert kim.get("/api/v1/me").status_code == 401
    assert live.client(auth=("kim", "another password")).get("/api/v1/me").status_code == 200


def test_own_password_needs_the_current_one(live: Running, client: httpx2.Client) -> None:
    new_user(client, "kim", "viewer")
    kim = live.client(auth=("kim", "a long password"))
    wrong = kim.put("/api/v1/me/password", json={"current": "wrong", "password": "the next one"})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "password_wrong")
    right = {"current": "a long password", "password": "the next one"}
    assert kim.put("/api/v1/me/password", json=right).status_code == 204
    assert kim.get("/api/v1/me").status_code == 401
    assert live.client(auth=("kim", "the next one")).get("/api/v1/me").status_code == 200


def test_changed_roles_hold_for_the_next_request(live: Running, client: httpx2.Client) -> None:
    id = new_user(client, "kim", "viewer")
    kim = live.client(auth=("kim", "a long password"))
    assert kim.put("/api/v1/targets/host/web1", json={}).status_code == 403
    assert client.patch(f"/api/v1/users/{id}", json={"roles": ["editor"]}).status_code == 200
    assert kim.put("/api/v1/targets/host/web1", json={}).status_code == 200


def files_hold(home: Path, text: str) -> list[str]:
    return [path.name for path in home.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def test_nothing_is_kept_in_clear(live: Running, client: httpx2.Client, tmp_path: Path) -> None:
    token = client.post("/api/v1/tokens", json={"name": "x"}, headers={"Idempotency-Key": "k"}).json()[
        "token"
    ]
    assert files_hold(tmp_path, token) == []
    assert files_hold(tmp_path, ADMIN_TOKEN) == []
    assert files_hold(tmp_path, ADMIN_PASSWORD) == []


def test_a_repeated_body_is_known_by_nothing_that_could_be_guessed(
    live: Running, client: httpx2.Client, tmp_path: Path
) -> None:
    """A plain hash of the body would give its password away to whoever reads the database."""
    body = b'{"name":"kim","password":"a long password"}'
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    made = client.post("/api/v1/users", content=body, headers=headers)
    again = client.post("/api/v1/users", content=body, headers=headers)
    assert made.json() == again.json()
    other = client.post("/api/v1/users", content=body.replace(b"kim", b"lee"), headers=headers)
    assert other.json()["code"] == "idempotency_mismatch"
    for hashed in (sha256, sha1, md5):
        assert files_hold(tmp_path, hashed(body).hexdigest()) == []


def test_the_settings_rule_at_every_start(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        assert first.client(ADMIN_TOKEN).get("/api/v1/me").status_code == 200
    with running(tmp_path, admin_token="hr_another", admin_password="another password") as second:
        assert second.client(ADMIN_TOKEN).get("/api/v1/me").status_code == 401
        assert second.client("hr_another").get("/api/v1/me").status_code == 200
        assert second.client(auth=("admin", ADMIN_PASSWORD)).get("/api/v1/me").status_code == 401
        assert second.client(auth=("admin", "another password")).get("/api/v1/me").status_code == 200
    with running(tmp_path) as third:
        assert third.client(ADMIN_TOKEN).get("/api/v1/me").status_code == 200, "back to the first value"
        tokens: Any = third.client(ADMIN_TOKEN).get("/api/v1/tokens").json()["items"]
        assert len(tokens) == 2
