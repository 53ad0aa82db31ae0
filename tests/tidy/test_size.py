"""A function fits a page, a file has one subject, a module's name says which."""

import ast

from tests.tidy.tree import SOURCE, name_of, python_files, syntax

LONGEST_FUNCTION = 70
LONGEST_FILE = 600
LONGEST_SUITE = 1_500  # a suite may tell many cases of one subject
VAGUE = {"base", "common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}

# Functions and files that are longer, with the length they must not exceed. Only ever shrinks.
LONG_FUNCTIONS: dict[str, int] = {
    "src/headrace/storage/migrations/versions/m0001_first.py:_run": 80,  # the columns of one table
}
LONG_FILES: dict[str, int] = {}


def test_functions_fit_a_page() -> None:
    found = {
        f"{name_of(path)}:{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for path in python_files()
        for node in ast.walk(syntax(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert _beyond(found, LONGEST_FUNCTION, LONG_FUNCTIONS) == []


def test_files_have_one_subject() -> None:
    found = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    suites = {name: lines for name, lines in found.items() if name.startswith("tests/")}
    others = {name: lines for name, lines in found.items() if name not in suites}
    assert _beyond(suites, LONGEST_SUITE, LONG_FILES) == []
    assert _beyond(others, LONGEST_FILE, LONG_FILES) == []


def test_exceptions_are_still_needed() -> None:
    names = {name_of(path) for path in python_files()}
    assert {name.split(":")[0] for name in [*LONG_FUNCTIONS, *LONG_FILES]} <= names


def test_names_say_something() -> None:
    vague = [name_of(path) for path in SOURCE.rglob("*") if path.stem.strip("_") in VAGUE]
    assert vague == []


def _beyond(found: dict[str, int], longest: int, exceptions: dict[str, int]) -> list[str]:
    return sorted(
        f"{name}: {lines} lines" for name, lines in found.items() if lines > exceptions.get(name, longest)
    )
