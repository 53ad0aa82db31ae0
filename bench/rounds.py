"""B1 to B4: the same shapes by every subject, one after the other, several times, in changing order."""

from typing import Any

from bench.figures import summary
from bench.peers.shapes import STEPS
from bench.subjects import HEADRACE, Subject, install, play

Json = Any

SHAPE_OF = {"B1": "wide", "B2": "chain", "B3": "many", "B4": "large"}
PEERS_TAKE_PART = ("wide", "chain", "many")


def measure(only: list[str], peers: list[Subject], rounds: int) -> Json:
    """By benchmark, by subject: the rate or the time per hop, with its spread."""
    shapes = [SHAPE_OF[name] for name in only if name in SHAPE_OF]
    if "large" in shapes and "wide" not in shapes:
        shapes.insert(0, "wide")  # B4 is a ratio to B1
    taking_part = [HEADRACE, *_installed(peers if set(shapes) & set(PEERS_TAKE_PART) else [])]
    answers: dict[str, list[Json]] = {subject.name: [] for subject in taking_part}
    for number in range(rounds):
        turn = number % len(taking_part)
        for subject in [*taking_part[turn:], *taking_part[:turn]]:
            own = shapes if subject is HEADRACE else [shape for shape in shapes if shape in PEERS_TAKE_PART]
            answer = play(subject, own)
            print(f"  round {number + 1}  {subject.name:27} {_spoken(answer)}", flush=True)
            answers[subject.name].append(answer)
    return {"B1-B4": [_row(subject, answers[subject.name]) for subject in taking_part]}


def _installed(peers: list[Subject]) -> list[Subject]:
    found = []
    for peer in peers:
        reason = install(peer)
        if reason is None:
            found.append(peer)
        else:
            print(f"  {peer.name} takes no part, it cannot be installed here: {reason}", flush=True)
    return found


def _row(subject: Subject, answers: list[Json]) -> Json:
    row: Json = {"name": subject.name, "durable": subject.durable, "packages": list(subject.packages)}
    for shape in answers[0]["seconds"]:
        rates = [_figure(shape, answer["seconds"][shape]) for answer in answers]
        row[shape] = summary(rates, 4 if shape == "chain" else 0)
    row["rest_mb"] = summary([answer["rest_mb"] for answer in answers], 0)
    row["after_mb"] = summary([answer["after_mb"] for answer in answers], 0)
    return row


def _figure(shape: str, seconds: float) -> float:
    """Milliseconds per hop for the chain, steps per second for the others."""
    return seconds * 1000 / STEPS[shape] if shape == "chain" else STEPS[shape] / seconds


def _spoken(answer: Json) -> str:
    words = [
        f"{shape} {_figure(shape, seconds):.2f} ms/hop"
        if shape == "chain"
        else f"{shape} {_figure(shape, seconds):.0f}/s"
        for shape, seconds in answer["seconds"].items()
    ]
    return "  ".join([*words, f"{answer['rest_mb']:.0f} -> {answer['after_mb']:.0f} MB"])
