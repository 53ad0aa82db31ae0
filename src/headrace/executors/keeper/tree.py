"""Ending all processes below this one, and proving that they are gone.

This process is a child subreaper, so every descendant is either a child or below a child. Hence
``waitpid`` answering "no children" proves that the tree is empty, and a child that we have not reaped
keeps its pid: signalling it cannot hit a stranger. Deeper descendants are only signalled through a
pidfd whose ancestry was checked after it was opened.
"""

import ctypes
import os
import signal
import time
from collections.abc import Callable, Iterable

PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Become the parent of every orphan below this process. Lasts as long as the process."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def hide() -> None:
    """Keep other processes of the same user from reading our memory, environment and descriptors."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def parent_of(pid: int) -> int:
    """The parent's pid; 0 when there is no such process any more."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def state_of(pid: int) -> str:
    """The kernel's letter for the process (R, S, D, Z, T …); empty when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0].decode()
    except (OSError, IndexError):
        return ""


def children_of(pid: int) -> list[int]:
    """Direct children, zombies included; by scanning /proc where the kernel has no ``children`` file."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", "rb") as file:
            return [int(word) for word in file.read().split()]
    except FileNotFoundError:
        if not os.path.exists(f"/proc/{pid}"):
            return []
    except OSError:
        return []
    return [other for other in map(int, filter(str.isdigit, os.listdir("/proc"))) if parent_of(other) == pid]


def descendants(children: Iterable[int]) -> list[int]:
    """The children and all that is below them, as far as can be seen while they change."""
    found = list(children)
    for pid in found:
        found += children_of(pid)
    return found


def signal_child(pid: int, number: int) -> None:
    """Signal a child that has not been reaped by us; its pid is still its own."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def signal_descendant(pid: int, number: int) -> None:
    """Signal a process below us, if it is still one once a handle to it is held."""
    try:
        handle = os.pidfd_open(pid)
    except (OSError, AttributeError):
        return  # gone, or an old kernel: its parent is killed first, then it is our child
    try:
        if _is_below_us(pid):
            signal.pidfd_send_signal(handle, number)
    except OSError:
        return
    finally:
        os.close(handle)


def _is_below_us(pid: int) -> bool:
    own = os.getpid()
    while pid > 1:
        pid = parent_of(pid)
        if pid == own:
            return True
    return False


def reap(on_exit: Callable[[int, int], None]) -> bool:
    """Collect everything below that has ended; ``on_exit(pid, status)``. True: there is no child left."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True
        if pid == 0:
            return False
        on_exit(pid, status)


def strike(children: Iterable[int]) -> None:
    """One blow: stop all that can be seen, so that nothing forks on, then kill it from the top."""
    direct = list(children)
    below = descendants(direct)
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in direct:
            signal_child(pid, number)
        for pid in below[len(direct) :]:
            signal_descendant(pid, number)


def end_all(on_exit: Callable[[int, int], None], patience: float) -> bool:
    """Strike until nothing is below this process. False when something is left after ``patience`` seconds."""
    limit = time.monotonic() + patience
    pause = 0.0
    while not reap(on_exit):
        strike(children_of(os.getpid()))
        if reap(on_exit):
            return True
        if time.monotonic() > limit:
            return False
        time.sleep(pause)
        pause = min(pause + 0.0005, 0.02)
    return True
