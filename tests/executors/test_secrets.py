"""Secrets on their way into work, and nowhere out of it."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from headrace.core.refusal import Refused
from headrace.core.words import Act
from headrace.executors.crew import NoVault
from headrace.executors.executor import Executor, Task
from headrace.ports.errors import Broken
from headrace.ports.vault import ConnectionRecord
from tests.executors.desk import RUN, Desk, desk
from tests.executors.safe import Safe

CANARY = 'canary "4711"/ä-value'
NAMED = {"with": [(("env", "TOKEN"), "api")]}
INPUTS = {"env": {"TOKEN": "api"}}


class Loud(Executor):
    """Says its secret in every way it has."""

    name = "loud"

    def start(self, task: Task) -> None:
        value = task.inputs["token"]
        task.log(f"log {value}")
        task.progress(50, f"progress {value}")
        task.add_output("said", [value, {value: value}])
        task.wake_at = 0
        if task.inputs.get("fail"):
            raise ValueError(f"trouble {value}")
        assert task.masks.shows(value)

    def rollback(self, task: Task) -> None:
        task.log(f"undone {task.inputs['list'][1]}")


class Plain(Executor):
    """Has no vault to ask."""

    name = "plain"

    def start(self, task: Task) -> None:
        task.connection("anything")


class Torn(Safe):
    """A vault whose key is lost."""

    def secret(self, tenant: int, name: str) -> str:
        raise Broken("vault_key")


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Desk]:
    safe = Safe({"api": CANARY, "pin": "12345678"})
    with desk(tmp_path, {"loud": Loud(), "plain": Plain()}, resolver=safe) as own:
        yield own


def clean(at: Desk, step: int, tmp_path: Path) -> None:
    """Nothing on disk or among the facts shows the value."""
    bad = [CANARY.encode(), json.dumps(CANARY)[1:-1].encode(), base64.b64encode(CANARY.encode())[:-4]]
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    for place in [str(at.facts).encode(), *(path.read_bytes() for path in files)]:
        assert not any(form in place for form in bad), place


def test_programs(there: Desk, tmp_path: Path) -> None:
    script = """
        echo "$TOKEN"
        echo "::progress 40 at $TOKEN"
        printf '%s' "u:$TOKEN" | base64
        for part in "canary " '"47' '11"/' 'ä-va' 'lue'; do printf '%s' "$part"; sleep 0.02; done; echo
        python3 - <<'END' > "$HEADRACE_OUTPUTS"
