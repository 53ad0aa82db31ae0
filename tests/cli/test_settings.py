"""Settings that cannot be used end the command with a message in the person's language, never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from headrace import __version__

CASES = [
    ({"HEADRACE_LICENSE_KEY": "abc"}, "license_key", "32 bytes in base64", "32 字节"),
    ({"HEADRACE_LICENSE_KEY": "AAAA"}, "license_key", "32 bytes in base64", "32 字节"),
    ({"HEADRACE_LICENSE_KEY": "许可证"}, "license_key", "32 bytes in base64", "32 字节"),
    ({"HEADRACE_TRUSTED_PROXIES": '["10.0.0.5/8"]'}, "trusted_proxies", "10.0.0.0/8", "网段"),
    ({"HEADRACE_DATABASE": "mysql://a:geheim@b/c"}, "database", "such as postgresql", "形式的地址"),
    ({"HEADRACE_PORT": "many"}, "port", "whole number, found: many", "整数，实际为：many"),
    ({"HEADRACE_PORT": "70000"}, "port", "<= 65535, found: 70000", "<= 65535，实际为：70000"),
    ({"HEADRACE_SESSION_IDLE": "0"}, "session_idle", "> 0.0", "> 0.0"),
    ({"HEADRACE_ALARM_PUBLIC_ONLY": "perhaps"}, "alarm_public_only", "true or false", "true 或 false"),
    ({"HEADRACE_OIDC": "no json"}, "oidc", "JSON", "JSON"),
    ({"HEADRACE_OIDC": '[{"name": "a", "issuer": "ftp://"}]'}, "oidc.0.client_id", "required", "缺少"),
    ({"HEADRACE_OIDC": '[{"name": "a", "issuer": "ftp://"}]'}, "oidc.0.issuer", "^https?://", "^https?://"),
    ({"HEADRACE_OIDC": '[{"nam": "a"}]'}, "oidc.0.nam", "no such setting", "没有这项"),
    ({"HEADRACE_OIDC": '{"name": "a"}'}, "oidc", "a list", "列表"),
]


@pytest.mark.parametrize(("env", "path", "english", "chinese"), CASES)
def test_the_environment(cli, env, path, english, chinese):
    for language, words in (("en", english), ("zh", chinese)):
        done = cli.run("doctor", HEADRACE_LANG=language, **env)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert f"{path}: " in done.stderr
        assert words in done.stderr
        assert "geheim" not in done.stderr


@pytest.mark.parametrize("command", ["version", "doctor"])
def test_a_full_disk_behind_the_output_is_told(cli, command):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "headrace", command],
            env=cli.env,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["The output cannot be written: No space left on device"]


@pytest.mark.parametrize("command", ["serve", "doctor", "migrate", "license verify x", "secret rotate"])
def test_each_command_that_reads_settings(cli, command):
    done = cli.run(*command.split(), HEADRACE_LICENSE_KEY="abc", HEADRACE_PORT="x")
    assert done.returncode == 2
    assert [line.split(":")[0].strip() for line in done.stderr.splitlines()[1:]] == ["port", "license_key"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"port = 8080\nhost = \n", "headrace.toml:2:8: This is not TOML"),
        (b"prot = 8080", "prot: There is no such setting"),
        (b"port = [", "headrace.toml: This is not TOML"),
        (b"host = '\xff'", "cannot be read"),
        (b"license_key = 7", "license_key: Expected text, found: 7"),
        (b"vault_key = 7", "vault_key: Expected text, found: ********"),
        (b"oidc = [7]", "oidc.0: Expected a table of settings, found: 7"),
    ],
)
def test_the_file(cli, content, words):
    cli.home.mkdir(exist_ok=True)
    (cli.home / "headrace.toml").write_bytes(content)
    done = cli.run("config", "show")
    assert done.returncode == 2
    assert words in done.stderr


def test_the_file_is_the_one_of_the_home(cli, tmp_path):
    for folder, workers in ((cli.home, 3), (tmp_path / "other", 4)):
        folder.mkdir()
        (folder / "headrace.toml").write_text(f"workers = {workers}")
    assert '"workers": 3' in cli.ok("config", "show")
    assert '"workers": 4' in cli.ok("config", "show", "--home", tmp_path / "other")
    (tmp_path / "other" / "headrace.toml").write_text("[[[")
    assert f"{tmp_path}/other/headrace.toml:1" in cli.run("doctor", "--home", tmp_path / "other").stderr


def test_a_key_of_ones_own(cli):
    assert '"license_key": "AAAA' in cli.ok("config", "show", HEADRACE_LICENSE_KEY="A" * 43 + "=")


def test_the_version_is_asked_for_in_two_ways(cli):
    assert cli.ok("--version") == cli.ok("version") == f"{__version__}\n"


def test_a_server_tells_the_same_version(cli):
    with cli.serving() as serving, serving.client() as client:
        assert f" {__version__} " in serving.first_line
        assert client.get("/openapi.json").json()["info"]["version"] == __version__


def test_a_home_that_cannot_be_made(cli, tmp_path):
    (tmp_path / "file").write_text("")
    for command in (["export"], ["migrate"], ["serve", "--port", "0"]):
        done = cli.run(*command, "--home", tmp_path / "file")
        assert (done.returncode, "cannot be made" in done.stderr) == (1, True)
        assert "Traceback" not in done.stderr


def test_postgresql_without_its_driver(cli, tmp_path):
    (tmp_path / "psycopg.py").write_text("raise ModuleNotFoundError('psycopg')")
    done = cli.run("migrate", "--database", "postgresql://a@b/c", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "psycopg[binary]" in done.stderr
    assert "Traceback" not in done.stderr
