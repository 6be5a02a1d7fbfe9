"""Blocks into the parts of a `Document`: numbered sentences, sections, boxes, tables.

A numbered run-in heading (`（一）奋斗目标。建设…`) opens a section, but stays the first sentence of
its paragraph, with its length as `lead`; headings on a line of their own are HEADING sentences.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from extract.blocks import Block, Kind
from extract.boxes import (
    Entry,
    box_title,
    entry_number,
    number_warnings,
    numbered_entry,
    same_shape,
    split_numbered,
    unnumbered_entries,
)
from extract.clean import Clean, join
from extract.document import Box, BoxItem, Role, Section, Sentence, Table
from extract.grid import Grid
from extract.headings import Heading, Mark, Style, sections
from extract.lines import Line
from extract.sentences import leads, sentence_ends
from extract.span import Span, Text


@dataclass(frozen=True, slots=True)
class Parts:
    """What the assembly made; `kept` are the raw pieces of all texts."""

    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    boxes: tuple[Box, ...]
    tables: tuple[Table, ...]
    kept: tuple[Span, ...]
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _OpenBox:
    """A box that is being read."""

    index: int
    number: str
    title: Text
    start: int
    end: int
    section: int | None
    items: list[BoxItem]
    entries: list[Entry]
    due: int = 1
    table: bool = False


class Assembly:
    """Takes the blocks in document order and numbers what they hold."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.headings: list[Heading] = []
        self.sentences: list[Sentence] = []
        self.boxes: list[Box] = []
        self.tables: list[Table] = []
        self.paragraph = -1
        self.box: _OpenBox | None = None
        self.caption: Text | None = None
        self.content_end = 0
        self.numbering: dict[Style, int] = {}

    @property
    def section(self) -> int | None:
        """The section that is open."""
        return len(self.headings) - 1 if self.headings else None

    def finish(self) -> Parts:
        """Return what was assembled."""
        self._close_box()
        found, warnings = sections(self.headings, self.content_end)
        kept = tuple(piece for sentence in self.sentences for piece in sentence.text.pieces)
        return Parts(
            found,
            tuple(self.sentences),
            tuple(self.boxes),
            tuple(self.tables),
            kept,
            (*warnings, *self._box_warnings()),
        )

    def add_front(self, units: Sequence[Sequence[Line]]) -> None:
        """Add the lines in front of the text: title, adoption note and what else stands there."""
        for unit in units:
            content = join(self.raw, [line.content for line in unit])
            self.paragraph += 1
            self._sentence(content.text, Role.TITLE)

    def add(self, block: Block) -> None:
        """Add the next block of the body."""
        if block.kind is Kind.HEADING:
            self._heading(block)
        elif block.kind is Kind.BOX:
            self._open_box(block)
        elif block.kind is Kind.TABLE:
            self._table(block)
        elif block.kind is Kind.CAPTION:
            self._close_box()
            self.paragraph += 1
            self._sentence(block.content.text, Role.HEADING)
            self.caption = block.content.text
        elif block.kind is Kind.NOTE:
            self._note(block)
        else:
            self._paragraph(block)
        self.content_end = max(self.content_end, block.end)

    # --- sentences ----------------------------------------------------------------------------

    def _sentence(
        self, text: Text, role: Role, *, lead: int = 0, item: int | None = None, table: int | None = None
    ) -> int:
        index = len(self.sentences)
        box = self.box.index if self.box is not None else None
        self.sentences.append(Sentence(index, text, role, self.paragraph, self.section, box, item, table, lead))
        return index

    def _sentences(
        self, content: Clean, role: Role, *, item: int | None = None, lead: int | None = None
    ) -> tuple[int, ...]:
        """Add a paragraph's sentences; `lead` overrides the length of the first one's lead-in."""
        self.paragraph += 1
        cuts = sentence_ends(content.text.clean)
        lengths = leads(content, cuts)
        indices = []
        for number, (text, length) in enumerate(zip(content.text.cut(cuts), lengths, strict=True)):
            given = min(lead, len(text)) if lead is not None and number == 0 else length
            indices.append(self._sentence(text, role, lead=given, item=item))
        return tuple(indices)

    # --- headings and prose -------------------------------------------------------------------

    def _numbers_on(self, mark: Mark) -> bool:
        """Return whether a 1. or (1) goes on with the sections so numbered, rather than with a list."""
        if mark.style < Style.ARABIC:
            return True
        last = self.numbering.get(mark.style, 0)
        stands = mark.number == 1 or 0 < last < mark.number <= last + 3
        if stands:
            self.numbering[mark.style] = mark.number
        return stands

    def _heading(self, block: Block) -> None:
        mark = block.mark
        if mark is not None and ((self.box is not None and mark.style >= Style.ARABIC) or not self._numbers_on(mark)):
            self._paragraph(block)
            return
        self._close_box()
        self.caption = None
        text = block.content.text
        self._section(block, text.slice(block.title, len(text.clean.rstrip("：:"))))
        self.paragraph += 1
        self._sentence(text, Role.HEADING)

    def _section(self, block: Block, title: Text) -> None:
        number = block.content.text.clean[: block.title]
        self.headings.append(Heading(block.mark, number, title, block.start))

    def _paragraph(self, block: Block) -> None:
        if self.box is not None and self._box_paragraph(block):
            return
        self._close_box()
        self.caption = None
        if block.run_in and block.mark is not None and self._numbers_on(block.mark):
            text = block.content.text
            end = len(text.clean[: block.run_in].rstrip("。：:"))
            self._section(block, text.slice(block.title, end))
            self._sentences(block.content, Role.BODY, lead=block.run_in)
        else:
            self._sentences(block.content, Role.BODY)

    # --- boxes --------------------------------------------------------------------------------

    def _open_box(self, block: Block) -> None:
        self._close_box()
        text = block.content.text
        found = box_title(text.clean)
        assert found is not None
        number, at = found
        self.box = _OpenBox(
            len(self.boxes), number, text.slice(at, len(text)), block.start, block.end, self.section, [], []
        )
        self.paragraph += 1
        self._sentence(text, Role.HEADING)

    def _box_paragraph(self, block: Block) -> bool:
        """Add the paragraph to the open box, or return False where the box has ended."""
        box = self.box
        assert box is not None
        text = block.content.text.clean
        if entry_number(text, box.due):
            for part in split_numbered(block.content, box.due):
                self._item([numbered_entry(part)], part)
                box.due += 1
        elif not box.table and (not box.items or same_shape(box.entries, text)):
            self._item(unnumbered_entries(block.content), block.content)
        else:
            return False
        box.end = block.end
        return True

    def _item(self, entries: list[Entry], content: Clean) -> None:
        box = self.box
        assert box is not None
        first = len(box.items)
        numbered = bool(entries[0].number)
        indices = self._sentences(content, Role.ITEM, item=first, lead=entries[0].lead if numbered else None)
        span = content.text.span
        for entry in entries:
            box.items.append(BoxItem(entry.number, entry.name, indices, span))
        box.entries += entries

    def _close_box(self) -> None:
        box, self.box = self.box, None
        if box is not None:
            self.boxes.append(
                Box(box.index, box.number, box.title, tuple(box.items), Span(box.start, box.end), box.section)
            )

    def _box_warnings(self) -> list[str]:
        tabled = {table.box for table in self.tables}
        empty = [
            f"box without entries: 专栏{box.number} {box.title.clean}"
            for box in self.boxes
            if not box.items and box.index not in tabled
        ]
        return [*empty, *number_warnings(self.boxes)]

    # --- tables -------------------------------------------------------------------------------

    def _table(self, block: Block) -> None:
        grid = block.grid
        assert grid is not None
        caption = self._caption(grid, block)
        index = len(self.tables)
        self.paragraph += 1
        if grid.caption is not None and box_title(grid.caption.clean) is None:
            self._sentence(grid.caption, Role.HEADING, table=index)
        for row in (grid.header, *grid.rows):
            self.paragraph += 1
            for cell in row:
                if cell.text.clean and not cell.merged:
                    self._sentence(cell.text, Role.CELL, table=index)
        box = self.box
        if box is not None:
            box.table = True
            box.end = block.end
        self.tables.append(
            Table(
                index,
                caption,
                grid.header,
                grid.rows,
                (),
                Span(block.start, block.end),
                self.section,
                box.index if box is not None else None,
            )
        )

    def _caption(self, grid: Grid, block: Block) -> Text | None:
        """Return the table's caption; a caption that titles a box opens that box."""
        if grid.caption is not None and box_title(grid.caption.clean) is not None:
            span = grid.caption.span
            self._open_box(Block(Kind.BOX, Clean(grid.caption), span.start, span.end))
            assert self.box is not None
            return self.box.title
        if self.box is not None and (self.box.items or self.box.table):
            self._close_box()
        caption, self.caption = self.caption, None
        if grid.caption is not None:
            return grid.caption
        return caption if caption is not None or self.box is None else self.box.title

    def _note(self, block: Block) -> None:
        if not self.tables:
            self._paragraph(block)
            return
        table = self.tables[-1]
        self.paragraph += 1
        cuts = sentence_ends(block.content.text.clean)
        for text in block.content.text.cut(cuts):
            self._sentence(text, Role.NOTE, table=table.index)
        notes = (*table.notes, block.content.text)
        self.tables[-1] = Table(
            table.index,
            table.caption,
            table.header,
            table.rows,
            notes,
            Span(table.span.start, max(table.span.end, block.end)),
            table.section,
            table.box,
        )
        if self.box is not None:
            self.box.end = block.end
