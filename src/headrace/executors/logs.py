"""Logs as files: one folder a run, one file an attempt, for this user's eyes only."""

import os
from contextlib import suppress
from pathlib import Path

MANY = 10_000
OUTPUTS = ".outputs.json"


class FileLogs:
    """``ports.logs.Logs``. Paths are made of numbers only, so no name can lead out of ``root``."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._made: set[str] = set()  # folders of runs that were seen to exist
        root.mkdir(mode=0o700, parents=True, exist_ok=True)

    def path(self, run_id: int, step_id: int, attempt: int) -> str:
        folder = self._folder(run_id)
        if folder not in self._made:
            if len(self._made) > MANY:
                self._made.clear()
            for path in (self._root, os.path.dirname(folder), folder):
                with suppress(FileExistsError):
                    os.mkdir(path, 0o700)
            self._made.add(folder)
        return f"{folder}/{int(step_id)}-{int(attempt)}.log"

    def size(self, run_id: int, step_id: int, attempt: int) -> int:
        try:
            return os.lstat(self._file(run_id, step_id, attempt)).st_size
        except FileNotFoundError:
            return 0

    def read(self, run_id: int, step_id: int, attempt: int, start: int, length: int) -> bytes:
        """Up to ``length`` bytes from ``start``; nothing where there is no log."""
        return self._read(self._file(run_id, step_id, attempt), start, length)

    def outputs(self, run_id: int, step_id: int, attempt: int, start: int, length: int) -> bytes:
        """The same of outputs that were too large to be kept inline."""
        return self._read(outputs_path(self._file(run_id, step_id, attempt)), start, length)

    def _read(self, path: str, start: int, length: int) -> bytes:
        try:
            fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return b""
        try:
            return os.pread(fd, length, start)
        finally:
            os.close(fd)

    def _folder(self, run_id: int) -> str:
        """Runs by the thousand, so that no folder grows without end."""
        return f"{self._root}/{int(run_id) // 1000}/{int(run_id)}"

    def _file(self, run_id: int, step_id: int, attempt: int) -> str:
        return f"{self._folder(run_id)}/{int(step_id)}-{int(attempt)}.log"


def outputs_path(log: str) -> str:
    """Where outputs go that are too large to be kept inline: beside the attempt's log."""
    return log.removesuffix(".log") + OUTPUTS


def outputs_reference(step: int, attempt: int, size: int) -> dict[str, str | int]:
    """What stands in their place."""
    return {"$file": f"{step}-{attempt}{OUTPUTS}", "bytes": size}
