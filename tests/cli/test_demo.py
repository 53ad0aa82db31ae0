"""headrace demo: everything it says is checked by itself; here, that it ends well and leaves nothing."""

import psutil
import pytest


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "said"), [("en", "All of it happened"), ("zh_CN.UTF-8", "以上全部属实")]
)
def test_the_demo(cli, tmp_path, language, said):
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    done = cli.run("demo", HEADRACE_LANG=language, TMPDIR=str(scratch))
    assert done.returncode == 0, done.stdout + done.stderr
    assert said in done.stdout
    assert done.stdout.count("✓ ") >= 13
    assert "✗ " not in done.stdout.split("1")[-1]
    assert list(scratch.iterdir()) == []
    left = [p for p in psutil.process_iter() if str(scratch) in " ".join(_words(p))]
    assert left == []


def _words(process):
    try:
        return process.cmdline()
    except psutil.Error:
        return []
