"""Users, roles, tokens and tenants over HTTP: nobody gains what they were not given (S07)."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from headrace.api.http.forms import SAID, USER_NAME
from headrace.core.words import Permission
from tests.api.conftest import Running
from tests.api.flows import read

PASSWORD = "a long password"


def user(client: httpx2.Client, name: str, *roles: str) -> int:
    answer = client.post("/api/v1/users", json={"name": name, "password": PASSWORD, "roles": list(roles)})
    assert answer.status_code == 201, answer.text
    id: int = answer.json()["id"]
    return id


def role(client: httpx2.Client, name: str, *permissions: str) -> httpx2.Response:
    return client.post("/api/v1/roles", json={"name": name, "permissions": list(permissions)})


@pytest.fixture
def clerk(live: Running, client: httpx2.Client) -> httpx2.Client:
    """May administer users and see tasks, nothing more."""
    assert role(client, "clerk", "USER_ADMIN", "TASK_VIEWER").status_code == 201
    return live.user("clerk", ("clerk",))


def refused(answer: httpx2.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


def test_the_built_in_roles(client: httpx2.Client) -> None:
    roles = {each["name"]: each for each in read(client, "/roles")["items"]}
    assert set(roles) == {"administrator", "editor", "operator", "viewer"}
    assert set(roles["administrator"]["permissions"]) == {permission.value for permission in Permission}
    assert roles["viewer"]["permissions"] == [
        "TASK_VIEWER",
        "WORKFLOW_VIEWER",
        "TARGET_VIEWER",
        "RESOURCE_VIEWER",
    ]
    assert all(each["builtIn"] for each in roles.values())
    refused(
        client.put(f"/api/v1/roles/{roles['viewer']['id']}", json={"permissions": []}), 403, "role_built_in"
    )
    refused(client.delete(f"/api/v1/roles/{roles['viewer']['id']}"), 403, "role_built_in")


def test_users_never_show_a_password(client: httpx2.Client) -> None:
    id = user(client, "kim", "viewer")
    shown = client.get(f"/api/v1/users/{id}")
    nothing = {"displayName": None, "email": None, "subject": None}
    assert shown.json() == {"id": id, "name": "kim", "disabled": False, "roles": ["viewer"], **nothing}
    assert "argon2" not in client.get("/api/v1/users").text
    refused(client.post("/api/v1/users", json={"name": "kim"}), 409, "user_exists")


def test_users_in_an_order_of_choice(client: httpx2.Client) -> None:
    for name in ("zoe", "bob"):
        client.post("/api/v1/users", json={"name": name})

    def names(sort: str) -> list[str]:
        return [each["name"] for each in client.get(f"/api/v1/users?sort={sort}").json()["items"]]

    assert names("name,desc") == ["zoe", "bob", "admin"]
    assert names("id,desc") == ["bob", "zoe", "admin"]
    assert client.get("/api/v1/users?sort=email").status_code == 422


@pytest.mark.parametrize(
    "name", ["", "a:b", "a/b", "a b", "a\nb", "x" * 101, "admin\u200b", "\u202enimda", "a\u00a0b", "a\u3000b"]
)
def test_user_names_have_a_form(client: httpx2.Client, name: str) -> None:
    assert client.post("/api/v1/users", json={"name": name}).status_code == 422


def test_what_form_a_text_has_is_said_in_words(client: httpx2.Client) -> None:
    """Nobody who fills in a form reads regular expressions."""
    body = {"name": "Kim Lee", "email": "kim", "displayName": "Kim\nLee", "roles": ["a/b"]}
    found = client.post("/api/v1/users", json=body).json()["errors"]
    assert {each["path"]: each["code"] for each in found} == {
        "name": "form_user_name",
        "email": "form_email",
        "displayName": "form_line",
        "roles[0]": "form_name",
    }
    forms = set(patterns(client.get("/api/v1/openapi.json").json()))
    assert USER_NAME in forms
    assert {form for form in forms if r"\x" in form} <= SAID.keys()


def patterns(value: Any) -> Iterator[str]:
    """All regular expressions of a description."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if key == "pattern" and isinstance(inner, str):
            yield inner
        elif isinstance(inner, dict | list):
            yield from patterns(inner)


