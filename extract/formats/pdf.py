"""PDF files with a text layer: paragraphs, ruled tables, page starts; scanned pages by recognition."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from extract.formats.limits import MAX_PAGES
from extract.formats.pdf_flow import Frame, frames, glue, joins, paragraphs, without_furniture
from extract.formats.pdf_page import Glyph, Line, Page, lines, read_page, sorted_lines
from extract.formats.pdf_tables import Grid, grids
from extract.formats.writing import DamagedError, OverLimitError, TextWriter, pipe_lines

if TYPE_CHECKING:
    from extract.formats.worker import Answer

_SAME_EDGES = 6.0  # points between the column edges of a table and of its part on the next page
_UNMAPPED_SHARE = 0.2  # of the glyphs: with more of them unknown, the text layer is of no use


@dataclass(frozen=True, slots=True)
class _Table:
    """A table on one page: its upper and column edges, and its rows of cells of paragraphs."""

    top: float
    xs: tuple[float, ...]
    rows: list[list[list[str]]]


@dataclass(frozen=True, slots=True)
class _Content:
    """A page's lines and tables in order, and what is wrong with it."""

    blocks: list[Line | _Table]
    scanned: bool = False
    unmapped: bool = False


def convert(data: bytes, *, recognise: bool = False) -> "Answer":
    """Return the canonical text of a PDF, its page starts and warnings.

    When most pages are pictures of text, the answer is only their number under "scanned"; with
    `recognise`, they are read by the engine of the extra `plankg[ocr]`.

    Raises `DamagedError` (broken, encrypted) or `OverLimitError`.
    """
    document = _opened(data)
    contents = [_content(document, index) for index in range(len(document))]
    unread = [index for index, content in enumerate(contents) if content.scanned or content.unmapped]
    if len(unread) * 2 > len(contents):
        if not recognise:
            return {"scanned": len(unread), "text": ""}
        from extract.formats.ocr import Recogniser

        recogniser = Recogniser()
        for index in unread:
            contents[index] = _Content(_arranged(recogniser.page(document, index)))
        unread = []
    writer = _Flow(contents, _bookmarks(document)).write()
    answer: Answer = {"text": writer.text, "pages": writer.pages, "warnings": []}
    if unread:
        numbers = ", ".join(str(index + 1) for index in unread[:20]) + (" …" if len(unread) > 20 else "")
        answer["warnings"] = [f"page {numbers}: a picture or a font without characters, its text is not read"]
    return answer


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
        pages = len(document)
    except pdfium.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise DamagedError("is encrypted; save it without a password") from None
        raise DamagedError(
            "is cut off or damaged and cannot be opened; fetch it again, or print it to a new PDF"
        ) from None
    if pages == 0:
        raise DamagedError("has no pages")
    if pages > MAX_PAGES:
        raise OverLimitError(f"has {pages:,} pages, more than the {MAX_PAGES:,} that are read; split it")
    return document


def _content(document: pdfium.PdfDocument, index: int) -> _Content:
    try:
        page = document[index]
    except pdfium.PdfiumError:
        raise DamagedError(f"is damaged: its page {index + 1} cannot be opened; print it to a new PDF") from None
    shown = read_page(page)
    page.close()
    if shown.unmapped > _UNMAPPED_SHARE * (len(shown.glyphs) + shown.unmapped):
        return _Content([], unmapped=True)
    return _Content(_arranged(shown), scanned=shown.pictured)


def _arranged(shown: Page) -> list[Line | _Table]:
    """Return the lines and tables of a page in order, each table where its first glyph is drawn."""
    ruled = grids(shown.rulings, shown.width, shown.height)
    blocks: list[Line | _Table] = []
    loose: list[Glyph] = []
    tables: dict[int, _Table] = {}
    held: list[dict[tuple[int, int], list[Glyph]]] = [{} for _ in ruled]
    for glyph in shown.glyphs:
        index, cell = _place(ruled, glyph)
        if cell is None:
            loose.append(glyph)
            continue
        if index not in tables and glyph.text.strip():
            blocks += lines(loose)
            loose = []
            tables[index] = _Table(ruled[index].ys[0], ruled[index].xs, [])
            blocks.append(tables[index])
        held[index].setdefault(cell, []).append(glyph)
    for index, table in tables.items():
        table.rows.extend(_rows(ruled[index], held[index]))
    blocks += lines(loose)
    return sorted(blocks, key=lambda block: block.top) if shown.turned else blocks


def _place(ruled: Sequence[Grid], glyph: Glyph) -> tuple[int, tuple[int, int] | None]:
    for index, grid in enumerate(ruled):
        cell = grid.cell(glyph)
        if cell is not None:
            return index, cell
    return -1, None


def _rows(grid: Grid, held: dict[tuple[int, int], list[Glyph]]) -> list[list[list[str]]]:
    rows = []
    for row in range(len(grid.ys) - 1):
        cells = [list(paragraphs(sorted_lines(held.get((row, column), [])))) for column in range(len(grid.xs) - 1)]
        if any(cells):
            rows.append(cells)
    return rows


