"""Builds in child processes: run, watched, limited and killed."""

import ctypes
import os
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from output.cli.app import execute

DISK = frozenset(
    {
        *("open", "os.chmod", "os.listdir", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.scandir"),
        *("shutil.rmtree", "tempfile.mkstemp", "fcntl.flock", "os.link", "os.symlink"),
    }
)
"""The audit events of what a process does to files (https://docs.python.org/3/library/audit_events.html)."""


@dataclass(frozen=True)
class Ended:
    """How a child ended: its exit code (negative: a signal), what it printed, seconds and megabytes used."""

    code: int
    said: str
    seconds: float
    megabytes: float


Prepare = Callable[[], object]

ONE = ("--quiet", "--jobs", "1", "--tier", "fast")
"""Options of most builds here: what is tested does not depend on the language models."""


def nothing() -> None:
    """Change nothing before the build."""


@dataclass(frozen=True)
class Started:
    """A child: its process id, and where what it prints can be read (no file: their size may be limited)."""

    id: int
    printed: int


def start(arguments: Sequence[str | Path], prepare: Prepare = nothing) -> Started:
    """Start `plankg ARGUMENTS` in a child after `prepare()`."""
    sys.stdout.flush()
    sys.stderr.flush()
    printed, end = os.pipe()
    child = os.fork()
    if child:
        os.close(end)
        return Started(child, printed)
    code = 99
    try:
        os.dup2(end, 1)
        os.dup2(end, 2)
        os.close(end)
        prepare()
        code = execute([str(argument) for argument in arguments])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def finish(child: Started) -> Ended:
    """Wait for a child."""
    with open(child.printed, encoding="utf-8", errors="replace") as printed:
        said = printed.read()
    _, status, used = os.wait4(child.id, 0)
    return Ended(os.waitstatus_to_exitcode(status), said, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def run(*arguments: str | Path, prepare: Prepare = nothing) -> Ended:
    """Run `plankg ARGUMENTS` in a child after `prepare()` and wait for it."""
    return finish(start(arguments, prepare))


def kill_at(event: int) -> Prepare:
    """Return what makes a process kill itself with SIGKILL before its n-th access to files."""
    left = [event]

    def watch(name: str, arguments: object) -> None:
        if name in DISK:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), 9)

    return lambda: sys.addaudithook(watch)


def count_events(to: Path) -> Prepare:
    """Return what makes a process write to a file, byte by byte, that it has accessed files once more."""
    handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def watch(name: str, arguments: object) -> None:
        if name in DISK:
            os.write(handle, b".")

    return lambda: sys.addaudithook(watch)


def limit_files(size: int) -> Prepare:
    """Return what lets a process write files of so many bytes at most, as a full disk would."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def give_up_rights() -> None:
    """Give up the capabilities of root, to whom read-only folders mean nothing (capset(2), version 3)."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None, use_errno=True)
        header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        if libc.capset(header, none):
            raise OSError(ctypes.get_errno(), "capset failed")


def differing(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    """Return the names of what is missing, too much or different."""
    return sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))


def tree(folder: Path, *, without: str = "") -> dict[str, bytes]:
    """Return every file (its bytes) and folder (b"/") below a folder, hidden ones too; `without` one name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"/"
        for path in sorted(folder.rglob("*"))
        if without not in path.relative_to(folder).parts
    }
