"""Entities by name: exactly, or those whose name is nearest."""

from rapidfuzz import fuzz, process

from graph.model import Entity, KnowledgeGraph
from graph.names import normalise
from ontology.schema import EntityType


def find(kg: KnowledgeGraph, name: str, type: EntityType | None = None) -> tuple[Entity, ...]:
    """Return the entities called `name` (name, alias or id), the most mentioned first."""
    wanted = normalise(name)
    found = [
        entity
        for entity in kg.entities
        if type in (None, entity.type)
        and (entity.id == name or any(normalise(other) == wanted for other in (entity.name, *entity.aliases)))
    ]
    return tuple(sorted(found, key=_mentioned_most))


def similar(kg: KnowledgeGraph, name: str, type: EntityType | None = None, limit: int = 8) -> tuple[Entity, ...]:
    """Return at most `limit` entities whose names contain `name` or look like it, the nearest first."""
    wanted = normalise(name)
    names = {e.id: normalise(e.name) for e in kg.entities if type in (None, e.type)}
    containing = [kg.by_id[id] for id, other in names.items() if wanted and wanted in other]
    alike = process.extract(wanted, names, scorer=fuzz.ratio, score_cutoff=40, limit=2 * limit)
    ranked = [*sorted(containing, key=_mentioned_most), *(kg.by_id[id] for _, _, id in alike)]
    return tuple({entity.id: entity for entity in ranked}.values())[:limit]


def _mentioned_most(entity: Entity) -> tuple[int, int, str]:
    return -len(entity.occurrences), len(entity.name), entity.id
