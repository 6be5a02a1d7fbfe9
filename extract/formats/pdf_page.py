"""What stands where on a PDF page: glyphs, the lines of text they form, and ruling lines.

Coordinates are points with y growing downwards, turned so that text runs to the right, whatever
the rotation of the page.
"""

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_OVERLAP = 0.5  # of the lower glyph's height: what two glyphs of one line share
_GAP = 0.2  # of the size: between Latin letters further apart stands a space
_WIDE_GAP = 0.9  # of the size: beside ideographs
_LATIN = "\u2e7f"  # the last character before the ideographs
_BACK = 1.0  # of the size: a glyph further left than this begins a new line
_THIN = 3.0  # points: a filled box no thicker than this is a drawn line
_STRAIGHT = 0.5  # points that a ruling may deviate from the horizontal or vertical
_MAX_RULINGS = 5_000  # of one page: more are a drawing, not a table
_MAX_SEGMENTS = 1_000  # of one path: more are a drawing
_HYPHENS = (0x02, 0xAD, 0xFFFE)  # what PDFium makes of a hyphen at the end of a line
# Simplified radicals, which Unicode gives no compatibility mapping (it does for the Kangxi ones).
_RADICALS = str.maketrans(
    "⺟⺠⺩⺫⺮⺼⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "母民王目竹月虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
)
_MAX_DEPTH = 5  # forms inside forms


class Glyph(NamedTuple):
    """One character and its box; `size` is the height of its font's line."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def size(self) -> float:
        """Return the height of the glyph's box."""
        return self.bottom - self.top


class Line(NamedTuple):
    """A line of text and its box."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def size(self) -> float:
        """Return the height of the line's box."""
        return self.bottom - self.top


class Ruling(NamedTuple):
    """A horizontal (y0 == y1) or vertical (x0 == x1) line; x0 <= x1 and y0 <= y1."""

    x0: float
    x1: float
    y0: float
    y1: float

    @property
    def horizontal(self) -> bool:
        """Return whether the line lies."""
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class Page:
    """What a page shows; `pictured` tells that a picture covers most of it.

    `unmapped` counts the glyphs whose font does not say which characters they are. On a `turned`
    page the order of the glyphs' lines is not to be relied on.
    """

    glyphs: tuple[Glyph, ...]
    rulings: tuple[Ruling, ...]
    width: float
    height: float
    pictured: bool = False
    unmapped: int = 0
    turned: bool = False


def read_page(page: pdfium.PdfPage) -> Page:
    """Return what a page shows."""
    turned, unmapped = _glyphs(page)
    turn = max(turned, key=lambda angle: len(turned[angle]), default=0)
    width, height = page.get_size()
    glyphs = [glyph for angle in sorted(turned, key=lambda a: a != turn) for glyph in turned[angle]]
    rulings = tuple(dict.fromkeys(_rulings(page, turn))) if glyphs else ()
    pictured = len(glyphs) < 20 and _pictured(page, width * height)
    if turn % 180:
        width, height = height, width
    return Page(tuple(glyphs), rulings, width, height, pictured, unmapped, bool(turn or page.get_rotation()))


def _glyphs(page: pdfium.PdfPage) -> tuple[dict[int, list[Glyph]], int]:
    """Return the glyphs by right angle of their direction, and how many have no character.

    Glyphs at any other angle are stamps and watermarks across the page, and left out.
    """
    found: dict[int, list[Glyph]] = {}
    unmapped = 0
    textpage = page.get_textpage()
    handle, box = textpage.raw, raw.FS_RECTF()
    reference = ctypes.byref(box)
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, index)
        if code in (10, 13) or (code == 32 and raw.FPDFText_IsGenerated(handle, index)):
            continue  # PDFium's own guess at line ends and spaces
        if code in _HYPHENS and raw.FPDFText_IsHyphen(handle, index):
            code = ord("-")
        if code == 0 or 0xD800 <= code < 0xF900 or code >= 0xF0000 or code in (0xFFFD, 0xFFFE, 0xFFFF):
            unmapped += 1
            continue
        if not raw.FPDFText_GetLooseCharBox(handle, index, reference):
            continue
        degrees = math.degrees(raw.FPDFText_GetCharAngle(handle, index))
        angle = -round(degrees / 90) * 90 % 360  # PDFium counts clockwise
        if abs(degrees - round(degrees / 90) * 90) > 3:
            continue
        x0, x1, y0, y1 = _turned(box.left, box.bottom, box.right, box.top, angle)
        if x1 - x0 >= 0 and y1 > y0:
            found.setdefault(angle, []).append(Glyph(_character(code), x0, x1, y0, y1))
    textpage.close()
    return found, unmapped


def _character(code: int) -> str:
    """Return the character; radicals and compatibility forms become the ideographs they stand for.

    Fonts with one glyph for 方 and for the radical ⽅ let PDF writers put down either.
    """
    character = chr(code)
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF:
        return unicodedata.normalize("NFKC", character.translate(_RADICALS))
    return " " if character.isspace() and character != "\u3000" else character


