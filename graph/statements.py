"""Facts and figures of one document as claims and observed values of the graph.

The same statement made several times in a document is one claim with all its quotes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from sys import intern

from extract.document import Document
from extract.extraction import Evidence, Extraction, Fact, Mention, Observation
from extract.span import Span
from graph.identity import digest
from graph.model import Claim, ObservedValue, Quote
from ontology.schema import Kind, Predicate, Status

# Returns the entity id of a mention; None stands for the document's own district.
Resolver = Callable[[Mention | None], str]


@dataclass(slots=True)
class _Gathered:
    quotes: list[Quote] = field(default_factory=list)
    confidence: float = 0.0
    periods: set[str] = field(default_factory=set)

    def add(self, quote: Quote, confidence: float, period: str = "") -> None:
        if quote not in self.quotes:
            self.quotes.append(quote)
        self.confidence = max(self.confidence, confidence)
        if period:
            self.periods.add(period)

    def evidence(self) -> tuple[Quote, ...]:
        return tuple(sorted(self.quotes, key=_place)) if len(self.quotes) > 1 else tuple(self.quotes)


def _place(quote: Quote) -> tuple[tuple[int, ...], str]:
    """Return where a quote stands among the others of a statement."""
    sides = (quote.span, quote.subject or _NOWHERE, quote.object or _NOWHERE)
    return tuple(at for side in sides for at in (side.start, side.end)), quote.rule


_NOWHERE = Span(0, 0)


@lru_cache(maxsize=16)
def _exact(raw: str, start: int, end: int) -> str:
    """Return a stretch of a text; the statements of one sentence share it."""
    return raw[start:end]


@lru_cache(maxsize=64)
def _path(section: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first of equal paths; the statements of one section share it."""
    return section


def _quote(document: Document, evidence: Evidence, subject: Mention | None, obj: Mention | None) -> Quote:
    return Quote(
        doc=document.id,
        span=evidence.span,
        exact=_exact(document.raw, evidence.span.start, evidence.span.end),
        section=_path(evidence.section),
        rule=intern(evidence.rule),
        page=evidence.page,
        subject=subject.span if subject else None,
        object=obj.span if obj else None,
    )


def claims_of(extraction: Extraction, resolve: Resolver) -> Iterator[Claim]:
    """Yield one claim per (subject, predicate, object, status) of the document, with all quotes.

    A fact whose two sides turn out to be one thing says nothing and is left out. The two sides of
    `cooperatesWith` have no order: the document's own district comes first, else the lower id.
    A period is kept when all quotes that give one agree.
    """
    own = resolve(None)
    gathered: dict[tuple[str, Predicate, str, Status | None], _Gathered] = {}
    for fact in extraction.facts:
        subject, obj, turned = _sides(fact, resolve, own)
        if subject == obj:
            continue
        pair = (fact.object, fact.subject) if turned else (fact.subject, fact.object)
        quote = _quote(extraction.document, fact.evidence, *pair)
        key = (subject, fact.predicate, obj, fact.status)
        gathered.setdefault(key, _Gathered()).add(quote, fact.confidence, fact.period)
    doc = extraction.document.id
    for (subject, predicate, obj, status), found in gathered.items():
        yield Claim(
            id=claim_id(subject, predicate, obj, status, doc),
            subject=subject,
            predicate=predicate,
            object=obj,
            source=doc,
            evidence=found.evidence(),
            status=status,
            period=next(iter(found.periods)) if len(found.periods) == 1 else "",
            confidence=found.confidence,
        )


def _sides(fact: Fact, resolve: Resolver, own: str) -> tuple[str, str, bool]:
    subject, obj = resolve(fact.subject), resolve(fact.object)
    turned = fact.predicate is Predicate.COOPERATES_WITH and (obj != own, obj) < (subject != own, subject)
    return (obj, subject, True) if turned else (subject, obj, False)


def observations_of(extraction: Extraction, resolve: Resolver) -> Iterator[ObservedValue]:
    """Yield one observed value per distinct figure of the document, with all quotes."""
    gathered: dict[tuple[str, str, str, str, str, Kind, str], _Gathered] = {}
    for seen in extraction.observations:
        quote = _quote(extraction.document, seen.evidence, seen.subject, seen.indicator)
        gathered.setdefault(_figure(seen, resolve), _Gathered()).add(quote, seen.confidence)
    doc = extraction.document.id
    for (subject, indicator, value, unit, period, kind, attribute), found in gathered.items():
        yield ObservedValue(
            id=observation_id(subject, indicator, value, unit, period, kind, attribute, doc),
            subject=subject,
            indicator=indicator,
            value=value,
            unit=unit,
            period=period,
            kind=kind,
            source=doc,
            evidence=found.evidence(),
            attribute=attribute,
            confidence=found.confidence,
        )


def _figure(seen: Observation, resolve: Resolver) -> tuple[str, str, str, str, str, Kind, str]:
    subject, indicator = resolve(seen.subject), resolve(seen.indicator)
    return subject, indicator, seen.value, seen.unit, seen.period, seen.kind, seen.attribute


def claim_id(subject: str, predicate: Predicate, obj: str, status: Status | None, source: str) -> str:
    """Return the id of a claim: the same statement of the same source has the same id in every build."""
    return "claim-" + digest(subject, predicate.value, obj, status.value if status else "", source)


def observation_id(
    subject: str, indicator: str, value: str, unit: str, period: str, kind: Kind, attribute: str, source: str
) -> str:
    """Return the id of an observed value."""
    return "observation-" + digest(subject, indicator, value, unit, period, kind.value, attribute, source)
