"""What holds for the file: rights, flushing, a full disk, readers beside the writer, the library."""

import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from headrace.core.run.state import Step
from headrace.ports.errors import Broken
from headrace.ports.records import RunFilter, TenantRecord
from headrace.storage import open_sqlite
from headrace.storage.sql_store import SqlStore
from headrace.storage.sqlite import version
from tests.storage.samples import MINE, a_decision, a_run, add_run, an_operation, everything

MEGABYTE = 1_000_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    made = open_sqlite(tmp_path / "home" / "headrace.db")
    yield made
    made.close()


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_library_has_no_wal_bug() -> None:
    assert tuple(map(int, version().split("."))) >= (3, 51, 3)


@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_nobody_else_may_read_it(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        store = open_sqlite(tmp_path / "home" / "headrace.db")
        store.check()
        with store.read() as reader:
            assert reader.tenants() == []
            files = {path.name: rights(path) for path in (tmp_path / "home").iterdir()}
    finally:
        os.umask(before)
    names = ["headrace.db", "headrace.db-shm", "headrace.db-wal", "headrace.db.lock"]
    assert files == dict.fromkeys(names, 0o600)
    assert rights(tmp_path / "home") == 0o700
    store.close()


def test_a_file_put_back_from_elsewhere_is_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "headrace.db"
    open_sqlite(path).close()
    path.chmod(0o644)
    open_sqlite(path).close()
    assert rights(path) == 0o600


def test_commits_are_flushed(store: SqlStore) -> None:
    def pragma(connection: object, name: str) -> object:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()  # type: ignore[attr-defined]

    with store.write() as writer:
        assert pragma(writer._connection, "journal_mode") == "wal"
        assert pragma(writer._connection, "synchronous") == 2
        assert pragma(writer._connection, "query_only") == 0
    with store.read() as reader:
        assert pragma(reader._connection, "journal_mode") == "wal"
        assert pragma(reader._connection, "query_only") == 1


def test_readers_cannot_write(store: SqlStore) -> None:
    with pytest.raises(Broken), store.read() as reader:
        reader._connection.exec_driver_sql("DELETE FROM run")


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way")
    with pytest.raises(Broken) as broken:
        open_sqlite(tmp_path / "home" / "headrace.db")
    assert broken.value.code == "database_io"


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "headrace.db").write_bytes(b"not a database " * 1_000)
    with pytest.raises(Broken) as broken:
        open_sqlite(tmp_path / "headrace.db")
    assert broken.value.code == "database_corrupt"
    (tmp_path / "headrace.db").unlink()
    open_sqlite(tmp_path / "headrace.db").close()


def test_a_reader_sees_a_snapshot_and_stops_nobody(store: SqlStore) -> None:
    run = add_run(store, a_run(1), [Step(1, 0)])
    with store.read() as reader:
        assert reader.run(MINE, 1) == run
        for number in range(2, 5):
            decision = a_decision(run, number, message=f"{number}")
            with store.write() as writer:
                writer.save([decision])
                writer.create_run(a_run(number), [Step(number, 0)], an_operation(number))
            run = decision.run
            with store.read() as other:
                assert other.run(MINE, 1) == run
        assert reader.run(MINE, 1) == a_run(1)
        assert reader.runs(MINE, RunFilter(), [], 1, 10).total == 1
        assert reader.history(1, 0, 10) == []


SECONDS = 5.0
READERS = 8


@pytest.mark.slow
def test_eight_readers_and_a_writer(store: SqlStore) -> None:
    """Five seconds of it; what belongs together is always seen together."""
    faults: list[BaseException] = []
    read = [0] * READERS
    until = time.monotonic() + SECONDS
    run = add_run(store, a_run(1), [Step(1, 0)])

    def look(me: int) -> None:
        try:
            while time.monotonic() < until:
                with store.read() as reader:
                    found = reader.run(MINE, 1)
                    assert found is not None
                    seen = reader.history(1, 0, 1_000_000)
                    assert found.message == (f"{len(seen)}" if seen else None)
                    assert reader.steps(1)[0].attempt == reader.sequence(1) == len(seen)
                read[me] += 1
        except BaseException as fault:  # noqa: BLE001 - told by the test's own thread
            faults.append(fault)

    threads = [threading.Thread(target=look, args=(me,)) for me in range(READERS)]
    for thread in threads:
        thread.start()
    commits = 0
    while time.monotonic() < until and commits < 2_000:
        commits += 1
        with store.write() as writer:
            writer.save([a_decision(run, commits, steps=[Step(1, 0, attempt=commits)], message=f"{commits}")])
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert commits > 20
    assert min(read) > 5


