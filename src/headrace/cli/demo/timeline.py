"""A run's attempts over time, as text: one row a step, one bar an attempt."""

from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from headrace.cli.live import LOOKS, Picture, title
from headrace.cli.screen import words
from headrace.cli.session import Session

Json = Any
WIDTH = 30  # characters of the time axis
BARS = {"SUCCESSFUL": ("█", "green"), "FAILED": ("▒", "red"), "ROLLBACK": ("◀", "yellow")}


def timeline(s: Session, picture: Picture) -> Table:
    """Every attempt from its start to its end, with how it ended; a rollback points backwards."""
    attempts = {id: _attempts(s, picture, step) for id, step in picture.steps.items() if step["attempt"]}
    every = [attempt for found in attempts.values() for attempt in found]
    first = min(_at(attempt["startedAt"]) for attempt in every)
    span = max(max(_at(attempt["finishedAt"]) for attempt in every) - first, 0.001)
    table = Table(show_edge=False, pad_edge=False, title=words("demo_timeline", seconds=f"{span:.1f}"))
    table.title_justify = "left"
    for header in (words("cli_column_step"), words("cli_column_state"), ""):
        table.add_column(header, no_wrap=True)
    for step_id, found in attempts.items():
        step = picture.steps[step_id]
        icon, style = LOOKS[step["status"]]
        table.add_row(title(step), Text(f"{icon} {step['status']}", style=style), _bars(found, first, span))
    return table


def _attempts(s: Session, picture: Picture, step: Json) -> list[Json]:
    found = s.get(f"/runs/{picture.run['id']}/steps/{step['id']}/attempts")["items"]
    return [attempt for attempt in found if attempt["startedAt"] and attempt["finishedAt"]]


def _bars(attempts: list[Json], first: float, span: float) -> Text:
    cells: list[tuple[str, str]] = [(" ", "")] * WIDTH
    for attempt in attempts:
        kind = "ROLLBACK" if attempt["operation"] == "ROLLBACK" else attempt["status"]
        start = int((_at(attempt["startedAt"]) - first) / span * (WIDTH - 1))
        end = int((_at(attempt["finishedAt"]) - first) / span * (WIDTH - 1))
        cells[start : end + 1] = [BARS[kind]] * (end + 1 - start)
    return Text.assemble(*cells)


def _at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
