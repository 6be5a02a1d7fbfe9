"""The sentences of a document that hold mentions, each with what leads it and its possible subjects."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from extract.context import Context, Place, sentence_context
from extract.document import Document, Role, Sentence
from extract.extraction import Mention
from extract.located import clean_index
from extract.relation_features import LEAD, topic_kind
from extract.topics import OPENING, Topic, Topics, calls_firm, opener, speaks_of_own, spoken_of, stands_alone
from ontology.schema import EntityType, signatures

_LEADING = frozenset(EntityType) - {EntityType.INDUSTRY, EntityType.POLICY, EntityType.INDICATOR}
_RECALLED = _LEADING - {EntityType.DISTRICT}
_ITEM_HEAD = 40  # characters at the start of a box item in which its name stands


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence with its mentions and the mentions that lead it; `context.places` parallels `mentions`.

    `park` is the Park whose name alone is the lead-in right before the sentence; `recalled` are the
    mentions of `context.recalled`, what 公司 or 项目 may refer back to; `topics` are what the sentence
    may go on speaking of, `spoken` the one that it calls 我镇 or the like, `opener` the other district or
    the park that opens it as its subject; `firm` is the company whose portrait it is part of.
    """

    sentence: Sentence
    context: Context
    mentions: tuple[Mention, ...]
    lead: tuple[tuple[Place, Mention], ...]
    park: Mention | None = None
    recalled: tuple[Mention, ...] = ()
    topics: tuple[Topic, ...] = ()
    spoken: Mention | None = None
    opener: tuple[Place, Mention] | None = None
    firm: Mention | None = None


def _places(sentence: Sentence, mentions: Sequence[Mention]) -> list[tuple[Place, Mention]]:
    found = []
    for mention in mentions:
        start, last = (clean_index(sentence.text, at) for at in (mention.span.start, mention.span.end - 1))
        if start is not None and last is not None:
            found.append((Place(start, last + 1, mention.type, mention.surface), mention))
    return sorted(found, key=lambda pair: pair[0].start)


class _Lead:
    """The mentions that stand above the next sentence: of a heading, a lead-in, or a box item's name."""

    def __init__(self) -> None:
        self._pairs: tuple[tuple[Place, Mention], ...] = ()
        self._paragraph: int | None = None
        self._item: tuple[int, int | None] | None = None
        self._heading = False
        self._before: tuple[Sentence, list[tuple[Place, Mention]]] | None = None

    def over(self, sentence: Sentence) -> tuple[tuple[Place, Mention], ...]:
        same_item = sentence.box is not None and (sentence.box, sentence.item) == self._item
        return self._pairs if self._heading or same_item or sentence.paragraph == self._paragraph else ()

    def park(self, sentence: Sentence) -> Mention | None:
        """Return the Park whose name alone is the sentence before, a lead-in of the same paragraph."""
        if self._before is None or len(self._before[1]) != 1:
            return None
        before, ((place, mention),) = self._before
        alone = len(before.text.clean.strip("*“”。：: ")) == place.end - place.start
        follows = before.lead > 0 and before.paragraph == sentence.paragraph
        return mention if alone and follows and place.type is EntityType.PARK else None

    def read(self, sentence: Sentence, pairs: list[tuple[Place, Mention]]) -> None:
        self._before = (sentence, pairs)
        item = (sentence.box, sentence.item) if sentence.box is not None else None
        names = [pair for pair in pairs if pair[0].type in _LEADING]
        if sentence.role is Role.HEADING:
            self._set(tuple(names[:2]), None, None, True)
        elif sentence.lead or (sentence.role is Role.ITEM and item != self._item):
            reach = sentence.lead or _ITEM_HEAD
            self._set(tuple([p for p in names if p[0].start < reach][:1]), sentence.paragraph, item, False)
        elif sentence.paragraph != self._paragraph:
            self._set((), sentence.paragraph, None, False)

    def _set(
        self,
        pairs: tuple[tuple[Place, Mention], ...],
        paragraph: int | None,
        item: tuple[int, int | None] | None,
        heading: bool,
    ) -> None:
        self._pairs, self._paragraph, self._item, self._heading = pairs, paragraph, item, heading


