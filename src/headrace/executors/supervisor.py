"""The server's side of the keepers: a pool that grows to what is needed and is used again.

All sockets are served by the one thread of the ``Loop``; program output never passes through here.
"""

import contextlib
import logging
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Protocol

import msgspec

import headrace
from headrace.core.messages import text
from headrace.executors.jsontext import encoded
from headrace.executors.keeper import group
from headrace.executors.keeper.wire import CHUNK, Message, Unpacker, decoded, framed
from headrace.executors.loop import Loop, Timer

log = logging.getLogger(__name__)
UNANSWERED = 10.0  # seconds beyond the grace after which a silent keeper is reported
FAREWELL = 15.0  # seconds for the warden to end everything when the server stops


class Order(msgspec.Struct, tag_field="op", tag="run"):
    """A program to run, as its keeper is told. ``argv`` items that are one-element lists name a file of
    ``files``."""

    argv: list[str | list[str]]
    env: Mapping[str, str]
    log: str
    heading: str  # the first lines of the log
    files: Mapping[str, str] = msgspec.field(default_factory=dict)  # written to the attempt's own folder
    cwd: str | None = None  # None: that folder
    log_cap: int = 1_000_000_000
    outputs_inline: int = 256_000
    outputs_limit: int = 64_000_000
    outputs_file: str = ""  # where outputs above ``outputs_inline`` are kept
    masks: Sequence[str] = ()  # values that must not be seen in the log or the outputs
    job: int = 0  # the supervisor's number for it


class Listener(Protocol):
    """Who wants to know; called in the loop's thread. ``exited``, ``refused`` or ``lost`` come last."""

    def started(self, pid: int) -> None: ...
    def progressed(self, percent: float, message: str) -> None: ...
    def exited(self, exit: Message) -> None: ...
    def refused(self, code: str, values: Mapping[str, object]) -> None: ...
    def lost(self, message: str) -> None: ...
    def resisted(self, why: str) -> None: ...


class Program:
    """An order on its way or running."""

    def __init__(self, supervisor: "Supervisor", order: Order, listener: Listener) -> None:
        self._supervisor = supervisor
        self.job = next(supervisor.jobs)
        self.order: Order | None = order
        order.job = self.job
        self.listener = listener
        self.keeper: Keeper | None = None
        self._alarm: Timer | None = None

    def end(self, grace: float) -> None:
        """TERM now, KILL of everything after ``grace`` seconds; from any thread."""
        self._supervisor.loop.soon(lambda: self._end(grace))

    def _end(self, grace: float) -> None:
        if self.keeper is None:
            return
        self.keeper.link.send({"op": "end", "job": self.job, "grace": grace})
        self.silence()
        self._alarm = self._supervisor.loop.later(grace + UNANSWERED, self._unanswered)

    def _unanswered(self) -> None:
        if self.keeper is not None:
            self.listener.resisted(text("work_keeper_silent", {}))

    def silence(self) -> None:
        if self._alarm:
            self._alarm.cancel()
            self._alarm = None


