"""Stories of runs that run again: rerun, retried, rolled back after that; what was done before counts."""

from headrace.core.definition.model import After, Approvers, Case, Retry
from headrace.core.run.effects import HandOver
from headrace.core.run.events import (
    Actor,
    Approve,
    CancelStep,
    ChildEnded,
    ChildStarted,
    Lost,
    PauseRun,
    RerunRun,
    RerunStep,
    ResumeRun,
    RetryRun,
    RetryStep,
    RollbackRun,
    SkipStep,
    TerminateRun,
)
from headrace.core.run.recover import recover
from headrace.core.words import (
    Act,
    NodeKind,
    OnFailure,
    OnLost,
    Operation,
    Phase,
    Reason,
    RunStatus,
    StepStatus,
)
from tests.core.run.world import World, node, task

UNDO = {"rollback": {"script": "undo"}}
UNDO_BY_OUTPUT = {"rollback": {"n": {"$cel": "steps.p.outputs.n"}}}


def test_a_fan_out_that_was_empty_looks_again_when_its_run_is_run_again():
    w = World(task("a"), task("b", "a", foreach="steps.a.outputs.xs"), task("c", "b"))
    w.finish("a", outputs={"xs": []})
    w.finish("c")
    w.tell(RerunStep(w.step("a").id, downstream=True))
    w.finish("a", outputs={"xs": [1, 2]})
    assert w.statuses("b", "c") == "b:READY,READY c:PENDING"
    assert [step.item for step in w.steps("b")] == [1, 2]


def test_a_whole_run_again_gives_every_fan_out_its_elements():
    w = World(task("a"), task("b", "a", foreach="steps.a.outputs.xs"), task("c", "b"))
    w.finish("a", outputs={"xs": []})
    w.finish("c")
    w.tell(RerunRun())
    w.finish("a", outputs={"xs": [1]})
    assert w.statuses("b", "c") == "b:READY c:PENDING"


def test_a_step_alone_again_leaves_an_empty_fan_out_empty():
    w = World(task("a"), task("b", "a", foreach="steps.a.outputs.xs"), task("c", "b"))
    w.finish("a", outputs={"xs": []})
    w.finish("c")
    w.tell(RerunStep(w.step("a").id))
    w.finish("a", outputs={"xs": [1]})
    assert w.statuses("a", "c") == "a:SUCCESSFUL c:SUCCESSFUL"
    assert w.steps("b") == []


def test_a_retry_of_all_that_failed_keeps_the_order_of_the_graph():
    w = World(task("a"), task("b", "a"))
    w.finish("a")
    w.finish("b", ok=False)
    w.tell(RerunStep(w.step("a").id))
    w.finish("a", ok=False)
    w.handed()
    w.tell(RetryRun())
    assert w.statuses() == "a:READY b:PENDING"
    w.finish("a")
    assert w.handed() == ["a", "b"]


def test_a_retry_of_one_step_waits_for_what_comes_before_it():
    w = World(task("a"), task("b", "a"))
    w.finish("a")
    w.finish("b", ok=False)
    w.tell(RerunStep(w.step("a").id))
    w.tell(RetryStep(w.step("b").id))
    assert w.statuses() == "a:READY b:PENDING"
    w.finish("a")
    assert w.statuses() == "a:SUCCESSFUL b:READY"


def test_lost_work_is_not_handed_over_again_while_the_run_is_paused():
    w = World(task("a", executor="safe"))
    w.accept("a")
    w.tell(PauseRun())
    w.handed()
    w.tell(Lost(w.step("a").id, 1))
    assert w.statuses("a") == "a:READY"
    assert w.handed() == []
    assert recover(w.state, w.ids) == ([], [])
    w.tell(ResumeRun())
    assert w.handed() == ["a"]
    assert (w.step("a").attempt, w.step("a").tries, w.step("a").losses) == (2, 1, 1)


