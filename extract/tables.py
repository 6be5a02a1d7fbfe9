"""Tables in the shapes that converted documents hold them in, as grids of cells.

Shapes: tab-separated rows; rows between pipes (Markdown, or loose ones without outer pipes);
one cell a line, each closed by a pipe; HTML `<table>`. A cell that reaches over several rows or
columns is repeated by reference (`Cell.merged`), so that every row has all columns.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.clean import clean
from extract.document import Cell
from extract.span import Text

_EMPTY = Text.of("", ())
_PIPE_RULE = re.compile(r"\s*(?:[-*+]\s+)?\|?(?:\s*:?-{1,}:?\s*\|)+(?:\s*:?-*:?\s*)?")
_OPENING = re.compile(r"\s*(?:[-*+]\s+(?=\|))?")
# Columns that hold figures; words in them are a figure's stand-in and may reach over the next one.
_FIGURES = re.compile(r"\d|目标|年均|累计|现状|基期|规划值")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table found: the physical rows `[first, last)` it fills and its cells in full rows."""

    first: int
    last: int
    caption: Text | None
    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


def find_tables(raw: str, physical: Sequence[tuple[int, int]], skip: frozenset[int]) -> list[Grid]:
    """Return the tables of the document in order; physical rows in `skip` are not looked at."""
    found: list[Grid] = []
    row = 0
    while row < len(physical):
        grid = None if row in skip else _table_at(raw, physical, row, skip)
        if grid is None:
            row += 1
        else:
            found.append(grid)
            row = grid.last
    return found


def _table_at(raw: str, physical: Sequence[tuple[int, int]], row: int, skip: frozenset[int]) -> Grid | None:
    start, end = physical[row]
    if raw.find("\t", start, end) >= 0:
        return _separated(raw, physical, row, skip, "\t")
    if raw.find("|", start, end) >= 0:
        return _column_of_cells(raw, physical, row) or _separated(raw, physical, row, skip, "|")
    return None


# --- rows with separators -----------------------------------------------------------------------


def _split(raw: str, start: int, end: int, separator: str) -> list[Text]:
    """Return the clean cells of one physical row; outer pipes open and close it."""
    if separator == "|":
        lead = _OPENING.match(raw, start, end)
        assert lead is not None
        start = lead.end()
        while end > start and raw[end - 1].isspace():
            end -= 1
        if start < end and raw[start] == "|":
            start += 1
        if start < end and raw[end - 1] == "|":
            end -= 1
    cells, low = [], start
    while True:
        high = raw.find(separator, low, end)
        if high < 0:
            cells.append(clean(raw, low, end).text)
            return cells
        cells.append(clean(raw, low, high).text)
        low = high + 1


def _separated(
    raw: str, physical: Sequence[tuple[int, int]], first: int, skip: frozenset[int], separator: str
) -> Grid | None:
    lines: list[list[Text]] = []
    row = first
    while row < len(physical) and row not in skip:
        start, end = physical[row]
        if raw.find(separator, start, end) < 0:
            break
        if separator != "|" or _PIPE_RULE.fullmatch(raw, start, end) is None:
            lines.append(_split(raw, start, end, separator))
        row += 1
    filled = [sum(1 for cell in line if cell.clean) for line in lines]
    if sum(1 for count in filled if count >= 2) < 2:
        return None
    caption = None
    if filled[0] == 1 and filled[1] >= 2:
        caption = next(cell for cell in lines[0] if cell.clean)
        lines = lines[1:]
    return _grid(first, row, caption, [line for line in lines if any(cell.clean for cell in line)])


def _grid(first: int, last: int, caption: Text | None, lines: list[list[Text]]) -> Grid:
    width = max(len(line) for line in lines)
    header = tuple(Cell(0, i, text) for i, text in enumerate(_padded(lines[0], width)))
    rows: list[tuple[Cell, ...]] = []
    for number, line in enumerate(lines[1:], start=1):
        rows.append(tuple(_merged(number, _aligned(line, width), rows[-1] if rows else None, header)))
    return Grid(first, last, caption, header, tuple(rows))


def _padded(line: list[Text], width: int) -> list[Text]:
    return line + [_EMPTY] * (width - len(line))


