"""What the tagger sees of the characters of many sentences at once: columns of integers.

A column gives each character the index of one of its family's values, or -1 where it has none:
the column `tag-1` says which of `values["tag"]` the word before has. `extract.features` joins the
columns to features; `extract.chunks` adds those of chunks. All sentences stand in one text, two
line feeds before and after each, so that one scan of a table and one segmentation serve them all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
import rjieba
from numpy.typing import NDArray

from extract import lexicon
from extract.folding import fold

Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]

EDGES = ("B", "I", "E", "S")  # of a stretch: begin, inside, end, single
BOUNDARY = frozenset("，。；：！？、,;:!?“”‘’《》（）()【】—")
BEFORE, AFTER = "\u0002", "\u0003"  # stand for the characters beyond the edges of a sentence
_PAIRS = {"“": "”", "《": "》", "（": "）", "(": ")", "‘": "’", "【": "】"}
_NUMBER_REACH = 14
_FARTHEST_HEAD, _FARTHEST_NUMBER = 6, 9
_GAP = "\n\n"


@dataclass(frozen=True)
class Sentences:
    """Folded sentences in one text; `starts` and `lengths` tell where each stands in `text`."""

    text: str
    starts: NDArray[np.intp]
    lengths: NDArray[np.intp]

    @classmethod
    def of(cls, clean: Sequence[str]) -> "Sentences":
        """Return the clean sentences, folded."""
        folded = [fold(text) for text in clean]
        lengths = np.fromiter(map(len, folded), np.intp, len(folded))
        starts = np.cumsum(lengths + len(_GAP)) - lengths
        return cls(_GAP + "".join(text + _GAP for text in folded), starts, lengths)

    @cached_property
    def points(self) -> NDArray[np.uint32]:
        """The code points of the text."""
        return np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), np.uint32)

    @cached_property
    def outside(self) -> Flags:
        """Which characters stand between sentences."""
        steps = np.zeros(len(self.text) + 1, np.int32)
        np.add.at(steps, self.starts, 1)
        np.add.at(steps, self.starts + self.lengths, -1)
        between: Flags = np.cumsum(steps[:-1]) == 0
        return between

    @cached_property
    def alphabet(self) -> list[str]:
        """The characters of the text, and those that stand for the edges of sentences."""
        return sorted(set(self.text) | {BEFORE, AFTER, "^", "$"})

    @cached_property
    def characters(self) -> Codes:
        """The index of each character in the alphabet."""
        codes = np.array([ord(char) for char in self.alphabet], np.uint32)
        return np.searchsorted(codes, self.points).astype(np.int32)

    def where(self, holds: Callable[[str], bool]) -> Flags:
        """Return for each character whether something holds; it is asked once for each of the alphabet."""
        flags: Flags = np.array([holds(char) for char in self.alphabet])[self.characters]
        return flags

    def sentence_of(self) -> Codes:
        """Return for each character the index of the sentence that it stands in or before."""
        steps = np.zeros(len(self.text), np.int32)
        if len(self.starts) > 1:
            np.add.at(steps, self.starts[1:] - len(_GAP), 1)
        return np.cumsum(steps, dtype=np.int32)


@dataclass(frozen=True)
class Words:
    """The segmenter's words of a text: distinct words and tags, and for each word its start, length and indexes."""

    words: list[str]
    tags: list[str]
    starts: NDArray[np.intp]
    lengths: NDArray[np.intp]
    word: Codes
    tag: Codes

    @classmethod
    def of(cls, text: Sentences) -> "Words":
        """Segment the sentences; "^" and "$" are among the distinct words and tags, for those beyond the edges."""
        pairs = _segmented(text)
        words, tags = {"^": 0, "$": 1}, {"^": 0, "$": 1}
        word = [words.setdefault(word, len(words)) for word, _ in pairs]
        tag = [tags.setdefault(tag, len(tags)) for _, tag in pairs]
        lengths = np.fromiter((len(word) for word, _ in pairs), np.intp, len(pairs))
        codes = np.array(word, np.int32), np.array(tag, np.int32)
        return cls(list(words), list(tags), np.cumsum(lengths) - lengths, lengths, *codes)


def _segmented(text: Sentences) -> Sequence[tuple[str, str]]:
    """Return the words with their tags; no word reaches over the edge of a sentence."""
    pairs: Sequence[tuple[str, str]] = rjieba.tag(text.text)
    at = np.zeros(len(text.text) + 1, np.bool_)
    at[np.cumsum(np.fromiter((len(word) for word, _ in pairs), np.intp, len(pairs)))] = True
    if at[text.starts].all() and at[text.starts + text.lengths].all():
        return pairs
    # A hostile sentence: its own line ends may join those between sentences.
    gap = [("\n", "x")] * len(_GAP)
    stretches = (text.text[a : a + n] for a, n in zip(text.starts.tolist(), text.lengths.tolist(), strict=True))
    return [*gap, *(pair for stretch in stretches for pair in [*rjieba.tag(stretch), *gap])]


