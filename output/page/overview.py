"""What one page shows of a graph that is too large for it: districts, parks, industries, the best attested.

The page of a larger graph holds this overview; `plankg serve` answers it about all the rest
(`output.server.explorer`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from typing import TypeVar

from graph.model import Claim, KnowledgeGraph, ObservedValue, Source
from ontology.schema import EntityType
from output.page.layout import weights

LARGEST_PAGE, MOST_STATEMENTS = 20_000, 60_000
"""Entities, and claims and figures together, of the largest graph that is put into one file as a whole."""

CLAIMS, OBSERVATIONS, DOCUMENTS = 8_000, 2_000, 200
"""What an overview holds at most."""

_KINDS = (EntityType.DISTRICT, EntityType.PARK, EntityType.INDUSTRY)
_EACH, _OTHERS = 600, 1200

_Statement = TypeVar("_Statement", Claim, ObservedValue)

Candidate = tuple[str, EntityType, int]
"""An entity that may stand in the overview: id, type and weight (statements that speak of it)."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The graph that an overview was taken from: its numbers, the weights of its entities, the quotes of statements."""

    entities: int
    claims: int
    observations: int
    documents: int
    weight: Mapping[str, int] = field(default_factory=dict)
    quotes: Mapping[str, int] = field(default_factory=dict)


def is_too_large(entities: int, statements: int) -> bool:
    """Return whether a graph of so many entities, and claims and figures together, has no room in one file."""
    return entities > LARGEST_PAGE or statements > MOST_STATEMENTS


def chosen(candidates: Iterable[Candidate], first: Iterable[str] = ()) -> set[str]:
    """Return the ids of the overview: those that come `first`, then the weightiest of each kind and of all.

    >>> park, project = EntityType.PARK, EntityType.PROJECT
    >>> sorted(chosen([("a", park, 1), ("b", project, 9), ("c", project, 0)]))
    ['a', 'b', 'c']
    """
    ranked = sorted(candidates, key=lambda c: (-c[2], c[0]))
    wanted = set(first)
    own = [id for id, type, _ in ranked if id in wanted and type is EntityType.DISTRICT][:_EACH]
    found = set(own)
    for kind in _KINDS:
        room = _EACH - (len(own) if kind is EntityType.DISTRICT else 0)
        found.update([id for id, type, _ in ranked if type is kind and id not in found][: max(0, room)])
    found.update([id for id, _, _ in ranked if id not in found][:_OTHERS])
    return found


def overview(kg: KnowledgeGraph) -> tuple[KnowledgeGraph, Whole]:
    """Return the part of a graph that stands for it, with at most one quote a statement, and what it is a part of."""
    weight = weights(kg)
    own = {source.meta.district for source in kg.sources}
    first = (e.id for e in kg.entities if e.type is EntityType.DISTRICT and e.name in own)
    ids = chosen(((e.id, e.type, weight[e.id]) for e in kg.entities), first)
    claims = _best(kg.claims, CLAIMS, lambda c: c.subject in ids and c.object in ids)
    values = _best(kg.observations, OBSERVATIONS, lambda o: o.subject in ids and o.indicator in ids)
    part = replace(
        kg,
        entities=tuple(e for e in kg.entities if e.id in ids),
        claims=_with_one_quote(claims),
        observations=_with_one_quote(values),
    )
    sizes = (len(kg.entities), len(kg.claims), len(kg.observations), len(kg.sources))
    quotes = {c.id: len(c.evidence) for c in claims} | {o.id: len(o.evidence) for o in values}
    return part, Whole(*sizes, weight, quotes)


def listed(kg: KnowledgeGraph) -> tuple[Source, ...]:
    """Return the documents that an overview names: those that it cites before others, in order of their ids."""
    cited = {c.source for c in kg.claims} | {o.source for o in kg.observations}
    first = sorted(kg.sources, key=lambda s: (s.id not in cited, s.id))[:DOCUMENTS]
    return tuple(sorted(first, key=lambda s: s.id))


def _best(statements: Sequence[_Statement], most: int, fits: Callable[[_Statement], bool]) -> list[_Statement]:
    """Return the best attested of the statements that fit, in order of their ids."""
    best = nsmallest(most, filter(fits, statements), key=lambda s: (-len(s.evidence), s.id))
    return sorted(best, key=lambda s: s.id)


def _with_one_quote(statements: Sequence[_Statement]) -> tuple[_Statement, ...]:
    return tuple(replace(s, evidence=s.evidence[:1]) for s in statements)
