"""``headrace doctor``, ``config show`` and ``migrate``: what a person looks after."""

import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from headrace.cli.options import DATABASE_HELP, Home
from headrace.cli.record import running
from headrace.cli.screen import FAILED, explained, out, say, words
from headrace.config import Settings, load
from headrace.ports.errors import Broken

Json = Any
Finding = tuple[bool, str, dict[str, Any]]
"""Whether it is well, and the message that says so or what to do."""
configs = typer.Typer(no_args_is_help=True, help="Settings. / 配置。")
Database = Annotated[str | None, typer.Option(help=DATABASE_HELP)]
_PASSWORD = re.compile(r"(?<=://)([^/@\s:]*):[^/@\s]*@")


def register(app: typer.Typer) -> None:
    app.command()(doctor)
    app.command()(migrate)
    app.add_typer(configs, name="config")


@configs.command("show")
def show_config(home: Home = None) -> None:
    """All settings as they are in force, as JSON; secrets are masked. /
    以 JSON 显示生效的配置，机密已掩盖。"""
    found = load(home=home).model_dump(mode="json")
    if found["database"]:
        found["database"] = _PASSWORD.sub(r"\1:**********@", found["database"])
    out().print_json(data=found)


def migrate(home: Home = None, database: Database = None) -> None:
    """Bring the database up to date; the server does so itself when it starts. /
    升级数据库；服务启动时也会自动升级。"""
    from headrace import main

    settings = load(home=home, database=database)
    main.make_home(settings)
    main.open_store(settings).close()
    say("cli_migrated")


def doctor(home: Home = None, database: Database = None) -> None:
    """Look for what keeps Headrace from working; exit code 1 where something does. /
    检查运行环境；有问题时退出码为 1。"""
    settings = load(home=home, database=database)
    bad = 0
    for well, code, values in _findings(settings):
        bad += not well
        mark = "[green]✓[/green]" if well else "[red]✗[/red]"
        out().print(f"{mark} {words(code, **values)}")
    if bad:
        raise typer.Exit(FAILED)


def _findings(settings: Settings) -> Iterator[Finding]:
    yield _home(settings.home)
    server = running(settings.home)
    if server is not None:
        yield True, "cli_doctor_server", {"url": server.url}
    else:
        yield _port(settings.host, settings.port)
        yield from _data(settings)
    yield from _plugins()


def _home(home: Path) -> Finding:
    if not home.exists():
        return True, "cli_doctor_home_new", {"path": home}
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        return False, "cli_doctor_home_closed", {"path": home}
    if home.stat().st_mode & 0o077:
        return False, "cli_doctor_home_open", {"path": home}
    return True, "cli_doctor_home", {"path": home}


def _port(host: str, port: int) -> Finding:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        return False, "cli_port_taken", {"host": host, "port": port, "error": error.strerror or error}
    return True, "cli_doctor_port", {"host": host, "port": port}


def _data(settings: Settings) -> Iterator[Finding]:
    """Database, vault key and licence; nothing is made that a first start would make."""
    from headrace import main

    if not settings.database and not (settings.home / main.DATABASE).exists():
        yield True, "cli_doctor_database_new", {}
        return
    try:
        found = main.examined(settings)
    except Broken as broken:
        yield False, broken.code, dict(broken.values)
        return
    yield True, "cli_doctor_database", {}
    well = found.vault_fault is None
    yield well, "cli_doctor_vault" if well else str(found.vault_fault), {}
    well = found.licence_fault is None
    holder = {"holder": found.licence.holder}
    yield well, "cli_doctor_licence" if well else str(found.licence_fault), holder


def _plugins() -> Iterator[Finding]:
    from headrace import main

    problems = main.plugin_problems()
    for problem in problems:
        yield False, "cli_plugin", explained(problem)
    if not problems:
        yield True, "cli_doctor_plugins", {"count": len(main.known_capabilities())}
