"""What the documents of a build say, held so that hundreds of documents fit into memory."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

from graph.cache import as_text, from_text

if TYPE_CHECKING:
    from extract.document import Document
    from extract.extraction import Extraction

AT_HAND = 1_000_000
"""Characters of documents whose extractions are kept as they are; the others are made anew each time."""


@dataclass(frozen=True, slots=True)
class Packed:
    """An extraction in about a fiftieth of its room: its document, and the rest as compressed text."""

    document: "Document"
    body: bytes

    @classmethod
    def of(cls, extraction: "Extraction", body: str | None = None) -> "Packed":
        """Pack an extraction, whose `body` is its `as_text`."""
        body = as_text(extraction) if body is None else body
        return cls(extraction.document, zlib.compress(body.encode(), 1))

    def extraction(self) -> "Extraction":
        """Make the extraction anew."""
        return from_text(zlib.decompress(self.body), self.document)


class Extractions(Sequence["Extraction"]):
    """Extractions in order; those beyond `AT_HAND` characters of text are packed."""

    def __init__(self) -> None:
        self._held: list[Extraction | Packed] = []
        self._size = 0

    def add(self, extraction: "Extraction", packed: Packed | None = None) -> None:
        """Add an extraction, which may come `packed`, too, behind the others."""
        self._size += len(extraction.document.raw)
        self._held.append(extraction if self._size <= AT_HAND else packed or Packed.of(extraction))

    def documents(self) -> "list[Document]":
        """Return the documents, in order."""
        return [held.document for held in self._held]

    def __len__(self) -> int:
        return len(self._held)

    @overload
    def __getitem__(self, index: int) -> "Extraction": ...
    @overload
    def __getitem__(self, index: slice) -> "Sequence[Extraction]": ...
    def __getitem__(self, index: int | slice) -> "Extraction | Sequence[Extraction]":
        if isinstance(index, slice):
            return [self._made(held) for held in self._held[index]]
        return self._made(self._held[index])

    def __iter__(self) -> "Iterator[Extraction]":
        return map(self._made, self._held)

    @staticmethod
    def _made(held: "Extraction | Packed") -> "Extraction":
        return held.extraction() if isinstance(held, Packed) else held
