"""What the documents of a build say, held so that hundreds of documents fit into memory."""

import json
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, overload

from graph.cache import decode, encode

if TYPE_CHECKING:
    from extract.document import Document
    from extract.extraction import Extraction

AT_HAND = 1_000_000
"""Characters of documents whose extractions are kept as they are; the others are made anew each time."""


class Extractions(Sequence["Extraction"]):
    """Extractions in order; those beyond `AT_HAND` characters of text take about a fiftieth of their room."""

    def __init__(self) -> None:
        self._held: list[Extraction | tuple[Document, bytes]] = []
        self._size = 0

    def add(self, extraction: "Extraction") -> None:
        """Add an extraction behind the others."""
        self._size += len(extraction.document.raw)
        if self._size <= AT_HAND:
            self._held.append(extraction)
            return
        text = json.dumps(encode(extraction), ensure_ascii=False, separators=(",", ":"))
        self._held.append((extraction.document, zlib.compress(text.encode(), 1)))

    def documents(self) -> "list[Document]":
        """Return the documents, in order."""
        return [held[0] if isinstance(held, tuple) else held.document for held in self._held]

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
    def _made(held: "Extraction | tuple[Document, bytes]") -> "Extraction":
        return decode(json.loads(zlib.decompress(held[1])), held[0]) if isinstance(held, tuple) else held
