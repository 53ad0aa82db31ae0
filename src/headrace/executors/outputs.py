"""Outputs of work that is done in this process: inline up to a limit, beyond it a file beside the log."""

import os
from typing import Any

from headrace.core.run.effects import HandOver
from headrace.executors.executor import refuse
from headrace.executors.jsontext import encoded
from headrace.executors.logs import outputs_path, outputs_reference
from headrace.executors.program import OUTPUTS_LIMIT
from headrace.executors.system_words import system_words

Json = Any
FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


def kept(outputs: Json, work: HandOver, log: str, inline: int) -> Json:
    """The outputs, or a reference where they have more than ``inline`` bytes as JSON. Raises Failed where
    they are too large for a file, too, or where that cannot be written."""
    if not outputs:
        return None
    try:
        data = encoded(outputs)
    except (TypeError, ValueError, RecursionError):
        return outputs  # no JSON: the engine says so when it writes them down
    if len(data) <= inline:
        return outputs
    if len(data) > OUTPUTS_LIMIT:
        raise refuse("work_outputs_large", bytes=len(data), limit=OUTPUTS_LIMIT)
    path = outputs_path(log)
    try:
        with open(os.open(path, FLAGS, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise refuse("work_outputs_kept", why=system_words(error)) from error
    return outputs_reference(work.step, work.attempt, len(data))
