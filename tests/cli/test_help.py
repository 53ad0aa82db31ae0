"""Help is in the person's language alone, for every command and option."""

import re

import pytest
import typer

from headrace.cli import help
from headrace.cli.app import app

HAN = re.compile(r"[\u4e00-\u9fff]")


def helps(command, path=()):
    path = (*path, command.name or "headrace")
    yield path, command.help
    for param in command.get_params(command.make_context("", [], resilient_parsing=True)):
        if getattr(param, "metavar", None) != "NAME":
            yield (*path, param.name), param.help
    for each in getattr(command, "commands", {}).values():
        yield from helps(each, path)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_help_is_in_the_language(language, monkeypatch):
    monkeypatch.setenv("HEADRACE_LANG", language)
    monkeypatch.setattr(help, "FRAME", {})  # of this process; looked at below
    found = dict(helps(help.in_the_persons_language(typer.main.get_command(app))))
    assert len(found) > 100
    wrong = [path for path, text in found.items() if not text or bool(HAN.search(text)) != (language == "zh")]
    assert wrong == []


def test_what_is_around_it_is_in_the_language_too(cli):
    shown = cli.ok("run", "--help", HEADRACE_LANG="zh")
    assert "选项" in shown
    assert "Options" not in shown
    assert "node[index]" in cli.ok("skip", "--help")
    assert "--help' 查看帮助" in cli.run("nothing", HEADRACE_LANG="zh").stderr
