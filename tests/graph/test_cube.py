"""The indicator tables are a well-formed RDF Data Cube: the integrity constraints of its specification.

Each query is that of https://www.w3.org/TR/vocab-data-cube/#wf, asked of the graph and the vocabulary
after the normalisation of §10; true means that the constraint is violated.
"""

from dataclasses import replace

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from graph.model import KnowledgeGraph
from graph.rdf import prefixes, triples
from graph.terms import A, term
from ontology.schema import VOCABULARY
from tests.graph.sample import hostile, rich, sample

NORMALISE = """
INSERT { ?o rdf:type qb:Observation . } WHERE { [] qb:observation ?o . } ;
INSERT { ?o rdf:type qb:Observation . ?ds rdf:type qb:DataSet . } WHERE { ?o qb:dataSet ?ds . } ;
INSERT { ?cs qb:componentProperty ?p . ?p rdf:type qb:DimensionProperty . } WHERE { ?cs qb:dimension ?p . } ;
INSERT { ?cs qb:componentProperty ?p . ?p rdf:type qb:MeasureProperty . } WHERE { ?cs qb:measure ?p . } ;
INSERT { ?cs qb:componentProperty ?p . ?p rdf:type qb:AttributeProperty . } WHERE { ?cs qb:attribute ?p . }
"""

CONSTRAINTS = {
    "IC-1 unique data set": """ASK {
        { ?obs a qb:Observation . FILTER NOT EXISTS { ?obs qb:dataSet ?dataset1 . } }
        UNION { ?obs a qb:Observation ; qb:dataSet ?dataset1, ?dataset2 . FILTER (?dataset1 != ?dataset2) } }""",
    "IC-2 unique structure": """ASK {
        { ?dataset a qb:DataSet . FILTER NOT EXISTS { ?dataset qb:structure ?dsd . } }
        UNION { ?dataset a qb:DataSet ; qb:structure ?dsd1, ?dsd2 . FILTER (?dsd1 != ?dsd2) } }""",
    "IC-3 structure includes a measure": """ASK {
        ?dsd a qb:DataStructureDefinition .
        FILTER NOT EXISTS { ?dsd qb:component [qb:componentProperty [a qb:MeasureProperty]] } }""",
    "IC-4 dimensions have a range": """ASK {
        ?dim a qb:DimensionProperty . FILTER NOT EXISTS { ?dim rdfs:range [] } }""",
    "IC-5 concept dimensions have code lists": """ASK {
        ?dim a qb:DimensionProperty ; rdfs:range skos:Concept . FILTER NOT EXISTS { ?dim qb:codeList [] } }""",
    "IC-6 only attributes may be optional": """ASK {
        ?dsd qb:component ?componentSpec .
        ?componentSpec qb:componentRequired "false"^^xsd:boolean ; qb:componentProperty ?component .
        FILTER NOT EXISTS { ?component a qb:AttributeProperty } }""",
    "IC-11 all dimensions required": """ASK {
        ?obs qb:dataSet/qb:structure/qb:component/qb:componentProperty ?dim .
        ?dim a qb:DimensionProperty . FILTER NOT EXISTS { ?obs ?dim [] } }""",
    "IC-12 no duplicate observations": """ASK {
        FILTER( ?allEqual ) {
            SELECT (MIN(?equal) AS ?allEqual) WHERE {
                ?obs1 qb:dataSet ?dataset . ?obs2 qb:dataSet ?dataset . FILTER (?obs1 != ?obs2)
                ?dataset qb:structure/qb:component/qb:componentProperty ?dim . ?dim a qb:DimensionProperty .
                ?obs1 ?dim ?value1 . ?obs2 ?dim ?value2 . BIND( ?value1 = ?value2 AS ?equal)
            } GROUP BY ?obs1 ?obs2 } }""",
    "IC-13 required attributes": """ASK {
        ?obs qb:dataSet/qb:structure/qb:component ?component .
        ?component qb:componentRequired "true"^^xsd:boolean ; qb:componentProperty ?attr .
        FILTER NOT EXISTS { ?obs ?attr [] } }""",
    "IC-14 all measures present": """ASK {
        ?obs qb:dataSet/qb:structure ?dsd .
        FILTER NOT EXISTS { ?dsd qb:component/qb:componentProperty qb:measureType }
        ?dsd qb:component/qb:componentProperty ?measure . ?measure a qb:MeasureProperty .
        FILTER NOT EXISTS { ?obs ?measure [] } }""",
}
GRAPHS = {"sample": sample(), "rich": rich(), "hostile": hostile()}
CUBE = NamedNode(prefixes()["id"] + "cube")