def _aligned(line: list[Text], width: int) -> list[Text]:
    """Return the row in full width: what is missing are the first columns, merged with the row above."""
    return [_EMPTY] * (width - len(line)) + line


def _merged(number: int, line: list[Text], above: tuple[Cell, ...] | None, header: tuple[Cell, ...]) -> Iterator[Cell]:
    """Yield the cells of a row, with empty ones filled from the cell that reaches over them.

    Empty leading cells continue the row above (a category over several rows); an empty cell
    right of words continues those words (`控制在…指标内` over two columns), right of a number or
    a dash it stays empty.
    """
    leading, before = True, _EMPTY
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


# --- one cell a line ----------------------------------------------------------------------------


def _column_of_cells(raw: str, physical: Sequence[tuple[int, int]], first: int) -> Grid | None:
    """Read a table whose cells stand one a line, each closed by a pipe.

    The rows carry ascending numbers (序号): they show where each row begins and how many columns
    stand before them; the printed row of bare pipes after the caption is not needed.
    """
    cells, separators, last = _cell_lines(raw, physical, first)
    if len(cells) < 12:
        return None
    caption = cells[0] if 1 in separators else None
    if caption is not None:
        cells = cells[1:]
        separators = {at - 1 for at in separators}
    numbers = _row_numbers(cells)
    order = next((i for i, cell in enumerate(cells[:12]) if cell.clean in ("序号", "编号", "序")), None)
    if order is None or len(numbers) < 2 or numbers[0] < 2 * order:
        return None
    width = numbers[0] - order
    lines = [cells[:width]]
    category: list[Text] = cells[width : numbers[0]]
    for start, stop in zip(numbers, [*numbers[1:], len(cells)], strict=True):
        body = cells[start:stop]
        cut = _row_end(body, start, separators, width - order)
        lines.append([*(category or [_EMPTY] * order), *_stretched(body[:cut], width - order)])
        category = body[cut:][:order] if stop < len(cells) else []
    return _grid(first, last, caption, lines)


def _cell_lines(raw: str, physical: Sequence[tuple[int, int]], first: int) -> tuple[list[Text], set[int], int]:
    """Return the non-empty cells, the cell counts at which bare pipes stand, and the row after."""
    cells: list[Text] = []
    separators: set[int] = set()
    row = first
    while row < len(physical):
        start, end = physical[row]
        stripped = raw[start : min(end, start + 400)].strip()
        if not stripped or len(stripped) > 200 or "|" in stripped.rstrip("|") or stripped.startswith("注"):
            break
        if set(stripped) == {"|"}:
            separators.add(len(cells))
        elif stripped.endswith("|") or _opens_pipe(raw, physical, row + 1):
            cells.append(clean(raw, start, start + len(raw[start:end].rstrip().rstrip("|"))).text)
        else:
            break
        row += 1
    return cells, separators, row


def _opens_pipe(raw: str, physical: Sequence[tuple[int, int]], row: int) -> bool:
    """Return whether the physical row is a bare pipe that closes the cell above it."""
    return row < len(physical) and raw[slice(*physical[row])].strip() == "|"


def _row_numbers(cells: Sequence[Text]) -> list[int]:
    """Return where the row numbers 1, 2, 3 … stand among the cells."""
    found: list[int] = []
    for index, cell in enumerate(cells):
        if cell.clean == str(len(found) + 1) and (not found or index - found[-1] >= 3):
            found.append(index)
    return found


def _row_end(body: Sequence[Text], start: int, separators: set[int], width: int) -> int:
    """Return how many cells belong to the row; the rest is the category of the next one."""
    for count in range(3, min(len(body), width) + 1):
        if start + count in separators:
            return count
    return min(len(body), width)


def _stretched(cells: list[Text], width: int) -> list[Text]:
    """Return the row in full width: missing cells are those that its longest words reach over."""
    missing = width - len(cells)
    if missing <= 0:
        return cells[:width]
    at = max(range(2, len(cells)), key=lambda i: len(cells[i].clean) if _is_words(cells[i].clean) else 0, default=1)
    return [*cells[: at + 1], *[_EMPTY] * missing, *cells[at + 1 :]]