def test_a_retry_that_was_rolled_back_in_a_pause_starts_when_it_is_over():
    w = World(task("a", retry=Retry(max=1), **UNDO))
    w.finish("a", ok=False)
    w.due("a")
    assert w.handed() == ["a", "-a"]
    w.accept("a")
    w.tell(PauseRun())
    w.finish("a")
    assert (w.handed(), w.step("a").status, w.step("a").executed) == ([], StepStatus.READY, False)
    w.tell(ResumeRun())
    assert w.handed() == ["a"]
    assert (w.step("a").attempt, w.step("a").tries) == (3, 2)
    w.finish("a")
    assert [attempt.number for attempt in w.attempts] == [1, 2, 3]


def test_what_was_rolled_back_before_a_retry_is_not_rolled_back_twice():
    w = World(task("a", **UNDO))
    w.finish("a", ok=False)
    w.tell(RetryRun())
    w.finish("a")
    assert w.handed() == ["a", "-a", "a"]
    w.tell(CancelStep(w.step("a").id))
    w.vanish("a")
    w.tell(RollbackRun())
    assert (w.handed(), w.statuses()) == ([], "a:PENDING")


def test_a_lost_roll_back_goes_on_as_one_when_its_run_is_resumed():
    w = World(task("a", on_lost=OnLost.RETRY, **UNDO), task("b", "a"))
    w.finish("a")
    w.finish("b", ok=False)
    w.tell(RollbackRun())
    w.accept("a")
    w.tell(PauseRun())
    w.handed()
    w.tell(Lost(w.step("a").id, w.step("a").attempt))
    assert w.handed() == []
    w.tell(ResumeRun())
    assert w.handed() == ["-a"]
    w.finish("a")
    assert (w.run.status, w.run.operation) == (RunStatus.SUCCESSFUL, Operation.ROLLBACK)


def test_what_was_done_before_a_rerun_is_rolled_back_too():
    w = World(task("a", **UNDO), task("b", "a", **UNDO), task("c", "b", **UNDO))
    for name in ("a", "b", "c"):
        w.finish(name)
    w.tell(RerunStep(w.step("a").id, downstream=True))
    w.finish("a", ok=False)
    w.handed()
    w.tell(RollbackRun())
    assert w.statuses() == "a:FAILED b:SUCCESSFUL c:READY"
    for name in ("c", "b", "a"):
        w.finish(name)
    assert w.handed() == ["-c", "-b", "-a"]
    assert w.statuses() == "a:PENDING b:PENDING c:PENDING"
    assert (w.run.status, w.run.operation) == (RunStatus.SUCCESSFUL, Operation.ROLLBACK)


def test_what_a_terminated_rerun_did_not_come_to_is_rolled_back():
    w = World(task("a"), task("b", "a", **UNDO))
    w.finish("a")
    w.finish("b")
    w.tell(RerunRun())
    w.tell(TerminateRun())
    w.vanish("a")
    assert w.statuses() == "a:FAILED b:BYPASSED"
    w.handed()
    w.tell(RollbackRun(closed=True))
    assert w.handed() == ["-b"]


def test_what_was_done_before_a_rerun_may_forbid_the_rollback():
    w = World(task("a"), task("b", "a", rollback_forbidden=True))
    w.finish("a")
    w.finish("b")
    w.tell(RerunStep(w.step("a").id, downstream=True))
    w.finish("a", ok=False)
    assert w.statuses() == "a:FAILED b:PENDING"
    assert w.refused(RollbackRun()).values["node"] == "b"


def test_what_was_rolled_back_is_not_rolled_back_again():
    w = World(task("a", executor="noop"), task("b", "a", **UNDO), task("c", "b"))
    w.finish("a")
    w.finish("b")
    w.finish("c", ok=False)
    w.tell(RollbackRun())
    w.finish("b")
    w.tell(RerunRun())
    w.finish("a", ok=False)
    w.handed()
    w.tell(RollbackRun())
    assert w.handed() == []
    assert (w.run.status, w.run.operation) == (RunStatus.SUCCESSFUL, Operation.ROLLBACK)


