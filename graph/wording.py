"""How names are built: short class words, endings that may be missing, generic words (`wording.toml`)."""

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import rjieba

from ontology.industries import classification
from ontology.schema import EntityType

_TABLE = Path(__file__).with_name("wording.toml")
# 农业, 工业 … lose their meaning without 业; 畜牧 and 园林 do not.
_SHORT_FIELD = re.compile(r"(?:[农商矿乳奶]|(?<![加化手轻重])工|(?<!畜)牧|(?<!捕)渔|(?<!园)林|(?<!播)种)业$")
_PROPER_TAGS = frozenset({"ns", "nr", "nrt", "nrfg", "nz", "nt"})  # place, person, other proper names


@dataclass(frozen=True, slots=True)
class Wording:
    """The tables of `wording.toml`, made ready for use."""

    abbreviations: dict[EntityType, tuple[re.Pattern[str], dict[str, str]]]
    endings: dict[EntityType, tuple[str, ...]]
    ranks: re.Pattern[str]
    ranked: frozenset[EntityType]
    levels: dict[str, str]
    zones: tuple[str, ...]
    own_names: dict[EntityType, tuple[str, ...]]
    issued: tuple[str, ...]
    national: tuple[str, ...]
    region_words: dict[str, str]
    unique: tuple[str, ...]
    regional: tuple[str, ...]
    optional: re.Pattern[str]
    proper: tuple[str, ...]
    generic: frozenset[str]
    single: frozenset[str]


def _alternatives(words: Any) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


@lru_cache(maxsize=1)
def wording() -> Wording:
    """Return the tables; read once."""
    with _TABLE.open("rb") as file:
        table = tomllib.load(file)
    return Wording(
        abbreviations={
            EntityType(kind): (re.compile(_alternatives([*words, *words.values()])), dict(words))
            for kind, words in table["abbreviations"].items()
        },
        endings={EntityType(k): tuple(sorted(w, key=lambda e: -len(e))) for k, w in table["endings"].items()},
        ranks=re.compile(_alternatives(table["ranks"]["words"])),
        ranked=frozenset(map(EntityType, table["ranks"]["types"])),
        levels={word: level for level in ("city", "province") for word in table["levels"][level]},
        zones=tuple(table["levels"]["zones"]),
        own_names={EntityType(k): tuple(w) for k, w in table["own_names"].items()},
        issued=tuple(table["issued"]["endings"]),
        national=tuple(table["issued"]["national"]),
        region_words=table["region_words"],
        unique=tuple(table["unique"]["Institution"]),
        regional=tuple(table["unique"]["regional"]),
        optional=re.compile(_alternatives(table["optional"]["words"])),
        proper=tuple(table["proper"]["words"]),
        generic=frozenset(table["generic"]["words"]) | _industry_words(),
        single=frozenset(table["generic"]["single"]),
    )


def _industry_words() -> frozenset[str]:
    """Return the words of the industry classification's names: they tell a kind, never a thing."""
    words: set[str] = set()
    for entry in classification().values():
        words.update(word for word in rjieba.cut(entry.name, False) if len(word) >= 2)
    return frozenset(words)


def expand(kind: EntityType, name: str) -> str:
    """Return a normalised name with its short class words written out.

    >>> expand(EntityType.PARK, "伊宁边合区"), expand(EntityType.PARK, "化工园区")
    ('伊宁边境经济合作区', '化工园')
    """
    tables = wording()
    if kind in tables.abbreviations:
        pattern, words = tables.abbreviations[kind]
        name = pattern.sub(lambda m: words.get(m.group(), m.group()), name)
    if kind in tables.ranked:
        shorter = tables.ranks.sub("", name)
        name = shorter if len(shorter) >= 2 else name
    return name


def without_ending(kind: EntityType, name: str) -> str:
    """Return the name without an ending that may be missing, if two characters remain.

    >>> without_ending(EntityType.INDUSTRY, "生物医药产业"), without_ending(EntityType.INDUSTRY, "农业")
    ('生物医药', '农业')
    """
    if kind is EntityType.INDUSTRY and _SHORT_FIELD.search(name):
        return name
    for ending in wording().endings.get(kind, ()):
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name.removesuffix(ending)
    return name


@lru_cache(maxsize=200_000)
def is_generic(name: str) -> bool:
    """Return whether a normalised name only tells a kind of thing, not which one (化工工业园, 人民医院).

    A word that no dictionary knows, or knows as a proper name, makes it particular (水龙湾片区).
    """
    tables = wording()
    if any(word in name for word in tables.proper):
        return False
    text = re.sub(r"[\d()（）、.%+-]+", "", name)
    return all(_generic_word(word, tables) for word in rjieba.cut(text, False)) or _covered(text, tables)


def _generic_word(word: str, tables: Wording) -> bool:
    if word in tables.generic:
        return True
    if len(word) == 1:
        return word in tables.single
    tags = rjieba.tag(word)
    common = len(tags) == 1 and tags[0][1] not in _PROPER_TAGS and tags[0][1] != "eng"
    return common or _covered(word, tables)


@lru_cache(maxsize=200_000)
def is_proper(name: str) -> bool:
    """Return whether a dictionary knows a proper name in it: stronger than not being generic."""
    tables = wording()
    return any(word in name for word in tables.proper) or any(
        len(word) >= 2 and tag in _PROPER_TAGS and not _covered(word, tables) for word, tag in rjieba.tag(name)
    )


def _covered(text: str, tables: Wording) -> bool:
    """Return whether the text can be cut into listed generic words (the dictionary cuts 国际陆|港区)."""
    reached = [True] + [False] * len(text)
    for end in range(1, len(text) + 1):
        reached[end] = any(
            reached[start] and (text[start:end] in (tables.single if end - start == 1 else tables.generic))
            for start in range(max(0, end - 6), end)
        )
    return reached[-1]
