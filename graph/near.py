"""Entities of different documents that look alike: shown as near misses, joined only by a person.

Joining them here would make an entity's id depend on the other documents of the build.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from graph.aliases import Name, Surroundings
from graph.cluster import Pair, compare
from graph.identity import Key, entity_id
from graph.model import NearMiss
from graph.reading import Reading
from graph.wording import is_generic
from ontology.divisions import Division, divisions
from ontology.schema import EntityType

ALONE = Surroundings(frozenset(), {}, {})
_WORTH_A_LOOK = 0.65  # below, names of two documents share no more than their wording
PER_ENTITY = 5
_NATIONWIDE = frozenset({EntityType.POLICY, EntityType.ENTERPRISE})


def across_documents(keys: Iterable[Key]) -> Iterator[NearMiss]:
    """Yield the pairs of entities whose names are near to each other.

    Generic names (人民医院) are left out: there is one in every county.
    """
    names = [name for key in sorted(keys) if (name := name_across(key))]
    for pair in compare(names, ALONE):
        if miss := near_miss(pair):
            yield miss


def name_across(key: Key) -> Name | None:
    """Return an entity's name as other documents' names are compared with it; None if it is too common."""
    if key.type not in _NATIONWIDE and is_generic(key.name):
        return None
    return Name(Reading(key, "", _division(key), full=key.name), frozenset({key.name}), 1)


def near_miss(pair: Pair) -> NearMiss | None:
    """Return a pair of names of different documents as a near miss, if it is worth a look."""
    if pair.likeness.score < _WORTH_A_LOOK or not _comparable(pair.one, pair.other):
        return None
    one, other = sorted((entity_id(pair.one), entity_id(pair.other)))
    kept = pair.blocked or "names of different documents are joined only when they are the same"
    return NearMiss(one, other, f"{pair.likeness.reason}; kept apart: {kept}", pair.likeness.score)


def best_of(misses: Iterable[NearMiss]) -> tuple[NearMiss, ...]:
    """Return the near misses in order of their ids; of each entity only its nearest ones."""
    kept: set[NearMiss] = set()
    shown: Counter[str] = Counter()
    for miss in sorted(misses, key=lambda m: (-m.score, m.one, m.other)):
        if shown[miss.one] < PER_ENTITY and shown[miss.other] < PER_ENTITY:
            shown.update((miss.one, miss.other))
            kept.add(miss)
    return tuple(sorted(kept, key=lambda m: (m.one, m.other)))


def _division(key: Key) -> Division | None:
    return divisions().get(key.name) if key.type is EntityType.DISTRICT and not key.scope else None


def _comparable(one: Key, other: Key) -> bool:
    """Return whether two keys may mean one thing: same province, and no body or paper of two places."""
    if one.scope and other.scope and one.scope[:2] != other.scope[:2]:
        return False
    return one.name != other.name or one.type not in (EntityType.INSTITUTION, EntityType.POLICY)
