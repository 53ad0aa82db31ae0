"""The pages' own texts, so that one test can drive them in either language."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

PLACE = Path(__file__).parents[2] / "ui" / "src" / "i18n"


def texts(language: str, file: str) -> Callable[..., str]:
    """A function from a key, such as ``secrets.new``, and values to the text in this language."""
    found: Any = json.loads((PLACE / language / f"{file}.json").read_text(encoding="utf-8"))

    def said(key: str, **values: object) -> str:
        text = found
        for part in key.split("."):
            text = text[part]
        for name, value in values.items():
            text = text.replace("{{" + name + "}}", str(value))
        return str(text)

    return said
