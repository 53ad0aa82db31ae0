"""``headrace user``, ``role`` and ``token``: who may what."""

import sys
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from headrace.cli.options import AsJson, Home, ServerUrl, Token
from headrace.cli.screen import MISSING, USAGE, clean, fail, out, say, words
from headrace.cli.session import Session, session

Json = Any
FILE_WIDTH = 10_000  # columns where no window cuts a table: in a file or a pipe
users = typer.Typer(no_args_is_help=True, help="Users. / 用户。")
roles = typer.Typer(no_args_is_help=True, help="Roles: sets of permissions. / 角色。")
tokens = typer.Typer(no_args_is_help=True, help="API tokens. / API 令牌。")

Name = Annotated[str, typer.Argument(metavar="NAME")]
Roles = Annotated[list[str] | None, typer.Option("--role", help="may be given several times / 可重复")]
Email = Annotated[str | None, typer.Option(help="e-mail address / 邮箱")]
DisplayName = Annotated[str | None, typer.Option(help="shown instead of the name / 显示名")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="read the password from standard input / 从标准输入读取密码")
]


def register(app: typer.Typer) -> None:
    app.add_typer(users, name="user")
    app.add_typer(roles, name="role")
    app.add_typer(tokens, name="token")


@users.command("list")
def list_users(
    home: Home = None, server: ServerUrl = None, token: Token = None, as_json: AsJson = False
) -> None:
    """Users of the tenant. / 列出用户。"""
    with session(home, server, token) as s:
        _show(s.every("/users"), ("id", "name", "roles", "email", "disabled"), as_json)


@users.command("create")
def create_user(
    name: Name,
    role: Roles = None,
    email: Email = None,
    display_name: DisplayName = None,
    no_password: Annotated[bool, typer.Option("--no-password", help="signs in otherwise / 无密码")] = False,
    password_stdin: FromStdin = False,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Create a user. / 新建用户。"""
    body: Json = {"name": name, "roles": role or []}
    body |= {key: value for key, value in (("email", email), ("displayName", display_name)) if value}
    if not no_password:
        body["password"] = _password(password_stdin)
    with session(home, server, token) as s:
        s.post("/users", body)
        say("cli_user_created", name=name)


@users.command("password")
def password(
    name: Name,
    password_stdin: FromStdin = False,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Set another password; the user is signed out everywhere. / 重设密码；该用户的全部会话立即结束。"""
    given = _password(password_stdin)
    with session(home, server, token) as s:
        _change(s, name, {"password": given})


@users.command("change")
def change_user(
    name: Name,
    role: Roles = None,
    email: Email = None,
    display_name: DisplayName = None,
    disabled: Annotated[
        bool | None,
        typer.Option("--disable/--enable", help="keep the person out, or let in again / 停用或启用"),
    ] = None,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Replace the roles, change what is given. / 替换角色，修改给出的内容。"""
    given = {"roles": role or None, "email": email, "displayName": display_name, "disabled": disabled}
    with session(home, server, token) as s:
        _change(s, name, {key: value for key, value in given.items() if value is not None})


@roles.command("list")
def list_roles(
    home: Home = None, server: ServerUrl = None, token: Token = None, as_json: AsJson = False
) -> None:
    """Roles of the tenant, and what they grant. / 列出角色及其权限。"""
    with session(home, server, token) as s:
        _show(s.get("/roles")["items"], ("id", "name", "permissions"), as_json)


@roles.command("create")
def create_role(
    name: Name,
    permissions: Annotated[list[str], typer.Argument(metavar="PERMISSION", help="what it grants / 权限")],
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Create a role of these permissions. / 用给出的权限新建角色。"""
    with session(home, server, token) as s:
        s.post("/roles", {"name": name, "permissions": permissions})
        say("cli_role_created", name=name)


@roles.command("delete")
def delete_role(name: Name, home: Home = None, server: ServerUrl = None, token: Token = None) -> None:
    """Delete a role that nobody holds. / 删除无人持有的角色。"""
    with session(home, server, token) as s:
        s.call("DELETE", f"/roles/{_id(s, '/roles', name)}")
        say("cli_role_deleted", name=name)


@tokens.command("list")
def list_tokens(
    all_users: Annotated[bool, typer.Option("--all", help="everybody's / 所有用户")] = False,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
    as_json: AsJson = False,
) -> None:
    """Tokens; never their texts. / 列出令牌，不显示原文。"""
    with session(home, server, token) as s:
        found = s.get("/tokens", all=all_users)["items"]
        _show(found, ("id", "name", "userId", "createdAt", "expiresAt", "revokedAt"), as_json)


@tokens.command("create")
def create_token(
    name: Name,
    days: Annotated[int | None, typer.Option(min=1, max=3650, help="until it expires / 有效天数")] = None,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Print a new token of your own; it is shown only now. / 新建自己的令牌；原文只显示这一次。"""
    body: Json = {"name": name}
    if days is not None:
        body["expiresAt"] = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    with session(home, server, token) as s:
        out().print(clean(s.post("/tokens", body)["token"]))


@tokens.command("revoke")
def revoke_token(
    token_id: Annotated[int, typer.Argument(metavar="ID", min=1, help="the token's id / 令牌编号")],
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """The next request with it is refused. / 吊销令牌。"""
    with session(home, server, token) as s:
        s.call("DELETE", f"/tokens/{token_id}")
        say("cli_token_revoked", id=token_id)


def _password(from_stdin: bool) -> str:
    """Never from the command line: other users of the machine could read it there."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        fail(USAGE, "cli_password_stdin")
    answer: str = typer.prompt(words("cli_password_new"), hide_input=True, confirmation_prompt=True)
    return answer


def _change(s: Session, name: str, body: Json) -> None:
    s.call("PATCH", f"/users/{_id(s, '/users', name)}", json=body)
    say("cli_user_changed", name=name)


def _id(s: Session, path: str, name: str) -> int:
    """The id of the user or role of this name."""
    found = [each["id"] for each in s.every(path) if each["name"] == name]
    if not found:
        fail(MISSING, "cli_name_unknown", name=name)
    return int(found[0])


def _show(items: list[Json], columns: tuple[str, ...], as_json: bool) -> None:
    if as_json:
        out().print_json(data=items)
        return
    table = Table(*columns, box=None, pad_edge=False)
    for each in items:
        table.add_row(*(_cell(column, each[column]) for column in columns))
    console = out()
    if not console.is_terminal:
        console.width = FILE_WIDTH
    console.print(table)


def _cell(column: str, value: Json) -> str:
    if value and column.endswith("At"):
        return datetime.fromisoformat(value).astimezone().strftime("%Y-%m-%d %H:%M")
    if isinstance(value, list):
        return clean(", ".join(value))
    return "" if value is None else clean(value)
