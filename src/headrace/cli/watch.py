"""Watching a run to its end: the exit code tells how it ended, and what can be done about a failure."""

import time
from typing import Any

import typer

from headrace.cli.live import Picture, follow
from headrace.cli.screen import EXPIRED, FAILED, clean, fail, note, out, say
from headrace.cli.session import Session

Json = Any
LAST_LINES = 5
LAST_BYTES = 2000
LOG_BYTES = 65_536  # of one attempt, with ``--log``


def watch(s: Session, run: int, timeout: float | None, *, patient: bool = True, logs: bool = False) -> None:
    """Show the run until it has ended, ``timeout`` seconds at the most.

    Not ``patient``: only as long as something goes on without a person.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    on_end = (lambda step: show_log(s, run, step)) if logs else None
    try:
        picture = follow(s, run, deadline, patient=patient, on_end=on_end)
    except KeyboardInterrupt:
        note("cli_left_own" if s.own else "cli_left", run=run)
        raise
    if picture.over:
        _end(s, picture)
    elif deadline is None or (picture.waits_for_people and not patient):
        say("cli_run_is", run=run, state=picture.state)
    else:
        fail(EXPIRED, "cli_wait_over", run=run, state=picture.run["status"], seconds=f"{timeout:g}")


def _end(s: Session, picture: Picture) -> None:
    run = picture.run
    elapsed = f"{time.monotonic() - picture.began:.1f} s"
    say("cli_finished", run=run["id"], status=picture.state, seconds=elapsed)
    if run["status"] != "SUCCESSFUL":
        explain(s, picture)
        raise typer.Exit(FAILED)


def explain(s: Session, picture: Picture) -> None:
    """Why it did not succeed: each failed step with its last words; and what can be done now."""
    run = picture.run["id"]
    failed = [step for step in picture.steps.values() if step["status"] == "FAILED"]
    for step in failed:
        reason = " ".join(filter(None, (step["reason"], step["message"])))
        values = {"step": step["id"], "node": step["node"], "status": step["status"], "reason": reason}
        say("cli_failed_step", **values)
        for text in _last_lines(s, run, step):
            out().print(f"    {clean(text)}", style="dim")
    if failed and picture.run["status"] == "FAILED":
        say("cli_next_steps", run=run, step=failed[0]["id"])


def show_log(s: Session, run: int, step: Json) -> None:
    """What the step's last attempt wrote, each line with the step's name before it."""
    name = clean(step["node"])
    for text in _log(s, run, step, LOG_BYTES).splitlines():
        out().print(f"  {name} | {clean(text)}", style="dim")


def _last_lines(s: Session, run: int, step: Json) -> list[str]:
    return _log(s, run, step, LAST_BYTES).splitlines()[-LAST_LINES:]


def _log(s: Session, run: int, step: Json, size: int) -> str:
    if not step["attempt"]:
        return ""
    path = f"/runs/{run}/steps/{step['id']}/attempts/{step['attempt']}/log"
    answer = s.try_call("GET", path, headers={"Range": f"bytes=-{size}"})
    return answer.text if answer.is_success else ""
