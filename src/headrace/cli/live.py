"""A run as it goes: a table that redraws itself at a terminal, plain lines anywhere else."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx2
from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from headrace.cli.screen import UNREACHABLE, clean, fail, out, printable, window, words
from headrace.cli.session import Session, genuine, succeeded

Json = Any
OnEnd = Callable[[Json], None] | None
LOOKS = {
    "PENDING": ("·", "dim"),
    "READY": ("○", "cyan"),
    "RUNNING": ("▶", "blue"),
    "CANCELING": ("◐", "yellow"),
    "SUCCESSFUL": ("✓", "green"),
    "FAILED": ("✗", "red"),
    "BYPASSED": ("–", "dim"),
}
ACTIVE = {"READY", "RUNNING", "CANCELING"}
PEOPLE = {"approval": "cli_waits_approval", "choice": "cli_waits_choice", "debug": "cli_waits_debug"}
HINTS_MAX = 5
ROWS_MAX = 60  # of a table; a wider run shows what is at work and what failed
NAME_MIN = 16  # columns of a name that is cut
FRAME = 7  # lines of a drawing that are no steps, hints left out
SECONDS = 30.0  # of silence, after which a server counts as gone; it says every few seconds that it is there


@dataclass
class Picture:
    """What is known of a run by now."""

    run: Json
    steps: dict[int, Json] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    patient: bool = True

    @property
    def enough(self) -> bool:
        """Whether there is nothing more to see."""
        return self.over or (not self.patient and self.waits_for_people)

    @property
    def over(self) -> bool:
        return bool(self.run["status"] != "RUNNING")

    @property
    def state(self) -> str:
        """Status, with the operation where it is not the first."""
        run = self.run
        return f"{run['status']}" + ("" if run["operation"] == "EXECUTE" else f" × {run['operation']}")

    @property
    def waits_for_people(self) -> bool:
        """Whether nothing goes on until a person acts."""
        active = [step for step in self.steps.values() if step["status"] in ACTIVE]
        return bool(self.run["paused"] or active) and all(step["wait"] in PEOPLE for step in active)


def seconds(thing: Json) -> str:
    """How long a step, a run or an attempt has taken."""
    if not thing["startedAt"]:
        return ""
    end = _instant(thing["finishedAt"]) if thing["finishedAt"] else datetime.now(UTC)
    return f"{(end - _instant(thing['startedAt'])).total_seconds():.1f} s"


def _instant(value: str) -> datetime:
    return datetime.fromisoformat(value)


def follow(
    s: Session, run_id: int, deadline: float | None = None, *, patient: bool = True, on_end: OnEnd = None
) -> Picture:
    """Show the run until it is not RUNNING any more, or ``deadline`` (monotonic) has passed.

    Not ``patient``: also until only people are waited for. ``on_end`` is told of each attempt that ended.
    """
    picture = Picture(s.get(f"/runs/{run_id}"), patient=patient)
    look(s, picture)
    console = out()
    told = Told(on_end)
    if console.is_terminal:
        _draw(s, picture, console, deadline, told)
    else:
        _write(s, picture, console, deadline, told)
    return picture


class Told:
    """Which ended attempts have been told of."""

    def __init__(self, on_end: OnEnd) -> None:
        self._on_end = on_end
        self._known: set[tuple[int, int]] = set()

    def news(self, picture: Picture) -> None:
        """Tell of what has ended since the last time."""
        if self._on_end is None:
            return
        for step in picture.steps.values():
            key = (step["id"], step["attempt"])
            if step["attempt"] and step["status"] not in ACTIVE | {"PENDING"} and key not in self._known:
                self._known.add(key)
                self._on_end(step)


def look(s: Session, picture: Picture) -> None:
    """Read run and steps anew; the run first, so that an ended run's steps are as they ended."""
    run_id = picture.run["id"]
    picture.run = s.get(f"/runs/{run_id}")
    picture.steps = {step["id"]: step for step in s.get(f"/runs/{run_id}/steps")["items"]}


def _draw(s: Session, picture: Picture, console: Console, deadline: float | None, told: Told) -> None:
    live = Live(get_renderable=lambda: drawing(picture, console), console=console, refresh_per_second=8)
    with window(console), live:
        for _ in _changes(s, picture, deadline):
            look(s, picture)
            told.news(picture)
            if picture.enough:
                return


def _write(s: Session, picture: Picture, console: Console, deadline: float | None, told: Told) -> None:
    shown: dict[int, tuple[Any, ...]] = {}
    for _ in _changes(s, picture, deadline):
        look(s, picture)
        for step in picture.steps.values():
            state = (step["status"], step["operation"], step["attempt"], step["wait"])
            idle = step["status"] == "PENDING" and step["operation"] != "ROLLBACK"
            if not idle and shown.get(step["id"]) != state:
                shown[step["id"]] = state
                console.print(line(step))
                if step["wait"] in PEOPLE:
                    console.print(hint(picture, step))
        told.news(picture)
        if picture.enough:
            return


def _changes(s: Session, picture: Picture, deadline: float | None) -> Iterator[None]:
    """Once now, then whenever the run has changed; several changes in a row count as one."""
    yield
    since = 0
    while not picture.enough and (deadline is None or time.monotonic() < deadline):
        since = yield from _stream(s, picture, since, deadline)


