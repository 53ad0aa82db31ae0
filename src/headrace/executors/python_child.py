"""Runs in the step's own process: calls the script or function and writes its outputs. Stdlib only."""

import sys
from os.path import dirname

if sys.path and sys.path[0] == dirname(__file__):
    del sys.path[0]  # our neighbours must not hide modules of the same name

import json
import os
import runpy
from importlib import import_module
from typing import Any


def run_script(path: str, args: list[str], context: dict[str, Any]) -> object:
    """The script sees params, target, item, steps and context as globals and fills ``outputs``."""
    sys.argv = [path, *args]
    names = {name: context.get(name) for name in ("params", "target", "item", "steps")}
    scope = runpy.run_path(path, {**names, "context": context, "outputs": {}}, "__main__")
    return scope.get("outputs")


def call(name: str, context: dict[str, Any]) -> object:
    """``module:function`` with the node's ``args``, or with the whole context where there are none."""
    sys.path.insert(0, os.getcwd())
    module, _, function = name.partition(":")
    target: Any = import_module(module)
    for part in function.split("."):
        target = getattr(target, part)
    args = context["with"].get("args")
    return target(context) if args is None else target(**args)


def main() -> None:
    kind, what, *args = sys.argv[1:]
    with open(os.environ["HEADRACE_CONTEXT"], encoding="utf-8") as file:
        context = json.load(file)
    outputs = run_script(what, args, context) if kind == "script" else call(what, context)
    if outputs is None or outputs == {}:
        return
    if not isinstance(outputs, dict):
        sys.exit(f"outputs are a {type(outputs).__name__}: a dict is needed")
    text = json.dumps(outputs, allow_nan=False)
    with open(os.environ["HEADRACE_OUTPUTS"], "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
