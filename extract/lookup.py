"""The features of `extract.features` as integers, so that a model's weights are found without making strings.

Each known feature name is taken apart once into the values of its template's columns; a character's
values, numbered, make one key, and a hash table leads from the key to the row of weights.
"""

import re
import zipfile
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.columns import Columns, family_of
from extract.features import TEMPLATES, Part, parts

Keys = NDArray[np.int64]
Rows = NDArray[np.int32]
Matrix = NDArray[np.int32]
Split = tuple[Matrix, Rows]
"""Names of a template taken apart: numbers of the columns' values (names x columns), and the names' places."""

_MARK = "[BIES]-[A-Za-z0-9+_]+"
_KIND = r"-|[A-Z][A-Za-z0-9+]*"
# What the values of a family look like; a feature name is taken apart in all ways that these allow.
_DOMAINS: dict[str, re.Pattern[str]] = {
    family: re.compile(pattern, re.DOTALL)
    for family, pattern in {
        **dict.fromkeys(("char", "shape", "left", "right"), "."),
        **dict.fromkeys(("edge", "part"), "[BIES]"),
        **dict.fromkeys(("word", "governor"), ".+"),
        "tag": r"[a-z]+[0-9]?|\^|\$",
        **dict.fromkeys(("name", "verb"), f"O|{_MARK}"),
        "head": f"(?:{_MARK})?",
        **dict.fromkeys(("table0", "table1"), _MARK),
        "next": "(?:[A-Z][A-Za-z+]*[0-9])?",
        "inside": "(?:[“《（(‘【])?",
        "ahead": "[0-9]?",
        "role": "[a-z]+",
        **dict.fromkeys(("offset", "rest", "size"), "[0-9]"),
        **dict.fromkeys(("kind", "tail"), _KIND),
        "before": rf"\^|{_KIND}",
        "after": rf"\$|{_KIND}",
        "proposal": f"-|[BIES](?:{_KIND})",
    }.items()
}
_SINGLE = frozenset({"char", "shape", "left", "right", "edge", "part", "offset", "rest", "size"})  # one character each
_DENSE = 1 << 16  # keys up to which a plain table is taken
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


def taken_apart(name: str, template: Sequence[Part]) -> Iterator[tuple[str, ...]]:
    """Yield all values of the template's columns that make a feature name.

    >>> list(taken_apart("tt" + "B" + "nrv", parts("tt{edge}{tag-1}{tag}")))
    [('B', 'n', 'rv'), ('B', 'nr', 'v')]
    """
    literal, column = template[0]
    if not name.startswith(literal):
        return
    rest = name[len(literal) :]
    if not column:
        if not rest:
            yield ()
        return
    family = family_of(column)
    following = template[1:] or (("", ""),)
    if following == (("", ""),):
        sizes: Sequence[int] = (len(rest),)
    else:
        sizes = (1,) if family in _SINGLE else range(len(rest) + 1)
    for size in sizes:
        if _DOMAINS[family].fullmatch(rest, 0, size):
            for values in taken_apart(rest[size:], following):
                yield (rest[:size], *values)


def _pattern(template: Sequence[Part]) -> re.Pattern[str]:
    """Return the pattern of the template's feature names, a group for each column."""
    pieces = (
        re.escape(literal) + (f"({_DOMAINS[family_of(column)].pattern})" if column else "")
        for literal, column in template
    )
    return re.compile("".join(pieces), re.DOTALL)


class Table:
    """A hash table from keys (>= 0) to rows (> 0), asked for many keys at a time; an unknown key has row 0."""

    def __init__(self, keys: Keys, rows: Rows, size: int) -> None:
        self._dense = size <= _DENSE
        if self._dense:
            self._rows = np.zeros(size, np.int32)
            self._rows[keys] = rows
            return
        bits = max(8, len(keys).bit_length() + 3)
        self._shift, self._mask = np.uint64(64 - bits), (1 << bits) - 1
        self._keys, self._rows = np.full(1 << bits, -1, np.int64), np.zeros(1 << bits, np.int32)
        slots = self._slots(keys)
        while len(keys):
            _, first = np.unique(slots, return_index=True)
            first = first[self._keys[slots[first]] < 0]
            self._keys[slots[first]], self._rows[slots[first]] = keys[first], rows[first]
            left = np.ones(len(keys), np.bool_)
            left[first] = False
            keys, rows, slots = keys[left], rows[left], (slots[left] + 1) & self._mask

    def _slots(self, keys: Keys) -> NDArray[np.intp]:
        return ((keys.view(np.uint64) * _SPREAD) >> self._shift).astype(np.intp)

    def find(self, keys: Keys) -> Rows:
        """Return the row of each key."""
        if self._dense:
            return self._rows[keys]
        slots = self._slots(keys)
        held = self._keys[slots]
        found = np.where(held == keys, self._rows[slots], 0).astype(np.int32)
        open_ = np.flatnonzero((held != keys) & (held >= 0))
        while len(open_):  # another key lies there: look further
            slots = (slots[open_] if len(slots) != len(open_) else slots) + 1 & self._mask
            held = self._keys[slots]
            here = held == keys[open_]
            found[open_[here]] = self._rows[slots[here]]
            on = ~here & (held >= 0)
            open_, slots = open_[on], slots[on]
        return found


