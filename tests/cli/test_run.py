"""headrace run: what is shown, and the exit code."""

import io
import os
import pty
import re
import subprocess
import sys

import pytest
from rich.console import Console
from rich.live import Live

from headrace.cli import screen
from headrace.cli.live import Picture, drawing
from headrace.cli.run import _value
from tests.cli.conftest import shell


def test_a_run_that_succeeds(cli, write):
    path = write(
        "flow", shell("a", 'echo "$PARAM_NAME"'), shell("b", "true", "a"), params={"name": {"type": "string"}}
    )
    shown = cli.ok("run", path, "-p", "name=ada")
    assert "version 1 published" in shown
    assert re.search(r"SUCCESSFUL +a", shown)
    assert "Run 1 is SUCCESSFUL" in shown
    assert "Run 2 is SUCCESSFUL" in cli.ok("run", "flow", "-p", "name=bob")


def test_a_run_that_fails_says_why(cli, write):
    done = cli.run("run", write("flow", shell("a", "echo oh no >&2; exit 3"), shell("b", "true", "a")))
    assert done.returncode == 1
    assert "exited with code 3" in done.stdout
    assert "oh no" in done.stdout


def test_parameters_are_read_as_their_type(cli, write):
    path = write("flow", shell("a", 'test "$PARAM_N" = 3'), params={"n": {"type": "integer"}})
    cli.ok("run", path, "-p", "n=3")
    done = cli.run("run", path, "-p", "n=three")
    assert done.returncode == 2
    assert "params.n" in done.stderr
    assert cli.run("run", path, "-p", "n").returncode == 2


def test_parameters_from_a_file(cli, write, tmp_path):
    path = write("flow", shell("a", 'test "$PARAM_N" = 4'), params={"n": {"type": "integer"}})
    (tmp_path / "p.json").write_text('{"n": 4}')
    cli.ok("run", path, "--params", tmp_path / "p.json")
    for text, words in (("{", "is not JSON"), ("[4]", "holds no JSON object")):
        (tmp_path / "p.json").write_text(text)
        done = cli.run("run", path, "--params", tmp_path / "p.json", "-p", "n=4")
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_numbers_that_json_lacks_and_names_that_stand_twice(cli, write, tmp_path):
    path = write("flow", shell("a", "true"), params={"n": {"type": "number"}})
    file = tmp_path / "p.json"
    cases = (('{"n": NaN}', "NaN is no number of JSON"), ('{"n": 1, "n": 2}', "n stands twice"))
    for text, words in (*cases, ('{"n": 1e999}', "1e999 is no number"), ("[" * 100_000, "nested too deep")):
        file.write_text(text)
        done = cli.run("run", path, "--params", file)
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr
    for given in ("NaN", "-Infinity", "1e999"):
        done = cli.run("run", path, "-p", f"n={given}")
        assert (done.returncode, f'Found "{given}"' in done.stderr) == (2, True), done.stderr


def test_parameters_and_definitions_from_standard_input(cli, write):
    path = write("flow", shell("a", 'test "$PARAM_N" = 4'), params={"n": {"type": "integer"}})
    cli.ok("run", path, "--params", "-", given='{"n": 4}')
    text = cli.ok("export", "flow").replace("= 4", "= 5")
    assert "draft saved" in cli.ok("apply", "-", given=text)
    cli.ok("run", "-", "-p", "n=5", given=text)


@pytest.mark.parametrize(
    ("schema", "given", "wanted"),
    [
        ({"enum": [1, 2]}, "1", 1),
        ({"enum": ["1", 1]}, "1", "1"),
        ({}, "3", "3"),
        ({"anyOf": [{"type": "integer"}, {"type": "boolean"}]}, "true", True),
        ({"type": ["string", "null"]}, "123", "123"),
        ({"type": ["string", "null"]}, "null", None),
        ({"type": ["string", "integer"]}, "3", 3),
        ({"type": "boolean"}, "yes", "yes"),
        ({"type": "string"}, "3", "3"),
        ({"const": 5}, "6", "6"),
    ],
)
def test_a_parameter_is_read_as_what_its_schema_takes(schema, given, wanted):
    assert _value(schema, given) == wanted
    assert type(_value(schema, given)) is type(wanted)


def test_what_is_missing_and_what_is_not_published(cli, write):
    assert cli.run("run", "nothing").returncode == 3
    cli.ok("apply", write("flow", shell("a", "true")))
    assert cli.run("run", "flow").returncode == 5
    assert cli.run("run", "flow", "--target", "host").returncode == 2
    cli.ok("apply", "--publish", write("flow", shell("a", "true")))
    assert "There is no target host/none." in cli.run("run", "flow", "--target", "host/none").stderr


