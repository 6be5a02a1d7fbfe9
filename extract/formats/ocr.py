"""Recognition of scanned pages by RapidOCR, whose models are part of its package.

Only imported when a scanned document is read and the extra `plankg[ocr]` is installed.
"""

import logging
from collections.abc import Iterator

import pypdfium2 as pdfium

from extract.formats.pdf_page import Line

_LONG_SIDE = 2_200  # pixels of a page's picture: characters of 12 points are then some 30 high
_CONFIDENCE = 0.5  # below it, a line is noise: stamps, handwriting, pictures


class Recogniser:
    """The engine, loaded once for all pages."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR

        logging.disable(logging.CRITICAL)
        self._engine = RapidOCR()

    def lines(self, document: pdfium.PdfDocument, index: int) -> Iterator[Line]:
        """Yield the lines of page `index` from top to bottom."""
        page = document[index]
        scale = _LONG_SIDE / max(*page.get_size(), 1)
        picture = page.render(scale=scale).to_numpy()
        found = self._engine(picture)
        if found.boxes is None:
            return
        boxes = []
        for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
            if score >= _CONFIDENCE and text.strip():
                xs, ys = [float(x) / scale for x, _ in corners], [float(y) / scale for _, y in corners]
                boxes.append(Line(text.strip(), min(xs), max(xs), min(ys), max(ys)))
        yield from _ordered(boxes)


def _ordered(boxes: list[Line]) -> Iterator[Line]:
    """Yield lines from top to bottom; pieces at one height become one line."""
    rows: list[list[Line]] = []
    for box in sorted(boxes, key=lambda box: box.top):
        middle = (box.top + box.bottom) / 2
        if rows and rows[-1][0].top < middle < rows[-1][0].bottom:
            rows[-1].append(box)
        else:
            rows.append([box])
    for row in rows:
        row.sort(key=lambda box: box.x0)
        first = row[0]
        text = " ".join(box.text for box in row)
        yield Line(text, first.x0, row[-1].x1, first.top, first.bottom)
