"""The industry classification GB/T 4754 (2011 edition): sections, divisions, groups, classes."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).with_name("data") / "industries.csv"


@dataclass(frozen=True, slots=True)
class IndustryClass:
    """One entry: code ("C26", "C2614"), name, and the code above it ("" for a section)."""

    code: str
    name: str
    parent: str


@lru_cache(maxsize=1)
def classification() -> dict[str, IndustryClass]:
    """Return the classification by code, in table order."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: IndustryClass(row["code"], row["name"], row["parent"]) for row in csv.DictReader(file)}
