"""``shell``: a script in /bin/sh or another interpreter."""

from headrace.executors.executor import Task
from headrace.executors.inputs import maybe_text, variables, wanted_text, words
from headrace.executors.program import Command, ProgramExecutor, arguments

SHORT = 32_000  # characters of a script that travel as an argument; longer ones as a file


class Shell(ProgramExecutor):
    """Inputs: ``script``, ``interpreter`` (a program, or a list with arguments), ``args``, ``env``, ``cwd``,
    ``data`` (whatever the script wants to read as ``with.data`` of $HEADRACE_CONTEXT).

    Values never become part of the script: it reads PARAM_*, TARGET_*, ITEM_*, or $HEADRACE_CONTEXT.
    """

    name = "shell"
    needs = (("script",),)
    takes = ("script", "interpreter", "args", "env", "cwd", "data")

    def command(self, task: Task) -> Command:
        inputs = task.inputs
        script, args = wanted_text(inputs, "script"), arguments(task)
        env, cwd = variables(inputs), maybe_text(inputs, "cwd")
        if inputs.get("interpreter") is None and len(script) < SHORT and not task.masks.shows(script):
            return Command(["/bin/sh", "-c", script, "script", *args], {}, env, cwd)
        start = words(inputs, "interpreter", ["/bin/sh"])
        return Command([*start, ["script"], *args], {"script": script}, env, cwd)
