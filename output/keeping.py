"""Folders of what is made once from a graph's file and kept beside it: `.cache/KIND/KEY`.

KEY is made from the file's bytes, so that nothing is used for another graph. A stamp (size, time of
change, inode) tells an unchanged file without reading it. Of older graphs, what no process uses is removed.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from extract.errors import GraphFileError

META = "meta.json"
"""The file that a complete folder has."""

_STAMP = "stamp.json"
_MAKING = ".making-"
_ABANDONED = 86_400  # seconds after which what is being made was left by a process that was killed
_SETTLED = 2_000_000_000  # nanoseconds after which a change of a file shows in its time


@dataclass(frozen=True, slots=True)
class Keeping:
    """The kept folders of one kind in `home`, made from the file `graph`; `format` is the version of what is made."""

    home: Path
    graph: Path
    format: int

    def find(self) -> Path | None:
        """Return the folder that was made from the graph's file as it is now; None when there is none.

        Raises GraphFileError when the file cannot be read.
        """
        if not self.home.is_dir():
            return None
        stamp = self._stamp()
        for path in sorted(self.home.glob(f"*/{_STAMP}")):
            with contextlib.suppress(OSError):
                if path.read_text(encoding="utf-8") == stamp and path.with_name(META).is_file():
                    return path.parent
        if not any(self.home.glob(f"*/{META}")):
            return None
        folder = self.home / self.key()
        if not (folder / META).is_file():
            return None
        self._mark(folder, stamp)
        return folder

    def make(self, fill: Callable[[Path], None]) -> Path:
        """Return the folder after `fill` has filled it, `META` included; it takes its name in one step.

        Another process that makes the same meanwhile does no harm. What `fill` raises, is raised.
        """
        stamp, key = self._stamp(), self.key()
        stage = Path(tempfile.mkdtemp(dir=self.home, prefix=_MAKING))
        try:
            fill(stage)
            self._mark(stage, stamp)
            with contextlib.suppress(OSError):  # another process has made the same
                stage.rename(self.home / key)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        return self.home / key

    def key(self) -> str:
        """Return the name of the folder; GraphFileError when the graph's file cannot be read."""
        total = hashlib.sha256(f"{self.format} {pyoxigraph.__version__} {self.graph.suffix}\n".encode())
        total.update(sha256(self.graph).encode())
        return total.hexdigest()[:24]

    def writable(self) -> bool:
        """Return whether folders can be made; their home is made where there is none."""
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except OSError:
            return False
        return os.access(self.home, os.W_OK)

    def _stamp(self) -> str:
        try:
            found = self.graph.stat()
        except OSError as error:
            raise _unreadable(self.graph, error) from error
        versions = [self.format, pyoxigraph.__version__, self.graph.name]
        return json.dumps([*versions, found.st_size, found.st_mtime_ns, found.st_ino])

    def _mark(self, folder: Path, stamp: str) -> None:
        """Keep the stamp of the graph's file, unless the file is so young that it may change within its time."""
        with contextlib.suppress(OSError):
            if time.time_ns() - self.graph.stat().st_mtime_ns > _SETTLED and self._stamp() == stamp:
                (folder / _STAMP).write_text(stamp, encoding="utf-8")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal; GraphFileError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> GraphFileError:
    return GraphFileError(f"{path}: cannot be read: {error.strerror or error}")


@contextlib.contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Keep a folder from being removed by a process with a newer graph, and remove those that nobody uses."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    home = folder.parent

    def lock(name: str, how: int) -> int:
        handle = os.open(home / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BaseException:
            os.close(handle)
            raise
        return handle

    try:
        mine = lock(folder.name, fcntl.LOCK_SH)
    except OSError:  # a folder that can only be read is never cleaned
        yield
        return
    try:
        for other in sorted(home.iterdir()):
            if other.name.startswith(_MAKING) and time.time() - other.stat().st_mtime > _ABANDONED:
                shutil.rmtree(other, ignore_errors=True)
            if other.name != folder.name and (other / META).is_file():
                with contextlib.suppress(OSError):
                    theirs = lock(other.name, fcntl.LOCK_EX)
                    shutil.rmtree(other, ignore_errors=True)
                    os.close(theirs)
                    (home / f"{other.name}.lock").unlink(missing_ok=True)
        yield
    finally:
        os.close(mine)
