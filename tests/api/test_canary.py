"""A secret's value goes through everything that works, and is found nowhere afterwards."""

import json
import logging
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest

from headrace.api.app import create_app
from headrace.api.http.logging import configure
from headrace.executors.keeper.masks import Masks
from tests.api.conftest import ADMIN_TOKEN, Running, running
from tests.api.flows import ended, publish, read, start, steps, until, workflow
from tests.api.two_tenants import native
from tests.executors.ssh_server import PASSWORD, USER, ssh_server

CANARY = 'canary "4711"/+&=value?'
FORMS = [form for form in Masks([CANARY, PASSWORD]).patterns if len(form) >= 8]
SECRET = {"$secret": "canary"}
SAYS = r"""
    printf '%s\n' "$TOKEN"; printf '%s' "$TOKEN" >&2
    printf 'a%s' "$TOKEN" | base64; printf 'ab%s' "$TOKEN" | base64
    echo "::progress 50 at $TOKEN"
    python3 - <<'END'
import json, os
from urllib.parse import quote, quote_plus
token = os.environ["TOKEN"]
print(quote(token), quote_plus(token), json.dumps(token))
with open(os.environ["HEADRACE_OUTPUTS"], "w") as file:
    json.dump({"said": token}, file)
END
    echo "last $TOKEN" >&2
"""
LARGE = 'import os\noutputs["all"] = [os.environ["TOKEN"]] * 20_000'
LOUD = 'import os\nraise ValueError(os.environ["TOKEN"])'


