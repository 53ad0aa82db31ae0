"""headrace serve: its beginning and its end."""

import json
import os
import signal
import socket
import stat

import httpx2

from tests.cli.conftest import shell, wait_until


def start(client, path):
    name = json.loads(path.read_text())["metadata"]["name"]
    client.put(f"/workflows/{name}", params={"publish": "true"}, content=path.read_bytes()).raise_for_status()
    return client.post(f"/workflows/{name}/runs", json={}).raise_for_status().json()["id"]


def test_the_password_of_a_first_start_is_shown_once_and_works(cli):
    with cli.serving(HEADRACE_ADMIN_TOKEN="") as serving:
        line = serving.process.stdout.readline()
        assert "First start" in line
        password = line.split("password ")[1].split(" ")[0]
        me = httpx2.get(serving.url + "/api/v1/me", auth=("admin", password), trust_env=False)
        assert me.json()["name"] == "admin"
        assert serving.end() == 0
        assert password not in serving.process.stderr.read()
    with cli.serving() as again:
        assert "First start" not in again.process.stdout.readline()
    for path in cli.home.rglob("*"):
        if path.is_file():
            assert password.encode() not in path.read_bytes()
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_second_server_on_the_same_home_is_refused(cli):
    with cli.serving() as serving:
        done = cli.run("serve", "--port", "0")
        assert done.returncode == 1
        assert str(serving.process.pid) in done.stderr


def test_a_taken_port_is_named(cli):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = cli.run("serve", "--port", port)
    assert done.returncode == 1
    assert str(port) in done.stderr


def test_sigterm_lets_running_steps_finish(cli, write, tmp_path):
    mark = tmp_path / "mark"
    path = write(
        "flow", shell("a", f"echo begun > {mark}; read _ < {tmp_path / 'gate'}; echo ended > {mark}")
    )
    os.mkfifo(tmp_path / "gate")
    with cli.serving() as serving:
        with serving.client() as client:
            run = start(client, path)
            wait_until(mark.exists)
        serving.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "Ending" in serving.process.stderr.readline())
        (tmp_path / "gate").write_text("go\n")
        assert serving.process.wait(60) == 0
    assert mark.read_text() == "ended\n"
    with cli.serving() as serving, serving.client() as client:
        assert client.get(f"/runs/{run}").json()["status"] == "SUCCESSFUL"


def test_a_second_signal_ends_it_now_and_the_step_counts_as_lost(cli, write, tmp_path):
    mark = tmp_path / "mark"
    path = write("flow", shell("a", f"touch {mark}; sleep 1000"))
    with cli.serving() as serving:
        with serving.client() as client:
            run = start(client, path)
            wait_until(mark.exists)
        serving.process.send_signal(signal.SIGTERM)
        wait_until(lambda: "Ending" in serving.process.stderr.readline())
        assert serving.end() == 0
    with cli.serving() as serving, serving.client() as client:
        assert client.get(f"/runs/{run}").json()["status"] == "FAILED"
        (step,) = client.get(f"/runs/{run}/steps").json()["items"]
        assert step["reason"] == "lost"


def test_the_record_of_a_running_server_is_private_and_goes_with_it(cli):
    with cli.serving() as serving:
        record = cli.home / "server.json"
        wait_until(record.exists)
        assert stat.S_IMODE(record.stat().st_mode) == 0o600
        assert json.loads(record.read_text())["url"] == serving.url
        serving.end()
        assert not record.exists()
