"""Facts of a document from its mentions: two small models over the features of `relation_features`.

The object model labels the mentions of a sentence in order (a list shares its verb): what has the
document's own district to do with each? The pair model looks at two mentions of a sentence, or at
a mention and the lead-in, box item or heading above it. Where encoders have read the document,
their views of mentions and of pairs in a sentence are mixed with the models' probabilities. Domain
and range of `plan.ttl` bound all.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from extract.chain import ChainModel, Floats
from extract.context import Context, Place, sentence_context
from extract.document import Document, Role, Sentence
from extract.extraction import Evidence, Fact, Mention
from extract.fact_heads import FactView
from extract.relation_features import object_features, pair_features
from extract.relation_grammar import LISTED, ZONE, Stated, stated
from ontology.schema import EntityType, Predicate, Status, signatures

NONE = "none"  # no fact with @doc
ELSEWHERE = "subj"  # the text names another subject
INVERSE = "~"  # @doc is the object: "~locatedIn"

# Probability above which a fact is stated; chosen on the annotated passages.
OBJECT_THRESHOLD = 0.15
PAIR_THRESHOLD = 0.25
# Of these predicates the pair model is sure too seldom, or too often.
PAIR_THRESHOLDS = {"partOf": 0.1, "locatedIn": 0.4, "engagesIn": 0.5}

# Shares of the encoders' views in the probability of a predicate, and in that of its status.
VIEW_SHARE = 0.8
STATUS_SHARE = 0.2
_TINY = np.float32(1e-6)

_LEADING = frozenset(EntityType) - {EntityType.INDUSTRY, EntityType.POLICY, EntityType.INDICATOR}
_ITEM_HEAD = 40  # characters at the start of a box item in which its name stands

# A list of these does together what one of it does.
_SHARING = frozenset({EntityType.DISTRICT, EntityType.PARK})

# Only one subject does these to an object in one sentence.
_EXCLUSIVE = frozenset({Predicate.PLANS, Predicate.IMPLEMENTS, Predicate.DEVELOPS})


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence with its mentions and the mentions that lead it; `context.places` parallels `mentions`.

    `park` is the Park whose name alone is the lead-in right before the sentence.
    """

    sentence: Sentence
    context: Context
    mentions: tuple[Mention, ...]
    lead: tuple[tuple[Place, Mention], ...]
    park: Mention | None = None


def _places(sentence: Sentence, mentions: Sequence[Mention]) -> list[tuple[Place, Mention]]:
    offsets = {sentence.text.raw_offset(i): i for i in range(len(sentence.text))}
    found = []
    for mention in mentions:
        start, last = offsets.get(mention.span.start), offsets.get(mention.span.end - 1)
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


