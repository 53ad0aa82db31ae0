"""Health, readiness, metrics; and the headers every answer has."""

import httpx2
import pytest

from tests.api.conftest import Running
from tests.api.flows import ended, noop, publish, start, workflow


def test_the_server_says_that_it_lives_and_is_ready(live: Running) -> None:
    nobody = live.client()
    assert nobody.get("/healthz").json() == {"status": "ok"}
    for path in ("/healthz", "/readyz"):
        assert (nobody.head(path).status_code, nobody.head(path).content) == (200, b"")
    assert nobody.get("/readyz").json() == {"status": "ok", "reasons": {}}


def test_metrics_need_the_permission(live: Running, client: httpx2.Client) -> None:
    assert live.client().get("/metrics").status_code == 401
    assert live.user("kim", ("operator",)).get("/metrics").status_code == 403
    ended(client, start(client, publish(client, workflow("one", noop("a")))))
    page = client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    assert (
        'headrace_http_request_seconds_count{method="PUT",route="/api/v1/workflows/{name}",status="201"} 1.0'
        in page.text
    )


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/runs", "/docs", "/nowhere"])
def test_every_answer_carries_the_security_headers(live: Running, path: str) -> None:
    headers = live.client().get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert len(headers["x-trace-id"]) == 16
    assert "server" not in headers
    assert "access-control-allow-origin" not in headers


def test_foreign_origins_get_no_leave(live: Running) -> None:
    answer = live.client().request(
        "OPTIONS",
        "/api/v1/runs",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )
    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_docs_page_loads_nothing_from_elsewhere(live: Running) -> None:
    page = live.client().get("/docs")
    assert page.status_code == 200
    assert "https://" not in page.text
    assert "http://" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_openapi_names_permissions_and_errors(live: Running) -> None:
    api = live.client().get("/api/v1/openapi.json").json()
    assert api["openapi"].startswith("3.1")
    start_run = api["paths"]["/api/v1/workflows/{name}/runs"]["post"]
    assert start_run["x-permission"] == "TASK_MANAGER"
    assert "application/problem+json" in start_run["responses"]["default"]["content"]
    assert "security" not in api["paths"]["/healthz"]["get"]


def test_the_schema_of_definitions_is_published(live: Running) -> None:
    schema = live.client().get("/api/v1/schema/workflow.json").json()
    assert schema["$schema"].startswith("https://json-schema.org/")
