"""An ended attempt leaves no process behind, and no stranger is hurt."""

import os
import random
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from headrace.core.run.events import Finished, Lost, Vanished
from headrace.executors.keeper.group import own_folder
from tests.executors.desk import Desk, await_exit, desk, fifo_line, marked

ESCAPES = {
    "background": "sleep {mark} & echo > {news}; wait",
    "setsid": "setsid sleep {mark} & echo > {news}; wait",
    "double fork": "(setsid sh -c 'sleep {mark} & sleep {mark} & wait' &); echo > {news}; sleep 1000",
    "deaf": "trap '' TERM HUP INT; echo > {news}; while :; do setsid sleep {mark}; done",
    "stopped": "sleep {mark} & kill -STOP $!; echo > {news}; kill -STOP $$",
    "clean environment": "env -i setsid nohup sleep {mark} > /dev/null 2>&1 & echo > {news}; exec sleep 1000",
}


@pytest.fixture
def mark() -> Iterator[str]:
    """A duration that no other process sleeps; its sleepers are gone at the end of the test."""
    own = f"{random.randrange(10**6, 10**7)}.{os.getpid()}"
    yield own
    assert marked(own) == set()


@pytest.mark.parametrize("script", ESCAPES.values(), ids=ESCAPES)
def test_canceled_means_gone(either: Desk, news: Path, mark: str, script: str) -> None:
    step = either.shell(script.format(mark=mark, news=news))
    fifo_line(news)
    either.cancel(step)
    assert isinstance(either.end(step), Vanished)
    assert marked(mark) == set()
    assert either.ran("echo next")[1] == "next\n"


@pytest.mark.parametrize(
    "script", ["(sleep {mark} &)", "setsid sleep {mark} & sleep 0; exit 0", "sleep {mark} > /dev/null 2>&1 &"]
)
def test_finished_means_gone(either: Desk, mark: str, script: str) -> None:
    finished, _ = either.ran(script.format(mark=mark))
    assert finished.ok
    assert marked(mark) == set()


def test_the_leader_may_tidy_up_first(either: Desk, news: Path) -> None:
    """TERM goes to the leader alone; its children are still there while it tidies up."""
    step = either.shell(
        f"sleep 1000 & child=$!; trap 'kill -0 $child && echo tidied up; exit 0' TERM; echo > {news}; wait"
    )
    fifo_line(news)
    either.cancel(step)
    assert isinstance(either.end(step), Vanished)
    assert either.log(step) == "tidied up\n"


FORKS_ON = """
import os, sys
open(sys.argv[1], "w").write("on\\n")
for _ in range(int(sys.argv[3])):
    os.fork()
while True:
    if os.fork():
        os._exit(0)
"""


@pytest.mark.parametrize("doublings", [0, 4], ids=["one", "sixteen"])
def test_what_forks_for_ever_is_ended(either: Desk, news: Path, mark: str, doublings: int) -> None:
    step = either.hand(
        "shell",
        {
            "script": FORKS_ON,
            "interpreter": [sys.executable, "-I", "-S"],
            "args": [str(news), mark, doublings],
        },
    )
    fifo_line(news)
    either.cancel(step)
    assert isinstance(either.end(step, 60), Vanished)


def test_a_killed_keeper_leaves_nothing(either: Desk, news: Path, mark: str) -> None:
    step = either.shell(f"(setsid sleep {mark} &); echo $PPID > {news}; sleep {mark}")
    os.kill(int(fifo_line(news)), signal.SIGKILL)
    lost = either.end(step)
    assert isinstance(lost, Lost)
    assert lost.message == "the process that carried it was killed"
    assert marked(mark) == set()
    assert either.ran("echo next")[1] == "next\n"


def test_a_keeper_killed_while_canceling(either: Desk, news: Path, mark: str) -> None:
    step = either.shell(
        f"trap '' TERM; (setsid sleep {mark} &); echo $PPID > {news}; while :; do sleep {mark}; done"
    )
    keeper = int(fifo_line(news))
    either.cancel(step)
    os.kill(keeper, signal.SIGKILL)
    assert isinstance(either.end(step), Vanished)


def test_a_keeper_that_dies_after_its_warden(either: Desk, news: Path, mark: str) -> None:
    step = either.shell(f"echo $PPID > {news}; exec sleep {mark}")
    keeper = int(fifo_line(news))
    warden = either.crew.supervisor.warden_pid
    assert warden is not None
    os.kill(warden, signal.SIGKILL)
    await_exit({warden})
    assert either.ran("echo next")[1] == "next\n"  # there is a new warden by now
    os.kill(keeper, signal.SIGKILL)
    assert isinstance(either.end(step), Lost)
    left = marked(mark)  # both of its guardians were killed
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    await_exit(left)


def test_no_cgroup_is_left(tmp_path: Path, news: Path) -> None:
    """Not even where the warden was killed."""
    with desk(tmp_path) as at:
        at.ran("true")
        first = at.crew.supervisor.warden_pid
        assert first is not None
        at.shell(f"echo > {news}; sleep 1000")
        fifo_line(news)
        os.kill(first, signal.SIGKILL)
        await_exit({first})
        at.ran("true")
        second = at.crew.supervisor.warden_pid
    folder = own_folder()
    assert not any(folder and os.path.exists(f"{folder}/headrace-{pid}") for pid in (first, second))


