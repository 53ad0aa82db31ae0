"""One thread that waits for sockets and for times, on behalf of all work of a server."""

import heapq
import logging
import os
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from itertools import count

Call = Callable[[], None]
log = logging.getLogger(__name__)


class Timer:
    """A call that is due at a monotonic time, until it is cancelled."""

    __slots__ = ("call", "when")

    def __init__(self, when: float, call: Call) -> None:
        self.when = when
        self.call: Call | None = call

    def cancel(self) -> None:
        self.call = None


class Loop:
    """Started once, stopped once. Calls run in its thread, one after another, and must not block."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._soon: deque[Call] = deque()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = count()
        self._lock = threading.Lock()
        self._wake_in, self._wake_out = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._selector.register(self._wake_in, selectors.EVENT_READ, None)
        self._thread = threading.Thread(target=self._run, name="headrace-work", daemon=True)
        self._stopping = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Calls that were due are made; then the thread has ended."""
        if not self._thread.is_alive():
            return
        self.soon(self._end)
        self._thread.join()
        self._selector.close()
        os.close(self._wake_in)
        os.close(self._wake_out)

    def soon(self, call: Call) -> None:
        """From any thread."""
        self._soon.append(call)
        self._wake()

    def later(self, delay: float, call: Call) -> Timer:
        """In ``delay`` seconds; from any thread."""
        timer = Timer(time.monotonic() + delay, call)
        with self._lock:
            heapq.heappush(self._timers, (timer.when, next(self._order), timer))
            first = self._timers[0][2] is timer
        if first:
            self._wake()
        return timer

    def watch(self, sock: socket.socket, call: Callable[[int], None], writable: bool = False) -> None:
        """Call ``call(events)`` when the socket can be read (or written); in the loop's thread only."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if writable else 0)
        try:
            self._selector.modify(sock, events, call)
        except KeyError:
            self._selector.register(sock, events, call)

    def forget(self, sock: socket.socket) -> None:
        """In the loop's thread only."""
        self._selector.unregister(sock)

    def _wake(self) -> None:
        if threading.current_thread() is self._thread:
            return
        try:
            os.write(self._wake_out, b"x")
        except (BlockingIOError, OSError):
            return  # a wake-up is on its way already, or the loop has ended

    def _end(self) -> None:
        self._stopping = True

    def _run(self) -> None:
        while not self._stopping:
            for key, events in self._selector.select(self._pause()):
                if key.data is None:
                    os.read(self._wake_in, 4096)
                else:
                    self._guarded(lambda call=key.data, events=events: call(events))  # type: ignore[misc]
            self._run_due()

    def _pause(self) -> float | None:
        if self._soon:
            return 0.0
        with self._lock:
            return max(self._timers[0][0] - time.monotonic(), 0.0) if self._timers else None

    def _run_due(self) -> None:
        for _ in range(len(self._soon)):
            self._guarded(self._soon.popleft())
        now = time.monotonic()
        while True:
            with self._lock:
                if not self._timers or self._timers[0][0] > now:
                    return
                timer = heapq.heappop(self._timers)[2]
            if timer.call is not None:
                self._guarded(timer.call)

    def _guarded(self, call: Call) -> None:
        """One faulty call must not end the thread that all work depends on."""
        try:
            call()
        except Exception:
            log.exception("a call of the work loop failed")