def normalised(kg: KnowledgeGraph) -> Store:
    store = Store()
    store.bulk_load(path=str(VOCABULARY), format=RdfFormat.TURTLE)
    store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in triples(kg))
    store.update(NORMALISE, prefixes=prefixes())
    return store


def violated(store: Store) -> list[str]:
    return [name for name, query in CONSTRAINTS.items() if store.query(query, prefixes=prefixes())]


@pytest.mark.parametrize("name", GRAPHS)
def test_the_cube_is_well_formed(name: str) -> None:
    store = normalised(GRAPHS[name])
    assert violated(store) == []
    cells = list(store.quads_for_pattern(None, term("qb:dataSet"), CUBE))
    assert len(cells) == {"sample": 5, "rich": 5, "hostile": 0}.get(name, len(cells))


def test_dimensions_are_district_indicator_period_kind_and_document() -> None:
    query = """SELECT ?p { id:cube qb:structure/qb:component ?c . ?c qb:dimension|qb:measure ?p ; qb:order ?n }
        ORDER BY ?n"""
    names = [row[0].value.rsplit("#", 1)[-1] for row in normalised(sample()).query(query, prefixes=prefixes())]  # type: ignore[union-attr]
    assert names == ["subject", "indicator", "during", "kind", "wasDerivedFrom", "value"]


def cell(store: Store) -> NamedNode:
    return next(q.subject for q in store.quads_for_pattern(None, term("qb:dataSet"), CUBE))  # type: ignore[return-value]


BREAKS = {
    "IC-1 unique data set": lambda s: s.add(Quad(cell(s), term("qb:dataSet"), NamedNode("http://example.org/other"))),
    "IC-2 unique structure": lambda s: s.add(Quad(CUBE, term("qb:structure"), NamedNode("http://example.org/other"))),
    "IC-3 structure includes a measure": lambda s: _drop(s, NamedNode(term("plan:value").value), A),
    "IC-4 dimensions have a range": lambda s: _drop(s, term("plan:subject"), term("rdfs:range")),
    "IC-11 all dimensions required": lambda s: _drop(s, cell(s), term("plan:during")),
    "IC-14 all measures present": lambda s: _drop(s, cell(s), term("plan:value")),
}


def _drop(store: Store, subject: NamedNode, predicate: NamedNode) -> None:
    found = list(store.quads_for_pattern(subject, predicate, None))
    assert found
    for quad in found:
        store.remove(quad)


@pytest.mark.parametrize("name", BREAKS)
def test_each_constraint_sees_what_breaks_it(name: str) -> None:
    store = normalised(sample())
    BREAKS[name](store)
    assert name in violated(store)


def test_two_cells_with_the_same_dimensions_are_seen() -> None:
    store = normalised(sample())
    twin = NamedNode("http://example.org/twin")
    for quad in list(store.quads_for_pattern(cell(store), None, None)):
        store.add(Quad(twin, quad.predicate, quad.object))
    store.add(Quad(twin, term("plan:value"), Literal(1)))
    assert violated(store) == ["IC-12 no duplicate observations"]


@pytest.mark.parametrize("licence", ["", "https://example.org/terms"])
def test_the_graph_states_the_licence_that_its_maker_told(licence: str) -> None:
    stated = [t.object for t in triples(replace(sample(), licence=licence)) if t.predicate == term("dcterms:license")]
    assert stated == ([NamedNode(licence)] if licence else [])
