"""``headrace run``: start a workflow and watch it to its end."""

from pathlib import Path
from typing import Annotated, Any

import typer

from headrace.cli.definitions import apply_one, check, read, read_json, workflow_path
from headrace.cli.json_text import value_of
from headrace.cli.options import STDIN, SUFFIXES, Home, ServerUrl, Token
from headrace.cli.screen import USAGE, fail, say
from headrace.cli.session import Session, session
from headrace.cli.watch import watch

Json = Any
DEBUG_HELP = "a step that fails waits to be repaired / 失败的步骤等待修复"


def register(app: typer.Typer) -> None:
    app.command()(run)


def run(
    workflow: Annotated[
        str,
        typer.Argument(
            help="a name, or a file that is applied and published first / 名称，或先应用并发布的文件"
        ),
    ],
    param: Annotated[list[str] | None, typer.Option("-p", "--param", help="name=value / 名称=值")] = None,
    params: Annotated[
        Path | None,
        typer.Option(
            help="a JSON file with parameters, - for standard input / 参数的 JSON 文件，- 为标准输入"
        ),
    ] = None,
    target: Annotated[
        list[str] | None, typer.Option(help="type/name, may be given several times / 类型/名称，可重复")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="until it ends / 等待结束")] = True,
    timeout: Annotated[
        float | None, typer.Option(min=0, help="seconds to wait at the most / 最多等待的秒数")
    ] = None,
    mock: Annotated[bool, typer.Option("--mock", help="rehearse / 演练")] = False,
    debug: Annotated[bool, typer.Option("--debug", help=DEBUG_HELP)] = False,
    logs: Annotated[bool, typer.Option("--log", help="show what steps write / 显示步骤日志")] = False,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Start a workflow; the exit code tells how it ended. / 启动工作流，以退出码表示结果。"""
    with session(home, server, token) as s:
        given = Path(workflow)
        name = _applied(s, given) if given == STDIN or given.suffix in SUFFIXES else workflow
        schema = s.get(workflow_path(name))["document"]["spec"].get("params") or {}
        body = {
            "params": _params(schema, params, param or []),
            "targets": [_target(each) for each in target or []],
            "mock": mock,
            "debug": debug,
        }
        started = s.post(f"{workflow_path(name)}/runs", body)
        say("cli_started", run=started["id"], workflow=name, version=started["version"])
        if wait:
            watch(s, started["id"], timeout, logs=logs)


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
    found = read_json(file) if file else {}
    if not isinstance(found, dict):
        fail(USAGE, "cli_not_object", path=file)
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name:
            fail(USAGE, "cli_param_form", given=each)
        found[name] = _value(schema.get(name) or {}, value)
    return found


def _value(schema: Json, given: str) -> Json:
    """Text stays text where text is declared; else JSON where it is JSON. Of a schema that may take either,
    what it takes. The server checks the rest."""
    kind = schema.get("type")
    if kind == "string":
        return given
    try:
        value = value_of(given)
    except ValueError:
        return given
    if isinstance(kind, str):
        return value
    from headrace.core.definition.params import accepts

    text, other = accepts(schema, given), accepts(schema, value)
    if kind is None:
        return value if other and not text else given
    return given if text and not other else value
