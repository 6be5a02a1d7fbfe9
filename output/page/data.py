"""The graph as the explorer's page carries it: one JSON object, described in `src/types.ts`.

Offsets leave Python as UTF-16 code units, because that is how JavaScript slices strings; the
page turns them back into code points wherever a person reads them. Quotes are not repeated:
the page cuts them out of the document's text, so what it shows is what the document says. Only an
overview (`output.page.overview`) has no texts: its quotes hold their words and code points.
"""

import json
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pyoxigraph

from extract.span import Span
from graph.model import Claim, Entity, KnowledgeGraph, ObservedValue, Quote, Source
from graph.pinyin import pinyin
from ontology.schema import NAMESPACE, VOCABULARY, EntityType, Kind, Predicate, Status
from output.page.layout import MapLayout, lay_out_map
from output.page.overview import Whole, listed

Json = dict[str, Any]


class Offsets:
    """Turns code point offsets of a text into UTF-16 offsets.

    >>> Offsets("a🏭b").utf16(2)
    3
    """

    def __init__(self, text: str) -> None:
        self._astral = [i for i, c in enumerate(text) if ord(c) > 0xFFFF] if max(text, default="") > "\uffff" else []

    def utf16(self, offset: int) -> int:
        """Return the UTF-16 offset of a code point offset."""
        return offset + bisect_left(self._astral, offset)

    def pair(self, span: Span | None) -> list[int] | None:
        """Return `[start, end]` in UTF-16 units, or None."""
        return None if span is None else [self.utf16(span.start), self.utf16(span.end)]


class _Table:
    """Numbers distinct values in the order in which they come."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._index: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        if value not in self._index:
            self._index[value] = len(self.values)
            self.values.append(value)
        return self._index[value]


class _Encoder:
    """Encodes one graph; holds the tables that statements refer to by number."""

    def __init__(self, kg: KnowledgeGraph, layout: MapLayout, whole: Whole | None) -> None:
        self.kg, self.layout, self.whole = kg, layout, whole
        self.sources = listed(kg) if whole else kg.sources
        self.documents = {source.id: i for i, source in enumerate(self.sources)}
        self.entities = {entity.id: i for i, entity in enumerate(kg.entities)}
        self.offsets = {} if whole else {source.id: Offsets(source.raw) for source in kg.sources}
        self.sections, self.rules = _Table(), _Table()

    def quote(self, quote: Quote) -> Json:
        found: Json = {"d": self.documents.get(quote.doc, -1), "r": self.rules.number(quote.rule)}
        found["s"] = self.sections.number(quote.section)
        if quote.page is not None:
            found["p"] = quote.page
        if quote.doc not in self.offsets:
            return found | {"x": quote.exact, "k": [quote.span.start, quote.span.end]}
        offsets = self.offsets[quote.doc]
        found["q"] = offsets.pair(quote.span)
        for key, span in (("a", quote.subject), ("b", quote.object)):
            if span is not None:
                found[key] = offsets.pair(span)
        return found

    def entity(self, entity: Entity) -> Json:
        place = self.layout.places[entity.id]
        initials, full = pinyin(entity.name)
        found: Json = {"i": entity.id, "t": entity.type.value, "n": entity.name}
        found |= {"x": round(place.x, 1), "y": round(place.y, 1), "z": round(place.size, 2)}
        optional: Json = {"a": entity.aliases, "c": entity.code, "s": entity.scope, "l": entity.links}
        optional |= {"py": initials, "pf": full}
        optional |= {"w": self.whole.weight.get(entity.id, 0)} if self.whole else {"m": self.occurrences(entity)}
        optional["g"] = [[m.surface, m.into, m.reason, m.score] for m in entity.merges]
        return found | {key: value for key, value in optional.items() if value}

    def occurrences(self, entity: Entity) -> list[int]:
        """Return document, start, end of every occurrence, three numbers each."""
        flat: list[int] = []
        for mention in entity.occurrences:
            if mention.doc in self.documents:
                offsets = self.offsets[mention.doc]
                flat += [self.documents[mention.doc], offsets.utf16(mention.span.start)]
                flat.append(offsets.utf16(mention.span.end))
        return flat

    def claim(self, claim: Claim) -> Json:
        found: Json = {"i": claim.id, "s": self.entities[claim.subject], "p": claim.predicate.value}
        found |= {"o": self.entities[claim.object], "d": self.documents.get(claim.source, -1)}
        found |= self.evidence(claim)
        if claim.source not in self.documents:
            found["src"] = claim.source
        if claim.status is not None:
            found["t"] = claim.status.value
        if claim.period:
            found["y"] = claim.period
        if claim.confidence != 1.0:
            found["c"] = round(claim.confidence, 3)
        return found

    def evidence(self, statement: Claim | ObservedValue) -> Json:
        """Return the quotes, and their number where an overview holds only some."""
        found: Json = {"e": [self.quote(quote) for quote in statement.evidence]}
        told = self.whole.quotes.get(statement.id, 0) if self.whole else 0
        return found | ({"m": told} if told > len(statement.evidence) else {})

    def observation(self, value: ObservedValue) -> Json:
        found: Json = {"i": value.id, "s": self.entities[value.subject], "n": self.entities[value.indicator]}
        found |= {"v": value.value, "u": value.unit, "y": value.period, "k": value.kind.value}
        found |= {"d": self.documents.get(value.source, -1), **self.evidence(value)}
        if value.attribute:
            found["a"] = value.attribute
        if value.confidence != 1.0:
            found["c"] = round(value.confidence, 3)
        return found


def page_data(kg: KnowledgeGraph, whole: Whole | None = None) -> Json:
    """Return everything the page shows, as JSON-ready values in a fixed order.

    `whole` tells that the graph is an overview, and of what; texts and mentions are left out then.
    Raises KeyError when a statement names an entity that the graph does not hold.
    """
    layout = lay_out_map(kg, whole.weight if whole else None)
    encoder = _Encoder(kg, layout, whole)
    return {
        "version": 1,
        "base": kg.base,
        "vocabulary": vocabulary(),
        "documents": [source_data(source) | ({} if whole else {"text": source.raw}) for source in encoder.sources],
        "entities": [encoder.entity(entity) for entity in kg.entities],
        "claims": [encoder.claim(claim) for claim in kg.claims],
        "observations": [encoder.observation(value) for value in kg.observations],
        "sections": encoder.sections.values,
        "rules": encoder.rules.values,
        "islands": _islands(layout),
    } | ({"total": _total(whole)} if whole else {})


def _total(whole: Whole) -> Json:
    return {name: getattr(whole, name) for name in ("entities", "claims", "observations", "documents")}


def to_json(data: Json) -> str:
    """Return JSON that may stand inside a `<script type="application/json">` element.

    `<` is escaped, so that no text of a document can end the element or open a comment, and so
    are lone surrogates and the two line separators that old parsers trip over.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in text) if _lone(text) else text


