"""Entities by name: exactly, or those whose name is nearest."""

from graph.model import Entity, KnowledgeGraph
from ontology.schema import EntityType


def find(kg: KnowledgeGraph, name: str, type: EntityType | None = None) -> tuple[Entity, ...]:
    """Return the entities called `name` (name, alias or id), the most mentioned first."""
    return tuple(kg.by_id[found.id] for found in kg.labels.exact(name, type))


def similar(kg: KnowledgeGraph, name: str, type: EntityType | None = None, limit: int = 8) -> tuple[Entity, ...]:
    """Return at most `limit` entities whose names contain `name`, sound or look like it, the nearest first."""
    return tuple(kg.by_id[found.id] for found in kg.labels.near(name, type, limit))
