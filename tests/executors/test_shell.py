"""Scripts: what they are given, how their end is told."""

import json
import os
import signal
from pathlib import Path

import pytest

from headrace.core.retold import retold
from headrace.core.run.effects import HandOver
from headrace.core.words import Act, Phase, Reason
from headrace.executors.executor import Failed, Task
from headrace.executors.program import Exit, settle
from tests.executors.desk import RUN, Desk, desk, fifo_line


def test_success(at: Desk) -> None:
    finished, log = at.ran("echo hello")
    assert (finished.ok, finished.phase, finished.worker) == (True, Phase.MONITOR_SUCCESS, "local")
    assert log == "hello\n"


def test_exit_code_and_last_error_line(at: Desk) -> None:
    finished, log = at.ran("echo first >&2; echo 'no such host' >&2; echo out; exit 3")
    assert not finished.ok
    assert (finished.phase, finished.reason) == (Phase.MONITOR_FAILED, Reason.ERROR)
    assert finished.message == "exited with code 3: no such host"
    assert "out\n" in log


def test_outputs(at: Desk) -> None:
    finished, _ = at.ran("""printf '{"n": 1, "名": "值"}' > "$HEADRACE_OUTPUTS" """)
    assert finished.outputs == {"n": 1, "名": "值"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "The outputs are not valid JSON: line 1, column 2: a name in double quotes is needed here."),
        ('{"a": 1}{', "line 1, column 9: something follows after its end"),
        ('{"a": 1' + "1" * 5000 + "}", "a number has too many digits"),
        ('{"a": "\\\\q"}', "line 1, column 8: Invalid"),
        ("5", "The outputs are a JSON number: an object is needed."),
        ("[1]", "The outputs are a JSON array: an object is needed."),
        ('{"a": NaN}', "JSON does not know NaN"),
        ('{"a": "\\377"}', "The outputs are not UTF-8"),
    ],
)
def test_outputs_that_are_no_object(at: Desk, text: str, message: str) -> None:
    finished, _ = at.ran(f"printf '{text}' > $HEADRACE_OUTPUTS")
    assert not finished.ok
    assert message in str(finished.message)


def test_outputs_of_a_failed_program_that_cannot_be_taken_are_not_pretended(at: Desk) -> None:
    finished, _ = at.ran('printf \'{"a": "\\\\377"}\' > $HEADRACE_OUTPUTS; exit 3')
    assert (finished.message, finished.outputs) == ("exited with code 3", None)


def test_deeply_nested_outputs_fail_the_step_only(at: Desk) -> None:
    finished, _ = at.ran("head -c 100000 /dev/zero | tr '\\0' '[' > $HEADRACE_OUTPUTS")
    assert not finished.ok
    assert at.ran("true")[0].ok


def test_large_outputs_become_a_file(at: Desk) -> None:
    step = at.shell(
        """(printf '{"a": "'; head -c 300000 /dev/zero | tr '\\0' x; printf '"}') > $HEADRACE_OUTPUTS"""
    )
    outputs = at.finished(step).outputs
    assert outputs == {"$file": f"{step}-1.outputs.json", "bytes": 300009}
    assert len(json.loads(at.logs.outputs(7, step, 1, 0, 1_000_000))["a"]) == 300000


def test_outputs_that_are_a_link_are_refused(at: Desk) -> None:
    finished, _ = at.ran("ln -s /etc/passwd $HEADRACE_OUTPUTS")
    assert not finished.ok
    assert "plain file" in str(finished.message)


def test_too_large_outputs_are_refused(at: Desk) -> None:
    finished, _ = at.ran("truncate -s 65000000 $HEADRACE_OUTPUTS")
    assert not finished.ok
    assert finished.message == "The outputs have 65000000 bytes; the limit is 64000000."


def test_progress_lines(at: Desk, go: Path) -> None:
    step = at.shell(f"echo '::progress 40 halfway there'; read line < {go}")
    at.wait(lambda _: at.progress(step))
    go.write_text("on\n")
    assert at.finished(step).ok
    assert at.progress(step) == [(40.0, "halfway there")]


def test_interpreter_arguments_environment_and_folder(at: Desk, tmp_path: Path) -> None:
    finished, log = at.ran(
        "import os, sys; print(sys.argv[1:], os.environ['COLOUR'], os.getcwd())",
        inputs={
            "interpreter": ["python3", "-I"],
            "args": ["a b", 3],
            "env": {"COLOUR": "blue; id"},
            "cwd": str(tmp_path),
        },
    )
    assert finished.ok, finished.message
    assert log == f"['a b', '3'] blue; id {tmp_path}\n"


