"""From lines and tables on pages to running text: paragraphs joined, page furniture left out."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from extract.formats.pdf_page import Line

_PAGE_NUMBER = re.compile(
    r"[-—–－·•\s]*(?:第\s*)?(?:\d{1,4}|[IVXLivxl]{1,7})(?:\s*页)?(?:\s*[,，/]?\s*共?\s*\d{1,4}\s*页?)?[-—–－·•\s]*"
)
_EDGE_LINES = 2  # lines at the top and at the bottom of a page that can be furniture
_REPEATED = 3  # pages on which the same line must stand to be a running head
_NUMBERED = re.compile(
    r"第[一二三四五六七八九十百〇零\d]+[章节编篇条]|[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d{1,3}[.．、](?!\d)|专栏|[①-⑳]|——"
)
_LEADERS = re.compile(r"(?:[.…·．]\s*){4,}\d{0,4}$")
_SENTENCE_END = tuple("。！？；：.!?;:")
_CLOSING = frozenset("，。、；：！？）》”’】〉〕」』,.;:!?)]}%％…—")
_OPENING = frozenset("（《“‘【〈〔「『([{")
_INDENT = 0.8  # of the size: a line further right than this is indented
_LARGER = 1.15  # of the body's size: a headline
_SAME_SIZE = 0.12  # relative difference up to which two sizes are the same
_BROKEN_EARLY = 0.6  # of the frame's width, which a line broken early fills
_WIDE_PITCH = 1.6  # of the usual line pitch: a gap


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the text of a page stands: its left and right edge, its line pitch, its size."""

    left: float
    right: float
    pitch: float
    size: float


def without_furniture(pages: Sequence[list[Line]]) -> list[list[Line]]:
    """Return the lines of each page without page numbers and running heads.

    A running head is one that stands, apart from its figures, at the same place of several pages.
    """
    heads: Counter[tuple[str, int]] = Counter()
    for lines in pages:
        heads.update({_place(line) for line in _edges(lines)})
    often = max(2, min(_REPEATED, len(pages)))
    kept = []
    for lines in pages:
        dropped = {line for line in _edges(lines) if _PAGE_NUMBER.fullmatch(line.text) or heads[_place(line)] >= often}
        kept.append([line for line in lines if line not in dropped])
    return kept


def _edges(lines: Sequence[Line]) -> list[Line]:
    """Return the outermost lines of a page."""
    order = sorted(lines, key=lambda line: line.top)
    return order if len(order) <= 2 * _EDGE_LINES else order[:_EDGE_LINES] + order[-_EDGE_LINES:]


def _place(line: Line) -> tuple[str, int]:
    """Return what a running head has in common with itself on other pages: its words and its height."""
    return re.sub(r"\d+|\s+", "", line.text), round(line.bottom / 4)


def frames(pages: Sequence[Sequence[Line]]) -> list[Frame]:
    """Return the frame of each page; pages with little text have that of the whole document."""
    everything = [line for lines in pages for line in lines]
    size = _usual([(line.size, len(line.text)) for line in everything], 0.5)
    whole = _frame(everything, list(pages), size)
    return [_frame(lines, [lines], size, whole) for lines in pages]


def _frame(lines: Sequence[Line], pages: Sequence[Sequence[Line]], size: float, default: Frame | None = None) -> Frame:
    body = [line for line in lines if abs(line.size - size) <= _SAME_SIZE * size]
    if default is not None and len(body) < 6:
        return default
    body = body or list(lines)
    pitches = [
        low.bottom - high.bottom for page in pages for high, low in itertools.pairwise(page) if low.bottom > high.bottom
    ]
    left = min((line.x0 for line in body), default=0.0)
    right = _right(body, size)
    return Frame(left, right, median(pitches) if pitches else size * 1.5, size)


def _right(lines: Sequence[Line], size: float) -> float:
    """Return the right edge: the furthest that several lines reach, so that no outlier sets it."""
    ends = sorted((line.x1 for line in lines), reverse=True)
    for index, end in enumerate(ends[:-2]):
        if end - ends[index + 2] < size / 2:
            return end
    return ends[0] if ends else 0.0


