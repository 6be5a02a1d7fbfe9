"""The store, what queries may not do, and how wrong ones are explained."""

import pickle
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from extract.errors import GraphFileError, PlankgError, QueryError
from graph import answers
from graph.answers import Table, Triples, value
from graph.rdf import quads, triples
from graph.reification import to_rdf12
from graph.sparql import refuse_service
from graph.store import GraphStore, described_base, read_triples
from graph.terms import term
from ontology.schema import EntityType
from tests.graph.sample import sample

STORE = GraphStore.of(sample())


def table(sparql: str, **bound: NamedNode | Literal) -> list[tuple[object, ...]]:
    answer = STORE.query(sparql, bound)
    assert isinstance(answer, Table)
    return list(answer)


def test_select_ask_construct() -> None:
    parks = "SELECT ?name { ?p a plan:Park ; rdfs:label ?name }"
    assert table(parks) == [("米东化工工业园",)]
    assert STORE.query("ASK { ?x a plan:Park }") is True
    assert STORE.query("ASK { ?x a plan:Nothing }") is False
    found = STORE.query("CONSTRUCT { ?p a plan:Park } WHERE { ?p a plan:Park }")
    assert isinstance(found, Triples)
    assert len(found) == 1


def test_values_are_python_values() -> None:
    rows = table(
        "SELECT ?v ?p ?d ?n { ?o plan:value ?v ; plan:valueText '12' . "
        "?x plan:planningPeriod ?p ; dcterms:issued ?d . ?e oa:start ?n } ORDER BY ?n LIMIT 1"
    )
    number, period, day, start = rows[0]
    assert (number, period, str(day), start) == (Decimal(12), "2021-2025", "2021-01-07", 0)
    assert value(Literal(True)) is True
    assert value(Literal(1.5)) == 1.5
    assert value(Literal("no number", datatype=term("xsd:integer"))) == "no number"


def test_bound_values_are_terms_never_text() -> None:
    attack = '米东区" } DROP ALL #'
    assert table("SELECT ?e ?name { ?e rdfs:label ?name }", name=Literal(attack, language="zh")) == []
    rows = table("SELECT ?e ?name { ?e rdfs:label ?name }", name=Literal("米东区", language="zh"))
    assert len(rows) == 1


SERVICES = [
    "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://169.254.169.254/> { ?s ?p ?o } }",
    "SELECT * { SERVICE?x{ ?s ?p ?o } }",
    "PREFIX x: <http://h/> SELECT * { SERVICE x:y { ?s ?p ?o } }",
    "PREFIX x: <http://h/> SELECT * { SERVICE x:a\\#b { ?s ?p ?o } }",
    "SELECT * { SERVICE # comment { \n <http://h/> { ?s ?p ?o } }",
    "SELECT * { SERVICE <http://h/> # {\n { ?s ?p ?o } }",
    "SELECT * { ?a ?b ?c FILTER(?c<'>'){SERVICE <http://h/> { ?s ?p ?o }}#'\n}",
    "SELECT * { ?a ?b 1SERVICE<http://h/>{ ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <http://h/> { ?s ?p ?o } }",
    "SELECT * { ?a ?b ?c MINUS { SERVICE\r<http://h/>\t{ ?s ?p ?o } } }",
    "ASK { { SELECT * { SERVICE <http://h/> { ?s ?p ?o } } } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SeRvIcE <http://h/> { ?s ?p ?o } }",
]


@pytest.mark.parametrize("sparql", SERVICES)
def test_no_query_asks_another_host(sparql: str) -> None:
    with pytest.raises(QueryError, match="SERVICE is not allowed") as caught:
        STORE.query(sparql)
    assert caught.value.line >= 1
    assert caught.value.column >= 1


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT ?service { ?service a plan:Park }",
        "SELECT * { ?s ?p ?o FILTER(CONTAINS(STR(?o), 'service')) }",
        "SELECT * { ?s ?p ?o } # service for all",
        "PREFIX service: <http://h/> SELECT * { ?s service:x ?o . { ?a ?b ?c } }",
    ],
)
def test_the_word_service_is_harmless(sparql: str) -> None:
    STORE.query(sparql)


@given(st.text(max_size=80))
def test_the_check_takes_any_text(text: str) -> None:
    try:
        refuse_service(text)
    except QueryError as error:
        assert "ervice" in text.casefold() or "\\" in text or "ſ" in text, error  # noqa: PT017


