"""Mentions that name the same thing become one entity; facts and figures are bound to entities.

Two steps: in each document names are read and put together (`graph.document_names`), which gives
every mention a key; across documents equal keys are one entity. No step compares documents with
each other, so an entity's id never depends on which other documents are in the build.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from extract.errors import CorpusError
from extract.extraction import Extraction, Mention
from graph.document_names import DocumentNames, name_document
from graph.identity import Key, entity_id
from graph.kinds import misfit
from graph.model import Claim, Entity, KnowledgeGraph, Merge, NearMiss, ObservedValue, Occurrence, Source
from graph.names import normalise
from graph.near import across_documents, best_of
from graph.reference import Location, with_reference
from graph.statements import claims_of, observations_of
from graph.wording import is_generic
from ontology.divisions import Division, divisions
from ontology.schema import ENTITY_BASE, EntityType

# The most frequent surface is the label of these; of the others it is the fullest.
_LABEL_BY_USE = frozenset({EntityType.INDUSTRY, EntityType.INDICATOR, EntityType.POLICY, EntityType.DISTRICT})


@dataclass(slots=True)
class _Thing:
    """An entity while it is gathered."""

    key: Key
    division: Division | None = None
    named: str = ""
    labels: Counter[str] = field(default_factory=Counter)
    unplaced: Counter[str] = field(default_factory=Counter)
    occurrences: list[Occurrence] = field(default_factory=list)
    surfaces: Counter[str] = field(default_factory=Counter)
    merges: dict[str, Merge] = field(default_factory=dict)
    candidates: set[str] = field(default_factory=set)
    location: Location | None = None


def build_graph(extractions: Iterable[Extraction], *, base: str = ENTITY_BASE) -> KnowledgeGraph:
    """Return the graph of the extractions; their order does not matter.

    Every mention becomes an occurrence of exactly one entity, every fact a quote of exactly one
    claim. Facts that turn out to join a thing to itself are left out; so are those that the
    vocabulary does not allow between the entities' types, each with a line in `warnings`.

    Raises CorpusError when two extractions have the same document id.
    """
    ordered = sorted(extractions, key=lambda e: e.document.id)
    for one, other in pairwise(ordered):
        if one.document.id == other.document.id:
            raise CorpusError(f"two documents are called {one.document.id!r}; rename one of the files")
    things: dict[Key, _Thing] = {}
    claims: list[Claim] = []
    observations: list[ObservedValue] = []
    near: dict[tuple[str, str], NearMiss] = {}
    for extraction in ordered:
        names = name_document(extraction)
        _gather(extraction, names, things)

        def resolve(mention: Mention | None, names: DocumentNames = names) -> str:
            return entity_id(names.key(mention))

        claims += claims_of(extraction, resolve)
        observations += observations_of(extraction, resolve)
        _near_misses(names, near)
    for miss in across_documents(things):
        near.setdefault((miss.one, miss.other), miss)
    entities, reference = _with_reference(things)
    claims, warnings = _fitting([*claims, *reference], {e.id: e for e in entities})
    return KnowledgeGraph(
        sources=tuple(Source(e.document.id, e.document.meta, e.document.sha256, e.document.raw) for e in ordered),
        entities=tuple(sorted(entities, key=lambda e: e.id)),
        claims=tuple(sorted(claims, key=lambda c: c.id)),
        observations=tuple(sorted(observations, key=lambda o: o.id)),
        base=base,
        near_misses=best_of(near.values()),
        warnings=(*(told for e in ordered for told in e.warnings), *warnings),
    )


def _with_reference(things: Mapping[Key, _Thing]) -> tuple[list[Entity], list[Claim]]:
    keys = {entity_id(key): key for key in things}
    locations = {entity_id(key): thing.location for key, thing in things.items() if thing.location}
    return with_reference(map(_entity, things.values()), keys, locations)


def _fitting(claims: Iterable[Claim], entities: Mapping[str, Entity]) -> tuple[list[Claim], list[str]]:
    """Split off the claims that the vocabulary does not allow between the entities' types."""
    kept, warnings = [], []
    for claim in claims:
        if warning := misfit(claim, entities):
            warnings.append(warning)
        else:
            kept.append(claim)
    return kept, sorted(warnings)


def _gather(extraction: Extraction, names: DocumentNames, things: dict[Key, _Thing]) -> None:
    own = things.setdefault(names.own, _Thing(names.own))
    own.division, own.named = names.issuer.division, names.issuer.name
    for mention in names.mentions:
        key = names.key(mention)
        thing = things.setdefault(key, _Thing(key))
        if key.type is EntityType.DISTRICT and not key.scope:
            thing.division = divisions().get(key.name)
        occurrence = Occurrence(extraction.document.id, mention.span, mention.surface, mention.confidence)
        thing.occurrences.append(occurrence)
        thing.surfaces[mention.surface] += 1
        if names.is_canonical(mention):
            thing.labels[mention.surface] += 1
            if not names.reading(mention).place:
                thing.unplaced[mention.surface] += 1
        reason, score = names.reason(mention)
        thing.merges.setdefault(mention.surface, Merge(mention.surface, "", reason, score))
        reading = names.reading(mention)
        thing.candidates.update(reading.candidates)
        if reading.located:
            found = Location(reading.where, reading.located)
            thing.location = max(thing.location or found, found, key=lambda p: (p.confidence, len(p.code), p.code))


def _near_misses(names: DocumentNames, near: dict[tuple[str, str], NearMiss]) -> None:
    for pair in names.near:
        one, other = sorted((entity_id(names.canonical[pair.one]), entity_id(names.canonical[pair.other])))
        known = near.get((one, other))
        if one != other and (known is None or known.score < pair.likeness.score):
            reason = f"{pair.likeness.reason}; kept apart: {pair.blocked}"
            near[one, other] = NearMiss(one, other, reason, pair.likeness.score)


def _entity(thing: _Thing) -> Entity:
    name = _label(thing)
    merges = (Merge(s, name, m.reason, m.score) for s, m in sorted(thing.merges.items()) if s != name)
    return Entity(
        id=entity_id(thing.key),
        type=thing.key.type,
        name=name,
        aliases=tuple(sorted(set(thing.surfaces) - {name})),
        scope=thing.key.scope,
        code=thing.division.gb_code if thing.division else "",
        occurrences=tuple(sorted(thing.occurrences, key=lambda o: (o.doc, o.span))),
        merges=tuple(merges),
        candidates=tuple(sorted(thing.candidates)),
        key=thing.key.name,
    )


def _label(thing: _Thing) -> str:
    """Return the official name, or the surface that an analyst would look for."""
    if thing.division:
        return thing.division.name
    if not thing.surfaces:
        return thing.named
    names = thing.labels or thing.surfaces
    if thing.unplaced and not is_generic(thing.key.name):
        names = thing.unplaced  # 伊犁河, not 伊宁市伊犁河; but 米东区人民医院
    if thing.key.type in _LABEL_BY_USE:
        return max(names, key=lambda s: (names[s], len(s), s))
    return max(names, key=lambda s: (len(normalise(s)), names[s], s))
