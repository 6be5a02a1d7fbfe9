"""Facts of a document from its mentions: two small models over the features of `relation_features`.

The object model labels the mentions of a sentence in order (a list shares its verb): what has the
document's own district to do with each? The pair model looks at two mentions of a sentence, or at
a mention and the lead-in, box item or heading above it. Where encoders have read the document,
their views of mentions and of pairs in a sentence are mixed with the models' probabilities. The items
of a list are decided alike. Domain and range of `plan.ttl` bound all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise

import numpy as np

from extract.chain import ChainModel, Floats
from extract.document import Document, DocumentKind, Sentence
from extract.exclusions import excluded
from extract.extraction import Evidence, Fact, Mention
from extract.fact_heads import FactView
from extract.lists import alike, lists, pairs_alike
from extract.relation_grammar import LISTED, ZONE, Stated, stated
from extract.relation_scores import Asked, FeatureRows, object_rows, pair_answers
from extract.scenes import Candidate, Scene, candidates, scenes, where
from extract.statuses import crisp_status, opposed
from ontology.schema import EntityType, Predicate, Status, signatures

NONE = "none"  # no fact with @doc
ELSEWHERE = "subj"  # the text names another subject
INVERSE = "~"  # @doc is the object: "~locatedIn"

# Probability above which a fact is stated; chosen on the annotated passages.
OBJECT_THRESHOLD = 0.15
PAIR_THRESHOLD = 0.25
# Of these the object model is sure too often: what lies in the district, or is part of it, patterns say better.
OBJECT_THRESHOLDS = {"partOf": 0.8, "~partOf": 0.8, "~locatedIn": 0.8, "plans": 0.25}
# Of these predicates the pair model is sure too often.
PAIR_THRESHOLDS = {"locatedIn": 0.4, "engagesIn": 0.35}
# A subject that is only spoken of before counts, and then rules out the document's district, from here.
TOPIC_THRESHOLD = 0.5
# A pair that is nothing with a greater probability than this is stated by no predicate.
_NOTHING = 1.001 - min(PAIR_THRESHOLD, *PAIR_THRESHOLDS.values())

# Shares of the encoders' views in the probability of a predicate, and in that of its status.
VIEW_SHARE = 0.7
STATUS_SHARE = 0.5
_TINY = np.float32(1e-6)

# A list of these does together what one of it does.
_SHARING = frozenset({EntityType.DISTRICT, EntityType.PARK})

# Only one subject does these to an object in one sentence.
_EXCLUSIVE = frozenset({Predicate.PLANS, Predicate.IMPLEMENTS, Predicate.DEVELOPS})


__all__ = ["ELSEWHERE", "INVERSE", "NONE", "Candidate", "RelationModel", "Scene", "candidates", "scenes", "where"]


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


_Paired = tuple[Mention, _Vote, bool]
"""A subject with what it has to do with an object, and whether it is a topic only."""


@dataclass(frozen=True, slots=True)
class _Share:
    """A label that domain and range allow between two types: its place, its predicate and its status."""

    place: int
    predicate: str
    status: str


@lru_cache(maxsize=1024)
def _shares(labels: tuple[str, ...], subject: EntityType | None, obj: EntityType) -> tuple[_Share, ...]:
    return tuple(
        _Share(place, *label.partition(":")[::2])
        for place, label in enumerate(labels)
        if label not in (NONE, ELSEWHERE) and _permitted(label, subject, obj)
    )


def _votes(marginals: Sequence[float], shares: Sequence[_Share], least: float = 0.0) -> list[_Vote]:
    """Join the labels of one predicate: its probability is their sum, its status the likeliest.

    What is less likely than `least` is left out.
    """
    total: dict[str, float] = {}
    best: dict[str, tuple[float, str]] = {}
    for share in shares:
        name, value = share.predicate, marginals[share.place]
        total[name] = total.get(name, 0.0) + value
        best[name] = max(best.get(name, (-1.0, "")), (value, share.status))
    return [_Vote(name, best[name][1], total[name]) for name in sorted(total) if total[name] >= least]


class RelationModel:
    """The object and the pair model; `facts` is a pure function of document and mentions."""

    def __init__(self, objects: ChainModel, pairs: ChainModel) -> None:
        self._objects, self._pairs = objects, pairs
        self._elsewhere, self._none = objects.labels.index(ELSEWHERE), pairs.labels.index(NONE)

    @cached_property
    def _rows(self) -> tuple[FeatureRows, FeatureRows]:
        return FeatureRows(self._objects), FeatureRows(self._pairs)

    def facts(
        self, document: Document, mentions: Sequence[Mention], views: Sequence[FactView] = ()
    ) -> tuple[Fact, ...]:
        """Return the facts of a document in the order of their objects, each stated once a sentence.

        `views` are those of the encoders that read the document.
        """
        found = list(scenes(document, mentions))
        ends = list(accumulate((len(scene.mentions) for scene in found), initial=0))
        scores = self._objects.scores([rows for scene in found for rows in object_rows(self._rows[0], scene)])
        own = self._objects.posteriors([scores[low:high] for low, high in pairwise(ends)])
        facts: list[Fact] = []
        pairs = pair_answers(self._pairs, self._rows[1], found)
        for (scene, asked, answers), marginals in zip(pairs, own, strict=True):
            paired = self._pair_votes(scene, asked, answers, views)
            facts.extend(self._scene_facts(document, scene, marginals, paired, views))
        return tuple(fact for fact in facts if not _of_itself(document, fact))

    def _scene_facts(
        self,
        document: Document,
        scene: Scene,
        marginals: Floats,
        paired: list[list[_Paired]],
        views: Sequence[FactView],
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
        out = excluded(scene.context)
        at, labels = scene.sentence.index, self._objects.labels
        marginals = _mixed(labels, marginals, [view.own(at, scene.context, labels) for view in views])
        marginals = alike(marginals, lists(scene.context))
        for i, (mention, row) in enumerate(zip(scene.mentions, marginals.tolist(), strict=True)):
            rivals: dict[str, float] = {}
            denied = out.get(i, frozenset())
            if opposed(scene.context, scene.context.places[i]):
                denied |= {Predicate.DEVELOPS}
            for subject, vote, topic in paired[i]:
                if vote.predicate in denied:
                    continue
                rivals[vote.predicate] = max(rivals.get(vote.predicate, 0.0), 1.0 if topic else vote.probability)
                if (vote.predicate, subject.surface, mention.surface) not in known:
                    yield _fact(_settled(scene, i, vote), subject, mention, evidence.of("topic" if topic else "pair"))
            own = None if i in zoned else self._own_vote(row, mention, bool(rivals), i in listed)
            if own is None:
                continue
            own, led = _of_whom(scene, own, i)
            stronger = rivals.get(own.predicate, 0.0) < own.probability
            told = (own.predicate, None, mention.surface) in known or any(
                led == subject and vote.predicate == own.predicate for subject, vote, _ in paired[i]
            )
            if stronger and not told and own.predicate not in denied:
                origin = "lead-in" if led else "object"
                yield _fact(_settled(scene, i, own), led, mention, evidence.of(origin))

    def _own_vote(self, marginals: list[float], mention: Mention, rivalled: bool, listed: bool) -> _Vote | None:
        """Return what @doc has to do with a mention; the item that lists a work carries it out in its stead."""
        if not rivalled:  # given that the text names no other subject
            rest = max(1.0 - marginals[self._elsewhere], 1e-6)
            marginals = [value / rest for value in marginals]
        shares = _shares(self._objects.labels, None, mention.type)
        votes = [
            vote
            for vote in _votes(marginals, shares, OBJECT_THRESHOLD)
            if vote.probability >= OBJECT_THRESHOLDS.get(vote.predicate, OBJECT_THRESHOLD)
            and not (listed and vote.predicate == Predicate.PLANS)
        ]
        return max(votes, key=lambda v: (v.probability, v.predicate), default=None)

    def _pair_votes(
        self, scene: Scene, asked: Sequence[Asked], answers: Floats, views: Sequence[FactView]
    ) -> list[list[_Paired]]:
        """Return for each mention the stated pairs with a subject; of an exclusive predicate the likeliest one."""
        best: list[dict[tuple[str, str], tuple[Candidate, _Vote]]] = [{} for _ in scene.mentions]
        answers = self._viewed(scene, asked, answers, views)
        # Most pairs are nothing: what is not, is looked at one by one.
        for number in np.flatnonzero(answers[:, self._none] <= _NOTHING).tolist():
            target, subject = asked[number]
            shares = _shares(self._pairs.labels, subject.place.type, scene.mentions[target].type)
            for vote in _votes(answers[number].tolist(), shares):
                key = (vote.predicate, "" if vote.predicate in _EXCLUSIVE else subject.mention.surface)
                least = PAIR_THRESHOLDS.get(vote.predicate, PAIR_THRESHOLD)
                if vote.probability < (TOPIC_THRESHOLD if subject.topic else least):
                    continue
                if key not in best[target] or best[target][key][1].probability < vote.probability:
                    best[target][key] = (subject, vote)
        return [[pair for key in sorted(found) for pair in _shared(scene, *found[key])] for found in best]

    def _viewed(self, scene: Scene, asked: Sequence[Asked], answers: Floats, views: Sequence[FactView]) -> Floats:
        """Return the probabilities of each pair's labels; views and lists matter to pairs inside the sentence only."""
        inside = {row: (s.index, target) for row, (target, s) in enumerate(asked) if s.index is not None}
        known = lists(scene.context)
        if not inside or not (views or known):
            return answers
        at, labels, pairs = scene.sentence.index, self._pairs.labels, list(inside.values())
        rows = _mixed(labels, answers[list(inside)], [view.pairs(at, scene.context, pairs, labels) for view in views])
        mixed = answers.copy()
        mixed[list(inside)] = pairs_alike(rows, known, pairs)
        return mixed


