"""Nobody gets in by writing a path differently (S01), and no path reaches a file (S24)."""

import socket

import httpx2
import pytest

from headrace.api.app import create_app
from headrace.api.http import web
from headrace.api.http.access import PUBLIC
from tests.api.conftest import Running

SUFFIXES = (
    "/health", "/ready", "/healthz", "/metrics", "/configs", "/docs", "/openapi.json", ";x", ";/healthz",
    "//", "/", "/.", "/..", "/%2e", "/%2e%2e/healthz", "%2fhealthz", "%00", "?x=/healthz", "#/healthz",
    "/..;/healthz", "%3bhealthz", "\\healthz", "%5chealthz", "%0a", "%20",
)  # fmt: skip
PREFIXES = ("/healthz/..", "/healthz/%2e%2e", "//", "/./", "/docs/..", "/%2e", "/healthz;", "/readyz/../..")


def paths(live: Running) -> list[str]:
    app = create_app(live.system)
    found = {getattr(route, "path", "") for route in app.routes} - PUBLIC - web.PATHS
    return sorted(path.replace("{", "1").replace("}", "") for path in found)


def status(live: Running, method: str, target: str) -> int:
    """The status for a request line sent as it is: no client tidies the path."""
    host, port = live.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        request = f"{method} {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode("latin-1"))
        return int(connection.makefile("rb").readline().split()[1])


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "get", "HEAD"])
def test_no_spelling_of_a_path_opens_it(live: Running, method: str) -> None:
    tried = [path + suffix for path in paths(live) for suffix in ("", *SUFFIXES)]
    tried += [prefix + path for path in paths(live) for prefix in PREFIXES]
    tried += [path.upper() for path in paths(live)]
    open_ones = [path for path in tried if status(live, method, path) not in (400, 401, 404, 405)]
    assert open_ones == []


@pytest.mark.parametrize("name", ["health", "ready", "configs", "metrics", "healthz"])
def test_objects_named_like_public_paths_are_protected(live: Running, name: str) -> None:
    nobody = live.client()
    assert nobody.get(f"/api/v1/workflows/{name}").status_code == 401
    assert nobody.get(f"/api/v1/targets/host/{name}").status_code == 401


@pytest.mark.parametrize(
    "id",
    ["..%2f..%2fetc%2fpasswd", "%2e%2e", "0", "-1", "1e3", "9007199254740992", "%00", "1%2f..", "٣", "1.0"],
)
def test_ids_are_integers_and_nothing_else(client: httpx2.Client, id: str) -> None:
    for path in (f"/runs/{id}", f"/runs/1/steps/{id}", f"/runs/1/steps/1/attempts/{id}/log"):
        assert client.get("/api/v1" + path).status_code in (400, 404, 422), path


def test_what_is_looked_for_has_no_nul(client: httpx2.Client) -> None:
    """PostgreSQL could not look for one."""
    for path in ("/api/v1/workflows/a%00", "/api/v1/runs?name=%00", "/api/v1/targets/host/%00x"):
        answer = client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (400, "address_nul"), path
    task = client.get("/api/v2/tasks/instances?name=%00")
    assert (task.status_code, task.json()["error"]["code"]) == (400, 0)
    assert client.get("/api/v1/runs?name=%2500").status_code == 200
    assert client.get("/api/v1/me", auth=("a\0b", "x")).status_code == 401
    kim = {"name": "kim", "password": "12345678", "roles": [], "email": "a\0@b"}
    assert client.post("/api/v1/users", json=kim).status_code == 422
    assert client.post("/workflow/pageWorkflow", json={"searchKeyWord": "\0"}).status_code == 400
    body = {"name": "a\0b", "password": "x"}
    headers = {"X-Headrace-Request": "1"}
    assert client.post("/api/v1/sign-in", json=body, headers=headers).status_code == 422


@pytest.mark.parametrize("name", ["%0a", "a%1f", "%7f"])
def test_names_have_no_control_characters(client: httpx2.Client, name: str) -> None:
    for path in (f"/api/v1/targets/host/{name}", f"/api/v1/workflows/{name}"):
        assert client.get(path).status_code == 422
    assert client.put(f"/api/v1/targets/host/{name}", json={}).status_code == 422
