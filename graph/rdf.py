"""The knowledge graph as RDF 1.1 triples, without blank nodes.

Direct triples (`subject predicate object`) keep simple queries simple. Beside each stands a
`plan:Claim` (an `rdf:Statement`) with status, confidence, document (PROV) and evidence (Web
Annotation: `oa:SpecificResource` with `oa:TextPositionSelector` and `oa:TextQuoteSelector`).
IRIs are made from content, so that two builds of the same texts give the same triples.
"""

from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple

from extract.span import Span
from graph.dataset import Census, dataset_rows, in_cube
from graph.digest import DIGEST, distinct
from graph.model import Claim, Entity, KnowledgeGraph, NearMiss, ObservedValue, Quote, Source
from graph.row import Row, Statement
from graph.terms import A, Names, bounded, chinese, date_, decimal, digest, english, integer, prefixes, term, text
from graph.values import period_rows, unit_rows
from ontology.industries import classification
from ontology.schema import EntityType
from ontology.units import unit

# Nodes that several statements share and that were told already, with the documents they lie in and that speak of them.
_Told = set[tuple[str, ...]]
_KEPT = 100_000  # of these; what was forgotten is told again

__all__ = ["Row", "documented", "prefixes", "quads", "rows", "statements", "triples"]


def triples(kg: KnowledgeGraph) -> Iterator[Triple]:
    """Yield each triple of the graph once, in an order that depends on the graph only.

    Every term is an IRI or a literal. The last triple is the digest of all others (`plan:digest`).
    Raises KeyError when a statement quotes a document that is not among `kg.sources`.
    """
    return (Triple(*statement) for statement in statements(kg))


def statements(kg: KnowledgeGraph) -> list[Statement]:
    """Return `triples(kg)` as plain tuples."""
    found, digest_ = distinct(rows(kg))
    return [*found, (Names(kg.base).entity("dataset"), DIGEST, text(digest_))]


def quads(kg: KnowledgeGraph) -> Iterator[Quad]:
    """Yield each triple in the named graph (the document's IRI) of every document that says it.

    What no document says (names, merges, reference data) stands in the default graph.
    """
    names = Names(kg.base)
    graphs: dict[str, NamedNode | DefaultGraph] = {s.id: names.source(s.id) for s in kg.sources}
    graphs[""] = DefaultGraph()
    return (Quad(row.subject, row.predicate, row.object, graphs[row.doc]) for row in documented(kg))


def documented(kg: KnowledgeGraph) -> list[Row]:
    """Return each triple once for every document that says it, and the digest of all."""
    seen = list(dict.fromkeys(rows(kg)))
    _, digest_ = distinct(seen)
    return [*seen, Row(Names(kg.base).entity("dataset"), DIGEST, text(digest_))]


def rows(kg: KnowledgeGraph) -> Iterator[Row]:
    """Yield the triples with the document that says each; shared nodes may come more than once."""
    names = Names(kg.base)
    yield from thing_rows(kg, names)
    yield from said_rows(kg, names)


def thing_rows(kg: KnowledgeGraph, names: Names) -> Iterator[Row]:
    """Yield the first part of the rows: of the dataset, documents, entities and mentions."""
    yield from dataset_rows(Census.of(kg), names)
    for source in kg.sources:
        own = own_district(source, kg)
        yield from source_rows(source, own.id if own else "", names)
    for entity in kg.entities:
        yield from entity_rows(entity, names)
        yield from mention_rows(entity, names, kg.source_by_id)
    yield from class_rows((m.code for e in kg.entities for m in e.mappings), names)
    for miss in kg.near_misses:
        yield from near_miss_rows(miss, names)


def said_rows(kg: KnowledgeGraph, names: Names) -> Iterator[Row]:
    """Yield the other part: claims, observations and what they need. No mention is a subject here."""
    yield from statement_rows(kg, names)
    periods = [c.period for c in kg.claims] + [o.period for o in kg.observations]
    yield from period_rows(periods, names)
    yield from unit_rows((o.unit for o in kg.observations), names)


