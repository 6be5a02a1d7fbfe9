"""The vocabulary against the enums, its own examples, and the shapes."""

import re
from collections import defaultdict

import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from rdflib import OWL, RDF, RDFS, SH, SKOS

from graph.shapes import violations
from graph.terms import prefixes, term
from ontology.schema import (
    NAMESPACE,
    SHAPES,
    STATUS_PREDICATES,
    VOCABULARY,
    EntityType,
    Kind,
    Predicate,
    Status,
    signatures,
)

PLAN = rdflib.Namespace(NAMESPACE)
GRAPH = rdflib.Graph().parse(VOCABULARY)
SHAPES_GRAPH = rdflib.Graph().parse(SHAPES)
TERMS = sorted(
    {
        str(s).removeprefix(NAMESPACE)
        for s in GRAPH.subjects(RDFS.label)
        if str(s).startswith(NAMESPACE) and not str(s).removeprefix(NAMESPACE).startswith(("sig-", "component-"))
    }
)


def names(nodes: object) -> set[str]:
    return {str(node).removeprefix(NAMESPACE) for node in nodes}  # type: ignore[attr-defined]


def test_enums_are_the_vocabularys() -> None:
    assert names(GRAPH.subjects(RDFS.subClassOf, PLAN.Entity)) == set(EntityType)
    assert names(GRAPH.subjects(RDFS.subPropertyOf, PLAN.relation)) == set(Predicate)
    assert names(GRAPH.subjects(RDF.type, PLAN.Status)) == set(Status)
    assert names(GRAPH.subjects(RDF.type, PLAN.Kind)) == set(Kind)


def test_signatures_span_domain_and_range() -> None:
    assert sum(map(len, signatures().values())) == 77
    for predicate, pairs in signatures().items():
        for side, about in ((0, RDFS.domain), (1, RDFS.range)):
            stated = GRAPH.value(PLAN[predicate], about)
            union = GRAPH.value(stated, OWL.unionOf)
            classes = names(rdflib.collection.Collection(GRAPH, union)) if union else names([stated])
            assert classes == {pair[side] for pair in pairs}, f"{predicate} {about}"


# Written from GUIDE, "Facts", independently of the vocabulary.
GUIDE = {
    Predicate.LOCATED_IN: ("Park Project Facility Enterprise Institution", "District Park Facility"),
    Predicate.DEVELOPS: ("District Park Facility", "Industry"),
    Predicate.ENGAGES_IN: ("Enterprise Project Institution", "Industry"),
    Predicate.PLANS: ("District Park Enterprise Institution", "Project Facility Park Institution"),
    Predicate.IMPLEMENTS: ("District Park Enterprise Institution", "Policy"),
    Predicate.SUPPORTS: ("Policy Project", "Industry Project Park District"),
    Predicate.COOPERATES_WITH: ("District Park Enterprise Institution", "District Park Enterprise Institution"),
}
GUIDE_PART_OF = {
    "District": "District",
    "Park": "Park Facility Project",
    "Project": "Project",
    "Facility": "Facility Park Project",
    "Institution": "Facility Park Project",
    "Policy": "Policy",
}


def test_signatures_are_the_guides() -> None:
    for predicate, (subjects, objects) in GUIDE.items():
        expected = {(EntityType(s), EntityType(o)) for s in subjects.split() for o in objects.split()}
        assert signatures()[predicate] == expected, predicate
    part_of = {(EntityType(s), EntityType(o)) for s, os in GUIDE_PART_OF.items() for o in os.split()}
    assert signatures()[Predicate.PART_OF] == part_of
    assert len(GUIDE) + 1 == len(Predicate)


@pytest.mark.parametrize("name", TERMS)
def test_a_term_is_explained_in_both_languages(name: str) -> None:
    for about in (RDFS.label, RDFS.comment, SKOS.example):
        found = [o for o in GRAPH.objects(PLAN[name], about) if isinstance(o, rdflib.Literal)]
        assert sorted(str(o.language) for o in found) == ["en", "zh"], f"{name} {about}"
        assert all(str(o).strip() for o in found)