class Echo(BaseHTTPRequestHandler):
    """Answers with all that it was sent."""

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        body = json.dumps({"headers": dict(self.headers), "body": sent, "path": self.path}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("x-said", self.headers.get("x-token") or "")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def echo() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def flow(home: Path) -> Any:
    """A step for every way a secret takes."""

    def node(id: str, executor: str, **inputs: Any) -> Any:
        return {"id": id, "executor": executor, "with": inputs}

    env = {"TOKEN": SECRET}
    sql = "CREATE TABLE IF NOT EXISTS t (x text); SELECT :x, 'x'; SELECT * FROM no_such WHERE x = :x"
    return workflow(
        "canary",
        node("says", "shell", script=SAYS, env=env),
        node("fails", "shell", script=SAYS + "exit 3", env=env),
        node("loud", "python", script=LOUD, env=env),
        node("large", "python", script=LARGE, env=env),
        node(
            "asks", "http", connection="web", method="POST", headers={"X-Token": SECRET}, json={"t": [SECRET]}
        ),
        node("lost", "http", url={"$secret": "canary"}),
        node("rows", "sql", url=f"sqlite:///{home}/other.sqlite", sql=sql, params={"x": SECRET}),
        node(
            "moves",
            "transfer",
            **{"from": {"connection": "file", "table": "t"}, "to": {"connection": "pg", "table": "t"}},
        ),
        node("there", "ssh", connection="host", script=SAYS, env=env),
        node("param", "shell", script='printf "%s\\n" "$PARAM_KEY"; cat "$HEADRACE_CONTEXT"'),
        {**node("undone", "shell", script="false"), "rollback": {"script": 'echo "$TOKEN"', "env": env}},
        params={"key": {"type": "string", "secret": True, "default": "canary"}},
        alarms=[{"on": ["end"], "channel": "hook"}],
        invocation={"enabled": True},
    )


def prepared(client: httpx2.Client, home: Path, port: int, host: Any) -> None:
    """Secrets, connections and a channel, all with the canary."""
    local: dict[str, Any] = {"host": "127.0.0.1", "user": USER}

    def put(path: str, **body: Any) -> None:
        answer = client.put(f"/api/v1/{path}", json=body)
        assert answer.status_code == 201, answer.text

    put("secrets/canary", value=CANARY, description="a bird")
    put("secrets/door", value=PASSWORD)
    put("connections/web", kind="http", **local, port=port, secret="canary", options={"scheme": "http"})
    put("connections/file", kind="sqlite", database=f"{home}/other.sqlite")
    put("connections/pg", kind="postgresql", **{**local, "port": 1}, database="d", secret="canary")
    key = {"host_key": host.host_key}
    put("connections/host", kind="ssh", **local, port=host.port, secret="door", options=key)
    put("connections/wrong", kind="ssh", **local, port=host.port, secret="canary", options=key)
    hook = {
        "name": "hook",
        "kind": "webhook",
        "settings": {"url": f"http://127.0.0.1:{port}/"},
        "secret": CANARY,
    }
    assert client.post("/api/v1/channels", json=hook).status_code == 201
    for name in ("web", "pg", "host", "wrong"):
        client.post(f"/api/v1/connections/{name}/test")
    client.post("/api/v1/channels/hook/test")


def answers(live: Running, client: httpx2.Client, run: int) -> Iterator[tuple[str, bytes]]:
    """What every GET route says, filled with what there is; of endless streams the beginning."""
    listed = read(client, f"/runs/{run}/steps")["items"]
    names = {"channels": "hook", "workflows": "canary", "secrets": "canary"}
    common = {
        "runId": run,
        "number": 1,
        "type": "host",
        "tenantId": 1,
        "userId": 1,
        "roleId": 1,
        "alarmId": 1,
    }
    for method, path in native(create_app(live.system)):
        if method != "GET":
            continue
        kind = path.split("/")[3]
        for step in listed if "{stepId}" in path else [None]:
            for name in ("web", "pg") if kind == "connections" else (names.get(kind, "x"),):
                ids = {**common, "stepId": step and step["id"], "name": name, "provider": "x"}
                yield path, beginning(client, path.format(**ids))
    for step in listed:
        log = f"/api/v1/runs/{run}/steps/{step['id']}/attempts/1/log"
        for more in ("?part=outputs", "?outputs=true", "?download=true"):
            yield log + more, beginning(client, log + more)
    for path in (
        "/metrics",
        "/openapi.json",
        "/tasks",
        f"/tasks/{run}",
        "/api/v1/workflows/canary?format=yaml",
    ):
        yield path, beginning(client, path)
    yield "operations", beginning(client, f"/api/v1/runs/{run}/operations")


def beginning(client: httpx2.Client, path: str) -> bytes:
    """All of an answer; of a stream what comes at once."""
    with client.stream("GET", path) as answer:
        if "event-stream" not in answer.headers.get("content-type", ""):
            return answer.read()
        return next(answer.iter_bytes(), b"")


def shown(data: bytes) -> list[bytes]:
    return [form for form in FORMS if form in data]


@pytest.fixture
def loud(capfd: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    """What is printed; afterwards the log is quiet again."""
    yield capfd
    configure(sys.__stderr__, logging.ERROR)


@pytest.mark.timeout(120)
def test_the_canary_is_found_nowhere(tmp_path: Path, loud: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "home"
    configure(level=logging.DEBUG)  # in here: what stands for stderr while fixtures are made is closed by now
    streamed: list[bytes] = []
    with ssh_server() as host, echo() as port:
        with running(home) as live:
            client = live.client(ADMIN_TOKEN)
            prepared(client, home, port, host)
            publish(client, flow(home))
            with client.stream("GET", "/api/v1/events") as stream:
                reader = threading.Thread(target=lambda: streamed.extend(kept(stream)), daemon=True)
                reader.start()
                run = start(client, "canary")
                ended(client, run, "FAILED")
                found = steps(client, run)
                assert client.post(f"/api/v1/runs/{run}/rollback").status_code == 200
                until(client, run, lambda now: now["status"] != "RUNNING")
            assert "******" in json.dumps(found["says"]), found["says"]
            assert {found[name]["status"] for name in ("says", "large", "asks", "there", "param")} == {
                "SUCCESSFUL"
            }
            seen = dict(answers(live, client, run))
        printed = loud.readouterr()
    assert any("******" in data.decode("utf-8", "replace") for data in seen.values())
    wrong = {place: shown(data) for place, data in seen.items() if shown(data)}
    assert wrong == {}
    assert shown(b"".join(streamed)) == []
    assert shown((printed.out + printed.err).encode()) == []
    files = [path for path in home.rglob("*") if path.is_file()]
    assert {"headrace.db", "vault.key"} <= {path.name for path in files}
    assert any(re.search("outputs", path.name) for path in files)
    on_disk = {str(path): shown(path.read_bytes()) for path in files if shown(path.read_bytes())}
    assert on_disk == {}


def kept(stream: Any) -> Iterator[bytes]:
    try:
        yield from stream.iter_bytes()
    except (httpx2.HTTPError, httpx2.StreamError):
        return
