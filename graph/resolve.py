"""Mentions that name the same thing become one entity; facts and figures are bound to entities."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from extract.extraction import Extraction, Mention
from graph.identity import Key, entity_id
from graph.model import Claim, Entity, KnowledgeGraph, Merge, ObservedValue, Occurrence, Source
from graph.names import normalise
from graph.places import Issuer, read_place
from graph.statements import claims_of, observations_of
from ontology.divisions import divisions
from ontology.schema import ENTITY_BASE, EntityType

# Names of these types mean the same thing in every document.
_EVERYWHERE = frozenset({EntityType.INDUSTRY, EntityType.POLICY, EntityType.ENTERPRISE, EntityType.INDICATOR})


@dataclass(slots=True)
class _Thing:
    """An entity while it is gathered."""

    key: Key
    code: str = ""
    official: str = ""
    occurrences: list[Occurrence] = field(default_factory=list)
    surfaces: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, str] = field(default_factory=dict)


def build_graph(extractions: Iterable[Extraction], *, base: str = ENTITY_BASE) -> KnowledgeGraph:
    """Return the graph of the extractions; their order does not matter.

    Every mention becomes an occurrence of exactly one entity, every fact a quote of exactly one
    claim (facts that join a thing to itself are left out). Ids depend on one document and the
    reference lists only, so that they stay the same when other documents are added.

    Raises ValueError when two extractions have the same document id.
    """
    ordered = sorted(extractions, key=lambda e: e.document.id)
    for one, other in pairwise(ordered):
        if one.document.id == other.document.id:
            raise ValueError(f"two documents are called {one.document.id!r}; rename one of the files")
    things: dict[Key, _Thing] = {}
    claims: list[Claim] = []
    observations: list[ObservedValue] = []
    for extraction in ordered:
        keys = _resolve_document(extraction, things)

        def resolve(mention: Mention | None, keys: Mapping[Mention | None, Key] = keys) -> str:
            return entity_id(keys[mention])

        claims += claims_of(extraction, resolve)
        observations += observations_of(extraction, resolve)
    return KnowledgeGraph(
        sources=tuple(Source(e.document.id, e.document.meta, e.document.sha256, e.document.raw) for e in ordered),
        entities=tuple(sorted(map(_entity, things.values()), key=lambda e: e.id)),
        claims=tuple(sorted(claims, key=lambda c: c.id)),
        observations=tuple(sorted(observations, key=lambda o: o.id)),
        base=base,
    )


def _resolve_document(extraction: Extraction, things: dict[Key, _Thing]) -> dict[Mention | None, Key]:
    issuer = Issuer.of(extraction.document.meta)
    keys: dict[Mention | None, Key] = {None: _own(issuer, things)}
    cases = list(extraction.mentions)
    cases += [m for f in extraction.facts for m in (f.subject, f.object) if m]
    cases += [m for o in extraction.observations for m in (o.subject, o.indicator) if m]
    for mention in dict.fromkeys(cases):
        key, reason = _key(mention, issuer)
        thing = things.setdefault(key, _Thing(key))
        if key.type is EntityType.DISTRICT and key.name in divisions():
            thing.code, thing.official = key.name, divisions()[key.name].name
        thing.occurrences.append(Occurrence(extraction.document.id, mention.span, mention.surface, mention.confidence))
        thing.surfaces[mention.surface] += 1
        thing.reasons.setdefault(mention.surface, reason)
        keys[mention] = key
    return keys


def _own(issuer: Issuer, things: dict[Key, _Thing]) -> Key:
    key = Key(EntityType.DISTRICT, "", issuer.scope)
    thing = things.setdefault(key, _Thing(key))
    thing.code = issuer.code
    thing.official = divisions()[issuer.code].name if issuer.code else issuer.name
    return key


def _key(mention: Mention, issuer: Issuer) -> tuple[Key, str]:
    if mention.type is EntityType.DISTRICT:
        place = read_place(mention.surface, issuer)
        return Key(mention.type, place.scope, place.name), place.reason
    name = normalise(mention.surface)
    return Key(mention.type, "" if mention.type in _EVERYWHERE else issuer.scope, name), "same name"


def _entity(thing: _Thing) -> Entity:
    name = thing.official or max(thing.surfaces, key=lambda s: (thing.surfaces[s], len(s), s))
    return Entity(
        id=entity_id(thing.key),
        type=thing.key.type,
        name=name,
        aliases=tuple(sorted(set(thing.surfaces) - {name})),
        scope=thing.key.scope,
        code=divisions()[thing.code].gb_code if thing.code in divisions() else "",
        occurrences=tuple(sorted(thing.occurrences, key=lambda o: (o.doc, o.span))),
        merges=tuple(Merge(s, name, thing.reasons[s]) for s in sorted(thing.surfaces) if s != name),
    )


def surfaces(entities: Iterable[Entity]) -> dict[str, list[Entity]]:
    """Return the entities by every normalised surface and name that they bear."""
    index: dict[str, list[Entity]] = defaultdict(list)
    for entity in entities:
        for name in dict.fromkeys(normalise(s) for s in (entity.name, *entity.aliases)):
            index[name].append(entity)
    return dict(index)
