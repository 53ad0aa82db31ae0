"""``headrace lint``, ``apply`` and ``export``: definitions as files."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer
from rich.text import Text

from headrace.cli.json_text import value_of
from headrace.cli.options import STDIN, SUFFIXES, Home, ServerUrl, Token
from headrace.cli.screen import (
    FAILED,
    MISSING,
    USAGE,
    clean,
    err,
    fail,
    language,
    note,
    out,
    printable,
    say,
    words,
)
from headrace.cli.session import Session, session, succeeded
from headrace.core.messages import text
from headrace.core.refusal import Refused

if TYPE_CHECKING:
    from headrace.usecases.definitions import Checked


NEW = 404  # there is no such workflow yet
DIFF = {"+": "green", "-": "red", "@": "cyan"}
"""The colour of a line of a difference, by what it begins with."""


def register(app: typer.Typer) -> None:
    app.command()(lint)
    app.command()(apply)
    app.command()(export)


def lint(
    files: Annotated[list[Path], typer.Argument(help="definitions, or folders of them / 定义文件或其目录")],
) -> None:
    """Check definitions; every problem with its place. / 检查定义，列出全部问题及其位置。"""
    bad = 0
    for path in _expand(files):
        try:
            check(read(path))
        except Refused as refused:
            bad += 1
            _show_problems(path, refused)
        else:
            say("cli_lint_ok", path=path)
    if bad:
        raise typer.Exit(USAGE)


def _expand(given: Iterable[Path]) -> list[Path]:
    """Files as given; of folders the definitions in them."""
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            inside = sorted(each for each in path.iterdir() if each.suffix in SUFFIXES)
            if not inside:
                fail(USAGE, "cli_nothing_found", path=path)
            found += inside
        else:
            found.append(path)
    return found


def read(path: Path) -> bytes:
    """The bytes of a file, of standard input where it is ``-``; or the end of the command."""
    try:
        return sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
    except OSError as error:
        fail(USAGE, "cli_file_unreadable", path=path, error=error.strerror or str(error))


def read_json(path: Path) -> Any:
    """The value in a JSON file, or the end of the command."""
    try:
        return value_of(read(path))
    except ValueError as error:
        fail(USAGE, "cli_not_json", path=path, error=error)


def check(data: bytes) -> "Checked":
    """The definition in these bytes. Raises Refused with every problem."""
    from headrace import main
    from headrace.usecases import definitions

    return definitions.check(data, main.known_capabilities())


def workflow_path(name: str) -> str:
    """Where the API has a workflow, whatever a person gave as its name."""
    if "/" in name:  # no name has one, and in a path it would lead elsewhere
        fail(MISSING, "not_found", what="workflow", key=name)
    return f"/workflows/{quote(name, safe='')}"


def _show_problems(path: Path, refused: Refused) -> None:
    console = err()
    if not refused.problems:
        console.print(f"[red]{clean(path)}: {words(refused.code, **refused.values)}[/red]")
        return
    console.print(f"[red]{words('cli_lint_bad', path=path, count=len(refused.problems))}[/red]")
    for problem in refused.problems:
        message = text(problem.code, problem.values, language())
        place = f"{problem.path}: " if problem.path else ""  # "" is the document as a whole
        console.print(Text.assemble("  ", (place, "bold"), message))


def apply(
    files: Annotated[list[Path], typer.Argument(help="definitions, or folders of them / 定义文件或其目录")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="only show what would change / 只显示差异")
    ] = False,
    publish: Annotated[bool, typer.Option("--publish", help="publish too / 同时发布")] = False,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Save definitions as drafts; prints a diff. / 把定义保存为草稿，并显示差异。"""
    checked: dict[str, tuple[Path, Checked]] = {}
    bad = False
    for path in _expand(files):
        try:
            found = check(read(path))
        except Refused as refused:
            bad = True
            _show_problems(path, refused)
        else:
            name = found.workflow.name
            first, _ = checked.setdefault(name, (path, found))
            if first != path:  # the later one would silently take the place of the other
                bad = True
                note("cli_defined_twice", name=name, path=path, first=first)
    if bad:
        raise typer.Exit(USAGE)
    with session(home, server, token) as s:
        for _, each in checked.values():
            apply_one(s, each, dry_run=dry_run, publish=publish)


def apply_one(s: Session, checked: "Checked", *, dry_run: bool, publish: bool) -> None:
    """Show the difference to the stored draft, and store it."""
    from headrace.usecases.definitions import difference

    name = checked.workflow.name
    stored = s.try_call("GET", workflow_path(name))
    before = None if stored.status_code == NEW else succeeded(stored).json()["document"]
    changes = difference(before, checked.document)
    for line in changes.splitlines():
        out().print(Text(printable(line), DIFF.get(line[:1], "")))
    if dry_run:
        say("cli_would_apply" if changes else "cli_unchanged", name=name)
        return
    headers = {"Content-Type": "application/json"}
    if before is not None:
        headers["If-Match"] = stored.headers["ETag"]
    options = {"params": {"publish": str(publish).lower()}, "headers": headers}
    answer = s.call("PUT", workflow_path(name), content=json.dumps(checked.document), **options)
    if publish:
        say("cli_applied_published", name=name, version=answer.json()["version"])
    else:
        say("cli_applied" if changes else "cli_unchanged", name=name)


def export(
    name: Annotated[
        str | None, typer.Argument(help="one workflow; without it all / 一个工作流；省略则为全部")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="folder to write files to / 写入文件的目录")
    ] = None,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Write definitions as YAML. / 以 YAML 导出定义。"""
    with session(home, server, token) as s:
        names = [item["name"] for item in s.every("/workflows")] if name is None else [name]
        for place, each in enumerate(names):
            document = s.call("GET", workflow_path(each), params={"format": "yaml"}).text
            if output is None:
                typer.echo(f"---\n{document}" if place else document, nl=False)
            else:
                path = output / f"{each}.yaml"
                _write(path, document)
                say("cli_exported", name=each, path=path)


def _write(path: Path, document: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(document, encoding="utf-8")
    except OSError as error:
        fail(FAILED, "cli_file_unwritable", path=path, error=error.strerror or str(error))