@dataclass
class Columns:
    """The columns of sentences: codes by column, values by family. Column `char+1` is of the family `char`."""

    sentences: Sentences
    values: dict[str, Sequence[str]] = field(default_factory=dict)
    codes: dict[str, Codes] = field(default_factory=dict)

    def add(self, name: str, values: Sequence[str], codes: NDArray[np.integer]) -> None:
        """Add a column whose family is its name without `-1`, `+1` and the like."""
        family = family_of(name)
        known = self.values.setdefault(family, values)
        assert known is values, "the columns of a family share their values"
        self.codes[name] = codes.astype(np.int32, copy=False)


@lru_cache(maxsize=1024)
def family_of(column: str) -> str:
    """Return the family of a column.

    >>> family_of("char-2"), family_of("edge")
    ('char', 'edge')
    """
    return column[:-2] if column[-2:-1] in "+-" and column[-1:].isdigit() else column


def shifted(codes: Codes, by: int, outside: Flags, beyond: int) -> Codes:
    """Return what stands `by` characters further (before, if negative); `beyond` outside of the sentence."""
    result = np.full_like(codes, beyond)
    inside = np.where(outside, np.int32(beyond), codes)
    if by < 0:
        result[-by:] = inside[:by]
    else:
        result[:-by] = inside[by:]
    return result