@pytest.mark.parametrize("name", ["小明", "zoë", "o'hara", "kim.lee@example.org", "Łukasz-2", "ｋｉｍ"])
def test_user_names_are_of_any_language(client: httpx2.Client, name: str) -> None:
    assert client.post("/api/v1/users", json={"name": name}).json()["name"] == name


@pytest.mark.parametrize("extra", [{"tenant": 2}, {"disabled": True}, {"passwordHash": "x"}, {"id": 1}])
def test_only_what_is_offered_can_be_set(client: httpx2.Client, extra: dict[str, Any]) -> None:
    assert client.post("/api/v1/users", json={"name": "kim", **extra}).status_code == 422
    assert read(client, "/users")["total"] == 1


def test_nobody_gives_what_they_do_not_have(client: httpx2.Client, clerk: httpx2.Client) -> None:
    kim = user(client, "kim")
    refused(role(clerk, "boss", "WORKFLOW_EDITOR"), 403, "grant_beyond_own")
    refused(clerk.patch(f"/api/v1/users/{kim}", json={"roles": ["operator"]}), 403, "grant_beyond_own")
    refused(
        clerk.post("/api/v1/users", json={"name": "x", "roles": ["administrator"]}), 403, "grant_beyond_own"
    )
    assert role(clerk, "watcher", "TASK_VIEWER").status_code == 201
    assert clerk.patch(f"/api/v1/users/{kim}", json={"roles": ["watcher"]}).status_code == 200


def test_nobody_acts_on_the_more_powerful(client: httpx2.Client, clerk: httpx2.Client) -> None:
    admin = read(client, "/me")["id"]
    refused(clerk.patch(f"/api/v1/users/{admin}", json={"password": PASSWORD}), 403, "change_beyond_own")
    refused(clerk.patch(f"/api/v1/users/{admin}", json={"disabled": True}), 403, "change_beyond_own")
    token = client.get("/api/v1/tokens").json()["items"][0]["id"]
    refused(clerk.delete(f"/api/v1/tokens/{token}"), 403, "change_beyond_own")


def test_nobody_changes_their_own_roles(client: httpx2.Client, clerk: httpx2.Client) -> None:
    me = read(clerk, "/me")["id"]
    refused(clerk.patch(f"/api/v1/users/{me}", json={"roles": []}), 403, "own_roles")
    refused(clerk.patch(f"/api/v1/users/{me}", json={"disabled": True}), 403, "disable_self")
    mine = next(each["id"] for each in read(clerk, "/roles")["items"] if each["name"] == "clerk")
    refused(clerk.put(f"/api/v1/roles/{mine}", json={"permissions": ["USER_ADMIN"]}), 403, "own_roles")


def test_a_tenant_keeps_an_administrator(live: Running, client: httpx2.Client) -> None:
    second = live.user("second", ("administrator",))
    admin = read(client, "/me")["id"]
    assert second.patch(f"/api/v1/users/{admin}", json={"disabled": True}).status_code == 200
    me = read(second, "/me")["id"]
    refused(second.patch(f"/api/v1/users/{me}", json={"disabled": True}), 403, "disable_self")
    assert client.get("/api/v1/me").status_code == 401


def test_a_role_that_is_held_stays(client: httpx2.Client) -> None:
    made = role(client, "watcher", "TASK_VIEWER").json()
    kim = user(client, "kim", "watcher")
    refused(client.delete(f"/api/v1/roles/{made['id']}"), 409, "role_in_use")
    client.patch(f"/api/v1/users/{kim}", json={"roles": []})
    assert client.delete(f"/api/v1/roles/{made['id']}").status_code == 204
    assert client.get(f"/api/v1/roles/{made['id']}").status_code == 404