def test_a_long_script_goes_through_a_file(at: Desk) -> None:
    _, log = at.ran("#" * 200_000 + "\necho done $1", inputs={"args": ["x"]})
    assert log == "done x\n"


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"interpreter": "no-such-program"}, "There is no program no-such-program in the PATH"),
        ({"interpreter": "sh -e"}, "There is no program named sh -e: a program with arguments is written as"),
        ({"interpreter": "/no/sh"}, "/no/sh cannot be started: No such file or directory."),
        ({"interpreter": "no-\ud800-such"}, "no-\ud800-such cannot be started: "),
        ({"interpreter": "/no/\ud800/such"}, "/no/\ud800/such cannot be started: "),
        ({"cwd": "/no/\ud800"}, "The folder /no/\ud800 cannot be entered: "),
        ({"env": {"A": "\ud800"}}, "/bin/sh cannot be started: "),
        ({"script": "echo \ud800", "interpreter": "sh"}, "surrogates not allowed"),
        (
            {"cwd": "/no/such/folder"},
            "The folder /no/such/folder cannot be entered: No such file or directory.",
        ),
        ({"script": ""}, 'script is "": it must be a text that is not empty.'),
        ({"args": "x"}, 'args is "x": it must be a list of texts.'),
        ({"env": {"a=b": "c"}}, "a=b cannot be the name of an environment variable."),
        ({"script": "a\0b"}, "script contains a NUL character"),
        ({"interpreter": []}, "interpreter is []: it must be a program, or a list of texts."),
        ({"env": {"BIG": "x" * 200_000}}, "Argument list too long"),
    ],
)
def test_what_cannot_be_started(at: Desk, inputs: dict[str, object], message: str) -> None:
    finished, _ = at.ran("true", inputs=inputs)
    assert (finished.ok, finished.phase) == (False, Phase.START_FAILED)
    assert message in str(finished.message)
    assert at.ran("true")[0].ok


def test_rollback_runs_the_block(at: Desk) -> None:
    step = at.shell("echo forward", act=Act.ROLLBACK, rollback={"script": "echo back"}, operation="ROLLBACK")
    assert at.finished(step).phase is Phase.ROLLBACK_SUCCESS
    assert at.log(step) == "back\n"
    assert at.heading(step).startswith("############ ROLLBACK 2")


def test_rollback_without_a_block_runs_nothing(at: Desk) -> None:
    step = at.shell("echo forward", act=Act.ROLLBACK, rollback=None)
    assert at.finished(step).phase is Phase.ROLLBACK_SUCCESS
    assert at.log(step) == ""


def test_failed_rollback(at: Desk) -> None:
    finished, _ = at.ran("true", act=Act.ROLLBACK, rollback={"script": "exit 1"})
    assert finished.phase is Phase.ROLLBACK_FAILED


def test_mock_is_passed(at: Desk) -> None:
    finished, log = at.ran("echo never", act=Act.MOCK)
    assert (finished.ok, finished.phase, log) == (True, Phase.MOCK_PASSED, "")


def test_killed_from_outside(at: Desk, news: Path) -> None:
    step = at.shell(f"echo $$ > {news}; exec sleep 1000")
    os.kill(int(fifo_line(news)), signal.SIGKILL)
    finished = at.finished(step)
    assert not finished.ok
    assert finished.message == "killed from outside by signal 9 (SIGKILL)"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("kill -SEGV $$", "crashed with signal 11 (SIGSEGV)"),
        ("printf '\\033[1;31mred\\033[0m\\007 \\033(Bend\\033[' >&2; exit 1", "exited with code 1: red Bend"),
        ("frobnicate", "exited with code 127: script: 1: frobnicate: not found"),
    ],
)
def test_what_a_program_leaves_behind_as_a_sentence(at: Desk, script: str, message: str) -> None:
    assert at.ran(script)[0].message == message


def test_memory_that_ran_out_within_a_script_is_told() -> None:
    task = Task(HandOver(1, 1, 1, Act.START, "shell", {}, None, "EXECUTE"), print, lambda *_: None)
    with pytest.raises(Failed, match="exited with code 137: the machine ran out of memory"):
        settle(task, Exit(137, None, "Killed", None, 0, None, True), 1)


def test_the_folder_of_a_script_that_is_gone_is_not_told(at: Desk) -> None:
    finished, _ = at.ran("if then", inputs={"interpreter": ["sh"]})
    assert "/script: 1: " not in str(finished.message)
    assert "script: 1: " in str(finished.message)


