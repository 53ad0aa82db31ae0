"""Logs as files: one folder a run, one file an attempt, for this user's eyes only."""

import os
from pathlib import Path


class FileLogs:
    """``ports.logs.Logs``. Paths are made of numbers only, so no name can lead out of ``root``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        _make(root)

    def path(self, run_id: int, step_id: int, attempt: int) -> Path:
        folder = self._folder(run_id)
        try:
            os.mkdir(folder, 0o700)
        except FileExistsError:
            pass
        except FileNotFoundError:
            _make(folder.parent)
            _make(folder)
        return folder / f"{int(step_id)}-{int(attempt)}.log"

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

    def _read(self, path: Path, start: int, length: int) -> bytes:
        try:
            fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return b""
        try:
            return os.pread(fd, length, start)
        finally:
            os.close(fd)

    def _folder(self, run_id: int) -> Path:
        """Runs by the thousand, so that no folder grows without end."""
        return self._root / str(int(run_id) // 1000) / str(int(run_id))

    def _file(self, run_id: int, step_id: int, attempt: int) -> Path:
        return self._folder(run_id) / f"{int(step_id)}-{int(attempt)}.log"


def outputs_path(log: Path) -> Path:
    """Where outputs go that are too large to be kept inline: beside the attempt's log."""
    return log.with_suffix(".outputs.json")


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