def _lone(text: str) -> bool:
    """Return whether the text holds a surrogate, which UTF-8 cannot encode."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def source_data(source: Source) -> Json:
    """Return what the page knows of a document but its text."""
    meta = source.meta
    return {
        "i": source.id,
        "title": meta.title,
        "kind": meta.kind.value,
        "district": meta.district,
        "code": meta.code,
        "adopted": meta.adopted.isoformat() if meta.adopted else "",
        "period": meta.period,
        "issuer": meta.issuer,
        "sha256": source.sha256,
    }


def _islands(layout: MapLayout) -> list[Json]:
    return [
        {
            "n": island.district,
            "c": [round(island.circle.x, 1), round(island.circle.y, 1), round(island.circle.r, 1)],
            "k": island.count,
            "t": [
                [d.type.value, round(d.circle.x, 1), round(d.circle.y, 1), round(d.circle.r, 1), d.count]
                for d in island.discs
            ],
        }
        for island in layout.islands
    ]


@lru_cache(maxsize=1)
def vocabulary() -> Json:
    """Return the Chinese and English labels and comments of types, relations, statuses and kinds."""
    store = pyoxigraph.Store()
    store.load(path=str(VOCABULARY), format=pyoxigraph.RdfFormat.TURTLE)
    groups: dict[str, Sequence[EntityType] | Sequence[Predicate] | Sequence[Status] | Sequence[Kind]]
    groups = {"types": list(EntityType), "predicates": list(Predicate), "statuses": list(Status), "kinds": list(Kind)}
    return {
        name: [{"i": member.value, **_words(store, member.value)} for member in members]
        for name, members in groups.items()
    }


def _words(store: pyoxigraph.Store, name: str) -> Json:
    node = pyoxigraph.NamedNode(NAMESPACE + name)
    found: Json = {}
    for key, prop in (("", "label"), ("_note", "comment")):
        iri = pyoxigraph.NamedNode(f"http://www.w3.org/2000/01/rdf-schema#{prop}")
        for quad in store.quads_for_pattern(node, iri, None):
            if isinstance(quad.object, pyoxigraph.Literal) and quad.object.language in ("zh", "en"):
                found[quad.object.language + key] = quad.object.value
    return dict(sorted(found.items())) or {"zh": name, "en": name}
