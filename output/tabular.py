"""The graph as tables for spreadsheets and data frames: entities, claims, observations.

CSV files are UTF-8 with a byte-order mark, so that spreadsheets read Chinese, and safe to open: a
text that a spreadsheet would run as a formula gets an apostrophe in front.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from graph.model import KnowledgeGraph, Quote
from graph.terms import bounded
from ontology.labels import labels
from ontology.units import unit
from output.files import replacing

Cell = str | int | float | Decimal | None

_SIGNS = ("+", "-")
_FORMULA = (*_SIGNS, "=", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SEPARATOR = "；"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, column names, and rows of equal length. None is an empty cell."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def entities(kg: KnowledgeGraph) -> Sheet:
    """Return one row per entity: id, type, names, code, scope, classes of GB/T 4754, documents, mention count."""
    zh = labels("zh")
    return Sheet(
        "entities",
        ("id", "iri", "type", "type_zh", "name", "aliases", "code", "scope", "gbt4754", "documents", "mentions"),
        tuple(
            (
                e.id,
                kg.base + e.id,
                e.type.value,
                zh[e.type.value],
                e.name,
                _SEPARATOR.join(e.aliases),
                e.code,
                e.scope,
                _SEPARATOR.join(f"{m.code} {m.relation}" for m in e.mappings),
                _SEPARATOR.join(e.documents),
                len(e.occurrences),
            )
            for e in kg.entities
        ),
    )


_EVIDENCE = ("document", "start", "end", "section", "page", "quote", "rule", "evidence_count", "confidence")


def claims(kg: KnowledgeGraph) -> Sheet:
    """Return one row per claim: both sides, relation, status, and its first quote with its place."""
    zh, by_id = labels("zh"), kg.by_id
    columns = ("id", "subject", "predicate", "predicate_zh", "object", "status", "status_zh", "period")
    rows = []
    for c in kg.claims:
        status = c.status.value if c.status else ""
        row: tuple[Cell, ...] = (
            c.id,
            by_id[c.subject].name,
            c.predicate.value,
            zh[c.predicate.value],
            by_id[c.object].name,
            status,
            zh[status] if status else "",
            c.period,
        )
        rows.append(row + _evidence(c.source, c.evidence, c.confidence, c.rule) + (c.subject, c.object))
    return Sheet("claims", columns + _EVIDENCE + ("subject_id", "object_id"), tuple(rows))


def observations(kg: KnowledgeGraph) -> Sheet:
    """Return one row per figure; `value` is the number, `bound` its sign, `text` the printed notation.

    `amount` is the value in `base_unit` (12 亿元 is 1200000000 元), so that figures compare.
    """
    zh, by_id = labels("zh"), kg.by_id
    figure = ("id", "subject", "indicator", "text", "bound", "value", "unit", "amount", "base_unit")
    columns = (*figure, "period", "kind", "kind_zh", "attribute")
    rows = []
    for o in kg.observations:
        bound, number = bounded(o.value) or ("", None)
        known = unit(o.unit) if o.unit else None
        row: tuple[Cell, ...] = (
            o.id,
            by_id[o.subject].name,
            by_id[o.indicator].name,
            o.value,
            bound,
            number,
            o.unit,
            number * known.factor if known and number is not None else None,
            known.base if known else "",
            o.period,
            o.kind.value,
            zh[o.kind.value],
            o.attribute,
        )
        rows.append(row + _evidence(o.source, o.evidence, o.confidence) + (o.subject, o.indicator))
    return Sheet("observations", columns + _EVIDENCE + ("subject_id", "indicator_id"), tuple(rows))


def _evidence(source: str, quotes: Sequence[Quote], confidence: float, rule: str = "") -> tuple[Cell, ...]:
    if not quotes:
        return (source, None, None, "", None, "", rule, 0, confidence)
    first = quotes[0]
    section = " / ".join(first.section)
    span = first.span
    return (source, span.start, span.end, section, first.page, first.exact, first.rule, len(quotes), confidence)


SHEETS: tuple[Callable[[KnowledgeGraph], Sheet], ...] = (entities, claims, observations)


def write_entities(kg: KnowledgeGraph, path: Path) -> None:
    """Write `entities(kg)` as CSV."""
    write_csv(entities(kg), path)


def write_claims(kg: KnowledgeGraph, path: Path) -> None:
    """Write `claims(kg)` as CSV."""
    write_csv(claims(kg), path)


def write_observations(kg: KnowledgeGraph, path: Path) -> None:
    """Write `observations(kg)` as CSV."""
    write_csv(observations(kg), path)


def write_csv(sheet: Sheet, path: Path) -> None:
    """Write a table as CSV (RFC 4180, UTF-8 with byte-order mark, formulas made harmless)."""
    with replacing(path) as file:
        _write(sheet, file)


def csv_bytes(sheet: Sheet) -> bytes:
    """Return a table as the bytes of a CSV file."""
    out = io.BytesIO()
    _write(sheet, out)
    return out.getvalue()


def _write(sheet: Sheet, file: BinaryIO) -> None:
    file.write(b"\xef\xbb\xbf")
    out = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(sheet.columns)
    writer.writerows([_shown(cell) for cell in row] for row in sheet.rows)
    out.detach()  # flushed; the file stays open


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return plain(cell)
    return harmless(cell) if isinstance(cell, str) else str(cell)


def plain(number: Decimal) -> str:
    """Return a number without exponent and without needless zeros.

    >>> plain(Decimal("1E+9")), plain(Decimal("-12.50"))
    ('1000000000', '-12.5')
    """
    shown = format(number, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def harmless(text: str) -> str:
    """Return a text that no spreadsheet runs: an apostrophe goes before what may start a formula.

    A number with its sign stays as it is. NUL, which CSV readers stop at, is shown as U+FFFD.

    >>> harmless("=1+1"), harmless("-40"), harmless(">=90")
    ("'=1+1", '-40', '>=90')
    """
    text = text.replace("\0", "\ufffd")
    front = text.lstrip(" ")
    if not front.startswith(_FORMULA) or (front.startswith(_SIGNS) and bounded(text)):
        return text
    return "'" + text
