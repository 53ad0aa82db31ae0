"""What an executor can do, as far as deciding needs to know."""

from dataclasses import dataclass

from headrace.core.words import OnLost


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Declared by each executor; the core never sees the executor itself."""

    inline: bool = False  # finishes at once, in the engine's own thread; sends no Accepted
    context: bool = True  # wants the payload
    rollback: bool = False  # has a rollback of its own
    rollback_by_node: bool = False  # has one where the node writes a ``rollback`` block
    delete: bool = False
    mock: bool = False
    idempotent: bool = False  # may be started again after its worker died
    needs: tuple[tuple[str, ...], ...] = ()  # what ``with`` must hold: of each group, one
    takes: tuple[str, ...] | None = None  # all keys that ``with`` may hold; None: any

    @property
    def on_lost(self) -> OnLost:
        return OnLost.RETRY if self.idempotent else OnLost.FAIL
