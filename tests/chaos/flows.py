"""What is to be done while servers die: 50 runs of 20 steps, of everything a run can be made of."""

from typing import Any

Json = Any

# Marks tell what really happened outside: one line when an attempt begins, one when it ends.
BEGIN = 'echo "begin $HEADRACE_RUN_ID $HEADRACE_STEP_ID $HEADRACE_ATTEMPT" >> "$PARAM_MARKS"'
END = 'echo "end $HEADRACE_RUN_ID $HEADRACE_STEP_ID $HEADRACE_ATTEMPT" >> "$PARAM_MARKS"'
WORK = f"{BEGIN}; sleep 0.02; {END}"
FLAKY = (
    f'{BEGIN}; seen="$PARAM_MARKS.$HEADRACE_STEP_ID"; [ -e "$seen" ] || {{ touch "$seen"; exit 3; }}; {END}'
)
PARAMS = {"marks": {"type": "string"}, "xs": {"type": "array"}}


def _noop(name: str, *after: Json, **more: Json) -> Json:
    return {"id": name, "executor": "noop", **({"after": list(after)} if after else {}), **more}


def _shell(name: str, script: str, *after: Json, **more: Json) -> Json:
    return _noop(name, *after, **more) | {"executor": "shell", "with": {"script": script}, "on_lost": "retry"}


def _document(name: str, nodes: list[Json], **spec: Json) -> Json:
    return {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": name},
        "spec": {"nodes": nodes, "params": PARAMS, **spec},
    }


_MIDDLE = [_noop(f"n{i}", "a") for i in range(5)]
_PROGRAMS = [_shell(f"s{i}", WORK, f"n{i}") for i in range(2)]
_TWENTY = [
    _noop("a"),
    *_MIDDLE,
    *_PROGRAMS,
    _noop("each", "a", foreach="params.xs", max_parallel=2),
    _noop("join", "s0", "s1", "each"),
    {"id": "wait", "kind": "timer", "for": "100ms", "after": ["join"]},
    {
        "id": "sub",
        "kind": "workflow",
        "workflow": "child",
        "with": {"params": {"marks": {"$cel": "params.marks"}, "xs": []}},
        "after": ["join"],
    },
    {
        "id": "which",
        "kind": "decision",
        "cases": [{"name": "yes", "when": "size(params.xs) == 3"}, {"name": "no"}],
        "after": ["wait"],
    },
    _shell("flaky", FLAKY, "sub", retry={"max": 1, "delay": "50ms"}),
    _noop("y0", {"node": "which", "case": "yes"}),
    _noop("y1", "y0"),
    _noop("y2", "y1"),
    _noop("z", "y2", "flaky", *(f"n{i}" for i in range(2, 5))),
]

FLOWS = {
    "twenty": _document("twenty", _TWENTY),
    "narrow": _document("narrow", _TWENTY, concurrency={"limit": 3, "policy": "queue"}),
    "child": _document("child", [_noop("a"), _shell("b", WORK, "a"), _noop("c", "b")]),
}
RUNS = {"twenty": 40, "narrow": 10}
STEPS = 20  # of each of them
CHILD_STEPS = 3
