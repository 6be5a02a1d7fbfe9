"""Chunks: the stretches of a clause between verbs, particles and punctuation, and their lists.

A chunk ends in a class word or is a public name, which proposes its type; the members of a list
tell each other's. The tagger takes these proposals as features, it is not bound by them.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from extract.lexicon import Hit

_PUNCTUATION = frozenset("，。；：！？、,;:!?“”‘’《》（）()【】—-·|/")
_LIST_MARKS = frozenset("、和与及或")
_PARTICLES = frozenset("的了等在以对将把及和与为从向由于或并而至到被让使其各该")
_CUT_TAGS = ("p", "c", "u", "q", "r", "y")
_KEEP_VERBS = re.compile(r"vn|vi")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch `[start, end)` of the text; `kind` is its proposed type or "-"; `verb` governs its list.

    `before`, `after` and `tail` are the kinds of its neighbours in the list and of the list's last
    member ("^" and "$" at the edges of a list).
    """

    start: int
    end: int
    kind: str
    verb: str
    before: str
    after: str
    tail: str


def _cuts(text: str, words: Sequence[tuple[int, str, str]], verbs: Sequence[Hit]) -> tuple[list[bool], dict[int, str]]:
    """Return which characters are no part of a chunk, and the governing verbs by their end."""
    cut = [char in _PUNCTUATION for char in text]
    ends: dict[int, str] = {}
    for at, word, tag in words:
        verbal = tag.startswith("v") and not _KEEP_VERBS.match(tag)
        if verbal or tag[:1] in _CUT_TAGS or word in _PARTICLES or (tag == "m" and word[0].isdigit()):
            cut[at : at + len(word)] = [True] * len(word)
            if verbal:
                ends[at + len(word)] = word
    for hit in verbs:
        starts_word = any(
            at == hit.start for at, _, _ in words[_word_index(words, hit.start) : _word_index(words, hit.start) + 1]
        )
        if starts_word and (hit.start == 0 or cut[hit.start - 1]):
            cut[hit.start : hit.end] = [True] * (hit.end - hit.start)
            ends[hit.end] = text[hit.start : hit.end]
    return cut, ends


def _word_index(words: Sequence[tuple[int, str, str]], position: int) -> int:
    return max(0, bisect_left(words, position + 1, key=lambda w: w[0]) - 1)


def chunks(
    text: str, words: Sequence[tuple[int, str, str]], verbs: Sequence[Hit], heads: Sequence[Hit], names: Sequence[Hit]
) -> list[Chunk]:
    """Return the chunks of a folded sentence; `words` are (offset, word, tag) of the segmenter."""
    cut, ends = _cuts(text, words, verbs)
    spans: list[tuple[int, int]] = []
    start = -1
    for i, off in enumerate([*cut, True]):
        if not off and start < 0:
            start = i
        elif off and start >= 0:
            spans.append((start, i))
            start = -1
    head_at = {hit.end: hit.label for hit in heads}
    name_at = {(hit.start, hit.end): hit.label for hit in names}
    kinds = [name_at.get(span) or head_at.get(span[1]) or "-" for span in spans]
    return _listed(text, spans, kinds, ends)


def _listed(text: str, spans: list[tuple[int, int]], kinds: list[str], ends: dict[int, str]) -> list[Chunk]:
    group = [0] * len(spans)
    for i in range(1, len(spans)):
        gap = text[spans[i - 1][1] : spans[i][0]].strip("“”‘’《》")
        group[i] = group[i - 1] + (0 if gap and set(gap) <= _LIST_MARKS else 1)
    last = {g: i for i, g in enumerate(group)}
    verb, verbs = "^", []
    for i, (start, _) in enumerate(spans):
        low = spans[i - 1][1] if i else 0
        for at in range(low + 1, start + 1):
            if at in ends:
                verb = ends[at]
            elif text[at - 1] in "。；":
                verb = "^"
        verbs.append(verb)
    first: dict[int, int] = {}
    for i, g in enumerate(group):
        first.setdefault(g, i)
    return [
        Chunk(
            start, end, kinds[i], verbs[first[group[i]]],
            kinds[i - 1] if i and group[i - 1] == group[i] else "^",
            kinds[i + 1] if i + 1 < len(spans) and group[i + 1] == group[i] else "$",
            kinds[last[group[i]]],
        )
        for i, (start, end) in enumerate(spans)
    ]  # fmt: skip