def test_a_killed_warden_stops_nothing(either: Desk, news: Path, go: Path) -> None:
    """Keepers finish what they have; the next attempt has a new warden."""
    step = either.shell(f"echo > {news}; read line < {go}; echo $line")
    fifo_line(news)
    warden = either.crew.supervisor.warden_pid
    assert warden is not None
    os.kill(warden, signal.SIGKILL)
    await_exit({warden})
    go.write_text("still here\n")
    assert either.finished(step).ok
    assert either.log(step) == "still here\n"
    assert either.ran("echo next")[1] == "next\n"
    assert either.crew.supervisor.warden_pid != warden


SERVER = """
import sys, threading
from pathlib import Path
from tests.executors.desk import desk
folder, mark, groups = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "True"
with desk(folder, cgroups=groups) as at:
    for n in range(4):
        news = folder / f"news{n}"
        at.shell(f"trap '' TERM; (setsid sleep {mark} &); echo > {news}; while :; do sleep {mark}; done")
    threading.Event().wait()
"""


@pytest.mark.parametrize("groups", [True, False], ids=["cgroup", "subreaper"])
def test_a_killed_server_leaves_nothing(tmp_path: Path, mark: str, groups: bool) -> None:
    pipes = [tmp_path / f"news{n}" for n in range(4)]
    for pipe in pipes:
        os.mkfifo(pipe)
    root = str(Path(__file__).parents[2])
    code = f"import sys; sys.path.insert(0, {root!r})\n" + textwrap.dedent(SERVER)
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path), mark, str(groups)]) as server:
        for pipe in pipes:
            fifo_line(pipe)
        left = marked(mark)
        everything = _below(server.pid)
        assert len(left) >= 8
        server.kill()
    await_exit(left | everything)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_canceled_attempt_hurts_no_other(tmp_path: Path, mark: str) -> None:
    """Five hundred attempts are canceled while others start; every other one ends well."""
    with desk(tmp_path, workers=8, kill_grace=0.0) as at:
        stranger = subprocess.Popen(["sleep", "1000"])
        good, doomed = [], []
        for n in range(500):
            doomed.append(at.shell(f"sleep {mark} & sleep {mark}"))
            good.append(at.shell(f"true; echo {n}"))
            at.cancel(random.choice(doomed))
        for step in doomed:
            at.cancel(step)
        for step in good:
            assert at.finished(step, 60).ok
        for step in doomed:
            assert isinstance(at.end(step), Vanished)
        assert not any(
            isinstance(fact, Lost) or (isinstance(fact, Finished) and not fact.ok) for fact in at.facts
        )
        assert stranger.poll() is None
        stranger.kill()
        stranger.wait()


def test_stop_ends_everything(tmp_path: Path, mark: str, news: Path) -> None:
    with desk(tmp_path) as at:
        at.shell(f"trap '' TERM; (setsid sleep {mark} &); echo > {news}; while :; do sleep {mark}; done")
        fifo_line(news)
    assert marked(mark) == set()


def test_a_stopped_keeper_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, news: Path, mark: str
) -> None:
    monkeypatch.setattr("headrace.executors.supervisor.UNANSWERED", 0.2)
    with desk(tmp_path) as at:
        step = at.shell(f"echo $PPID > {news}; sleep {mark}")
        keeper = int(fifo_line(news))
        os.kill(keeper, signal.SIGSTOP)
        at.cancel(step)
        assert at.resisted(step).message == "the process that carries it does not answer"
        os.kill(keeper, signal.SIGCONT)
        assert isinstance(at.end(step), Vanished)


def _below(pid: int) -> set[int]:
    """The process's descendants."""
    found = [pid]
    for one in found:
        try:
            words = Path(f"/proc/{one}/task/{one}/children").read_text().split()
        except OSError:
            continue
        found += map(int, words)
    return set(found) - {pid}


TAKEN_AWAY = {
    "its own": 'rm -rf "$PWD"',
    "everybody's": 'rm -rf "$(dirname "$(dirname "$PWD")")"/headrace-*',
    "moved": 'mv "$PWD" "$PWD.away"',
}


@pytest.mark.parametrize("script", TAKEN_AWAY.values(), ids=TAKEN_AWAY)
def test_a_work_folder_that_is_taken_away_is_made_anew(at: Desk, script: str) -> None:
    """As whoever tidies /tmp up does: what ran has ended as it ended, and what comes next runs."""
    assert at.ran("echo first")[0].ok
    finished, said = at.ran(f"{script}; echo done")
    assert (finished.ok, said) == (True, "done\n")
    both = [at.shell(f'echo {n}; printf \'{{"n": {n}}}\' > "$HEADRACE_OUTPUTS"; ls "$PWD"') for n in (1, 2)]
    assert [at.finished(step).outputs for step in both] == [{"n": 1}, {"n": 2}]
    assert [at.log(step) for step in both] == [f"{n}\ncontext.json\noutputs.json\n" for n in (1, 2)]


def test_a_link_in_place_of_the_work_folder_is_not_followed(at: Desk, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").write_text("precious")
    finished, _ = at.ran(f'rm -rf "$PWD"; ln -s {kept} "$PWD"')
    assert finished.ok
    assert at.ran("echo next")[1] == "next\n"
    assert (kept / "file").read_text() == "precious"
