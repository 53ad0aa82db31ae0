"""Names of secrets replaced by their values, right before work begins and nowhere else."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from headrace.core.messages import text
from headrace.core.refusal import Refused
from headrace.core.run.effects import HandOver
from headrace.executors.executor import Failed, refuse
from headrace.executors.inputs import shown
from headrace.executors.keeper.masks import Masks
from headrace.ports.errors import Broken
from headrace.ports.vault import ConnectionRecord, Resolver

Json = Any


NO_MASKS = Masks()


class Secrets:
    """What one attempt knows of the vault; ``masks`` hide every value it was given."""

    def __init__(self, resolver: Resolver, work: HandOver) -> None:
        self._resolver = resolver
        self._tenant: int = ((work.payload or {}).get("run") or {}).get("tenant", 0)
        self._values: list[str] = []
        self.masks = NO_MASKS

    @property
    def values(self) -> Sequence[str]:
        return self._values

    def value(self, name: Json) -> str:
        """Of a secret; Failed where there is none."""
        if not isinstance(name, str):  # a parameter may be anything
            raise refuse("work_secret_unknown", name=shown(name))
        return self._hidden(_asked(lambda: self._resolver.secret(self._tenant, name)))

    def connection(self, name: str) -> tuple[ConnectionRecord, str | None]:
        """A connection and its password; Failed where either is missing."""
        record, password = _asked(lambda: self._resolver.connection(self._tenant, name))
        return record, None if password is None else self._hidden(password)

    def _hidden(self, value: str) -> str:
        if value not in self._values:
            self._values.append(value)
            self.masks = Masks(self._values)
        return value

    def filled(self, work: HandOver) -> HandOver:
        """The work with values in the places its payload names; the same where it names none."""
        named = (work.payload or {}).get("secrets")
        if not named:
            return work
        payload = {key: item for key, item in work.payload.items() if key != "secrets"}
        for part, places in named.items():
            for path, name in places:
                payload = _with(payload, [part, *path], self.value(name))
        return replace(work, payload=payload)


def _asked(ask: Any) -> Any:
    try:
        return ask()
    except (Refused, Broken) as refused:
        raise Failed(text(refused.code, refused.values)) from None


def _with(value: Json, path: Iterable[str | int], item: Json) -> Json:
    """A copy along the path alone. What is not there any more stays away."""
    first, *rest = path
    if isinstance(value, Mapping):
        if first not in value or value[first] is None:
            return value
        return {**value, first: _with(value[first], rest, item) if rest else item}
    assert isinstance(first, int)
    return [*value[:first], _with(value[first], rest, item) if rest else item, *value[first + 1 :]]
