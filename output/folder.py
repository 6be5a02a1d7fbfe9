"""The folder of a built graph: replaced as a whole, or left as it was.

A build writes into a hidden folder inside its target. Only when everything is written do the new
files take the place of the old ones, one rename each; a list of files (`build.json`) tells which
files are ours, so that somebody else's are never overwritten or removed.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from extract.errors import FolderError

MANIFEST = "build.json"
_STAGE = ".plankg-building"
_claims: set[int] = set()  # open folders that this process has locked


class Target:
    """A folder that is ours to build into, as long as `claimed_folder` holds it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def replaced(self, options: Mapping[str, str | None] | None = None) -> Iterator[Path]:
        """Yield an empty folder to write a build into; see `replaced_folder`."""
        stage = self.path / _STAGE
        shutil.rmtree(stage, ignore_errors=True)  # a killed build's
        stage.mkdir()
        try:
            yield stage
            _take_over(stage, self.path, options or {})
        finally:
            shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def claimed_folder(target: Path) -> Iterator[Target]:
    """Keep other builds out of the folder, which is made if need be and removed again if left empty.

    Raises:
        FolderError: the target is a file, or another build is writing to it.
    """
    check_target(target)
    created = _missing_parents(target)
    target.mkdir(parents=True, exist_ok=True)
    with _locked(target):
        try:
            yield Target(target)
        finally:  # while no other build can have claimed what looks empty
            for folder in created:
                with suppress(OSError):
                    folder.rmdir()


@contextmanager
def replaced_folder(target: Path, options: Mapping[str, str | None] | None = None) -> Iterator[Path]:
    """Yield an empty folder to write a build into; on leaving, its files become those of `target`.

    Files of the build before that are not written again are removed. When the block raises, the
    target is as it was; a target that did not exist does not exist. `options` are those of the
    build, named in its list of files.

    Raises:
        FolderError: the target is a file, another build is writing to it, or a new file would
            overwrite one that no build has written.
    """
    with claimed_folder(target) as claimed, claimed.replaced(options) as stage:
        yield stage


def check_target(target: Path) -> None:
    """Raise FolderError when a build can never be written to `target`, before the work is done."""
    if target.exists() and not target.is_dir():
        raise FolderError(f"{target} is a file; choose a folder with -o")
    built_files(target)


def _missing_parents(target: Path) -> list[Path]:
    """Return the folders that must be made for `target`, innermost first."""
    return [folder for folder in (target, *target.parents) if not folder.exists()]


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other builds out of the folder; the lock goes with the process."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    _claims.add(handle)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderError(
                f"another build is writing to {folder}; wait for it, or choose another folder with -o"
            ) from error
        if not _is_still(folder, handle):
            raise FolderError(f"another build has just given up {folder}; run this one again")
        yield
    finally:
        _claims.discard(handle)
        os.close(handle)


def leave_claims() -> None:
    """Leave the folders that are claimed to the process that this one was forked from."""
    while _claims:
        os.close(_claims.pop())


def _is_still(folder: Path, handle: int) -> bool:
    """Return whether the open folder is the one at this path: another build may have removed it meanwhile."""
    try:
        return os.path.samestat(os.fstat(handle), folder.stat())
    except FileNotFoundError:
        return False


def built_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that the last build wrote, by path relative to the folder.

    An empty result means that no build has written into the folder.

    Raises:
        FolderError: the list of files is damaged.
    """
    path = folder / MANIFEST
    try:
        files = json.loads(path.read_text(encoding="utf-8"))["files"]
        for name in files:
            inner = PurePosixPath(name)
            if inner.is_absolute() or ".." in inner.parts or not inner.parts:
                raise ValueError(f"{name!r} lies outside the folder")
        return {str(name): str(digest) for name, digest in files.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise FolderError(
            f"{path} is damaged ({error}); remove it and the files beside it, or choose another folder"
        ) from error


def _take_over(stage: Path, target: Path, options: Mapping[str, str | None]) -> None:
    """Move the staged files into the target and remove the former build's other files."""
    old = built_files(target)
    new = {p.relative_to(stage).as_posix(): _digest(p) for p in sorted(stage.rglob("*")) if p.is_file()}
    for name in new:
        if name not in old and (target / name).exists():
            raise FolderError(
                f"{target / name} was not written by plankg and would be overwritten; "
                "move it away or choose another folder with -o"
            )
    # First the list of all files, so that a build killed on the way leaves none that is not ours.
    _write_manifest(target, old | new, options)
    for name in new:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (stage / name).replace(target / name)
    for name in sorted(old.keys() - new.keys(), reverse=True):
        (target / name).unlink(missing_ok=True)
        with suppress(OSError):
            (target / name).parent.rmdir()
    _write_manifest(target, new, options)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_manifest(target: Path, files: dict[str, str], options: Mapping[str, str | None]) -> None:
    told = {name: value for name, value in sorted(options.items()) if value is not None}
    text = json.dumps({"files": dict(sorted(files.items())), "options": told}, ensure_ascii=False, indent=1) + "\n"
    temporary = target / _STAGE / MANIFEST
    temporary.write_text(text, encoding="utf-8", newline="\n")
    temporary.replace(target / MANIFEST)
