"""A cgroup v2 for each keeper and what it runs, where the machine lets us make one.

A keeper lives in its own group, so that whatever it spawns is in it from the first instruction. To end
the work, the keeper steps out, writes ``cgroup.kill`` (the kernel kills all members at once, however
fast they fork) and steps back in.
"""

import os
import time
from collections.abc import Iterator


def own_folder() -> str | None:
    """The folder of the cgroup v2 this process is in; None where there is none."""
    try:
        with open("/proc/self/cgroup") as file:
            path = next((line[3:].rstrip("\n") for line in file if line.startswith("0::")), None)
        with open("/proc/self/mountinfo") as file:
            mounts = [line.split(" - ") for line in file]
    except OSError:
        return None
    if path is None:
        return None
    for left, right in mounts:
        if right.startswith("cgroup2 "):
            root, mount = left.split()[3:5]
            inner = path[len(root) :] if root != "/" and path.startswith(root) else path
            return mount + inner.rstrip("/")
    return None


def make_base(name: str) -> str | None:
    """A group for all keepers of one server; None where the kernel or the rights do not allow it."""
    parent = own_folder()
    if parent is None:
        return None
    base = f"{parent}/{name}"
    try:
        os.mkdir(base, 0o755)
    except OSError:
        return None
    if os.access(f"{base}/cgroup.kill", os.W_OK) and enter(base):
        return base
    remove(base)
    return None


def enter(folder: str) -> bool:
    """Move this process there."""
    return _write(f"{folder}/cgroup.procs", str(os.getpid()))


def make(base: str, name: str) -> str | None:
    """A keeper's own group, entered."""
    folder = f"{base}/{name}"
    try:
        os.mkdir(folder, 0o755)
    except OSError:
        return None
    if enter(folder):
        return folder
    remove(folder)
    return None


def kill(folder: str) -> bool:
    """Kill every member at once."""
    return _write(f"{folder}/cgroup.kill", "1")


def sweep(base: str) -> None:
    """End and remove what a dead warden and its dead keepers left; nothing where they left nothing."""
    if os.path.isdir(base):
        kill(base)
        for name in os.listdir(base):
            if os.path.isdir(f"{base}/{name}"):
                remove(f"{base}/{name}")
        remove(base)


def remove(folder: str) -> bool:
    """Take the group away; a member that has just died may hold it for a moment."""
    for pause in _pauses(1.0):
        try:
            os.rmdir(folder)
        except FileNotFoundError:
            return True
        except OSError:
            time.sleep(pause)
        else:
            return True
    return False


def _pauses(limit: float) -> Iterator[float]:
    end = time.monotonic() + limit
    pause = 0.0005
    while time.monotonic() < end:
        yield pause
        pause = min(pause * 2, 0.05)


def _write(path: str, text: str) -> bool:
    try:
        with open(path, "w") as file:
            file.write(text)
    except OSError:
        return False
    return True
