"""A user of the tasks API before a real server, and gates that hold steps until a test lets them go."""

import os
import select
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal

import httpx2

from tests.api import flows
from tests.api.conftest import Running

Json = Any
SECONDS = 30.0
TASKS = "/api/v2/tasks/instances"
_numbers = count(1)


class Gate:
    """Two named pipes: a script tells that it has arrived, then waits for a word."""

    def __init__(self, folder: Path) -> None:
        number = next(_numbers)
        self._up, self._go = folder / f"{number}.up", folder / f"{number}.go"
        for path in (self._up, self._go):
            os.mkfifo(path)
        # Open at both ends: neither side ever waits for the other to open.
        self._files = [os.open(path, os.O_RDWR | os.O_NONBLOCK) for path in (self._up, self._go)]

    @property
    def script(self) -> str:
        """Waits; the script goes on when it was let go with ``y`` and fails otherwise.

        One byte a word: of longer ones, two scripts that wait at once could take a part each.
        """
        take = f"$(dd bs=1 count=1 < {self._go} 2> /dev/null)"
        return f'echo up >> {self._up}; [ "{take}" = y ] || exit 9'

    def arrived(self) -> None:
        """Until a script is there."""
        ready, _, _ = select.select([self._files[0]], [], [], SECONDS)
        assert ready, "no step arrived at the gate"
        assert os.read(self._files[0], 3) == b"up\n"

    def crowded(self) -> bool:
        """Whether one more script is there right now."""
        return bool(select.select([self._files[0]], [], [], 0)[0])

    def go(self, word: Literal["y", "n"] = "y") -> None:
        """Let one script go."""
        os.write(self._files[1], word.encode())

    def drained(self) -> None:
        """Take back a word that nobody has read."""
        with suppress(BlockingIOError):
            os.read(self._files[1], 100)

    def close(self) -> None:
        for file in self._files:
            os.close(file)


class Trace:
    """A file to which scripts append words, in the order in which they ran."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"{next(_numbers)}.trace"

    def says(self, word: str) -> str:
        """A line of a script."""
        return f"echo {word} >> {self._path}"

    @property
    def words(self) -> list[str]:
        return self._path.read_text().split() if self._path.exists() else []


@dataclass
class Desk:
    """Starts tasks natively, and does everything else over the tasks API."""

    live: Running
    client: httpx2.Client

    def publish(self, *nodes: Json, name: str | None = None, **spec: Json) -> str:
        """A new workflow of these nodes; its name."""
        return flows.publish(self.client, flows.workflow(name or f"task-{next(_numbers)}", *nodes, **spec))

    def start(self, *nodes: Json, **spec: Json) -> int:
        """A task of these nodes."""
        return flows.start(self.client, self.publish(*nodes, **spec))

    def call(self, method: str, path: str, expect: int = 200, **more: Json) -> Json:
        """The envelope; asserts the status."""
        answer = self.client.request(method, f"{TASKS}{path}", **more)
        assert answer.status_code == expect, answer.text
        envelope = answer.json()
        check_envelope(answer, envelope)
        return envelope

    def page(self, *pairs: tuple[str, str], **params: Json) -> Json:
        """``data`` of the list."""
        given = [*pairs, *((key, str(value)) for key, value in params.items())]
        return self.call("GET", "", params=given)["data"]

    def task(self, task: int) -> Json:
        return self.call("GET", f"/{task}")["data"]

    def subtasks(self, task: int) -> list[Json]:
        found: list[Json] = self.task(task)["subtasks"]
        return found

    def sub(self, task: int, name: str) -> Json:
        """The subtask of that name; of a fan-out the first."""
        return by_name(self.task(task), name)

    def states(self, task: int) -> dict[str, str]:
        """``STATUS/OPERATION`` by name."""
        return {sub["name"]: f"{sub['status']}/{sub['operation']}" for sub in self.subtasks(task)}

    def verb(self, task: int, verb: str, sub: str | None = None, expect: int = 200) -> Json:
        """Tell a task, or the subtask of that name; the envelope."""
        where = f"/{task}" if sub is None else f"/{task}/subtasks/{self.sub(task, sub)['id']}"
        return self.call("POST", f"{where}/{verb}", expect)

    def refused(self, task: int, verb: str, sub: str | None = None, code: int = 20003) -> Json:
        """The error of a verb that is refused with 400."""
        error = self.verb(task, verb, sub, 400)["error"]
        assert error["code"] == code, error
        return error

    def log(self, task: int, sub: str) -> str:
        text: str = self.call("GET", f"/{task}/subtasks/{self.sub(task, sub)['id']}/log")["data"]["log"]
        return text

    def when(self, task: int, holds: Callable[[Json], bool]) -> Json:
        """The task, as soon as ``holds`` is true of it; woken by what happens to it."""
        flows.until(self.client, task, lambda _: holds(self.task(task)))
        return self.task(task)

    def sub_is(self, task: int, name: str, status: str) -> Json:
        """The subtask, as soon as it has this status."""
        return by_name(self.when(task, lambda now: by_name(now, name)["status"] == status), name)

    def ended(self, task: int, status: str = "SUCCESSFUL") -> Json:
        """The task when it is not RUNNING any more; asserts its status."""
        now = self.when(task, lambda now: now["status"] != "RUNNING")
        assert now["status"] == status, now
        return now

    def history(self, task: int) -> list[list[Json]]:
        """What each commit changed, oldest first."""
        with self.live.system.store.read() as reader:
            return [list(row.changes) for row in reader.history(task, 0, 10_000)]


def by_name(task: Json, name: str) -> Json:
    return next(sub for sub in task["subtasks"] if sub["name"] == name)


def check_envelope(answer: httpx2.Response, envelope: Json) -> None:
    """Complete, and the same as HTTP says."""
    ok = answer.status_code < 400
    assert envelope["status"] == answer.status_code
    assert envelope["successful"] is ok
    assert isinstance(envelope["duration"], int)
    assert len(envelope["traceId"]) == 16
    assert envelope["server"] == "127.0.0.1"
    assert envelope["timestamp"].endswith("+00:00")
    if not ok:
        assert "data" not in envelope
        assert isinstance(envelope["error"]["code"], int)
        assert envelope["error"]["message"]
