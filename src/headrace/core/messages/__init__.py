"""Every message a person can see, by code, in English and zh-CN.

Each area has a module with a dict ``MESSAGES: {code: (english, chinese)}``; texts use ``str.format``
fields that are filled with values, never with code.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Literal

Language = Literal["en", "zh"]
AREAS = (
    "definition",
    "run",
    "http",
    "identity",
    "licence",
    "resources",
    "system",
    "cli",
    "schedule",
    "vault",
    "alarms",
    "invocation",
    "executors",
    "settings",
    "said",
)


def _load() -> dict[str, tuple[str, str]]:
    merged: dict[str, tuple[str, str]] = {}
    for area in AREAS:
        for code, pair in import_module(f"{__name__}.{area}").MESSAGES.items():
            if code in merged:
                raise ValueError(f"message {code} is defined twice")
            merged[code] = pair
    return merged


CATALOGUE = _load()


class _Values(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return f"<{key}>"


def text(
    code: str,
    values: Mapping[str, object],
    language: Language = "en",
    words: Sequence[tuple[str, str]] = (),
) -> str:
    """The message for ``code`` with ``values`` filled in; an unknown code is returned as it is.

    ``words`` are a surface's own for ours; values stay as they are.
    """
    pair = CATALOGUE.get(code)
    if pair is None:
        return code
    template = pair[language == "zh"]
    for ours, theirs in words:
        template = template.replace(ours, theirs)
    return template.format_map(_Values(values))
