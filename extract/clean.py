"""Which characters of a document are layout, and the clean text that is left without them.

Characters are dropped, never changed: line breaks, white space (but for a space between two
ASCII words), HTML tags, Markdown emphasis, zero-width and control characters.
"""

import re
from dataclasses import dataclass

from extract.span import Span, Text

_TAG = r"</?[A-Za-z][A-Za-z0-9]{0,15}(?:\s[^<>]{0,300})?/?>|<!--[^<>]{0,300}-->"
_BLANK = r"[\s\u200b-\u200f\u2060\ufeff\xad\x00-\x1f\x7f-\x9f]"
# One run of layout; every alternative is bounded, so that no text makes it quadratic.
_RUN = re.compile(rf"(?:{_BLANK}|&(?:nbsp|emsp|ensp|thinsp);|\*{{2,}}|{_TAG})+")
_BOLD = re.compile(r"\*\*|<(?P<close>/?)(?:b|strong)>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clean:
    """Clean text of one stretch of raw text, and its bold parts as clean intervals `[start, end)`."""

    text: Text
    bold: tuple[tuple[int, int], ...] = ()


def clean(raw: str, start: int, end: int) -> Clean:
    """Return the clean text of `raw[start:end]`.

    >>> raw = "**3. Smart  City** 建设\\n8 座"
    >>> found = clean(raw, 0, len(raw))
    >>> found.text.clean, found.bold
    ('3.Smart City建设8座', ((0, 12),))
    """
    pieces: list[Span] = []
    marks: list[tuple[int, str]] = []
    low, length = start, 0
    for run in _RUN.finditer(raw, start, end):
        if run.start() > low:
            pieces.append(Span(low, run.start()))
            length += run.start() - low
        if "*" in run[0] or "<" in run[0]:
            marks += [(length, m["close"] or m[0][:1]) for m in _BOLD.finditer(run[0])]
        space = _kept_space(raw, run.start(), run.end(), start, end)
        if space is not None:
            pieces.append(Span(space, space + 1))
            length += 1
        low = run.end()
    if low < end:
        pieces.append(Span(low, end))
        length += end - low
    return Clean(Text.of(raw, pieces), _intervals(marks, length) if marks else ())


def _kept_space(raw: str, low: int, high: int, start: int, end: int) -> int | None:
    """Return the offset of the space to keep in the run `[low, high)`: one between two ASCII words."""
    if low == start or high == end:
        return None
    before, after = raw[low - 1], raw[high]
    if not (before.isascii() and before.isalpha() and after.isascii() and after.isalpha()):
        return None
    space = raw.find(" ", low, high)
    return space if space >= 0 else None


def _intervals(marks: list[tuple[int, str]], length: int) -> tuple[tuple[int, int], ...]:
    """Pair the marks of bold text; a lone `**` closes what began at the start (a lost mark)."""
    stars = [at for at, mark in marks if mark == "*"]
    if len(stars) % 2:
        stars = [0, *stars] if stars[0] > 0 else [*stars, length]
    found = list(zip(stars[::2], stars[1::2], strict=True))
    opened: int | None = None
    for at, mark in marks:
        if mark == "<":
            opened = at
        elif mark == "/" and opened is not None:
            found.append((opened, at))
            opened = None
    return tuple(sorted((a, b) for a, b in found if a < b))


def join(raw: str, parts: list[Clean]) -> Clean:
    """Return the parts (ascending, apart) as one text, as if nothing stood between them."""
    if len(parts) == 1:
        return parts[0]
    bold: list[tuple[int, int]] = []
    length = 0
    for part in parts:
        bold += [(a + length, b + length) for a, b in part.bold]
        length += len(part.text)
    return Clean(Text.of(raw, (piece for part in parts for piece in part.text.pieces)), tuple(bold))