# -- a full disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may mount a small disk; test_a_file_that_may_not_grow stands for it")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(store: SqlStore) -> tuple[Broken, int]:
    """Commit until it does not work any more; the error and the number of commits."""
    for number in range(1, 200):
        try:
            with store.write() as writer:
                writer.create_run(
                    a_run(number, params={"text": "x" * 100_000}), [Step(number, 0)], an_operation(number)
                )
        except Broken as broken:
            return broken, number - 1
    raise AssertionError("the disk was never full")


def test_a_full_disk(small_disk: Path) -> None:
    store = open_sqlite(small_disk / "headrace.db")
    broken, commits = fill(store)
    assert broken.code in ("disk_full", "database_io")
    assert commits > 2
    with store.read() as reader:
        assert [run.id for run in reader.runs_after(MINE, RunFilter(), None, 999)] == list(
            range(commits, 0, -1)
        ), "nothing half, nothing lost"
        before = everything(reader)
    again, more = fill_on(store, commits)
    assert again.code in ("disk_full", "database_io")
    assert more == 0
    subprocess.run(["mount", "-o", "remount,size=40m", str(small_disk)], check=True)
    add_run(store, a_run(1_000), [Step(1_000, 0)])
    store.check()
    with store.read() as reader:
        after = everything(reader)
    assert after.pop("run 1000")
    assert after["open"] == [*before.pop("open"), 1_000]
    assert {key: after[key] for key in before} == before
    store.close()


def fill_on(store: SqlStore, commits: int) -> tuple[Broken, int]:
    """One more commit of the size that did not fit, inside a savepoint whose error is swallowed."""
    number = commits + 1

    def attempt() -> None:
        with store.write() as writer:
            for offset in range(50):
                run = a_run(number + offset, params={"text": "x" * 100_000})
                with writer.savepoint():
                    writer.create_run(run, [Step(number + offset, 0)], an_operation(number + offset))

    try:
        attempt()
    except Broken as broken:
        return broken, 0
    return Broken("none"), 1


LIMITED = """
import resource, signal, sys
from pathlib import Path
from headrace.storage import open_sqlite
from tests.storage.samples import MINE
from headrace.ports.records import RunFilter
from tests.storage.test_sqlite import fill, a_run, add_run

store = open_sqlite(Path(sys.argv[1]))
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
broken, commits = fill(store)
with store.read() as reader:
    found = [run.id for run in reader.runs_after(MINE, RunFilter(), None, 999)]
assert found == list(range(commits, 0, -1)), found
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
add_run(store, a_run(1_000))
store.check()
store.close()
print(broken.code, commits)
"""


def test_a_file_that_may_not_grow(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "headrace.db")],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    code, commits = done.stdout.split()
    assert code in ("disk_full", "database_io")
    assert int(commits) > 2


def test_an_error_of_the_machine_ends_the_transaction(store: SqlStore) -> None:
    """Who swallows it must not go on writing without one."""

    def attempt() -> None:
        with store.write() as writer:
            writer.add_tenant(TenantRecord(1, "one"))
            with suppress(ZeroDivisionError), writer.savepoint():
                writer._connection.exec_driver_sql("ROLLBACK")  # as SQLite does by itself on a full disk
                raise ZeroDivisionError
            writer.add_tenant(TenantRecord(2, "two"))

    with pytest.raises(Broken) as broken:
        attempt()
    assert broken.value.code == "database_io"
    with store.read() as reader:
        assert reader.tenants() == []
    store.check()
