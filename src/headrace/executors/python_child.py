"""Runs in the step's own process: calls the script or function and writes its outputs. Stdlib only."""

import sys
from os.path import dirname

if sys.path and sys.path[0] == dirname(__file__):
    del sys.path[0]  # our neighbours must not hide modules of the same name

import json
import os
from contextlib import suppress
from importlib import import_module
from types import ModuleType, TracebackType
from typing import Any


def run_script(path: str, args: list[str], context: dict[str, Any]) -> None:
    """The script sees params, target, item, steps and context as globals and fills ``outputs``.

    What it has left there counts however it ends: by ``sys.exit()``, and for the next attempt by a failure.
    """
    sys.argv = [path, *args]
    module = sys.modules["__main__"] = ModuleType("__main__")
    scope = vars(module)
    scope |= {name: context.get(name) for name in ("params", "target", "item", "steps")}
    scope |= {"context": context, "outputs": {}, "__file__": path}
    with open(path, "rb") as file:
        source = file.read()
    try:
        exec(compile(source, path, "exec"), scope)  # noqa: S102 - what this process is for
    except BaseException as error:
        if not isinstance(error, SystemExit) or error.code:
            with suppress(SystemExit):  # why it fails comes first
                keep(scope.get("outputs"))
            raise
    keep(scope.get("outputs"))


def call(name: str, context: dict[str, Any]) -> object:
    """``module:function`` with the node's ``args``, or with the whole context where there are none."""
    sys.path.insert(0, os.getcwd())
    module, _, function = name.partition(":")
    target: Any = import_module(module)
    for part in function.split("."):
        target = getattr(target, part)
    args = context["with"].get("args")
    return target(context) if args is None else target(**args)


def keep(outputs: object) -> None:
    """Into the file; one that is no object is refused by who reads it. Exits where it is no JSON."""
    if outputs is None or outputs == {}:
        return
    try:
        text = json.dumps(outputs, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        sys.exit(f"{unfit(outputs)}: {error}")
    with open(os.environ["HEADRACE_OUTPUTS"], "w", encoding="utf-8") as file:
        file.write(text)


def unfit(outputs: object) -> str:
    """Which of the outputs is no JSON."""
    for key, value in outputs.items() if isinstance(outputs, dict) else ():
        try:
            json.dumps({key: value}, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            return f"outputs[{key!r}] cannot be written as JSON"
    return "outputs cannot be written as JSON"


def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """The traceback from the script or the function on: what is before tells its author nothing."""
    from traceback import print_exception

    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    print_exception(kind, error, trace)


def main() -> None:
    kind, what, *args = sys.argv[1:]
    sys.excepthook = show
    with open(os.environ["HEADRACE_CONTEXT"], encoding="utf-8") as file:
        context = json.load(file)
    if kind == "script":
        run_script(what, args, context)
    else:
        keep(call(what, context))


if __name__ == "__main__":
    main()
