"""Periods (OWL-Time) and units (QUDT) that the statements of a graph refer to, as triples."""

import re
from collections.abc import Iterable, Iterator

from graph.row import Row
from graph.terms import A, Names, chinese, date_, decimal, integer, term, text
from ontology.units import unit

_YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


def years(period: str) -> tuple[int, int] | None:
    """Return the first and last year of a period in the GUIDE's notation, or None.

    >>> years("2021-2025"), years("2025"), years("远期")
    ((2021, 2025), (2025, 2025), None)
    """
    found = _YEARS.fullmatch(period)
    return (int(found[1]), int(found[2] or found[1])) if found else None


def period_rows(periods: Iterable[str], names: Names) -> Iterator[Row]:
    """Yield one `time:ProperInterval` per period, from 1 January of its first year to the end of its last."""
    for period in sorted(set(periods) - {""}):
        node = names.of("period", period)
        yield Row(node, A, term("time:ProperInterval"))
        yield Row(node, term("rdfs:label"), text(period))
        if span := years(period):
            for edge, year, day in (("Beginning", span[0], "01-01"), ("End", span[1], "12-31")):
                instant = names.of("period", f"{year}-{day}")
                yield Row(node, term(f"time:has{edge}"), instant)
                yield Row(instant, A, term("time:Instant"))
                yield Row(instant, term("time:inXSDDate"), date_(f"{year}-{day}"))
            yield Row(node, term("plan:firstYear"), integer(span[0]))
            yield Row(node, term("plan:lastYear"), integer(span[1]))


def unit_rows(units: Iterable[str], names: Names) -> Iterator[Row]:
    """Yield one `qudt:Unit` per printed unit: its factor to its base unit, and QUDT's name of the base."""
    for printed in sorted(set(units) - {""}):
        found, node = unit(printed), names.of("unit", printed)
        yield Row(node, A, term("qudt:Unit"))
        yield Row(node, term("rdfs:label"), chinese(printed))
        yield Row(node, term("qudt:conversionMultiplier"), decimal(found.factor))
        yield Row(node, term("plan:baseUnit"), text(found.base))
        if found.qudt:
            yield Row(node, term("qudt:hasReferenceUnit"), term(f"qunit:{found.qudt}"))
