"""``ssh`` against a real server on loopback."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from headrace.core.run.events import Vanished
from headrace.core.words import Act, Phase
from tests.executors.desk import Desk, await_exit, fifo_line
from tests.executors.safe import Safe
from tests.executors.ssh_server import PASSWORD, USER, SshServer, ssh_server


@pytest.fixture(scope="module")
def server() -> Iterator[SshServer]:
    with ssh_server() as own:
        yield own


@pytest.fixture
def safe(server: SshServer) -> Safe:
    own = Safe({"door": PASSWORD, "key": server.client_key, "wrong": "no-such-password"})
    pin = {"host_key": server.host_key}
    where: dict[str, Any] = {"host": "127.0.0.1", "port": server.port, "user": USER}
    own.connect("host", "ssh", **where, secret="door", options=pin)
    own.connect("keyed", "ssh", **where, secret="key", options=pin)
    own.connect("denied", "ssh", **where, secret="wrong", options=pin)
    own.connect("unpinned", "ssh", **where, secret="door")
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    own.connect("other", "ssh", **where, secret="door", options={"host_key": f"# old\n\n1.2.3.4 {other}"})
    own.connect("garbled", "ssh", **where, secret="door", options={"host_key": "ssh-ed25519 xyz"})
    own.connect("badkey", "ssh", **where, secret="bad", options=pin)
    own.secrets["bad"] = "-----BEGIN OPENSSH PRIVATE KEY-----\nbm90aGluZyBhdCBhbGw=\n"
    own.connect("nobody", "ssh", host="127.0.0.1", port=1, user=USER, options=pin)
    own.connect("silent", "ssh", host="127.0.0.1", port=1, user=USER)
    own.connect("db", "sqlite", database="x")
    return own


def ssh(at: Desk, script: str, connection: str = "host", **more: Any) -> int:
    inputs = {"connection": connection, "script": script, **more.pop("inputs", {})}
    return at.hand("ssh", inputs, **more)


@pytest.mark.parametrize("connection", ["host", "keyed"])
def test_a_script_runs_there(there: Desk, connection: str) -> None:
    script = """
        echo "$PARAM_NAME"; echo "to stderr" >&2
        echo "::progress 40 half way"
        printf '%s' "$1|$2|$OWN|$HEADRACE_ATTEMPT"; pwd >&2
        echo '{"done": "'"$(basename "$HEADRACE_CONTEXT")"'"}' > "$HEADRACE_OUTPUTS"
        cat "$HEADRACE_CONTEXT" >/dev/null
    """
    name = "名'; rm -rf $HOME `id` \"\n\\ end"
    inputs = {"args": ["a b", "*"], "env": {"OWN": "$(x)"}, "cwd": "/"}
    finished = there.finished(step := ssh(there, script, connection, inputs=inputs, params={"name": name}))
    assert finished.ok, finished.message
    assert finished.outputs == {"done": "context.json"}
    log = there.log(step)
    assert log.startswith(name + "\nto stderr\n::progress 40 half way\na b|*|$(x)|1/\n"), log
    assert (40.0, "half way") in there.progress(step)


def test_nothing_is_left_there(there: Desk, tmp_path: Path, news: Path) -> None:
    script = (
        f'setsid sleep 600 >/dev/null 2>&1 & sleep 600 & echo $! > {news}; echo "${{HEADRACE_CONTEXT%/*}}"'
    )
    step = ssh(there, script)
    child = int(fifo_line(news))
    assert there.finished(step).ok
    await_exit({child})
    assert not Path(there.log(step).strip()).exists()


def test_an_exit_code(there: Desk) -> None:
    script = 'echo \'{"a": 1}\' > "$HEADRACE_OUTPUTS"; echo why >&2; exit 3'
    finished = there.finished(ssh(there, script))
    assert (finished.ok, finished.phase) == (False, Phase.START_FAILED)
    assert (finished.message, finished.outputs) == ("exited with code 3: why", {"a": 1})


def test_an_exit_code_without_words(there: Desk) -> None:
    finished = there.finished(ssh(there, "echo nonsense > $HEADRACE_OUTPUTS; exit 4"))
    assert finished.message in ("exited with code 4", "exited with code 4: nonsense")


def test_another_interpreter_and_a_long_script(there: Desk) -> None:
    script = f"import os, sys\n# {'x' * 300_000}\nprint(len(open(__file__).read()), sys.argv[1])\n"
    finished = there.finished(step := ssh(there, script, inputs={"interpreter": "python3", "args": [7]}))
    assert finished.ok, finished.message
    assert there.log(step) == f"{len(script)} 7\n"


def test_much_output(there: Desk) -> None:
    step = ssh(there, "head -c 3000000 /dev/zero | tr '\\0' x; echo; seq 100000")
    assert there.finished(step).ok
    log = there.log(step)
    assert log.count("x") == 3_000_000
    assert log.endswith("99999\n100000\n")


@pytest.mark.parametrize("script", ["exec sleep 600", "trap '' TERM; while :; do sleep 1; done", "sleep 600"])
def test_cancel_ends_it_there(there: Desk, news: Path, script: str) -> None:
    step = ssh(there, f"echo $$ > {news}; {script}", inputs={"grace": 0.1})
    pid = int(fifo_line(news))
    there.cancel(step)
    assert isinstance(there.end(step), Vanished)
    await_exit({pid})


def test_a_program_may_tidy_up(there: Desk, news: Path) -> None:
    script = f"trap 'echo tidied; exit 0' TERM; echo $$ > {news}; while :; do sleep 0.05; done"
    step = ssh(there, script, inputs={"grace": 30})
    fifo_line(news)
    there.cancel(step)
    assert isinstance(there.end(step), Vanished)
    assert "tidied" in there.log(step)


def test_a_broken_connection_ends_it_there(there: Desk, server: SshServer, news: Path) -> None:
    step = ssh(there, f"echo $$ > {news}; exec sleep 600", inputs={"grace": 0.1})
    pid = int(fifo_line(news))
    server.hang_up()
    finished = there.finished(step)
    assert not finished.ok
    assert str(finished.message).startswith("The way to the host was lost while the program ran: ")
    await_exit({pid})


@pytest.mark.parametrize(
    ("connection", "message"),
    [
        ("denied", "127.0.0.1 does not let operator in with this secret."),
        ("unpinned", "it as host_key: ssh-ed25519 AAAA"),
        ("other", "shows another host key than the one that is pinned: ssh-ed25519 AAAA"),
        ("garbled", "host_key is no public key: "),
        ("badkey", "The secret is no private key that can be used: "),
        ("nobody", "127.0.0.1 cannot be reached: "),
        ("silent", "127.0.0.1 cannot be reached: the host 127.0.0.1 refuses the connection"),
        ("db", "The connection db is of kind sqlite; ssh is needed."),
        ("none", "There is no connection none."),
    ],
)
def test_hosts_that_are_not_reached(there: Desk, connection: str, message: str) -> None:
    finished = there.finished(step := ssh(there, "echo never", connection))
    assert not finished.ok
    assert message in str(finished.message)
    assert "never" not in there.log(step)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"script": ""}, "script is"),
        ({"env": {"a b": "x"}}, "a b cannot be the name of an environment variable."),
        ({"grace": -1}, "grace is -1"),
        ({"cwd": "/no/such"}, "exited with code 126"),
        ({"script": "echo '[]' > $HEADRACE_OUTPUTS"}, "The outputs are a JSON array"),
        ({"script": 'printf \'{"a": "\\377"}\' > $HEADRACE_OUTPUTS'}, "The outputs are not UTF-8"),
        ({"script": "head -c 300000 /dev/zero > $HEADRACE_OUTPUTS"}, "the limit is 256000"),
    ],
)
def test_what_cannot_be_run(there: Desk, inputs: dict[str, Any], message: str) -> None:
    finished = there.finished(ssh(there, inputs.pop("script", "true"), inputs=inputs))
    assert not finished.ok
    assert message in str(finished.message)


def test_rollback_runs_its_own_script(there: Desk) -> None:
    block = {"connection": "host", "script": "echo undone"}
    step = there.hand("ssh", {"script": "x"}, act=Act.ROLLBACK, rollback=block)
    assert there.finished(step).phase is Phase.ROLLBACK_SUCCESS
    assert there.log(step) == "undone\n"


def test_secrets_stay_out_of_the_log(there: Desk, safe: Safe) -> None:
    safe.secrets["api"] = "canary-7f3a"
    named = {"with": [(("env", "TOKEN"), "api")]}
    inputs = {"env": {"TOKEN": "api"}}
    step = ssh(
        there, f'echo "$TOKEN {PASSWORD} $(printf %s "$TOKEN" | base64)"', inputs=inputs, secrets=named
    )
    assert there.finished(step).ok
    assert there.log(step).split() == ["******", "******", "******"]


def test_a_large_value_is_in_the_context_only(there: Desk) -> None:
    step = ssh(there, 'echo "${PARAM_BIG-none}"; wc -c < "$HEADRACE_CONTEXT"', params={"big": "x" * 200_000})
    assert there.finished(step).ok
    note, value, size, _ = there.log(step).split("\n")
    assert "PARAM_BIG is too large" in note
    assert value == "none"
    assert int(size) > 200_000
