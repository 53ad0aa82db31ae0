"""Every kind of mistake is named with its place, its code, and texts in both languages."""

import copy
from typing import Any

import pytest

from headrace.core.definition.executors import check_executors
from headrace.core.definition.parse import parse
from headrace.core.messages import CATALOGUE, text
from headrace.core.refusal import Refused
from headrace.core.run.capabilities import Capabilities

GONE = object()  # the key is taken out

BASE: dict[str, Any] = {
    "apiVersion": "headrace/v1",
    "kind": "Workflow",
    "metadata": {"name": "restart-web", "remark": "Rolling restart", "labels": {"team": "web"}},
    "spec": {
        "params": {"service": {"type": "string", "default": "nginx"}, "batch": {"type": "integer"}},
        "nodes": [
            {"id": "drain", "executor": "shell", "with": {"script": "true"}, "retry": {"max": 1}},
            {
                "id": "healthy",
                "kind": "decision",
                "after": ["drain"],
                "cases": [{"name": "good", "when": "true"}],
            },
            {"id": "ask", "kind": "approval", "after": ["healthy"], "approvers": {"users": ["amy"]}},
            {"id": "wait", "kind": "timer", "after": ["ask"], "for": "1m"},
            {"id": "child", "kind": "workflow", "after": ["wait"], "workflow": "report"},
        ],
        "schedule": {"mode": "single", "cron": "0 2 * * 1"},
        "alarms": [{"on": ["end"], "channel": "ops"}],
        "concurrency": {"limit": 1},
        "invocation": {"enabled": True},
    },
}

