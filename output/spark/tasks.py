"""What one task computes: documents, things or blocks of names in, pieces of the result out.

Everything here is plain Python from value to value; Spark is not mentioned. Tasks may run more than
once (when a machine is lost), so the one file that a task writes, a document's text, is replaced
in one step by the same bytes.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from extract.errors import DocumentError
from graph.digest import by_value
from graph.identity import entity_id, kind_of
from graph.kinds import allowed
from graph.model import Claim, Entity, KnowledgeGraph, Source
from graph.near import name_across
from graph.rdf import entity_rows, mention_rows, near_miss_rows, source_rows, statement_rows
from graph.reference import linked, official_code, placed
from graph.resolve import Resolved, resolved
from graph.row import Row
from graph.terms import Names, term
from graph.thing import Thing
from output.extracting import extracted
from output.files import write_text
from output.spark.blocks import Miss
from output.spark.shipping import (
    Part,
    Read,
    extraction_of,
    key_text,
    meta_of,
    read_of,
    row_text,
    thing_of,
    thing_text,
    to_json,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How documents are read; see `output.extracting.extracted`."""

    district: str | None
    tier: str
    min_confidence: float


class File(NamedTuple):
    """A document's file."""

    path: str


def read(files: Iterable[File], how: Reading) -> Iterator[Read]:
    """Yield for each document file what it says, or why it cannot be read."""
    for path in (Path(file.path) for file in files):
        for found in extracted([path], district=how.district, tier=how.tier, min_confidence=how.min_confidence):
            if isinstance(found, DocumentError):
                yield Read(path.stem, problem=str(found))
            else:
                yield read_of(found)


def say(documents: Iterable[Read], base: str, texts: Path) -> Iterator[Part]:
    """Yield what each document adds to the graph, and write its text into the folder `texts`."""
    names = Names(base)
    for document in documents:
        extraction = extraction_of(document)
        write_text(texts / f"{document.doc}.txt", document.raw)
        yield Part("source", "", document.doc, _source_row(document))
        for warning in extraction.warnings:
            yield Part("warning", "", document.doc, warning)
        yield from _document_parts(resolved(extraction), names)


def _source_row(document: Read) -> str:
    return to_json(json.loads(document.meta) | {"sha256": document.sha256, "characters": len(document.raw)})


def _document_parts(part: Resolved, names: Names) -> Iterator[Part]:
    doc = part.source.id
    claims = [claim for claim in part.claims if _fits(claim)]
    for claim in part.claims:
        if not _fits(claim):
            yield Part("misfit", "", doc, row_text(claim, evidence=[]))
    for thing in part.things:
        yield Part("thing", key_text(thing.key), doc, thing_text(thing))
    for miss in part.near:
        yield Part("near", "", doc, to_json([miss.one, miss.other, miss.score, miss.reason]))
    for claim in claims:
        yield Part("claim", claim.id, doc, row_text(claim))
    for seen in part.observations:
        yield Part("observation", seen.id, doc, row_text(seen))
    for period in {c.period for c in claims} | {o.period for o in part.observations}:
        yield Part("period", period)
    for unit in {o.unit for o in part.observations}:
        yield Part("unit", unit)
    yield from quads(_document_rows(part, claims, names), names)


def _fits(claim: Claim) -> bool:
    return allowed(claim.predicate, kind_of(claim.subject), kind_of(claim.object))


def _document_rows(part: Resolved, claims: list[Claim], names: Names) -> Iterator[Row]:
    """Yield the triples that the document itself says: where it mentions what, and its statements."""
    doc, sources = part.source.id, {part.source.id: part.source}
    for thing in part.things:
        if thing.occurrences:
            entity = Entity(entity_id(thing.key), thing.key.type, "", occurrences=tuple(thing.occurrences))
            yield Row(names.entity(entity.id), term("plan:mentionedIn"), names.source(doc), doc)
            yield from mention_rows(entity, names, sources)
    said = KnowledgeGraph((part.source,), (), tuple(claims), tuple(part.observations), names.base)
    yield from statement_rows(said, names)


def quads(rows: Iterable[Row], names: Names) -> Iterator[Part]:
    """Yield each triple once for every document that says it."""
    graphs = {"": ""}
    told: set[tuple[str, str]] = set()
    for subject, predicate, obj, doc in rows:
        line = f"{subject} {predicate} {obj} ."
        if (line, doc) in told:
            continue
        told.add((line, doc))
        if doc not in graphs:
            graphs[doc] = str(names.source(doc))
        yield Part("quad", by_value(line), graphs[doc], line)


def join(parts: Iterable[Part], base: str, least: float) -> Iterator[Part]:
    """Yield the entities from what documents add to them; the parts of a key come together, in the documents' order.

    What public lists say is left out where it is less sure than `least`.
    """
    names = Names(base)
    for key, pieces in groupby(parts, key=lambda part: part.key):
        whole: Thing | None = None
        documents = 0
        for piece in pieces:
            found = thing_of(key, piece.text)
            documents += bool(found.surfaces)
            if whole is None:
                whole = found
            else:
                whole.absorb(found)
        if whole is not None:
            yield from _thing_parts(whole, documents, names, least)


def _thing_parts(thing: Thing, documents: int, names: Names, least: float) -> Iterator[Part]:
    """Yield an entity and what public lists say of it alone."""
    key = thing.key
    entity = linked(thing.entity(), key)
    codes, claims = official_code(key), []
    for claim, code in placed(key, thing.location):
        if claim.confidence < least:
            continue
        codes.add(code)
        if claim.subject != claim.object:
            claims.append(claim)
    yield from entity_parts(entity, claims, names, documents, thing.surfaces.total())
    for code in codes:
        yield Part("code", code)
    if thing.division:
        yield Part("division", thing.division.code)
    for mapping in entity.mappings:
        yield Part("class", mapping.code)
    if name_across(key):
        yield Part("name", key_text(key))


def entity_parts(
    entity: Entity, claims: Iterable[Claim], names: Names, documents: int = 0, mentions: int = 0
) -> Iterator[Part]:
    """Yield an entity as a row of its table and as triples, with the claims of public lists about it."""
    stated = tuple(claims)
    yield Part("entity", entity.id, "", _entity_row(entity, names.base, documents, mentions))
    for claim in stated:
        yield Part("claim", claim.id, claim.source, row_text(claim))
    listed = KnowledgeGraph((), (), stated, (), names.base)
    yield from quads((*entity_rows(entity, names), *statement_rows(listed, names)), names)


def _entity_row(entity: Entity, base: str, documents: int, mentions: int) -> str:
    return to_json(
        {
            "id": entity.id,
            "iri": base + entity.id,
            "type": entity.type.value,
            "name": entity.name,
            "aliases": entity.aliases,
            "code": entity.code,
            "scope": entity.scope,
            "key": entity.key,
            "links": entity.links,
            "gbt4754": [f"{mapping.code} {mapping.relation}" for mapping in entity.mappings],
            "documents": documents,
            "mentions": mentions,
        }
    )


def look_alikes(misses: Iterable[Miss], base: str) -> Iterator[Part]:
    """Yield near misses as triples."""
    names = Names(base)
    for miss in misses:
        yield from quads(near_miss_rows(miss.near_miss(), names), names)


def describe(sources: Iterable[Part], base: str) -> Iterator[Part]:
    """Yield what is known of documents as triples; the key of each part is the id of the document's own district."""
    names = Names(base)
    for part in sources:
        row = json.loads(part.text)
        meta = meta_of(row)
        source = Source(part.doc, meta, row["sha256"], raw="")
        yield from quads(source_rows(source, part.key, names), names)
