"""Public names and class words, found in clean text by one automaton.

The tables hold general knowledge only: official divisions, national zones, the industry
classification, national policies, class words (`data/headwords.toml`) and verbs (`data/verbs.toml`).
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

from ontology import divisions, industries, zones

_DATA = Path(__file__).with_name("data")
_TOWNSHIP = re.compile(r"(?:(?:片区管委会)?街道|镇|乡|自治县|县|区|市)$")


@dataclass(frozen=True, slots=True)
class Hit:
    """A table entry found in a text: clean offsets, end exclusive, and its label."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Hits:
    """All hits of a table in a text: offsets, ends exclusive, and of each the index of its label in `labels`."""

    labels: tuple[str, ...]
    codes: NDArray[np.int32]
    starts: NDArray[np.intp]
    ends: NDArray[np.intp]


class Lexicon:
    """Words with labels; finds the longest entry at each place, left to right, without overlap."""

    def __init__(self, entries: dict[str, str]) -> None:
        self._words = sorted(entries)
        self._labels = [entries[word] for word in self._words]
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)
        self._kinds = tuple(sorted(set(self._labels)))
        numbers = {kind: number for number, kind in enumerate(self._kinds)}
        self._codes = np.array([numbers[label] for label in self._labels], np.int32)

    def find(self, text: str) -> Iterator[Hit]:
        """Yield the hits in `text` from left to right."""
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            yield Hit(start, end, self._labels[index])

    def scan(self, text: str) -> Hits:
        """Return the hits of `find` as arrays."""
        found = np.array(self._automaton.find_matches_as_indexes(text), np.intp).reshape(-1, 3)
        return Hits(self._kinds, self._codes[found[:, 0]], found[:, 1], found[:, 2])


def _lines(name: str) -> Iterator[str]:
    for line in (_DATA / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def word_table(name: str) -> dict[str, tuple[str, ...]]:
    """Return a TOML table of space-separated words, e.g. `headwords.toml`: type -> class words."""
    with (_DATA / name).open("rb") as file:
        return {key: tuple(words.split()) for key, words in tomllib.load(file).items()}


def _division_entries() -> dict[str, str]:
    entries: dict[str, str] = {}
    for name, code in divisions.names():
        label = f"D{len(code)}"
        if len(name) >= 2 and (name not in entries or entries[name] > label):
            entries[name] = label
    return entries


def _industry_entries() -> dict[str, str]:
    entries = {}
    for entry in industries.classification().values():
        for part in entry.name.replace("和", "、").split("、"):
            if 2 <= len(part) <= 8 and not part.startswith("其他"):
                entries[part] = "I"
    for line in _lines("industries.txt"):
        entries.update(dict.fromkeys(line.split(), "I"))
    return entries


@lru_cache(maxsize=1)
def schemes() -> frozenset[str]:
    """Return the listed schemes, reforms and campaigns whose names mean nothing else."""
    return frozenset(word for line in _lines("schemes.txt") for word in line.split())


@lru_cache(maxsize=1)
def names() -> Lexicon:
    """Return the lexicon of public names: D2-D9 divisions by code length, R regions, I, O, Z."""
    entries = _division_entries()
    entries.update(_industry_entries())
    entries.update((zone.name, "Z") for zone in zones.zones())
    entries.update(dict.fromkeys((*_lines("policies.txt"), *sorted(schemes())), "O"))
    entries.update(dict.fromkeys(_lines("regions.txt"), "R"))
    return Lexicon(entries)


@lru_cache(maxsize=1)
def head_words() -> Lexicon:
    """Return the lexicon of class words; a label joins the types that share the word."""
    types: dict[str, list[str]] = defaultdict(list)
    for kind, words in word_table("headwords.toml").items():
        for word in words:
            types[word].append(kind[:3])
    return Lexicon({word: "+".join(kinds) for word, kinds in types.items()})


@lru_cache(maxsize=1)
def verbs() -> Lexicon:
    """Return the lexicon of verbs, labelled by their class in `verbs.toml`."""
    entries: dict[str, str] = {}
    for kind, words in word_table("verbs.toml").items():
        for word in words:
            entries.setdefault(word, kind)
    return Lexicon(entries)


@lru_cache(maxsize=64)
def home_names(code: str) -> Lexicon:
    """Return the divisions of the prefecture (or, of a province, its counties) around GB/T 2260 `code`.

    Inside its own region a township is named without its class word (长山子 for 长山子镇), which
    would be too ambiguous nationwide. Labels: H6, H9 by code length; an unknown code gives none.
    """
    root = divisions.trimmed(code)
    around = root[:4] if len(root) >= 4 else root
    entries: dict[str, str] = {}
    for code, name in divisions.official_names().items():
        if around and code.startswith(around) and (len(code) > 4 or len(root) > 2):
            label = f"H{len(code)}"
            entries.setdefault(name, label)
            stem = _TOWNSHIP.sub("", name)
            if len(stem) >= 2:
                entries.setdefault(stem, label)
    return Lexicon(entries)
