"""What a decision gives occasion to tell. Read from the decision's history, where every move stands, so
that nothing is lost when one batch holds several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headrace.core.run.state import Decision, Run, RunState, Step
from headrace.core.run.table import Move, RunMove
from headrace.core.words import Due, Operation, Reason, RunStatus, StepStatus

Json = Any

MESSAGE_LONGEST = 2_000  # characters of what an executor said

START, SUCCESS, FAILURE, END = ("start",), ("success", "end"), ("failure", "end"), ("end",)
"""What happened, as the words of ``on`` that are right for it; the first one an alarm asks for is told."""

RUN_ENDS: Mapping[str, Sequence[str]] = {
    RunMove.SUCCEED: SUCCESS,
    RunMove.FAIL: FAILURE,
    RunMove.EXPIRE: FAILURE,
    RunMove.CANCEL: END,
}
STEP_ENDS = frozenset(
    {Move.FINISH, Move.SETTLE, Move.ELAPSE, Move.APPROVE, Move.CHOOSE, Move.CHILDREN_END, Move.REPAIR}
    | {Move.FAIL, Move.LOSE, Move.UNFIT, Move.EXPIRE, Move.REJECT, Move.CHILDREN_FAIL}
    | {Move.DROP, Move.VANISH}
)
"""Ends that came by themselves or by a cancel. What a person skips, breaks or undoes tells nobody, and
neither does what never ran because of something else."""


@dataclass(slots=True)
class Telling:
    """One alarm's reason to tell people something. ``facts`` is JSON: what the words are made of."""

    channel: str
    to: Sequence[str]
    template: str | None
    occasion: str
    step: int | None
    node: str | None
    facts: dict[str, Json]


def tellings(state: RunState, decision: Decision) -> list[Telling]:
    """All that the workflow's and the nodes' alarms ask for; ``state`` is as it was before.

    A rehearsal (mock) tells nobody. Steps of one fan-out that share an occasion are told together.
    """
    if decision.run.mock:
        return []
    of_run: list[Telling] = []
    alarms = _asked(state.plan.workflow.alarms, decision.run)
    if alarms:
        for words, facts in _of_run(state, decision):
            of_run += _matching(alarms, words, facts)
    starts = [each for each in of_run if each.facts["started"]]
    return starts + _of_steps(state, decision) + of_run[len(starts) :]


def _asked(alarms: Sequence[Mapping[str, Json]], run: Run) -> list[Mapping[str, Json]]:
    return [alarm for alarm in alarms if not alarm.get("triggers") or run.trigger in alarm["triggers"]]


def _matching(
    alarms: Sequence[Mapping[str, Json]], words: Sequence[str], facts: dict[str, Json]
) -> Iterator[Telling]:
    about_step = facts["about"] == "step"
    for alarm in alarms:
        occasion = next((word for word in words if word in alarm["on"]), None)
        if occasion is not None:
            yield Telling(
                alarm["channel"],
                tuple(alarm.get("to") or ()),
                alarm.get("text") or None,
                occasion,
                facts["step"] if about_step else None,
                facts["node"] if about_step else None,
                {**facts, "occasion": occasion},
            )


# -- the run


def _of_run(state: RunState, decision: Decision) -> Iterator[tuple[Sequence[str], dict[str, Json]]]:
    reopened = False
    for entry in decision.history:
        what = str(entry.get("run"))
        if what == RunMove.REOPEN:
            reopened = True
        elif what == "begin":
            yield START, _run_facts(state, decision, entry, started=True)
        elif what == "rollback" and not reopened:  # it failed, and the workflow undoes it by itself
            yield FAILURE, _run_facts(state, decision, entry)
        elif what in RUN_ENDS:
            reopened = False
            words = RUN_ENDS[what]
            undone = entry["operation"] == Operation.ROLLBACK and words is SUCCESS
            yield (END if undone else words), _run_facts(state, decision, entry)


