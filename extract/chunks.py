"""Chunks: the stretches of a clause between verbs, particles and punctuation, and their lists.

A chunk ends in a class word or is a public name, which proposes its type; the members of a list
tell each other's. The tagger takes these proposals as features, it is not bound by them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extract import lexicon
from extract.columns import EDGES, Codes, Columns, Flags, Sentences, Words, edges, spread

_PUNCTUATION = frozenset("，。；：！？、,;:!?“”‘’《》（）()【】—-·|/")
_LIST_MARKS = frozenset("、和与及或")
_PARTICLES = frozenset("的了等在以对将把及和与为从向由于或并而至到被让使其各该")
_CUT_TAGS = ("p", "c", "u", "q", "r", "y")
_KEEP_VERBS = re.compile(r"vn|vi")
_FARTHEST, _LONGEST = 4, 8


@dataclass(frozen=True)
class Chunks:
    """The chunks of sentences in order, as arrays.

    `kind` indexes `kinds` (the proposed type or "-"), `verb` indexes `verbs` (the verb that governs
    the chunk's list, "^" if none). `before`, `after` and `tail` are the kinds of its neighbours in
    the list and of the list's last member (-1 at the edges of a list).
    """

    kinds: tuple[str, ...]
    verbs: list[str]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]
    kind: Codes
    verb: Codes
    before: Codes
    after: Codes
    tail: Codes

    @classmethod
    def of(
        cls, text: Sentences, words: Words, names: lexicon.Hits, verbs: lexicon.Hits, heads: lexicon.Hits
    ) -> "Chunks":
        """Return the chunks of folded sentences with their words and the hits of the tables."""
        governing = _Governing()
        cut = _cuts(text, words, verbs, governing)
        steps = np.diff(cut.astype(np.int8))
        starts, ends = np.flatnonzero(steps == -1) + 1, np.flatnonzero(steps == 1) + 1
        kinds, kind = _kinds(len(cut), starts, ends, names, heads)
        first, last = _lists(text.text, starts, ends)
        verb = governing.at(text, starts)[first]
        number = np.arange(len(starts))
        before = np.where(first < number, np.roll(kind, 1), -1)
        after = np.where(last > number, np.roll(kind, -1), -1)
        return cls(kinds, governing.verbs, starts, ends, kind, verb, before, after, kind[last])


class _Governing:
    """The verbs of sentences by the place where each ends."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"^": 0}
        self._ends: dict[int, int] = {}

    @property
    def verbs(self) -> list[str]:
        return list(self._numbers)

    def add(self, end: int, verb: str) -> None:
        self._ends[end] = self._numbers.setdefault(verb, len(self._numbers))

    def at(self, text: Sentences, starts: NDArray[np.intp]) -> Codes:
        """Return the last verb of the clause before each start; a full stop, a semicolon, a sentence begin anew."""
        events = np.full(len(text.text) + 1, -1, np.int32)
        events[1:][text.where("。；".__contains__)] = 0
        events[0] = 0
        events[text.starts] = 0
        events[list(self._ends)] = list(self._ends.values())
        latest = np.maximum.accumulate(np.where(events >= 0, np.arange(len(events)), 0))
        found: Codes = events[latest[starts]]
        return found


def _cuts(text: Sentences, words: Words, verbs: lexicon.Hits, governing: _Governing) -> Flags:
    """Return which characters are no part of a chunk, and tell the governing verbs."""
    cut = text.where(_PUNCTUATION.__contains__) | text.outside
    verbal = np.array([tag.startswith("v") and not _KEEP_VERBS.match(tag) for tag in words.tags])[words.tag]
    cutting = np.array([tag[:1] in _CUT_TAGS for tag in words.tags])[words.tag]
    particle = np.array([word in _PARTICLES for word in words.words])[words.word]
    numeral = np.array([tag == "m" for tag in words.tags])[words.tag] & text.where(str.isdigit)[words.starts]
    chosen = verbal | cutting | particle | numeral
    cut[spread(words.starts[chosen], words.lengths[chosen])[0]] = True
    ends = (words.starts + words.lengths)[verbal].tolist()
    for end, number in zip(ends, words.word[verbal].tolist(), strict=True):
        governing.add(end, words.words[number])
    begins = np.zeros(len(cut) + 1, np.bool_)
    begins[words.starts] = True
    fitting = begins[verbs.starts]
    for start, end in zip(verbs.starts[fitting].tolist(), verbs.ends[fitting].tolist(), strict=True):
        if cut[start - 1]:
            cut[start:end] = True
            governing.add(end, text.text[start:end])
    return cut


def _kinds(
    size: int, starts: NDArray[np.intp], ends: NDArray[np.intp], names: lexicon.Hits, heads: lexicon.Hits
) -> tuple[tuple[str, ...], Codes]:
    """Return the kinds, and of each chunk the index of its own: that of a public name, or of its last class word."""
    kinds = tuple(dict.fromkeys(("-", *names.labels, *heads.labels)))
    numbers = {kind: number for number, kind in enumerate(kinds)}
    at_end, at_start, reach = np.zeros(size + 1, np.int32), np.zeros(size + 1, np.int32), np.zeros(size + 1, np.intp)
    at_end[heads.ends] = np.array([numbers[label] for label in heads.labels], np.int32)[heads.codes]
    at_start[names.starts] = np.array([numbers[label] for label in names.labels], np.int32)[names.codes]
    reach[names.starts] = names.ends
    return kinds, np.where(reach[starts] == ends, at_start[starts], at_end[ends]).astype(np.int32)


def _lists(text: str, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return for each chunk the first and the last member of its list; a list's members are joined by list marks."""
    known: dict[str, bool] = {}
    number = np.arange(len(starts))
    joined = np.zeros(len(starts), np.bool_)
    near = np.flatnonzero(starts[1:] - ends[:-1] <= 8) + 1 if len(starts) else number
    for i, low, high in zip(near.tolist(), ends[near - 1].tolist(), starts[near].tolist(), strict=True):
        gap = text[low:high]
        found = known.get(gap)
        if found is None:
            inner = gap.strip("“”‘’《》")
            found = known[gap] = bool(inner) and set(inner) <= _LIST_MARKS
        joined[i] = found
    first = np.maximum.accumulate(np.where(joined, 0, number))
    open_end = np.append(joined[1:], False) if len(starts) else joined
    last = np.minimum.accumulate(np.where(open_end, len(starts), number)[::-1])[::-1]
    return first, last


def proposals(clean: str) -> list[tuple[int, int, str]]:
    """Return the chunks of one clean sentence with their kinds.

    >>> proposals("建设甲乙工业园，发展农业")
    [(2, 7, 'Par'), (10, 12, 'I')]
    """
    text = Sentences.of([clean])
    tables = (lexicon.names(), lexicon.verbs(), lexicon.head_words())
    found = Chunks.of(text, Words.of(text), *(table.scan(text.text) for table in tables))
    starts, ends = (found.starts - text.starts[0]).tolist(), (found.ends - text.starts[0]).tolist()
    kinds = [found.kinds[kind] for kind in found.kind.tolist()]
    return list(zip(starts, ends, kinds, strict=True))


def add_chunks(columns: Columns, words: Words, names: lexicon.Hits, verbs: lexicon.Hits, heads: lexicon.Hits) -> None:
    """Add what the chunk of each character proposes; between chunks, `proposal` is "-" and the others are missing."""
    text = columns.sentences
    found = Chunks.of(text, words, names, verbs, heads)
    lengths = found.ends - found.starts
    at, of = spread(found.starts, lengths)
    edge = edges(found.starts[of], lengths[of], at)
    offset, rest = at - found.starts[of], found.ends[of] - 1 - at
    kinds = ["^", "$", *found.kinds]
    kind = found.kind + 2

    def add(name: str, values: Sequence[str], codes: NDArray[np.integer], none: int = -1) -> None:
        whole = np.full(len(text.text), none, np.int32)
        whole[at] = codes
        columns.add(name, values, whole)

    add("proposal", ["-", *(edge + kind for edge in EDGES for kind in kinds)], 1 + edge * len(kinds) + kind[of], 0)
    add("part", EDGES, edge)
    add("offset", list(map(str, range(_FARTHEST + 1))), np.minimum(offset, _FARTHEST))
    add("rest", list(map(str, range(_FARTHEST + 1))), np.minimum(rest, _FARTHEST))
    add("size", list(map(str, range(_LONGEST + 1))), np.minimum(lengths, _LONGEST)[of])
    add("kind", kinds, kind[of])
    add("before", kinds, np.where(found.before < 0, 0, found.before + 2)[of])
    add("after", kinds, np.where(found.after < 0, 1, found.after + 2)[of])
    add("tail", kinds, found.tail[of] + 2)
    add("governor", found.verbs, found.verb[of])
    beyond = [text.alphabet.index("^"), text.alphabet.index("$")]
    left = np.where(text.outside[found.starts - 1], beyond[0], text.characters[found.starts - 1])
    right = np.where(text.outside[found.ends], beyond[1], text.characters[found.ends])
    add("left", text.alphabet, left[of])
    add("right", text.alphabet, right[of])