def test_waiting_ends_after_the_timeout(cli, write):
    path = write("flow", {"id": "t", "kind": "timer", "for": "1h"})
    done = cli.run("run", path, "--timeout", "1")
    assert done.returncode == 6, done.stdout + done.stderr


def test_a_run_is_not_waited_for(cli, write):
    with cli.serving():
        shown = cli.ok("run", write("flow", {"id": "t", "kind": "timer", "for": "1h"}), "--no-wait")
    assert "started" in shown


def test_a_rehearsal(cli, write, tmp_path):
    mark = tmp_path / "mark"
    path = write(
        "flow", shell("a", f"touch {mark}"), {"id": "ok", "kind": "approval", "approvers": {"roles": ["x"]}}
    )
    assert "SUCCESSFUL" in cli.ok("run", path, "--mock")
    assert not mark.exists()


def test_control_characters_do_not_reach_the_terminal(cli, write):
    done = cli.run("run", write("flow", shell("a", r"printf '\033]0;owned\007' >&2; exit 1")))
    assert "\x1b]0;" not in done.stdout
    assert "owned" in done.stdout


def test_a_table_is_drawn_at_a_terminal(cli, write):
    path = write("flow", shell("a", "echo ::progress 10; sleep 0.4; echo ::progress 77 nearly; sleep 1"))
    lead, follow = pty.openpty()
    command = [sys.executable, "-m", "headrace", "run", str(path), "--log"]
    env = {**cli.env, "TERM": "xterm"}
    env.pop("NO_COLOR")
    with subprocess.Popen(command, env=env, stdout=follow, stderr=follow) as process:
        os.close(follow)
        shown = b""
        try:
            while chunk := os.read(lead, 65536):
                shown += chunk
        except OSError:  # the terminal closes with its last writer
            pass
        assert process.wait(60) == 0
    os.close(lead)
    assert "┃" in shown.decode()
    assert "77 % nearly" in shown.decode()
    assert "✓ SUCCESSFUL" in shown.decode()


def test_results_stand_above_a_drawing(monkeypatch):
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=80, height=24)
    monkeypatch.setattr(sys, "stdout", written)
    with screen.window(console), Live("drawing\nof two lines", console=console, auto_refresh=False) as live:
        live.refresh()
        screen.out().print("result")
    shown = written.getvalue()
    assert re.search(r"\x1b\[1A\x1b\[2Kresult\n.*drawing", shown), shown  # after the cursor went back
    assert screen.out() is not console


def test_a_drawing_fits_its_terminal_while_the_run_goes_on():
    def step(number: int, status: str) -> dict[str, object]:
        at = "2026-11-21T10:00:00+00:00" if status == "RUNNING" else None
        known = {"id": number, "node": "a", "name": "Read :100: of the very long list", "status": status}
        known |= {"wait": None, "reason": None, "attempt": 1, "parallelIdx": number, "progress": 50.0}
        return known | {"message": "[red]half of everything" * 3, "startedAt": at, "finishedAt": None}

    run = {"id": 1, "workflow": "flow", "status": "RUNNING", "operation": "EXECUTE"}
    steps = {number: step(number, "RUNNING" if number > 35 else "PENDING") for number in range(40)}
    console = Console(width=80, height=24, record=True, file=io.StringIO())
    console.print(drawing(Picture(run, steps), console))
    lines = console.export_text().splitlines()
    assert len(lines) <= 24
    assert lines[-1] == "and 23 more steps"
    assert all(any(f"Read :100: of the v…[{number}]" in line for line in lines) for number in range(36, 40))
    console.print(drawing(Picture({**run, "status": "FAILED"}, steps), console))
    assert "…" not in console.export_text()


def test_what_people_are_asked_for_is_shown_whole_in_a_narrow_terminal():
    known = {"id": 5002, "node": "ask", "name": "", "status": "RUNNING", "wait": "approval", "reason": None}
    known |= {"attempt": 1, "parallelIdx": -1, "progress": None, "message": None}
    step = known | {"startedAt": "2026-11-21T10:00:00+00:00", "finishedAt": None}
    run = {"id": 6512, "workflow": "flow", "status": "RUNNING", "operation": "EXECUTE"}
    console = Console(width=60, height=14, record=True, file=io.StringIO(), soft_wrap=True)
    with Live(drawing(Picture(run, {5002: step, 5003: step | {"id": 5003}}), console), console=console):
        pass
    shown = console.export_text()
    assert "headrace reject 6512 5002" in shown.replace("\n", "")
    assert len(shown.splitlines()) <= 14
