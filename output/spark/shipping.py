"""What travels between the stages, as texts: documents with what they say, things, near misses.

All are JSON without line breaks. What is written here is read by the same version of the program.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any, NamedTuple

from extract.document import Document, DocumentKind, DocumentMeta
from extract.extraction import Extraction
from graph.cache import decode, encode
from graph.identity import Key
from graph.model import Merge, Quote
from graph.reference import Location
from graph.thing import Thing
from ontology.schema import EntityType

EXTRACTED = "doc string, sha256 string, meta string, raw string, said string, problem string"
"""Columns of what was read: the document's id, and its text with what it says or why it cannot be read."""

PART = "kind string, key string, doc string, text string"
"""Columns of what the stages make; see `Part`."""


class Read(NamedTuple):
    """A document as it travels: `said` is its extraction, "" when `problem` tells why there is none."""

    doc: str
    sha256: str = ""
    meta: str = ""
    raw: str = ""
    said: str = ""
    problem: str = ""


class Part(NamedTuple):
    """A piece of a result: what kind it is, what it belongs to, the document that says it, and itself.

    kind        | key                          | doc                 | text
    quad        | the triple `by_value`        | IRI of its graph    | the triple, a line of N-Triples
    thing       | its key                      | document            | what the document adds to it
    near        | ""                           | document            | a near miss
    claim, observation, entity | its id      | source              | its row of the table
    source      | ""                           | document            | its row of the table
    misfit      | ""                           | document            | a claim that the vocabulary does not allow
    warning     | ""                           | document            | a sentence
    period, unit, class, code, division | value | ""               | ""
    name        | ""                           | ""                  | a key whose name is compared with others
    """

    kind: str
    key: str = ""
    doc: str = ""
    text: str = ""


def to_json(value: object) -> str:
    """Return a value as JSON on one line; the same value gives the same text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def read_of(extraction: Extraction) -> Read:
    """Return a document with what it says as it travels."""
    document = extraction.document
    meta = asdict(document.meta) | {"adopted": document.meta.adopted.isoformat() if document.meta.adopted else None}
    return Read(document.id, document.sha256, to_json(meta), document.raw, to_json(encode(extraction)))


def extraction_of(read: Read) -> Extraction:
    """Return what a document says, over a document that has its text and metadata but no layout.

    Raises ValueError, KeyError, TypeError or IndexError when `read_of` did not make it.
    """
    document = Document(read.doc, read.raw, read.sha256, meta_of(json.loads(read.meta)), sections=(), sentences=())
    return decode(json.loads(read.said), document)


def meta_of(row: Mapping[str, Any]) -> DocumentMeta:
    """Return the metadata of a document that travelled; other keys of the row are left alone."""
    values = {field.name: row[field.name] for field in fields(DocumentMeta)}
    adopted = date.fromisoformat(row["adopted"]) if row["adopted"] else None
    return DocumentMeta(**values | {"kind": DocumentKind(row["kind"]), "adopted": adopted})


def key_text(key: Key) -> str:
    """Return a key as text."""
    return to_json([key.type.value, key.scope, key.name])


def key_of(text: str) -> Key:
    """Return the key that `key_text` wrote.

    >>> key_of(key_text(Key(EntityType.PARK, "6501", "高新区")))
    Key(type=<EntityType.PARK: 'Park'>, scope='6501', name='高新区')
    """
    kind, scope, name = json.loads(text)
    return Key(EntityType(kind), scope, name)


def thing_text(thing: Thing) -> str:
    """Return a thing as text, without its key; of its occurrences only how many bear which surface."""
    return to_json(
        {
            "named": thing.named,
            "labels": thing.labels,
            "unplaced": thing.unplaced,
            "surfaces": thing.surfaces,
            "merges": {surface: [merge.reason, merge.score] for surface, merge in thing.merges.items()},
            "candidates": sorted(thing.candidates),
            "location": [thing.location.code, thing.location.confidence] if thing.location else None,
        }
    )


def thing_of(key: str, text: str) -> Thing:
    """Return the thing that `thing_text` wrote."""
    values = json.loads(text)
    return Thing(
        key_of(key),
        values["named"],
        labels=Counter(values["labels"]),
        unplaced=Counter(values["unplaced"]),
        surfaces=Counter(values["surfaces"]),
        merges={surface: Merge(surface, "", *why) for surface, why in values["merges"].items()},
        candidates=set(values["candidates"]),
        location=Location(*values["location"]) if values["location"] else None,
    )


def row_text(value: Any, **others: object) -> str:
    """Return a claim or an observation as a row of its table; values of `others` stand in place of its own."""
    row = {field.name: getattr(value, field.name) for field in fields(value)}
    return to_json(row | {"evidence": quotes(value.evidence)} | others)


def quotes(evidence: Sequence[Quote]) -> list[dict[str, object]]:
    """Return evidence as rows, each with its place and its words."""
    return [
        {
            "start": quote.span.start,
            "end": quote.span.end,
            "section": quote.section,
            "page": quote.page,
            "rule": quote.rule,
            "quote": quote.exact,
        }
        for quote in evidence
    ]
