"""SHACL 1.2 on the RDF 1.2 form, by rudof: an edge without evidence is a violation."""

from collections.abc import Callable, Iterable

import pytest
from pyoxigraph import NamedNode, Triple
from pyrudof import RDFFormat, Rudof, RudofConfig

from graph.rdf import prefixes, statements
from graph.row import Statement
from graph.terms import term
from ontology.schema import SHAPES, Predicate
from output.turtle import turtle12
from tests.graph.sample import hostile, rich

SHAPES12 = SHAPES.with_name("shapes12.ttl").read_text(encoding="utf-8")


def conforms(data: str) -> bool:
    rudof = Rudof(RudofConfig())
    rudof.read_data(data, RDFFormat.Turtle)
    rudof.read_shacl(SHAPES12)
    return bool(rudof.validate_shacl().conforms)


def written(graph: Iterable[Statement]) -> str:
    return turtle12(graph, prefixes())


def test_well_formed_graphs_conform() -> None:
    assert conforms(written(statements(rich())))
    assert conforms(written(statements(hostile())))


@pytest.mark.parametrize("predicate", Predicate)
def test_an_edge_that_no_claim_says_is_seen(predicate: Predicate) -> None:
    data = written(statements(rich()))
    edge = Triple(NamedNode("http://example.org/a"), term(f"plan:{predicate.value}"), NamedNode("http://example.org/b"))
    assert not conforms(f"{data}\n{edge} .\n")


WITHOUT: dict[str, Callable[[Statement], bool]] = {
    "evidence": lambda s: s[1] == term("plan:evidence"),
    "rule": lambda s: s[1] == term("plan:referenceRule"),
    "document": lambda s: s[1] == term("prov:wasDerivedFrom"),
    "class": lambda s: s[2] == term("plan:Claim"),
}


@pytest.mark.parametrize("name", WITHOUT)
def test_a_claim_without_its_grounds_is_seen(name: str) -> None:
    kept = [s for s in statements(rich()) if not WITHOUT[name](s)]
    assert len(kept) < len(statements(rich()))
    assert not conforms(written(kept))
