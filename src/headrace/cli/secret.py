"""``headrace secret``: values into the vault, their names out of it, and another key for all of them."""

import sys
from typing import Annotated
from urllib.parse import quote

import typer

from headrace.cli.options import Home, ServerUrl, Token
from headrace.cli.record import running
from headrace.cli.screen import CONFLICT, clean, fail, out, say
from headrace.cli.session import session

Name = Annotated[str, typer.Argument(help="the secret's name / 机密名称")]


def register(app: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Secrets in the vault. / 保险库中的机密。")
    group.command("set")(put)
    group.command("list")(show)
    group.command("delete")(delete)
    group.command("rotate")(rotate)
    app.add_typer(group, name="secret")


def put(
    name: Name,
    description: Annotated[str, typer.Option(help="what it is for / 用途")] = "",
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Keep a value; it is asked for, or read from standard input, never an argument. /
    保存机密；值由提示输入或从标准输入读取，不作为参数。"""
    value = typer.prompt(name, hide_input=True) if sys.stdin.isatty() else sys.stdin.read().rstrip("\n")
    body = {"value": value, "description": description}
    with session(home, server, token) as there:
        there.call("PUT", f"/secrets/{quote(name, safe='')}", json=body)
    say("cli_secret_kept", name=name)


def show(
    search: Annotated[
        str | None, typer.Argument(help="a part of name or description / 名称或说明的一部分")
    ] = None,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Names and what they are for; never values. / 列出机密名称和用途，从不显示值。"""
    with session(home, server, token) as there:
        found = there.every("/secrets", **({"search": search} if search else {}))
    for item in found:
        out().print(f"{clean(item['name'])}  {clean(item['description'])}".rstrip())


def delete(name: Name, home: Home = None, server: ServerUrl = None, token: Token = None) -> None:
    """Take one out; refused while something uses it. / 删除机密；使用中的不能删除。"""
    with session(home, server, token) as there:
        there.call("DELETE", f"/secrets/{quote(name, safe='')}")
    say("cli_secret_deleted", name=name)


def rotate(home: Home = None) -> None:
    """Encrypt everything anew: with a new key in the file under home, or with the first of vault_key. The
    server must not run. / 更换密钥并重新加密；服务器须已停止。"""
    from headrace.config import load
    from headrace.main import rotate_vault

    settings = load(home=home)
    if running(settings.home):
        fail(CONFLICT, "cli_secret_stop_first")
    say("cli_secret_rotated", count=rotate_vault(settings))
