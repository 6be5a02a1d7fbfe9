"""The triples, and their two equivalent forms."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Store, Triple, serialize

from extract.span import Span
from graph.digest import DIGEST, graph_digest, stated_digests
from graph.interop import to_rdflib
from graph.rdf import documented, own_district, quads, statements, triples
from graph.reification import to_rdf11, to_rdf12
from graph.terms import Names, bounded, decimal, prefixes, term
from graph.values import years
from ontology.schema import Predicate
from tests.graph.sample import MIDONG, URUMQI, entity_id, hostile, rich, sample

GRAPHS = {"sample": sample(), "rich": rich(), "hostile": hostile()}
NAMES = Names()


def id_of(name: str) -> NamedNode:
    return NAMES.entity(next(e.id for e in sample().entities if e.name == name))


def objects(graph: set[Triple], subject: NamedNode, predicate: str) -> set[str]:
    return {t.object.value for t in graph if t.subject == subject and t.predicate == term(predicate)}


@pytest.mark.parametrize("name", GRAPHS)
def test_no_blank_nodes_and_no_repetition(name: str) -> None:
    found = list(triples(GRAPHS[name]))
    assert len(found) == len(set(found)) > 400
    assert not any(isinstance(node, BlankNode) for t in found for node in (t.subject, t.object))


def test_an_entity() -> None:
    graph = set(triples(sample()))
    park = id_of("米东化工工业园")
    assert objects(graph, park, "rdf:type") == {"https://w3id.org/plankg/ns#Park"}
    assert objects(graph, park, "rdfs:label") == {"米东化工工业园"}
    assert objects(graph, park, "skos:altLabel") == {"化工工业园"}
    assert objects(graph, park, "plan:scope") == {"650109"}
    docs = {f"https://w3id.org/plankg/id/doc/{d}" for d in (MIDONG, URUMQI)}
    assert objects(graph, park, "plan:mentionedIn") == docs
    industries = {id_of("石油化工").value, id_of("生物医药产业").value}
    assert objects(graph, park, "plan:develops") == industries


def test_a_claim_and_its_evidence() -> None:
    kg = sample()
    graph = set(triples(kg))
    claim = next(c for c in kg.claims if c.predicate is Predicate.IMPLEMENTS and c.status == "sought")
    node = NAMES.of("claim", claim.id)
    assert objects(graph, node, "rdf:subject") == {id_of("米东区").value}
    assert objects(graph, node, "rdf:predicate") == {"https://w3id.org/plankg/ns#implements"}
    assert objects(graph, node, "rdf:object") == {id_of("国家服务贸易试点区").value}
    assert objects(graph, node, "plan:status") == {"https://w3id.org/plankg/ns#sought"}
    assert objects(graph, node, "plan:confidence") == {"0.9"}
    assert objects(graph, node, "prov:wasDerivedFrom") == {f"https://w3id.org/plankg/id/doc/{MIDONG}"}
    (evidence,) = objects(graph, node, "plan:evidence")
    selectors = objects(graph, NamedNode(evidence), "oa:hasSelector")
    found = {
        p: v for s in selectors for p in ("oa:start", "oa:end", "oa:exact") for v in objects(graph, NamedNode(s), p)
    }
    raw = kg.source_by_id[MIDONG].raw
    assert found["oa:exact"] == "争取国家服务贸易试点区" == raw[int(found["oa:start"]) : int(found["oa:end"])]
    assert objects(graph, NamedNode(evidence), "plan:subjectMention") == set()  # @doc has no words
    (mention,) = objects(graph, NamedNode(evidence), "plan:objectMention")
    assert objects(graph, NamedNode(mention), "oa:exact") == {"国家服务贸易试点区"}
    assert objects(graph, NamedNode(mention), "plan:refersTo") == {id_of("国家服务贸易试点区").value}
    assert Triple(id_of("米东区"), term("plan:implements"), id_of("国家服务贸易试点区")) in graph


# value in the GUIDE's notation, unit: number, bound, amount
VALUES = [
    ("341.4", "亿元", "341.4", None, "34140000000.0"),
    (">=80", "%", "80.0", ">=", "80.0"),
    ("<=4.5", "%", "4.5", "<=", "4.5"),
    ("-40", "%", "-40.0", None, "-40.0"),
    ("3.88", "", "3.88", None, None),
    ("高于GDP增长", "", None, None, None),
]


@pytest.mark.parametrize(("value", "unit", "number", "bound", "amount"), VALUES)
def test_an_observation(value: str, unit: str, number: str | None, bound: str | None, amount: str | None) -> None:
    kg = sample()
    changed = replace(kg.observations[0], value=value, unit=unit)
    graph = set(triples(replace(kg, observations=(changed,))))
    node = NAMES.of("observation", changed.id)
    assert objects(graph, node, "plan:valueText") == {value}
    for name, expected in (("plan:value", number), ("plan:bound", bound), ("plan:amount", amount)):
        assert objects(graph, node, name) == ({expected} if expected else set()), name


def test_the_cube_holds_no_contradictions() -> None:
    kg = sample()
    first = next(o for o in kg.observations if o.value == "341.4")
    again = replace(first, id="observation-0000000000000000", value="350")
    count = sum(t.object == term("qb:Observation") for t in triples(kg))
    both = replace(kg, observations=tuple(sorted([*kg.observations, again], key=lambda o: o.id)))
    assert count == 5  # one has words for a value, two have no period
    assert sum(t.object == term("qb:Observation") for t in triples(both)) == count - 1


def test_reference_claims_have_a_rule_and_no_evidence() -> None:
    graph = set(triples(rich()))
    node = NAMES.of("claim", "claim-0000000000000000")
    assert objects(graph, node, "plan:referenceRule") == {"list/parent"}
    assert objects(graph, node, "plan:evidence") == set()
    assert objects(graph, node, "prov:wasDerivedFrom") == {"https://w3id.org/plankg/id/reference/divisions"}


def test_mapped_industries_bring_the_classes_above() -> None:
    graph = set(triples(rich()))
    oil = id_of("石油化工")
    assert objects(graph, oil, "skos:closeMatch") == {"https://w3id.org/plankg/id/gbt4754/C25"}
    assert objects(graph, NAMES.of("gbt4754", "C25"), "skos:broader") == {"https://w3id.org/plankg/id/gbt4754/C"}
    assert objects(graph, NAMES.of("gbt4754", "C"), "skos:prefLabel") == {"制造业"}


def test_named_graphs_hold_what_each_document_says() -> None:
    kg = sample()
    found = list(quads(kg))
    assert {q.triple for q in found} == set(triples(kg))
    store = Store()
    store.extend(found)
    rows = store.query(
        "SELECT (COUNT(*) AS ?n) { GRAPH <https://w3id.org/plankg/id/doc/urumqi-plan> { ?c a plan:Claim } }",
        prefixes=prefixes(),
    )
    assert [row["n"].value for row in rows] == ["4"]  # type: ignore[union-attr, index]
    labels = [q for q in found if q.predicate == term("rdfs:label") and "/id/district" in q.subject.value]
    assert labels
    assert all(q.graph_name == DefaultGraph() for q in labels)
    assert len(documented(kg)) == len(found)


def test_the_order_of_the_model_does_not_matter() -> None:
    kg = rich()
    rng = random.Random(3)

    def shuffled(values: tuple) -> tuple:  # type: ignore[type-arg]
        return tuple(rng.sample(values, len(values)))

    mixed = replace(
        kg,
        sources=shuffled(kg.sources),
        entities=kg.entities,
        claims=shuffled(kg.claims),
        observations=shuffled(kg.observations),
    )
    assert set(triples(mixed)) == set(triples(kg))


def test_iris_stay_when_a_document_is_added() -> None:
    kg = sample()
    alone = replace(
        kg,
        sources=kg.sources[:1],
        claims=tuple(c for c in kg.claims if c.source == MIDONG),
        observations=tuple(o for o in kg.observations if o.source == MIDONG),
        entities=tuple(replace(e, occurrences=tuple(o for o in e.occurrences if o.doc == MIDONG)) for e in kg.entities),
    )
    one, both = ({t.subject.value for t in triples(g)} for g in (alone, kg))
    assert {iri for iri in one if "/dataset" not in iri} <= both


def test_the_own_district_is_found_by_code_then_by_name() -> None:
    kg = sample()
    midong, urumqi = kg.sources
    assert own_district(midong, kg).name == "米东区"  # type: ignore[union-attr]
    coded = replace(urumqi, meta=replace(urumqi.meta, code="650109"))
    assert own_district(coded, kg).name == "米东区"  # type: ignore[union-attr]
    unknown = replace(urumqi, meta=replace(urumqi.meta, code="", district="和田市"))
    assert own_district(unknown, kg) is None


@pytest.mark.parametrize("name", GRAPHS)
def test_both_forms_of_rdf_convert_without_loss(name: str) -> None:
    graph = set(triples(GRAPHS[name]))
    new = set(to_rdf12(graph))
    assert set(to_rdf11(new)) == graph
    assert set(to_rdf12(to_rdf11(new))) == new
    claims = len(GRAPHS[name].claims) + sum(len(e.mappings) for e in GRAPHS[name].entities)
    assert len(graph) - len(new) == 2 * claims  # three triples became one


def test_incomplete_statements_are_left_as_they_are() -> None:
    node, a, b = (NamedNode(f"http://example.org/{x}") for x in ("x", "a", "b"))
    half = [Triple(node, term("rdf:subject"), a), Triple(node, term("rdf:predicate"), term("plan:partOf"))]
    double = [*half, Triple(node, term("rdf:object"), a), Triple(node, term("rdf:object"), b)]
    assert set(to_rdf12(half)) == set(half)
    assert set(to_rdf12(double)) == set(double)


def test_the_digest_is_of_all_other_triples() -> None:
    graph = list(triples(sample()))
    assert [d for _, d in stated_digests(graph)] == [graph_digest(graph)]
    assert graph[-1].predicate == DIGEST
    assert graph_digest(reversed(graph)) == graph_digest(graph)
    store = Store()
    store.extend(quads(sample()))
    kept = {q.triple for q in store}
    assert kept != set(graph)  # the store spells 35.0 as 35 …
    assert graph_digest(kept) == graph_digest(graph)  # … which is the same number
    for index in range(0, len(graph) - 1, 97):
        assert graph_digest(graph[:index] + graph[index + 1 :]) != graph_digest(graph)


def test_to_rdflib_is_isomorphic() -> None:
    for kg in GRAPHS.values():
        lines = serialize(triples(kg), format=RdfFormat.N_TRIPLES)
        assert set(to_rdflib(triples(kg))) == set(rdflib.Graph().parse(data=lines, format="nt"))


def test_triple_terms_need_conversion_for_rdflib() -> None:
    with pytest.raises(ValueError, match=r"convert to RDF 1\.1 first"):
        to_rdflib(to_rdf12(triples(sample())))


def test_an_unknown_source_is_an_error() -> None:
    with pytest.raises(KeyError, match=MIDONG):
        statements(replace(sample(), sources=()))


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(0, 10**9))
def test_any_name_gives_an_iri_that_reads_back(local: str, number: int) -> None:
    iri = NAMES.of("doc", local)
    assert NAMES.local(iri.value, "doc") == local
    assert NAMES.position(Span(number, number + 1)).value.endswith(f"/position/{number}-{number + 1}")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_decimals_keep_their_value(number: Decimal) -> None:
    shown = decimal(number).value
    assert Decimal(shown) == number
    assert "E" not in shown
    assert "." in shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("35", ("", "35")),
        (">95", (">", "95")),
        ("<=-3.5", ("<=", "-3.5")),
        ("+2", ("", "+2")),
        ("约35", None),
        ("", None),
    ],
)
def test_bounded(text: str, expected: tuple[str, str] | None) -> None:
    assert bounded(text) == (expected and (expected[0], Decimal(expected[1])))


@pytest.mark.parametrize(
    ("period", "expected"), [("2020", (2020, 2020)), ("2016-2020", (2016, 2020)), ("", None), ("“十四五”末", None)]
)
def test_years(period: str, expected: tuple[int, int] | None) -> None:
    assert years(period) == expected


def test_sample_is_what_it_says() -> None:
    kg = sample()
    assert (len(kg.entities), len(kg.claims), len(kg.observations)) == (27, 18, 8)
    assert entity_id(kg.entities[0].type, kg.entities[0].name) == kg.entities[0].id
    for quote in (q for s in (*kg.claims, *kg.observations) for q in s.evidence):
        assert quote.span.of(kg.source_by_id[quote.doc].raw) == quote.exact
    assert isinstance(next(iter(triples(kg))).subject, NamedNode)
    assert Literal("x") != Literal("x", language="zh")
