"""A keeper: takes orders from its socket, one attempt at a time, and leaves no process behind."""

import os
import select
import signal
import socket
import time
from collections import deque
from contextlib import suppress

from headrace.executors.keeper import folder, group, tree
from headrace.executors.keeper.attempt import Attempt, NotStarted
from headrace.executors.keeper.wire import Message, Wire

SETTLED = 0.02  # seconds after which a program that is still running is reported as started
NEVER = float("inf")
EVERY = 0.2  # at most one progress report in so many seconds
STUBBORN = 5.0  # seconds of killing in vain before that is reported
KILLED_WITHIN = 128 + signal.SIGKILL  # what a shell ends with when what it waits for was killed
MEMORY_FACT = b"\noom_kill "


class Keeper:
    """Serves one socket until the other end closes."""

    def __init__(self, sock: socket.socket, wake: int, work: str, cgroup: tuple[str, str] | None) -> None:
        self._wire = Wire(sock)
        self._wake = wake
        self._work = folder.Folder(work)
        self._cgroup = cgroup  # the folder all keepers share, and our own
        self._null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
        self._poll = select.poll()
        self._poll.register(self._wire.fileno(), select.POLLIN)
        self._poll.register(wake, select.POLLIN)
        self._held: deque[Message] = deque()  # an order and its end may come in one piece
        self._told = 0.0
        self._untold: tuple[float, str] | None = None
        self._oom = (0.0, 0)

    def serve(self) -> None:
        """Until the supervisor is gone."""
        with suppress(OSError):  # the first attempt is told
            self._work.stand()
        while (messages := self._wire.receive()) is not None:
            self._held += messages
            while self._held:
                message = self._held.popleft()
                if message["op"] == "run" and not self._carry(message):
                    return

    def _carry(self, order: Message) -> bool:
        """One attempt from order to answer. False: the supervisor is gone, and so is the work."""
        self._oom_kills(fresh=False)
        self._untold = None
        try:
            attempt = Attempt(order, self._work, self._null, self._progress)
        except NotStarted as refusal:
            answer: Message = {
                "op": "refused",
                "job": order["job"],
                "code": refusal.code,
                "values": refusal.values,
            }
        else:
            if not self._attend(attempt):
                self._end_tree(attempt, for_ever=True)
                return False
            if not attempt.alone:
                self._end_tree(attempt, for_ever=False)
            answer = attempt.result()
            killed = answer["signal"] == signal.SIGKILL or answer["code"] == KILLED_WITHIN
            answer["oom"] = killed and self._oom_kills(fresh=True)
        self._work.clear()
        self._wire.send(answer)
        return True

    # -- while the program runs ----------------------------------------------------------------------

    def _attend(self, attempt: Attempt) -> bool:
        try:
            return self._watch(attempt)
        finally:
            for fd in (attempt.out.inner, attempt.err.inner):
                with suppress(KeyError):
                    self._poll.unregister(fd)

    def _watch(self, attempt: Attempt) -> bool:
        """Until the leader has ended or must be killed. False: the supervisor is gone."""
        poll = self._poll
        poll.register(attempt.out.inner, select.POLLIN)
        poll.register(attempt.err.inner, select.POLLIN)
        self._heed(attempt)
        while attempt.status is None:
            wait = self._wait(attempt)
            if wait is not None and wait <= 0:
                return True
            heard = [fd for fd, _ in poll.poll(None if wait is None else wait * 1000 + 1)]
            if self._wake in heard:
                os.read(self._wake, 4096)
                attempt.alone = tree.reap(attempt.ended)
                if attempt.alone:
                    break  # what it printed is taken when the pipes are closed
            for fd in heard:
                if not self._heard(fd, attempt, poll):
                    return False
            self._tell(attempt)
        return True

    def _heard(self, fd: int, attempt: Attempt, poll: select.poll) -> bool:
        if fd == self._wire.fileno():
            return self._obey(attempt)
        if fd != self._wake:
            pipe = attempt.out if fd == attempt.out.inner else attempt.err
            if not pipe.take() and not pipe.open:
                poll.unregister(fd)
        return True

    def _obey(self, attempt: Attempt) -> bool:
        messages = self._wire.receive()
        if messages is None:
            return False
        self._held += messages
        self._heed(attempt)
        return True

    def _heed(self, attempt: Attempt) -> None:
        """Requests to end this attempt; requests about earlier ones come too late to matter."""
        while self._held and self._held[0]["op"] == "end":
            message = self._held.popleft()
            if message["job"] == attempt.job:
                attempt.end(message["grace"])

    def _wait(self, attempt: Attempt) -> float | None:
        """Seconds until something must be done unasked."""
        now = time.monotonic()
        tell_at = attempt.started + SETTLED if attempt.started else NEVER
        if self._untold:
            tell_at = min(tell_at, self._told + EVERY)
        if attempt.kill_at is not None and attempt.kill_at <= tell_at:
            return attempt.kill_at - now
        return None if tell_at == NEVER else max(tell_at - now, 0.001)

    def _tell(self, attempt: Attempt) -> None:
        now = time.monotonic()
        if attempt.started and now >= attempt.started + SETTLED:
            attempt.lasts()
            self._wire.send({"op": "started", "job": attempt.job, "pid": attempt.pid})
        if self._untold and now >= self._told + EVERY:
            percent, message = self._untold
            self._untold, self._told = None, now
            self._wire.send({"op": "progress", "job": attempt.job, "percent": percent, "message": message})

    def _progress(self, percent: float, message: str) -> None:
        self._untold = (percent, message)

    # -- when it is over -----------------------------------------------------------------------------

    def _end_tree(self, attempt: Attempt, for_ever: bool) -> None:
        """Nothing is left when this returns."""
        told = for_ever
        while not self._end_once(attempt):
            if not told:
                told = True
                pids = tree.descendants(tree.children_of(os.getpid()))
                states = [f"{pid} ({tree.state_of(pid)})" for pid in pids[:10]]
                self._wire.send({"op": "resists", "job": attempt.job, "pids": states})

    def _end_once(self, attempt: Attempt) -> bool:
        if tree.reap(attempt.ended):
            return True
        if self._cgroup is not None:
            base, own = self._cgroup
            if group.enter(base):
                group.kill(own)
                group.enter(own)
        return tree.end_all(attempt.ended, STUBBORN)

    def _oom_kills(self, fresh: bool) -> bool:
        """Whether the kernel has killed for want of memory since the last look (about a second ago)."""
        at, count = self._oom
        now = time.monotonic()
        if not fresh and now < at + 1:
            return False
        try:
            with open("/proc/vmstat", "rb") as file:
                counted = int(file.read().partition(MEMORY_FACT)[2].split(b"\n", 1)[0])
        except (OSError, ValueError):
            counted = count
        self._oom = (now, counted)
        return counted > count


def keep(sock: socket.socket, work: str, base: str | None) -> None:
    """The life of a keeper, from just after the fork."""
    wake_in, wake_out = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
    signal.set_wakeup_fd(wake_out, warn_on_full_buffer=False)
    tree.adopt_orphans()
    own = group.make(base, str(os.getpid())) if base else None
    try:
        Keeper(sock, wake_in, work, (base, own) if base and own else None).serve()
    finally:
        os.chdir("/")
        folder.discard(work)
        if base and own:
            group.enter(os.path.dirname(base))
            group.remove(own)
            with suppress(OSError):  # the warden's to do, unless it is dead and we are the last
                os.rmdir(base)
