"""``headrace retry``, ``rollback``, ``approve`` and the other verbs for a run or one of its steps."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from headrace.cli.definitions import read_json
from headrace.cli.live import line
from headrace.cli.options import Home, MaybeStep, RunId, ServerUrl, StepName, Token
from headrace.cli.screen import USAGE, fail, out, say
from headrace.cli.session import Session, session
from headrace.cli.steps import find_step, waiting_step
from headrace.cli.watch import watch

Json = Any
Comment = Annotated[str, typer.Option("-m", "--comment", help="why / 说明")]
Wait = Annotated[
    bool | None,
    typer.Option("--wait/--no-wait", help="watch the run to its end; always without a server / 等待运行结束"),
]
GOES_ON = {"retry", "rollback", "resume", "approve", "reject", "choose", "skip", "break", "rerun", "cancel"}


def register(app: typer.Typer) -> None:
    verbs: tuple[Callable[..., None], ...] = (retry, rollback, rerun, pause, resume, terminate)
    verbs += (approve, reject, choose, skip, cancel)
    for verb in verbs:
        app.command()(verb)
    app.command("break")(break_)


def retry(
    run: RunId,
    step: MaybeStep = None,
    wait: Wait = None,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Start a failed step again, or all of them. / 重试一个失败的步骤或全部失败的步骤。"""
    with session(home, server, token) as s:
        _tell(s, run, find_step(s, run, step) if step else None, "retry", wait)


def rollback(
    run: RunId, wait: Wait = None, home: Home = None, server: ServerUrl = None, token: Token = None
) -> None:
    """Undo all executed steps in reverse order. / 按相反顺序撤销全部已执行的步骤。"""
    with session(home, server, token) as s:
        _tell(s, run, None, "rollback", wait)


def rerun(
    run: RunId,
    step: MaybeStep = None,
    downstream: Annotated[
        bool, typer.Option("--downstream", help="and everything after it / 以及其后的全部步骤")
    ] = False,
    wait: Wait = None,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Run everything again, or one step. / 重新运行整个流程或一个步骤。"""
    if downstream and step is None:
        fail(USAGE, "cli_step_needed", option="--downstream")
    with session(home, server, token) as s:
        found = find_step(s, run, step) if step else None
        body = {"scope": "downstream" if downstream else "this"} if found else None
        _tell(s, run, found, "rerun", wait, body)


def pause(run: RunId, home: Home = None, server: ServerUrl = None, token: Token = None) -> None:
    """Start nothing new; running steps go on. / 暂停：不再启动新步骤，运行中的继续。"""
    with session(home, server, token) as s:
        _tell(s, run, None, "pause", None)


def resume(
    run: RunId, wait: Wait = None, home: Home = None, server: ServerUrl = None, token: Token = None
) -> None:
    """End the pause. / 结束暂停，继续运行。"""
    with session(home, server, token) as s:
        _tell(s, run, None, "resume", wait)


def terminate(run: RunId, home: Home = None, server: ServerUrl = None, token: Token = None) -> None:
    """End the run as CANCELED. / 终止运行，状态为 CANCELED。"""
    with session(home, server, token) as s:
        _tell(s, run, None, "terminate", None)


def approve(
    run: RunId,
    step: MaybeStep = None,
    comment: Comment = "",
    wait: Wait = None,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Approve the step that waits for it. / 批准等待审批的步骤。"""
    with session(home, server, token) as s:
        _tell(s, run, waiting_step(s, run, "approval", step), "approve", wait, {"comment": comment})


def reject(
    run: RunId,
    step: MaybeStep = None,
    comment: Comment = "",
    wait: Wait = None,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Reject the step that waits for approval. / 驳回等待审批的步骤。"""
    with session(home, server, token) as s:
        _tell(s, run, waiting_step(s, run, "approval", step), "reject", wait, {"comment": comment})


def choose(
    run: RunId,
    case: Annotated[str, typer.Argument(metavar="CASE", help="the branch to take / 要走的分支")],
    step: Annotated[
        str | None, typer.Option("--step", help="where several decisions wait / 有多个判断等待时指定")
    ] = None,
    wait: Wait = None,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Take a decision that waits for a person. / 为等待人工选择的判断选择分支。"""
    with session(home, server, token) as s:
        _tell(s, run, waiting_step(s, run, "choice", step), "choose", wait, {"case": case})


def skip(
    run: RunId,
    step: StepName,
    outputs: Annotated[
        Path | None, typer.Option(help="a JSON file: what later steps see / 后续步骤看到的输出（JSON 文件）")
    ] = None,
    wait: Wait = None,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Let a failed step count as successful, or end a timer. / 跳过失败的步骤或定时。"""
    body = {"outputs": read_json(outputs)} if outputs else None
    with session(home, server, token) as s:
        _tell(s, run, find_step(s, run, step), "skip", wait, body)


def cancel(
    run: RunId,
    step: StepName,
    wait: Wait = None,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """End a step's work; it has failed once its work is verified gone. /
    取消步骤；确认其工作已消失后步骤失败。"""
    with session(home, server, token) as s:
        _tell(s, run, find_step(s, run, step), "cancel", wait)


def break_(
    run: RunId,
    step: StepName,
    wait: Wait = None,
    home: Home = None,
    server: ServerUrl = None,
    token: Token = None,
) -> None:
    """Bypass a pending step and everything after it. / 中断尚未开始的步骤及其后续。"""
    with session(home, server, token) as s:
        _tell(s, run, find_step(s, run, step), "break", wait)


def _tell(s: Session, run: int, step: Json, verb: str, wait: bool | None, body: Json = None) -> None:
    """Send the verb and show what it made; then watch where that is wanted.

    Without a server the work is done by this command, so it stays until nothing goes on any more.
    """
    if step is None:
        after = s.post(f"/runs/{run}/{verb}", body)
        state = f"{after['status']} × {after['operation']}"
        say("cli_run_paused" if after["paused"] else "cli_run_is", run=run, state=state)
    else:
        path = f"/runs/{run}/steps/{step['id']}"
        out().print(line(s.post(f"{path}/{verb}", body)))
    if verb in GOES_ON and (wait or s.own):
        watch(s, run, None, patient=bool(wait))
