"""The folder a keeper lends to each attempt: context, script and outputs as files, empty again afterwards."""

import os
from collections.abc import Iterable, Mapping

CONTEXT = "context.json"
OUTPUTS = "outputs.json"
PRIVATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def fill(folder: str, files: Mapping[str, str]) -> None:
    """Write the files an attempt starts with; names are ours, without slashes."""
    for name, text in files.items():
        fd = os.open(f"{folder}/{name}", PRIVATE, 0o600)
        try:
            data = text.encode("utf-8", "surrogateescape")
            while data:
                data = data[os.write(fd, data) :]
        finally:
            os.close(fd)


def outputs(folder: str, inline: int, limit: int, keep_as: str) -> tuple[str | None, int, str | None]:
    """What the program wrote: (text, bytes, refusal code).

    Up to ``inline`` bytes the text itself; up to ``limit`` bytes the file is kept under ``keep_as`` and
    the text is None; more is refused. A link or anything that is no plain file is refused too.
    """
    path = f"{folder}/{OUTPUTS}"
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return None, 0, None
    except OSError:
        return None, 0, "work_outputs_file"
    with open(fd, "rb") as file:
        status = os.fstat(fd)
        if status.st_mode & 0o170000 != 0o100000:
            return None, 0, "work_outputs_file"
        if status.st_size > limit:
            return None, status.st_size, "work_outputs_large"
        if status.st_size > inline:
            _copy(file.fileno(), keep_as)
            return None, status.st_size, None
        return file.read().decode("utf-8", "replace"), status.st_size, None


def _copy(source: int, path: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(path, flags, 0o600), "wb") as target:
        while data := os.read(source, 1 << 16):
            target.write(data)


def clear(folder: str, known: Iterable[str] = ()) -> bool:
    """Empty it, whatever the program left there. False: something could not be removed.

    ``known`` are the files that are most likely all there is.
    """
    for name in known:
        _remove_file(f"{folder}/{name}")
    if not os.listdir(folder):
        return True
    for path, folders, files in os.walk(folder, topdown=False, followlinks=False):
        for name in files + folders:
            _remove(f"{path}/{name}")
    return not os.listdir(folder)


def _remove(path: str) -> None:
    try:
        if os.path.isdir(path) and not os.path.islink(path):
            os.rmdir(path)
        else:
            os.unlink(path)
    except OSError:
        return


def _remove_file(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return  # the program removed it, or made a folder of it


def open_up(folder: str) -> None:
    """Give back the rights a program took from its own folders, so that they can be removed."""
    for path, folders, _ in os.walk(folder, followlinks=False):
        for name in folders:
            if not os.path.islink(f"{path}/{name}"):
                os.chmod(f"{path}/{name}", 0o700)
