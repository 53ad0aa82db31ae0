"""Who may choose where a decision names somebody, and where it names nobody."""

import pytest

from headrace.core.definition.model import Approvers, Case
from headrace.core.run.events import Actor, Choose
from headrace.core.run.legal import step_verbs
from headrace.core.words import NodeKind
from tests.core.run.world import World, node

LEAD = Actor(7, "ada", frozenset({"lead"}))
AMY = Actor(8, "amy", frozenset({"operator"}))
EVE = Actor(9, "eve", frozenset({"operator"}))
NAMED = Approvers((("role", "lead"), ("user", "amy")))


def decision(who: Approvers) -> World:
    return World(node(NodeKind.DECISION, "d", cases=(Case("x"), Case("y")), approvers=who))


def verbs(w: World, actor: Actor) -> list[str]:
    return step_verbs(w.run, w.step("d"), w.plan.workflow.nodes[0], (), actor)


def test_somebody_else_does_not_choose():
    w = decision(NAMED)
    assert "choose" not in verbs(w, EVE)
    refused = w.refused(Choose(w.step("d").id, "x", EVE))
    assert (refused.kind, refused.code) == ("forbidden", "choice_not_yours")


@pytest.mark.parametrize(("who", "actor"), [(NAMED, LEAD), (NAMED, AMY), (Approvers(), EVE)])
def test_who_is_named_chooses_and_anybody_where_nobody_is(who, actor):
    w = decision(who)
    assert "choose" in verbs(w, actor)
    w.tell(Choose(w.step("d").id, "x", actor))
    assert w.step("d").outputs == {"case": "x", "by": actor.name}
