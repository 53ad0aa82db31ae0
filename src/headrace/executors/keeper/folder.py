"""The folder a keeper lends to each attempt: context, script and outputs as files, empty again afterwards."""

import errno
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headrace.executors.keeper.masks import Masks

CONTEXT = "context.json"
OUTPUTS = "outputs.json"
PRIVATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
PLAIN = 0o100600  # a file for its owner only
ENDS = 4096  # bytes of outputs that are looked at where they are large
SMALL = 1 << 16  # bytes up to which the context's file is used again


class Folder:
    """What an attempt finds in ``path`` when it begins, and how that is empty again for the next.

    The file of the context stays, blank, and is written again: on some file systems making a file costs
    more than everything else about a short program. A file that is not as it was made, or has got a
    second name, is not used again.

    The folder itself may be taken away, by a program or by whoever tidies /tmp up: it is made anew.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._context = -1
        self._size = 0  # of the context's file
        self._own = (0, 0)  # device and inode of the folder this process stands in

    def stand(self) -> None:
        """Be in the folder; OSError where it can be neither found nor made."""
        found = _lstat(self.path)
        if found is not None and (found.st_dev, found.st_ino) == self._own:
            return
        self._forget()
        if found is not None and not stat.S_ISDIR(found.st_mode):
            os.unlink(self.path)
            found = None
        if found is None:
            _make(self.path)
        os.chdir(self.path)
        status = os.stat(".")
        self._own = status.st_dev, status.st_ino

    def fill(self, files: Mapping[str, str]) -> None:
        """Write the files an attempt starts with; names are ours, without slashes."""
        self.stand()
        for name, text in files.items():
            data = text.encode("utf-8", "surrogateescape")
            if name == CONTEXT:
                self._write_context(data)
            else:
                fd = os.open(f"{self.path}/{name}", PRIVATE, 0o600)
                try:
                    _write_all(fd, data)
                finally:
                    os.close(fd)

    def _write_context(self, data: bytes) -> None:
        if self._context < 0:
            self._context = os.open(f"{self.path}/{CONTEXT}", PRIVATE, 0o600)
        os.lseek(self._context, 0, os.SEEK_SET)
        _write_all(self._context, data)
        if self._size > len(data):
            os.ftruncate(self._context, len(data))
        self._size = len(data)

    def clear(self) -> None:
        """Nothing of the attempt is left to be read or found."""
        kept = [CONTEXT] if self._blank() else []
        try:
            if os.listdir(self.path) == kept:
                return  # nearly always
            self.stand()  # what is taken away below is ours
        except OSError:
            return  # the next attempt is told
        self._forget()
        if not clear(self.path):
            open_up(self.path)
            clear(self.path)

    def _blank(self) -> bool:
        """False: there is no file of the context that can be used again."""
        if self._context < 0:
            return False
        if self._size <= SMALL and self._is_ours():
            os.pwrite(self._context, b" " * self._size, 0)
            return True
        self._forget()
        return False

    def _is_ours(self) -> bool:
        try:
            found = os.lstat(f"{self.path}/{CONTEXT}")
        except OSError:
            return False
        ours = os.fstat(self._context)
        return (found.st_ino, found.st_dev, found.st_mode, found.st_nlink, found.st_size) == (
            ours.st_ino,
            ours.st_dev,
            PLAIN,
            1,
            self._size,
        )

    def _forget(self) -> None:
        if self._context >= 0:
            os.close(self._context)
        self._context, self._size = -1, 0


def _make(path: str) -> None:
    """A folder for its owner only, within one that is this user's and nobody else's."""
    parent = os.path.dirname(path)
    with suppress(FileExistsError):
        os.mkdir(parent, 0o700)
    found = os.lstat(parent)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), parent)
    os.mkdir(path, 0o700)


def _lstat(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


def discard(path: str) -> None:
    """Remove the folder with all it holds, if there is one; of a link in its place only the link."""
    with suppress(OSError):
        if os.path.islink(path):
            os.unlink(path)
            return
        open_up(path)
        clear(path)
        os.rmdir(path)


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def outputs(
    folder: str, inline: int, limit: int, keep_as: str, masks: "Masks | None" = None
) -> tuple[str | None, int, str | None]:
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
            if not _braced(fd, status.st_size):
                return None, status.st_size, "work_outputs_unbraced"
            _copy(file.fileno(), keep_as, masks)
            return None, status.st_size, None
        data = masks.document(file.read()) if masks else file.read()
    try:
        return data.decode(), status.st_size, None
    except UnicodeDecodeError:
        return None, status.st_size, "work_outputs_text"


def _braced(fd: int, size: int) -> bool:
    """Whether it looks like an object: what is too large to be read whole may still be cut off."""
    first, last = os.pread(fd, ENDS, 0).strip(), os.pread(fd, ENDS, max(size - ENDS, 0)).strip()
    return first.startswith(b"{") and last.endswith(b"}")


def _copy(source: int, path: str, masks: "Masks | None") -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    with open(os.open(path, flags, 0o600), "wb") as target:
        masked = masks.stream() if masks else None
        while data := os.read(source, 1 << 16):
            target.write(masked.feed(data) if masked else data)
        if masked:
            target.write(masked.end())


def clear(folder: str) -> bool:
    """Empty it, whatever the program left there. False: something could not be removed."""
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


def open_up(folder: str) -> None:
    """Give back the rights a program took from its own folders, so that they can be removed."""
    for path, folders, _ in os.walk(folder, followlinks=False):
        for name in folders:
            if not os.path.islink(f"{path}/{name}"):
                os.chmod(f"{path}/{name}", 0o700)