N = "spec.nodes"
CORPUS: list[tuple[str, Any, str, str]] = [
    # what is set where, and the problem that must be found where
    ("apiVersion", GONE, "apiVersion", "definition_required"),
    ("apiVersion", "headrace/v2", "apiVersion", "definition_choice_near"),
    ("apiVersion", 1, "apiVersion", "definition_type_choice"),
    ("kind", "workflow!", "kind", "definition_choice_near"),
    ("kind", None, "kind", "definition_required"),
    ("metdata", {}, "metdata", "definition_key_unknown_near"),
    ("x", 1, "x", "definition_key_unknown"),
    ("metadata", GONE, "metadata", "definition_required"),
    ("metadata", "web", "metadata", "definition_type_mapping"),
    ("metadata.name", GONE, "metadata.name", "definition_required"),
    ("metadata.name", "a/b", "metadata.name", "definition_name"),
    ("metadata.name", "-web", "metadata.name", "definition_name"),
    ("metadata.name", 7, "metadata.name", "definition_type_text"),
    ("metadata.name", "n" * 129, "metadata.name", "definition_length"),
    ("metadata.labels.tier", 1, "metadata.labels.tier", "definition_type_text"),
    ("metadata.labels", {f"l{i}": "x" for i in range(101)}, "metadata.labels", "definition_range"),
    ("metadata.remark", [], "metadata.remark", "definition_type_text"),
    (f"{N}.0.position", [1, 2], f"{N}[0].position", "definition_type_mapping"),
    (f"{N}.0.position", {"x": 1}, f"{N}[0].position.y", "definition_required"),
    (f"{N}.0.position", {"x": "a", "y": 1}, f"{N}[0].position.x", "definition_type_number"),
    (f"{N}.0.position", {"x": 1, "y": 1e9}, f"{N}[0].position.y", "definition_range"),
    (f"{N}.0.position", {"x": 1, "y": 1, "z": 1}, f"{N}[0].position.z", "definition_key_unknown"),
    ("spec", GONE, "spec", "definition_required"),
    ("spec.nodes", GONE, "spec.nodes", "definition_required"),
    ("spec.nodes", {}, "spec.nodes", "definition_type_list"),
    ("spec.nodes", [{"id": "a"}] * 10_001, "spec.nodes", "definition_nodes_many"),
    ("spec.onfailure", "stop", "spec.onfailure", "definition_key_unknown_near"),
    ("spec.on_failure", "halt", "spec.on_failure", "definition_choice"),
    ("spec.on_failure", True, "spec.on_failure", "definition_type_choice"),
    ("spec.timeout", "4 hours", "spec.timeout", "definition_duration"),
    ("spec.timeout", list(range(30)), "spec.timeout", "definition_duration"),
    ("spec.timeout", -1, "spec.timeout", "definition_duration"),
    ("spec.timeout", True, "spec.timeout", "definition_duration"),
    ("spec.target", "a b", "spec.target", "definition_id"),
    ("spec.concurrency.limit", 0, "spec.concurrency.limit", "definition_range"),
    ("spec.concurrency.limit", "1", "spec.concurrency.limit", "definition_type_integer"),
    ("spec.concurrency.policy", "queu", "spec.concurrency.policy", "definition_choice_near"),
    ("spec.invocation.enabled", "on", "spec.invocation.enabled", "definition_type_flag"),
    ("spec.params.batch", 1, "spec.params.batch", "definition_type_mapping"),
    ("spec.params.a-b", {}, "spec.params.a-b", "definition_param_name"),
    ("spec.params.SERVICE", {}, "spec.params.SERVICE", "definition_param_twice"),
    ("spec.params.batch.type", "text", "spec.params.batch.type", "definition_choice"),
    ("spec.params.batch.type", "int", "spec.params.batch.type", "definition_choice_near"),
    ("spec.params.batch.type", ["int"], "spec.params.batch.type", "definition_param_schema"),
    ("spec.params.batch.pattern", "(a", "spec.params.batch.pattern", "definition_param_schema"),
    ("spec.params.batch.default", "two", "spec.params.batch.default", "definition_param_default"),
    ("spec.params.batch.secret", "yes", "spec.params.batch.secret", "definition_type_flag"),
    ("spec.params.batch.$ref", "http://127.0.0.1/x", "spec.params.batch.$ref", "definition_param_reference"),
    (
        "spec.params.batch.items",
        [{"$ref": "#"}],
        "spec.params.batch.items[0].$ref",
        "definition_param_reference",
    ),
    ("spec.required", ["servce"], "spec.required[0]", "definition_param_unknown_near"),
    ("spec.required", [1], "spec.required[0]", "definition_type_text"),
    ("spec.schedule.mode", "both", "spec.schedule.mode", "definition_choice"),
    ("spec.schedule.from", "next week", "spec.schedule.from", "definition_instant"),
    ("spec.schedule.until", 20271201, "spec.schedule.until", "definition_type_text"),
    ("spec.schedule.timezone", "Asia Shanghai", "spec.schedule.timezone", "definition_timezone"),
    ("spec.schedule.timezone", "Asia/Beijing", "spec.schedule.timezone", "schedule_zone"),
    ("spec.schedule.cron", "61 2 * * 1", "spec.schedule.cron", "cron_minute"),
    ("spec.schedule.cron", "0 0 2 * * 1", "spec.schedule.cron", "cron_question_quartz"),
    ("spec.schedule.cron", GONE, "spec.schedule.cron", "definition_required"),
    ("spec.schedule.dialect", "quarz", "spec.schedule.dialect", "definition_choice_near"),
    ("spec.schedule.from", "", "spec.schedule.from", "definition_instant"),
    ("spec.schedule.until", "2026-12-01" * 5, "spec.schedule.until", "definition_length"),
    ("spec.schedule.overlap", "wait", "spec.schedule.overlap", "definition_choice"),
    ("spec.schedule.missed_max", 0, "spec.schedule.missed_max", "definition_range"),
    ("spec.schedule.params", [], "spec.schedule.params", "definition_type_mapping"),
    ("spec.schedule.targets", [{"type": "host"}], "spec.schedule.targets[0].name", "definition_required"),
    (
        "spec.nodes.0.schedule",
        {"cron": "0 2 * * 1", "mode": "single"},
        f"{N}[0].schedule.mode",
        "definition_key_unknown",
    ),
    ("spec.nodes.0.schedule", {"cron": "0 2 * * ?"}, f"{N}[0].schedule.cron", "cron_question_unix"),
    ("spec.schedule.corn", "* * * * *", "spec.schedule.corn", "definition_key_unknown_near"),
    ("spec.alarms", [3], "spec.alarms[0]", "definition_type_mapping"),
    ("spec.alarms.0.on", ["ends"], "spec.alarms[0].on[0]", "definition_choice_near"),
    ("spec.alarms.0.on", [1], "spec.alarms[0].on[0]", "definition_type_text"),
    ("spec.alarms.0.on", GONE, "spec.alarms[0].on", "definition_required"),
    ("spec.alarms.0.channel", GONE, "spec.alarms[0].channel", "definition_required"),
    (f"{N}.0", "drain", "spec.nodes[0]", "definition_type_mapping"),
    (f"{N}.0.id", GONE, "spec.nodes[0].id", "definition_required"),
    (f"{N}.0.id", "a b", "spec.nodes[0].id", "definition_id"),
    (f"{N}.0.id", 5, "spec.nodes[0].id", "definition_type_text"),
    (f"{N}.1.id", "drain", "spec.nodes[1].id", "definition_id_twice"),
    (f"{N}.0.kind", "tsk", "spec.nodes[0].kind", "definition_choice_near"),
    (f"{N}.0.kind", 3, "spec.nodes[0].kind", "definition_type_choice"),
    (f"{N}.0.exceutor", "shell", "spec.nodes[0].exceutor", "definition_key_unknown_near"),
    (f"{N}.0.executor", GONE, "spec.nodes[0].executor", "definition_required"),
    (f"{N}.0.executor", 1, "spec.nodes[0].executor", "definition_type_text"),
    (f"{N}.0.workflow", "x", "spec.nodes[0].workflow", "definition_key_elsewhere"),
    (f"{N}.0.with", "true", "spec.nodes[0].with", "definition_type_mapping"),
    (f"{N}.0.with.n", {"$cel": "1 +"}, "spec.nodes[0].with.n.$cel", "definition_expression"),
    (f"{N}.0.with.n", [{"$cel": 1}], "spec.nodes[0].with.n[0]", "definition_computed"),
    (f"{N}.0.with.n", {"$cel": "1", "x": 1}, "spec.nodes[0].with.n", "definition_computed"),
    (f"{N}.0.with.n", [{"$cel": "parms.x"}], "spec.nodes[0].with.n[0].$cel", "definition_name_unknown_near"),
    (f"{N}.0.when", "params.servise == 'a'", "spec.nodes[0].when", "definition_param_unknown_near"),
    (f"{N}.0.when", "steps.qqq.outputs", "spec.nodes[0].when", "definition_node_unknown"),
    (f"{N}.0.when", "steps['drian'].outputs", "spec.nodes[0].when", "definition_node_unknown_near"),
    (f"{N}.0.when", "lenght(params.service)", "spec.nodes[0].when", "definition_expression"),
    (f"{N}.0.when", "", "spec.nodes[0].when", "definition_expression"),
    (f"{N}.0.when", True, "spec.nodes[0].when", "definition_type_text"),
    (f"{N}.0.when", "x" * 4_001, "spec.nodes[0].when", "definition_expression"),
    (f"{N}.0.foreach", "[1", "spec.nodes[0].foreach", "definition_expression"),
    (f"{N}.0.max_parallel", 2, "spec.nodes[0].max_parallel", "definition_only_with"),
    (f"{N}.0.mode", "serial", "spec.nodes[0].mode", "definition_only_with"),
    (f"{N}.0.join", "some", "spec.nodes[0].join", "definition_choice"),
    (f"{N}.0.on_lost", "again", "spec.nodes[0].on_lost", "definition_choice"),
    (f"{N}.0.retry.max", 1_001, "spec.nodes[0].retry.max", "definition_range"),
    (f"{N}.0.retry.max", 1.5, "spec.nodes[0].retry.max", "definition_type_integer"),
    (f"{N}.0.retry.backoff", 0.5, "spec.nodes[0].retry.backoff", "definition_range"),
    (f"{N}.0.retry.backoff", "2", "spec.nodes[0].retry.backoff", "definition_type_number"),
    (f"{N}.0.retry.delay", "soon", "spec.nodes[0].retry.delay", "definition_duration"),
    (f"{N}.0.retry", 3, "spec.nodes[0].retry", "definition_type_mapping"),
    (f"{N}.0.rollback", "never", "spec.nodes[0].rollback", "definition_rollback"),
    (f"{N}.2.rollback", {"a": 1}, "spec.nodes[2].rollback", "definition_rollback_kind"),
    (f"{N}.0.after", ["drain"], "spec.nodes[0].after[0]", "definition_cycle"),
    (f"{N}.0.after", ["child"], "spec.nodes[0].after[0]", "definition_cycle"),
    (f"{N}.1.after", ["drian"], "spec.nodes[1].after[0]", "definition_node_unknown_near"),
    (f"{N}.1.after", ["zzz"], "spec.nodes[1].after[0]", "definition_node_unknown"),
    (f"{N}.1.after", ["drain", "drain"], "spec.nodes[1].after[1]", "definition_edge_twice"),
    (f"{N}.1.after", [3], "spec.nodes[1].after[0]", "definition_edge"),
    (f"{N}.1.after", "drain", "spec.nodes[1].after", "definition_type_list"),
    (f"{N}.1.after", [{"case": "good"}], "spec.nodes[1].after[0].node", "definition_required"),
    (f"{N}.1.after", [{"node": "drain", "case": "x"}], "spec.nodes[1].after[0]", "definition_case_of"),
    (
        f"{N}.2.after",
        [{"node": "healthy", "case": "god"}],
        "spec.nodes[2].after[0].case",
        "definition_case_unknown_near",
    ),
    (
        f"{N}.2.after",
        [{"node": "healthy", "case": "x"}],
        "spec.nodes[2].after[0].case",
        "definition_case_unknown",
    ),
    (f"{N}.1.cases", GONE, "spec.nodes[1].cases", "definition_required"),
    (f"{N}.1.cases", [], "spec.nodes[1].cases", "definition_cases_empty"),
    (f"{N}.1.cases", ["good"], "spec.nodes[1].cases[0]", "definition_type_mapping"),
    (f"{N}.1.cases.0.when", "1 ==", "spec.nodes[1].cases[0].when", "definition_expression"),
    (f"{N}.1.cases.0.when", "stepz.a", "spec.nodes[1].cases[0].when", "definition_name_unknown_near"),
    (f"{N}.1.cases.0.name", GONE, "spec.nodes[1].cases[0].name", "definition_required"),
    (f"{N}.1.cases", [{"name": "a"}, {"name": "a"}], "spec.nodes[1].cases[1].name", "definition_case_twice"),
    (
        f"{N}.1.cases",
        [{"name": "a", "when": "true"}, {"name": "b"}, {"name": "c"}],
        "spec.nodes[1].cases[2]",
        "definition_fallback_twice",
    ),
    (f"{N}.2.approvers", GONE, "spec.nodes[2].approvers", "definition_required"),
    (f"{N}.2.approvers", {}, "spec.nodes[2].approvers", "definition_approvers"),
    (f"{N}.2.approvers", "amy", "spec.nodes[2].approvers", "definition_approvers"),
    (f"{N}.2.approvers", {"groups": ["x"]}, "spec.nodes[2].approvers.groups", "definition_key_unknown"),
    (f"{N}.2.approvers", {"users": [1]}, "spec.nodes[2].approvers.users[0]", "definition_type_text"),
    (f"{N}.2.approvers", [{"role": "a", "user": "b"}], "spec.nodes[2].approvers[0]", "definition_approver"),
    (f"{N}.2.approvals", "most", "spec.nodes[2].approvals", "definition_approvals"),
    (f"{N}.2.approvals", 0, "spec.nodes[2].approvals", "definition_approvals"),
    (f"{N}.2.approvals", 2, "spec.nodes[2].approvals", "definition_approvals_many"),
    (f"{N}.2.expires", "x", "spec.nodes[2].expires", "definition_duration"),
    (f"{N}.2.executor", "shell", "spec.nodes[2].executor", "definition_key_elsewhere"),
    (f"{N}.3.for", GONE, "spec.nodes[3]", "definition_timer"),
    (f"{N}.3.at", "02:00", "spec.nodes[3]", "definition_timer"),
    (f"{N}.3", {"id": "wait", "kind": "timer", "at": "25:00"}, "spec.nodes[3].at", "definition_clock"),
    (f"{N}.3", {"id": "wait", "kind": "timer", "at": 120}, "spec.nodes[3].at", "definition_type_text"),
    (
        f"{N}.3",
        {"id": "wait", "kind": "timer", "until": "2026-"},
        "spec.nodes[3].until",
        "definition_expression",
    ),
    (f"{N}.3.skippable", "no", "spec.nodes[3].skippable", "definition_type_flag"),
    (f"{N}.4.workflow", GONE, "spec.nodes[4].workflow", "definition_required"),
    (f"{N}.4.workflow", "a/b", "spec.nodes[4].workflow", "definition_name"),
    (f"{N}.0.with.t", float("nan"), "spec.nodes[0].with.t", "definition_not_json"),
    (f"{N}.0.with.t", {1, 2}, "spec.nodes[0].with.t", "definition_not_json"),
    (f"{N}.0.with", {1: 2}, "spec.nodes[0].with", "definition_key_type"),
    (f"{N}.0.with.t", "a\0b", "spec.nodes[0].with.t", "definition_character"),
    (f"{N}.0.with", {"ü\ud800": 1}, "spec.nodes[0].with", "definition_character"),
]


