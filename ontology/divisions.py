"""Official administrative divisions of China, from provinces down to townships.

Codes are the statistical codes of 2023 (see `data/SOURCES.md`), whose first six digits are
GB/T 2260: 2 digits a province, 4 a prefecture, 6 a county, 9 a township or street office.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from pathlib import Path

_TABLE = Path(__file__).with_name("data") / "divisions.csv"

# Rows that only group others ("directly administered") and name no place.
_GROUPING = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})

# How much of a code of so many digits is that of the level above.
_ABOVE = {9: 6, 6: 4, 4: 2}

ETHNIC_GROUPS = (
    "蒙古族|回族|藏族|维吾尔族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|"
    "傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|柯尔克孜|土族|达斡尔族|达斡尔|仫佬族|羌族|"
    "布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|塔吉克族|塔吉克|怒族|鄂温克族|德昂族|保安族|裕固族|独龙族|鄂伦春|蒙古|各族"
)
_AUTONOMOUS = re.compile(rf"(?:{ETHNIC_GROUPS})*(?:自治区|自治州|自治县|自治旗)$")
_CLASS_WORD = re.compile(r"(?:特别行政区|地区|林区|省|市|州|盟|县|区|旗)$")


@dataclass(frozen=True, slots=True)
class Division:
    """One division: its code (2, 4, 6 or 9 digits), official name, and the code above it."""

    code: str
    name: str
    parent: str

    @property
    def gb_code(self) -> str:
        """Return the code padded to the six digits of GB/T 2260 (townships keep nine)."""
        return self.code.ljust(6, "0")


@lru_cache(maxsize=1)
def official_names() -> Mapping[str, str]:
    """Return the official names of all divisions by code, in code order."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        head = next(rows)
        code_and_name = itemgetter(head.index("code"), head.index("name"))
        return {code: name for code, name in map(code_and_name, rows) if name not in _GROUPING}


class _Divisions(Mapping[str, Division]):
    """The table by code; a division is made when it is asked for."""

    def __init__(self) -> None:
        self._names = official_names()
        self._made: dict[str, Division] = {}

    def __getitem__(self, code: str) -> Division:
        found = self._made.get(code)
        if found is None:
            found = self._made[code] = Division(code, self._names[code], self._above(code))
        return found

    def _above(self, code: str) -> str:
        """Return the code of the nearest division above, "" if there is none."""
        prefix = code[: _ABOVE.get(len(code), 0)]
        return next((prefix[:n] for n in (6, 4, 2) if prefix[:n] in self._names), "")

    def __contains__(self, code: object) -> bool:
        return code in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


@lru_cache(maxsize=1)
def divisions() -> Mapping[str, Division]:
    """Return all divisions by code, in code order; grouping rows are none, also not as parents."""
    return _Divisions()


def short_name(division: Division) -> str:
    """Return the name without its class word, or "" where too little would be left.

    Townships keep theirs: a bare 永丰 or 和平 is rarely the township.

    >>> short_name(Division("650109", "米东区", "6501"))
    '米东'
    >>> short_name(Division("65", "新疆维吾尔自治区", ""))
    '新疆'
    """
    return "" if len(division.code) > 6 else _shortened(division.name)


def _shortened(name: str) -> str:
    stem = _AUTONOMOUS.sub("", name)
    if stem == name:
        stem = _CLASS_WORD.sub("", name)
    return stem if len(stem) >= 2 and stem != name else ""


@lru_cache(maxsize=1)
def _by_name() -> dict[str, list[str]]:
    """Return the codes of each official and short name, in code order."""
    index: dict[str, list[str]] = {}
    for code, name in official_names().items():
        index.setdefault(name, []).append(code)
        if len(code) <= 6 and (short := _shortened(name)):
            index.setdefault(short, []).append(code)
    return index


def is_name(name: str) -> bool:
    """Return whether any division is called `name` (official or short)."""
    return name in _by_name()


@lru_cache(maxsize=65_536)
def lookup(name: str, within: str = "") -> tuple[Division, ...]:
    """Return the divisions called `name` (official or short), nearest to code `within` first.

    Nearness is the length of the common code prefix, so 新市区 with `within="650109"` gives the
    one of 乌鲁木齐 first; several equally near ones mean that the name is ambiguous.
    """
    codes = sorted(_by_name().get(name, ()), key=lambda code: (-shared_prefix(code, within), len(code), code))
    return tuple(divisions()[code] for code in codes)


def shared_prefix(one: str, other: str) -> int:
    """Return how many administrative levels (0-4) two codes share from the province down."""
    levels = (2, 4, 6, 9)
    return sum(1 for n in levels if len(one) >= n and one[:n] == other[:n])


def names() -> Iterator[tuple[str, str]]:
    """Yield (name, code) for every official and short name."""
    for name, codes in _by_name().items():
        for code in codes:
            yield name, code


def ancestors(code: str) -> Iterator[Division]:
    """Yield the divisions above `code`, nearest first."""
    table = divisions()
    current = table.get(code)
    while current is not None and current.parent:
        current = table.get(current.parent)
        if current is not None:
            yield current


def trimmed(gb_code: str) -> str:
    """Return the table's code for a six-digit GB/T 2260 code ("650100" -> "6501").

    >>> trimmed("650100"), trimmed("650000"), trimmed("650109")
    ('6501', '65', '650109')
    """
    for length in (2, 4):
        if len(gb_code) == 6 and set(gb_code[length:]) == {"0"}:
            return gb_code[:length]
    return gb_code
