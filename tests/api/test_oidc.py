"""Signing in at a real provider on loopback, and everything that must not sign anybody in (S26, S29, S30)."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from headrace.api.http.access import COOKIE
from headrace.config import OidcProvider
from tests.api.conftest import ADMIN_TOKEN, Running, running
from tests.api.provider import CLIENT, SECRET, Provider, provider

LOGIN = "/api/v1/oidc/work/login"
OIDC = "headrace_oidc"


@pytest.fixture
def there() -> Iterator[Provider]:
    with provider() as made:
        yield made


def serving(home: Path, there: Provider, **more: Any) -> Any:
    given = {
        "client_secret": SECRET,
        "role_claim": "realm.groups",
        "roles": {"ops": ("operator",), "dev": ("editor", "no such role")},
        "create_users": True,
        **more,
    }
    known = OidcProvider(name="work", label="Work", issuer=there.issuer, client_id=CLIENT, **given)
    return running(home, oidc=(known,))


@pytest.fixture
def live(tmp_path: Path, there: Provider) -> Iterator[Running]:
    there.person |= {"realm": {"groups": ["ops", "other"]}, "email": "ada@example.org", "name": "Ada L."}
    with serving(tmp_path, there) as made:
        yield made


def cookie_of(answer: httpx2.Response, name: str) -> str:
    for header in answer.headers.get_list("set-cookie"):
        if header.startswith(f"{name}="):
            return str(header.split(";")[0].split("=", 1)[1])
    return ""


def arrive(browser: httpx2.Client, next: str | None = None) -> httpx2.Response:
    """Begin here, sign in there; the request with which the browser comes back, not sent yet."""
    begun = browser.get(LOGIN, params={"next": next} if next else {})
    assert begun.status_code == 303, begun.text
    with httpx2.Client(trust_env=False) as over_there:
        return over_there.get(begun.headers["location"])


def enter(browser: httpx2.Client, next: str | None = None) -> httpx2.Response:
    return browser.get(arrive(browser, next).headers["location"])


def refused(answer: httpx2.Response, code: str) -> None:
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?problem={code}"
    assert not cookie_of(answer, COOKIE)


def log(live: Running, **which: str) -> Any:
    return live.client(ADMIN_TOKEN).get("/api/v1/audit", params=which).json()["items"]


def test_in(live: Running) -> None:
    browser = live.client()
    shown = browser.get("/api/v1/sign-in/providers").json()
    assert shown == {
        "password": True,
        "oidc": [{"name": "work", "label": "Work", "url": LOGIN}],
        "problem": None,
    }
    entered = enter(browser, "/runs?status=FAILED#x")
    assert (entered.status_code, entered.headers["location"]) == (303, "/runs?status=FAILED#x")
    session = browser.get("/api/v1/session").json()
    assert session["user"] | {"id": 0} == {
        "id": 0,
        "name": "ada",
        "displayName": "Ada L.",
        "email": "ada@example.org",
        "roles": ["operator"],
    }
    assert [(each["action"], each["user"]["name"]) for each in log(live, user="ada")] == [
        ("sign-in", "ada"),
        ("create", "ada"),
    ]


def test_the_cookies_are_out_of_reach_of_scripts(live: Running) -> None:
    browser = live.client()
    flow = browser.get(LOGIN).headers["set-cookie"]
    assert all(each in flow for each in ("HttpOnly", "SameSite=lax", "Path=/api/v1/oidc", "Max-Age=600"))
    entered = enter(browser)
    assert cookie_of(entered, OIDC) in ("", '""')
    assert OIDC not in browser.cookies


def test_roles_follow_the_provider_at_every_sign_in(live: Running, there: Provider) -> None:
    enter(live.client())
    there.person |= {"realm": {"groups": ["dev"]}, "email": "ada@new.example.org"}
    browser = live.client()
    enter(browser)
    assert browser.get("/api/v1/session").json()["user"]["roles"] == ["editor"]
    changed = log(live, action="change", user="ada")[0]
    assert (changed["before"]["roles"], changed["after"]["roles"]) == (["operator"], ["editor"])
    there.person["realm"] = {"groups": "ops"}
    enter(live.client())
    assert len(live.client(ADMIN_TOKEN).get("/api/v1/users").json()["items"]) == 2
    browser, token = live.client(), live.client(ADMIN_TOKEN)
    enter(browser)
    made = browser.post("/api/v1/tokens", json={"name": "ci"}, headers={"X-Headrace-Request": "1"})
    own = live.client(made.json()["token"])
    assert own.get("/api/v1/runs").status_code == 200
    there.person["realm"] = {"groups": ["nobody"]}
    refused(enter(live.client()), "oidc_no_role")
    assert browser.get("/api/v1/session").status_code == 401
    assert own.get("/api/v1/runs").status_code == 403
    assert log(live, action="change", user="ada")[0]["after"]["roles"] == []
    assert log(live, action="sign-in-failed")[0]["after"]["reason"] == "oidc_no_role"
    assert len(token.get("/api/v1/users").json()["items"]) == 2
    there.person |= {"sub": "18", "preferred_username": "bob"}
    refused(enter(live.client()), "oidc_no_role")


def test_groups_may_come_from_the_userinfo_endpoint_of_the_same_person(
    live: Running, there: Provider
) -> None:
    del there.person["realm"]
    there.more = {"realm": {"groups": ["ops"]}, "sub": "somebody else"}
    refused(enter(live.client()), "oidc_no_role")
    there.userinfo = 503
    refused(enter(live.client()), "oidc_unreachable")
    there.userinfo = 200
    there.more["sub"] = "17"
    browser = live.client()
    enter(browser)
    assert browser.get("/api/v1/session").json()["user"]["roles"] == ["operator"]


@pytest.mark.parametrize(
    "change",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": [CLIENT, "another"]},
        {"azp": "another"},
        {"exp": 1_700_000_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": 17},
    ],
)
def test_a_token_that_does_not_fit_signs_nobody_in(
    live: Running, there: Provider, change: dict[str, Any]
) -> None:
    there.change = change
    refused(enter(live.client()), "oidc_token")


def test_a_token_for_several_clients_names_us(live: Running, there: Provider) -> None:
    there.change = {"aud": [CLIENT, "another"], "azp": CLIENT}
    assert enter(live.client()).headers["location"] == "/"


def part(data: Any) -> str:
    return urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def claims_of(token: str) -> Any:
    text = token.split(".")[1]
    return json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def with_shared_secret(token: str, secret: bytes) -> str:
    """Signed as if the public key were a secret that both sides have."""
    text = f"{part({'alg': 'HS256', 'kid': 'one'})}.{token.split('.')[1]}"
    digest = hmac.digest(secret, text.encode(), "sha256")
    return f"{text}.{urlsafe_b64encode(digest).decode().rstrip('=')}"


FOREIGN = RSAKey.generate_key(2048, {"kid": "one"})


@pytest.mark.parametrize(
    "forge",
    [
        lambda token, key: f"{part({'alg': 'none'})}.{part(claims_of(token))}.",
        lambda token, key: with_shared_secret(token, key.as_pem(private=False)),
        lambda token, key: jwt.encode({"alg": "RS256", "kid": "one"}, claims_of(token), FOREIGN),
        lambda token, key: jwt.encode(
            {"alg": "RS256", "jwk": FOREIGN.as_dict(private=False)}, claims_of(token), FOREIGN
        ),
        lambda token, key: jwt.encode({"alg": "RS256", "kid": "nine"}, claims_of(token), key),
        lambda token, key: token[:-8] + "AAAAAAAA",
        lambda token, key: "",
    ],
)
def test_a_forged_token_signs_nobody_in(live: Running, there: Provider, forge: Any) -> None:
    there.forge = lambda token: forge(token, there.key)
    refused(enter(live.client()), "oidc_token")


def test_new_keys_of_the_provider_are_fetched(live: Running, there: Provider) -> None:
    enter(live.client())
    there.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
    assert enter(live.client()).headers["location"] == "/"
    assert there.calls.count("/keys") == 2


def test_an_answer_counts_once_and_in_its_own_browser(live: Running) -> None:
    browser = live.client()
    back = arrive(browser).headers["location"]
    refused(live.client().get(back), "oidc_flow")
    flow = browser.cookies[OIDC]
    assert browser.get(back).headers["location"] == "/"
    refused(browser.get(back), "oidc_flow")
    again = live.client(headers={"Cookie": f"{OIDC}={flow}"})
    refused(again.get(back), "oidc_declined")


def test_answers_that_were_not_asked_for(live: Running) -> None:
    browser = live.client()
    back = urlsplit(arrive(browser).headers["location"])
    state = parse_qs(back.query)["state"][0]
    refused(browser.get(f"{back.path}?code=x&state=other"), "oidc_flow")
    browser.get(LOGIN)
    for query, code in [("", "oidc_flow"), (f"state={state}&code=x", "oidc_flow"), ("code=x", "oidc_flow")]:
        refused(browser.get(f"{back.path}?{query}"), code)
    for cookie in ("x", live.system.cipher.encrypt("{}"), live.system.cipher.encrypt('{"oidc": {}}')):
        odd = live.client(headers={"Cookie": f"{OIDC}={cookie}"})
        refused(odd.get(f"{back.path}?code=x&state={state}"), "oidc_flow")


def test_the_provider_declines(live: Running) -> None:
    browser = live.client()
    back = urlsplit(arrive(browser).headers["location"])
    state = parse_qs(back.query)["state"][0]
    refused(browser.get(f"{back.path}?error=access_denied&state={state}"), "oidc_declined")


def test_it_may_take_ten_minutes(live: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = live.client()
    back = arrive(browser).headers["location"]
    real = live.system.clock.now
    monkeypatch.setattr(type(live.system.clock), "now", lambda self: real() + 601)
    refused(browser.get(back), "oidc_flow")


@pytest.mark.parametrize(
    "next",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/x\\y",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: x=y",
        " /x",
        "runs",
        "",
    ],
)
def test_next_leads_nowhere_else(live: Running, next: str) -> None:
    assert enter(live.client(), next).headers["location"] == "/"


def test_unknown_people_and_linked_ones(tmp_path: Path, there: Provider) -> None:
    with serving(tmp_path, there, create_users=False, role_claim=None) as live:
        refused(enter(live.client()), "oidc_unknown_user")
        failed = log(live, action="sign-in-failed")[0]
        assert failed["user"] == {"id": 0, "name": "ada"}
        assert failed["after"] == {"by": "oidc work", "reason": "oidc_unknown_user"}
        admin = live.client(ADMIN_TOKEN)
        users = [
            admin.post("/api/v1/users", json={"name": n, "roles": ["viewer"]}).json()["id"] for n in "ab"
        ]
        for user, status in ((users[0], 200), (users[0], 200), (users[1], 409)):
            linked = admin.patch(f"/api/v1/users/{user}", json={"subject": "work|17"})
            assert linked.status_code == status
        browser = live.client()
        enter(browser)
        assert browser.get("/api/v1/session").json()["user"]["name"] == "a"
        admin.patch(f"/api/v1/users/{users[0]}", json={"disabled": True})
        assert browser.get("/api/v1/session").status_code == 401
        refused(enter(live.client()), "oidc_disabled")
        admin.patch(f"/api/v1/users/{users[0]}", json={"disabled": False, "subject": ""})
        refused(enter(live.client()), "oidc_unknown_user")


def test_names_alone_are_no_proof(live: Running, there: Provider) -> None:
    there.person["preferred_username"] = "admin"
    refused(enter(live.client()), "oidc_name_taken")
    there.person["preferred_username"] = "admin\u200b"
    refused(enter(live.client()), "oidc_name_taken")


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"preferred_username": "A B:c/d"}, "A-B-c-d"),
        ({"preferred_username": ""}, "ada@example.org"),
        ({"preferred_username": 7, "email": None}, "17"),
        ({"preferred_username": "//"}, "user"),
        ({"preferred_username": "\u200bada\u202e\u200b"}, "ada"),
    ],
)
def test_new_users_get_fit_names(live: Running, there: Provider, person: Any, name: str) -> None:
    there.person |= person
    browser = live.client()
    enter(browser)
    assert browser.get("/api/v1/session").json()["user"]["name"] == name


def test_an_address_that_was_not_verified_is_not_kept(live: Running, there: Provider) -> None:
    there.person["email_verified"] = False
    browser = live.client()
    enter(browser)
    assert browser.get("/api/v1/session").json()["user"]["email"] is None


@pytest.mark.parametrize("how", ["public", "post"])
def test_other_ways_to_prove_the_client(tmp_path: Path, there: Provider, how: str) -> None:
    there.public_client = how == "public"
    there.described = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    secret = None if there.public_client else SECRET
    with serving(tmp_path, there, client_secret=secret, role_claim=None, default_roles=("viewer",)) as live:
        assert enter(live.client()).headers["location"] == "/"


def test_a_wrong_client_secret(tmp_path: Path, there: Provider) -> None:
    with serving(tmp_path, there, client_secret="wrong") as live:
        refused(enter(live.client()), "oidc_declined")


@pytest.mark.parametrize(
    "described", [{"issuer": "https://evil.example"}, {"token_endpoint": None}, {"jwks_uri": "http://["}]
)
def test_a_provider_that_describes_itself_wrongly(
    live: Running, there: Provider, described: dict[str, Any]
) -> None:
    there.described = described
    answer = live.client().get(LOGIN)
    assert (answer.status_code, answer.json()["code"]) == (503, "oidc_unreachable")


def test_a_tenant_that_is_not_there(tmp_path: Path, there: Provider) -> None:
    with serving(tmp_path, there, tenant="nowhere") as live:
        refused(enter(live.client()), "oidc_disabled")
        assert log(live, action="sign-in-failed")[0]["user"]["name"] == "nowhere/ada"


def test_what_is_told_of_a_failure(live: Running) -> None:
    def told(problem: str, language: str) -> Any:
        headers = {"Accept-Language": language}
        answer = live.client().get(f"/api/v1/sign-in/providers?problem={problem}", headers=headers)
        return answer.json()["problem"]

    assert told("oidc_token", "en") == "What the provider sent is not valid."
    assert told("oidc_token", "zh-CN") == "身份提供方返回的凭证无效。"
    assert told("licence_users", "zh-CN") == "登录未被接受，管理员可在审计日志中查看原因。"
    assert told("nonsense", "en") is None
    assert live.client().get("/api/v1/sign-in/providers?problem=<b>").status_code == 422
    assert live.client().get("/api/v1/oidc/other/login").status_code == 404
    assert live.client().get("/api/v1/oidc/other/callback").status_code == 404
