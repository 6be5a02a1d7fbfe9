"""What surrounds a mention: its list, the verbs that govern it, the words beside it, its section.

Everything is computed on the folded clean text of one sentence; positions are clean offsets.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Any

import rjieba

from extract import lexicon
from extract.document import Document, DocumentKind, Sentence
from extract.folding import fold
from ontology.schema import EntityType

# What may stand between two members of one list.
_CONNECTOR = re.compile(r"[、，]?(?:和|与|及|以及|或|、|，以及|，和)?[“”‘’《》]{0,2}$|[，、]$")
_REVIEW = re.compile(
    r"发展基础|工作回顾|回顾|成就|成效|五年来|过去|取得|现状|基本情况|资源情况|概况|简介|基础条件|十三五.{0,6}发展"
)
_CLAUSE_END = "。；！？"


@dataclass(frozen=True, slots=True)
class Place:
    """A mention inside a sentence: clean offsets, type and surface."""

    start: int
    end: int
    type: EntityType
    surface: str


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb of the sentence: clean offsets, the word, and its class in `verbs.toml` or "v"."""

    start: int
    end: int
    word: str
    kind: str


@dataclass(frozen=True)
class Context:
    """One sentence prepared for the relation stages; `memo` keeps what they found out about a place of it."""

    text: str
    places: tuple[Place, ...]
    verbs: tuple[Verb, ...]
    groups: tuple[tuple[int, int], ...]  # first and last place of the list that each place stands in
    review: bool  # a chapter that looks back
    kind: DocumentKind
    role: str
    lead: tuple[Place, ...]  # mentions of the lead-in, box item or heading above
    recalled: tuple[Place, ...] = ()  # of each type what was last spoken of before; offsets in its own sentence
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def _free(self) -> tuple[list[Verb], list[int]]:
        """The verbs that are no part of a mention, and their starts."""
        starts = [place.start for place in self.places]
        reach = list(accumulate((place.end for place in self.places), max))
        found = []
        for verb in self.verbs:
            last = bisect_right(starts, verb.start) - 1  # of the places that begin before the verb ends
            if last < 0 or reach[last] < verb.end:
                found.append(verb)
        return found, [verb.start for verb in found]

    @cached_property
    def _starts(self) -> list[int]:
        return [verb.start for verb in self.verbs]

    def verbs_before(self, position: int) -> list[Verb]:
        """Return the verbs of the clause before `position`, nearest first."""
        floor = max(self.text.rfind(mark, 0, position) for mark in _CLAUSE_END)
        verbs, starts = self._free
        return verbs[bisect_right(starts, floor) : bisect_left(starts, position)][::-1]

    def verbs_after(self, position: int) -> list[Verb]:
        """Return the verbs of the clause after `position`, nearest first."""
        ceiling = min(
            (at for mark in "，" + _CLAUSE_END if (at := self.text.find(mark, position)) >= 0), default=len(self.text)
        )
        return list(self.verbs[bisect_left(self._starts, position) : bisect_left(self._starts, ceiling)])

    def verbs_between(self, start: int, end: int) -> list[Verb]:
        """Return the verbs that begin in `[start, end)`."""
        return list(self.verbs[bisect_left(self._starts, start) : bisect_left(self._starts, end)])


def _verbs(text: str) -> tuple[Verb, ...]:
    """Return the verbs of the tables, and the segmenter's verbs where no table verb overlaps."""
    found = [Verb(h.start, h.end, text[h.start : h.end], h.label) for h in lexicon.verbs().find(text)]
    taken = {i for verb in found for i in range(verb.start, verb.end)}
    at = 0
    for word, tag in rjieba.tag(text):
        end = at + len(word)
        if tag.startswith("v") and taken.isdisjoint(range(at, end)):
            found.append(Verb(at, end, word, "v"))
        at = end
    return tuple(sorted(found, key=lambda v: v.start))


def _groups(text: str, places: tuple[Place, ...]) -> tuple[tuple[int, int], ...]:
    """Return for each place the first and last place of its list."""
    firsts: list[int] = []
    for i, place in enumerate(places):
        between = text[places[i - 1].end : place.start] if i else " "
        joined = (
            i > 0
            and len(between) <= 4
            and _CONNECTOR.fullmatch(between.lstrip("”’》“‘《") or "、") is not None
            and between != ""
        )
        firsts.append(firsts[-1] if joined else i)
    lasts = {first: i for i, first in enumerate(firsts)}
    return tuple((first, lasts[first]) for first in firsts)


def sentence_context(
    document: Document,
    sentence: Sentence,
    places: tuple[Place, ...],
    lead: tuple[Place, ...] = (),
    recalled: tuple[Place, ...] = (),
) -> Context:
    """Return the context of one sentence with its mentions in order."""
    text = fold(sentence.text.clean)
    path = "".join(document.section_path(sentence.section))
    review = bool(_REVIEW.search(path)) or ("回顾" in path)
    return Context(
        text,
        places,
        _verbs(text),
        _groups(text, places),
        review,
        document.meta.kind,
        sentence.role.value,
        lead,
        recalled,
    )
