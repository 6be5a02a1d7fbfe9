"""Positions of the map: one island for each issuing district, one disc in it for each type.

The first look at a graph should say something, so places have a meaning instead of being the
rest position of springs: entities of one district's documents lie on its island, entities that
several districts speak of lie on the island in the middle, and inside an island every entity
type has its own disc with the best-attested names at its centre. Where more districts issued
documents than islands can be read, those of one prefecture or province share one. Pure arithmetic in a fixed
order: the same graph always gives the same map, 20,000 entities take about a second.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.model import Entity, KnowledgeGraph
from ontology.divisions import divisions, trimmed
from ontology.schema import EntityType

SHARED = ""
_GOLDEN = math.pi * (3 - math.sqrt(5))
_DISC_GAP = 14.0
_ISLAND_GAP = 60.0
_EXACT_PACKING = 40
_ISLANDS = 24  # that can be told apart


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle in map units."""

    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class Disc:
    """The place of one entity type on an island, with its number of entities."""

    type: EntityType
    circle: Circle
    count: int


@dataclass(frozen=True, slots=True)
class Island:
    """The place of one issuing district (`SHARED` for what several districts speak of)."""

    district: str
    circle: Circle
    discs: tuple[Disc, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an entity lies and how large it is drawn, in map units."""

    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class MapLayout:
    """The whole map: a place for every entity id, and the islands, largest first."""

    places: Mapping[str, Placed]
    islands: tuple[Island, ...]


def weights(kg: KnowledgeGraph) -> dict[str, int]:
    """Return for each entity id the number of statements that speak of it."""
    count = dict.fromkeys((entity.id for entity in kg.entities), 0)
    for claim in kg.claims:
        count[claim.subject] = count.get(claim.subject, 0) + len(claim.evidence or (None,))
        count[claim.object] = count.get(claim.object, 0) + len(claim.evidence or (None,))
    for value in kg.observations:
        count[value.subject] = count.get(value.subject, 0) + 1
        count[value.indicator] = count.get(value.indicator, 0) + 1
    return count


def node_size(weight: int) -> float:
    """Return the drawn radius (map units) for a number of statements: 2 alone, 14 at most."""
    return min(14.0, 2.0 + 1.1 * math.sqrt(max(0, weight - 1)))


def lay_out_map(kg: KnowledgeGraph, weight: Mapping[str, int] | None = None) -> MapLayout:
    """Return the position of every entity and the outlines of islands and discs.

    `weight` are the numbers of statements that speak of the entities, where `kg` does not hold them all.
    """
    weight = weights(kg) if weight is None else weight
    homes = _homes(kg)
    groups: dict[str, dict[EntityType, list[Entity]]] = {}
    for entity in kg.entities:
        groups.setdefault(homes[entity.id], {}).setdefault(entity.type, []).append(entity)
    drafts = {home: _island(by_type, weight) for home, by_type in groups.items()}
    order = sorted(drafts, key=lambda home: (home != SHARED, -drafts[home][0], home))
    circles = _archipelago([drafts[home][0] + _ISLAND_GAP / 2 for home in order])
    places: dict[str, Placed] = {}
    islands = []
    for home, outer in zip(order, circles, strict=True):
        radius, discs, inner = drafts[home]
        for identifier, place in inner.items():
            places[identifier] = Placed(outer.x + place.x, outer.y + place.y, place.size)
        moved = tuple(
            Disc(d.type, Circle(outer.x + d.circle.x, outer.y + d.circle.y, d.circle.r), d.count) for d in discs
        )
        islands.append(Island(home, Circle(outer.x, outer.y, radius), moved, len(inner)))
    return MapLayout(places, tuple(islands))


def _homes(kg: KnowledgeGraph) -> dict[str, str]:
    """Return each entity's island: its only issuing district, or `SHARED`."""
    island_of = _island_names(kg)
    district_of = {source.id: island_of[source.meta.district] for source in kg.sources}
    own = {source.meta.district for source in kg.sources}
    talkers: dict[str, set[str]] = {entity.id: set() for entity in kg.entities}
    for entity in kg.entities:
        talkers[entity.id].update(district_of[doc] for doc in entity.documents if doc in district_of)
    ends = [(claim.source, claim.subject, claim.object) for claim in kg.claims]
    ends += [(value.source, value.subject, value.indicator) for value in kg.observations]
    for source, *pair in ends:
        for end in pair:
            if source in district_of and end in talkers:
                talkers[end].add(district_of[source])
    homes = {}
    for entity in kg.entities:
        if entity.type is EntityType.DISTRICT and entity.name in own:
            homes[entity.id] = island_of[entity.name]
        else:
            found = talkers[entity.id]
            homes[entity.id] = next(iter(found)) if len(found) == 1 else SHARED
    return homes


def _island(
    by_type: Mapping[EntityType, Sequence[Entity]], weight: Mapping[str, int]
) -> tuple[float, tuple[Disc, ...], dict[str, Placed]]:
    """Return an island around the origin: its radius, its discs and the places on it."""
    filled = []
    for kind in EntityType:
        entities = sorted(by_type.get(kind, ()), key=lambda e: (-weight[e.id], e.name, e.id))
        if entities:
            filled.append((kind, *_sunflower(entities, weight)))
    filled.sort(key=lambda item: -item[1])
    circles = pack([radius + _DISC_GAP / 2 for _, radius, _ in filled])
    places: dict[str, Placed] = {}
    discs = []
    for (kind, radius, inner), at in zip(filled, circles, strict=True):
        for identifier, place in inner.items():
            places[identifier] = Placed(at.x + place.x, at.y + place.y, place.size)
        discs.append(Disc(kind, Circle(at.x, at.y, radius), len(inner)))
    hull = enclosing([d.circle for d in discs])
    centred = tuple(Disc(d.type, _moved(d.circle, hull), d.count) for d in discs)
    return hull.r + _DISC_GAP, centred, {i: Placed(p.x - hull.x, p.y - hull.y, p.size) for i, p in places.items()}


def _moved(circle: Circle, origin: Circle) -> Circle:
    return Circle(circle.x - origin.x, circle.y - origin.y, circle.r)


def enclosing(circles: Sequence[Circle]) -> Circle:
    """Return a small circle around all circles (Badoiu and Clarkson's iteration, within about 1 %)."""
    x = y = 0.0
    for step in range(1, 300):
        far = max(circles, key=lambda c: math.hypot(c.x - x, c.y - y) + c.r)
        distance = math.hypot(far.x - x, far.y - y)
        if distance == 0:
            break
        pull = (1 + far.r / distance) / (step + 1)
        x, y = x + (far.x - x) * pull, y + (far.y - y) * pull
    return Circle(x, y, max(math.hypot(c.x - x, c.y - y) + c.r for c in circles))


def _island_names(kg: KnowledgeGraph) -> dict[str, str]:
    """Return the island of each issuing district: its own, or that of its prefecture or province."""
    codes = {source.meta.district: source.meta.code for source in kg.sources}
    table = divisions() if len(codes) > _ISLANDS else {}
    for length in (9, 4, 2):
        above = {name: table.get(trimmed(code)[:length]) for name, code in codes.items()}
        names = {name: found.name if found and length < 9 else name for name, found in above.items()}
        if len(set(names.values())) <= _ISLANDS:
            break
    return names


def _archipelago(radii: Sequence[float]) -> list[Circle]:
    """Return the first circle in the middle and the others in a wide ring round it, if they fit in one.

    The ring is drawn out sideways, as screens are wider than high; that only adds to distances.
    """
    if not 3 <= len(radii) <= 14:
        return pack(radii)
    middle, *others = radii
    half = [math.asin(r / (middle + r)) for r in others]
    slack = 2 * math.pi - 2 * sum(half)
    if slack < 0:
        return pack(radii)
    ring, angle = [], math.pi / 2 - half[0]
    for radius, width in zip(others, half, strict=True):
        angle += width
        reach = middle + radius
        ring.append(Circle(1.22 * reach * math.cos(angle), reach * math.sin(angle), radius))
        angle += width + slack / len(others)
    return [Circle(0.0, 0.0, middle), *ring]


def _sunflower(entities: Sequence[Entity], weight: Mapping[str, int]) -> tuple[float, dict[str, Placed]]:
    """Place entities on a golden-angle spiral, each with the area that its size needs."""
    area = 0.0
    places: dict[str, Placed] = {}
    for index, entity in enumerate(entities):
        size = node_size(weight[entity.id])
        need = (size + 2.2) ** 2 * 1.25
        radius = math.sqrt(area + need / 2) if index else 0.0
        angle = index * _GOLDEN
        places[entity.id] = Placed(radius * math.cos(angle), radius * math.sin(angle), size)
        area += need
    return math.sqrt(area) + 4.0, places


def pack(radii: Sequence[float]) -> list[Circle]:
    """Return circles of these radii that do not overlap, close to the first one, which is centred.

    Up to 40 circles are packed tightly, each at the free spot nearest to the middle that touches
    two earlier ones; more are set on a spiral with room for the largest.
    """
    if len(radii) > _EXACT_PACKING:
        step = max(radii) * 1.9
        spots = ((step * math.sqrt(i), i * _GOLDEN) for i in range(len(radii)))
        return [Circle(d * math.cos(a), d * math.sin(a), r) for (d, a), r in zip(spots, radii, strict=True)]
    placed: list[Circle] = []
    for radius in radii:
        if not placed:
            placed.append(Circle(0.0, 0.0, radius))
        elif len(placed) == 1:
            placed.append(Circle(placed[0].r + radius, 0.0, radius))
        else:
            placed.append(_nearest_free(placed, radius))
    return placed


def _nearest_free(placed: Sequence[Circle], radius: float) -> Circle:
    """Return the free circle of this radius nearest to the origin that touches two others."""
    best: tuple[float, float, float] | None = None
    for i, a in enumerate(placed):
        for b in placed[i + 1 :]:
            for x, y in _tangent(a, b, radius):
                key = (round(math.hypot(x, y), 6), x, y)
                if (best is None or key < best) and all(
                    math.hypot(x - c.x, y - c.y) >= c.r + radius - 1e-6 for c in placed
                ):
                    best = key
    if best is None:
        reach = max(math.hypot(c.x, c.y) + c.r for c in placed)
        return Circle(reach + radius, 0.0, radius)
    return Circle(best[1], best[2], radius)


def _tangent(a: Circle, b: Circle, radius: float) -> list[tuple[float, float]]:
    """Return the centres of the circles of this radius that touch both a and b from outside."""
    ra, rb = a.r + radius, b.r + radius
    dx, dy = b.x - a.x, b.y - a.y
    d = math.hypot(dx, dy)
    if d == 0 or d > ra + rb:
        return []
    along = (ra * ra - rb * rb + d * d) / (2 * d)
    across = math.sqrt(max(0.0, ra * ra - along * along))
    x, y = a.x + along * dx / d, a.y + along * dy / d
    return [(x + across * dy / d, y - across * dx / d), (x - across * dy / d, y + across * dx / d)]
