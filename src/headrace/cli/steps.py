"""Steps as people name them: by id, by node, by node and place in a fan-out."""

import re
from typing import Any

from headrace.cli.screen import MISSING, USAGE, fail
from headrace.cli.session import Session

Json = Any
NONE_WAITS = {"approval": "cli_no_approval", "choice": "cli_no_choice"}
_NAME = re.compile(r"(?P<node>.+?)(?:\[(?P<place>\d+)\])?")


def steps_of(s: Session, run: int) -> list[Json]:
    """All steps of a run, in id order."""
    found: list[Json] = s.get(f"/runs/{run}/steps")["items"]
    return found


def find_step(s: Session, run: int, given: str) -> Json:
    """The step that is meant; the command ends where none or several are."""
    if given.isdigit():
        return s.get(f"/runs/{run}/steps/{given}")
    match = _NAME.fullmatch(given)
    steps = steps_of(s, run)
    named = [step for step in steps if match and step["node"] == match["node"] and _at(step, match["place"])]
    if not named:
        fail(MISSING, "cli_no_such_step", step=given, run=run, nodes=", ".join(_nodes(steps)))
    return _the_one(named, "cli_several_steps", step=given)


def waiting_step(s: Session, run: int, wait: str, given: str | None) -> Json:
    """The step that is meant; without a name the only one that waits for ``wait``."""
    if given is not None:
        return find_step(s, run, given)
    waiting = [step for step in steps_of(s, run) if step["wait"] == wait]
    if not waiting:
        fail(MISSING, NONE_WAITS[wait], run=run)
    return _the_one(waiting, "cli_several_wait")


def _at(step: Json, place: str | None) -> bool:
    return place is None or step["parallelIdx"] == int(place)


def _nodes(steps: list[Json]) -> list[str]:
    return list(dict.fromkeys(step["node"] for step in steps))


def _the_one(steps: list[Json], several: str, **values: str) -> Json:
    if len(steps) > 1:
        fail(USAGE, several, ids=", ".join(str(step["id"]) for step in steps), **values)
    return steps[0]
