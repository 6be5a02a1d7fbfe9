"""What public lists add to the graph: containment, national zones, the industry classification.

Nothing here is ever said to come from a document: the claims have a source that begins with
"reference:", a rule, and no evidence.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from graph.identity import Key, digest, entity_id
from graph.industries import map_industry
from graph.model import Claim, Entity
from graph.names import normalise
from graph.places import Issuer, split_short
from graph.statements import claim_id
from graph.wording import expand, is_generic
from ontology.divisions import Division, ancestors, divisions, lookup
from ontology.schema import ENTITY_BASE, EntityType, Predicate
from ontology.zones import Zone, zones

DIVISIONS = "reference:divisions"  # the official list of administrative divisions
ZONES = "reference:zones"  # the national lists of development zones
NAMES = "reference:names"  # the place that a name itself holds


@dataclass(frozen=True, slots=True)
class Location:
    """Where a thing lies by its name: a division's code, and how sure that is (0..1)."""

    code: str
    confidence: float


def division_key(code: str) -> Key:
    """Return the key of the division with this code in the table."""
    return Key(EntityType.DISTRICT, "", code)


def with_reference(
    entities: Iterable[Entity], keys: Mapping[str, Key], locations: Mapping[str, Location]
) -> tuple[list[Entity], list[Claim]]:
    """Return the entities with links and missing ancestors, and the claims that the lists make.

    `keys` and `locations` are by entity id. Every official division among the entities gets the
    divisions above it, joined by `partOf`; a park or village gets the division its name places it in.
    """
    known = {entity.id: linked(entity, keys[entity.id]) for entity in entities}
    claims: list[Claim] = []
    codes: set[str] = set()
    for id, key in keys.items():
        codes |= official_code(key)
        for claim, code in placed(key, locations.get(id)):
            codes.add(code)
            claims.append(claim)
    above, contained = containment(codes)
    for entity in above:
        known.setdefault(entity.id, entity)
    return list(known.values()), [c for c in (*claims, *contained) if c.subject != c.object]


def linked(entity: Entity, key: Key) -> Entity:
    """Return the entity with what public lists say of it alone: an industry's classes, a park's zone."""
    if key.type is EntityType.INDUSTRY:
        mappings, reason = map_industry(entity.name)
        return replace(entity, mappings=mappings, unmapped=reason)
    if key.type is EntityType.PARK and (zone := zone_of(key)):
        return replace(entity, links=(*entity.links, zone_iri(zone)))
    return entity


def official_code(key: Key) -> set[str]:
    """Return the code of the official division that a key means, in a set; an empty set for any other key."""
    return {key.name} & divisions().keys() if key.type is EntityType.DISTRICT else set()


def placed(key: Key, location: Location | None) -> Iterator[tuple[Claim, str]]:
    """Yield the claims that an entity lies in a division, by its own name and by the list of zones; with the code."""
    id = entity_id(key)
    if location and key.type in (EntityType.PARK, EntityType.DISTRICT) and location.code in divisions():
        yield _location(id, key.type, location.code, NAMES, "place in the name", location.confidence), location.code
    if key.type is EntityType.PARK and (zone := zone_of(key)) and (code := _zone_place(zone)):
        yield _location(id, EntityType.PARK, code, ZONES, "place in the list of zones", 1.0), code


def containment(codes: Iterable[str]) -> tuple[list[Entity], list[Claim]]:
    """Return the divisions with these codes and all above them, as entities, and what lies in what."""
    entities, claims = [], []
    named = set(codes)
    for code in sorted({above.code for lower in named for above in ancestors(lower)} | named):
        division = divisions()[code]
        entity = _division_entity(division)
        entities.append(entity)
        if division.parent:
            parent = entity_id(division_key(division.parent))
            claims.append(_claim(entity.id, Predicate.PART_OF, parent, DIVISIONS, "code of the division above", 1.0))
    return entities, claims


def _division_entity(division: Division) -> Entity:
    key = division_key(division.code)
    return Entity(entity_id(key), EntityType.DISTRICT, division.name, code=division.gb_code, key=key.name)


def _location(id: str, kind: EntityType, code: str, source: str, rule: str, confidence: float) -> Claim:
    predicate = Predicate.PART_OF if kind is EntityType.DISTRICT else Predicate.LOCATED_IN
    return _claim(id, predicate, entity_id(division_key(code)), source, rule, confidence)


def _claim(subject: str, predicate: Predicate, obj: str, source: str, rule: str, confidence: float) -> Claim:
    return Claim(
        id=claim_id(subject, predicate, obj, None, source),
        subject=subject,
        predicate=predicate,
        object=obj,
        source=source,
        evidence=(),
        confidence=confidence,
        rule=rule,
    )


def zone_iri(zone: Zone) -> str:
    """Return an IRI for a zone of the national lists."""
    return f"{ENTITY_BASE}zone/{zone.kind}-{digest(zone.name)}"


def zone_of(key: Key) -> Zone | None:
    """Return the national zone that a park's key means, or None.

    >>> zone_of(Key(EntityType.PARK, "6501", "甘泉堡经济技术开发区")).name
    '乌鲁木齐甘泉堡经济技术开发区'
    """
    return _zone_index().get((key.scope, key.name))


@lru_cache(maxsize=1)
def _zone_index() -> dict[tuple[str, str], Zone]:
    return {form: zone for zone in reversed(zones()) for form in _zone_forms(zone)}


def _zone_forms(zone: Zone) -> Iterator[tuple[str, str]]:
    """Yield the (scope, name) pairs under which a zone's park may be known."""
    name = expand(EntityType.PARK, normalise(zone.name))
    code = _zone_code(zone) or next((d.code for d in lookup(zone.place)), "")
    if split := split_short(name, Issuer("", code)):
        place, rest = split
        yield place.code, rest
        if not is_generic(rest):
            yield place.code[:2], rest
        yield place.code[:2], name
    elif code and not is_generic(name):
        yield code[:2], name


def _zone_place(zone: Zone) -> str:
    """Return the code of the county that the list names, else of the city in the zone's own name."""
    if code := _zone_code(zone):
        return code
    province = next((d.code for d in lookup(zone.place)), "")
    split = split_short(expand(EntityType.PARK, normalise(zone.name)), Issuer("", province))
    return split[0].code if split else ""


def _zone_code(zone: Zone) -> str:
    """Return the code of the county that the list names for a zone, "" if it names only a province."""
    found = [d for d in lookup(zone.place) if len(d.code) == 6 and d.name == zone.place]
    if len(found) == 1:
        return found[0].code
    city = {d.code for d in lookup(zone.name[:2]) if len(d.code) == 4}
    near = [d for d in found if d.code[:4] in city]
    return near[0].code if len(near) == 1 else ""
