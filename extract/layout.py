"""Raw text into a `Document`: sections, sentences, project boxes, tables, metadata.

The stages, each in a module of its own: `lines` (clean lines), `furniture` (contents pages, page
marks), `front` (title), `tables`, `blocks` (headings, joined paragraphs), and here the assembly.
"""

from bisect import bisect_right
from collections.abc import Sequence
from hashlib import sha256

from extract.assembly import Assembly
from extract.blocks import Block, Kind, blocks
from extract.document import Document, DocumentMeta
from extract.errors import DocumentEmptyError
from extract.front import front_matter
from extract.furniture import furniture
from extract.grid import Grid
from extract.lines import Line, read_lines, rows
from extract.metadata import read_metadata
from extract.span import Span
from extract.tables import find_tables


def lay_out(
    raw: str,
    *,
    id: str,
    meta: DocumentMeta | None = None,
    district: str | None = None,
    pages: tuple[int, ...] = (),
) -> Document:
    """Return the structure of a document's raw text.

    `raw` is the canonical text, all spans are code points of it. `meta` is detected from the
    text when None; `district` then overrides the detected district. `pages` are the raw offsets
    at which pages start.

    Raises `DocumentEmptyError` when there is no text to read and `DistrictUnknownError` when
    neither the text nor the caller says whose document it is.

    >>> document = lay_out("第一章 工业\\n打造甲园区，发展石油\\n化工。建设乙园区。", id="demo", district="米东区")
    >>> [sentence.text.clean for sentence in document.sentences]
    ['第一章工业', '打造甲园区，发展石油化工。', '建设乙园区。']
    """
    units, found = _divide(raw, id)
    assembly = Assembly(raw)
    assembly.add_front(units)
    for block in found:
        assembly.add(block)
    parts = assembly.finish()
    return Document(
        id=id,
        raw=raw,
        sha256=sha256(raw.encode("utf-8")).hexdigest(),
        meta=meta if meta is not None else _metadata(id, units, found, district),
        sections=parts.sections,
        sentences=parts.sentences,
        boxes=parts.boxes,
        tables=parts.tables,
        dropped=_complement(parts.kept, len(raw)),
        pages=pages,
        warnings=parts.warnings,
    )


def _divide(raw: str, name: str) -> tuple[list[list[Line]], list[Block]]:
    """Return the units in front of the text and the blocks of the text itself."""
    physical = rows(raw)
    lines = read_lines(raw, physical)
    around = furniture(lines)
    kept = [line for index, line in enumerate(lines) if index not in around.lines]
    if not kept:
        raise DocumentEmptyError(name, "there is no text in it")
    before = None
    if around.contents is not None:
        before = sum(1 for index in range(around.contents) if index not in around.lines)
        kept[before:before] = [around.opening] if around.opening is not None else []
    grids = find_tables(raw, physical, frozenset(lines[i].row for i in around.lines))
    first_table = grids[0].start if grids else len(raw)
    stop, units = front_matter([line for line in kept if line.start < first_table], before)
    return units, blocks(raw, _outside(kept[stop:], grids), grids)


def _metadata(name: str, units: Sequence[Sequence[Line]], found: Sequence[Block], district: str | None) -> DocumentMeta:
    front = ["".join(line.clean for line in unit) for unit in units]
    headings = [block.content.text.clean for block in found if block.kind is Kind.HEADING]
    body = "".join(block.content.text.clean for block in found if block.kind is Kind.PARAGRAPH)
    return read_metadata(name, front, headings, body, district)


def _outside(lines: Sequence[Line], grids: Sequence[Grid]) -> list[Line]:
    """Return the lines (ascending) that do not start inside a table."""
    starts = [grid.start for grid in grids]
    kept = []
    for line in lines:
        at = bisect_right(starts, line.start) - 1
        if at < 0 or line.start >= grids[at].end:
            kept.append(line)
    return kept


def _complement(kept: Sequence[Span], length: int) -> tuple[Span, ...]:
    """Return the raw intervals that no text covers; `kept` ascends and may repeat."""
    gaps, low = [], 0
    for span in sorted(kept):
        if span.start > low:
            gaps.append(Span(low, span.start))
        low = max(low, span.end)
    if low < length:
        gaps.append(Span(low, length))
    return tuple(gaps)
