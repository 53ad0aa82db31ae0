"""Values reach scripts byte for byte, and never as part of the script."""

import json

import pytest

from tests.executors.desk import Desk

CORPUS = [
    ";id",
    "$(id)",
    "`id`",
    "a\nb\n\nc\n",
    "'",
    '"',
    "'; rm -rf / #",
    "-rf",
    "--",
    "\\",
    "\\n%s%n",
    "$PATH ${PATH}",
    "* ? [a-z] ~",
    " leading and trailing ",
    "\t\r\x01\x1b[31m\x7f",
    "值,全角,😀",
    "\ud800 lone".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "é vs e\u0301 \u202e",
    "x" * 100_000,
    "%PATH% !! && || > /tmp/x < /etc/passwd &",
    "{{7*7}} ${{ params.x }}",
    "",
]


@pytest.mark.parametrize("value", CORPUS, ids=lambda value: ascii(value[:12]))
def test_a_parameter_comes_back_as_it_was(at: Desk, value: str) -> None:
    step = at.shell('printf %s "$PARAM_VALUE"', params={"value": value})
    assert at.finished(step).ok, at.finished(step).message
    assert at.log(step) == value


@pytest.mark.parametrize("value", CORPUS, ids=lambda value: ascii(value[:12]))
def test_an_argument_comes_back_as_it_was(at: Desk, value: str) -> None:
    step = at.shell('printf %s "$1"', inputs={"args": [value]})
    assert at.finished(step).ok, at.finished(step).message
    assert at.log(step) == value


def test_targets_items_and_other_types(at: Desk) -> None:
    target = {
        "type": "host",
        "name": "web-1; id",
        "id": 3,
        "attributes": {"ip addr": "10.0.0.1", "up": True},
        "children": [{"name": "x"}],
    }
    _, log = at.ran(
        'env | grep -E "^(PARAM|TARGET|ITEM)" | sort',
        params={"n": 1.5, "none": None, "list": [1, "二"], "yes": True},
        target=target,
        item={"name": "part", "attributes": {"zone": "a"}},
    )
    assert log.splitlines() == [
        "ITEM_NAME=part",
        "ITEM_ZONE=a",
        'PARAM_LIST=[1, "二"]',
        "PARAM_N=1.5",
        "PARAM_NONE=",
        "PARAM_YES=true",
        "TARGET_ID=3",
        "TARGET_IP_ADDR=10.0.0.1",
        "TARGET_NAME=web-1; id",
        "TARGET_TYPE=host",
        "TARGET_UP=true",
    ]


def test_a_plain_item(at: Desk) -> None:
    assert at.ran('echo "$ITEM"', item="a b")[1] == "a b\n"


def test_nul_is_refused(at: Desk) -> None:
    finished, _ = at.ran("true", params={"value": "a\0b"})
    assert not finished.ok
    assert finished.message == "PARAM_VALUE contains a NUL character, which no program can receive."


def test_what_is_too_large_for_the_environment_is_in_the_context(at: Desk) -> None:
    big = "y" * 200_000
    look = "c['params']['big'] == 'y' * 200000, c['with']['mine']"
    read = f"import json, os; c = json.load(open(os.environ['HEADRACE_CONTEXT'])); print({look})"
    script = f'echo "${{PARAM_BIG-unset}}"; python3 -I -c "{read}"'
    step = at.shell(script, params={"big": big, "small": "s"}, inputs={"mine": "值"})
    assert at.finished(step).ok
    note = "note: PARAM_BIG is too large for the environment (200011 bytes): read it from $HEADRACE_CONTEXT"
    assert at.log(step).splitlines() == [note, "unset", "True 值"]


def test_many_values_that_are_too_large_together(at: Desk) -> None:
    finished, log = at.ran("echo fine", params={f"p{n}": "z" * 100_000 for n in range(30)})
    assert finished.ok
    assert log.count("too large for the environment") == 21
    assert log.endswith("fine\n")


def test_the_context_holds_everything(at: Desk) -> None:
    step = at.shell(
        'cat "$HEADRACE_CONTEXT"',
        params={"a": "1"},
        target={"name": "t"},
        item=4,
        steps={"up": {"outputs": {"k": "v"}, "status": "SUCCESSFUL"}},
    )
    at.finished(step)
    context = json.loads(at.log(step))
    assert (context["params"], context["target"], context["item"]) == ({"a": "1"}, {"name": "t"}, 4)
    assert context["steps"]["up"]["outputs"] == {"k": "v"}
    assert (context["act"], context["operation"]) == ("start", "EXECUTE")