def test_a_changed_role_holds_at_once(live: Running, client: httpx2.Client) -> None:
    made = role(client, "watcher", "TASK_VIEWER").json()
    kim = live.user("kim", ("watcher",))
    assert kim.get("/api/v1/runs").status_code == 200
    client.put(f"/api/v1/roles/{made['id']}", json={"permissions": ["TARGET_VIEWER"]})
    assert kim.get("/api/v1/runs").status_code == 403
    assert kim.get("/api/v1/targets").status_code == 200


def test_unknown_roles_and_permissions_are_named(client: httpx2.Client) -> None:
    answer = client.post("/api/v1/users", json={"name": "x", "roles": ["nope"]})
    assert answer.json()["errors"] == [
        {"path": "roles", "code": "role_unknown", "message": "There is no role nope."}
    ]
    assert role(client, "x", "ROOT").json()["errors"][0]["code"] == "permission_unknown"


def test_tokens_are_one_s_own(live: Running, client: httpx2.Client, clerk: httpx2.Client) -> None:
    made = clerk.post("/api/v1/tokens", json={"name": "laptop"}).json()
    assert made["token"].startswith("hr_")
    listed = read(clerk, "/tokens")["items"]
    assert [each["name"] for each in listed] == ["test", "laptop"]
    assert all("token" not in each for each in listed)
    kim = live.user("kim", ("viewer",))
    assert kim.delete(f"/api/v1/tokens/{made['id']}").status_code == 404
    assert kim.get("/api/v1/tokens?all=true").status_code == 403
    everybody = read(client, "/tokens?all=true")["items"]
    assert len(everybody) == 4
    assert {each["user"] for each in everybody if each["id"] == made["id"]} == {"clerk"}
    by_token = live.client(made["token"])
    assert by_token.get("/api/v1/me").status_code == 200
    assert client.delete(f"/api/v1/tokens/{made['id']}").status_code == 204
    assert by_token.get("/api/v1/me").status_code == 401


def test_tokens_expire(client: httpx2.Client) -> None:
    past = {"name": "x", "expiresAt": "2020-01-01T00:00:00Z"}
    assert client.post("/api/v1/tokens", json=past).json()["errors"][0]["code"] == "expiry_past"
    vague = {"name": "x", "expiresAt": "2099-01-01T00:00:00"}  # in which time zone?
    assert client.post("/api/v1/tokens", json=vague).json()["errors"][0]["code"] == "field_type"
    made = client.post("/api/v1/tokens", json={"name": "x", "expiresAt": "2099-01-01T08:00:00+08:00"}).json()
    assert made["expiresAt"] == "2099-01-01T00:00:00.000+00:00"


def test_a_repeated_token_is_not_shown_again(client: httpx2.Client) -> None:
    key = {"Idempotency-Key": "k"}
    first = client.post("/api/v1/tokens", json={"name": "x"}, headers=key).json()
    again = client.post("/api/v1/tokens", json={"name": "x"}, headers=key).json()
    assert first.pop("token")
    assert again == first


def test_tenants(live: Running, client: httpx2.Client) -> None:
    body = {"name": "acme", "password": PASSWORD}
    assert client.post("/api/v1/tenants", json=body).status_code == 201
    refused(client.post("/api/v1/tenants", json=body), 409, "tenant_exists")
    assert [each["name"] for each in read(client, "/tenants")["items"]] == ["default", "acme"]
    acme = live.client(auth=("acme/admin", PASSWORD))
    me = read(acme, "/me")
    assert me["tenant"] == "acme"
    assert not {"TENANT_ADMIN", "SYSTEM_VIEWER"} & set(me["permissions"])
    refused(acme.get("/api/v1/tenants"), 403, "permission_missing")
    refused(role(acme, "root", "TENANT_ADMIN"), 403, "grant_beyond_own")
    assert read(acme, "/users")["total"] == 1