import json, os
t = os.environ["TOKEN"]
print(json.dumps({"a": t, t: [t, "\\u0000"], "pin": 12345678}))
END
        echo "last $TOKEN" >&2; exit ${CODE:-0}
    """
    named = {"with": [*NAMED["with"], (("env", "PIN"), "pin")]}
    inputs = {"script": script, "env": {"TOKEN": "api", "PIN": "pin"}}
    finished = there.finished(step := there.hand("shell", inputs, secrets=named))
    assert finished.ok, finished.message
    assert finished.outputs == {"a": "******", "******": ["******", "\0"], "pin": "******"}
    assert (40.0, "at ******") in there.progress(step)
    assert there.log(step).count("******") >= 5
    failing = {"script": script, "env": {"TOKEN": "api", "PIN": "pin", "CODE": "3"}}
    finished = there.finished(step := there.hand("shell", failing, secrets=named))
    assert finished.message == "exited with code 3: last ******"
    clean(there, step, tmp_path)


def test_large_outputs(there: Desk, tmp_path: Path) -> None:
    script = 'import json, os\noutputs["all"] = [os.environ["TOKEN"]] * 20_000'
    finished = there.finished(
        step := there.hand("python", {"script": script, "env": {"TOKEN": "api"}}, secrets=NAMED)
    )
    assert finished.ok, finished.message
    assert "$file" in finished.outputs
    kept = json.loads(there.logs.outputs(RUN, step, 1, 0, 10_000_000))
    assert kept == {"all": ["******"] * 20_000}
    clean(there, step, tmp_path)


def test_calls(there: Desk, tmp_path: Path) -> None:
    named = {"with": [(("token",), "api")]}
    finished = there.finished(step := there.hand("loud", {"token": "api"}, secrets=named))
    assert finished.outputs == {"said": ["******", {"******": "******"}]}
    assert there.log(step) == "log ******\n"
    assert (50, "progress ******") in there.progress(step)
    finished = there.finished(step := there.hand("loud", {"token": "api", "fail": True}, secrets=named))
    assert finished.message == "trouble ******"
    assert "ValueError: trouble ******" in there.log(step)
    clean(there, step, tmp_path)


@pytest.mark.parametrize(
    ("executor", "inputs", "place"),
    [
        ("http", {"url": "http://127.0.0.1/", "timeout": "long"}, ("timeout",)),
        ("http", {"url": "http://127.0.0.1/", "headers": ["long"]}, ("headers", 0)),
        ("shell", {"script": "true", "env": ["long"]}, ("env", 0)),
        ("sql", {"url": "sqlite://", "sql": {"a": "long"}}, ("sql", "a")),
    ],
)
def test_what_is_cut_in_a_message_is_masked_before(
    tmp_path: Path, executor: str, inputs: dict[str, Any], place: tuple[str | int, ...]
) -> None:
    value = "abcdefghij" * 20
    with desk(tmp_path, resolver=Safe({"long": value})) as own:
        finished = own.finished(own.hand(executor, inputs, secrets={"with": [(place, "long")]}))
        assert "******" in str(finished.message)
        assert "abcdefgh" not in str(own.facts)


def test_what_is_cut_of_a_database_is_masked_before(tmp_path: Path) -> None:
    value = "abcdefghij" * 20
    inputs = {"url": "sqlite://", "sql": "SELECT :a || :b", "params": {"a": "x" * 900, "b": "long"}}
    with desk(tmp_path, resolver=Safe({"long": value})) as own:
        step = own.hand("sql", inputs, secrets={"with": [(("params", "b"), "long")]})
        assert own.finished(step).outputs["statements"][0]["first"] == [["x" * 900 + "******"]]


def test_parameters_and_rollbacks(there: Desk) -> None:
    finished = there.finished(
        step := there.hand(
            "shell",
            {"script": 'echo "${#PARAM_KEY} $PARAM_OTHER"; grep -c canary "$HEADRACE_CONTEXT"'},
            params={"key": "api", "other": "api"},
            secrets={"params": [(("key",), "api")]},
        )
    )
    assert finished.ok
    size, other, seen = there.log(step).split()
    assert (int(size) >= len(CANARY), other, seen) == (True, "api", "1")
    block = {"list": ["a", "api"]}
    step = there.hand(
        "loud", {"token": 1}, act=Act.ROLLBACK, rollback=block, secrets={"rollback": [(("list", 1), "api")]}
    )
    assert there.finished(step).ok
    assert there.log(step) == "undone ******\n"


def test_what_is_not_there_any_more_stays_away(there: Desk) -> None:
    named = {"with": [(("gone", "deep"), "api")], "rollback": [(("x",), "api")]}
    assert there.finished(there.hand("shell", {"script": "true"}, rollback=None, secrets=named)).ok


@pytest.mark.parametrize(
    ("inputs", "secrets", "message"),
    [
        ({"script": "true"}, {"with": [(("script",), "none")]}, "There is no secret none in the vault."),
        ({"script": "true"}, {"with": [(("script",), [1])]}, "There is no secret [1] in the vault."),
        (
            {"script": "true", "args": ["api"]},
            {"with": [(("args", 0), "api")]},
            "A secret may not be an argument",
        ),
    ],
)
def test_work_that_does_not_begin(there: Desk, inputs: Any, secrets: Any, message: str) -> None:
    finished = there.finished(there.hand("shell", inputs, secrets=secrets))
    assert not finished.ok
    assert str(finished.message).startswith(message)


def test_a_lost_key(tmp_path: Path) -> None:
    with desk(tmp_path, resolver=Torn()) as at:
        finished = at.finished(at.hand("shell", {"script": "true", **INPUTS}, secrets=NAMED))
        assert "cannot be read with this installation's key" in str(finished.message)
        step = at.hand("shell", {"script": "true", **INPUTS}, secrets=NAMED)
        at.cancel(step)
        at.end(step)


def test_without_a_vault(tmp_path: Path) -> None:
    with desk(tmp_path, {"plain": Plain()}) as at:
        assert at.finished(at.hand("plain")).message == "There is no connection anything."
    with pytest.raises(Refused):
        NoVault().secret(1, "x")


def test_urls_and_headers(there: Desk) -> None:
    value = quote(CANARY, safe="")
    finished = there.finished(
        step := there.hand(
            "http",
            {"url": f"http://127.0.0.1:1/{value}", "headers": {"a": "api"}},
            secrets={"with": [(("headers", "a"), "api")]},
        )
    )
    assert not finished.ok
    assert value not in there.log(step) + str(finished.message)


def test_a_connections_password_is_hidden_from_then_on(tmp_path: Path) -> None:
    class Asks(Executor):
        name = "asks"

        def start(self, task: Task) -> None:
            record, password = task.connection("db")
            assert isinstance(record, ConnectionRecord)
            task.connection("db")
            task.log(f"word {password}")

    safe = Safe({"api": CANARY})
    safe.connect("db", "postgresql", host="h", secret="api")
    with desk(tmp_path, {"asks": Asks()}, resolver=safe) as at:
        assert at.finished(step := at.hand("asks")).ok
        assert at.log(step) == "word ******\n"