def statement_rows(kg: KnowledgeGraph, names: Names) -> Iterator[Row]:
    """Yield the claims and observations of a graph; only their `sources`, which they quote, are looked at besides."""
    told: _Told = set()
    hashes = {source.id: source.sha256 for source in kg.sources}
    cube = in_cube(kg.observations)
    for claim in kg.claims:
        yield from _claim(claim, names, hashes, told)
    for observation in kg.observations:
        yield from _observation(observation, names, hashes, told, observation.id in cube)


def own_district(source: Source, kg: KnowledgeGraph) -> Entity | None:
    """Return the entity of the document's own district: by official code, else by name; None if absent."""
    districts = [e for e in kg.entities if e.type is EntityType.DISTRICT]
    if source.meta.code:
        for district in districts:
            if district.code == source.meta.code:
                return district
    named = (e for e in districts if source.meta.district in (e.name, *e.aliases))
    return next(named, None)


def source_rows(source: Source, own: str, names: Names) -> Iterator[Row]:
    """Yield what is known of a document; `own` is the id of its own district's entity, "" if there is none."""
    iri, meta = names.source(source.id), source.meta
    yield Row(iri, A, term("plan:Document"))
    yield Row(iri, term("dcterms:identifier"), text(source.id))
    yield Row(iri, term("dcterms:title"), chinese(meta.title))
    yield Row(iri, term("dcterms:type"), english(meta.kind.value))
    yield Row(iri, term("plan:districtName"), chinese(meta.district))
    yield Row(iri, term("plan:sha256"), text(source.sha256))
    yield Row(iri, term("plan:file"), text(f"text/{source.file}"))
    if own:
        yield Row(iri, term("plan:ownDistrict"), names.entity(own))
    if meta.code:
        yield Row(iri, term("plan:districtCode"), text(meta.code))
    if meta.adopted:
        yield Row(iri, term("dcterms:issued"), date_(meta.adopted))
    if meta.period:
        yield Row(iri, term("plan:planningPeriod"), text(meta.period))
    if meta.issuer:
        yield Row(iri, term("plan:issuer"), chinese(meta.issuer))


def entity_rows(entity: Entity, names: Names) -> Iterator[Row]:
    """Yield an entity with its names, links and reasons, and the documents that mention it."""
    iri = names.entity(entity.id)
    yield Row(iri, A, term(f"plan:{entity.type.value}"))
    yield Row(iri, term("rdfs:label"), chinese(entity.name))
    for alias in entity.aliases:
        yield Row(iri, term("skos:altLabel"), chinese(alias))
    for doc in entity.documents:
        yield Row(iri, term("plan:mentionedIn"), names.source(doc), doc)
    if entity.scope:
        yield Row(iri, term("plan:scope"), text(entity.scope))
    if entity.code:
        yield Row(iri, term("plan:code"), text(entity.code))
    if entity.key:
        yield Row(iri, term("plan:key"), text(entity.key))
    for link in entity.links:
        yield Row(iri, term("schema:sameAs"), NamedNode(link))
    for code in entity.candidates:
        yield Row(iri, term("plan:candidateCode"), text(code))
    if entity.unmapped:
        yield Row(iri, term("plan:unmapped"), text(entity.unmapped))
    yield from _reasons(entity, iri, names)


def _reasons(entity: Entity, iri: NamedNode, names: Names) -> Iterator[Row]:
    """Yield why surfaces were merged and industries were mapped."""
    for merge in entity.merges:
        node = names.of("merge", digest(entity.id, merge.surface, merge.into, merge.reason))
        yield Row(node, A, term("plan:Merge"))
        yield Row(node, term("plan:mergedInto"), iri)
        yield Row(node, term("plan:surface"), chinese(merge.surface))
        yield Row(node, term("plan:joinedTo"), chinese(merge.into))
        yield Row(node, term("plan:reason"), text(merge.reason))
        yield Row(node, term("plan:confidence"), decimal(merge.score))
    for mapping in entity.mappings:
        target, relation = names.of("gbt4754", mapping.code), term(f"skos:{mapping.relation}")
        yield Row(iri, relation, target)
        node = names.of("mapping", digest(entity.id, mapping.code, mapping.relation, mapping.reason))
        yield Row(node, A, term("plan:Mapping"))
        yield Row(node, term("rdf:subject"), iri)
        yield Row(node, term("rdf:predicate"), relation)
        yield Row(node, term("rdf:object"), target)
        yield Row(node, term("plan:reason"), text(mapping.reason))
        yield Row(node, term("plan:confidence"), decimal(mapping.score))