def test_what_a_step_answered_before_a_rerun_passed_it_over_is_not_shown():
    seen = {"$cel": "steps.b.outputs.map(o, o.n)"}
    w = World(
        task("a"),
        task("b", "a", foreach="steps.a.outputs.xs"),
        task("e", "a", when="steps.a.outputs.xs.size() > 1"),
        task("c", "b", inputs={"n": seen}),
        task("d", "b", inputs={"n": {"$cel": "steps.e.outputs == null"}}),
    )
    w.finish("a", outputs={"xs": ["p", "q"]})
    w.finish("e", outputs={"n": 5})
    for index in (0, 1):
        w.finish("b", index=index, outputs={"n": index})
    w.finish("c")
    w.finish("d")
    w.tell(RerunRun())
    w.finish("a", outputs={"xs": ["p"]})
    w.take(HandOver)
    w.finish("b", outputs={"n": 7})
    assert [effect.payload["with"]["n"] for effect in w.take(HandOver)] == [[7], True]


def test_a_list_that_is_empty_this_time_lets_what_follows_run_whatever_is_run_again():
    w = World(task("a"), task("b", "a", foreach="steps.a.outputs.xs"), task("c", "b"))
    w.finish("a", outputs={"xs": [1]})
    w.finish("b")
    w.finish("c")
    w.tell(RerunRun())
    w.finish("a", outputs={"xs": []})
    w.finish("c")
    w.tell(RerunStep(w.step("a").id))
    w.finish("a", outputs={"xs": [1]})
    assert w.statuses("b", "c") == "b:BYPASSED c:SUCCESSFUL"
    assert w.run.status is RunStatus.SUCCESSFUL


def test_a_branch_not_taken_this_time_passes_over_what_was_done_for_elements_before():
    taken = Case("x", "steps.a.outputs.xs.size() > 0")
    w = World(
        task("a"),
        node(NodeKind.DECISION, "d", "a", cases=(taken, Case("y"))),
        task("b", After("d", "x"), foreach="steps.a.outputs.xs"),
        task("c", "b"),
    )
    for xs in ([1], []):
        w.finish("a", outputs={"xs": xs})
        if xs:
            w.finish("b")
            w.finish("c")
            w.tell(RerunRun())
    assert w.statuses("b", "c") == "b:BYPASSED c:BYPASSED"
    w.tell(RerunStep(w.step("d").id))
    assert w.statuses("b", "c") == "b:BYPASSED c:BYPASSED"


def test_a_timer_that_is_skipped_keeps_its_attempt():
    w = World(node(NodeKind.TIMER, "t", wait_for=9.0))
    w.tell(SkipStep(w.step("t").id))
    assert [(a.number, a.status, a.operation) for a in w.attempts] == [
        (1, StepStatus.SUCCESSFUL, Operation.SKIP)
    ]


def test_an_attempt_that_could_not_be_prepared_is_kept():
    w = World(task("a", inputs={"n": {"$cel": "params.none"}}))
    w.tell(RetryRun())
    assert [(a.number, a.reason, a.phase) for a in w.attempts] == [
        (number, Reason.ERROR, Phase.PRODUCE_FAILED) for number in (1, 2)
    ]
    assert all(a.message for a in w.attempts)


def test_a_roll_back_that_could_not_be_prepared_is_kept():
    w = World(task("p"), task("a", "p", **UNDO_BY_OUTPUT), task("b", "a"))
    w.finish("p", outputs={})
    w.finish("a")
    w.finish("b", ok=False)
    w.tell(RollbackRun())
    assert (w.step("a").status, w.run.status) == (StepStatus.FAILED, RunStatus.FAILED)
    last = w.attempts[-1]
    assert (last.number, last.act, last.phase) == (2, Act.ROLLBACK, Phase.ROLLBACK_FAILED)


def test_an_approval_that_expires_the_second_time_does_not_show_the_first_ones_answer():
    lead = Actor(8, "bob", frozenset({"lead"}))
    w = World(node(NodeKind.APPROVAL, "ok", approvers=Approvers((("role", "lead"),)), expires=30.0))
    w.tell(Approve(w.step("ok").id, lead))
    assert w.step("ok").outputs["approved"]
    w.tell(RerunStep(w.step("ok").id))
    w.due("ok")
    assert (w.step("ok").reason, w.step("ok").outputs) == (Reason.EXPIRED, None)
    assert [bool(attempt.outputs) for attempt in w.attempts] == [True, False]


