"""The tables: ``bench/README.md`` from the stored figures."""

from pathlib import Path
from typing import Any

from bench.peers.shapes import CHAIN, LENGTH, MANY, STEPS, WIDE

Json = Any

PAGE = Path(__file__).parent / "README.md"

HEAD = f"""# Benchmarks

`make bench` measures Headrace beside its peers on one machine in one run and writes this page. Choose with
`make bench ONLY=B1,B2 PEERS=none`. Absolute times belong to a machine; what counts are the ratios. Every
subject runs in a process of its own, in changing order; half a second of each shape goes before what is
measured. Peers are installed into environments of their own under `.bench/`. All steps do nothing: what is
measured is the engine around them. Whether all of them succeeded is looked up when the clock has stopped.
Figures are medians, with the smallest and the largest of all rounds in brackets.

| | what |
|---|---|
| B1 wide | one run: 1 step, then {WIDE}, then 1 |
| B2 chain | one run: {CHAIN} steps in sequence |
| B3 many | {MANY} runs of {LENGTH} steps in sequence, all at once |
| B4 large | B1 with {STEPS["large"]:,} steps: cost per step against B1 |
| B5 shell | {STEPS["shell"]} steps of `true` against the process starts the machine can do |
| B6 history | lists and details with a million stored runs against a thousand |
| B7 memory | of the server with its child processes, at rest and after B1 to B3 |
| B8 crash | the server is killed in the middle of 200 jobs and started again |
"""

NOTES = """
Headrace commits every transition to SQLite with `synchronous=FULL` before anything leaves the process.
Peers run as their packages ship them, in the arrangement that is fastest for them here: client and worker in
one process. Where a peer has no graph of its own (Taskiq, Dramatiq), a step that ends sends the next one and
joins are counted in memory, so that what is durable is its queue, not the state of a run.
"""


def write(results: Json) -> None:
    """Write the page."""
    parts = [HEAD, _machine(results), summary(results), NOTES]
    PAGE.write_text("\n".join(part.strip("\n") + "\n" for part in parts if part))


def summary(results: Json) -> str:
    """The tables alone."""
    tables = (_peers, _large, _starts, _history, _memory, _crash)
    return "\n".join(text for table in tables if (text := table(results)))


def _machine(results: Json) -> str:
    m = results["machine"]
    return (
        f"Measured on {results['date']}: {m['cores']} cores of {m['processor']}, {m['memory_gb']} GB, "
        f"{m['kernel']}, Python {m['python']}, SQLite {m['sqlite']}; "
        f"a flushed 4 KB write takes {m['fsync_ms']} ms."
    )


def _peers(results: Json) -> str:
    rows = results.get("B1-B4")
    if not rows:
        return ""
    lines = [
        "## B1 to B3: side by side\n",
        "| | B1 wide, steps/s | B2 chain, ms/hop | B3 many, steps/s | MB rest / after | survives a crash |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        cells = [
            _spread(row.get(shape), digits) for shape, digits in (("wide", 0), ("chain", 2), ("many", 0))
        ]
        memory = f"{row['rest_mb']['median']:.0f} / {row['after_mb']['median']:.0f}"
        lines.append(f"| {_title(row)} | {' | '.join(cells)} | {memory} | {row['durable']} |")
    return "\n".join(lines) + "\n"


def _title(row: Json) -> str:
    packages = ", ".join(package.replace("==", " ") for package in row["packages"] if "==" in package)
    return f"{row['name']} ({packages})" if packages else f"**{row['name']}**"


def _large(results: Json) -> str:
    row = next((row for row in results.get("B1-B4", []) if "large" in row), None)
    if row is None:
        return ""
    ratio = row["wide"]["median"] / row["large"]["median"]
    return (
        f"## B4: {STEPS['large']:,} steps in one run\n\n"
        f"{_spread(row['large'], 0)} steps/s, {ratio:.2f} times B1's cost of a step (at most 1.3 wanted).\n"
    )


def _starts(results: Json) -> str:
    found = results.get("B5")
    if not found:
        return ""
    rate = found["rate"]["median"]
    limits = ("limit", "limit_all", "limit_true")
    share, share_all, share_true = (rate / found[limit]["median"] for limit in limits)
    return (
        f"## B5: shell steps\n\n{_spread(found['rate'], 0)} steps/s. One process that does nothing else "
        f"starts {_spread(found['limit'], 0)} shells/s, of which this is {share:.0%} (60 % is wanted); "
        f"one process a core starts {_spread(found['limit_all'], 0)}, of which it is {share_all:.0%}. "
        f"Of `/bin/true` without a shell one process starts {_spread(found['limit_true'], 0)}: "
        f"{share_true:.0%}.\n"
    )


def _history(results: Json) -> str:
    found = results.get("B6")
    if not found:
        return ""
    small, large = found["small"], found["large"]
    lines = [
        "## B6: a long history\n",
        f"| call over HTTP, p50 / p99 ms | {small['runs']:,} runs | {large['runs']:,} runs | p99 ratio |",
        "|---|---|---|---|",
    ]
    for call, before in small["calls"].items():
        after = large["calls"][call]
        cells = [f"{each['p50_ms']} / {each['p99_ms']}" for each in (before, after)]
        lines.append(f"| {call} | {' | '.join(cells)} | {after['p99_ms'] / before['p99_ms']:.2f} |")
    lines.append(f"\nLists of 100: {small['pages']:.0f} and {large['pages']:.0f} pages/s.")
    return "\n".join(lines) + "\n"


def _memory(results: Json) -> str:
    found = results.get("B7")
    if not found:
        return ""
    rest, after = found["rest_mb"], found["after_mb"]
    return f"## B7: memory of the server\n\n{rest} MB at rest, {after} MB after B1 to B3.\n"


def _crash(results: Json) -> str:
    found = results.get("B8")
    if not found:
        return ""
    return (
        "## B8: killed in the middle\n\n"
        f"{found['finished']} of {found['jobs']} jobs finished within {found['seconds']} s of the kill, "
        f"{found['succeeded_once']} of them with exactly one successful attempt; "
        f"{found['written']} left their mark, {found['written_twice']} of them twice.\n"
    )


def _spread(figure: Json | None, digits: int) -> str:
    if figure is None:
        return "–"
    median, low, high = (f"{figure[key]:,.{digits}f}" for key in ("median", "min", "max"))
    return f"{median} ({low}–{high})"