def scenes(document: Document, mentions: Sequence[Mention]) -> Iterator[Scene]:
    """Yield each sentence of the document that holds mentions, with what leads it."""
    by_sentence: dict[int, list[Mention]] = defaultdict(list)
    starts = [s.text.span.start if s.text.pieces else 0 for s in document.sentences]
    order = sorted(range(len(starts)), key=lambda i: starts[i])
    at = 0
    for mention in sorted(mentions, key=lambda m: m.span):
        while at + 1 < len(order) and starts[order[at + 1]] <= mention.span.start:
            at += 1
        by_sentence[order[at]].append(mention)
    lead = _Lead()
    for sentence in document.sentences:
        pairs = _places(sentence, by_sentence.get(sentence.index, ()))
        above, park = lead.over(sentence), lead.park(sentence)
        lead.read(sentence, pairs)
        if pairs:
            places = tuple(place for place, _ in pairs)
            context = sentence_context(document, sentence, places, tuple(place for place, _ in above))
            yield Scene(sentence, context, tuple(mention for _, mention in pairs), above, park)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible subject; `index` is its place in the sentence, None where it stands in the lead above."""

    index: int | None
    place: Place
    mention: Mention


def candidates(scene: Scene, target: int) -> Iterator[Candidate]:
    """Yield the possible subjects of a target: the sentence's other mentions, then the lead's."""
    allowed = allowed_subjects()[scene.context.places[target].type]
    for i, place in enumerate(scene.context.places):
        if i != target and place.type in allowed:
            yield Candidate(i, place, scene.mentions[i])
    for place, mention in scene.lead:
        if place.type in allowed:
            yield Candidate(None, place, mention)


@lru_cache(maxsize=1)
def allowed_subjects() -> dict[EntityType, frozenset[EntityType]]:
    """Return for each object type the subject types of any predicate."""
    result: dict[EntityType, set[EntityType]] = {kind: set() for kind in EntityType}
    for pairs in signatures().values():
        for subject, obj in pairs:
            result[obj].add(subject)
    return {kind: frozenset(subjects) for kind, subjects in result.items()}


@lru_cache(maxsize=4096)
def _permitted(label: str, subject: EntityType | None, obj: EntityType) -> bool:
    """Say whether domain and range allow a label; subject None is @doc."""
    name = label.partition(":")[0]
    if subject is not None:
        return not name.startswith(INVERSE) and (subject, obj) in signatures()[Predicate(name)]
    if name.startswith(INVERSE):
        return (obj, EntityType.DISTRICT) in signatures()[Predicate(name[1:])]
    return (EntityType.DISTRICT, obj) in signatures()[Predicate(name)]


@dataclass(frozen=True, slots=True)
class _Vote:
    predicate: str
    status: str
    probability: float


def _votes(marginals: dict[str, float]) -> list[_Vote]:
    """Join the labels of one predicate: its probability is their sum, its status the likeliest."""
    total: dict[str, float] = defaultdict(float)
    best: dict[str, tuple[float, str]] = {}
    for label, value in marginals.items():
        name, _, status = label.partition(":")
        total[name] += value
        best[name] = max(best.get(name, (-1.0, "")), (value, status))
    return [_Vote(name, best[name][1], total[name]) for name in sorted(total)]


class RelationModel:
    """The object and the pair model; `facts` is a pure function of document and mentions."""

    def __init__(self, objects: ChainModel, pairs: ChainModel) -> None:
        self._objects, self._pairs = objects, pairs
        self._elsewhere = objects.labels.index(ELSEWHERE)

    def facts(
        self, document: Document, mentions: Sequence[Mention], views: Sequence[FactView] = ()
    ) -> tuple[Fact, ...]:
        """Return the facts of a document in the order of their objects, each stated once a sentence.

        `views` are those of the encoders that read the document.
        """
        found = list(scenes(document, mentions))
        own = self._objects.posteriors(
            [
                self._objects.emissions([object_features(scene.context, i) for i in range(len(scene.mentions))])
                for scene in found
            ]
        )
        facts: list[Fact] = []
        for scene, marginals in zip(found, own, strict=True):
            facts.extend(self._scene_facts(document, scene, marginals, views))
        return tuple(facts)

    def _scene_facts(
        self, document: Document, scene: Scene, marginals: Floats, views: Sequence[FactView]
    ) -> Iterator[Fact]:
        evidence = _Evidence(document, scene.sentence)
        rules = list(stated(scene.context))
        known: set[tuple[str, str | None, str]] = set()
        for rule in rules:
            fact = _by_rule(scene, rule, evidence)
            known.add((fact.predicate.value, fact.subject.surface if fact.subject else None, _surface(fact.object)))
            yield fact
        listed = {rule.subject for rule in rules if rule.rule == LISTED}
        zoned = {rule.object for rule in rules if rule.rule == ZONE}
        paired = self._pair_votes(scene, views)
        at, labels = scene.sentence.index, self._objects.labels
        marginals = _mixed(labels, marginals, [view.own(at, scene.context, labels) for view in views])
        for i, mention in enumerate(scene.mentions):
            rivals: dict[str, float] = {}
            for subject, vote in paired[i]:
                rivals[vote.predicate] = max(rivals.get(vote.predicate, 0.0), vote.probability)
                if (vote.predicate, subject.surface, mention.surface) not in known:
                    yield _fact(vote, subject, mention, evidence.of("pair"))
            own = None if i in zoned else self._own_vote(marginals[i], mention, bool(rivals), i in listed)
            stronger = own is not None and rivals.get(own.predicate, 0.0) < own.probability
            if own and stronger and (own.predicate, None, mention.surface) not in known:
                led = scene.park if own.predicate == Predicate.DEVELOPS else None
                yield _fact(own, led, mention, evidence.of("lead-in" if led else "object"))

    def _own_vote(self, marginals: Floats, mention: Mention, rivalled: bool, listed: bool) -> _Vote | None:
        """Return what @doc has to do with a mention; the item that lists a work carries it out in its stead."""
        own = _permitted_marginals(self._objects.labels, marginals, None, mention.type)
        if not rivalled:
            own = _without(ELSEWHERE, float(marginals[self._elsewhere]), own)
        votes = [
            vote
            for vote in _votes(own)
            if vote.probability >= OBJECT_THRESHOLD and not (listed and vote.predicate == Predicate.PLANS)
        ]
        return max(votes, key=lambda v: (v.probability, v.predicate), default=None)

    def _pair_votes(self, scene: Scene, views: Sequence[FactView]) -> list[list[tuple[Mention, _Vote]]]:
        """Return for each mention the stated pairs with a subject; of an exclusive predicate the likeliest one."""
        asked = [(target, subject) for target in range(len(scene.mentions)) for subject in candidates(scene, target)]
        answers = self._pair_answers(scene, asked, views)
        best: list[dict[tuple[str, str], tuple[Candidate, _Vote]]] = [{} for _ in scene.mentions]
        for (target, subject), answer in zip(asked, answers, strict=True):
            types = subject.place.type, scene.mentions[target].type
            for vote in _votes(_permitted_marginals(self._pairs.labels, answer, *types)):
                key = (vote.predicate, "" if vote.predicate in _EXCLUSIVE else subject.mention.surface)
                if vote.probability < PAIR_THRESHOLDS.get(vote.predicate, PAIR_THRESHOLD):
                    continue
                if key not in best[target] or best[target][key][1].probability < vote.probability:
                    best[target][key] = (subject, vote)
        return [[pair for key in sorted(found) for pair in _shared(scene, *found[key])] for found in best]

    def _pair_answers(
        self, scene: Scene, asked: Sequence[tuple[int, Candidate]], views: Sequence[FactView]
    ) -> list[Floats]:
        """Return the probabilities of each pair's labels; the views know the pairs inside the sentence only."""
        features = [[pair_features(scene.context, s.place, target, s.index is None)] for target, s in asked]
        answers = [answer[0] for answer in self._pairs.posteriors([self._pairs.emissions(f) for f in features])]
        inside = {row: (s.index, target) for row, (target, s) in enumerate(asked) if s.index is not None}
        if not inside:
            return answers
        at, labels = scene.sentence.index, self._pairs.labels
        seen = [view.pairs(at, scene.context, list(inside.values()), labels) for view in views]
        for number, row in enumerate(inside):
            answers[row] = _mixed(labels, answers[row], [view[number] for view in seen])
        return answers


