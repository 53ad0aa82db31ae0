"""Users, roles, tokens, the licence and the state of an installation, from the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.cli.conftest import TOKEN, Cli
from tests.identity.licences import public_half, signed

PASSWORD = "a long password\n"


def given(cli: Cli, text: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """The command with this standard input."""
    command = [sys.executable, "-m", "headrace", *words]
    return subprocess.run(
        command, env=cli.env, input=text, capture_output=True, text=True, timeout=60, check=False
    )


def test_users(cli: Cli) -> None:
    with cli.serving():
        made = given(cli, PASSWORD, "user", "create", "kim", "--role", "viewer", "--password-stdin")
        assert made.returncode == 0, made.stderr
        cli.ok("user", "change", "kim", "--email", "kim@example.org", "--disable")
        kim = next(user for user in json.loads(cli.ok("user", "list", "--json")) if user["name"] == "kim")
        assert (kim["roles"], kim["email"], kim["disabled"]) == (["viewer"], "kim@example.org", True)
        assert "kim@example.org" in cli.ok("user", "list")
        assert given(cli, "another one\n", "user", "password", "kim", "--password-stdin").returncode == 0
        cli.ok("user", "create", "robot", "--no-password")


def test_a_password_is_never_taken_from_the_command_line(cli: Cli) -> None:
    done = given(cli, "", "user", "create", "x")
    assert (done.returncode, "--password-stdin" in done.stderr) == (2, True)


def test_roles(cli: Cli) -> None:
    with cli.serving():
        cli.ok("role", "create", "clerk", "USER_ADMIN", "TASK_VIEWER")
        listed = cli.ok("role", "list", COLUMNS="40").splitlines()  # no window cuts what goes into a pipe
        assert any("clerk" in line and "TASK_VIEWER, USER_ADMIN" in line for line in listed)
        cli.ok("role", "delete", "clerk")
        assert cli.run("role", "delete", "clerk").returncode == 3


def test_tokens(cli: Cli) -> None:
    cli.ok("user", "list")  # with a server of its own, whose token goes with it
    with cli.serving():
        token = cli.ok("token", "create", "ci", "--days", "2").strip()
        assert token.startswith("hr_")
        listed = json.loads(cli.ok("token", "list", "--json", "--token", token))
        assert sorted(each["name"] for each in listed) == ["HEADRACE_ADMIN_TOKEN", "ci", "local command line"]
        mine = next(each for each in listed if each["name"] == "ci")
        shown = cli.ok("token", "list", COLUMNS="40", TZ="UTC")
        assert token not in shown
        assert mine["createdAt"][:16].replace("T", " ") in shown
        cli.ok("token", "revoke", mine["id"])
        assert cli.run("token", "list", "--token", token).returncode == 4


def licence_file(folder: Path, key: Ed25519PrivateKey, **claims: Any) -> Path:
    path = folder / f"licence-{len(list(folder.iterdir()))}.json"
    path.write_text(signed(key, {"holder": "Water works", **claims}), encoding="utf-8")
    return path


def test_licences(cli: Cli, tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    cli.env["HEADRACE_LICENSE_KEY"] = public_half(key)
    good = licence_file(tmp_path, key, maxUsers=1, validUntil="2999-01-01")
    old = licence_file(tmp_path, key, validUntil="2001-01-01")
    foreign = licence_file(tmp_path, Ed25519PrivateKey.generate())
    with cli.serving():
        assert "no limit" in cli.ok("license", "show")
        for file, words in ((old, "expired"), (foreign, "signature is not valid")):
            done = cli.run("license", "install", file)
            assert (done.returncode, words in done.stderr) == (2, True)
        assert "Users: 1 / 1" in cli.ok("license", "install", good)
        assert "allows 1 users" in cli.run("user", "create", "x", "--no-password").stderr
        shown = json.loads(cli.ok("license", "show", "--json"))
        assert (shown["kind"], shown["valid"], shown["maxUsers"]) == ("commercial", True, 1)
    cli.env["HEADRACE_LICENSE_KEY"] = public_half(Ed25519PrivateKey.generate())
    with cli.serving():
        tampered = cli.run("license", "show")
        assert (tampered.returncode, "signature" in tampered.stderr) == (1, True)
        assert "community" in cli.ok("license", "remove")


def test_a_licence_file_is_checked_without_a_server(cli: Cli, tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    cli.env["HEADRACE_LICENSE_KEY"] = public_half(key)
    assert "Water works" in cli.ok("license", "verify", licence_file(tmp_path, key))
    for file, words in (
        (licence_file(tmp_path, key, validUntil="2001-01-01"), "expired"),
        (licence_file(tmp_path, key, validFrom="2901-01-01"), "not valid yet"),
        (Path("/dev/null"), "not a licence"),
    ):
        done = cli.run("license", "verify", file)
        assert done.returncode != 0
        assert words in done.stderr
    assert not cli.home.exists()


def test_doctor_makes_nothing_and_finds_what_is_missing(cli: Cli) -> None:
    new = cli.run("doctor", HEADRACE_PORT="0")
    assert (new.returncode, new.stdout.count("✓")) == (0, 4)
    assert not (cli.home / "headrace.db").exists()
    cli.ok("migrate")
    missing = cli.run("doctor", HEADRACE_PORT="0")
    assert (missing.returncode, "vault's key is gone" in missing.stdout) == (1, True)
    (cli.home / "vault.key").write_text("no key\n")
    os.chmod(cli.home, 0o755)
    bad = cli.run("doctor", HEADRACE_PORT="0")
    assert (bad.returncode, bad.stdout.count("✗")) == (1, 2)


def test_doctor_beside_a_server(cli: Cli) -> None:
    with cli.serving() as server:
        assert server.url in cli.ok("doctor")
        taken = cli.run("doctor", "--home", cli.home / "other", HEADRACE_PORT=server.url.rsplit(":", 1)[1])
        assert (taken.returncode, "cannot be used" in taken.stdout) == (1, True)


def test_settings_are_shown_without_secrets(cli: Cli) -> None:
    provider = {"name": "work", "issuer": "https://id.example", "client_id": "x", "client_secret": "canary"}
    shown = cli.ok(
        "config",
        "show",
        HEADRACE_ADMIN_TOKEN=TOKEN,
        HEADRACE_DATABASE="postgresql://ada:canary@db/headrace",
        HEADRACE_OIDC=json.dumps([provider]),
    )
    assert "canary" not in shown
    assert TOKEN not in shown
    assert json.loads(shown)["database"] == "postgresql://ada:**********@db/headrace"
    assert json.loads(shown)["oidc"][0]["issuer"] == "https://id.example"


def test_a_servers_memory_is_closed_to_programs_of_the_same_user(cli: Cli) -> None:
    with cli.serving() as server:
        status = os.stat(f"/proc/{server.process.pid}/environ")
        assert status.st_uid == 0
