"""The words that count or measure, and printed figures brought to a base unit."""

import re
import tomllib
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from ontology.units import unit as printed_unit

_DATA = Path(__file__).with_name("data") / "measures.toml"
_NUMBER = re.compile(r"[<>]?=?(-?\d+(?:\.\d+)?)")


@lru_cache(maxsize=1)
def measures() -> tuple[str, ...]:
    """Return the measure words of `data/measures.toml`, longer words first."""
    with _DATA.open("rb") as file:
        words = {word for line in tomllib.load(file).values() for word in line.split()}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def normalise(value: str, unit: str) -> tuple[Decimal, str] | None:
    """Return an observation's value in its base unit, and the base: QUDT's name if it has one.

    `value` is in the GUIDE's notation, its bound is left out; a range, a ratio and words have no
    single amount and give None.

    >>> normalise(">1.5", "万亩"), normalise("2", "平方公里"), normalise("高于GDP增长", "%")
    ((Decimal('15000.0'), '亩'), (Decimal('2000000'), 'M2'), None)
    """
    found = _NUMBER.fullmatch(value)
    if found is None:
        return None
    scale = printed_unit(unit)
    return Decimal(found[1]) * scale.factor, scale.qudt or scale.base
