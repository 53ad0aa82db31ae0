"""A document as YAML, for people and for git."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from headrace.core.definition.document import ordered
from headrace.usecases.definitions import scalars

Json = Any

_LINE_WIDTH = 110


class _Dumper(yaml.CSafeDumper):
    """Quotes every text that our reader, or YAML 1.1, would take for something else; no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    """Texts of several lines as blocks: scripts stay readable."""
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _teach_numbers() -> None:
    """Our reader takes 1e3 for a number, which YAML 1.1 does not: as text it needs quotes."""
    for tag, pattern in (("int", scalars.INTEGER), ("float", scalars.FLOAT)):
        whole = re.compile(rf"(?:{pattern.pattern})\Z")
        _Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", whole, list("-+.0123456789"))


_Dumper.add_representer(str, _text)
_teach_numbers()


def to_yaml(document: Mapping[str, Json]) -> str:
    """The document's canonical YAML; reading it gives the same document."""
    text: str = yaml.dump(
        ordered(document), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_LINE_WIDTH
    )
    return text
