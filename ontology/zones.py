"""National development zones: economic-technological (国家级经开区) and high-tech (国家级高新区)."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).with_name("data") / "zones.csv"


@dataclass(frozen=True, slots=True)
class Zone:
    """A national zone: official name, kind ("etdz" or "hightech"), province or county given."""

    name: str
    kind: str
    place: str


@lru_cache(maxsize=1)
def zones() -> tuple[Zone, ...]:
    """Return all zones in table order."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Zone(row["name"], row["kind"], row["place"]) for row in csv.DictReader(file))
