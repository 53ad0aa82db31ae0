"""How commands reach a server: a named one, the one that runs on this home, or their own for a moment."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import typer

from headrace.cli.record import running
from headrace.cli.screen import (
    CONFLICT,
    DENIED,
    FAILED,
    MISSING,
    UNREACHABLE,
    USAGE,
    clean,
    err,
    fail,
    language,
    words,
)
from headrace.config import home_folder

SECONDS = 30.0
PROBLEM = "application/problem+json"
BELOW = "/api/v1"  # of an address as people copy it from the guide of the API
EXITS = {
    400: USAGE,
    401: DENIED,
    403: DENIED,
    404: MISSING,
    409: CONFLICT,
    412: CONFLICT,
    413: USAGE,
    422: USAGE,
}


class Session:
    """Calls to one server. A refusal ends the command with the server's message and trace id."""

    def __init__(self, client: httpx2.Client, own: bool = False) -> None:
        self.client = client
        self.own = own  # the server ends with this command

    def call(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """The answer, when it is a success."""
        return succeeded(self.try_call(method, path, **options))

    def try_call(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """The server's answer, whatever it is."""
        try:
            return genuine(self.client.request(method, f"/api/v1{path}", **options))
        except httpx2.TransportError as error:
            fail(UNREACHABLE, "cli_unreachable", url=self.client.base_url, error=error)

    def get(self, path: str, **params: Any) -> Any:
        return self.call("GET", path, params=params).json()

    def every(self, path: str, **params: Any) -> list[Any]:
        """All items of a list, page after page."""
        found: list[Any] = []
        for page in count(1):
            answer = self.get(path, page=page, size=2000, **params)
            found += answer["items"]
            if len(found) >= answer["total"] or not answer["items"]:
                break
        return found

    def post(self, path: str, body: Any = None) -> Any:
        return self.call("POST", path, json=body or {}).json()


def genuine(answer: httpx2.Response) -> httpx2.Response:
    """An answer of Headrace itself. A proxy's redirect or a page of somebody else is no success, whatever its
    status: nothing has been read or stored."""
    if "X-Trace-Id" not in answer.headers:
        url, to = answer.url.copy_with(path="/", query=None), answer.headers.get("Location")
        if to is not None:
            fail(UNREACHABLE, "cli_elsewhere", url=url, to=to)
        fail(UNREACHABLE, "cli_not_headrace", url=url, found=answer.status_code)
    return answer


def succeeded(answer: httpx2.Response) -> httpx2.Response:
    """The answer; a refusal is printed and ends the command with what its status stands for."""
    if answer.is_success:
        return answer
    console = err()
    problem = answer.json() if answer.headers.get("Content-Type", "").startswith(PROBLEM) else {}
    problem.setdefault("title", f"HTTP {answer.status_code}")
    console.print(f"[red]{clean(problem.get('detail') or problem.get('title'))}[/red]")
    for each in problem.get("errors") or ():
        console.print(f"  {clean(each.get('path', ''))}: {clean(each.get('message', ''))}")
    if problem.get("traceId"):
        console.print(words("cli_trace", trace=problem["traceId"]))
    raise typer.Exit(EXITS.get(answer.status_code, FAILED))


@contextmanager
def session(home: Path | None, server: str | None, token: str | None) -> Iterator[Session]:
    """Where the command works: ``--server``, else the server of this home, else one of its own."""
    token = token or os.environ.get("HEADRACE_TOKEN")
    found = None if server else running((home or home_folder()).expanduser().absolute())
    if server or found:
        url = _address(server) if server else (found.url if found else "")
        known = token or (found.token if found else None)
        if not known:
            fail(DENIED, "cli_token_needed", url=url)
        with _client(url, known) as client:
            yield Session(client)
        return
    from headrace.cli.own import own_server

    with own_server(home) as (url, known), _client(url, known) as client:
        yield Session(client, own=True)


def _address(given: str) -> str:
    """Of a server that is named; told what it must look like where it cannot be one."""
    if not given.lower().startswith(("http://", "https://")):
        fail(USAGE, "cli_server_form", given=given)
    return given.rstrip("/").removesuffix(BELOW)


def _client(url: str, token: str) -> httpx2.Client:
    if not token.isascii():
        fail(DENIED, "credentials_wrong")
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept-Language": "zh-CN" if language() == "zh" else "en",
    }
    return httpx2.Client(base_url=url, headers=headers, timeout=SECONDS, trust_env=False)