def test_words_of_the_machine_are_told_in_the_reader_s_language(at: Desk) -> None:
    finished, _ = at.ran("true", inputs={"cwd": "/no/such/folder"})
    assert retold(finished.message, "zh") == "无法进入目录 /no/such/folder：没有该文件或目录。"
    finished, _ = at.ran("echo '{' > $HEADRACE_OUTPUTS")
    assert retold(finished.message, "zh") == "输出不是有效的 JSON：第 2 行第 1 列：此处应为双引号中的名称。"


def test_large_outputs_that_are_cut_off_are_refused(at: Desk) -> None:
    for text in ("'{\"a\": \"' + 'x' * 300_000", "'[' + '1,' * 200_000 + '1]'"):
        finished, _ = at.ran(
            f'python3 -c "print({text.replace(chr(34), chr(92) + chr(34))})" > $HEADRACE_OUTPUTS'
        )
        assert "and are no JSON object: they do not begin with { or end with }." in str(finished.message)


def test_a_clean_environment(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADRACE_ADMIN_PASSWORD", "canary-in-the-environment")
    step = at.shell("env; cat /proc/$PPID/environ; ls -l /proc/self/fd; trap")
    assert at.finished(step).ok
    log = at.log(step)
    assert "canary" not in log
    assert "socket" not in log
    names = {line.partition("=")[0] for line in log.splitlines() if "=" in line}
    ours = {"HEADRACE_RUN_ID", "HEADRACE_STEP_ID", "HEADRACE_ATTEMPT", "HEADRACE_OPERATION"}
    ours |= {"HEADRACE_CONTEXT", "HEADRACE_OUTPUTS", "PATH", "HOME", "LANG", "TZ", "USER", "LC_ALL", "TMPDIR"}
    assert names - ours <= {"PWD", "OLDPWD", "SHLVL", "_"}


def test_signals_are_as_they_should_be(at: Desk) -> None:
    """Python ignores some signals; a program that inherits that never dies of a broken pipe."""
    _, log = at.ran("grep -E 'Sig(Ign|Blk)' /proc/self/status; yes | head -1")
    blocked, ignored, rest = log.split("\n", 2)
    assert (int(blocked.split()[1], 16), rest) == (0, "y\n")
    assert int(ignored.split()[1], 16) & 0x7FFF_FFFF == 0  # beyond are the C library's own


def test_no_terminal_and_no_input(at: Desk) -> None:
    finished, log = at.ran("cat; readlink /proc/self/fd/0; ps -o sid=,tty= -p $$ | wc -l")
    assert finished.ok
    assert log.startswith("/dev/null\n")


def test_each_attempt_finds_an_empty_folder(tmp_path: Path) -> None:
    with desk(tmp_path, workers=1) as at:
        at.ran("mkdir -p a/b; echo secret > a/b/c; chmod 000 a; touch .hidden")
        _, log = at.ran("ls -A")
        assert log == "context.json\n"


def test_heading_names_the_operation(at: Desk) -> None:
    first = at.shell("echo once")
    at.finished(first)
    again = at.shell("exit 3", operation="RETRY")
    at.finished(again)
    assert at.heading(first).split()[:2] == ["#" * 12, "EXECUTE"]
    assert at.heading(again).split()[:2] == ["#" * 12, "RETRY"]
    assert at.heading(again).endswith("+00:00 ############")


def test_what_ends_well_at_once_and_says_nothing_leaves_no_log(at: Desk) -> None:
    """Or one that is empty but for its heading, where the moment was a long one."""
    step = at.shell("true")
    assert at.finished(step).ok
    assert at.log(step) == ""
    assert len(at.logs.read(RUN, step, 1, 0, 1000)) in (0, len(at.heading(step)) + 1)


@pytest.mark.parametrize(
    "how", ["rm", "mv context.json ../kept", "chmod 644", "ln context.json ../kept", "ln -sf x"]
)
def test_the_context_is_whole_whatever_became_of_the_last_one(tmp_path: Path, how: str) -> None:
    with desk(tmp_path, workers=1) as at:
        script = how if "kept" in how else f"{how} context.json"
        at.ran(script, params={"first": "a" * 500})
        _, log = at.ran("ls -A; stat -c %a context.json; cat context.json", params={"second": "b"})
        names = ["context.json", "600", log.splitlines()[2]]
        assert log.splitlines() == names
        assert json.loads(names[2])["params"] == {"second": "b"}
        kept = list((tmp_path / "scratch").glob("*/kept"))
        assert len(kept) == ("kept" in how)
        assert all("aaa" in path.read_text() for path in kept)


def test_a_context_is_blank_before_the_next_attempt(tmp_path: Path) -> None:
    with desk(tmp_path, workers=1) as at:
        _, log = at.ran("pwd", params={"first": "a" * 500})
        assert "aaa" not in (Path(log.strip()) / "context.json").read_text()
