"""``python``: a script or a function, in a process of its own."""

import sys
from pathlib import Path

from headrace.executors.executor import Task, refuse
from headrace.executors.inputs import maybe_text, shown, texts, variables, wanted_text, words
from headrace.executors.program import Command, ProgramExecutor, arguments

CHILD = str(Path(__file__).with_name("python_child.py"))


class Python(ProgramExecutor):
    """Inputs: ``script``, or ``function`` as ``module:name`` with ``args`` (an object of keyword arguments).

    Also ``path`` (folders to import from), ``interpreter``, ``env``, ``cwd``, ``data`` (as of ``shell``); a
    script's ``args`` are a list. Outputs are the dict that the function returns, or what the script leaves in
    ``outputs``.
    """

    name = "python"
    needs = (("script", "function"),)
    takes = ("script", "function", "args", "path", "interpreter", "env", "cwd", "data")

    def command(self, task: Task) -> Command:
        inputs = task.inputs
        env = {"PYTHONPATH": ":".join(texts(inputs, "path")), "PYTHONUTF8": "1", **variables(inputs)}
        start = [*words(inputs, "interpreter", [sys.executable]), "-u", CHILD]
        cwd = maybe_text(inputs, "cwd")
        if inputs.get("function") is None:
            script = {"script.py": wanted_text(inputs, "script")}
            return Command([*start, "script", ["script.py"], *arguments(task)], script, env, cwd)
        function = wanted_text(inputs, "function")
        if len([part for part in function.split(":") if part]) != 2:
            raise refuse("work_input", name="function", found=shown(function), wanted="module:function")
        return Command([*start, "function", function], {}, env, cwd)