def _shared(scene: Scene, subject: Candidate, vote: _Vote) -> Iterator[tuple[Mention, _Vote]]:
    """Yield the vote for a subject, and what a list of such subjects does together for each of the list."""
    yield subject.mention, vote
    if subject.index is None or vote.predicate not in _EXCLUSIVE:
        return
    first, last = scene.context.groups[subject.index]
    members = scene.mentions[first : last + 1]
    if all(member.type in _SHARING for member in members):
        yield from ((member, vote) for member in members if member.surface != subject.mention.surface)


def _mixed(labels: Sequence[str], own: Floats, seen: Sequence[Floats]) -> Floats:
    """Return the probabilities (... x labels) with the mean of the encoders' views mixed in.

    Predicates and, given the predicate, statuses are mixed by shares of their own.
    """
    if not seen:
        return own
    views = np.mean(seen, 0)
    belongs = _belonging(tuple(labels))
    names = (1 - VIEW_SHARE) * own @ belongs + VIEW_SHARE * views @ belongs
    statuses = (1 - STATUS_SHARE) * own + STATUS_SHARE * views
    statuses = statuses / np.maximum(statuses @ belongs, _TINY)
    result: Floats = names * statuses
    return result


@lru_cache(maxsize=4)
def _belonging(labels: tuple[str, ...]) -> Floats:
    """Return a matrix (labels x labels) that sums over the labels of one predicate."""
    names = [label.partition(":")[0] for label in labels]
    return np.array([[name == other for other in names] for name in names], np.float32)


def _permitted_marginals(
    labels: Sequence[str], marginals: Floats, subject: EntityType | None, obj: EntityType
) -> dict[str, float]:
    """Return the probabilities of the labels that domain and range allow."""
    return {
        label: float(value)
        for label, value in zip(labels, marginals, strict=True)
        if label not in (NONE, ELSEWHERE) and _permitted(label, subject, obj)
    }


def _without(label: str, probability: float, others: dict[str, float]) -> dict[str, float]:
    """Return the probabilities given that `label` (of that probability) is ruled out."""
    rest = max(1.0 - probability, 1e-6)
    return {name: value / rest for name, value in others.items() if name != label}


def _by_rule(scene: Scene, rule: Stated, evidence: "_Evidence") -> Fact:
    subject = None if rule.subject is None else scene.mentions[rule.subject]
    obj = scene.mentions[rule.object] if rule.object >= 0 else scene.lead[-1 - rule.object][1]
    vote = _Vote(rule.predicate.value, rule.status or "", rule.confidence)
    return _fact(vote, subject, obj, evidence.of(rule.rule))


def _surface(side: Mention | None) -> str:
    return side.surface if side else ""


class _Evidence:
    """Evidence of one sentence, by rule."""

    def __init__(self, document: Document, sentence: Sentence) -> None:
        self._span = sentence.text.span
        self._path = document.section_path(sentence.section)
        self._page = document.page(self._span.start)

    def of(self, rule: str) -> Evidence:
        return Evidence(self._span, self._path, f"facts/{rule}", self._page)


def _fact(vote: _Vote, subject: Mention | None, obj: Mention, evidence: Evidence) -> Fact:
    status = Status(vote.status) if vote.status else None
    probability = round(vote.probability, 4)
    if vote.predicate.startswith(INVERSE):
        return Fact(Predicate(vote.predicate[1:]), obj, None, evidence, status, confidence=probability)
    return Fact(Predicate(vote.predicate), subject, obj, evidence, status, confidence=probability)
