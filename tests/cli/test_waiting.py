"""Approving and choosing from the command line: what waits is found, and what does not is told."""

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
