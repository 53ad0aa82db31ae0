"""The files of this repository, as the tidy tests read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "headrace"
OURS = ("src", "tests", "bench", "docs")

_NOT_OURS = {".git", ".venv", ".bench", ".hypothesis", "node_modules", "dist", "build", "web", "__pycache__"}
_TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".json",
    ".yaml",
    ".yml",
    ".ini",
    ".cfg",
    ".in",
    ".sh",
    ".ts",
    ".tsx",
    "",
}


@cache
def python_files() -> tuple[Path, ...]:
    """Every Python file of the package, the tests, the benchmarks and the docs."""
    return tuple(sorted(path for top in OURS for path in (ROOT / top).rglob("*.py") if _is_ours(path)))


@cache
def text_files() -> tuple[Path, ...]:
    """Every file a person may read, dot files included."""
    found = [path for path in _walk(ROOT) if path.suffix in _TEXT]
    return tuple(sorted(found))


@cache
def syntax(path: Path) -> ast.Module:
    text = path.read_text(encoding="utf-8")
    try:
        return ast.parse(text, str(path))
    except SystemError:  # CPython before 3.11.8 miscounts its depth when two threads parse at once
        return ast.parse(text, str(path))


def name_of(path: Path) -> str:
    """The path as it stands in the repository."""
    return path.relative_to(ROOT).as_posix()


def _is_ours(path: Path) -> bool:
    return not any(_is_foreign(part) for part in path.relative_to(ROOT).parts)


def _is_foreign(part: str) -> bool:
    return part in _NOT_OURS or part.endswith("_cache") or part.startswith(".coverage")


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if not _is_ours(path) or path.is_symlink():
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield path
