"""Spans of raw text, and clean text that still knows where each character came from.

Convention everywhere in plankg: offsets are Unicode code points into the raw text of the
document, start inclusive, end exclusive.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import accumulate


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A half-open interval `[start, end)` of code points of the raw text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"span needs 0 <= start <= end, got {self.start}..{self.end}")

    def __contains__(self, other: object) -> bool:
        return isinstance(other, Span) and self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Return whether the two spans share at least one character."""
        return self.start < other.end and other.start < self.end

    def of(self, raw: str) -> str:
        """Return the characters of `raw` that the span covers."""
        return raw[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Text:
    """Clean text made of raw pieces: layout characters between the pieces are left out.

    `clean == "".join(piece.of(raw) for piece in pieces)`; pieces are non-empty and ascending.

    >>> text = Text.of("园\\n\\n区 A", [Span(0, 1), Span(3, 4), Span(5, 6)])
    >>> text.clean
    '园区A'
    >>> text.raw_span(0, 2)
    Span(start=0, end=4)
    """

    clean: str
    pieces: tuple[Span, ...]
    _starts: tuple[int, ...] = field(repr=False, compare=False)

    @classmethod
    def of(cls, raw: str, pieces: Iterable[Span]) -> "Text":
        """Build the text from raw pieces; touching pieces are joined into one."""
        joined: list[Span] = []
        for piece in pieces:
            if piece.start == piece.end:
                continue
            if joined and joined[-1].end > piece.start:
                raise ValueError(f"pieces must ascend: {joined[-1]} before {piece}")
            if joined and joined[-1].end == piece.start:
                joined[-1] = Span(joined[-1].start, piece.end)
            else:
                joined.append(piece)
        starts = tuple(accumulate((p.end - p.start for p in joined), initial=0))[:-1]
        return cls("".join(p.of(raw) for p in joined), tuple(joined), starts)

    @property
    def span(self) -> Span:
        """The raw interval from the first to the last character (an empty text has none)."""
        if not self.pieces:
            raise ValueError("an empty text has no span")
        return Span(self.pieces[0].start, self.pieces[-1].end)

    def raw_offset(self, index: int) -> int:
        """Return the raw offset of clean character `index` (0 <= index < len(clean))."""
        if not 0 <= index < len(self.clean):
            raise IndexError(f"clean index {index} outside 0..{len(self.clean) - 1}")
        piece = bisect_right(self._starts, index) - 1 if len(self.pieces) > 1 else 0
        return self.pieces[piece].start + index - self._starts[piece]

    def raw_span(self, start: int, end: int) -> Span:
        """Return the raw span of clean characters `[start, end)`; layout inside is included."""
        if start >= end:
            raise ValueError(f"a mention needs at least one character, got {start}..{end}")
        return Span(self.raw_offset(start), self.raw_offset(end - 1) + 1)

    def slice(self, start: int, end: int) -> "Text":
        """Return the clean characters `[start, end)` as a text of their own."""
        pieces = []
        for piece, at in zip(self.pieces, self._starts, strict=True):
            low, high = max(start, at), min(end, at + piece.end - piece.start)
            if low < high:
                pieces.append(Span(piece.start + low - at, piece.start + high - at))
        starts = tuple(accumulate((p.end - p.start for p in pieces), initial=0))[:-1]
        return Text(self.clean[start:end], tuple(pieces), starts)

    def cut(self, points: Iterable[int]) -> tuple["Text", ...]:
        """Return the texts between ascending clean indices `points`; 0 and the end are implied.

        Empty texts are left out. One pass over the pieces, where a `slice` per part would take
        time in proportion to parts times pieces.

        >>> [part.clean for part in Text.of("甲。 乙。", [Span(0, 2), Span(3, 5)]).cut([2])]
        ['甲。', '乙。']
        """
        parts: list[Text] = []
        at, low = 0, 0
        for high in (*points, len(self.clean)):
            if high <= low:
                continue
            pieces: list[Span] = []
            while at < len(self.pieces) and self._starts[at] < high:
                piece, start = self.pieces[at], self._starts[at]
                end = start + piece.end - piece.start
                pieces.append(Span(piece.start + max(low, start) - start, piece.start + min(high, end) - start))
                if end > high:
                    break
                at += 1
            starts = tuple(accumulate((p.end - p.start for p in pieces), initial=0))[:-1]
            parts.append(Text(self.clean[low:high], tuple(pieces), starts))
            low = high
        return tuple(parts)

    def __len__(self) -> int:
        return len(self.clean)
