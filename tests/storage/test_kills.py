"""What a commit promises when the process is killed beside it, on both databases."""

import pytest

from headrace.ports.records import TenantRecord
from tests.storage.conftest import Opener
from tests.storage.processes import KILLED, run, started


def test_killed_after_the_commit_it_is_there(address: str, opened: Opener) -> None:
    done = run(address, "one", "store_after_commit")
    assert (done.returncode, done.stdout) == (KILLED, "ready\n")
    with opened().read() as reader:
        assert reader.tenants() == [TenantRecord(1, "one")]


def test_killed_before_the_commit_nothing_is_there(address: str, opened: Opener) -> None:
    done = run(address, "one", "store_before_commit")
    assert (done.returncode, done.stdout) == (KILLED, "ready\n")
    with opened().read() as reader:
        assert reader.tenants() == []


@pytest.mark.parametrize("commits", [1, 2, 5, 40])
def test_killed_at_any_time_what_was_told_is_there(address: str, opened: Opener, commits: int) -> None:
    with started(address, "many") as child:
        assert child.stdout is not None
        for _ in range(commits):
            last = child.stdout.readline()
        child.kill()
        told = [last, *child.stdout]
    numbers = [int(line) for line in told if line.endswith("\n")]
    with opened().read() as reader:
        found = [tenant.id for tenant in reader.tenants()]
    assert found == list(range(1, len(found) + 1)), "no gap: a commit is all of what went before it"
    assert len(found) in (numbers[-1], numbers[-1] + 1), "at most the one that could not be told any more"


def test_a_second_engine_is_refused_until_the_first_is_killed(address: str, opened: Opener) -> None:
    with started(address, "hold") as child:
        refused = run(address, "open").stdout.split()
        assert refused[0] == "database_locked"
        if "://" not in address:
            assert refused[1] == str(child.pid)
        else:
            assert refused[1].isdigit(), "the server's process that holds the lock"
        child.kill()
        child.wait()
    # PostgreSQL notices a moment later that its client is gone.
    for _ in range(100):
        if run(address, "open").stdout == "ready\n":
            break
    else:
        pytest.fail("the lock outlived its holder")
    opened().check()
