"""Mentions with their place in the clean text of the sentence that holds them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from extract.document import Document, Sentence
from extract.extraction import Mention
from extract.span import Text

LONGEST = 1000  # characters of a sentence that are looked at together


@dataclass(frozen=True, slots=True)
class Located:
    """A mention at clean offsets `[start, end)` of its sentence."""

    start: int
    end: int
    mention: Mention


def locate(sentence: Text, mentions: Sequence[Mention]) -> list[Located]:
    """Return those of `mentions` that lie in the sentence, by their place.

    A mention whose ends fall on layout characters (they belong to no sentence) is left out.
    """
    if not sentence.pieces:
        return []
    span = sentence.span
    found = []
    for mention in mentions:
        if not (span.start <= mention.span.start and mention.span.end <= span.end):
            continue
        start, end = clean_index(sentence, mention.span.start), clean_index(sentence, mention.span.end - 1)
        if start is not None and end is not None:
            found.append(Located(start, end + 1, mention))
    return sorted(found, key=lambda item: (item.start, item.end))


def clean_index(text: Text, offset: int) -> int | None:
    """Return the clean index of a raw offset, None when the text does not have it."""
    pieces = text.pieces
    piece = bisect_right(pieces, offset, key=_start) - 1 if len(pieces) > 1 else len(pieces) - 1
    if piece < 0 or not pieces[piece].start <= offset < pieces[piece].end:
        return None
    before = sum(p.end - p.start for p in pieces[:piece])
    return before + offset - pieces[piece].start


_start = attrgetter("start")


def shorter(sentence: Sentence) -> Iterator[Sentence]:
    """Yield a sentence in parts of at most `LONGEST` characters, cut behind punctuation if there is any.

    No sentence of a real document is that long; a text without full stops would make every look at
    what stands before a figure cost more, the longer it is.
    """
    text = sentence.text.clean
    if len(text) <= LONGEST:
        yield sentence
        return
    points, low = [], 0
    while len(text) - low > LONGEST:
        window = text[low : low + LONGEST]
        mark = max(window.rfind(mark) for mark in "；;，,、 ")
        low += mark + 1 if mark > 0 else LONGEST
        points.append(low)
    for number, part in enumerate(sentence.text.cut(points)):
        yield replace(sentence, text=part, lead=min(sentence.lead, len(part)) if number == 0 else 0)


def by_sentence(document: Document, mentions: Sequence[Mention]) -> Iterator[tuple[Sentence, list[Located]]]:
    """Yield every sentence (a very long one in parts) with the mentions in it, in document order."""
    ordered = sorted(mentions, key=lambda m: (m.span.start, m.span.end))
    starts = [m.span.start for m in ordered]
    for sentence in (part for whole in document.sentences for part in shorter(whole)):
        if not sentence.text.pieces:
            yield sentence, []
            continue
        span = sentence.text.span
        low, high = bisect_left(starts, span.start), bisect_left(starts, span.end)
        yield sentence, locate(sentence.text, ordered[low:high])
