"""Identity of things: the key that decides whether two names are one thing, and ids from it.

A key is made from one document and the public reference lists alone, never from the other
documents of a build. That is what keeps IRIs the same when documents come and go.
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from ontology.schema import EntityType

ID_LENGTH = 16  # hex digits; a clash among a million ids is less likely than 1 in 10 million


@dataclass(frozen=True, order=True, slots=True)
class Key:
    """What makes a thing itself: type, scope (code or name of a district, "" = everywhere), name."""

    type: EntityType
    scope: str
    name: str


def digest(*parts: str) -> str:
    """Return the first 16 hex digits of the SHA-256 over the parts (kept apart by a unit separator)."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:ID_LENGTH]


@lru_cache(maxsize=100_000)
def entity_id(key: Key) -> str:
    """Return the local part of the entity's IRI.

    >>> entity_id(Key(EntityType.DISTRICT, "", "650109"))
    'district-8b59124cf32727ae'
    """
    return f"{key.type.value.lower()}-{digest(key.type.value, key.scope, key.name)}"


def kind_of(id: str) -> EntityType:
    """Return the type of the entity with this id, which its id begins with.

    >>> kind_of("district-8b59124cf32727ae")
    <EntityType.DISTRICT: 'District'>
    """
    return _KINDS[id[: id.index("-")]]


_KINDS = {kind.value.lower(): kind for kind in EntityType}
