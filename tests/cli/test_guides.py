"""The first steps of the guide work as written."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from headrace.cli.app import app

GUIDES = Path(__file__).parents[2] / "docs" / "guides"


@pytest.mark.parametrize("name", ["start.md", "start.zh-CN.md"])
def test_the_first_run_of_the_guide(cli, tmp_path, name):
    text = (GUIDES / name).read_text(encoding="utf-8")
    (tmp_path / "hello.yaml").write_text(re.search(r"```yaml\n(.*?)```", text, re.S)[1])
    commands = re.search(r"```sh\n(.*?)```", text, re.S)[1].splitlines()
    assert len(commands) == 2
    for command in commands:
        program, *words = shlex.split(command)
        assert program == ".venv/bin/headrace"
        shown = cli.ok(*(tmp_path / word if word == "hello.yaml" else word for word in words))
    assert "Run 1 is SUCCESSFUL" in shown


@pytest.mark.parametrize("name", ["cli.md", "cli.zh-CN.md"])
def test_the_guide_has_every_command(name):
    code = re.findall(r"`([^`]+)`", (GUIDES / name).read_text(encoding="utf-8"))
    named = {word for text in code for word in text.removeprefix("headrace ").split()[:1]}
    assert set(typer.main.get_group(app).commands) - named == set()
