"""Luigi with its scheduler and worker in this process. What is done is remembered in memory only: it has
no database of its own for that, so nothing here is durable."""

import logging

import luigi
from shapes import CHAIN, LENGTH, MANY, WARM_UP, WIDE, arguments, run

folder, wanted = arguments()
logging.disable(logging.CRITICAL)
done: set[tuple[str, int]] = set()


class Nothing(luigi.Task):
    """Remembers that it ran."""

    name = luigi.Parameter()
    place = luigi.IntParameter()

    def complete(self) -> bool:
        return (self.name, self.place) in done

    def run(self) -> None:
        done.add((self.name, self.place))


class Link(Nothing):
    def requires(self) -> list[luigi.Task]:
        return [Link(self.name, self.place - 1)] if self.place else []


class Branch(Nothing):
    def requires(self) -> list[luigi.Task]:
        return [Nothing(f"{self.name}-root", 0)]


class Join(Nothing):
    def requires(self) -> list[luigi.Task]:
        return [Branch(self.name, place) for place in range(self.place)]

    def complete(self) -> bool:
        return (self.name, -1) in done

    def run(self) -> None:
        done.add((self.name, -1))


async def build(tasks: list[luigi.Task]) -> None:
    done.clear()
    if not luigi.build(tasks, local_scheduler=True, log_level="CRITICAL"):
        raise RuntimeError("Luigi did not finish")


def chain(name: str, length: int) -> luigi.Task:
    return Link(name, length - 1)


run(
    {
        "wide": lambda: build([Join("wide", WIDE)]),
        "chain": lambda: build([chain("chain", CHAIN)]),
        "many": lambda: build([chain(f"many-{number}", LENGTH) for number in range(MANY)]),
    },
    lambda: build([chain("warm-up", WARM_UP)]),
    wanted,
)