def changed(path: str, value: Any) -> dict[str, Any]:
    document = copy.deepcopy(BASE)
    place: Any = document
    *way, last = path.split(".")
    for part in way:
        place = place[int(part)] if isinstance(place, list) else place[part]
    key: Any = int(last) if isinstance(place, list) else last
    if value is GONE:
        del place[key]
    else:
        place[key] = value
    return document


def problems(document: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        parse(document)
    assert caught.value.code == "definition_invalid"
    assert caught.value.values["count"] == len(caught.value.problems)
    for problem in caught.value.problems:
        for language in ("en", "zh"):
            said = text(problem.code, problem.values, language)
            assert "<" not in said or "expecting" in said, (problem, said)
            assert len(said) < 1_500
        assert problem.code in CATALOGUE
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_the_base_is_valid() -> None:
    assert parse(BASE).name == "restart-web"


@pytest.mark.parametrize(("path", "value", "where", "code"), CORPUS)
def test_each_mistake_is_named(path: str, value: Any, where: str, code: str) -> None:
    assert (where, code) in problems(changed(path, value))


@pytest.mark.parametrize(
    ("path", "value", "where", "code"),
    [row for row in CORPUS if row[1] is not GONE and row[0].startswith(f"{N}.0.with")],
)
def test_a_single_mistake_gives_a_single_problem(path: str, value: Any, where: str, code: str) -> None:
    assert problems(changed(path, value)) == [(where, code)]


def test_all_mistakes_are_told_at_once() -> None:
    document = changed(f"{N}.0.exceutor", "x")
    document["metadata"]["name"] = "a/b"
    document["spec"]["nodes"][1]["after"] = ["drian"]
    document["spec"]["nodes"][3]["for"] = "x"
    assert problems(document) == [
        ("metadata.name", "definition_name"),
        ("spec.nodes[0].exceutor", "definition_key_unknown_near"),
        ("spec.nodes[3].for", "definition_duration"),
        ("spec.nodes[1].after[0]", "definition_node_unknown_near"),
    ]


def test_a_misspelled_kind_makes_no_noise() -> None:
    document = changed(f"{N}.1.kind", "decison")
    document["spec"]["nodes"][2]["after"] = [{"node": "healthy", "case": "good"}]
    assert problems(document) == [("spec.nodes[1].kind", "definition_choice_near")]


@pytest.mark.parametrize("document", [[], "x", None, 3])
def test_a_document_is_a_mapping(document: Any) -> None:
    assert problems(document) == [("", "definition_type_mapping")]


def nodes(**after: list[str]) -> dict[str, Any]:
    listed = [{"id": id, "executor": "noop", "after": ups} for id, ups in after.items()]
    return {**BASE, "spec": {"nodes": listed}}


def cycles(document: Any) -> list[object]:
    with pytest.raises(Refused) as caught:
        parse(document)
    assert {problem.code for problem in caught.value.problems} == {"definition_cycle"}
    return [problem.values["cycle"] for problem in caught.value.problems]


def test_cycles_are_printed_in_the_direction_of_the_flow() -> None:
    assert cycles(nodes(a=["b"], b=["a"])) == ["a -> b -> a"]
    assert cycles(nodes(a=["a"])) == ["a -> a"]
    assert cycles(nodes(a=[], b=["a", "d"], c=["b"], d=["c"], e=["d"])) == ["b -> c -> d -> b"]
    assert cycles(nodes(a=["b"], b=["a"], c=["d"], d=["c"])) == ["a -> b -> a", "c -> d -> c"]


def test_a_huge_cycle_is_cut_and_many_are_capped() -> None:
    ring = {f"n{i}": [f"n{(i - 1) % 10_000}"] for i in range(10_000)}
    (cycle,) = cycles(nodes(**ring))
    assert "…" in str(cycle)
    assert len(str(cycle)) < 500
    pairs = {f"{side}{i}": [f"{other}{i}"] for i in range(100) for side, other in (("a", "b"), ("b", "a"))}
    assert len(cycles(nodes(**pairs))) == 20


def test_limits_of_shape() -> None:
    deep: Any = 1
    for _ in range(1_000):
        deep = [deep]
    with pytest.raises(Refused) as caught:
        parse(changed(f"{N}.0.with.t", deep))
    assert (caught.value.kind, caught.value.code) == ("limit", "definition_too_deep")
    with pytest.raises(Refused) as caught:
        parse(changed(f"{N}.0.with.t", [0] * 500_001))
    assert (caught.value.kind, caught.value.code) == ("limit", "definition_too_large")


def test_thousands_of_mistakes_stay_quick_and_short() -> None:
    listed = [{"id": f"node{i}", "executor": "noop", "after": [f"nude{i}"]} for i in range(5_000)]
    found = problems({**BASE, "spec": {"nodes": listed}})
    assert len(found) == 5_000
    assert found[-1] == ("spec.nodes[4999].after[0]", "definition_node_unknown")


def test_executors_are_checked_against_what_is_there() -> None:
    document = changed(f"{N}.0.executor", "shel")
    document["spec"]["nodes"].append({"id": "w", "executor": "shell", "rollback": {"a": 1}})
    document["spec"]["nodes"].append({"id": "x", "executor": "noop", "rollback": {"a": 1}})
    document["spec"]["nodes"].append({"id": "y", "executor": "qqq"})
    there = {"shell": Capabilities(rollback_by_node=True), "noop": Capabilities()}
    found = check_executors(parse(document), there)
    assert [(problem.path, problem.code) for problem in found] == [
        ("spec.nodes[0].executor", "definition_executor_unknown_near"),
        ("spec.nodes[6].rollback", "definition_executor_rollback"),
        ("spec.nodes[7].executor", "definition_executor_unknown"),
    ]
    assert found[0].values["near"] == "shell"
    assert "shell" in text(found[2].code, found[2].values)
