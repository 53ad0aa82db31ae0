"""Fresh ids for decisions, taken from the store in blocks."""

from collections.abc import Iterator

from headrace.ports.store import Writer

BLOCK = 1_000


class BlockIds:
    """``usecases.runs.RunIds``; ``writer`` is set for the length of each transaction.

    A block outlives a transaction that is rolled back: its ids are simply skipped or used later, the
    store never gives them again.
    """

    def __init__(self) -> None:
        self.writer: Writer | None = None
        self.starts = 1  # runs the batch is about to start: people see these ids, so none is skipped
        self._left: dict[str, Iterator[int]] = {}

    def run(self) -> int:
        return self._take("run", self.starts)

    def step(self) -> int:
        return self._take("step")

    def operation(self) -> int:
        return self._take("operation")

    def _take(self, what: str, block: int = BLOCK) -> int:
        for left in self._left.get(what, ()):
            return left
        assert self.writer is not None, "ids are given within a transaction"
        self._left[what] = iter(self.writer.allocate(what, block))
        return next(self._left[what])

    def forget(self) -> None:
        """After a rollback, blocks taken within it are not ours."""
        self._left.clear()
