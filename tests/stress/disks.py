"""Real file systems of a few kilobytes, for those who may mount them (root on Linux)."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KILOBYTE = 1024


def may_mount() -> bool:
    """Return whether this process may mount a file system; elsewhere a limit of file sizes stands for a full disk."""
    return os.geteuid() == 0 and shutil.which("mount") is not None and _mounts()


def _mounts() -> bool:
    done = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True)
    return done.returncode == 0


@contextmanager
def mounted(folder: Path, kilobytes: int) -> Iterator[None]:
    """Mount a file system of so many kilobytes in memory on a folder while the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "plankg-stress", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def remount(folder: Path, option: str) -> None:
    """Change a mounted file system: "ro", "rw" or "size=64m"."""
    subprocess.run(["mount", "-o", f"remount,{option}", folder], check=True)


def occupied(folder: Path) -> int:
    """Return the kilobytes that are in use on the file system of a folder."""
    found = os.statvfs(folder)
    return (found.f_blocks - found.f_bfree) * found.f_frsize // KILOBYTE
