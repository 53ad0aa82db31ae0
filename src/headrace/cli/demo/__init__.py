"""``headrace demo``: a rolling restart of real local services, end to end, on a server of its own."""

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import typer
from rich.syntax import Syntax

from headrace.cli.demo.fleet import Fleet
from headrace.cli.demo.story import WORKFLOW, Facts, Story
from headrace.cli.demo.timeline import timeline
from headrace.cli.screen import FAILED, language, out, say
from headrace.cli.session import Session

HOSTS = ["web-1", "web-2", "web-3", "web-4"]
SECONDS = 30.0


def register(app: typer.Typer) -> None:
    app.command()(demo)


def demo() -> None:
    """Run a real procedure from start to end and show what happened. / 从头到尾演示一个真实流程。"""
    with tempfile.TemporaryDirectory(prefix="headrace-demo-") as folder, Fleet(HOSTS) as fleet:
        say("demo_hosts", hosts=", ".join(f"{host.name} ({host.url})" for host in fleet.hosts.values()))
        with _server(Path(folder) / "home") as (url, token):
            say("demo_server", url=url)
            story = _tell(url, token, fleet, Path(folder) / "change-record.txt")
    _summary(story.facts)
    raise typer.Exit(0 if story.facts.all_hold else FAILED)


def _tell(url: str, token: str, fleet: Fleet, record: Path) -> Story:
    console = out()
    with _client(url, token) as client:
        admin = Session(client)
        lead_password = secrets.token_urlsafe(16)
        admin.post("/roles", {"name": "release-lead", "permissions": ["TASK_VIEWER", "TASK_MANAGER"]})
        admin.post("/users", {"name": "lee", "password": lead_password, "roles": ["release-lead"]})
        lead = httpx2.Client(base_url=url, auth=("lee", lead_password), timeout=SECONDS, trust_env=False)
        with lead as other:
            story = Story(admin, Session(other), fleet, record)
            say("demo_workflow")
            console.print(Syntax(WORKFLOW.read_text(), "yaml", background_color="default"))
            story.prepare()
            say("demo_first")
            picture = story.first_run()
            console.print(timeline(admin, picture))
            say("demo_second")
            picture = story.second_run()
            console.print(timeline(admin, picture))
    return story


def _client(url: str, token: str) -> httpx2.Client:
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": language()}
    return httpx2.Client(base_url=url, headers=headers, timeout=SECONDS, trust_env=False)


@contextmanager
def _server(home: Path) -> Iterator[tuple[str, str]]:
    """A real ``headrace serve`` on a free port; its address, and the administrator's token."""
    token = f"hr_{secrets.token_urlsafe(32)}"
    env = {**os.environ, "HEADRACE_ADMIN_TOKEN": token, "HEADRACE_LANG": "en"}
    command = [sys.executable, "-m", "headrace", "serve", "--port", "0", "--home", str(home)]
    log = home.with_name("server.log")
    with (
        log.open("w") as errors,
        subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if "http://" not in line:
                raise RuntimeError(f"the server did not start: {line!r} {log.read_text()}")
            yield line[line.index("http://") :].strip(), token
        finally:
            process.terminate()
            process.wait(SECONDS)


def _summary(facts: Facts) -> None:
    console = out()
    console.print()
    say("demo_checked")
    for holds, text in facts.found:
        console.print(f"  [green]✓[/green] {text}" if holds else f"  [red]✗ {text}[/red]")
    console.print()
    say("demo_next" if facts.all_hold else "demo_not_all")
