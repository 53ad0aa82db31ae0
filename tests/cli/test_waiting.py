"""Approving and choosing from the command line: what waits is found, and what does not is told."""

import subprocess
import sys
from subprocess import PIPE

from tests.cli.conftest import SECONDS, shell

ROLES = {"approvers": {"roles": ["administrator"]}, "allow_self": True}


def test_what_waits_for_people(cli, write):
    nodes = [{"id": name, "kind": "approval", **ROLES} for name in ("first", "second")]
    nodes.append({"id": "way", "kind": "decision", "cases": [{"name": "left"}, {"name": "right"}]})
    with cli.serving():
        cli.ok("run", write("flow", *nodes), "--no-wait")
        several = cli.run("approve", 1)
        assert (several.returncode, "Several steps wait" in several.stderr) == (2, True)
        assert "SUCCESSFUL" in cli.ok("approve", 1, "first", "-m", "well")
        assert "SUCCESSFUL" in cli.ok("approve", 1)
        none = cli.run("approve", 1, HEADRACE_LANG="zh")
        assert (none.returncode, none.stderr) == (3, "运行 1 没有等待审批的步骤。\n")
        assert cli.run("choose", 1, "up").returncode == 2
        assert "SUCCESSFUL" in cli.ok("choose", 1, "left", "--wait")
        none = cli.run("choose", 1, "left")
        assert (none.returncode, none.stderr) == (3, "No step of run 1 waits for a choice.\n")


def test_watching_ends_with_its_token(cli, write):
    path = write("flow", {"id": "ask", "kind": "approval", "approvers": {"roles": ["administrator"]}})
    with cli.serving() as server, server.client() as client:
        made = client.post("/tokens", json={"name": "short"}).json()
        command = [sys.executable, "-m", "headrace", "run", str(path), "--server", server.url]
        env = {**cli.env, "HEADRACE_TOKEN": made["token"]}
        with subprocess.Popen(command, env=env, stdout=PIPE, stderr=PIPE, text=True) as watching:
            assert watching.stdout is not None
            assert any("waits for approval" in line for line in iter(watching.stdout.readline, ""))
            client.delete(f"/tokens/{made['id']}").raise_for_status()
            _, said = watching.communicate(timeout=SECONDS)
    assert (watching.returncode, said.splitlines()[0]) == (4, "The credentials are not valid.")


def test_an_option_that_would_be_passed_over(cli, write):
    cli.ok("run", write("flow", shell("a", "true")))
    done = cli.run("rerun", "1", "--downstream")
    assert (done.returncode, done.stderr) == (2, "--downstream needs a STEP.\n")
