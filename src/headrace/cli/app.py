"""The command line as a whole."""

import os
from typing import Annotated

import typer

from headrace import __version__
from headrace.cli import definitions, demo, license, people, run, secret, serve, upkeep, verbs
from headrace.cli.help import in_the_persons_language
from headrace.cli.screen import fail_broken, fail_refused, out
from headrace.core.refusal import Refused
from headrace.ports.errors import Broken

app = typer.Typer(
    name="headrace",
    help="Runs your standard operating procedures: define, approve, run, watch, repair. / "
    "执行标准操作流程：定义、审批、运行、观察、修复。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
serve.register(app)
definitions.register(app)
run.register(app)
verbs.register(app)
people.register(app)
license.register(app)
secret.register(app)
upkeep.register(app)
demo.register(app)


def _print_version(asked: bool) -> None:
    if asked:
        version()
        raise typer.Exit


@app.callback()
def common(
    asked: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version. / 显示版本。"
        ),
    ] = False,
) -> None:
    """What holds for every command."""


@app.command()
def version() -> None:
    """Print the version. / 显示版本。"""
    out().print(__version__)


def main() -> None:
    """The entry point; refusals and broken machinery end with their message, not with a traceback."""
    try:
        in_the_persons_language(typer.main.get_command(app))()
    except Refused as refused:
        _end(fail_refused, refused)
    except Broken as broken:
        _end(fail_broken, broken)
    except OSError as error:
        if error.filename is not None:
            raise
        # What is still held back would be tried again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        _end(fail_broken, Broken("cli_output_unwritable", {"error": error.strerror or str(error)}))


def _end(report: object, error: Exception) -> None:
    try:
        report(error)  # type: ignore[operator]
    except typer.Exit as end:
        raise SystemExit(end.exit_code) from None