class _Recall:
    """Of each type the last thing that opened a sentence or stood in a heading, within its section."""

    def __init__(self) -> None:
        self._last: dict[EntityType, tuple[Place, Mention]] = {}
        self._portrayed = False  # whether a company's name alone is the heading

    def pairs(self) -> list[tuple[Place, Mention]]:
        return [self._last[kind] for kind in sorted(self._last)]

    def firm(self, sentence: Sentence, pairs: list[tuple[Place, Mention]]) -> Mention | None:
        """Return the company that a sentence not read yet goes on to portray; none if it names one itself."""
        known = self._last.get(EntityType.ENTERPRISE)
        if known is None or sentence.role is Role.HEADING or any(p.type is EntityType.ENTERPRISE for p, _ in pairs):
            return None
        return known[1] if self._portrayed or calls_firm(sentence.text.clean) else None

    def read(self, sentence: Sentence, pairs: list[tuple[Place, Mention]]) -> None:
        if sentence.role is Role.HEADING:
            self._last.clear()
            text = sentence.text.clean
            self._portrayed = any(p.type is EntityType.ENTERPRISE and stands_alone(text, p) for p, _ in pairs)
        for place, mention in pairs:
            opens = OPENING.fullmatch(sentence.text.clean, 0, place.start) is not None
            if place.type in _RECALLED and (opens or sentence.role is Role.HEADING):
                self._last[place.type] = (place, mention)


def scenes(document: Document, mentions: Sequence[Mention]) -> Iterator[Scene]:
    """Yield each sentence of the document that holds mentions, with what leads it."""
    by_sentence: dict[int, list[Mention]] = defaultdict(list)
    starts = [s.text.span.start if s.text.pieces else 0 for s in document.sentences]
    order = sorted(range(len(starts)), key=lambda i: starts[i])
    at = 0
    for mention in sorted(mentions, key=lambda m: (m.span.start, m.span.end)):
        while at + 1 < len(order) and starts[order[at + 1]] <= mention.span.start:
            at += 1
        by_sentence[order[at]].append(mention)
    lead, recall, topics = _Lead(), _Recall(), Topics(document)
    for sentence in document.sentences:
        pairs = _places(sentence, by_sentence.get(sentence.index, ()))
        above, park, recalled = lead.over(sentence), lead.park(sentence), recall.pairs()
        firm = recall.firm(sentence, pairs)
        calls_own = speaks_of_own(document, sentence.text.clean)
        said = () if calls_own else tuple(topics.of(sentence))
        lead.read(sentence, pairs)
        topics.read(sentence, pairs)
        recall.read(sentence, pairs)
        if pairs:
            places, over, before = (tuple(place for place, _ in some) for some in (pairs, above, recalled))
            context = sentence_context(document, sentence, places, over, before)
            spoken = spoken_of(sentence.text.clean, said)
            told = tuple(mention for _, mention in pairs)
            opens = None if calls_own else opener(document, sentence.text.clean, pairs)
            meant = tuple(mention for _, mention in recalled)
            portrayed = None if calls_own else firm
            yield Scene(sentence, context, told, above, park, meant, said, spoken, opens, portrayed)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible subject; `index` is its place in the sentence, None where it stands above or before it.

    `topic` says what makes it a topic, None for others.
    """

    index: int | None
    place: Place
    mention: Mention
    topic: Topic | None = None


def where(candidate: Candidate) -> str:
    """Return where a candidate stands, as `pair_features` takes it."""
    if candidate.index is not None:
        return ""
    return topic_kind(candidate.topic.origin, candidate.topic.gap) if candidate.topic else LEAD


def candidates(scene: Scene, target: int) -> Iterator[Candidate]:
    """Yield the possible subjects of a target: the sentence's other mentions, then the lead's, then the topics."""
    allowed = allowed_subjects()[scene.context.places[target].type]
    for i, place in enumerate(scene.context.places):
        if i != target and place.type in allowed:
            yield Candidate(i, place, scene.mentions[i])
    for place, mention in scene.lead:
        if place.type in allowed:
            yield Candidate(None, place, mention)
    named = {place.surface for place in scene.context.places} | {place.surface for place, _ in scene.lead}
    for topic in scene.topics:
        if topic.place.type in allowed and topic.place.surface not in named:
            yield Candidate(None, topic.place, topic.mention, topic)


@lru_cache(maxsize=1)
def allowed_subjects() -> dict[EntityType, frozenset[EntityType]]:
    """Return for each object type the subject types of any predicate."""
    result: dict[EntityType, set[EntityType]] = {kind: set() for kind in EntityType}
    for pairs in signatures().values():
        for subject, obj in pairs:
            result[obj].add(subject)
    return {kind: frozenset(subjects) for kind, subjects in result.items()}
