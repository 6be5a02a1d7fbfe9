"""Is a build the same as the last one? Then there is nothing to do.

A build depends on its documents, the `corpus.toml` beside them, its options and corrections, our
code and data, and the installed packages. A hash over all of them is kept in the build's folder
with the hash of its list of files. When both agree again, and every file still has the hash in
that list, writing the folder anew would change no byte of it.
"""

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from extract.corpus import CORPUS_FILE
from output.files import write_text
from output.folder import MANIFEST, built_files

STATE = "last-build.txt"
"""File in the folder of what is kept between builds."""

_ROOT = Path(__file__).resolve().parents[1]
_PACKAGES = ("extract", "graph", "ontology", "output")
# Folders of the page's sources that no build reads.
_NO_CODE = frozenset({"__pycache__", "node_modules", "src"})


def fingerprint(
    documents: Sequence[Path], options: Mapping[str, str | None], tables: Iterable[Path] = ()
) -> str | None:
    """Return a hash of all that a build depends on; None when that cannot be told.

    `options` are the values that change the result, `tables` the other files that are read (a
    person's corrections). What is no regular file (a pipe) can be read only once, and a file that
    cannot be read has no hash: then there is no fingerprint, and the build is done.
    """
    total = hashlib.sha256()
    try:
        for part in (*_code(), *_options(options), *_files(documents), *_files(tables)):
            total.update(part.encode("utf-8", "surrogateescape") + b"\0")
    except OSError:
        return None
    return total.hexdigest()


def is_unchanged(folder: Path, kept: Path, made_from: str) -> bool:
    """Return whether `folder` holds the build made from just this, every file as it was written.

    `kept` is the folder in which `remember` wrote. Raises FolderError when the list of files is
    damaged.
    """
    try:
        if (kept / STATE).read_text(encoding="utf-8") != _state(folder, made_from):
            return False
        files = built_files(folder)
        return bool(files) and all(_digest(folder / name) == digest for name, digest in files.items())
    except (OSError, UnicodeDecodeError):
        return False


def remember(folder: Path, kept: Path, made_from: str) -> None:
    """Note that `folder`, which no other build may be using, holds the build made from this."""
    for half in kept.glob(f".{STATE}.*.part"):  # of a build that was killed while it wrote this
        half.unlink()
    write_text(kept / STATE, _state(folder, made_from))


def _state(folder: Path, made_from: str) -> str:
    return f"made from {made_from}\n{MANIFEST} {_digest(folder / MANIFEST)}\n"


def _options(options: Mapping[str, str | None]) -> Iterator[str]:
    for name in sorted(options):
        yield f"{name}={options[name]!r}"


def _files(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        yield path.name
        yield _digest(path)
        table = path.parent / CORPUS_FILE
        yield _digest(table) if table.exists() else ""


@lru_cache(maxsize=1)
def _code() -> tuple[str, ...]:
    """Return what tells our code and data, Python and the installed packages from others."""
    parts = [sys.version]
    for folder in sys.path:
        if os.path.isdir(folder):
            parts += sorted(name for name in os.listdir(folder) if name.endswith(".dist-info"))
    for package in _PACKAGES:
        for folder, inner, names in os.walk(_ROOT / package):
            inner[:] = sorted(set(inner) - _NO_CODE)
            for name in sorted(names):
                path = Path(folder, name)
                parts += [path.relative_to(_ROOT).as_posix(), _digest(path)]
    return tuple(parts)


def _digest(path: Path) -> str:
    """Return the SHA-256 of a regular file; OSError for anything else."""
    if not path.is_file():
        raise OSError(f"{path} is no regular file")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