def mention_rows(entity: Entity, names: Names, sources: Mapping[str, Source]) -> Iterator[Row]:
    """Yield every mention of an entity; the sources are by document id."""
    iri = names.entity(entity.id)
    for found in entity.occurrences:
        source = sources[found.doc]
        node, exact = names.mention(source.sha256, found.span), found.span.of(source.raw)
        yield Row(node, A, term("plan:Mention"), found.doc)
        yield Row(node, term("oa:hasSource"), names.source(found.doc), found.doc)
        yield Row(node, term("oa:start"), integer(found.span.start), found.doc)
        yield Row(node, term("oa:end"), integer(found.span.end), found.doc)
        yield Row(node, term("oa:exact"), text(exact), found.doc)
        if found.surface != exact:
            yield Row(node, term("plan:surface"), text(found.surface), found.doc)
        yield Row(node, term("plan:refersTo"), iri, found.doc)
        yield Row(node, term("plan:confidence"), decimal(found.confidence), found.doc)


def class_rows(codes: Iterable[str], names: Names) -> Iterator[Row]:
    """Yield classes of GB/T 4754, to which industries are mapped, with all classes above them."""
    table = classification()
    todo = sorted(set(codes))
    done: set[str] = set()
    while todo:
        code = todo.pop()
        if code in done or code not in table:
            continue
        done.add(code)
        node = names.of("gbt4754", code)
        yield Row(node, A, term("skos:Concept"))
        yield Row(node, term("skos:inScheme"), names.of("reference", "industries"))
        yield Row(node, term("skos:notation"), text(code))
        yield Row(node, term("skos:prefLabel"), chinese(table[code].name))
        if parent := table[code].parent:
            yield Row(node, term("skos:broader"), names.of("gbt4754", parent))
            todo.append(parent)


def near_miss_rows(miss: NearMiss, names: Names) -> Iterator[Row]:
    """Yield a pair of entities that look alike and were kept apart."""
    node = names.of("nearmiss", digest(miss.one, miss.other, miss.reason))
    yield Row(node, A, term("plan:NearMiss"))
    yield Row(node, term("plan:one"), names.entity(miss.one))
    yield Row(node, term("plan:other"), names.entity(miss.other))
    yield Row(node, term("plan:reason"), text(miss.reason))
    yield Row(node, term("plan:confidence"), decimal(miss.score))


def _claim(claim: Claim, names: Names, hashes: dict[str, str], told: _Told) -> Iterator[Row]:
    doc = "" if claim.is_reference else claim.source
    subject, obj = names.entity(claim.subject), names.entity(claim.object)
    predicate = term(f"plan:{claim.predicate.value}")
    yield Row(subject, predicate, obj, doc)
    node = names.of("claim", claim.id)
    yield Row(node, A, term("plan:Claim"), doc)
    yield Row(node, term("rdf:subject"), subject, doc)
    yield Row(node, term("rdf:predicate"), predicate, doc)
    yield Row(node, term("rdf:object"), obj, doc)
    yield Row(node, term("prov:wasDerivedFrom"), names.source(claim.source), doc)
    yield Row(node, term("plan:confidence"), decimal(claim.confidence), doc)
    if claim.status:
        yield Row(node, term("plan:status"), term(f"plan:{claim.status.value}"), doc)
    if claim.rule:
        yield Row(node, term("plan:referenceRule"), text(claim.rule), doc)
    yield from _period(node, claim.period, names, doc)
    for quote in claim.evidence:
        yield from _evidence(node, quote, names, hashes[quote.doc], doc, told)