@dataclass
class _Known:
    """A template with its table; `sizes` are the numbers of known values of its columns, and one more each."""

    columns: tuple[str, ...]
    sizes: tuple[int, ...]
    table: Table


class FeatureIndex:
    """The rows of a model's feature names by template."""

    def __init__(self, names: Sequence[str], kept: Path | None = None) -> None:
        """Index names in ascending order; the row of a name is its place in them.

        To take them apart takes half a second: what `write_index` made of just these names is read from `kept`.
        """
        self._values: dict[str, dict[str, int]] = {}
        self._found = (self._read(names, kept) if kept else None) or {
            template: self._split(parts(template), names) for template in TEMPLATES
        }
        self.templates = frozenset(template for template, (_, places) in self._found.items() if len(places))
        self._known = [self._indexed(parts(t), *split) for t, split in self._found.items() if t in self.templates]

    def _read(self, names: Sequence[str], kept: Path) -> dict[str, Split] | None:
        """Return the names taken apart, as a file has them; None unless it is of these names and this program."""
        try:
            with kept.open("rb") as file, np.load(file, allow_pickle=False) as data:
                if data["made_from"].tobytes().decode() != _made_from(names):
                    return None
                families, values = (data[name].tobytes().decode() for name in ("families", "values"))
                held = zip(families.split("\n"), values.split("\0"), strict=True)
                self._values = {
                    family: {value: number for number, value in enumerate(known.split("\n"), 1)}
                    for family, known in held
                }
                return {t: (data[f"values-{i}"], data[f"places-{i}"]) for i, t in enumerate(TEMPLATES)}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None

    def save(self, path: Path, names: Sequence[str]) -> None:
        """Write the names taken apart; the same names give the same bytes."""
        families = [family for family, known in self._values.items() if known]
        texts = {
            "made_from": _made_from(names),
            "families": "\n".join(families),
            "values": "\0".join("\n".join(self._values[family]) for family in families),
        }
        arrays: dict[str, Any] = {name: np.frombuffer(text.encode(), np.uint8) for name, text in texts.items()}
        for i, (values, places) in enumerate(self._found.values()):
            arrays[f"values-{i}"], arrays[f"places-{i}"] = np.array(values, np.int32), np.array(places, np.int32)
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)

    def _split(self, template: Sequence[Part], names: Sequence[str]) -> Split:
        """Return the numbered values of the template's names, and the names' places."""
        prefix = template[0][0]
        low, high = bisect_left(names, prefix), bisect_left(names, prefix[:-1] + chr(ord(prefix[-1]) + 1))
        families = [family_of(column) for _, column in template if column]
        numbers = [self._values.setdefault(family, {}) for family in families]
        whole = _pattern(template).fullmatch
        ambiguous = sum(family not in _SINGLE for family in families) > 1
        values, places = [], []
        for place in range(low, high):
            match = whole(names[place])
            if match is None:
                continue
            for found in taken_apart(names[place], template) if ambiguous else (match.groups(),):
                values.append(tuple([n.setdefault(v, len(n) + 1) for n, v in zip(numbers, found, strict=True)]))
                places.append(place)
        return np.array(values, np.int32).reshape(len(values), len(families)), np.array(places, np.int32)

    def _indexed(self, template: Sequence[Part], values: Matrix, places: Rows) -> _Known:
        columns = tuple(column for _, column in template if column)
        sizes = tuple(len(self._values[family_of(column)]) + 1 for column in columns)
        total = int(np.prod([float(size) for size in sizes], initial=1.0))
        return _Known(columns, sizes, Table(_key(list(values.T), sizes, len(values)), places + 1, total))

    def rows(self, columns: Columns) -> list[Rows]:
        """Return for each template the row of each character's feature plus 1; 0 where the model has none."""
        numbers: Mapping[str, Rows] = {
            family: np.array([*(known.get(value, 0) for value in columns.values[family]), 0], np.int32)
            for family, known in self._values.items()
            if family in columns.values
        }
        size = len(columns.sentences.text)
        result = []
        for known in self._known:
            if all(column in columns.codes for column in known.columns):
                codes = [numbers[family_of(column)][columns.codes[column]] for column in known.columns]
                result.append(known.table.find(_key(codes, known.sizes, size)))
        return result


def _made_from(names: Sequence[str]) -> str:
    """Return a hash of the names and of all that says how they are taken apart."""
    patterns = [(family, pattern.pattern) for family, pattern in _DOMAINS.items()]
    program = repr((1, TEMPLATES, patterns, sorted(_SINGLE)))
    return sha256("\n".join([program, *names]).encode()).hexdigest()


def _key(codes: Sequence[NDArray[np.integer]], sizes: Sequence[int], length: int) -> Keys:
    """Return one number for the values' numbers; 0 stands for an unknown or missing value."""
    key = np.zeros(length, np.int64)
    for code, size in zip(codes, sizes, strict=True):
        key = key * size + code
    return key
