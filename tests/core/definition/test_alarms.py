"""Alarms in a definition."""

from typing import Any

import pytest

from headrace.core.definition.alarms import named_channels
from headrace.core.definition.parse import parse
from headrace.core.refusal import Refused


def document(alarm: Any, *of_node: Any) -> dict[str, Any]:
    node = {"id": "a", "executor": "noop", "alarms": list(of_node)}
    return {
        "apiVersion": "headrace/v1",
        "kind": "Workflow",
        "metadata": {"name": "w"},
        "spec": {"nodes": [{"id": "z", "executor": "noop"}, node], "alarms": [alarm]},
    }


def faults(alarm: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        parse(document({"on": ["end"], "channel": "ops", **alarm}))
    return [(problem.path.removeprefix("spec.alarms[0]."), problem.code) for problem in caught.value.problems]


def test_everything_there_is() -> None:
    alarm = {
        "on": ["start", "end", "failure", "success"],
        "channel": "运维 ops",
        "to": ["ada", "x@y.z"],
        "text": "{{a}} {workflow}{run}{node}{step}{status}{reason}{message}{occasion}{planned}{at}{url}",
        "triggers": ["SCHEDULED", "MANUAL", "API", "INVOKED"],
    }
    workflow = parse(document(alarm, {"on": ["end"], "channel": "b"}, {"on": ["end"], "channel": "c"}))
    assert workflow.alarms == (alarm,)
    assert list(named_channels(workflow)) == [
        ("spec.alarms[0].channel", "运维 ops"),
        ("spec.nodes[1].alarms[0].channel", "b"),
        ("spec.nodes[1].alarms[1].channel", "c"),
    ]


@pytest.mark.parametrize(
    ("alarm", "found"),
    [
        ({"text": "{workfow}"}, [("text", "definition_alarm_value_near")]),
        ({"text": "{qing.work_id}"}, [("text", "definition_alarm_value")]),
        (
            {"text": "{run!r} {}"},
            [("text", "definition_alarm_value_near"), ("text", "definition_alarm_value")],
        ),
        ({"triggers": ["TIMER"]}, [("triggers[0]", "definition_choice")]),
        ({"triggers": [1]}, [("triggers[0]", "definition_type_text")]),
        ({"to": ["", 3]}, [("to[0]", "definition_type_text"), ("to[1]", "definition_type_text")]),
        ({"to": ["a"] * 101}, [("to", "definition_range")]),
        ({"to": ["a" * 257]}, [("to[0]", "definition_length")]),
        ({"template": "x"}, [("template", "definition_key_unknown")]),
    ],
)
def test_faults(alarm: Any, found: list[tuple[str, str]]) -> None:
    assert faults(alarm) == found
