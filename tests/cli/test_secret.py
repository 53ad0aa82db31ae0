"""``headrace secret``: set, list, delete, rotate."""

import subprocess
import sys

from tests.cli.conftest import Cli, wait_until

VALUE = "canary-7f3a-value"


def given(cli: Cli, value: str, *words: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """The command with a value on its standard input."""
    command = [sys.executable, "-m", "headrace", "secret", "set", *words]
    return subprocess.run(
        command,
        env={**cli.env, **env},
        input=value + "\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_values_go_in_and_names_come_out(cli: Cli) -> None:
    done = given(cli, VALUE, "db", "--description", "of [orders]")
    assert (done.returncode, done.stdout) == (0, "secret db: kept\n"), done.stderr
    assert given(cli, "abc", "short").returncode == 2
    assert cli.ok("secret", "list").splitlines() == ["db  of [orders]"]
    assert cli.ok("secret", "list", "nothing") == ""
    assert cli.ok("secret", "delete", "db") == "secret db: deleted\n"
    assert cli.run("secret", "delete", "db").returncode == 3


def test_another_key(cli: Cli, write) -> None:  # type: ignore[no-untyped-def]
    given(cli, VALUE, "db")
    before = (cli.home / "vault.key").read_text()
    assert cli.ok("secret", "rotate") == "1 value(s) encrypted anew\n"
    after = (cli.home / "vault.key").read_text()
    assert after != before
    assert len(after.split()) == 1
    assert (cli.home / "vault.key").stat().st_mode & 0o777 == 0o600
    node = {
        "id": "a",
        "executor": "shell",
        "with": {"script": 'test "$V" = "$(printf canary-%s 7f3a-value)"', "env": {"V": {"$secret": "db"}}},
    }
    cli.ok("apply", "--publish", write("uses", node))
    assert cli.run("run", "uses").returncode == 0


def test_not_under_a_running_server(cli: Cli) -> None:
    with cli.serving():
        wait_until((cli.home / "server.json").exists)
        done = cli.run("secret", "rotate")
        assert done.returncode == 5 or "stop it first" in done.stderr, done.stderr
        assert "anew" not in done.stdout
