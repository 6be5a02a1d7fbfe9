"""The grammar of made-up documents, read from `grammar.toml`."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ontology.schema import EntityType, Kind, Predicate, Status

_TABLE = Path(__file__).with_name("grammar.toml")
SLOT = re.compile(r"\{(\w):([^{}]*)\}")
"""A place in a pattern for a name (`{p:Project}`) or a figure (`{v:2025|target|>=}`)."""


@dataclass(frozen=True, slots=True)
class Said:
    """A fact of a pattern: "@" is the document's own district, else the letter of a slot."""

    predicate: Predicate
    subject: str
    object: str
    status: Status | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A sentence with slots, and the facts that it states about them."""

    text: str
    facts: tuple[Said, ...]

    @property
    def indicators(self) -> int:
        """Return how many indicators it names."""
        return self.text.count(":Indicator}")


@dataclass(frozen=True, slots=True)
class BoxPattern:
    """A project box: its title, and patterns of its entries."""

    title: str
    items: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """An indicator: its unit, the range of its values with their decimals, and its sort of target."""

    name: str
    unit: str
    least: int
    most: int
    decimals: int
    attribute: str


@dataclass(frozen=True, slots=True)
class Grammar:
    """All of `grammar.toml`."""

    names: dict[str, tuple[str, ...]]
    measures: tuple[Measure, ...]
    sentences: tuple[Pattern, ...]
    boxes: tuple[BoxPattern, ...]
    chapters: tuple[str, ...]
    sections: tuple[str, ...]


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """Return the grammar; read once.

    >>> grammar().measures[0].name
    '地区生产总值'
    """
    with _TABLE.open("rb") as file:
        table = tomllib.load(file)
    return Grammar(
        names={key: tuple(words.split()) for key, words in table["names"].items()},
        measures=tuple(map(_measure, table["indicator"])),
        sentences=tuple(_pattern(s["text"], s["facts"]) for s in table["sentence"]),
        boxes=tuple(BoxPattern(b["title"], tuple(map(_pattern, b["items"], b["facts"]))) for b in table["box"]),
        chapters=tuple(table["headings"]["chapters"].split()),
        sections=tuple(table["headings"]["sections"].split()),
    )


def _measure(row: dict[str, Any]) -> Measure:
    least, most, decimals = row["range"]
    return Measure(row["name"], row["unit"], least, most, decimals, row["attribute"])


def _pattern(text: str, facts: list[list[str]]) -> Pattern:
    letters: dict[str, str] = dict(SLOT.findall(text))
    for kind in letters.values():
        if "|" in kind:
            Kind(kind.split("|")[1])
        else:
            EntityType(kind)
    said = tuple(Said(Predicate(p), s, o, Status(status) if status else None) for p, s, o, status in facts)
    strange: set[Any] = {side for fact in said for side in (fact.subject, fact.object)} - {"@", *letters}
    if strange:
        raise ValueError(f"{_TABLE.name}: {text!r} has no slot {sorted(strange)}")
    return Pattern(text, said)
