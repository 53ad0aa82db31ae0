"""``ssh``: a script on another host."""

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from headrace.executors.environment import context_file, surroundings
from headrace.executors.executor import Executor, Failed, Task, refuse, words_of
from headrace.executors.inputs import maybe_text, seconds, variables, wanted_text, words
from headrace.executors.keeper.capture import LastLine, Lines
from headrace.executors.program import Exit, arguments, read_outputs, settle
from headrace.executors.ssh_host import connect
from headrace.executors.ssh_program import OUTPUTS_LIMIT, Remote, command, files

if TYPE_CHECKING:
    import asyncssh

Json = Any
CHUNK = 1 << 16
GRACE = 5.0  # seconds between asking a remote program to end and killing it
CONFIRM = 5.0  # seconds more until its end should be known here


class Ssh(Executor):
    """Inputs: ``connection`` (of kind ssh), ``script``; ``interpreter``, ``args``, ``env``, ``cwd``,
    ``data`` as for ``shell``; ``grace`` (seconds between TERM and KILL of a cancel, default 5).

    The script has the variables of a local one, with $HEADRACE_CONTEXT and $HEADRACE_OUTPUTS, in files that
    are there while it runs. When it is cancelled, or this server or the connection is gone, it is ended.
    """

    name = "ssh"
    rollback_by_node = True
    needs = (("connection",), ("script",))
    takes = ("connection", "script", "interpreter", "args", "env", "cwd", "grace", "data")

    def start(self, task: Task) -> None:
        asyncio.run(_run(task))


async def _run(task: Task) -> None:
    """A cancel ends the way to the host at once, and a program that runs there by its own rules."""
    loop = asyncio.get_running_loop()
    cancelled = asyncio.Event()
    task.on_cancel(lambda: _tell(loop, cancelled))
    remote = _remote(task)
    connecting = asyncio.ensure_future(_connected(task))
    stopping = asyncio.ensure_future(cancelled.wait())
    await asyncio.wait({connecting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not connecting.done():
        connecting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await connecting
        raise refuse("work_cancelled")
    async with await connecting as connection:
        await _carry_out(task, connection, remote, stopping)


def _tell(loop: asyncio.AbstractEventLoop, cancelled: asyncio.Event) -> None:
    with contextlib.suppress(RuntimeError):  # it is over and its loop closed
        loop.call_soon_threadsafe(cancelled.set)


def _remote(task: Task) -> Remote:
    inputs = task.inputs
    around = surroundings(task)
    for name, size in around.left_out:
        task.log(refuse("work_env_large", name=name, bytes=size).args[0])
    return Remote(
        script=wanted_text(inputs, "script"),
        context=context_file(task),
        interpreter=words(inputs, "interpreter", ["/bin/sh"]),
        args=arguments(task),
        env={**around.variables, **variables(inputs)},
        cwd=maybe_text(inputs, "cwd"),
        grace=seconds(inputs, "grace", GRACE, 3600.0),
    )


async def _connected(task: Task) -> "asyncssh.SSHClientConnection":
    name = wanted_text(task.inputs, "connection")
    record, secret = task.connection(name)
    if record.kind != "ssh":
        raise refuse("work_connection_kind", name=name, kind=record.kind, wanted="ssh")
    return await connect(record, secret)


async def _carry_out(
    task: Task, connection: "asyncssh.SSHClientConnection", remote: Remote, stopping: "asyncio.Future[Any]"
) -> None:
    import asyncssh

    parts = files(remote)
    try:
        process = await connection.create_process(
            command([len(part) for part in parts], remote.grace), encoding=None
        )
        printed = Printed(task)
        work = asyncio.ensure_future(_talk(process, parts, printed))
        await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            await _end(task, process, work, remote.grace)
        outputs = await work
    except (asyncssh.Error, OSError) as error:
        raise refuse("work_ssh_lost", why=words_of(error)) from None
    if stopping.done():
        raise refuse("work_cancelled")
    _finish(task, process, outputs, printed.last.text)


async def _talk(process: "asyncssh.SSHClientProcess[bytes]", parts: list[bytes], printed: "Printed") -> bytes:
    """Send the files, take what it prints until it is over; its outputs."""
    for part in parts:
        process.stdin.write(part)
    outputs, _ = await asyncio.gather(_all_of(process.stdout), _printed(process.stderr, printed))
    await process.wait_closed()
    return outputs


async def _all_of(stream: "asyncssh.SSHReader[bytes]") -> bytes:
    found = b""
    while chunk := await stream.read(CHUNK):
        found = (found + chunk)[: OUTPUTS_LIMIT + 1]
    return found


async def _printed(stream: "asyncssh.SSHReader[bytes]", printed: "Printed") -> None:
    while chunk := await stream.read(CHUNK):
        printed.feed(chunk)
    printed.end()


async def _end(
    task: Task, process: "asyncssh.SSHClientProcess[bytes]", work: "asyncio.Future[bytes]", grace: float
) -> None:
    """Ask the other host to end it, and wait until it says so."""
    process.stdin.write_eof()
    done, _ = await asyncio.wait({work}, timeout=grace + CONFIRM)
    if not done:
        task.log(refuse("work_ssh_unconfirmed").args[0])
        work.cancel()
        raise refuse("work_cancelled")


def _finish(task: Task, process: "asyncssh.SSHClientProcess[bytes]", outputs: bytes, last: str) -> None:
    code = process.exit_status
    exit = Exit(code, None, last, *_outputs(outputs), False)
    if code is None:
        with contextlib.suppress(Failed):
            task.outputs.update(read_outputs(exit, task))
        raise refuse("work_ssh_lost", why=_signal(process))
    settle(task, exit, OUTPUTS_LIMIT)


def _outputs(data: bytes) -> tuple[str | None, int, str | None]:
    """Text, bytes, refusal code: as of a program on this machine."""
    if len(data) > OUTPUTS_LIMIT:
        return None, len(data), "work_outputs_large"
    try:
        return data.decode(), len(data), None
    except UnicodeDecodeError:
        return None, len(data), "work_outputs_text"


def _signal(process: "asyncssh.SSHClientProcess[bytes]") -> str:
    return f"signal {process.exit_signal[0]}" if process.exit_signal else "the connection ended"


class Printed:
    """What the program prints, into the log by whole lines, with its progress lines read."""

    def __init__(self, task: Task) -> None:
        self.last = LastLine()
        self._task = task
        self._lines = Lines(lambda percent, message: task.progress(percent, message or None))
        self._held = b""

    def feed(self, data: bytes) -> None:
        self._lines.feed(data)
        self.last.feed(data)
        whole, newline, self._held = (self._held + data).rpartition(b"\n")
        if newline:
            self._write(whole + newline)
        elif len(self._held) > CHUNK * 16:
            self.end()

    def end(self) -> None:
        """What has no line break after it."""
        if self._held:
            held, self._held = self._held, b""
            self._write(held)

    def _write(self, data: bytes) -> None:
        self._task.log(data.decode("utf-8", "surrogateescape"))