def spread(starts: NDArray[np.intp], lengths: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the positions of all characters of stretches, and of each the index of its stretch."""
    which = np.repeat(np.arange(len(starts)), lengths)
    firsts = np.cumsum(lengths) - lengths
    return np.arange(len(which)) - firsts[which] + starts[which], which


def edges(starts: NDArray[np.intp], lengths: NDArray[np.intp], positions: NDArray[np.intp]) -> Codes:
    """Return the index in `EDGES` of each position in its stretch; starts and lengths parallel the positions."""
    first, last = positions == starts, positions == starts + lengths - 1
    found: Codes = np.where(first, np.where(last, 3, 0), np.where(last, 2, 1)).astype(np.int32)
    return found


def marks(labels: Sequence[str], none: str) -> list[str]:
    """Return the values of a column of hits: `none`, then each label with each edge."""
    return [none, *(f"{edge}-{label}" for label in labels for edge in EDGES)]


def hit_column(size: int, found: lexicon.Hits) -> Codes:
    """Return the column of a table's hits; 0 where there is none. See `marks` for its values."""
    codes = np.zeros(size, np.int32)
    lengths = found.ends - found.starts
    positions, which = spread(found.starts, lengths)
    codes[positions] = 1 + 4 * found.codes[which] + edges(found.starts[which], lengths[which], positions)
    return codes


def sentence_columns(clean: Sequence[str], roles: Sequence[str], more: Sequence[lexicon.Lexicon] = ()) -> Columns:
    """Return the columns of clean sentences with their layout roles.

    `more` are tables beyond the public ones, always in the same order (see `shared.tables_for`).
    """
    from extract.chunks import add_chunks

    text = Sentences.of(clean)
    columns = Columns(text)
    _add_characters(columns)
    words = Words.of(text)
    _add_words(columns, words)
    names, verbs, heads = (table.scan(text.text) for table in (lexicon.names(), lexicon.verbs(), lexicon.head_words()))
    _add_hits(columns, {"name": names, "verb": verbs, "head": heads})
    for rank, table in enumerate(more):
        found = table.scan(text.text)
        codes = hit_column(len(text.text), found)
        values, codes = marks(found.labels, ""), np.where(codes == 0, np.int32(-1), codes)
        columns.add(f"table{rank}", values, codes)
        for by in (-1, 1):
            columns.add(f"table{rank}{by:+}", values, shifted(codes, by, text.outside, -1))
    _add_next_head(columns, heads)
    _add_number_ahead(columns)
    _add_inside(columns)
    known = sorted(set(roles))
    numbers = {role: number for number, role in enumerate(known)}
    role_of = np.array([numbers[role] for role in roles] or [0], np.int32)
    columns.add("role", known or [""], role_of[np.minimum(text.sentence_of(), len(role_of) - 1)])
    add_chunks(columns, words, names, verbs, heads)
    return columns


def _add_characters(columns: Columns) -> None:
    text = columns.sentences
    before, after = text.alphabet.index(BEFORE), text.alphabet.index(AFTER)
    shape_of = {char: _shape(char) for char in text.alphabet}
    shapes = sorted(set(shape_of.values()))
    numbers = {shape: number for number, shape in enumerate(shapes)}
    table = np.array([numbers[shape_of[char]] for char in text.alphabet], np.int32)
    for by in (0, -1, 1, -2, 2):
        codes = shifted(text.characters, by, text.outside, before if by < 0 else after) if by else text.characters
        columns.add(f"char{by:+}" if by else "char", text.alphabet, codes)
        if abs(by) < 2:
            columns.add(f"shape{by:+}" if by else "shape", shapes, table[codes])


def _shape(char: str) -> str:
    if char.isdigit():
        return "9"
    if char.isascii() and char.isalpha():
        return "a"
    if "\u4e00" <= char <= "\u9fff":
        return "汉"
    return char


def _add_words(columns: Columns, words: Words) -> None:
    outside = columns.sentences.outside
    positions, which = spread(words.starts, words.lengths)
    columns.add("edge", EDGES, edges(words.starts[which], words.lengths[which], positions))
    gap = outside[words.starts]
    for name, values, codes in (("word", words.words, words.word), ("tag", words.tags, words.tag)):
        columns.add(name, values, codes[which])
        columns.add(f"{name}-1", values, shifted(codes, -1, gap, 0)[which])
        columns.add(f"{name}+1", values, shifted(codes, 1, gap, 1)[which])


def _add_hits(columns: Columns, tables: Mapping[str, lexicon.Hits]) -> None:
    for name, found in tables.items():
        values = marks(found.labels, "" if name == "head" else "O")
        codes = hit_column(len(columns.sentences.text), found)
        columns.add(name, values, codes)
        for by in (-1, 1):
            columns.add(f"{name}{by:+}", values, shifted(codes, by, columns.sentences.outside, -1))


def _next(flags: Flags) -> NDArray[np.intp]:
    """Return for each position the nearest one at or after it where the flag is set (far beyond, if none)."""
    size = len(flags)
    at = np.where(flags, np.arange(size), 2 * size + 100)
    found: NDArray[np.intp] = np.minimum.accumulate(at[::-1])[::-1]
    return found


def _add_next_head(columns: Columns, heads: lexicon.Hits) -> None:
    """Add the next class word of each character's segment, with its distance ("" if there is none)."""
    text = columns.sentences
    closed = text.where(BOUNDARY.__contains__) | text.outside
    labels, ends = np.zeros(len(text.text), np.int32), np.zeros(len(text.text), np.bool_)
    labels[heads.ends - 1], ends[heads.ends - 1] = heads.codes, True
    following = _next(ends & ~closed)
    here = following < _next(closed)
    distance = np.minimum(following - np.arange(len(following)), _FARTHEST_HEAD)
    label = labels[np.where(here, following, 0)]
    values = ["", *(f"{label}{far}" for label in heads.labels for far in range(_FARTHEST_HEAD + 1))]
    columns.add("next", values, np.where(here, 1 + label * (_FARTHEST_HEAD + 1) + distance, 0))


def _add_number_ahead(columns: Columns) -> None:
    """Add the distance of each character to the next digit of its clause ("" beyond reach)."""
    text = columns.sentences
    following = _next(text.where(str.isdigit))
    distance = following - np.arange(len(following))
    here = (following < _next(text.where("，。；：".__contains__) | text.outside)) & (distance < _NUMBER_REACH)
    values = ["", *map(str, range(_FARTHEST_NUMBER + 1))]
    columns.add("ahead", values, np.where(here, 1 + np.minimum(distance, _FARTHEST_NUMBER), 0))


def _add_inside(columns: Columns) -> None:
    """Add for each character the innermost open bracket or quote, or ""."""
    text = columns.sentences
    values = ["", *_PAIRS]
    numbers = {char: number for number, char in enumerate(values)}
    of_interest = text.where(lambda char: char in _PAIRS or char in _PAIRS.values())
    sentence = text.sentence_of()
    positions = np.flatnonzero(of_interest & ~text.outside)
    ends = (text.starts + text.lengths).tolist()
    changes, states = [0], [0]
    stack: list[str] = []
    current = -1
    for at, which in zip(positions.tolist(), sentence[positions].tolist(), strict=True):
        if which != current:
            if stack:  # left open
                changes.append(ends[current])
                states.append(0)
            stack, current = [], which
        char = text.text[at]
        if stack and char == _PAIRS[stack[-1]]:
            stack.pop()
            changes.append(at)
            states.append(numbers[stack[-1]] if stack else 0)
        if char in _PAIRS:
            stack.append(char)
            changes.append(at + 1)
            states.append(numbers[char])
    if stack:
        changes.append(ends[current])
        states.append(0)
    lengths = np.diff([*changes, len(text.text)])
    columns.add("inside", values, np.repeat(np.array(states, np.int32), lengths))
