"""A graph without what is too unsure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from extract.confidence import checked_confidence
from extract.span import Span
from graph.model import Claim, Entity, KnowledgeGraph, ObservedValue
from graph.rdf import own_district

Statement = TypeVar("Statement", Claim, ObservedValue)
_Places = frozenset[tuple[str, Span]]


def at_least(kg: KnowledgeGraph, confidence: float) -> KnowledgeGraph:
    """Return the graph without mentions, claims and observations below a confidence (0 to 1).

    A quote whose mention falls, falls too, and so does a claim or observation that has no quote left.
    (A claim is as sure as its surest quote; how sure the others are, a graph does not tell.) An
    entity stays while it is mentioned, is a document's own district, or is a side of something that
    a document says; what public lists say (that a county lies in its prefecture) stays as long as
    its subject does. An entity whose name stood only in mentions that fell is called by its most
    frequent other name; its id never changes.

    Raises PlankgError when the confidence is no number from 0 to 1.
    """
    least = checked_confidence(confidence)
    unsure = frozenset((o.doc, o.span) for e in kg.entities for o in e.occurrences if o.confidence < least)
    said = _sure((c for c in kg.claims if not c.is_reference), least, unsure)
    observations = _sure(kg.observations, least, unsure)
    listed = [c for c in kg.claims if c.is_reference and c.confidence >= least]
    seen = [_mentioned(entity, least) for entity in kg.entities]
    alive = {e.id for e in seen if e.occurrences}
    alive |= {side for c in said for side in (c.subject, c.object)}
    alive |= {side for o in observations for side in (o.subject, o.indicator)}
    alive |= {own.id for source in kg.sources if (own := own_district(source, kg))}
    alive = _with_listed(alive, listed)
    claims = [*said, *(c for c in listed if c.subject in alive)]
    return replace(
        kg,
        entities=tuple(e for e in seen if e.id in alive),
        claims=tuple(sorted(claims, key=lambda c: c.id)),
        observations=tuple(observations),
        near_misses=tuple(m for m in kg.near_misses if {m.one, m.other} <= alive),
    )


def _sure(statements: Iterable[Statement], least: float, unsure: _Places) -> list[Statement]:
    """Return the statements that are sure enough, with the quotes whose mentions are."""
    kept = []
    for statement in statements:
        quotes = tuple(q for q in statement.evidence if not {(q.doc, q.subject), (q.doc, q.object)} & unsure)
        if statement.confidence >= least and quotes:
            kept.append(replace(statement, evidence=quotes))
    return kept


def _mentioned(entity: Entity, least: float) -> Entity:
    """Return the entity with its sure mentions, and without the names that only the others bore."""
    kept = tuple(o for o in entity.occurrences if o.confidence >= least)
    if len(kept) == len(entity.occurrences):
        return entity
    names = Counter(o.surface for o in kept)
    lost = {o.surface for o in entity.occurrences} - names.keys()
    name = entity.name
    if name in lost and not entity.code and names:
        name = max(names, key=lambda surface: (names[surface], len(surface), surface))
    merges = (m for m in entity.merges if m.surface not in lost and m.surface != name)
    return replace(
        entity,
        name=name,
        aliases=tuple(alias for alias in entity.aliases if alias not in lost and alias != name),
        occurrences=kept,
        merges=tuple(replace(m, into=name) if m.into == entity.name else m for m in merges),
    )


def _with_listed(alive: set[str], listed: Iterable[Claim]) -> set[str]:
    """Return the ids with those that public lists join to them, from subject to object."""
    above: dict[str, list[str]] = {}
    for claim in listed:
        above.setdefault(claim.subject, []).append(claim.object)
    found, open_ = set(alive), sorted(alive)
    while open_:
        for id in above.get(open_.pop(), ()):
            if id not in found:
                found.add(id)
                open_.append(id)
    return found
