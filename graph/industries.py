"""Industries of the text mapped to GB/T 4754, or a reason why they have no class there.

The classification's own names come first, then everyday names (`industry_words.toml`), then the
same names behind modifiers (现代…), and last the word that a name ends with.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from graph.model import Mapping4754
from graph.names import normalise
from graph.wording import expand, without_ending
from ontology.industries import classification
from ontology.schema import VOCABULARY, EntityType

_WORDS = VOCABULARY.with_name("data") / "industry_words.toml"
_PARTS = re.compile(r"[、和及与]")
_CLASS_ENDING = re.compile(r"(?:业|产业|活动)$")
NO_CLASS = "no class of the classification, and no known everyday name of one, has this name"


@dataclass(frozen=True, slots=True)
class _Words:
    """Normalised names by what they lead to: (code, relation, score), or a reason."""

    known: dict[str, tuple[str, str, float]]
    without_class: dict[str, str]
    heads: dict[str, str]
    modifiers: re.Pattern[str]


def map_industry(surface: str) -> tuple[tuple[Mapping4754, ...], str]:
    """Return the links of an industry's name to GB/T 4754, and the reason if there is none ("" otherwise).

    >>> map_industry("蔬菜种植")[0][0].code, map_industry("现代物流业")[0][0].relation
    ('A0141', 'closeMatch')
    >>> map_industry("夜间经济")
    ((), 'a form of economy that spans many classes')
    """
    words = _words()
    name = industry_core(surface)
    rest = name
    while True:
        if found := words.known.get(rest):
            code, relation, score = found
            if rest == name:
                return (Mapping4754(code, relation, score, f"name of the class or everyday name: {rest}"),), ""
            return (Mapping4754(code, "broadMatch", 0.8, f"a kind of {rest}"),), ""
        if reason := words.without_class.get(rest):
            return (), reason
        match = words.modifiers.match(rest)
        if match is None or len(rest) - match.end() < 2:
            break
        rest = rest[match.end() :]
    return _by_head(name, words)


def industry_core(surface: str) -> str:
    """Return the form of an industry's name that is compared: no 业, short words written out."""
    return without_ending(EntityType.INDUSTRY, expand(EntityType.INDUSTRY, normalise(surface)))


def _by_head(name: str, words: _Words) -> tuple[tuple[Mapping4754, ...], str]:
    for start in range(len(name)):
        tail = name[start:]
        if tail in words.heads:
            return (Mapping4754(words.heads[tail], "broadMatch", 0.75, f"ends with {tail}"),), ""
        if start and len(tail) >= 4 and tail in words.known:
            return (Mapping4754(words.known[tail][0], "broadMatch", 0.75, f"ends with {tail}"),), ""
        if tail in words.without_class:
            return (), words.without_class[tail]
    return (), NO_CLASS


@lru_cache(maxsize=1)
def _words() -> _Words:
    with _WORDS.open("rb") as file:
        table = tomllib.load(file)
    known = _own_names()
    for code, names in table["close"].items():
        for name in names.split():
            known.setdefault(industry_core(name), (code, "closeMatch", 0.9))
    return _Words(
        known=known,
        without_class={industry_core(n): reason for reason, names in table["none"].items() for n in names.split()},
        heads={industry_core(n): code for code, names in table["heads"].items() for n in names.split()},
        modifiers=re.compile("|".join(sorted(table["modifiers"]["words"].split(), key=lambda w: (-len(w), w)))),
    )


def _own_names() -> dict[str, tuple[str, str, float]]:
    """Return the names that the classification prints, whole ones before parts of joined ones."""
    whole: dict[str, tuple[str, str, float]] = {}
    parts: dict[str, tuple[str, str, float]] = {}
    for entry in sorted(classification().values(), key=lambda e: (len(e.code), e.code)):
        name = normalise(entry.name)
        if name.startswith("其他"):
            continue
        for form in (industry_core(name), industry_core(_CLASS_ENDING.sub("", name))):
            whole.setdefault(form, (entry.code, "exactMatch", 1.0))
        if len(entry.code) <= 4 and "、" not in name:
            for part in _PARTS.split(_CLASS_ENDING.sub("", name)):
                if len(part) >= 3:
                    parts.setdefault(industry_core(part), (entry.code, "closeMatch", 0.85))
    return {**parts, **whole}