def _usual(weighted: Sequence[tuple[float, int]], step: float) -> float:
    """Return the value with the most weight, values within `step` counted together."""
    counts: Counter[int] = Counter()
    for value, weight in weighted:
        counts[round(value / step)] += weight
    return counts.most_common(1)[0][0] * step if counts else 12.0


def joins(last: Line, line: Line, frame: Frame, following: Frame | None = None, *, first: bool = False) -> bool:
    """Return whether `line` goes on with the paragraph that `last` belongs to.

    `frame` is that of the last line's page, `following` that of the next page when a page ends
    between the two; `first` tells that `last` begins its paragraph.
    """
    if abs(last.size - line.size) > _SAME_SIZE * max(last.size, line.size):
        return False
    if _LEADERS.search(last.text) or (_NUMBERED.match(line.text) and _ends(last)):
        return False
    if _headline(last, line, frame):
        return True
    if last.x1 + _needed(line) < frame.right - last.size / 2 and not _broken_early(last, frame, first=first):
        return False  # the next word would have fitted: the paragraph ended
    below = following or frame
    if following is None and line.bottom - last.bottom > _WIDE_PITCH * max(frame.pitch, last.size):
        return False
    indent = line.x0 - below.left
    if indent <= _INDENT * line.size:
        return True
    same_place = following is None and abs(line.x0 - last.x0) < line.size / 2
    return same_place and not first


def _broken_early(last: Line, frame: Frame, *, first: bool) -> bool:
    """Return whether a short line is still no paragraph's last: some writers break only at spaces.

    Then it has no full stop, is far longer than it is short, and is no heading by its number.
    """
    reaches = (last.x1 - frame.left) / max(frame.right - frame.left, 1.0)
    return (
        reaches > _BROKEN_EARLY and not last.text.endswith(_SENTENCE_END) and not (first and _NUMBERED.match(last.text))
    )


def _ends(line: Line) -> bool:
    """Return whether a line ends a sentence or is too short for prose, so that a number may follow."""
    return line.text.endswith(_SENTENCE_END) or len(line.text) < 30


def _headline(last: Line, line: Line, frame: Frame) -> bool:
    """Return whether two centred lines of large type are one headline."""
    middle = (frame.left + frame.right) / 2
    return (
        last.size >= _LARGER * frame.size
        and last.x1 - last.x0 >= (frame.right - frame.left) / 2
        and all(abs((each.x0 + each.x1) / 2 - middle) < each.size for each in (last, line))
        and 0 < line.bottom - last.bottom < 2.5 * last.size
        and not _NUMBERED.match(line.text)
    )


def _needed(line: Line) -> float:
    """Return the width of the beginning of a line that cannot be parted from it."""
    text = line.text
    word = re.match(r"[!-~]+", text)
    count = len(word[0]) / 2 if word else 1.0
    for character in text[int(count) :]:
        if character not in _CLOSING:
            break
        count += 1
    if text[:1] in _OPENING:
        count += 1
    return count * line.size * 0.8


def glue(last: str, text: str) -> str:
    """Return what stands between two lines of a paragraph: a space between two Latin words.

    Figures and capitals (20|25, GD|P) are cut in the middle more often than they end a word.
    """
    before, after = last[-1:], text[:1]
    words = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
    return " " if words and (before.islower() or after.islower()) else ""


def paragraphs(lines: Sequence[Line]) -> Iterator[str]:
    """Yield the paragraphs of lines that stand in one frame of their own, such as a table cell."""
    size = _usual([(line.size, len(line.text)) for line in lines], 0.5)
    frame = _frame(lines, [lines], size)
    text = ""
    last: Line | None = None
    first = True
    for line in lines:
        if last is not None and joins(last, line, frame, first=first):
            text += glue(text, line.text) + line.text
            first = False
        else:
            if text:
                yield text
            text, first = line.text, True
        last = line
    if text:
        yield text