@pytest.mark.parametrize("name", TERMS)
def test_the_examples_of_a_term_use_it(name: str) -> None:
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes().items())
    node = PLAN[name]
    for example in GRAPH.objects(node, SKOS.example):
        made = rdflib.Graph().parse(data=f"{head}@prefix : <http://example.org/> .\n{example}", format="turtle")
        assert len(made) >= 1
        used = set(made.predicates()) | set(made.objects())
        below = set(GRAPH.subjects(RDFS.subClassOf, node)) | set(GRAPH.subjects(RDFS.subPropertyOf, node))
        assert used & ({node} | below | set(GRAPH.subjects(RDF.type, node))), f"{name}: {example}"


def test_terms_are_counted() -> None:
    assert len(TERMS) == 88


def test_every_term_in_the_shapes_is_in_the_vocabulary() -> None:
    used = {n for triple in SHAPES_GRAPH for n in triple if str(n).startswith(NAMESPACE)}
    assert names(used) <= set(TERMS)


def test_every_property_and_class_has_a_shape() -> None:
    """The classes above others, and what only explains the vocabulary, occur in no graph."""
    abstract = {"Entity", "Statement", "relation", "Status", "Kind"}
    abstract |= {"Signature", "ofProperty", "subjectClass", "objectClass"}
    assert set(TERMS) - names({n for triple in SHAPES_GRAPH for n in triple}) == abstract


def test_shapes_have_messages_and_severity() -> None:
    shapes = set(SHAPES_GRAPH.subjects(RDF.type, SH.PropertyShape)) | set(SHAPES_GRAPH.subjects(RDF.type, SH.NodeShape))
    assert len(shapes) == 137
    for shape in shapes:
        assert isinstance(shape, rdflib.URIRef)
        languages = sorted(m.language for m in SHAPES_GRAPH.objects(shape, SH.message) if isinstance(m, rdflib.Literal))
        assert languages == ["en", "zh"], shape
        assert SHAPES_GRAPH.value(shape, SH.severity) in (SH.Violation, SH.Warning)


def test_shapes_list_the_enums() -> None:
    lists = defaultdict(set)
    for shape, members in SHAPES_GRAPH.subject_objects(SH["in"]):
        lists[str(shape).rsplit("#", 1)[1]] = names(rdflib.collection.Collection(SHAPES_GRAPH, members))
    assert lists["Claim-predicate"] == set(Predicate)
    assert lists["Claim-status"] == set(Status)
    assert lists["Claim-statusOnly"] == set(STATUS_PREDICATES)
    assert lists["Observation-kind"] == set(Kind)
    assert lists["refersTo-type"] == set(EntityType)


def test_edge_shapes_allow_exactly_the_signatures() -> None:
    """One graph with an edge of every relation between every two classes."""
    graph: list[Triple] = []
    pairs = [(p, s, o) for p in Predicate for s in EntityType for o in EntityType]
    for p, s, o in pairs:
        subject, obj = (NamedNode(f"http://example.org/{p}-{s}-{o}-{side}") for side in "so")
        graph.append(Triple(subject, term("rdf:type"), term(f"plan:{s}")))
        graph.append(Triple(obj, term("rdf:type"), term(f"plan:{o}")))
        graph.append(Triple(subject, term(f"plan:{p}"), obj))
    refused = set()
    for _, problem in violations(graph):
        if re.search(r"\[Edge-", problem.message):
            refused.add(problem.where.rsplit("/", 1)[1].rsplit("-", 1)[0])
    allowed = {f"{p}-{s}-{o}" for p, couples in signatures().items() for s, o in couples}
    assert len(pairs) == 8 * 9 * 9
    assert refused == {f"{p}-{s}-{o}" for p, s, o in pairs} - allowed


def test_the_vocabulary_reads_alike_in_both_libraries() -> None:
    assert len(list(parse(path=str(VOCABULARY), format=RdfFormat.TURTLE))) == len(GRAPH)
