"""The overview of a served graph, read from the index: what the explorer shows before it asks for more."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date

from extract.document import DocumentKind, DocumentMeta
from extract.span import Span
from graph.model import Claim, Entity, KnowledgeGraph, ObservedValue, Occurrence, Quote, Source
from ontology.schema import EntityType, Kind, Predicate, Status
from output.page.data import Json, page_data, source_data
from output.page.overview import CLAIMS, OBSERVATIONS, Whole, chosen
from output.server.catalogue import Catalogue

_NOWHERE = Span(0, 0)
_MENTIONED = 24  # documents of one entity that say on which island it lies
_AMONG = "WITH chosen AS (SELECT value AS id FROM json_each(:ids))"
_TOLD = "(SELECT count(*) FROM quotes q WHERE q.statement = {0}.id)"
_BEST_CLAIMS = f"""{_AMONG} SELECT c.*, {_TOLD.format("c")} AS told FROM claims c
WHERE c.subject IN chosen AND c.object IN chosen ORDER BY told DESC, c.id LIMIT {CLAIMS}"""
_BEST_FIGURES = f"""{_AMONG} SELECT o.*, {_TOLD.format("o")} AS told FROM observations o
WHERE o.subject IN chosen AND o.indicator IN chosen ORDER BY told DESC, o.id LIMIT {OBSERVATIONS}"""


def overview_data(catalogue: Catalogue) -> Json:
    """Return the data of the explorer's page (`output.page.data`) for a graph that the server answers for."""
    rows = catalogue.db.rows
    own = {row["entity"] for row in rows("SELECT DISTINCT entity FROM documents WHERE entity IS NOT NULL")}
    listed = rows("SELECT id, type, degree FROM entities")
    ids = chosen(((r["id"], EntityType(r["type"]), r["degree"]) for r in listed), own)
    weight = {r["id"]: r["degree"] for r in listed if r["id"] in ids}
    values = {"ids": json.dumps(sorted(ids))}
    claims, figures = rows(_BEST_CLAIMS, values), rows(_BEST_FIGURES, values)
    quotes = _quotes(catalogue, [row["id"] for row in (*claims, *figures)])
    kg = KnowledgeGraph(
        _sources(catalogue),
        _entities(catalogue, sorted(ids)),
        tuple(sorted((_claim(row, quotes) for row in claims), key=lambda c: c.id)),
        tuple(sorted((_figure(row, quotes) for row in figures), key=lambda o: o.id)),
        base=catalogue.base,
    )
    claimed, observed, issued = (_count(catalogue, table) for table in ("claims", "observations", "documents"))
    told = {row["id"]: row["told"] for row in (*claims, *figures)}
    return page_data(kg, Whole(len(listed), claimed, observed, issued, weight, told))


def _count(catalogue: Catalogue, table: str) -> int:
    return int(catalogue.db.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"])


def _sources(catalogue: Catalogue) -> tuple[Source, ...]:
    sql = "SELECT d.*, e.code FROM documents d LEFT JOIN entities e ON e.id = d.entity ORDER BY d.id"
    return tuple(_source(row) for row in catalogue.db.rows(sql))


def document_data(row: sqlite3.Row) -> Json:
    """Return what the page knows of a document but its text; a row of `documents` with its district's `code`."""
    return source_data(_source(row))


def _source(row: sqlite3.Row) -> Source:
    return Source(row["id"], _meta(row), row["sha256"] or "", "")


def _meta(row: sqlite3.Row) -> DocumentMeta:
    kind, adopted = DocumentKind.OTHER, None
    with suppress(ValueError):
        kind = DocumentKind(row["kind"] or "")
    with suppress(ValueError):
        adopted = date.fromisoformat(row["adopted"] or "")
    words = (row["title"] or row["id"], kind, row["district"] or "", row["code"] or "")
    return DocumentMeta(*words, adopted, row["period"] or "", row["issuer"] or "")


def _entities(catalogue: Catalogue, ids: Sequence[str]) -> tuple[Entity, ...]:
    values = {"ids": json.dumps(ids)}
    sql = f"{_AMONG} SELECT {{}} FROM {{}} WHERE {{}} IN chosen ORDER BY 1, 2"
    aliases = _grouped(catalogue.db.rows(sql.format("entity AS id, name AS word", "aliases", "entity"), values))
    places = f"""{_AMONG} SELECT entity AS id, document AS word FROM (SELECT *, row_number() OVER (PARTITION BY entity
ORDER BY document) AS nth FROM mentioned WHERE entity IN chosen) WHERE nth <= {_MENTIONED}"""
    documents = _grouped(catalogue.db.rows(places, values))
    found = catalogue.db.rows(sql.format("id, type, name, code, scope", "entities", "id"), values)
    return tuple(
        Entity(
            row["id"],
            EntityType(row["type"]),
            row["name"],
            tuple(aliases.get(row["id"], ())),
            row["scope"] or "",
            row["code"] or "",
            # Where it stands in them does not matter for an overview.
            occurrences=tuple(Occurrence(doc, _NOWHERE, row["name"]) for doc in documents.get(row["id"], ())),
        )
        for row in found
    )


def _grouped(rows: Iterable[sqlite3.Row]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["id"], []).append(row["word"])
    return found


def _quotes(catalogue: Catalogue, statements: Sequence[str]) -> dict[str, tuple[Quote, ...]]:
    return {
        id: tuple(
            Quote(
                q["document"], Span(q["start"], q["end"]), q["exact"], tuple(q["section"]), q["rule"] or "", q["page"]
            )
            for q in told
        )
        for id, told in catalogue.quotes(statements, 1).items()
    }


def _claim(row: sqlite3.Row, quotes: Mapping[str, tuple[Quote, ...]]) -> Claim:
    ends = (row["subject"], Predicate(row["predicate"]), row["object"])
    status = Status(row["status"]) if row["status"] else None
    told = quotes.get(row["id"], ())
    return Claim(row["id"], *ends, row["document"], told, status, row["period"] or "", row["confidence"])


def _figure(row: sqlite3.Row, quotes: Mapping[str, tuple[Quote, ...]]) -> ObservedValue:
    figure = (row["subject"], row["indicator"], row["value"], row["unit"] or "", row["period"] or "")
    told = quotes.get(row["id"], ())
    kind = Kind(row["kind"]) if row["kind"] else Kind.ACTUAL
    return ObservedValue(row["id"], *figure, kind, row["document"], told, row["attribute"] or "", row["confidence"])
