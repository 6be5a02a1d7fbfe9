"""Corrected sentences as annotated passages, in the format of the gold files, to train on."""

from collections.abc import Iterable, Iterator
from typing import Any

from extract.span import Span
from graph.corrections import Correction, quote_hash, sentence_at
from graph.model import Claim, KnowledgeGraph, ObservedValue, Quote, Source

Passage = dict[str, Any]


def training_passages(kg: KnowledgeGraph, corrections: Iterable[Correction]) -> Iterator[Passage]:
    """Yield the sentence of each correction with what the corrected graph says about it.

    `kg` is the graph after `graph.review.replay`. A passage holds every mention, fact and figure
    whose evidence lies in the sentence, so it is as complete as the graph; read it before training.
    Corrections without a sentence, or whose sentence is not in the text, give none.
    """
    seen: set[tuple[str, Span]] = set()
    for correction in corrections:
        span = _span(kg, correction)
        if span and (correction.doc, span) not in seen:
            seen.add((correction.doc, span))
            yield _passage(kg, kg.source_by_id[correction.doc], span)


def _span(kg: KnowledgeGraph, correction: Correction) -> Span | None:
    source = kg.source_by_id.get(correction.doc)
    if source is None or not correction.sentence:
        return None
    if correction.quote and quote_hash(correction.sentence) != correction.quote:
        return None
    at = source.raw.find(correction.sentence)
    return sentence_at(source.raw, Span(at, at + len(correction.sentence))) if at >= 0 else None


def _passage(kg: KnowledgeGraph, source: Source, span: Span) -> Passage:
    mentions = sorted(
        (occurrence.span, entity.type.value)
        for entity in kg.entities
        for occurrence in entity.occurrences
        if occurrence.doc == source.id and occurrence.span in span
    )
    return {
        "id": f"{source.id}-{span.start}",
        "doc": source.id,
        "start": span.start,
        "end": span.end,
        "text": span.of(source.raw),
        "entities": [{"start": s.start, "end": s.end, "text": s.of(source.raw), "type": t} for s, t in mentions],
        "facts": [fact for claim in kg.claims for fact in _facts(claim, source, span)],
        "observations": [seen for item in kg.observations for seen in _figures(item, source, span)],
    }


def _inside(quotes: Iterable[Quote], source: Source, span: Span) -> Iterator[Quote]:
    for quote in quotes:
        sides = [side for side in (quote.subject, quote.object) if side]
        if quote.doc == source.id and sides and all(side in span for side in sides):
            yield quote


def _side(at: Span | None, source: Source) -> str:
    return at.of(source.raw) if at else "@doc"


def _facts(claim: Claim, source: Source, span: Span) -> Iterator[Passage]:
    for quote in _inside(claim.evidence, source, span):
        fact: Passage = {
            "predicate": claim.predicate.value,
            "subject": _side(quote.subject, source),
            "object": _side(quote.object, source),
        }
        yield fact | ({"status": claim.status.value} if claim.status else {})


def _figures(seen: ObservedValue, source: Source, span: Span) -> Iterator[Passage]:
    for quote in _inside(seen.evidence, source, span):
        yield {
            "subject": _side(quote.subject, source),
            "indicator": _side(quote.object, source),
            "value": seen.value,
            "unit": seen.unit,
            "period": seen.period,
            "kind": seen.kind.value,
        }
