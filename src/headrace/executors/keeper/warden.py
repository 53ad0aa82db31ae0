"""The warden: forks keepers when asked, and answers for what a killed keeper leaves behind.

Its children are keepers and adopted orphans, nothing else; so a child that is no keeper belonged to a
keeper that died, and is ended.
"""

import gc
import os
import select
import signal
import socket
import sys

from headrace.executors.keeper import folder, group, tree
from headrace.executors.keeper.keeper import keep
from headrace.executors.keeper.wire import Message, Unpacker, Wire

AGAIN = 10  # milliseconds between blows at orphans that are still there
FAREWELL = 5000  # milliseconds that keepers have to end their work once the server is gone


class Warden:
    """Serves the supervisor's socket; ends when the other end closes."""

    def __init__(self, sock: socket.socket, scratch: str, use_groups: bool) -> None:
        self._sock = sock
        self._wire = Wire(sock)
        self._unpacker = Unpacker()
        self._scratch = scratch
        self._keepers: dict[int, int] = {}  # pid -> the supervisor's number for it
        self._mourned: list[tuple[int, int]] = []  # (pid, number) of dead keepers with orphans to end
        self._wake, self._wake_out = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._base = group.make_base(f"headrace-{os.getpid()}") if use_groups else None

    def serve(self) -> None:
        signal.set_wakeup_fd(self._wake_out, warn_on_full_buffer=False)
        self._wire.send({"op": "ready", "cgroup": self._base})
        poll = select.poll()
        poll.register(self._sock, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        while True:
            for fd, _ in poll.poll(AGAIN if self._mourned else None):
                if fd == self._wake:
                    os.read(fd, 4096)
                elif not self._obey():
                    self._farewell(poll)
                    return
            self._tidy()

    def _obey(self) -> bool:
        try:
            data, fds, _, _ = socket.recv_fds(self._sock, 1 << 16, 16)
        except OSError:
            return False
        for message in self._unpacker.feed(data):
            sock = socket.socket(fileno=fds.pop(0))
            sock.set_inheritable(False)  # what is received is inheritable, and programs must not have it
            self._fork(message, sock)
        return bool(data)

    def _fork(self, message: Message, sock: socket.socket) -> None:
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                signal.set_wakeup_fd(-1)
                self._sock.close()
                os.close(self._wake)
                os.close(self._wake_out)
                keep(sock, f"{self._scratch}/{message['keeper']}", self._base)
                status = 0
            finally:
                os._exit(status)
        sock.close()
        self._keepers[pid] = message["keeper"]

    def _tidy(self) -> None:
        """Reap; end orphans; tell of dead keepers once nothing of theirs is left."""
        tree.reap(self._ended)
        if not self._mourned:
            return
        for pid, _ in self._mourned:
            if self._base:
                group.kill(f"{self._base}/{pid}")
        tree.strike(pid for pid in tree.children_of(os.getpid()) if pid not in self._keepers)
        tree.reap(self._ended)
        if all(pid in self._keepers for pid in tree.children_of(os.getpid())):
            self._bury()

    def _ended(self, pid: int, status: int) -> None:
        number = self._keepers.pop(pid, None)
        if number is not None:
            self._mourned.append((pid, number))

    def _bury(self) -> None:
        while self._mourned:
            pid, number = self._mourned.pop()
            if self._base:
                group.remove(f"{self._base}/{pid}")
            folder.discard(f"{self._scratch}/{number}")
            self._wire.send({"op": "dead", "keeper": number})

    def _farewell(self, poll: select.poll) -> None:
        """The server is gone: keepers see it themselves; one that does not is ended with all it has."""
        poll.unregister(self._sock)
        while self._keepers and poll.poll(FAREWELL):
            os.read(self._wake, 4096)
            self._tidy()
        for pid in list(self._keepers):
            tree.signal_child(pid, signal.SIGKILL)
        while self._keepers or self._mourned:
            poll.poll(AGAIN)
            self._tidy()
        if self._base:
            group.enter(os.path.dirname(self._base))
            group.remove(self._base)
        folder.discard(self._scratch)


def main() -> None:
    """``argv``: file descriptor of the socket, scratch folder, ``groups`` or ``nogroups``."""
    fd, scratch, groups = sys.argv[1:4]
    os.setsid()
    os.chdir("/")
    # a handler, not SIG_IGN: what is ignored would stay ignored in every program we start
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    gc.set_threshold(100_000)  # little is allocated here, and less of it in circles
    tree.hide()
    tree.adopt_orphans()
    sock = socket.socket(fileno=int(fd))
    sock.set_inheritable(False)
    Warden(sock, scratch, groups == "groups").serve()
