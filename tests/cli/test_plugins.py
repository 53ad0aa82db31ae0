"""Executors of installed packages, and one that is not finished."""

import pytest

MODULE = """
from headrace.executors.executor import Executor


class Half(Executor):
    name = "half"


class Whole(Executor):
    name = "whole"

    def start(self, task):
        task.add_output("seen", True)
"""
POINTS = "[headrace.executors]\nhalf = two_halves:Half\nwhole = two_halves:Whole\n"
ENGLISH = (
    "The executor half (two_halves:Half) is left out. "
    "The class Half is not complete: it does not define start."
)
CHINESE = "未加载执行器 half (two_halves:Half)。类 Half 不完整：未定义 start。"


@pytest.fixture
def folder(tmp_path):
    """As an installed package is, for PYTHONPATH."""
    (tmp_path / "two_halves.py").write_text(MODULE)
    told = tmp_path / "two_halves-1.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: two_halves\nVersion: 1\n")
    (told / "entry_points.txt").write_text(POINTS)
    return str(tmp_path)


@pytest.mark.parametrize(("language", "words"), [("en", ENGLISH), ("zh", CHINESE)])
def test_doctor_says_what_a_plugin_lacks(cli, folder, language, words):
    done = cli.run("doctor", HEADRACE_PORT="0", HEADRACE_LANG=language, PYTHONPATH=folder)
    assert done.returncode == 1
    assert words in done.stdout


def test_the_server_does_without_it_and_has_the_other(cli, folder):
    with cli.serving(PYTHONPATH=folder) as server:
        with server.client() as client:
            found = {item["name"] for item in client.get("/executors").json()["items"]}
        assert server.end() == 0
        assert ENGLISH in server.process.stderr.read()
    assert "whole" in found
    assert "half" not in found
