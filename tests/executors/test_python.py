"""``python``: scripts and functions in a process of their own."""

import os
from pathlib import Path
from textwrap import dedent

import pytest

from headrace.core.run.events import Finished
from headrace.core.words import Phase
from tests.executors.desk import Desk


def run(at: Desk, script: str, **more: object) -> tuple[Finished, str]:
    step = at.hand("python", {"script": dedent(script), **more.pop("inputs", {})}, **more)  # type: ignore[dict-item]
    return at.finished(step), at.log(step)


@pytest.fixture
def module(tmp_path: Path) -> dict[str, object]:
    (tmp_path / "steps_of_the_test.py").write_text(
        dedent("""
        import os
        def whole(context):
            return {"params": context["params"], "pid": os.getpid()}
        def named(a, b=2):
            return {"sum": a + b}
        def nothing(context):
            print("done")
        def odd(context):
            return [1]
        def fail(context):
            raise LookupError("not on this host")
        class Group:
            @staticmethod
            def inner(context):
                return {"inner": True}
        """)
    )
    return {"path": [str(tmp_path)]}


def test_a_script(at: Desk) -> None:
    finished, log = run(
        at,
        """
        import sys, http  # the standard library's
        assert hasattr(http, "HTTPStatus")
        print(sys.argv[1:], params["名"], target["name"], item, context["run"]["id"], __name__)
        outputs["n"] = 1
        """,
        params={"名": "值"},
        target={"name": "t"},
        item=[1],
        run={"id": 7},
        inputs={"args": ["x y"]},
    )
    assert finished.ok, finished.message
    assert log == "['x y'] 值 t [1] 7 __main__\n"
    assert finished.outputs == {"n": 1}


def test_a_script_that_fails(at: Desk) -> None:
    finished, log = run(at, 'print("before"); raise ValueError("no such zone")')
    assert finished.phase is Phase.MONITOR_FAILED
    assert finished.message == "exited with code 1: ValueError: no such zone"
    assert "Traceback" in log
    assert 'script.py", line 1, in <module>' in log
    assert "python_child" not in log  # what is ours tells the script's author nothing


@pytest.mark.parametrize(
    ("end", "ok"), [("sys.exit()", True), ("sys.exit(3)", False), ("raise OSError(1)", False)]
)
def test_outputs_count_however_a_script_ends(at: Desk, end: str, ok: bool) -> None:
    finished, _ = run(at, f"import sys\noutputs['a'] = 1\n{end}")
    assert (finished.ok, finished.outputs) == (ok, {"a": 1})


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (
            "outputs['fine'], outputs['b'] = 1, {1}",
            "outputs['b'] cannot be written as JSON: Object of type set",
        ),
        ("outputs = {1}", "outputs cannot be written as JSON: Object of type set"),
        ("outputs['b'] = {1}; raise LookupError('first')", "LookupError: first"),
        ("outputs = (1, 2)", "The outputs are a JSON array: an object is needed."),
        ("x = (", "SyntaxError: '(' was never closed"),
    ],
)
def test_outputs_that_are_no_json(at: Desk, script: str, message: str) -> None:
    finished, log = run(at, script)
    assert message in str(finished.message)
    assert "python_child" not in log


def test_exit_codes_and_own_outputs(at: Desk) -> None:
    assert run(at, "raise SystemExit(3)")[0].message == "exited with code 3"
    finished, _ = run(at, """import os; open(os.environ["HEADRACE_OUTPUTS"], "w").write('{"own": 1}')""")
    assert finished.outputs == {"own": 1}


def test_a_function_gets_the_context(at: Desk, module: dict[str, object]) -> None:
    inputs = {**module, "function": "steps_of_the_test:whole"}
    outputs = at.finished(at.hand("python", inputs, params={"p": 1})).outputs
    assert outputs["params"] == {"p": 1}
    assert outputs["pid"] != os.getpid()


@pytest.mark.parametrize(
    ("function", "args", "outputs"),
    [("named", {"a": 1}, {"sum": 3}), ("Group.inner", None, {"inner": True}), ("nothing", None, None)],
)
def test_functions(at: Desk, module: dict[str, object], function: str, args: object, outputs: object) -> None:
    inputs = {**module, "function": f"steps_of_the_test:{function}", **({"args": args} if args else {})}
    finished = at.finished(at.hand("python", inputs))
    assert finished.ok, finished.message
    assert finished.outputs == outputs


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("steps_of_the_test:fail", "exited with code 1: LookupError: not on this host"),
        ("steps_of_the_test:odd", "The outputs are a JSON array: an object is needed."),
        ("steps_of_the_test:absent", "has no attribute 'absent'"),
        ("no_such_module:f", "No module named 'no_such_module'"),
        ("just_a_name", "it must be module:function"),
    ],
)
def test_functions_that_fail(at: Desk, module: dict[str, object], function: str, message: str) -> None:
    finished = at.finished(at.hand("python", {**module, "function": function}))
    assert not finished.ok
    assert message in str(finished.message)


def test_not_a_script(at: Desk) -> None:
    assert "script is null" in str(at.finished(at.hand("python")).message)
