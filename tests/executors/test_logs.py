"""Logs: everything a program prints, whatever it prints, in bounded space and memory."""

import os
import stat
from pathlib import Path

import pytest

from headrace.executors.logs import FileLogs
from tests.executors.desk import RUN, Desk, desk, fifo_line

HIGH_WATER = "head -c {bytes} /dev/zero | tr '\\0' '{letter}'"


def test_text_binary_and_long_lines_arrive_as_they_are(at: Desk) -> None:
    finished, log = at.ran("echo 中文输出; printf 'a\\000b\\377c\\r\\n'; echo 错误 >&2; printf 'no newline'")
    assert finished.ok
    raw = log.encode("utf-8", "surrogateescape")
    assert raw.replace("错误\n".encode(), b"") == "中文输出\n".encode() + b"a\0b\xffc\r\nno newline"
    assert "错误\n".encode() in raw


def test_a_hundred_megabytes_in_bounded_memory(at: Desk, news: Path, go: Path) -> None:
    flood = HIGH_WATER.format(bytes=100_000_000, letter="x")
    step = at.shell(f"echo $PPID > {news}; {flood}; read line < {go}")
    keeper = int(fifo_line(news))
    peak_before = _peak(os.getpid())
    with go.open("w") as pipe:  # opens when the flood is over
        keeper_peak = _peak(keeper)
        pipe.write("on\n")
    assert at.finished(step).ok
    assert at.logs.size(RUN, step, 1) == 100_000_000 + len(at.heading(step)) + 1
    assert keeper_peak < 40_000_000
    assert _peak(os.getpid()) - peak_before < 20_000_000


def test_a_line_of_fifty_megabytes(at: Desk) -> None:
    finished, _ = at.ran(HIGH_WATER.format(bytes=50_000_000, letter="y") + "; echo; echo ::progress 50 after")
    assert finished.ok
    assert at.progress(1) in ([], [(50.0, "after")])


def test_a_log_is_cut_at_its_cap_and_the_work_goes_on(tmp_path: Path) -> None:
    with desk(tmp_path, max_log_bytes=1000) as at:
        step = at.shell(
            HIGH_WATER.format(bytes=5_000_000, letter="z") + '; echo {} > $HEADRACE_OUTPUTS; echo "late"'
        )
        assert at.finished(step).ok
        raw = at.logs.read(RUN, step, 1, 0, 10_000)
        assert raw.endswith(b"z\n############ CUT at 1000 bytes ############\n")
        assert raw.index(b"\n############ CUT") == 1000


def test_a_full_disk_ends_the_log_and_not_the_work(at: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    device = Path("/dev/full")
    monkeypatch.setattr(at.logs, "path", lambda *_: str(device))
    finished = at.finished(at.shell("echo hello; exit 0"))
    assert finished.ok
    assert finished.message == "The log is incomplete: No space left on device."


def test_a_log_that_cannot_be_opened_fails_the_attempt(at: Desk, tmp_path: Path) -> None:
    link = Path(at.logs.path(RUN, 1, 1))
    link.symlink_to(tmp_path / "elsewhere")
    finished = at.finished(at.shell("echo hello"))
    assert not finished.ok
    assert "The log cannot be written" in str(finished.message)
    assert not (tmp_path / "elsewhere").exists()


def test_files_are_for_their_owner_only(at: Desk, tmp_path: Path) -> None:
    at.ran("echo hello")
    paths = list((tmp_path / "logs").rglob("*"))
    assert len(paths) == 3
    for path in [tmp_path / "logs", *paths]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_reading(tmp_path: Path) -> None:
    logs = FileLogs(tmp_path / "logs")
    assert (logs.size(1, 2, 3), logs.read(1, 2, 3, 0, 10)) == (0, b"")
    Path(logs.path(1, 2, 3)).write_bytes(b"0123456789")
    assert (logs.size(1, 2, 3), logs.read(1, 2, 3, 4, 3)) == (10, b"456")
    assert logs.read(1, 2, 3, 100, 3) == b""
    Path(logs.path(1, 2, 4)).symlink_to("/etc/passwd")
    with pytest.raises(OSError, match="symbolic links"):
        logs.read(1, 2, 4, 0, 10)


def _peak(pid: int) -> int:
    """The most memory a process has held, in bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"no VmHWM of {pid}")
