"""The server's own log: lines for a person at a terminal, JSON for everything else. Never credentials."""

import logging
import sys
from contextlib import suppress
from typing import Any, TextIO

import structlog

SECRET = ("authorization", "password", "token", "secret", "cookie")


class Lines(structlog.PrintLogger):
    """Prints where it can: whoever read the log may be gone, which is no reason to stop working."""

    def msg(self, message: str) -> None:
        with suppress(OSError, ValueError):
            super().msg(message)

    log = debug = info = warn = warning = error = err = critical = fatal = failure = exception = msg


def configure(out: TextIO | None = None, level: int = logging.INFO) -> None:
    """Set up structlog and the standard library's logging for this process; call it once, at start."""
    stream = out or sys.stderr
    person = stream.isatty()
    renderer = structlog.dev.ConsoleRenderer() if person else structlog.processors.JSONRenderer()
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _mask,
    ]
    errors: list[Any] = [] if person else [structlog.processors.format_exc_info]
    structlog.configure(
        processors=[*before, *errors, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: Lines(stream),
    )
    handler = logging.StreamHandler(stream)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *errors, renderer],
    )
    handler.setFormatter(formatter)
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)


def _mask(logger: Any, method: str, line: Any) -> Any:
    """The last net: a field whose name sounds like a secret never shows its value."""
    for key in line:
        if any(word in key.lower() for word in SECRET):
            line[key] = "***"
    return line
