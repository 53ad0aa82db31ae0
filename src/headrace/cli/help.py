"""Helps are written as ``English / 中文``, both beside the code; a person reads one of them."""

import re
from typing import Any

import typer
from typer import rich_utils

from headrace.cli.screen import language

FRAME = {
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "ERRORS_PANEL_TITLE": "错误",
    "DEFAULT_STRING": "[默认：{}]",
    "REQUIRED_LONG_STRING": "[必填]",
    "RICH_HELP": "用 [blue]'{command_path} {help_option}'[/] 查看帮助。",
}
"""What Typer writes around them, by the name it has there."""
OWN = {
    "--help": "显示本帮助并退出。",
    "--install-completion": "为当前 shell 安装自动补全。",
    "--show-completion": "显示当前 shell 的自动补全脚本，供复制或修改。",
}
"""Options that every Typer program has."""

Command = Any  # of the Click that Typer carries within itself


def in_the_persons_language(command: Command) -> Command:
    """The command and all below it, each help in one language."""
    chinese = language() == "zh"
    if chinese:
        for name, text in FRAME.items():
            setattr(rich_utils, name, text)
    _choose(command, chinese)
    return command


def _choose(command: Command, chinese: bool) -> None:
    command.help = _half(command.help, chinese)
    for param in command.get_params(typer.Context(command)):
        own = next((OWN[name] for name in param.opts if name in OWN), None)
        param.help = own if own and chinese else _half(param.help, chinese)
    for each in getattr(command, "commands", {}).values():
        _choose(each, chinese)


def _half(text: str | None, chinese: bool) -> str | None:
    halves = re.split(r"\s/\s", text or "")
    return " ".join(halves[-1 if chinese else 0].split()) if text else text
