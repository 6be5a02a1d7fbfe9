"""Tables of a PDF page, found by the ruling lines around their cells."""

import itertools
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.formats.pdf_page import Glyph, Ruling

_TOUCH = 3.0  # points between lines that meet, or that are one line drawn twice
_MIN_SIDE = 6.0  # points: lower or narrower cells hold no text
_PAGE_SHARE = 0.75  # of the page: a single cell larger than this is a border around the page


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's lines: column edges `xs` and row edges `ys`, ascending, and which cells are merged.

    `owner[row][column]` is the (row, column) of the top left cell of the merged cell there.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: tuple[tuple[tuple[int, int], ...], ...]

    def cell(self, glyph: Glyph) -> tuple[int, int] | None:
        """Return the (row, column) of the merged cell that holds the middle of a glyph, if any does."""
        column = bisect_right(self.xs, (glyph.x0 + glyph.x1) / 2) - 1
        row = bisect_right(self.ys, (glyph.top + glyph.bottom) / 2) - 1
        if 0 <= row < len(self.ys) - 1 and 0 <= column < len(self.xs) - 1:
            return self.owner[row][column]
        return None


def grids(rulings: Sequence[Ruling], width: float, height: float) -> list[Grid]:
    """Return the tables that ruling lines draw on a page of `width` × `height` points, top first."""
    found = []
    for group in _connected(rulings):
        grid = _grid(group)
        if grid is None:
            continue
        area = (grid.xs[-1] - grid.xs[0]) * (grid.ys[-1] - grid.ys[0])
        single = len(grid.xs) == 2 and len(grid.ys) == 2
        if not (single and area > _PAGE_SHARE * width * height):
            found.append(grid)
    return sorted(found, key=lambda grid: (grid.ys[0], grid.xs[0]))


def _connected(rulings: Sequence[Ruling]) -> Iterator[list[Ruling]]:
    """Yield groups of rulings that meet each other, directly or through others.

    A sweep from left to right keeps the horizontal lines that still reach the sweep's place, so
    that only neighbours are compared.
    """
    order = sorted(rulings, key=lambda ruling: ruling.x0)
    parent = list(range(len(order)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    active: list[int] = []
    for index, ruling in enumerate(order):
        active = [other for other in active if order[other].x1 + _TOUCH >= ruling.x0]
        for other in active:
            if order[other].y0 - _TOUCH <= ruling.y1 and ruling.y0 <= order[other].y1 + _TOUCH:
                parent[root(index)] = root(other)
        active.append(index)
    groups: dict[int, list[Ruling]] = {}
    for index, ruling in enumerate(order):
        groups.setdefault(root(index), []).append(ruling)
    yield from groups.values()


def _grid(group: list[Ruling]) -> Grid | None:
    """Return the grid of connected rulings, or None when they enclose no cell."""
    lying = [ruling for ruling in group if ruling.horizontal]
    standing = [ruling for ruling in group if not ruling.horizontal]
    if len(lying) < 2 or not standing:
        return None
    # The outer edges may be open: then the lines across them say how far the table reaches.
    xs = _clustered(
        [r.x0 for r in standing] + [min(r.x0 for r in lying), max(r.x1 for r in lying)],
    )
    ys = _clustered([r.y0 for r in lying] + [min(r.y0 for r in standing), max(r.y1 for r in standing)])
    if len(xs) < 2 or len(ys) < 2:
        return None
    return Grid(tuple(xs), tuple(ys), _owners(xs, ys, lying, standing))


def _clustered(values: list[float]) -> list[float]:
    """Return ascending values, those closer than the least side of a cell taken as one."""
    clusters: list[list[float]] = []
    for value in sorted(values):
        if clusters and value - clusters[-1][0] < _MIN_SIDE:
            clusters[-1].append(value)
        else:
            clusters.append([value])
    return [sum(cluster) / len(cluster) for cluster in clusters]


def _owners(
    xs: list[float], ys: list[float], lying: list[Ruling], standing: list[Ruling]
) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return for each cell the top left one of the cells with which no line parts it."""
    rows, columns = len(ys) - 1, len(xs) - 1
    right = _borders(xs, ys, [(r.x0, r.y0, r.y1) for r in standing])
    below = _borders(ys, xs, [(r.y0, r.x0, r.x1) for r in lying])
    owner = [[(row, column) for column in range(columns)] for row in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if column and (column, row) not in right:
                owner[row][column] = owner[row][column - 1]
            elif row and (row, column) not in below:
                owner[row][column] = owner[row - 1][column]
    return tuple(map(tuple, owner))


def _borders(
    edges: list[float], across: list[float], rulings: list[tuple[float, float, float]]
) -> set[tuple[int, int]]:
    """Return (edge, stretch) pairs that a ruling `(at, from, to)` covers.

    `edge` indexes `edges`; `stretch` is the interval of `across` whose middle the ruling passes.
    """
    found: set[tuple[int, int]] = set()
    middles = [(low + high) / 2 for low, high in itertools.pairwise(across)]
    for at, low, high in rulings:
        edge = min(range(len(edges)), key=lambda index: abs(edges[index] - at))
        first, last = bisect_right(middles, low - _TOUCH), bisect_right(middles, high + _TOUCH)
        found.update((edge, stretch) for stretch in range(first, last))
    return found
