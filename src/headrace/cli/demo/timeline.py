"""A run's steps over time, as text."""

from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from headrace.cli.live import LOOKS, title
from headrace.cli.screen import words

Json = Any
WIDTH = 48  # characters of the time axis


def timeline(steps: list[Json]) -> Table:
    """One bar a step from its first start to its end."""
    begun = [step for step in steps if step["startedAt"]]
    first = min(_at(step["startedAt"]) for step in begun)
    last = max(_at(step["finishedAt"] or step["startedAt"]) for step in begun)
    span = max(last - first, 0.001)
    table = Table(show_edge=False, pad_edge=False, title=words("demo_timeline", seconds=f"{span:.1f}"))
    table.title_justify = "left"
    for header in ("cli_column_step", "cli_column_attempt", "cli_column_state"):
        table.add_column(words(header))
    table.add_column(f"0 s {'·' * (WIDTH - 10)} {span:.1f} s")
    for step in sorted(begun, key=lambda step: _at(step["startedAt"])):
        icon, style = LOOKS[step["status"]]
        start = _at(step["startedAt"]) - first
        end = _at(step["finishedAt"] or step["startedAt"]) - first
        offset = int(start / span * (WIDTH - 1))
        length = max(1, round((end - start) / span * WIDTH))
        bar = Text(" " * offset + "━" * min(length, WIDTH - offset), style=style)
        state = Text(f"{icon} {step['status']}×{step['operation']}", style=style)
        table.add_row(title(step), str(step["attempt"]), state, bar)
    return table


def _at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
