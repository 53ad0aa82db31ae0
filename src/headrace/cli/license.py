"""``headrace license``: what the licence allows, and another one in its place."""

from pathlib import Path
from typing import Annotated, Any

import typer

from headrace.cli.definitions import read
from headrace.cli.options import AsJson, Home, ServerUrl, Token
from headrace.cli.screen import FAILED, USAGE, clean, err, fail, out, say, words
from headrace.cli.session import session

Json = Any
licences = typer.Typer(no_args_is_help=True, help="The licence. / 许可证。")
File = Annotated[Path, typer.Argument(metavar="FILE", help="the licence / 许可证文件")]


def register(app: typer.Typer) -> None:
    app.add_typer(licences, name="license")


@licences.command()
def show(home: Home = None, server: ServerUrl = None, token: Token = None, as_json: AsJson = False) -> None:
    """The licence in force and what is used of it; exit code 1 where it does not count. /
    显示许可证及用量；无效时退出码为 1。"""
    with session(home, server, token) as s:
        found = s.get("/license")
    if as_json:
        out().print_json(data=found)
    else:
        _show(found)
    if not found["valid"]:
        raise typer.Exit(FAILED)


@licences.command()
def verify(file: File, home: Home = None) -> None:
    """Check a licence file, without a server. / 校验许可证文件。"""
    from headrace import main
    from headrace.config import load

    licence, fault = main.examined_licence(load(home=home), _text(file))
    if fault is not None:
        fail(FAILED, fault, holder=licence.holder)
    say("cli_licence_good", holder=licence.holder)


@licences.command()
def install(file: File, home: Home = None, server: ServerUrl = None, token: Token = None) -> None:
    """Put a licence in force. / 安装许可证。"""
    text = _text(file)
    with session(home, server, token) as s:
        _show(s.post("/license", {"text": text}))


@licences.command()
def remove(home: Home = None, server: ServerUrl = None, token: Token = None) -> None:
    """Back to the built-in community licence. / 恢复内置社区许可证。"""
    with session(home, server, token) as s:
        s.call("DELETE", "/license")
        _show(s.get("/license"))


def _text(file: Path) -> str:
    try:
        return read(file).decode()
    except UnicodeDecodeError:
        fail(USAGE, "licence_malformed")


def _show(found: Json) -> None:
    lines = [("cli_licence_kind", words(f"cli_licence_{found['kind']}"))]
    if found["holder"]:
        lines.append(("cli_licence_holder", found["holder"]))
    for key, code in (("validFrom", "cli_licence_from"), ("validUntil", "cli_licence_until")):
        if found[key]:
            lines.append((code, found[key]))
    for name in ("workflows", "users", "tenants"):
        most = found[f"max{name.capitalize()}"]
        limit = words("cli_licence_unlimited") if most is None else most
        lines.append((f"cli_licence_{name}", f"{found['used'][name]} / {limit}"))
    for code, value in lines:
        out().print(f"{words(code)}: {clean(value)}")
    for problem in found["problems"]:
        err().print(f"[red]{clean(problem)}[/red]")
