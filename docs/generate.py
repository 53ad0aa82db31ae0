"""Write docs/states.md and docs/states.zh-CN.md from the transition table: ``make docs``."""

from pathlib import Path

from headrace.core.run.table import RUN_MOVES, STEP_MOVES

DOCS = Path(__file__).parent

TEXTS = {
    "states.md": (
        "# States",
        "[中文](states.zh-CN.md)",
        "Generated from `src/headrace/core/run/table.py`; change the table, then run `make docs`.",
        "## Steps",
        "## Runs",
        "| from | move | to |",
    ),
    "states.zh-CN.md": (
        "# 状态",
        "[English](states.md)",
        "本页由 `src/headrace/core/run/table.py` 生成；请修改该表，然后执行 `make docs`。",
        "## 步骤",
        "## 运行",
        "| 原状态 | 动作 | 新状态 |",
    ),
}


def page(name: str) -> str:
    """The text of one page."""
    title, twin, note, steps, runs, head = TEXTS[name]
    parts = [title, twin, note, steps, *_machine(STEP_MOVES, head), runs, *_machine(RUN_MOVES, head)]
    return "\n\n".join(parts) + "\n"


def _machine(moves: dict, head: str) -> list[str]:
    arrows = [f"    {before} --> {after}: {move}" for (before, move), after in moves.items()]
    rows = [f"| `{before}` | `{move}` | `{after}` |" for (before, move), after in moves.items()]
    diagram = "\n".join(["```mermaid", "stateDiagram-v2", *arrows, "```"])
    return [diagram, "\n".join([head, "|---|---|---|", *rows])]


if __name__ == "__main__":
    for file in TEXTS:
        (DOCS / file).write_text(page(file), encoding="utf-8")
