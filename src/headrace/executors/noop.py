"""``noop``: does nothing, at once. For joins, for templates, and to try a procedure out."""

import json

from headrace.core.run.effects import HandOver
from headrace.core.run.events import Finished
from headrace.core.words import Reason
from headrace.executors.executor import FAILURE, SUCCESS, InlineExecutor


class Noop(InlineExecutor):
    """Inputs: ``outputs`` (an object to hand on), ``fail`` (a message to fail with)."""

    name = "noop"
    takes = ("outputs", "fail")

    def at_once(self, work: HandOver) -> Finished:
        act = work.act
        inputs = (work.payload or {}).get("with")
        if not inputs:
            return Finished(work.step, work.attempt, act, True, SUCCESS[act])
        if fail := inputs.get("fail"):
            said = fail if isinstance(fail, str) else json.dumps(fail, ensure_ascii=False)
            return Finished(work.step, work.attempt, act, False, FAILURE[act], None, Reason.ERROR, said)
        return Finished(work.step, work.attempt, act, True, SUCCESS[act], inputs.get("outputs"))