def _of_whom(scene: Scene, own: _Vote, target: int) -> tuple[_Vote, Mention | None]:
    """Return a vote for @doc, and the subject in its place; what a company's portrait tells, it works in."""
    led = _led(scene, own.predicate, target)
    if led and led is scene.firm and own.predicate == Predicate.DEVELOPS:
        return replace(own, predicate=Predicate.ENGAGES_IN.value), led
    return own, led


def _led(scene: Scene, predicate: str, target: int) -> Mention | None:
    """Return the subject that the text gives a mention in place of @doc.

    It is the place that opens the sentence, a Park's lead-in, the town called 我镇, the one that a heading names, or
    the district that opened the paragraph; in the portrait of a company, the company. In documents that are neither
    plans nor reports, such as the portraits of towns, the paragraph's district also builds and carries out.
    """
    if scene.firm and predicate in _EXCLUSIVE:
        return scene.firm
    if predicate == Predicate.DEVELOPS:
        headed = next((topic.mention for topic in scene.topics if topic.origin == "heading"), None)
        return _opening(scene, target) or scene.park or scene.spoken or headed or _opened_before(scene)
    if predicate not in _EXCLUSIVE:
        return None
    return scene.spoken or (_opened_before(scene) if scene.context.kind is DocumentKind.OTHER else None)