WRONG = [
    ("", "empty"),
    ("SELECT ?x { ?x nope:y ?z }", "prefix 'nope:' is not known"),
    ("SELECT ?x WHERE { ?x plan:code '1 }", "line 1, column"),
    ("SELECT ?x {\n ?x ?y ?z", "line 2, column 10: something is missing"),
    ("SELECT (COUNT(*) AS ?c) ?x { ?x ?y ?z }", "GROUP BY"),
    ("DELETE WHERE { ?s ?p ?o }", "DELETE changes data"),
    ("INSERT DATA { <a:b> <a:b> 1 }", "INSERT changes data"),
    ("LOAD <file:///etc/passwd>", "LOAD changes data"),
    ("DROP ALL", "DROP changes data"),
    ("SELECT ?x { ?x 'a' ?z }", "cannot be read from"),
    ("SELECT ?x { ?x ?y ?z . )( }", "a bracket is wrong"),
    ("SELEKT ?x { ?x ?y ?z }", "none of the words SELECT"),
]


@pytest.mark.parametrize(("sparql", "message"), WRONG)
def test_wrong_queries_are_explained(sparql: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        STORE.query(sparql)


def test_a_parameter_that_is_not_projected_is_an_error() -> None:
    with pytest.raises(QueryError, match="does not contains variable"):
        STORE.query("SELECT ?s { ?s ?p ?o }", {"limit": Literal(1)})


def test_errors_survive_pickling() -> None:
    error = pickle.loads(pickle.dumps(QueryError("wrong", 2, 3)))
    assert (str(error), error.line, error.column) == ("wrong", 2, 3)


def test_a_file_named_in_from_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.ttl"
    secret.write_text("<a:a> <a:b> <a:c> .")
    assert table(f"SELECT * FROM <{secret.as_uri()}> {{ ?s ?p ?o }}") == []


def test_names_find_entities() -> None:
    park = STORE.named("化工工业园", EntityType.PARK)
    assert park == STORE.named("米东化工工业园")
    assert len(park) == 1
    assert STORE.named("化工工业园", EntityType.DISTRICT) == []
    assert STORE.named("没有") == []
    assert [found.label for found in STORE.labels.search("园", EntityType.PARK)] == ["米东化工工业园"]


def test_compact() -> None:
    assert STORE.compact("https://w3id.org/plankg/ns#Park") == "plan:Park"
    assert STORE.compact("https://w3id.org/plankg/id/park-1") == "id:park-1"
    assert STORE.compact("http://example.org/x") == "http://example.org/x"


FORMATS = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "rdf": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD}


@pytest.mark.parametrize("ending", [*FORMATS, "nq", "trig"])
def test_load_reads_every_format(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"g.{ending}"
    if ending in FORMATS:
        serialize(triples(sample()), str(path), FORMATS[ending])
    else:
        serialize(quads(sample()), str(path), RdfFormat.from_extension(ending))
    assert set(read_triples(path)) == set(triples(sample()))
    assert GraphStore.load(path).query("SELECT ?n { ?p a plan:Park ; rdfs:label ?n }") == STORE.query(
        "SELECT ?n { ?p a plan:Park ; rdfs:label ?n }"
    )


def test_load_reads_rdf_12(tmp_path: Path) -> None:
    path = tmp_path / "g.ttl"
    serialize(to_rdf12(triples(sample())), str(path), RdfFormat.TURTLE)
    rows = GraphStore.load(path).query("SELECT ?c { ?s plan:develops ?o ~ ?c }")
    assert isinstance(rows, Table)
    assert len(rows) == 3


def test_the_base_is_the_described_one(tmp_path: Path) -> None:
    graph = [Triple(NamedNode("http://a/dataset"), term("void:uriSpace"), Literal("http://a/"))]
    assert described_base(graph) == "http://a/"
    path = tmp_path / "g.ttl"
    serialize(graph, str(path), RdfFormat.TURTLE)
    assert GraphStore.load(path).prefixes["claim"] == "http://a/claim/"


def test_files_that_are_no_graphs(tmp_path: Path) -> None:
    with pytest.raises(GraphFileError, match="no such file"):
        GraphStore.load(tmp_path / "none.ttl")
    (tmp_path / "bad.ttl").write_text("<a:a> <a:b> .")
    with pytest.raises(GraphFileError, match="cannot be read as Turtle"):
        GraphStore.load(tmp_path / "bad.ttl")
    (tmp_path / "bad.txt").write_text("")
    with pytest.raises(GraphFileError, match=r"unknown RDF ending '\.txt'"):
        GraphStore.load(tmp_path / "bad.txt")
    (tmp_path / "bytes.ttl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(GraphFileError, match="cannot be read"):
        GraphStore.load(tmp_path / "bytes.ttl")


def test_data_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = STORE.query(
        "SELECT ?name ?start { ?m oa:start ?start ; plan:refersTo/rdfs:label ?name } ORDER BY ?start LIMIT 3"
    )
    assert isinstance(answer, Table)
    frame = answer.to_polars()
    assert frame.columns == ["name", "start"]
    assert frame["start"].to_list() == [row["start"] for row in answer.dicts()]
    with pytest.raises(PlankgError, match="pip install no-such-library"):
        answers._library("no-such-library")
