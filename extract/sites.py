"""Works and companies in the rows of a table, and the places in the same rows where they lie.

GUIDE.md, `locatedIn`. A column that is headed 建设地点 or the like says where the row's own thing lies, which is
the first that it names; one headed 村, 园区 or 乡镇 says it of the other things of a row, the narrowest of them.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extract.document import Cell, Document, Table
from extract.extraction import Evidence, Fact, Mention
from extract.span import Span
from ontology.schema import EntityType, Predicate

_SITE = re.compile(r"地点|地址|位置|选址|所在|落户|落地")
_AREAS = tuple(
    map(re.compile, (r"(?:村|社区)(?:名称?)?$", r"(?:园区|载体)(?:名称?)?$", r"(?:乡镇|[乡镇]|街道)(?:名称?)?$"))
)
_PLACES = frozenset({EntityType.DISTRICT, EntityType.PARK})
_WORKS = frozenset({EntityType.PROJECT, EntityType.FACILITY, EntityType.PARK})
_THINGS = _WORKS | {EntityType.ENTERPRISE}
_SITES = _PLACES | {EntityType.FACILITY}
_ENDS = re.compile(r"\s*(?:$|[、，,；;/至和及与（(])")
_CONFIDENCE = 0.9
_Named = Mapping[int, Sequence[Mention]]  # the mentions in the cells of a row, by column


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns that say where things lie: sites, and areas from the narrowest kind to the widest."""

    sites: tuple[int, ...]
    areas: tuple[int, ...]


def site_facts(document: Document, mentions: Sequence[Mention]) -> tuple[list[Fact], frozenset[Span]]:
    """Return `locatedIn` for what the tables' rows name, in row order, and the spans of the places that say so."""
    ordered = sorted((m for m in mentions if m.type in _PLACES | _THINGS), key=lambda m: m.span)
    starts = [mention.span.start for mention in ordered]
    facts, places = [], set[Span]()
    for table in document.tables:
        columns = _columns(table)
        for row in table.rows if columns.sites or columns.areas else ():
            named = {cell.column: _named(cell, ordered, starts) for cell in row if cell.text.pieces}
            for thing, place in _pairs(named, columns):
                facts.append(_fact(document, table, thing, place))
                places.add(place.span)
    return facts, frozenset(places)


def _columns(table: Table) -> _Columns:
    heads = {cell.column: cell.text.clean.strip() for cell in table.header}
    sites = tuple(column for column, head in heads.items() if _SITE.search(head))
    areas = (column for kind in _AREAS for column, head in heads.items() if kind.search(head) and column not in sites)
    return _Columns(sites, tuple(areas))


def _named(cell: Cell, ordered: Sequence[Mention], starts: Sequence[int]) -> list[Mention]:
    """Return what the cell names, of each run of names the last and narrowest."""
    span, found = cell.text.span, []
    for mention in ordered[bisect_left(starts, span.start) :]:
        if mention.span.end > span.end:
            break
        found.append(mention)
    return [m for m in found if _ENDS.match(cell.text.clean, cell.text.clean.find(m.surface) + len(m.surface))]


def _pairs(named: _Named, columns: _Columns) -> Iterator[tuple[Mention, Mention]]:
    """Yield each thing of a row with the place where it lies."""
    things = [
        (column, found[0])
        for column, found in sorted(named.items())
        if column not in columns.sites and found and found[0].type in _THINGS
    ]
    placed = set[str]()
    for column in columns.sites if things else ():
        for place in _places(named, column, _SITES):
            if place.surface != things[0][1].surface:
                placed.add(things[0][1].surface)
                yield things[0][1], place
    areas = [places[0] for column in columns.areas if (places := _places(named, column))]
    for column, thing in things if areas else ():
        if column not in columns.areas and thing.type in _WORKS and thing.surface not in placed:
            placed.add(thing.surface)
            yield thing, areas[0]


def _places(named: _Named, column: int, kinds: Collection[EntityType] = _PLACES) -> list[Mention]:
    return [mention for mention in named.get(column, ()) if mention.type in kinds]


def _fact(document: Document, table: Table, thing: Mention, place: Mention) -> Fact:
    start, end = min(thing.span.start, place.span.start), max(thing.span.end, place.span.end)
    evidence = Evidence(
        Span(start, end), document.section_path(table.section), "facts/grammar:site", document.page(start)
    )
    return Fact(Predicate.LOCATED_IN, thing, place, evidence, confidence=_CONFIDENCE)
