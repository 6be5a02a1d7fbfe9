"""Towns and their villages in the rows of a table: the smaller settlement is part of the one to its left.

GUIDE.md, `partOf`: a town of a county, a village of a town. A town stands in its cell alone or with the
number of its villages (`青石镇（3个）`); where a cell is empty or the row short, the town above still holds.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from extract.document import Cell, Document, Table
from extract.extraction import Evidence, Fact, Mention
from extract.span import Span
from ontology.schema import EntityType, Predicate

_VILLAGE = re.compile(r".+(?:[村屯]|社区)$")
_TOWN = re.compile(r".+(?:[镇乡]|街道|街道办事处)$")
_NUMBER = re.compile(r"\s*[（(]\s*\d+\s*[个村]{0,2}\s*[）)]\s*")
_CONFIDENCE = 0.9


def row_facts(document: Document, mentions: Sequence[Mention]) -> Iterator[Fact]:
    """Yield `partOf` for the villages of each table, in row order."""
    districts = sorted((m for m in mentions if m.type is EntityType.DISTRICT), key=lambda m: m.span)
    starts = [mention.span.start for mention in districts]
    for table in document.tables:
        town, column = None, -1
        for row in table.rows:
            named = [(cell, _alone(cell, districts, starts)) for cell in row]
            for cell, mention in named:
                if mention is None:
                    if cell.column == column and cell.text.pieces:
                        town = None  # another thing stands where the towns do
                    continue
                if _VILLAGE.match(mention.surface):
                    if town is not None and town.surface != mention.surface:
                        yield _part(document, table, mention, town)
                else:
                    known = _TOWN.match(mention.surface) or _NUMBER.search(cell.text.clean)
                    town, column = (mention if known else None), cell.column


def _alone(cell: Cell, districts: Sequence[Mention], starts: Sequence[int]) -> Mention | None:
    """Return the district that a cell names, but for a number nothing else."""
    if not cell.text.pieces:
        return None
    at = bisect_left(starts, cell.text.span.start)
    if at == len(districts) or districts[at].span.end > cell.text.span.end:
        return None
    name = districts[at].surface
    rest = cell.text.clean.strip().removeprefix(name)
    return districts[at] if not rest or _NUMBER.fullmatch(rest) else None


def _part(document: Document, table: Table, village: Mention, town: Mention) -> Fact:
    start, end = (choose(m.span for m in (village, town)) for choose in (min, max))
    path = document.section_path(table.section)
    page = document.page(start.start)
    evidence = Evidence(Span(start.start, end.end), path, "facts/grammar:row", page)
    return Fact(Predicate.PART_OF, village, town, evidence, confidence=_CONFIDENCE)
