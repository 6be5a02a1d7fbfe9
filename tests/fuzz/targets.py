"""All targets by name: what is done with the bytes, and what fuzzing begins with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz import exports, files, readers, seeds

CASES = Path(__file__).with_name("cases")


@dataclass(frozen=True)
class Target:
    """`check` takes bytes and tells whether they were read; `native` says that a parser in C may crash.

    Such a parser runs in a process of its own, so that its end is an error in a sentence; the driver
    looks whether it is one.
    """

    check: Callable[[bytes], bool]
    seeds: Callable[[], Iterator[bytes]]
    native: bool = False


TARGETS: dict[str, Target] = {
    "text": Target(readers.text, seeds.texts),
    "html": Target(readers.html, seeds.pages),
    "docx": Target(readers.docx, seeds.word_parts),
    "pdf": Target(readers.pdf, seeds.pdfs, native=True),
    "recognition": Target(readers.recognition, seeds.glyphs),
    "extractor": Target(readers.extractor, seeds.passages),
    "tables": Target(files.tables, seeds.tables),
    "graphs": Target(files.graphs, seeds.graphs),
    "queries": Target(files.queries, seeds.queries),
    "rdf": Target(exports.rdf, seeds.names),
    "sheets": Target(exports.sheets, seeds.names),
    "views": Target(exports.views, seeds.names),
}


def cases(name: str) -> list[Path]:
    """Return the inputs that once broke a target."""
    folder = CASES / name
    return sorted(folder.iterdir()) if folder.is_dir() else []
