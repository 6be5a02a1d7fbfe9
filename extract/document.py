"""A document as the extractors see it: sentences in sections, boxes and tables.

Every `Text` maps back to code points of `Document.raw`. What belongs to no `Text` is layout
(contents pages, page marks, markup) and is listed in `Document.dropped`.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from extract.span import Span, Text
from ontology.divisions import ancestors, lookup, short_name, trimmed


class DocumentKind(StrEnum):
    """What sort of document it is; it decides how bare verbs read (GUIDE, status)."""

    PLAN = "five-year plan"  # 规划纲要
    REPORT = "government work report"  # 政府工作报告
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class DocumentMeta:
    """What the title and the adoption note say; `district` is the document's own district (@doc).

    `code` is the GB/T 2260 code ("" if unknown), `period` is "2021-2025" or "" if unknown.
    """

    title: str
    kind: DocumentKind
    district: str
    code: str = ""
    adopted: date | None = None
    period: str = ""
    issuer: str = ""

    def is_own(self, name: str) -> bool:
        """Return whether a district's name is the own one, also after those above it or without its class word.

        >>> meta = DocumentMeta("", DocumentKind.PLAN, "新市区", "650104")
        >>> [meta.is_own(name) for name in ("新市区", "乌鲁木齐市新市区", "保定市新市区", "乌鲁木齐市")]
        [True, True, False, False]
        """
        own, code = self.district, trimmed(self.code)
        if not own or len(name) < 2:
            return False
        if name.endswith(own):
            front = name.removesuffix(own)
            above = [called for one in ancestors(code) for called in (one.name, short_name(one)) if called]
            return not front or not code or front.endswith(tuple(above))
        near = lookup(name, code)
        return own.endswith(name) or bool(near and near[0].code == code)


class Role(StrEnum):
    """What part a sentence plays in the layout."""

    TITLE = "title"  # document title and adoption note
    HEADING = "heading"  # 第一章 …, 一、…, box and table captions
    BODY = "body"  # running prose
    ITEM = "item"  # a line of a project box (专栏)
    CELL = "cell"  # a table cell
    NOTE = "note"  # a note under a table


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, heading, box line or cell.

    `section`, `box`, `item`, `table` index into the document's (or the box's) tuples; None where
    there is none. Sentences with the same `paragraph` stand in one paragraph, in order.
    `lead` is the length (clean characters) of a bold or run-in lead-in at its start, else 0.
    """

    index: int
    text: Text
    role: Role
    paragraph: int
    section: int | None = None
    box: int | None = None
    item: int | None = None
    table: int | None = None
    lead: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. `level` 1 is a chapter; `parent` indexes sections.

    `number` is the mark as printed ("第三章", "（一）", "" if it has none), `title` the rest.
    `span` runs from the heading's first character to the end of its last sub-section.
    """

    index: int
    level: int
    number: str
    title: Text
    span: Span
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class BoxItem:
    """One entry of a project box: its printed number ("" if none), its name and its sentences."""

    number: str
    name: Text
    sentences: tuple[int, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Box:
    """A project box: `专栏 NUMBER TITLE` and its entries."""

    index: int
    number: str
    title: Text
    items: tuple[BoxItem, ...]
    span: Span
    section: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; `text` may be empty. A merged cell is repeated by reference where it reaches."""

    row: int
    column: int
    text: Text
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: caption, header cells, rows of cells (all rows equally long), notes below it."""

    index: int
    caption: Text | None
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[Text, ...]
    span: Span
    section: int | None = None
    box: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One document read: raw text, metadata, and the structure found in it.

    `id` is the file's stem, `sha256` that of the canonical text's UTF-8 bytes, `pages` the raw
    offset at which each page starts (empty when the format has no pages).
    """

    id: str
    raw: str
    sha256: str
    meta: DocumentMeta
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    boxes: tuple[Box, ...] = ()
    tables: tuple[Table, ...] = ()
    dropped: tuple[Span, ...] = ()
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()

    def section_path(self, section: int | None) -> tuple[str, ...]:
        """Return the headings from the chapter down to `section`, number and title joined."""
        path: list[str] = []
        while section is not None:
            node = self.sections[section]
            path.append(f"{node.number} {node.title.clean}".strip())
            section = node.parent
        return tuple(reversed(path))

    def page(self, offset: int) -> int | None:
        """Return the 1-based page of a raw offset, or None when the document has no pages."""
        return bisect_right(self.pages, offset) if self.pages else None
