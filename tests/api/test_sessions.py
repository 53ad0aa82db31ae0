"""Signing in with a browser: cookies, their ends, and requests of other sites (S07 to S10)."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from headrace.api.http.access import COOKIE
from tests.api.conftest import ADMIN_PASSWORD, ADMIN_TOKEN, Running, running

OWN = {"X-Headrace-Request": "1"}
SECONDS = 20


class Clock:
    """The server's time, moved by the test."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self.ahead = 0.0

    def now(self) -> float:
        return float(self._real.now()) + self.ahead

    def monotonic(self) -> float:
        return float(self._real.monotonic()) + self.ahead


@pytest.fixture
def clock(live: Running, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What the gate goes by."""
    moved = Clock(live.system.clock)
    monkeypatch.setattr(live.system.gate, "_clock", moved)
    return moved


def sign_in(live: Running, name: str = "admin", password: str = ADMIN_PASSWORD, **more: Any) -> Any:
    """A client, and what it was answered."""
    client = live.client(headers=OWN)
    return client, client.post("/api/v1/sign-in", json={"name": name, "password": password, **more})


def test_in_and_out(live: Running) -> None:
    client, entered = sign_in(live)
    assert entered.status_code == 200
    assert entered.json()["user"]["name"] == "admin"
    assert "USER_ADMIN" in entered.json()["permissions"]
    assert client.get("/api/v1/session").json() == entered.json()
    assert client.delete("/api/v1/session").status_code == 204
    assert client.get("/api/v1/session").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(live: Running) -> None:
    _, entered = sign_in(live)
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie
    over_tls = live.client(headers={**OWN, "X-Forwarded-Proto": "https"}).post(
        "/api/v1/sign-in", json={"name": "admin", "password": ADMIN_PASSWORD}
    )
    assert "Secure" in over_tls.headers["set-cookie"]


def test_the_cookie_is_kept_nowhere(live: Running) -> None:
    client, _ = sign_in(live)
    cookie = client.cookies[COOKIE]
    live.system.inbox.transact(lambda writer, now: None).result(SECONDS)
    files = [path for path in Path(live.system.settings.home).rglob("*") if path.is_file()]
    assert not [path for path in files if cookie.encode() in path.read_bytes()]


def test_a_change_by_another_sites_page_is_refused(live: Running) -> None:
    client, _ = sign_in(live)
    del client.headers["X-Headrace-Request"]
    body = {"name": "kim", "roles": []}
    assert client.post("/api/v1/users", json=body).json()["code"] == "request_foreign"
    foreign = {**OWN, "Sec-Fetch-Site": "cross-site"}
    assert client.post("/api/v1/users", json=body, headers=foreign).status_code == 403
    same = {**OWN, "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/v1/users", json=body, headers=same).status_code == 201
    assert client.get("/api/v1/users").status_code == 200  # reading changes nothing


def test_signing_in_from_another_site_is_refused(live: Running) -> None:
    body = {"name": "admin", "password": ADMIN_PASSWORD}
    assert live.client().post("/api/v1/sign-in", json=body).status_code == 403


def test_each_sign_in_is_a_session_of_its_own(live: Running) -> None:
    one, _ = sign_in(live)
    two, _ = sign_in(live)
    assert one.cookies[COOKIE] != two.cookies[COOKIE]
    one.delete("/api/v1/session")
    assert two.get("/api/v1/session").status_code == 200


@pytest.mark.parametrize("cookie", ["", "x", "0" * 43])
def test_a_made_up_cookie_is_nobody(live: Running, cookie: str) -> None:
    answer = live.client(headers={"Cookie": f"{COOKIE}={cookie}"}).get("/api/v1/session")
    assert answer.status_code == 401
    assert answer.json()["code"] == "session_over"


def test_wrong_passwords_say_the_same_and_have_to_wait(live: Running) -> None:
    _, first = sign_in(live, password="wrong password")
    _, unknown = sign_in(live, name="nobody", password="wrong password")
    assert first.json()["code"] == unknown.json()["code"] == "credentials_wrong"
    statuses = [sign_in(live, password="wrong password")[1].status_code for _ in range(12)]
    assert 429 in statuses


def test_a_session_ends_when_it_is_not_used(live: Running, clock: Clock) -> None:
    client, _ = sign_in(live)
    clock.ahead = live.system.settings.session_idle + 1
    assert client.get("/api/v1/session").status_code == 401


def test_use_keeps_a_session_until_its_absolute_end(live: Running, clock: Clock) -> None:
    client, _ = sign_in(live)
    live.system.engine._clock = clock  # both go by the same time
    idle, absolute = live.system.settings.session_idle, live.system.settings.session_absolute
    while clock.ahead + idle * 0.9 < absolute:
        clock.ahead += idle * 0.9
        assert client.get("/api/v1/session").status_code == 200
        live.system.inbox.transact(lambda writer, now: None).result(SECONDS)  # its use is noted by now
    clock.ahead = absolute + 1
    assert client.get("/api/v1/session").status_code == 401


def test_a_session_in_use_does_not_end_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(tmp_path, session_idle=60.0) as live:
        clock = Clock(live.system.clock)
        monkeypatch.setattr(live.system.gate, "_clock", clock)
        live.system.engine._clock = clock
        client, _ = sign_in(live)
        for ahead in (1.0, 29.0, 80.0, 130.0):  # never unused for a minute
            clock.ahead = ahead
            assert client.get("/api/v1/session").status_code == 200, ahead
            live.system.inbox.transact(lambda writer, now: None).result(SECONDS)
        clock.ahead += 61
        assert client.get("/api/v1/session").status_code == 401


def new_user(client: httpx2.Client, name: str) -> int:
    made = client.post("/api/v1/users", json={"name": name, "password": "long enough 1", "roles": ["viewer"]})
    return int(made.json()["id"])


@pytest.mark.parametrize("change", [{"disabled": True}, {"password": "another one 2"}])
def test_a_session_ends_with_its_users_right_to_it(live: Running, client: httpx2.Client, change: Any) -> None:
    user = new_user(client, "kim")
    browser, _ = sign_in(live, "kim", "long enough 1")
    assert browser.get("/api/v1/session").status_code == 200
    assert client.patch(f"/api/v1/users/{user}", json=change).status_code == 200
    assert browser.get("/api/v1/session").status_code == 401


def test_a_changed_role_holds_for_the_next_request(live: Running, client: httpx2.Client) -> None:
    user = new_user(client, "kim")
    browser, _ = sign_in(live, "kim", "long enough 1")
    assert browser.get("/api/v1/users").status_code == 403
    client.patch(f"/api/v1/users/{user}", json={"roles": ["administrator"]})
    assert browser.get("/api/v1/users").status_code == 200


def test_a_token_has_no_session(client: httpx2.Client) -> None:
    assert client.get("/api/v1/session").json()["expiresAt"] is None
    assert client.delete("/api/v1/session").status_code == 204
    assert client.get("/api/v1/session").status_code == 200


def test_sessions_outlive_the_server(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        client, _ = sign_in(first)
        cookie = client.cookies[COOKIE]
    with running(tmp_path) as second:
        again = second.client(headers={"Cookie": f"{COOKIE}={cookie}"})
        assert again.get("/api/v1/session").status_code == 200


def test_users_of_a_disabled_tenant_are_out(live: Running) -> None:
    client, _ = sign_in(live)

    def work(writer: Any, now: float) -> None:
        writer.change_tenant(replace(writer.tenant_named("default"), disabled=True))

    live.system.inbox.transact(work).result(SECONDS)
    live.system.gate.forget()
    assert client.get("/api/v1/session").status_code == 401
    assert sign_in(live)[1].status_code == 401


def test_a_password_of_the_settings_ends_the_sessions_of_the_one_before(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        cookie = sign_in(first)[1].cookies[COOKIE]
    for password, status in ((ADMIN_PASSWORD, 200), ("another password", 401)):
        with running(tmp_path, admin_password=password) as later:
            client = later.client(headers={"Cookie": f"{COOKIE}={cookie}"})
            assert client.get("/api/v1/session").status_code == status


def address_seen(live: Running, forwarded: str) -> str:
    """Where a sign-in came from, as the audit log has it."""
    header = {**OWN, "X-Forwarded-For": forwarded}
    body = {"name": "admin", "password": ADMIN_PASSWORD}
    assert live.client(headers=header).post("/api/v1/sign-in", json=body).status_code == 200
    log = live.client(ADMIN_TOKEN).get("/api/v1/audit?action=sign-in&limit=1").json()["items"]
    return str(log[0]["address"])


def test_only_a_trusted_proxy_says_where_somebody_is(live: Running, tmp_path: Path) -> None:
    assert address_seen(live, "203.0.113.7") == "127.0.0.1"
    with running(tmp_path / "behind", trusted_proxies=("127.0.0.0/8",)) as behind:
        assert address_seen(behind, "198.51.100.1, 203.0.113.7") == "203.0.113.7"
        client = behind.client(headers={**OWN, "X-Forwarded-For": "203.0.113.8"})
        body = {"name": "admin", "password": "wrong password"}
        statuses = [client.post("/api/v1/sign-in", json=body).status_code for _ in range(11)]
        assert statuses[-1] == 429
        assert sign_in(behind)[1].status_code == 200, "somebody else behind the same proxy"
