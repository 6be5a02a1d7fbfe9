"""A table's cells in full rows: merged cells resolved, header and rows equally long."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.document import Cell
from extract.span import Text

EMPTY = Text.of("", ())
# Columns that hold figures; words in them are a figure's stand-in and may reach over the next one.
_FIGURES = re.compile(r"\d|目标|年均|累计|现状|基期|规划值")
_FREE_CELLS = 20_000
_TOTAL = re.compile(r"(?:总计|合计|小计|共计|总和)")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table found: the raw interval `[start, end)` it fills, and its cells in full rows."""

    start: int
    end: int
    caption: Text | None
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def texts(self) -> Iterator[Text]:
        """Yield the caption and each non-empty cell once, in reading order."""
        if self.caption is not None:
            yield self.caption
        for row in (self.header, *self.rows):
            yield from (cell.text for cell in row if cell.text.clean and not cell.merged)


def is_plausible(lines: Sequence[Sequence[object]]) -> bool:
    """Return whether rows of such lengths make a table: padded to one width, they stay about as large.

    One row of a hundred thousand cells above as many rows of one cell would be ten billion.
    """
    width = max(len(line) for line in lines)
    return width * len(lines) <= _FREE_CELLS + 4 * sum(len(line) for line in lines)


def make_grid(start: int, end: int, caption: Text | None, lines: Sequence[Sequence[Text]]) -> Grid:
    """Return the grid of rows that may lack cells, the header first.

    Rows without their first columns continue the row above; a header without its last ones is
    stretched over the sub-header below it, or padded.
    """
    width = max(len(line) for line in lines)
    header = _header(list(lines[0]), lines[1] if len(lines) > 1 else (), width)
    rows: list[tuple[Cell, ...]] = []
    for number, line in enumerate(lines[1:], start=1):
        rows.append(tuple(_merged(number, _aligned(line, width), rows[-1] if rows else None, header)))
    return Grid(start, end, caption, header, tuple(rows))


def _header(line: list[Text], below: Sequence[Text], width: int) -> tuple[Cell, ...]:
    missing = width - len(line)
    at = width - len(below)
    if not missing or not _is_subheader(below) or not 0 < at < len(line):
        return tuple(Cell(0, i, text) for i, text in enumerate([*line, *[EMPTY] * missing]))
    cells = [*line[: at + 1], *[line[at]] * missing, *line[at + 1 :]]
    return tuple(Cell(0, i, text, merged=at < i <= at + missing) for i, text in enumerate(cells))


def _is_subheader(line: Sequence[Text]) -> bool:
    """Return whether the row only says what the columns of a group hold (户 | 人 | %)."""
    return bool(line) and all(0 < len(c.clean) <= 6 and not any(x.isdecimal() for x in c.clean) for c in line)


def _aligned(line: Sequence[Text], width: int) -> list[Text]:
    """Return the row in full width: the columns that it lacks are its first ones, merged with the row above.

    A row of totals keeps its label in front.
    """
    missing = [EMPTY] * (width - len(line))
    if missing and _TOTAL.fullmatch(line[0].clean):
        return [line[0], *missing, *line[1:]]
    return [*missing, *line]


def _merged(
    number: int, line: Sequence[Text], above: tuple[Cell, ...] | None, header: tuple[Cell, ...]
) -> Iterator[Cell]:
    """Yield the cells of a row, with empty ones filled from the cell that reaches over them.

    Empty leading cells continue the row above (a category over several rows), unless that is a
    row of totals. An empty cell right of words in a column of figures continues those words
    (`控制在…指标内` over two columns); right of a number or a dash it stays empty.
    """
    if above is not None and any(_TOTAL.fullmatch(cell.text.clean) for cell in above[:2]):
        above = None
    leading, before = True, EMPTY
    for column, text in enumerate(line):
        leading = leading and not text.clean
        if text.clean or column == len(line) - 1:
            yield Cell(number, column, text)
            before = text
        elif leading and above is not None:
            yield Cell(number, column, above[column].text, merged=bool(above[column].text.clean))
        elif _is_words(before.clean) and _FIGURES.search(header[column - 1].text.clean):
            yield Cell(number, column, before, merged=True)
        else:
            yield Cell(number, column, text)


def _is_words(text: str) -> bool:
    return len(text) >= 4 and not any(c.isdecimal() for c in text)


def stretched(cells: Sequence[Text], width: int) -> list[Text]:
    """Return the row in full width: the cells that it lacks are those its longest words reach over."""
    missing = width - len(cells)
    if missing <= 0:
        return list(cells[:width])
    lengths = [len(cell.clean) if _is_words(cell.clean) else 0 for cell in cells]
    at = max(range(2, len(cells)), key=lengths.__getitem__, default=len(cells) - 1)
    return [*cells[: at + 1], *[EMPTY] * missing, *cells[at + 1 :]]