def test_inputs_changed_for_one_element_are_not_used_for_another():
    """A list that has grown at its front meanwhile: else the work were done on the wrong one."""
    w = World(task("a"), task("b", "a", foreach="steps.a.outputs.xs", inputs={"on": {"$cel": "item"}}))
    w.finish("a", outputs={"xs": ["h1", "h2"]})
    w.finish("b", index=0)
    w.finish("b", index=1, ok=False)
    w.tell(RetryStep(w.step("b", 1).id, inputs={"on": "h2", "slowly": True}))
    w.finish("b", index=1)
    w.take(HandOver)
    w.tell(RerunStep(w.step("a").id, downstream=True))
    w.finish("a", outputs={"xs": ["h1", "h9"]})
    given = [effect.payload["with"] for effect in w.take(HandOver) if effect.step != w.step("a").id]
    assert given == [{"on": "h1"}, {"on": "h9"}]


def test_a_rollback_that_follows_by_itself_has_the_whole_time_limit():
    """Else it were killed in the middle, because what failed had taken long."""
    w = World(task("a", **UNDO), task("b", "a"), on_failure=OnFailure.ROLLBACK, timeout=100.0)
    w.finish("a")
    w.now += 90.0
    w.finish("b", ok=False)
    assert w.run.operation is Operation.ROLLBACK
    assert w.run.deadline == w.now + 100.0


def test_expressions_of_the_definition_that_changed_inputs_keep_are_computed():
    """The page fills its form with the definition's inputs: what nobody touches stays what it was."""
    inputs = {"script": "x", "env": {"N": {"$cel": "params.n"}}}
    w = World(task("a", inputs=inputs), run={"params": {"n": 3}})
    w.finish("a", ok=False)
    w.take(HandOver)
    w.tell(RetryStep(w.step("a").id, inputs={**inputs, "script": "y"}))
    (effect,) = w.take(HandOver)
    assert effect.payload["with"] == {"script": "y", "env": {"N": 3}}
    w.finish("a", ok=False)
    w.tell(RetryStep(w.step("a").id, inputs={"script": "z"}))
    assert w.take(HandOver)[0].payload["with"] == {"script": "z"}


def test_new_expressions_in_changed_inputs_are_refused():
    w = World(task("a", inputs={"n": {"$cel": "params.n"}}), run={"params": {"n": 3}})
    w.finish("a", ok=False)
    refused = w.refused(RetryStep(w.step("a").id, inputs={"n": [{"$cel": "params.n + 1"}]}))
    assert (refused.kind, refused.code) == ("invalid", "retry_inputs")
    assert [(each.code, each.values) for each in refused.problems] == [
        ("retry_expression", {"found": "params.n + 1"})
    ]


def test_changed_inputs_that_no_child_would_be_given_are_refused():
    w = World(node(NodeKind.WORKFLOW, "sub", workflow="child"))
    w.tell(ChildStarted(w.step("sub").id, 1, 50), ChildEnded(w.step("sub").id, 50, RunStatus.FAILED))
    refused = w.refused(RetryStep(w.step("sub").id, inputs={"n": 1, "params": 2}))
    assert [each.path for each in refused.problems] == ["with.n", "with.params"]
    w.tell(RetryStep(w.step("sub").id, inputs={"params": {"n": 1}}))
    w.tell(ChildEnded(w.step("sub").id, 50, RunStatus.CANCELED))
    assert w.started_children()[-1].params == {"n": 1}


def test_work_of_a_rehearsal_that_is_lost_in_a_pause_stays_a_rehearsal():
    """It was carried out in earnest when the run was resumed."""
    w = World(task("a", executor="undoable", on_lost=OnLost.RETRY), run={"mock": True})
    w.accept("a")
    w.tell(PauseRun(), Lost(w.step("a").id, 1), ResumeRun())
    assert w.handed() == ["~a", "~a"]
