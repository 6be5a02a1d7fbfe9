"""Mentions that name the same thing become one entity; facts and figures are bound to entities.

Two steps: in each document names are read and put together (`graph.document_names`), which gives
every mention a key; across documents equal keys are one entity. No step compares documents with
each other, so an entity's id never depends on which other documents are in the build.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from extract.errors import CorpusError
from extract.extraction import Extraction, Mention
from graph.document_names import DocumentNames, name_document
from graph.identity import Key, entity_id
from graph.kinds import misfit
from graph.model import Claim, Entity, KnowledgeGraph, NearMiss, ObservedValue, Source
from graph.near import across_documents, best_of
from graph.reference import with_reference
from graph.statements import claims_of, observations_of
from graph.thing import Thing, joined, things_of
from ontology.schema import ENTITY_BASE


@dataclass(frozen=True, slots=True)
class Resolved:
    """What one document adds to a graph: its things, what it says of them, and names that only look alike.

    Claims that the vocabulary does not allow between the types are still among `claims`.
    """

    source: Source
    things: list[Thing]
    claims: list[Claim]
    observations: list[ObservedValue]
    near: list[NearMiss]
    warnings: tuple[str, ...] = ()


def resolved(extraction: Extraction) -> Resolved:
    """Return what one document adds to a graph; it depends on no other document."""
    names = name_document(extraction)

    def resolve(mention: Mention | None) -> str:
        return entity_id(names.key(mention))

    document = extraction.document
    return Resolved(
        source=Source(document.id, document.meta, document.sha256, document.raw),
        things=things_of(extraction, names),
        claims=list(claims_of(extraction, resolve)),
        observations=list(observations_of(extraction, resolve)),
        near=_near_misses(names),
        warnings=extraction.warnings,
    )


def build_graph(extractions: Iterable[Extraction], *, base: str = ENTITY_BASE) -> KnowledgeGraph:
    """Return the graph of the extractions; their order does not matter.

    Every mention becomes an occurrence of exactly one entity, every fact a quote of exactly one
    claim. Facts that turn out to join a thing to itself are left out; so are those that the
    vocabulary does not allow between the entities' types, each with a line in `warnings`.

    Raises CorpusError when two extractions have the same document id.
    """
    return joined_graph(map(resolved, extractions), base=base)


def joined_graph(documents: Iterable[Resolved], *, base: str = ENTITY_BASE) -> KnowledgeGraph:
    """Return the graph of what each document adds to it, as `build_graph` does."""
    parts = sorted(documents, key=lambda part: part.source.id)
    for before, after in pairwise(parts):
        if before.source.id == after.source.id:
            raise CorpusError(f"two documents are called {before.source.id!r}; rename one of the files")
    things = joined(thing for part in parts for thing in part.things)
    near: dict[tuple[str, str], NearMiss] = {}
    for part in parts:
        for miss in part.near:
            _take_nearer(miss, near)
    for miss in across_documents(things):
        near.setdefault((miss.one, miss.other), miss)
    entities, reference = _with_reference(things)
    stated = [claim for part in parts for claim in part.claims]
    claims, warnings = _fitting([*stated, *reference], {e.id: e for e in entities})
    observations = (seen for part in parts for seen in part.observations)
    return KnowledgeGraph(
        sources=tuple(part.source for part in parts),
        entities=tuple(sorted(entities, key=lambda e: e.id)),
        claims=tuple(sorted(claims, key=lambda c: c.id)),
        observations=tuple(sorted(observations, key=lambda o: o.id)),
        base=base,
        near_misses=best_of(near.values()),
        warnings=(*(told for part in parts for told in part.warnings), *warnings),
    )


def _with_reference(things: Mapping[Key, Thing]) -> tuple[list[Entity], list[Claim]]:
    keys = {entity_id(key): key for key in things}
    locations = {entity_id(key): thing.location for key, thing in things.items() if thing.location}
    return with_reference((thing.entity() for thing in things.values()), keys, locations)


def _fitting(claims: Iterable[Claim], entities: Mapping[str, Entity]) -> tuple[list[Claim], list[str]]:
    """Split off the claims that the vocabulary does not allow between the entities' types."""
    kept, warnings = [], []
    for claim in claims:
        if warning := misfit(claim, entities):
            warnings.append(warning)
        else:
            kept.append(claim)
    return kept, sorted(warnings)


def _near_misses(names: DocumentNames) -> list[NearMiss]:
    near: dict[tuple[str, str], NearMiss] = {}
    for pair in names.near:
        one, other = sorted((entity_id(names.canonical[pair.one]), entity_id(names.canonical[pair.other])))
        if one != other:
            reason = f"{pair.likeness.reason}; kept apart: {pair.blocked}"
            _take_nearer(NearMiss(one, other, reason, pair.likeness.score), near)
    return list(near.values())


def _take_nearer(miss: NearMiss, near: dict[tuple[str, str], NearMiss]) -> None:
    """Put a near miss among the others; of the same pair the nearer one stays, else the earlier one."""
    known = near.get((miss.one, miss.other))
    if known is None or known.score < miss.score:
        near[miss.one, miss.other] = miss