def _observation(
    seen: ObservedValue, names: Names, hashes: dict[str, str], told: _Told, in_cube: bool
) -> Iterator[Row]:
    doc = seen.source
    node = names.of("observation", seen.id)
    yield Row(node, A, term("plan:Observation"), doc)
    if in_cube:
        yield Row(node, A, term("qb:Observation"), doc)
        yield Row(node, term("qb:dataSet"), names.entity("cube"), doc)
    yield Row(node, term("plan:subject"), names.entity(seen.subject), doc)
    yield Row(node, term("plan:indicator"), names.entity(seen.indicator), doc)
    yield Row(node, term("plan:valueText"), text(seen.value), doc)
    if split := bounded(seen.value):
        yield Row(node, term("plan:value"), decimal(split[1]), doc)
        if seen.unit:
            yield Row(node, term("plan:amount"), decimal(split[1] * unit(seen.unit).factor), doc)
        if split[0]:
            yield Row(node, term("plan:bound"), text(split[0]), doc)
    if seen.unit:
        yield Row(node, term("plan:unit"), text(seen.unit), doc)
        yield Row(node, term("plan:hasUnit"), names.of("unit", seen.unit), doc)
    yield Row(node, term("plan:kind"), term(f"plan:{seen.kind.value}"), doc)
    if seen.attribute:
        yield Row(node, term("plan:attribute"), text(seen.attribute), doc)
    yield Row(node, term("prov:wasDerivedFrom"), names.source(doc), doc)
    yield Row(node, term("plan:confidence"), decimal(seen.confidence), doc)
    yield from _period(node, seen.period, names, doc)
    for quote in seen.evidence:
        yield from _evidence(node, quote, names, hashes[quote.doc], doc, told)


def _period(node: NamedNode, period: str, names: Names, doc: str) -> Iterator[Row]:
    if period:
        yield Row(node, term("plan:period"), text(period), doc)
        yield Row(node, term("plan:during"), names.of("period", period), doc)


def _evidence(statement: NamedNode, quote: Quote, names: Names, sha256: str, doc: str, told: _Told) -> Iterator[Row]:
    node = names.evidence(sha256, quote)
    yield Row(statement, term("plan:evidence"), node, doc)
    yield Row(node, A, term("oa:SpecificResource"), doc)
    yield Row(node, term("oa:hasSource"), names.source(quote.doc), doc)
    position, words = names.position(quote.span), names.of("quote", digest(quote.exact))
    yield Row(node, term("oa:hasSelector"), position, doc)
    yield Row(node, term("oa:hasSelector"), words, doc)
    if _is_new(told, position.value, doc):
        yield Row(position, A, term("oa:TextPositionSelector"), doc)
        yield Row(position, term("oa:start"), integer(quote.span.start), doc)
        yield Row(position, term("oa:end"), integer(quote.span.end), doc)
    if _is_new(told, words.value, doc):
        yield Row(words, A, term("oa:TextQuoteSelector"), doc)
        yield Row(words, term("oa:exact"), text(quote.exact), doc)
    yield Row(node, term("plan:rule"), text(quote.rule), doc)
    if quote.page is not None:
        yield Row(node, term("plan:page"), integer(quote.page), doc)
    sides: tuple[tuple[str, Span | None], ...] = (("subject", quote.subject), ("object", quote.object))
    for side, span in sides:
        if span:
            yield Row(node, term(f"plan:{side}Mention"), names.mention(sha256, span), doc)
    if quote.section:
        section = names.section(sha256, quote.section)
        yield Row(node, term("plan:inSection"), section, doc)
        if _is_new(told, section.value, quote.doc, doc):
            yield from _sections(quote, names, sha256, doc)


def _is_new(told: _Told, *node: str) -> bool:
    """Return whether a shared node is still to be told, and remember that it now is."""
    if node in told:
        return False
    if len(told) >= _KEPT:
        told.clear()
    told.add(node)
    return True


def _sections(quote: Quote, names: Names, sha256: str, doc: str) -> Iterator[Row]:
    above = names.source(quote.doc)
    for depth, heading in enumerate(quote.section, 1):
        node = names.section(sha256, quote.section[:depth])
        yield Row(node, A, term("plan:Section"), doc)
        yield Row(node, term("rdfs:label"), chinese(heading), doc)
        yield Row(node, term("dcterms:isPartOf"), above, doc)
        above = node