def _stream(s: Session, picture: Picture, since: int, deadline: float | None) -> Any:
    """One connection's worth of events; the last sequence number seen."""
    headers = {"Last-Event-ID": str(since)}
    path = f"/api/v1/runs/{picture.run['id']}/events"
    left = SECONDS if deadline is None else min(SECONDS, max(0.0, deadline - time.monotonic()))
    limits = httpx2.Timeout(SECONDS, read=left)
    try:
        with s.client.stream("GET", path, headers=headers, timeout=limits) as answer:
            if not genuine(answer).is_success:  # a token revoked meanwhile, say: asking again ends nothing
                answer.read()
                succeeded(answer)
            for text in answer.iter_lines():
                if text.startswith("id:"):
                    since = int(text[3:])
                elif text.startswith("data:") and _is_news(picture, text[5:]):
                    yield
                if picture.enough or (deadline is not None and time.monotonic() > deadline):
                    return since
    except httpx2.TransportError as error:
        if deadline is None or time.monotonic() < deadline:
            fail(UNREACHABLE, "cli_unreachable", url=s.client.base_url, error=error)
    return since


def _is_news(picture: Picture, data: str) -> bool:
    """Whether run and steps must be read anew; progress is noted at once instead."""
    news = False
    for change in json.loads(data)["changes"]:
        if "progress" not in change or "status" in change:
            news = True
        elif change["step"] in picture.steps:
            step = picture.steps[change["step"]]
            step["progress"], step["message"] = change["progress"], change["message"]
    return news


def state_text(step: Json) -> Text:
    """Icon and word: never the colour alone."""
    icon, style = LOOKS[step["status"]]
    more = step["wait"] or step["reason"]
    return Text(f"{icon} {step['status']}" + (f" ({more})" if more else ""), style=style)


def title(step: Json) -> str:
    """The step's name, with its place in a fan-out."""
    return clean(f"{step['name'] or step['node']}{_place(step)}")


def _place(step: Json) -> str:
    return f"[{step['parallelIdx']}]" if step["parallelIdx"] >= 0 else ""


def drawing(picture: Picture, console: Console) -> Group:
    """The table, and what people are waited for. While the run goes on it fits the terminal, a line a step;
    in the end it is whole."""
    waiting = [step for step in picture.steps.values() if step["wait"] in PEOPLE][:HINTS_MAX]
    hints = [_whole(hint(picture, step)) for step in waiting]
    lines = sum(-(-each.cell_len // console.width) for each in hints)
    room = ROWS_MAX if picture.over else min(ROWS_MAX, max(1, console.height - FRAME - lines))
    shown = _shown(picture, room)
    if len(shown) < len(picture.steps):
        hints.insert(0, _whole(words("cli_more_steps", count=len(picture.steps) - len(shown))))
    return Group(_table(picture, shown, console.width), *hints)


def _whole(markup: str) -> Text:
    """On as many lines as it needs: of a command that is cut the step's number would be another one."""
    made = Text.from_markup(markup, overflow="fold")
    made.no_wrap = False
    return made


def _table(picture: Picture, shown: list[Json], width: int) -> Table:
    run = picture.run
    head = f"{clean(run['workflow'])} · {run['id']} · {run['status']} × {run['operation']}"
    made = Table(title=head, title_justify="left", expand=False)
    for column in ("step", "state", "attempt", "time", "message"):
        wraps = column == "message" or (column == "step" and picture.over)
        made.add_column(words(f"cli_column_{column}"), no_wrap=not wraps, overflow="fold")
    for step in shown:
        message = (step["message"] or "")[:80]
        if step["progress"] is not None and step["status"] == "RUNNING":
            message = f"{step['progress']:.0f} % {message}"
        name, said = Text(printable(step["name"] or step["node"])), Text(printable(message))
        if not picture.over:
            name.truncate(max(NAME_MIN, width // 4), overflow="ellipsis")
            said.no_wrap, said.overflow = True, "ellipsis"
        state, attempt = state_text(step), str(step["attempt"] or "")
        made.add_row(name.append(_place(step)), state, attempt, seconds(step), said)
    return made


def hint(picture: Picture, step: Json) -> str:
    """What a person can do about a step that waits for one."""
    return words(PEOPLE[step["wait"]], run=picture.run["id"], step=step["id"])


def _shown(picture: Picture, room: int) -> list[Json]:
    """The steps there is room for, in their order; those that are at work or failed go first."""
    quiet = {"PENDING", "SUCCESSFUL", "BYPASSED"}
    urgent = sorted(picture.steps.values(), key=lambda step: step["status"] in quiet)
    taken = {step["id"] for step in urgent[:room]}
    return [step for step in picture.steps.values() if step["id"] in taken]


def line(step: Json) -> str:
    """One change, for logs and pipes."""
    icon, _ = LOOKS[step["status"]]
    verb = "" if step["operation"] == "EXECUTE" else f" × {step['operation']}"
    parts = [icon, f"{step['status'] + verb:<10}", title(step)]
    if step["attempt"] > 1:
        parts.append(f"#{step['attempt']}")
    parts += [clean(step[key]) for key in ("wait", "reason", "message") if step[key]]
    if step["finishedAt"]:
        parts.append(seconds(step))
    return "  ".join(parts)
