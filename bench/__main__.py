"""``python -m bench``: run the chosen benchmarks, store the figures, write the tables."""

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

from bench import crash, history, idle, machine, report, rounds, starts
from bench.subjects import chosen, forget

Json = Any

ALL = ["B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8"]
RESULTS = Path(__file__).parent / "results" / "results.json"


def main() -> None:
    options = _options()
    only = [name.strip().upper() for name in options.only.split(",")] if options.only else ALL
    unknown = sorted(set(only) - set(ALL))
    if unknown:
        raise SystemExit(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(ALL)}")
    # As after an ordinary installation: nobody compiles sources at every start, which costs memory, too.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    forget()
    started = time.monotonic()
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for part in _measured(only, options):
        results.update(part)
        _store(results)
    print(report.summary(results))
    print(f"\n{time.monotonic() - started:.0f} s; bench/README.md and bench/results have the tables")


def _measured(only: list[str], options: argparse.Namespace) -> Any:
    print("machine", flush=True)
    yield {"machine": machine.describe(), "date": time.strftime("%Y-%m-%d", time.gmtime())}
    if set(only) & set(rounds.SHAPE_OF):
        print("B1 to B4: the same shapes side by side", flush=True)
        yield rounds.measure(only, chosen(options.peers), options.rounds)
    for name, measure in {"B5": starts, "B7": idle, "B8": crash, "B6": history}.items():
        if name in only:
            print(f"{name}: {(measure.__doc__ or '').partition(': ')[2].splitlines()[0]}", flush=True)
            part = measure.measure()
            print(f"  {json.dumps(part[name])}", flush=True)
            yield part


def _store(results: Json) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    report.write(results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--only", help="a comma list, for example B1,B2; all by default")
    parser.add_argument("--peers", default="all", help="all, none, or a comma list of names")
    parser.add_argument("--rounds", type=int, default=5, help="how often each subject runs the shapes")
    return parser.parse_args()


if __name__ == "__main__":
    main()
