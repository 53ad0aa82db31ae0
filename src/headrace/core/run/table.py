"""The transition table: every legal move of a step and of a run, in one place.

What is not here is refused or ignored and changes nothing. Code, tests and docs/states.md read this
table; every row is taken by some test.
"""

from enum import StrEnum

from headrace.core.words import RunStatus, StepStatus

P, R, U, C = StepStatus.PENDING, StepStatus.READY, StepStatus.RUNNING, StepStatus.CANCELING
S, F, B = StepStatus.SUCCESSFUL, StepStatus.FAILED, StepStatus.BYPASSED


class Move(StrEnum):
    """What moves a step."""

    HAND_OVER = "hand_over"  # an attempt goes to its executor
    WAIT = "wait"  # a person, an instant or child runs are waited for
    SETTLE = "settle"  # decided at once: automatic decision, rehearsal of a wait
    UNFIT = "unfit"  # could not be prepared: an expression failed
    BYPASS = "bypass"  # no incoming edge was taken, or `when` is false
    BREAK = "break"
    CLOSE = "close"  # the run ends before the step's turn came
    ACCEPT = "accept"  # a worker took the attempt
    FINISH = "finish"
    FAIL = "fail"
    AGAIN = "again"  # an automatic retry is planned
    TURN = "turn"  # the roll-back before a retry is done, now the start
    LOSE = "lose"  # the worker died
    REGAIN = "regain"  # the worker died and the work may be started again
    TIME_OUT = "time_out"
    EXPIRE = "expire"
    ELAPSE = "elapse"  # a timer's time has come
    OPEN = "open"  # a step's own time in a discrete schedule has come, or need not be waited for any more
    APPROVE = "approve"
    REJECT = "reject"
    CHOOSE = "choose"
    CHILDREN_END = "children_end"
    CHILDREN_FAIL = "children_fail"
    REPAIR = "repair"  # the failed child run was repaired
    SKIP = "skip"
    CANCEL = "cancel"
    DROP = "drop"  # canceled while nothing was at work
    VANISH = "vanish"  # canceled work is verified gone
    RETRY = "retry"
    RERUN = "rerun"
    STAND = "stand"  # put back to run again, and never came to it: what it did stands, and is to be undone
    ROLL_BACK = "roll_back"  # its roll-back goes to the executor
    UNDO = "undo"  # rolled back without work: nothing to undo
    UNDONE = "undone"  # its roll-back is done
    PASS_OVER = "pass_over"  # noqa: S105 - a failed roll-back is skipped


STEP_MOVES: dict[tuple[StepStatus, Move], StepStatus] = {
    (P, Move.HAND_OVER): R,
    (P, Move.WAIT): U,
    (P, Move.SETTLE): S,
    (P, Move.UNFIT): F,
    (S, Move.UNFIT): F,
    (F, Move.UNFIT): F,
    (P, Move.BYPASS): B,
    (P, Move.BREAK): B,
    (P, Move.CLOSE): B,
    (R, Move.ACCEPT): U,
    (R, Move.FINISH): S,
    (U, Move.FINISH): S,
    (R, Move.FAIL): F,
    (U, Move.FAIL): F,
    (R, Move.AGAIN): R,
    (U, Move.AGAIN): R,
    (C, Move.AGAIN): R,
    (U, Move.TURN): R,
    (R, Move.LOSE): F,
    (U, Move.LOSE): F,
    (U, Move.REGAIN): R,
    (R, Move.REGAIN): R,
    (U, Move.TIME_OUT): C,
    (U, Move.EXPIRE): F,
    (U, Move.ELAPSE): S,
    (U, Move.OPEN): P,
    (U, Move.APPROVE): S,
    (U, Move.REJECT): F,
    (U, Move.CHOOSE): S,
    (U, Move.CHILDREN_END): S,
    (U, Move.CHILDREN_FAIL): F,
    (F, Move.REPAIR): S,
    (R, Move.REPAIR): S,
    (F, Move.SKIP): S,
    (U, Move.SKIP): S,
    (R, Move.CANCEL): C,
    (U, Move.CANCEL): C,
    (R, Move.DROP): F,
    (U, Move.DROP): F,
    (C, Move.VANISH): F,
    (F, Move.RETRY): P,
    (R, Move.RETRY): P,
    (S, Move.RERUN): P,
    (F, Move.RERUN): P,
    (B, Move.RERUN): P,
    (P, Move.RERUN): P,
    (P, Move.STAND): S,
    (B, Move.STAND): S,
    (S, Move.ROLL_BACK): R,
    (F, Move.ROLL_BACK): R,
    (S, Move.UNDO): P,
    (F, Move.UNDO): P,
    (R, Move.UNDONE): P,
    (U, Move.UNDONE): P,
    (F, Move.PASS_OVER): P,
}
"""(from, move) -> to. A pair that is missing is not legal."""


class RunMove(StrEnum):
    """What moves a run."""

    SUCCEED = "succeed"
    FAIL = "fail"
    CANCEL = "cancel"
    EXPIRE = "expire"
    REOPEN = "reopen"  # retry, skip, repair, rerun or rollback gives it something to do


RUN_MOVES: dict[tuple[RunStatus, RunMove], RunStatus] = {
    (RunStatus.RUNNING, RunMove.SUCCEED): RunStatus.SUCCESSFUL,
    (RunStatus.RUNNING, RunMove.FAIL): RunStatus.FAILED,
    (RunStatus.RUNNING, RunMove.CANCEL): RunStatus.CANCELED,
    (RunStatus.RUNNING, RunMove.EXPIRE): RunStatus.EXPIRED,
    (RunStatus.FAILED, RunMove.REOPEN): RunStatus.RUNNING,
    (RunStatus.SUCCESSFUL, RunMove.REOPEN): RunStatus.RUNNING,
    (RunStatus.CANCELED, RunMove.REOPEN): RunStatus.RUNNING,
    (RunStatus.EXPIRED, RunMove.REOPEN): RunStatus.RUNNING,
}

ACTIVE = frozenset({R, U, C})
RESOLVED = frozenset({S, B})
NOTHING_TO_UNDO = frozenset({P, B})