def _bookmarks(document: pdfium.PdfDocument) -> dict[str, int]:
    """Return the level (0 is the highest) of each heading that the PDF's bookmarks name."""
    found: dict[str, int] = {}
    try:
        for bookmark in document.get_toc(max_depth=6):
            title = _solid(bookmark.get_title())
            if title and len(found) < 10_000:
                found.setdefault(title, bookmark.level)
    except (pdfium.PdfiumError, UnicodeDecodeError):
        return {}
    return found


def _solid(text: str) -> str:
    return re.sub(r"\s+", "", text)


class _Flow:
    """Writes the pages of a PDF as running text."""

    def __init__(self, contents: Sequence[_Content], bookmarks: dict[str, int]) -> None:
        self._writer = TextWriter()
        self._bookmarks = bookmarks
        self._frames, self._pages = self._clean(contents)
        self._paragraph: list[tuple[Line, int]] = []
        self._table: list[tuple[_Table, int]] = []
        self._page = -1

    @staticmethod
    def _clean(contents: Sequence[_Content]) -> tuple[list[Frame], list[list[Line | _Table]]]:
        """Return frames and blocks of each page without page numbers and running heads."""
        prose = [[block for block in content.blocks if isinstance(block, Line)] for content in contents]
        kept = without_furniture(prose)
        pages: list[list[Line | _Table]] = []
        for content, stay in zip(contents, kept, strict=True):
            known = set(stay)
            pages.append([block for block in content.blocks if isinstance(block, _Table) or block in known])
        return frames(kept), pages

    def write(self) -> TextWriter:
        """Write everything and return the writer."""
        for index, blocks in enumerate(self._pages):
            for block in blocks:
                if isinstance(block, _Table):
                    self._add_table(block, index)
                else:
                    self._add_line(block, index)
        self._end_paragraph()
        self._end_table()
        while self._page < len(self._pages) - 1:
            self._begin_page(self._page + 1)
        return self._writer

    def _add_line(self, line: Line, page: int) -> None:
        self._end_table()
        if self._paragraph:
            last, before = self._paragraph[-1]
            following = None if before == page else self._frames[page]
            if page - before > 1 or not joins(
                last, line, self._frames[before], following, first=len(self._paragraph) == 1
            ):
                self._end_paragraph()
        self._paragraph.append((line, page))

    def _end_paragraph(self) -> None:
        parts, self._paragraph = self._paragraph, []
        if not parts:
            return
        self._begin_page(parts[0][1])
        if level := self._heading(parts):
            self._writer.add("#" * level + " ")
        text = ""
        for line, page in parts:
            between = glue(text, line.text)
            self._begin_page(page)
            self._writer.add(between + line.text)
            text = line.text
        self._writer.end()

    def _heading(self, parts: list[tuple[Line, int]]) -> int:
        """Return the heading level 1-6 that a bookmark gives the paragraph, else 0."""
        title = _solid("".join(line.text for line, _ in parts))
        return min(self._bookmarks[title] + 1, 6) if title in self._bookmarks else 0

    def _add_table(self, table: _Table, page: int) -> None:
        self._end_paragraph()
        if self._table and not (page == self._table[-1][1] + 1 and _same_columns(self._table[0][0], table)):
            self._end_table()
        self._table.append((table, page))

    def _end_table(self) -> None:
        """Write a table with its parts on later pages; a header repeated there is left out."""
        parts, self._table = self._table, []
        rows: list[list[list[str]]] = []
        starts: dict[int, int] = {}
        for table, page in parts:
            more = table.rows[1:] if rows and table.rows[:1] == rows[:1] else table.rows
            if rows and more and _is_rest(rows[-1], more[0]):
                rows[-1] = [upper + lower for upper, lower in zip(rows[-1], more[0], strict=True)]
                more = more[1:]
            starts[len(rows)] = page
            rows += more
        for index, line in enumerate(pipe_lines(rows)):
            if index in starts:
                self._begin_page(starts[index])
            self._writer.add(("\n" if index else "") + line)
        self._writer.end()

    def _begin_page(self, page: int) -> None:
        while self._page < page:
            self._page += 1
            self._writer.page()


def _is_rest(row: list[list[str]], rest: list[list[str]]) -> bool:
    """Return whether the first row of a page is what did not fit of the row before.

    Then it goes on with less than half of that row's cells, and begins none.
    """
    upper = {column for column, cell in enumerate(row) if cell}
    lower = {column for column, cell in enumerate(rest) if cell}
    return lower < upper and 2 * len(lower) < len(upper)


def _same_columns(one: _Table, other: _Table) -> bool:
    return len(one.xs) == len(other.xs) and all(
        abs(a - b) <= _SAME_EDGES for a, b in zip(one.xs, other.xs, strict=True)
    )
