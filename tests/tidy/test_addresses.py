"""No file names a package registry's host or a folder of somebody's machine."""

import re

from tests.tidy.tree import ROOT, name_of, text_files

# Written in pieces, so that this file does not name them either.
_HOST_PARTS = [
    ("py", "pi.org"),
    ("python", "hosted.org"),
    ("npm", "js."),
    ("npm", "mirror"),
    ("deb.", "debian.org"),
]
_HOSTS = re.compile("|".join(re.escape("".join(parts)) for parts in _HOST_PARTS))
_FOLDER_PARTS = [("wo", "rk"), ("fa", "rm"), ("ro", "ot"), ("ho", "me")]
_FOLDERS = re.compile(r"(?<![\w.*~$}-])/(" + "|".join("".join(parts) for parts in _FOLDER_PARTS) + ")/")
_LOCKS = ("uv.lock", "poetry.lock", "Pipfile.lock", "pdm.lock")


def test_no_registry_host() -> None:
    assert _lines_with(_HOSTS) == []


def test_no_folder_of_a_machine() -> None:
    assert _lines_with(_FOLDERS) == []


def test_no_lock_file_that_names_hosts() -> None:
    assert [name for name in _LOCKS if (ROOT / name).exists()] == []


def test_the_npm_lock_has_no_addresses() -> None:
    locks = [path for path in text_files() if path.name == "package-lock.json"]
    assert [name_of(path) for path in locks if '"resolved"' in path.read_text(encoding="utf-8")] == []


def test_requirements_carry_hashes_and_nothing_else() -> None:
    entry = re.compile(r"[a-z0-9][a-z0-9._-]*==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|#.*|")
    odd = [
        f"{path.name}: {line}"
        for path in (ROOT / "requirements").glob("*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
        if not entry.fullmatch(line)
    ]
    assert odd == []


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name_of(path)}:{number}: {line.strip()[:100]}"
        for path in text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
