"""``headrace run``: start a workflow and watch it to its end."""

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from headrace.cli.definitions import apply_one, check, read
from headrace.cli.live import Picture, follow
from headrace.cli.options import SUFFIXES, Home, ServerUrl, Token
from headrace.cli.screen import EXPIRED, FAILED, USAGE, clean, fail, out, say
from headrace.cli.session import Session, session

Json = Any


def register(app: typer.Typer) -> None:
    app.command()(run)


def run(
    workflow: Annotated[str, typer.Argument(help="a name, or a file that is applied and published first")],
    param: Annotated[list[str] | None, typer.Option("-p", "--param", help="name=value")] = None,
    params: Annotated[Path | None, typer.Option(help="a JSON file with parameters")] = None,
    target: Annotated[list[str] | None, typer.Option(help="type/name")] = None,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="until it ends / 等待结束")] = True,
    timeout: Annotated[float | None, typer.Option(help="seconds to wait at the most")] = None,
    mock: Annotated[bool, typer.Option("--mock", help="rehearse / 演练")] = False,
    debug: Annotated[bool, typer.Option("--debug")] = False,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Start a workflow; the exit code tells how it ended. / 启动作业流,以退出码表示结果。"""
    with session(home, server, token) as s:
        name = _applied(s, Path(workflow)) if Path(workflow).suffix in SUFFIXES else workflow
        schema = s.get(f"/workflows/{name}")["document"]["spec"].get("params") or {}
        body = {
            "params": _params(schema, params, param or []),
            "targets": [_target(each) for each in target or []],
            "mock": mock,
            "debug": debug,
        }
        started = s.post(f"/workflows/{name}/runs", body)
        say("cli_started", run=started["id"], workflow=name, version=started["version"])
        if wait:
            _watch(s, started["id"], timeout)


def _applied(s: Session, path: Path) -> str:
    checked = check(read(path))
    apply_one(s, checked, dry_run=False, publish=True)
    return checked.workflow.name


def _target(given: str) -> Json:
    kind, slash, name = given.partition("/")
    if not slash or not kind or not name:
        fail(USAGE, "cli_target_form", given=given)
    return {"type": kind, "name": name}


def _params(schema: Json, file: Path | None, given: list[str]) -> Json:
    """The file's values, then those of the command line, each read as its declared type."""
    found: dict[str, Json] = json.loads(read(file)) if file else {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name:
            fail(USAGE, "cli_param_form", given=each)
        found[name] = _value((schema.get(name) or {}).get("type"), value)
    return found


def _value(kind: Json, value: str) -> Json:
    """Text stays text where text is declared; else JSON where it is JSON. The server checks the rest."""
    if kind in (None, "string"):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _watch(s: Session, run_id: int, timeout: float | None) -> None:
    deadline = time.monotonic() + timeout if timeout else None
    picture = follow(s, run_id, deadline)
    if not picture.over:
        fail(EXPIRED, "cli_wait_over", run=run_id, state=picture.run["status"], seconds=f"{timeout:g}")
    elapsed = f"{time.monotonic() - picture.began:.1f} s"
    say("cli_finished", run=run_id, status=picture.run["status"], seconds=elapsed)
    if picture.run["status"] != "SUCCESSFUL":
        explain(s, picture)
        raise typer.Exit(FAILED)


def explain(s: Session, picture: Picture) -> None:
    """Why it did not succeed: each failed step with its last words."""
    for step in picture.steps.values():
        if step["status"] != "FAILED":
            continue
        reason = " ".join(filter(None, (step["reason"], step["message"])))
        values = {"step": step["id"], "node": step["node"], "status": step["status"], "reason": reason}
        say("cli_failed_step", **values)
        for text in _last_lines(s, picture.run["id"], step):
            out().print(f"    {clean(text)}", style="dim")
    say("cli_next_steps")


def _last_lines(s: Session, run_id: int, step: Json, count: int = 5) -> list[str]:
    path = f"/runs/{run_id}/steps/{step['id']}/attempts/{step['attempt']}/log"
    answer = s.try_call("GET", path, headers={"Range": "bytes=-2000"})
    return answer.text.splitlines()[-count:] if answer.is_success else []
