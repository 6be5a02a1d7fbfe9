"""Extractions as JSON records, one a line, and the reading of such lines.

The keys that a scorer needs come first: `record doc start end type`, `predicate subject object
status`, `indicator value unit period kind`; after them the evidence: the sentence's span and
quote, the section path, page, rule and confidence. Spans are `[start, end]` in code points of the
raw text, null is the document's own district. A `document` record states which text the offsets
refer to (`sha256`, `characters`).
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from extract.document import Document
from extract.errors import RecordError
from extract.extraction import Evidence, Extraction, Fact, Mention, Observation
from ontology.schema import EntityType, Predicate, Status

Record = dict[str, object]


def records(extraction: Extraction) -> Iterator[Record]:
    """Yield the document record, then mentions, facts and observations in document order."""
    document = extraction.document
    meta = document.meta
    yield {
        "record": "document",
        "doc": document.id,
        "title": meta.title,
        "kind": meta.kind.value,
        "district": meta.district,
        "code": meta.code,
        "adopted": meta.adopted.isoformat() if meta.adopted else None,
        "period": meta.period,
        "characters": len(document.raw),
        "sha256": document.sha256,
    }
    for mention in extraction.mentions:
        yield _mention(document, mention)
    for fact in extraction.facts:
        yield _fact(document, fact)
    for observation in extraction.observations:
        yield _observation(document, observation)


def to_line(record: Record) -> str:
    """Return the record as one line of JSON without line end; the same record gives the same line."""
    return json.dumps(record, ensure_ascii=False, separators=(", ", ": "))


def _mention(document: Document, mention: Mention) -> Record:
    return {
        "record": "mention",
        "doc": document.id,
        "start": mention.span.start,
        "end": mention.span.end,
        "type": mention.type.value,
        "text": mention.surface,
        **_evidence(document, mention.evidence, mention.confidence, quote=False),
    }


def _fact(document: Document, fact: Fact) -> Record:
    return {
        "record": "fact",
        "doc": document.id,
        "predicate": fact.predicate.value,
        "subject": _span(fact.subject),
        "object": _span(fact.object),
        "status": fact.status.value if fact.status else None,
        "period": fact.period,
        "subject_text": fact.subject.surface if fact.subject else "@doc",
        "object_text": fact.object.surface if fact.object else "@doc",
        **_evidence(document, fact.evidence, fact.confidence),
    }


def _observation(document: Document, observation: Observation) -> Record:
    return {
        "record": "observation",
        "doc": document.id,
        "subject": _span(observation.subject),
        "indicator": _span(observation.indicator),
        "value": observation.value,
        "unit": observation.unit,
        "period": observation.period,
        "kind": observation.kind.value,
        "attribute": observation.attribute,
        "subject_text": observation.subject.surface if observation.subject else "@doc",
        "indicator_text": observation.indicator.surface,
        **_evidence(document, observation.evidence, observation.confidence),
    }


def _span(mention: Mention | None) -> list[int] | None:
    return None if mention is None else [mention.span.start, mention.span.end]


def _evidence(document: Document, evidence: Evidence, confidence: float, *, quote: bool = True) -> Record:
    record: Record = {"sentence": [evidence.span.start, evidence.span.end]}
    if quote:
        record["quote"] = evidence.span.of(document.raw)
    record["section"] = list(evidence.section)
    if evidence.page is not None:
        record["page"] = evidence.page
    return record | {"rule": evidence.rule, "confidence": round(confidence, 4)}


def read_records(lines: Iterable[str], name: str = "records") -> Iterator[dict[str, Any]]:
    """Yield the mention, fact and observation records of JSON lines, checked; skip other kinds.

    Raises:
        RecordError: a line is no JSON object, or a record lacks a key or has a wrong value; the
            message names `name`, the line and the fix.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            if not isinstance(record, dict):
                raise ValueError("it must be a JSON object in braces")
            if _check(record):
                yield record
        except (KeyError, ValueError, TypeError, RecursionError) as error:
            what = f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
            raise RecordError(f"{name}, line {number} is no extraction record: {what}") from error


def _check(record: dict[str, Any]) -> bool:
    """Return whether the record is judged at all; raise KeyError or ValueError when malformed."""
    kind = record.get("record")
    if kind not in ("mention", "fact", "observation"):
        return False
    if not isinstance(record["doc"], str):
        raise ValueError("`doc` must be a string, the file's stem")
    if kind == "mention":
        _pair([record["start"], record["end"]], "start/end")
        EntityType(record["type"])
        return True
    _pair(record["subject"], "subject", null=True)
    if kind == "fact":
        _pair(record["object"], "object", null=True)
        Predicate(record["predicate"])
        if record.get("status"):
            Status(record["status"])
        return True
    _pair(record["indicator"], "indicator")
    if not isinstance(record["value"], str):
        raise ValueError(f'`value` must be a string such as "35" or ">=95", got {record["value"]!r}')
    for key in ("unit", "period", "kind"):
        if not isinstance(record.get(key) or "", str):
            raise ValueError(f"`{key}` must be a string, got {record[key]!r}")
    return True


def _pair(value: object, key: str, *, null: bool = False) -> None:
    if value is None and null:
        return
    match value:
        case [int(start), int(end)] if 0 <= start <= end and not isinstance(start, bool):
            return
    raise ValueError(f"`{key}` must be [start, end] with 0 <= start <= end{' or null' * null}, got {value!r}")