def _opened_before(scene: Scene) -> Mention | None:
    """Return the district that opened the paragraph in a sentence before."""
    opened = (t for t in scene.topics if t.origin == "opening" and t.place.type is EntityType.DISTRICT)
    return next((topic.mention for topic in opened), None)


def _opening(scene: Scene, target: int) -> Mention | None:
    """Return the place that opens the sentence, if the target stands before its first semicolon."""
    if scene.opener is None:
        return None
    (place, mention), start = scene.opener, scene.context.places[target].start
    return mention if place.end <= start and scene.context.text.find("；", place.end, start) < 0 else None


def _settled(scene: Scene, target: int, vote: _Vote) -> _Vote:
    """Return the vote for a mention with the status that the words leave no doubt of, if there is one."""
    status = crisp_status(scene.context, scene.context.places[target]) if vote.status else None
    return replace(vote, status=status.value) if status else vote


def _shared(scene: Scene, subject: Candidate, vote: _Vote) -> Iterator[_Paired]:
    """Yield the vote for a subject, and what a list of such subjects does together for each of the list."""
    yield subject.mention, vote, subject.topic is not None
    if subject.index is None or vote.predicate not in _EXCLUSIVE:
        return
    first, last = scene.context.groups[subject.index]
    members = scene.mentions[first : last + 1]
    if all(member.type in _SHARING for member in members):
        yield from ((member, vote, False) for member in members if member.surface != subject.mention.surface)


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


def _of_itself(document: Document, fact: Fact) -> bool:
    """Return whether a fact joins the document's own district with a mention that names the same."""
    named = fact.object if fact.subject is None else fact.subject
    joined = fact.subject is None or fact.object is None
    return joined and named is not None and named.type is EntityType.DISTRICT and document.meta.is_own(named.surface)


def _by_rule(scene: Scene, rule: Stated, evidence: "_Evidence") -> Fact:
    subject = None
    if rule.subject is not None:
        subject = scene.mentions[rule.subject] if rule.subject >= 0 else scene.recalled[-1 - rule.subject]
    if rule.object is None:  # the district that the text speaks of
        obj = next((t.mention for t in scene.topics if t.place.type is EntityType.DISTRICT), None)
    else:
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


def _fact(vote: _Vote, subject: Mention | None, obj: Mention | None, evidence: Evidence) -> Fact:
    status = Status(vote.status) if vote.status else None
    probability = round(vote.probability, 4)
    if vote.predicate.startswith(INVERSE):
        assert obj is not None
        return Fact(Predicate(vote.predicate[1:]), obj, None, evidence, status, confidence=probability)
    return Fact(Predicate(vote.predicate), subject, obj, evidence, status, confidence=probability)
