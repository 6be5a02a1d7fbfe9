"""Recognition of scanned pages by RapidOCR, whose models are part of its package.

Only imported when a scanned document is read and the extra `plankg[ocr]` is installed.
"""

import logging
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium

from extract.formats.pdf_page import Glyph, Page, Ruling

_LONG_SIDE = 1_600  # pixels of a page's picture: characters of 12 points are then some 22 high
_CONFIDENCE = 0.5  # below it, a line is noise: stamps, handwriting, pictures
_SHORTEST = (
    20,
    40,
)  # lying, standing: parts of its side that a drawn line has at least; characters have shorter strokes


class Recogniser:
    """The engine, loaded once for all pages."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        logging.disable(logging.CRITICAL)
        self._engine = RapidOCR()

    def page(self, document: pdfium.PdfDocument, index: int) -> Page:
        """Return what page `index` shows: pieces of lines as glyphs, from top to bottom, and rulings."""
        page = document[index]
        width, height = page.get_size()
        scale = _LONG_SIDE / max(width, height, 1.0)
        picture = page.render(scale=scale).to_numpy()
        page.close()
        glyphs = tuple(_ordered(list(self._pieces(picture, scale))))
        return Page(glyphs, tuple(_rulings(picture, scale)), width, height)

    def _pieces(self, picture: Any, scale: float) -> Iterator[Glyph]:
        found = self._engine(picture, use_cls=False)
        if found.boxes is None:
            return
        for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
            if score >= _CONFIDENCE and text.strip():
                xs, ys = [float(x) / scale for x, _ in corners], [float(y) / scale for _, y in corners]
                yield Glyph(text.strip(), min(xs), max(xs), min(ys), max(ys))


def _ordered(pieces: list[Glyph]) -> Iterator[Glyph]:
    """Yield pieces from top to bottom, those at one height from left to right."""
    rows: list[list[Glyph]] = []
    for piece in sorted(pieces, key=lambda piece: piece.top):
        middle = (piece.top + piece.bottom) / 2
        if rows and rows[-1][0].top < middle < rows[-1][0].bottom:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        yield from sorted(row, key=lambda piece: piece.x0)


def _rulings(picture: Any, scale: float) -> Iterator[Ruling]:
    """Yield the drawn lines of a page's picture: what is left when all that is short is taken away."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) if picture.ndim == 3 else picture
    dark = cv2.adaptiveThreshold(255 - grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 31, -10)
    height, width = dark.shape
    for shape in ((width // _SHORTEST[0] + 1, 1), (1, height // _SHORTEST[1] + 1)):
        drawn = cv2.morphologyEx(dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, shape))
        count, _, stats, _ = cv2.connectedComponentsWithStats(drawn)
        for left, top, wide, high, _ in stats[1 : min(count, 2_000)].tolist():
            x, y = (left + wide / 2) / scale, (top + high / 2) / scale
            if shape[1] == 1:
                yield Ruling(left / scale, (left + wide) / scale, y, y)
            else:
                yield Ruling(x, x, top / scale, (top + high) / scale)