class Link:
    """Our end of a socket: never blocks, keeps what the other side does not take yet."""

    def __init__(
        self, loop: Loop, sock: socket.socket, hear: Callable[[Message], None], closed: Callable[[], None]
    ) -> None:
        sock.setblocking(False)
        self._loop = loop
        self._sock = sock
        self._hear = hear
        self._closed = closed
        self._unpacker = Unpacker(_decoded)
        self._unsent = bytearray()
        self._lock = threading.Lock()
        loop.soon(lambda: loop.watch(sock, self._ready))

    def send(self, message: Message | Order) -> None:
        """From any thread. If the other side is dead, ``closed`` is called soon."""
        data = framed(encoded(message))
        with self._lock:
            if not self._unsent:
                data = data[self._push(data) :]
            if not data:
                return
            self._unsent += data
        self._loop.soon(self._want)

    def close(self) -> None:
        """In the loop's thread."""
        if self._sock.fileno() >= 0:
            self._loop.forget(self._sock)
            self._sock.close()

    def hang_up(self) -> None:
        """Tell the other side that nothing more will come; ``closed`` follows when it has ended."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_WR)

    def _push(self, data: bytes | bytearray) -> int:
        try:
            return self._sock.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            return len(data)  # dead: the reading side will tell

    def _want(self) -> None:
        if self._sock.fileno() >= 0:
            self._loop.watch(self._sock, self._ready, writable=bool(self._unsent))

    def _ready(self, events: int) -> None:
        with self._lock:
            if self._unsent:
                del self._unsent[: self._push(self._unsent)]
                if not self._unsent:
                    self._loop.soon(self._want)
        try:
            data = self._sock.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            self._closed()
            return
        for message in self._unpacker.feed(data):
            self._hear(message)


def _decoded(body: bytearray) -> Message:
    try:
        message: Message = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return decoded(body)
    return message


class Keeper:
    """One keeper of the pool."""

    def __init__(self, supervisor: "Supervisor", number: int, sock: socket.socket, warden: object) -> None:
        self.number = number
        self.warden = warden  # which one answers for it
        self.program: Program | None = None
        self._supervisor = supervisor
        self.link = Link(supervisor.loop, sock, self._hear, self._gone)

    def run(self, program: Program) -> None:
        self.program = program
        program.keeper = self
        assert program.order is not None
        self.link.send(program.order)
        program.order = None  # parameters may be large

    def release(self) -> Program | None:
        program, self.program = self.program, None
        if program:
            program.silence()
            program.keeper = None
        return program

    def _hear(self, message: Message) -> None:
        program = self.program
        if program is None or message["job"] != program.job:
            return
        match message["op"]:
            case "started":
                program.listener.started(message["pid"])
            case "progress":
                program.listener.progressed(message["percent"], message["message"])
            case "resists":
                program.listener.resisted(text("work_resists", {"why": ", ".join(message["pids"])}))
            case "exit":
                self._supervisor.back(self)
                program.listener.exited(message)
            case "refused":
                self._supervisor.back(self)
                program.listener.refused(message["code"], message["values"])

    def _gone(self) -> None:
        self._supervisor.keeper_gone(self)


class Supervisor:
    """Runs orders. ``groups=False`` does without cgroups even where they can be had."""

    def __init__(self, loop: Loop, scratch: Path | None = None, groups: bool = True) -> None:
        self.loop = loop
        self.jobs = count(1)
        self.cgroups: bool | None = None  # whether keepers have groups; known once the warden is up
        self._scratch = scratch
        self._groups = groups
        self._numbers = count(1)
        self._idle: list[Keeper] = []
        self._keepers: dict[int, Keeper] = {}
        self._dying: dict[int, Keeper] = {}  # closed, their orphans not verified gone yet
        self._scratches: list[str] = []
        self._bases: dict[int, str | None] = {}  # the wardens' cgroups, by pid
        self._stopping = False
        self._all_gone = threading.Event()
        self._warden: subprocess.Popen[bytes] | None = None
        self._warden_link: tuple[socket.socket, Link] | None = None
        self._lock = threading.RLock()

    def start(self) -> None:
        """The warden is up when the first program comes."""
        with self._lock:
            self._warden_link = self._start_warden()

    def run(self, order: Order, listener: Listener) -> Program:
        """Start a program; from any thread."""
        program = Program(self, order, listener)
        with self._lock:
            keeper = self._idle.pop() if self._idle else self._hire()
        keeper.run(program)
        return program

    def back(self, keeper: Keeper) -> None:
        """A keeper has ended its work and is free; one whose warden has died is let go."""
        keeper.release()
        with self._lock:
            if keeper.warden is self._warden_link and not self._stopping:
                self._idle.append(keeper)
            else:
                keeper.link.hang_up()

    @property
    def keepers(self) -> int:
        """How many there are."""
        return len(self._keepers)

    @property
    def warden_pid(self) -> int | None:
        """The warden's process, while there is one."""
        warden = self._warden
        return warden.pid if warden is not None and self._warden_link is not None else None

    # -- keepers and the warden ------------------------------------------------------------------------

    def _hire(self) -> Keeper:
        """A new keeper, of a new warden where the old one turns out to be dead."""
        number = next(self._numbers)
        while True:
            if self._warden_link is None:
                self._warden_link = self._start_warden()
            ours, theirs = socket.socketpair()
            order = framed(encoded({"op": "keeper", "keeper": number}))
            with theirs:
                try:
                    socket.send_fds(self._warden_link[0], [order], [theirs.fileno()])
                except OSError:
                    ours.close()
                    self._warden_link = None
                    continue
            keeper = Keeper(self, number, ours, self._warden_link)
            self._keepers[number] = keeper
            return keeper

    def _start_warden(self) -> tuple[socket.socket, Link]:
        scratch = tempfile.mkdtemp(prefix="headrace-", dir=self._scratch)
        self._scratches.append(scratch)
        ours, theirs = socket.socketpair()
        root = str(Path(headrace.__file__).parent.parent)
        code = (
            f"import sys; sys.path.append({root!r});from headrace.executors.keeper.warden import main; main()"
        )
        groups = "groups" if self._groups else "nogroups"
        with theirs:
            self._warden = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-I", "-S", "-E", "-c", code, str(theirs.fileno()), scratch, groups],
                env={},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        warden = self._warden
        hear = partial(self._hear, warden.pid)
        return ours, Link(self.loop, ours, hear, partial(self._warden_gone, warden))

    def _hear(self, warden: int, message: Message) -> None:
        if message["op"] == "ready":
            self.cgroups = message["cgroup"] is not None
            self._bases[warden] = message["cgroup"]
        elif message["op"] == "dead":
            self._buried(message["keeper"])

    def keeper_gone(self, keeper: Keeper) -> None:
        """Its socket closed: killed from outside, or the warden was dead already."""
        with self._lock:
            self._keepers.pop(keeper.number, None)
            if keeper in self._idle:
                self._idle.remove(keeper)
            self._dying[keeper.number] = keeper
            alone = keeper.warden is not self._warden_link
        if alone:
            self._buried(keeper.number)
        self._farewell()

    def _buried(self, number: int) -> None:
        with self._lock:
            keeper = self._dying.pop(number, None)
            if keeper is None:  # the warden was faster than the closing socket
                keeper = self._keepers.pop(number, None)
                if keeper in self._idle:
                    self._idle.remove(keeper)
        if keeper is None:
            return
        keeper.link.close()
        if program := keeper.release():
            program.listener.lost(text("work_keeper_killed", {}))

    def _warden_gone(self, warden: "subprocess.Popen[bytes]") -> None:
        """Its keepers finish what they have; new ones come from a new warden."""
        warden.wait()
        with self._lock:
            if warden is self._warden:
                self._warden_link = None
            link = self._warden_link
            dying = [keeper for keeper in self._dying.values() if keeper.warden is not link]
            idle = [keeper for keeper in self._idle if keeper.warden is not link]
            self._idle = [keeper for keeper in self._idle if keeper.warden is link]
        for keeper in idle:
            keeper.link.hang_up()
        for keeper in dying:
            self._buried(keeper.number)
        self._farewell()

    def stop(self) -> None:
        """Every keeper is told to end with all it runs; on return nothing of it is left."""
        if self._warden is None:
            return
        self.loop.soon(self._hang_up)
        if not self._all_gone.wait(FAREWELL):
            log.error("processes of steps could not be ended within %s seconds", FAREWELL)
            return
        self._warden.wait()
        for base in filter(None, self._bases.values()):
            group.sweep(base)
        for scratch in self._scratches:
            shutil.rmtree(scratch, ignore_errors=True)

    def _hang_up(self) -> None:
        self._stopping = True
        links = [keeper.link for keeper in self._keepers.values()]
        if self._warden_link:
            links.append(self._warden_link[1])
        for link in links:
            link.hang_up()
        self._farewell()

    def _farewell(self) -> None:
        """Each keeper closes its end once its work is gone; the warden does so last."""
        if self._stopping and not self._keepers and self._warden_link is None:
            self._all_gone.set()
