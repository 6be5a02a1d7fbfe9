"""A made-up text while it is written: what was said, and where."""

import random
from dataclasses import dataclass, field

from extract.span import Span
from ontology.schema import EntityType, Kind, Predicate, Status
from output.synth.grammar import SLOT, Measure, Pattern
from output.synth.world import County, Thing


@dataclass(frozen=True, slots=True)
class Named:
    """A name in the text: its span, the thing it means, and the words."""

    span: Span
    thing: Thing
    surface: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact in the text; None is the document's own district."""

    predicate: Predicate
    subject: Named | None
    object: Named | None
    status: Status | None


@dataclass(frozen=True, slots=True)
class Figured:
    """A figure in the text, of the document's own district."""

    indicator: Named
    value: str
    unit: str
    period: str
    kind: Kind
    attribute: str = ""


@dataclass
class Draft:
    """A text that grows at its end."""

    county: County
    rng: random.Random
    parts: list[str] = field(default_factory=list)
    length: int = 0
    names: list[Named] = field(default_factory=list)
    facts: list[Stated] = field(default_factory=list)
    figures: list[Figured] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return what is written so far."""
        return "".join(self.parts)

    def write(self, text: str) -> None:
        """Add text that names nothing."""
        self.parts.append(text)
        self.length += len(text)

    def name(self, thing: Thing, *, plain: bool = False) -> Named:
        """Add one of the thing's names (`plain`: the first) and return where it stands."""
        surface = thing.names[0] if plain else self.rng.choice(thing.names)
        found = Named(Span(self.length, self.length + len(surface)), thing, surface)
        self.write(surface)
        self.names.append(found)
        return found

    def say(self, pattern: Pattern) -> None:
        """Add a sentence; each slot gets a thing of its own."""
        filled: dict[str, Named] = {}
        used: set[str] = set()
        at = 0
        for slot in SLOT.finditer(pattern.text):
            self.write(pattern.text[at : slot.start()])
            at = slot.end()
            letter, kind = slot.group(1), slot.group(2)
            if "|" in kind:
                self._figure(filled["g"], kind)
                continue
            thing = self.rng.choice([t for t in self.county.things[EntityType(kind)] if t.key not in used])
            used.add(thing.key)
            filled[letter] = self.name(thing)
        self.write(pattern.text[at:])
        self.facts += [
            Stated(fact.predicate, filled.get(fact.subject), filled.get(fact.object), fact.status)
            for fact in pattern.facts
        ]

    def _figure(self, indicator: Named, slot: str) -> None:
        period, kind, bound = slot.split("|")
        measure = self.county.measures[indicator.thing.names[0]][1]
        value = self.number(measure)
        self.write(value + measure.unit)
        self.figures.append(Figured(indicator, bound + value, measure.unit, period, Kind(kind)))

    def number(self, measure: Measure) -> str:
        """Return a value of the measure, as it is printed."""
        scale: int = 10**measure.decimals
        value = self.rng.randint(measure.least * scale, measure.most * scale)
        return f"{value / scale:.{measure.decimals}f}"