def _run_facts(
    state: RunState, decision: Decision, entry: Mapping[str, Json], started: bool = False
) -> dict[str, Json]:
    facts = _facts(state, decision, entry) | {"about": "run", "started": started}
    if not started and entry["status"] in (RunStatus.FAILED, RunStatus.RUNNING, RunStatus.EXPIRED):
        facts |= _first_failure(state, decision)
    return facts


def _first_failure(state: RunState, decision: Decision) -> dict[str, Json]:
    """The step that failed first."""
    before = [step for step in state.steps.values() if step.status is StepStatus.FAILED]
    now = [step for step, _, entry in _step_ends(decision) if entry["status"] == StepStatus.FAILED]
    failed = sorted(before, key=lambda step: (step.finished_at or 0.0, step.id)) + now
    return _step_facts(state, failed[0]) if failed else {}


# -- steps


def _of_steps(state: RunState, decision: Decision) -> list[Telling]:
    together: dict[tuple[str, str, str | None, Sequence[str], str | None], Telling] = {}
    for step, words, entry, started in _events(state, decision):
        alarms = _asked(state.plan.nodes[step.node].spec.alarms, decision.run)
        if not alarms:
            continue
        facts = _facts(state, decision, entry) | _step_facts(state, step)
        facts |= {"about": "step", "started": started}
        for telling in _matching(alarms, words, facts):
            key = (telling.channel, telling.occasion, telling.node, telling.to, telling.template)
            first = together.setdefault(key, telling)
            if first is not telling:
                first.facts["count"] = first.facts.get("count", 1) + 1
    return list(together.values())


def _events(
    state: RunState, decision: Decision
) -> Iterator[tuple[Step, Sequence[str], Mapping[str, Json], bool]]:
    for step_id, step in decision.steps.items():
        before = state.steps.get(step_id)
        if _has_started(step, before):
            yield step, START, {"status": StepStatus.RUNNING, "operation": step.operation}, True
    for step, words, entry in _step_ends(decision):
        yield step, words, entry, False


def _step_ends(decision: Decision) -> Iterator[tuple[Step, Sequence[str], Mapping[str, Json]]]:
    """Each with the step as it stood then."""
    for entry in decision.history:
        step = decision.steps.get(entry["step"]) if entry.get("move") in STEP_ENDS else None
        if step is not None:
            then = step.copy()
            then.status, then.reason, then.message = entry["status"], entry["reason"], entry["message"]
            yield then, _end(entry), entry


def _has_started(step: Step, before: Step | None) -> bool:
    """For the first time: neither a retry nor a wait for the node's own time counts."""
    if step.started_at is None or step.due is Due.GATE:
        return False
    return before is None or before.started_at != step.started_at


def _end(entry: Mapping[str, Json]) -> Sequence[str]:
    if entry["status"] == StepStatus.SUCCESSFUL:
        return SUCCESS
    return END if entry["reason"] == Reason.CANCELED else FAILURE


# -- facts


def _facts(state: RunState, decision: Decision, entry: Mapping[str, Json]) -> dict[str, Json]:
    run = decision.run
    facts = {
        "workflow": run.workflow,
        "version": run.version,
        "run": run.id,
        "trigger": run.trigger,
        "creator": run.creator,
        "status": entry["status"],
        "operation": entry["operation"],
        "at": decision.at,
    }
    if run.planned_at is not None:
        facts["planned"] = run.planned_at
    zone = (state.plan.workflow.schedule or {}).get("timezone")
    return {**facts, "zone": zone} if zone else facts


def _step_facts(state: RunState, step: Step) -> dict[str, Json]:
    node = state.plan.nodes[step.node].spec
    facts = {"node": node.id, "name": node.name or node.id, "step": step.id}
    if step.status is StepStatus.FAILED or step.reason is not None:
        facts |= {"reason": step.reason, "message": (step.message or "")[:MESSAGE_LONGEST]}
    return facts
