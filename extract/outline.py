"""The structure of a document as text: what was read, for a user to check."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from extract.document import Box, Document, Role, Section, Table

_INDENT = "  "


def outline(document: Document) -> str:
    """Return the document's sections with their boxes and tables, its warnings, and what was dropped.

    One line each, indented by level; tables are given as rows x columns. The text ends without
    a line break.
    """
    return "\n".join(_lines(document))


def dropped_share(document: Document) -> float:
    """Return the share (0 to 1) of the raw characters that are layout: white space, marks, contents."""
    dropped = sum(span.end - span.start for span in document.dropped)
    return dropped / len(document.raw) if document.raw else 0.0


def _lines(document: Document) -> Iterator[str]:
    meta = document.meta
    yield meta.title
    adopted = f"adopted {meta.adopted.isoformat()}" if meta.adopted else ""
    period = f"for {meta.period}" if meta.period else ""
    place = f"{meta.district} ({meta.code})" if meta.code else meta.district
    yield ", ".join(part for part in (place, meta.kind.value, adopted, period, meta.issuer) if part)
    yield (
        f"{_count(document.sections, 'section')}, {_count(document.sentences, 'sentence')}, "
        f"{_count(document.boxes, 'box', 'boxes')}, {_count(document.tables, 'table')}; "
        f"{dropped_share(document):.1%} of {len(document.raw):,} characters dropped as layout"
    )
    yield ""
    yield from _structure(document)
    if document.warnings:
        yield ""
        yield "Warnings"
        yield from (f"{_INDENT}{warning}" for warning in document.warnings)


def _count(things: Iterable[object], name: str, plural: str = "") -> str:
    number = sum(1 for _ in things)
    return f"{number:,} {name if number == 1 else plural or name + 's'}"


def _structure(document: Document) -> Iterator[str]:
    boxes: dict[int | None, list[Box]] = defaultdict(list)
    tables: dict[int | None, list[Table]] = defaultdict(list)
    for box in document.boxes:
        boxes[box.section].append(box)
    for table in document.tables:
        if table.box is None:
            tables[table.section].append(table)
    inside = {table.box: table for table in document.tables if table.box is not None}
    sentences = _sentences_by_section(document)
    for section in (None, *document.sections):
        index, level = (None, 0) if section is None else (section.index, section.level)
        if section is not None:
            yield f"{_INDENT * (level - 1)}{_heading(section)}  ({_count(range(sentences[index]), 'sentence')})"
        parts: list[Box | Table] = [*boxes[index], *tables[index]]
        for part in sorted(parts, key=lambda found: found.span.start):
            lines = _box(part, inside.get(part.index)) if isinstance(part, Box) else [_table(part)]
            yield from (f"{_INDENT * level}{line}" for line in lines)


def _sentences_by_section(document: Document) -> dict[int | None, int]:
    counts: dict[int | None, int] = defaultdict(int)
    for sentence in document.sentences:
        if sentence.role in (Role.BODY, Role.ITEM):
            counts[sentence.section] += 1
    return counts


def _heading(section: Section) -> str:
    return f"{section.number} {section.title.clean}".strip()


def _box(box: Box, table: Table | None) -> Iterator[str]:
    yield f"[专栏 {box.number}] {box.title.clean}: {_count(box.items, 'entry', 'entries')}"
    for item in box.items:
        yield f"{_INDENT}{item.number + '. ' if item.number else '- '}{item.name.clean or '(no name)'}"
    if table is not None:
        yield f"{_INDENT}{_table(table)}"


def _table(table: Table) -> str:
    caption = table.caption.clean if table.caption is not None else "(no caption)"
    notes = f", {_count(table.notes, 'note')}" if table.notes else ""
    return f"[table] {caption}: {len(table.rows)} rows x {len(table.header)} columns{notes}"
