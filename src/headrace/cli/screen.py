"""What commands print, and how they end: the language, the console, exit codes."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from headrace.core.messages import Language, text
from headrace.core.refusal import Problem, Refused
from headrace.ports.errors import Broken

OK, FAILED, USAGE, MISSING, DENIED, CONFLICT, EXPIRED, UNREACHABLE = 0, 1, 2, 3, 4, 5, 6, 7

# C0 and C1 controls but tab and newline: a log line must not drive the terminal.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def language() -> Language:
    """zh where the locale says so, else en."""
    for name in ("HEADRACE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


_window: Console | None = None


@contextmanager
def window(console: Console) -> Iterator[None]:
    """While something redraws itself on this console, results go through it and stand above the drawing."""
    global _window
    _window = console
    try:
        yield
    finally:
        _window = None


def out() -> Console:
    """Results; made anew so that tests and pipes see the current stream."""
    return _window or Console(file=sys.stdout, highlight=False, soft_wrap=True, emoji=False)


def err() -> Console:
    """Everything that is not a result."""
    return Console(file=sys.stderr, highlight=False, soft_wrap=True, emoji=False)


def printable(value: object) -> str:
    """Text from elsewhere without control characters; for what reads no markup."""
    return _CONTROLS.sub("�", str(value))


def clean(value: object) -> str:
    """Text from elsewhere, safe to print: no control characters, no markup."""
    return escape(printable(value))


def words(code: str, **values: Any) -> str:
    """A message in the person's language, safe to print: neither it nor its values are markup."""
    return clean(text(code, values, language()))


def explained(problem: Problem) -> dict[str, str]:
    """Values for messages with a ``place`` and a ``why``."""
    return {"place": problem.path, "why": text(problem.code, problem.values, language())}


def say(code: str, **values: Any) -> None:
    """A message among the results."""
    out().print(words(code, **values))


def note(code: str, **values: Any) -> None:
    """A message beside the results."""
    err().print(words(code, **values))


def fail(status: int, code: str, **values: Any) -> NoReturn:
    """End the command with a message."""
    err().print(f"[red]{words(code, **values)}[/red]")
    raise typer.Exit(status)


def fail_refused(refused: Refused) -> NoReturn:
    """End with what the refusal says, one line for each problem."""
    console = err()
    console.print(f"[red]{words(refused.code, **refused.values)}[/red]")
    for problem in refused.problems:
        console.print(f"  {clean(problem.path)}: {words(problem.code, **problem.values)}")
    raise typer.Exit({"state": CONFLICT, "forbidden": DENIED, "exists": CONFLICT}.get(refused.kind, USAGE))


def fail_broken(broken: Broken) -> NoReturn:
    """End because the machinery does not work."""
    fail(FAILED, broken.code, **broken.values)
