"""What answers in the place of a server: nothing of it is taken for a success."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.cli.conftest import shell

PAGE = b"<html>Welcome</html>"


@contextmanager
def answering(status: int, body: bytes, *headers: tuple[str, str]) -> Iterator[str]:
    """The address of a server that answers everything alike."""

    class Answers(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            for each in (*headers, ("Content-Length", str(len(body)))):
                self.send_header(*each)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_POST = answer

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize("status", [200, 404, 502])
@pytest.mark.parametrize("body", [PAGE, b"[]", b"{}"])
def test_a_page_of_somebody_else(cli, write, status, body):
    path = write("w", shell("a", "true"))
    commands = (["apply", path], ["export", "w"], ["run", "w"])
    with answering(status, body) as url:
        for command in commands:
            done = cli.run(*command, "--server", url, "--token", "x")
            assert done.returncode == 7, done.stdout + done.stderr
            assert done.stdout == ""
            assert done.stderr == f"What answers at {url}/ is no Headrace server (HTTP {status}).\n"


def test_a_redirect_stores_nothing_and_says_where_it_leads(cli, write):
    with answering(301, b"", ("Location", "https://headrace.example.org/")) as url:
        done = cli.run("apply", write("w", shell("a", "true")), "--server", url, "--token", "x")
    assert done.returncode == 7
    assert "draft saved" not in done.stdout
    assert "https://headrace.example.org/: give that one with --server" in done.stderr


def test_a_dry_run_that_could_not_read_shows_no_difference(cli, write):
    path = write("w", shell("a", "true"))
    with cli.serving() as server:
        done = cli.run("apply", path, "--dry-run", "--server", server.url, "--token", "wrong")
    assert (done.returncode, done.stdout) == (4, "")


def test_addresses_as_people_give_them(cli, write):
    cli.ok("apply", write("w", shell("a", "true")))
    with cli.serving() as server:
        token = {"HEADRACE_TOKEN": "hr_the-token-of-the-command-line-tests"}
        assert "name: w" in cli.ok("export", "w", "--server", f"{server.url}/api/v1/", **token)
        bare = cli.run("export", "w", "--server", server.url.removeprefix("http://"), **token)
    assert bare.returncode == 2
    assert "expected an address such as http://" in bare.stderr
