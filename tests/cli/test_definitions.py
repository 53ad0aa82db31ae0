"""lint, apply, export."""

import re

import yaml

from tests.cli.conftest import TOKEN, shell


def test_lint_names_every_problem_and_its_place(cli, write):
    bad = write("bad", {"id": "a", "executor": "shel"}, shell("b", "true", "nowhere"))
    done = cli.run("lint", bad)
    assert done.returncode == 2
    assert "spec.nodes[0].executor" in done.stderr
    assert "shell" in done.stderr
    assert "spec.nodes[1].after[0]" in done.stderr


def test_lint_in_chinese(cli, write):
    done = cli.run("lint", write("bad", {"id": "a", "executor": "shel"}), HEADRACE_LANG="zh_CN.UTF-8")
    assert done.returncode == 2
    assert "个问题" in done.stderr


def test_lint_prints_a_cycle(cli, write):
    done = cli.run("lint", write("bad", shell("a", "true", "b"), shell("b", "true", "a")))
    assert re.search(r"a -> b -> a|b -> a -> b", done.stderr)


def test_lint_of_good_files_folders_and_nothing(cli, write, tmp_path):
    good = write("good", shell("a", "true"))
    assert "ok" in cli.ok("lint", good)
    assert "ok" in cli.ok("lint", good.parent)
    assert cli.run("lint", tmp_path / "missing.yaml").returncode == 2
    (tmp_path / "empty").mkdir()
    assert cli.run("lint", tmp_path / "empty").returncode == 2


def test_apply_shows_a_diff_and_writes_only_when_it_is_not_a_dry_run(cli, write):
    first = write("flow", shell("a", "echo 1"))
    assert "nothing was written" in cli.ok("apply", "--dry-run", first)
    assert cli.run("export", "flow").returncode == 3
    assert "draft saved" in cli.ok("apply", first)
    second = write("flow", shell("a", "echo 2"))
    shown = cli.ok("apply", "--dry-run", second)
    assert "-" in shown
    assert "echo 2" in shown
    assert "echo 1" in cli.ok("export", "flow")
    assert "version 1 published" in cli.ok("apply", "--publish", second)
    assert "unchanged" in cli.ok("apply", second)


def test_a_diff_shows_long_lines_whole(cli, write):
    script = "echo " + "word " * 100 + "[red]end :100:"
    assert script in cli.ok("apply", "--dry-run", write("flow", shell("a", script)), COLUMNS="80").replace(
        "\n+        ", " "
    )


def test_a_problem_of_the_whole_document_has_no_empty_place(cli, tmp_path):
    (tmp_path / "list.yaml").write_text("- 1")
    assert "\n  Found [1]" in cli.run("lint", tmp_path / "list.yaml").stderr


def test_names_that_are_no_names_reach_nothing_else(cli, write):
    cli.ok("apply", "--publish", write("flow", shell("a", "true")))
    for name in ("", "flow/versions", "../runs", "flow?x=1"):
        for command in ("run", "export"):
            done = cli.run(command, name)
            assert (done.returncode, done.stdout) == (3, "")
            assert "Traceback" not in done.stderr


def test_nothing_is_applied_when_one_of_the_files_is_bad(cli, write):
    good, bad = write("good", shell("a", "true")), write("bad", {"id": "a", "executor": "shel"})
    assert cli.run("apply", good, bad).returncode == 2
    assert cli.run("export", "good").returncode == 3


def test_two_files_of_one_workflow_are_told_before_anything_is_applied(cli, write):
    first, other = write("w", shell("a", "true")), write("v", shell("a", "false"))
    other.write_text(other.read_text().replace('"name": "v"', '"name": "w"'))
    done = cli.run("apply", first.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{first}: workflow w is defined by {other} already\n"
    assert cli.run("export", "w").returncode == 3
    cli.ok("apply", first, first)


def test_export_writes_files_that_lint_accepts(cli, write, tmp_path):
    cli.ok("apply", write("one", shell("a", "true")), write("two", shell("b", "true")))
    out = tmp_path / "out"
    cli.ok("export", "-o", out)
    assert sorted(path.name for path in out.iterdir()) == ["one.yaml", "two.yaml"]
    cli.ok("lint", out)
    assert [each["metadata"]["name"] for each in yaml.safe_load_all(cli.ok("export"))] == ["one", "two"]
    done = cli.run("export", "-o", out / "one.yaml")
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_commands_use_the_server_that_runs_on_the_home(cli, write):
    with cli.serving() as serving:
        cli.ok("apply", "--publish", write("flow", shell("a", "true")))
        with serving.client() as client:
            assert client.get("/workflows/flow").json()["published"] == 1


def test_a_named_server_needs_a_token_and_answers_denied_without_a_good_one(cli, write, tmp_path):
    path = write("flow", shell("a", "true"))
    with cli.serving() as serving:
        other = {"HEADRACE_HOME": str(tmp_path / "other")}
        assert cli.run("apply", path, "--server", serving.url, **other).returncode == 4
        for wrong in ("hr_no", "令牌"):
            denied = cli.run("apply", path, "--server", serving.url, "--token", wrong, **other)
            assert denied.returncode == 4
            assert "The credentials are not valid." in denied.stderr
        cli.ok("apply", path, "--server", serving.url, "--token", TOKEN, **other)
    assert cli.run("apply", path, "--server", serving.url, "--token", TOKEN, **other).returncode == 7
