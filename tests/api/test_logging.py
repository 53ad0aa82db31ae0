"""The server's own log: what it never shows, and that nobody has to be there to read it."""

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO

import pytest
import structlog

from headrace.api.http.logging import configure


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    yield
    configure(sys.__stderr__, logging.ERROR)


def test_lines_are_json_without_credentials() -> None:
    out = StringIO()
    configure(out)
    structlog.get_logger().warning("there", user="ada", access_token="hr_secret", Password="x")
    logging.getLogger("elsewhere").error("broken")
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert (first["event"], first["user"]) == ("there", "ada")
    assert (first["access_token"], first["Password"]) == ("***", "***")
    assert (second["event"], second["level"]) == ("broken", "error")


def test_nobody_reads_it() -> None:
    out = StringIO()
    configure(out)
    out.close()
    structlog.get_logger().error("said to nobody")


def test_the_reader_has_gone() -> None:
    end, pipe = os.pipe()
    os.close(end)
    out = os.fdopen(pipe, "w")
    configure(out)
    structlog.get_logger().error("said to nobody")
    with suppress(BrokenPipeError):
        out.close()
