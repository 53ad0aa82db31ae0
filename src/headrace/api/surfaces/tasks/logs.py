"""A subtask's log: all attempts, oldest first, each under a line that separates it from the one before."""

import codecs
from collections.abc import Sequence

from headrace.core.instants import instant
from headrace.core.messages import Language
from headrace.core.retold import retold
from headrace.core.run.state import Attempt, Step
from headrace.core.words import Operation, StepStatus
from headrace.ports.logs import Logs

MOST = 1_000_000
"""Bytes of one answer. The newest are kept; the native API has the rest."""


def whole_log(logs: Logs, run_id: int, step: Step, ended: Sequence[Attempt], language: Language) -> str:
    """The newest bytes of all attempts, beginning with a whole character; empty before the first."""
    pieces: list[bytes] = []
    left = MOST
    for number, attempt in reversed(_attempts(step, ended)):
        if left > 0:
            size = logs.size(run_id, step.id, number)
            written = logs.read(run_id, step.id, number, max(size - left, 0), left) if size else b""
            pieces.append(_piece(number, written, attempt, language)[-left:])
            left -= len(pieces[-1])
    return _decoded(b"".join(reversed(pieces)))


def _attempts(step: Step, ended: Sequence[Attempt]) -> list[tuple[int, Attempt | None]]:
    """By number; None for the one at work. One that only waits for its turn has no log yet."""
    known: list[tuple[int, Attempt | None]] = [(attempt.number, attempt) for attempt in ended]
    if step.attempt_at is not None and all(number != step.attempt for number, _ in known):
        known.append((step.attempt, None))
    return sorted(known, key=lambda each: each[0])


def _piece(number: int, written: bytes, attempt: Attempt | None, language: Language) -> bytes:
    """What executors write begins with the separating line; where nothing was written it is made here."""
    if attempt is None:
        return written
    if not written:
        written = _heading(number, attempt).encode()
    elif not written.endswith(b"\n"):
        written += b"\n"
    return written + _summary(attempt, language).encode()


def _heading(number: int, attempt: Attempt) -> str:
    operation = attempt.operation
    if operation is Operation.CANCEL:  # how it ended; what began it is meant
        operation = Operation.EXECUTE if number == 1 else Operation.RETRY
    return f"{'#' * 12} {operation} {instant(attempt.started_at or attempt.finished_at)} {'#' * 12}\n"


def _summary(attempt: Attempt, language: Language) -> str:
    """How it ended and how long it took; a rollback that was done has succeeded, PENDING is the subtask."""
    status = StepStatus.SUCCESSFUL if attempt.status is StepStatus.PENDING else attempt.status
    reason = f" ({attempt.reason})" if attempt.reason else ""
    message = f": {retold(attempt.message, language)}" if attempt.message else ""
    took = attempt.finished_at - (attempt.started_at or attempt.finished_at)
    return f"{status}{reason} after {took:.1f} s{message}\n"


def _decoded(data: bytes) -> str:
    """UTF-8 text; half a character at either end is left out, anything else that is no text is marked."""
    begin = 0
    while begin < min(len(data), 3) and data[begin] & 0xC0 == 0x80:
        begin += 1
    return codecs.getincrementaldecoder("utf-8")("replace").decode(data[begin:])
