"""Where the output of attempts is kept, apart from the database."""

from typing import Protocol


class Logs(Protocol):
    """Bytes as the work wrote them, one file an attempt, capped (default 1 GB, then marked as cut)."""

    def path(self, run_id: int, step_id: int, attempt: int) -> str:
        """Where the attempt's output is written; its folder exists."""
        ...

    def size(self, run_id: int, step_id: int, attempt: int) -> int:
        """Bytes written so far; 0 where there is no file."""
        ...

    def read(self, run_id: int, step_id: int, attempt: int, start: int, length: int) -> bytes: ...
