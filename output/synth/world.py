"""The things of one made-up county: parks, projects and the like, each with the names it goes by."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ontology.divisions import Division, ancestors, divisions, short_name
from ontology.schema import EntityType
from output.synth.grammar import Measure, grammar


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing: its key in the truth, its type, and all names that documents may call it by."""

    key: str
    type: EntityType
    names: tuple[str, ...]


@dataclass(frozen=True)
class County:
    """A county with all that its documents speak of."""

    division: Division
    place: str
    things: dict[EntityType, tuple[Thing, ...]]
    measures: dict[str, tuple[Thing, Measure]]


@lru_cache(maxsize=1)
def counties() -> tuple[Division, ...]:
    """Return the counties and urban districts of the official list that have townships and a short name, by code."""
    with_townships = {code[:6] for code in divisions() if len(code) == 9}
    return tuple(d for d in divisions().values() if len(d.code) == 6 and d.code in with_townships and short_name(d))


@lru_cache(maxsize=1)
def _townships() -> dict[str, tuple[Division, ...]]:
    found: dict[str, list[Division]] = {}
    for division in divisions().values():
        if len(division.code) == 9:
            found.setdefault(division.code[:6], []).append(division)
    return {code: tuple(inside) for code, inside in found.items()}


def county(division: Division, seed: int, size: int = 12) -> County:
    """Return the county as the seed makes it up, with about `size` things of each type."""
    rng = random.Random(f"{seed}/{division.code}")
    makers = {
        EntityType.PARK: _park,
        EntityType.PROJECT: _project,
        EntityType.FACILITY: _facility,
        EntityType.ENTERPRISE: _enterprise,
    }
    stems = _Stems(rng)
    things = {
        kind: tuple(
            Thing(f"{division.code}/{kind.value}/{number}", kind, make(rng, stems(), division.name))
            for number in range(size)
        )
        for kind, make in makers.items()
    }
    words = grammar().names
    things[EntityType.INSTITUTION] = tuple(
        Thing(f"{division.code}/Institution/{word}", EntityType.INSTITUTION, (division.name + word,))
        for word in words["institutions"]
    )
    things[EntityType.POLICY] = tuple(
        Thing(f"Policy/{word}", EntityType.POLICY, (word,)) for word in (*words["policies"], *words["actions"])
    )
    things[EntityType.INDUSTRY] = tuple(_industry(word) for word in words["industries"])
    things[EntityType.DISTRICT] = _districts(division, rng, size)
    measures = {m.name: (Thing(f"Indicator/{m.name}", EntityType.INDICATOR, (m.name,)), m) for m in grammar().measures}
    things[EntityType.INDICATOR] = tuple(thing for thing, _ in measures.values())
    return County(division, _above(division) + division.name, things, measures)


class _Stems:
    """Gives invented place names, each once."""

    def __init__(self, rng: random.Random) -> None:
        words = grammar().names
        self._left = [head + tail for head in words["heads"] for tail in words["tails"] if head != tail]
        rng.shuffle(self._left)

    def __call__(self) -> str:
        return self._left.pop()


def _park(rng: random.Random, stem: str, home: str) -> tuple[str, ...]:
    name = stem + rng.choice(grammar().names["fields"]) + rng.choice(grammar().names["parks"])
    return name, home + name, name + "区"


def _project(rng: random.Random, stem: str, home: str) -> tuple[str, ...]:
    name = stem + rng.choice(grammar().names["works"]) + rng.choice(grammar().names["undertakings"])
    return name, home + name


def _facility(rng: random.Random, stem: str, home: str) -> tuple[str, ...]:
    name = stem + rng.choice(grammar().names["facilities"])
    return name, home + name


def _enterprise(rng: random.Random, stem: str, home: str) -> tuple[str, ...]:
    return (f"{stem}{rng.choice(grammar().names['trades'])}有限公司",)


def _industry(word: str) -> Thing:
    bare = word.removesuffix("产业")
    return Thing(f"Industry/{word}", EntityType.INDUSTRY, (word,) if bare == word else (word, bare))


def _districts(division: Division, rng: random.Random, size: int) -> tuple[Thing, ...]:
    inside: Sequence[Division] = _townships()[division.code]
    chosen = sorted(rng.sample(inside, min(size, len(inside))), key=lambda d: d.code)
    return tuple(Thing(f"District/{d.code}", EntityType.DISTRICT, (d.name,)) for d in chosen)


def _above(division: Division) -> str:
    """Return the name of the division above, which a title puts in front."""
    above = next(ancestors(division.code), None)
    return above.name if above else ""
