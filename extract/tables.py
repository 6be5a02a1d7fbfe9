"""Tables in the shapes that converted documents hold them in.

Shapes: tab-separated rows; rows between pipes (Markdown, or loose ones without outer pipes);
one cell a line, each closed by a pipe; HTML `<table>`. `grid` resolves their merged cells.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extract.clean import clean
from extract.document import Cell
from extract.grid import EMPTY, Grid, is_plausible, make_grid, stretched
from extract.span import Text

_RULE = re.compile(r"[-|:*+\s]*")
_OPENING = re.compile(r"\s*(?:[-*+]\s+(?=\|))?")
_HTML_OPEN = re.compile(r"<table\b[^<>]{0,300}>", re.IGNORECASE)
_HTML_CLOSE = re.compile(r"</table\s{0,3}>", re.IGNORECASE)
_HTML_PART = re.compile(r"<(?P<close>/?)(?P<name>tr|td|th)\b(?P<attributes>[^<>]{0,300})>", re.IGNORECASE)
_SPAN = re.compile(r"(?P<axis>row|col)span\s{0,3}=\s{0,3}[\"']?(?P<count>\d{1,3})", re.IGNORECASE)
# A cell that claims to reach further, a row or a table with more cells, is damaged or hostile.
_MOST_SPANNED = 200
_MOST_COLUMNS = 1_000
_MOST_CELLS = 200_000


def find_tables(raw: str, physical: Sequence[tuple[int, int]], skip: frozenset[int]) -> list[Grid]:
    """Return the tables of the document in order; physical rows in `skip` are not looked at."""
    found: list[Grid] = []
    barren = _Barren()
    row = 0
    while row < len(physical):
        grid = None if row in skip else _table_at(raw, physical, row, skip, barren)
        row += 1
        if grid is not None:
            found.append(grid)
            while row < len(physical) and physical[row][1] <= grid.end:
                row += 1
    return sorted([*found, *_html_tables(raw, found)], key=lambda grid: grid.start)


@dataclass(slots=True)
class _Barren:
    """The rows known to start no table, so that a long run of rows is not read again from each of them.

    `until` is where the last vain run of rows with a separator ended, `column_end` where the last
    vain run of one-cell lines ended, and `column_tries` from how many of its rows it was read.
    """

    until: dict[str, int] = field(default_factory=dict)
    column_end: int = 0
    column_tries: int = 0

    def column(self, end: int) -> None:
        """Note that a run of one-cell lines up to row `end` held no table from where it was read."""
        self.column_tries = self.column_tries + 1 if end == self.column_end else 1
        self.column_end = end

    def knows_column(self, row: int) -> bool:
        """Return whether the row stands in a run that was read in vain from three of its rows."""
        return row < self.column_end and self.column_tries >= 3


def _table_at(
    raw: str, physical: Sequence[tuple[int, int]], row: int, skip: frozenset[int], barren: _Barren
) -> Grid | None:
    start, end = physical[row]
    if raw.find("\t", start, end) >= 0:
        return _separated(raw, physical, row, skip, "\t", barren)
    if raw.find("|", start, end) >= 0:
        grid = None if barren.knows_column(row) else _column_of_cells(raw, physical, row, barren)
        return grid or _separated(raw, physical, row, skip, "|", barren)
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
    raw: str,
    physical: Sequence[tuple[int, int]],
    first: int,
    skip: frozenset[int],
    separator: str,
    barren: _Barren,
) -> Grid | None:
    if first < barren.until.get(separator, 0):
        return None
    last = first
    while last < len(physical) and last not in skip and raw.find(separator, *physical[last]) >= 0:
        last += 1
    spans = [physical[row] for row in range(first, last)]
    lines = [_split(raw, *span, separator) for span in spans if separator != "|" or not _is_rule(raw, *span)]
    filled = [sum(1 for cell in line if cell.clean) for line in lines]
    if sum(1 for count in filled if count >= 2) < 2 or not is_plausible(lines):
        barren.until[separator] = last
        return None
    caption = None
    if filled[0] == 1 and filled[1] >= 2:
        caption = next(cell for cell in lines[0] if cell.clean)
        lines = lines[1:]
    full = [line for line in lines if any(cell.clean for cell in line)]
    return make_grid(physical[first][0], physical[last - 1][1], caption, full)


def _is_rule(raw: str, start: int, end: int) -> bool:
    """Return whether the row is the rule under a Markdown header (`|---|:-:|`)."""
    if _RULE.fullmatch(raw, start, end) is None:
        return False
    return any(raw.find(mark, start, end) >= 0 for mark in ("--", "|-", ":-"))


# --- one cell a line ----------------------------------------------------------------------------


def _column_of_cells(raw: str, physical: Sequence[tuple[int, int]], first: int, barren: _Barren) -> Grid | None:
    """Read a table whose cells stand one a line, each closed by a pipe.

    The rows carry ascending numbers (序号): they show where each row begins and how many columns
    stand before them; the printed row of bare pipes after the caption is not needed.
    """
    cells, separators, last = _cell_lines(raw, physical, first)
    grid = None if len(cells) < 12 else _numbered_grid(cells, separators, physical[first][0], physical[last - 1][1])
    if grid is None:
        barren.column(last)
    return grid


def _numbered_grid(cells: list[Text], separators: set[int], low: int, high: int) -> Grid | None:
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
        lines.append([*(category or [EMPTY] * order), *stretched(body[:cut], width - order)])
        category = body[cut:][:order] if stop < len(cells) else []
    return make_grid(low, high, caption, lines)


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


# --- HTML ---------------------------------------------------------------------------------------


def _html_tables(raw: str, found: Sequence[Grid]) -> list[Grid]:
    """Return the HTML tables outside the tables `found`; a table that is not closed is no table."""
    grids = []
    starts = [grid.start for grid in found]
    at = 0
    while (opened := _HTML_OPEN.search(raw, at)) is not None:
        closed = _HTML_CLOSE.search(raw, opened.end())
        if closed is None:
            break
        at = closed.end()
        before = bisect_right(starts, opened.start()) - 1
        if before >= 0 and opened.start() < found[before].end:
            continue
        lines = _html_lines(raw, opened.end(), closed.start())
        if sum(1 for line in lines if sum(1 for cell in line if cell.text.clean) >= 2) >= 2 and is_plausible(lines):
            grids.append(_html_grid(opened.start(), closed.end(), lines))
    return grids


def _html_lines(raw: str, start: int, end: int) -> list[list[Cell]]:
    """Return the rows of a table; none when its spans blow it up beyond any real table."""
    lines: list[list[Cell]] = []
    cells = 0
    for line in _html_rows(raw, start, end):
        cells += len(line)
        if cells > _MOST_CELLS:
            return []
        lines.append(line)
    return lines


def _html_rows(raw: str, start: int, end: int) -> Iterator[list[Cell]]:
    """Yield the rows with their row and column spans filled by the cell that reaches over them."""
    reaching: dict[int, tuple[int, Text]] = {}
    row: list[Cell] = []
    number = 0
    opened: re.Match[str] | None = None
    for part in _HTML_PART.finditer(raw, start, end):
        is_row = part["name"].lower() == "tr"
        if opened is not None:
            _add_cell(row, number, clean(raw, opened.end(), part.start()).text, opened["attributes"], reaching)
            opened = None
        if is_row:
            if row:
                _fill(row, number, reaching)
                yield row
                number += 1
            row = []
        elif not part["close"]:
            opened = part
    if row:
        _fill(row, number, reaching)
        yield row


def _fill(row: list[Cell], number: int, reaching: dict[int, tuple[int, Text]]) -> None:
    """Append the cells that reach down into the row at its next columns."""
    while (above := reaching.get(len(row))) is not None and above[0] > 0:
        reaching[len(row)] = (above[0] - 1, above[1])
        row.append(Cell(number, len(row), above[1], merged=True))


def _add_cell(row: list[Cell], number: int, text: Text, attributes: str, reaching: dict[int, tuple[int, Text]]) -> None:
    _fill(row, number, reaching)
    spans = {m["axis"].lower(): min(int(m["count"]), _MOST_SPANNED) for m in _SPAN.finditer(attributes)}
    columns = spans.get("col", 1) if len(row) < _MOST_COLUMNS else 1
    for step in range(max(1, columns)):
        reaching[len(row)] = (spans.get("row", 1) - 1, text)
        row.append(Cell(number, len(row), text, merged=step > 0))


def _html_grid(start: int, end: int, lines: Sequence[list[Cell]]) -> Grid:
    caption = None
    if len({cell.text.pieces for cell in lines[0]}) == 1 and len(lines) > 2:
        caption = lines[0][0].text
        lines = lines[1:]
    width = max(len(line) for line in lines)
    full = [
        (
            *(Cell(row, cell.column, cell.text, cell.merged) for cell in line),
            *(Cell(row, i, EMPTY) for i in range(len(line), width)),
        )
        for row, line in enumerate(lines)
    ]
    return Grid(start, end, caption, full[0], tuple(full[1:]))