def _turned(x0: float, y0: float, x1: float, y1: float, angle: int) -> tuple[float, float, float, float]:
    """Return (x0, x1, top, bottom) of a box in PDF coordinates, turned back by `angle`."""
    if angle == 90:
        x0, y0, x1, y1 = y0, -x1, y1, -x0
    elif angle == 180:
        x0, y0, x1, y1 = -x1, -y1, -x0, -y0
    elif angle == 270:
        x0, y0, x1, y1 = -y1, x0, -y0, x1
    return x0, x1, -y1, -y0


def sorted_lines(glyphs: Sequence[Glyph]) -> list[Line]:
    """Return the lines that glyphs form from top to bottom."""
    return sorted(lines(glyphs), key=lambda line: (line.top, line.x0))


def lines(glyphs: Sequence[Glyph]) -> Iterator[Line]:
    """Yield the lines that glyphs form, in the order in which the page draws them."""
    current: list[Glyph] = []
    for glyph in glyphs:
        if current and not _same_line(current[-1], glyph):
            yield from _line(current)
            current = []
        current.append(glyph)
    yield from _line(current)


def _same_line(last: Glyph, glyph: Glyph) -> bool:
    shared = min(last.bottom, glyph.bottom) - max(last.top, glyph.top)
    size = min(last.size, glyph.size)
    return shared >= _OVERLAP * size and glyph.x0 > last.x0 - _BACK * size


def _line(glyphs: list[Glyph]) -> Iterator[Line]:
    solid = [glyph for glyph in glyphs if glyph.text.strip()]
    if not solid:
        return
    text, last, spaced = "", solid[0], False
    for glyph in glyphs:
        if not glyph.text.strip():
            spaced = bool(text)
            continue
        text += _space(last, glyph, spaced) + glyph.text
        last, spaced = glyph, False
    size = Counter(round(glyph.size, 1) for glyph in solid).most_common(1)[0][0]
    bottom = max(glyph.bottom for glyph in solid)
    yield Line(text, min(g.x0 for g in solid), max(g.x1 for g in solid), bottom - size, bottom)


def _space(last: Glyph, glyph: Glyph, spaced: bool) -> str:
    """Return the space between two glyphs: one that is drawn, or a gap that looks like one.

    Beside ideographs only a wide gap does: a narrow one comes from setting the line.
    """
    gap = (glyph.x0 - last.x1) / max(glyph.size, 1.0)
    latin = last.text <= _LATIN and glyph.text <= _LATIN
    return " " if spaced or gap > (_GAP if latin else _WIDE_GAP) else ""


def _rulings(page: pdfium.PdfPage, angle: int) -> Iterator[Ruling]:
    segments = _segments(page, page.get_objects(max_depth=1), pdfium.PdfMatrix(), 0)
    for segment in islice(segments, _MAX_RULINGS):
        x0, x1, y0, y1 = _turned(*segment, angle)
        yield Ruling(x0, x1, y0, y1)


_Box = tuple[float, float, float, float]


def _segments(
    page: pdfium.PdfPage, objects: Iterator[pdfium.PdfObject], outer: pdfium.PdfMatrix, depth: int
) -> Iterator[_Box]:
    """Yield (x0, y0, x1, y1) of each straight line that is drawn, forms opened."""
    for item in objects:
        if item.type == raw.FPDF_PAGEOBJ_PATH:
            yield from _path(item, item.get_matrix().multiply(outer))
        elif item.type == raw.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            inner = page.get_objects(max_depth=1, form=item.raw)
            yield from _segments(page, inner, item.get_matrix().multiply(outer), depth + 1)


def _path(item: pdfium.PdfObject, matrix: pdfium.PdfMatrix) -> Iterator[_Box]:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(item.raw, fill, stroke) or not (fill.value or stroke.value):
        return
    count = raw.FPDFPath_CountSegments(item.raw)
    if not 0 < count <= _MAX_SEGMENTS:
        return
    drawn: list[_Box] = []
    last: tuple[float, float] | None = None
    first = last
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item.raw, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            first = point
        elif kind == raw.FPDF_SEGMENT_LINETO and last is not None:
            drawn.append((*last, *point))
        last = point
        if raw.FPDFPathSegment_GetClose(segment) and first is not None:
            drawn.append((*point, *first))
            last = first
    yield from _straight(drawn) if stroke.value else _thin(drawn)


def _straight(drawn: list[_Box]) -> Iterator[_Box]:
    for x0, y0, x1, y1 in drawn:
        if abs(x1 - x0) <= _STRAIGHT or abs(y1 - y0) <= _STRAIGHT:
            yield min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _thin(drawn: list[_Box]) -> Iterator[_Box]:
    """Yield the middle line of a filled box that is so thin that it is a line."""
    if not drawn:
        return
    x0, x1 = min(min(s[0], s[2]) for s in drawn), max(max(s[0], s[2]) for s in drawn)
    y0, y1 = min(min(s[1], s[3]) for s in drawn), max(max(s[1], s[3]) for s in drawn)
    if y1 - y0 <= _THIN < x1 - x0:
        yield x0, (y0 + y1) / 2, x1, (y0 + y1) / 2
    elif x1 - x0 <= _THIN < y1 - y0:
        yield (x0 + x1) / 2, y0, (x0 + x1) / 2, y1


def _pictured(page: pdfium.PdfPage, area: float) -> bool:
    """Return whether one picture covers most of the page."""
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        x0, y0, x1, y1 = item.get_bounds()
        if (x1 - x0) * (y1 - y0) > area / 2:
            return True
    return False
