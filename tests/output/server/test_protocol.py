"""The SPARQL 1.1 Protocol over a real socket, with clients that nobody here wrote."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import DefaultGraph, RdfFormat
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from graph.rdf import quads, triples
from output.server.media import GRAPHS, TABLES, choose
from output.server.worker import GRAPH_FORMATS
from tests.graph.sample import MIDONG, URUMQI, sample
from tests.output.server.conftest import Running, stop

PARKS = "SELECT ?name { ?p a plan:Park ; rdfs:label ?name } ORDER BY ?name"
BUILD = "CONSTRUCT { ?p rdfs:label ?name } { ?p a plan:Park ; rdfs:label ?name }"
BASE = "https://w3id.org/plankg/id/"


def names() -> list[str]:
    return sorted(e.name for e in sample().entities if e.type.value == "Park")


@pytest.mark.parametrize(("accept", "offers", "type"), [
    (None, TABLES, "application/sparql-results+json"),
    ("", TABLES, "application/sparql-results+json"),
    ("*/*", GRAPHS, "text/turtle"),
    ("text/*", TABLES, "text/csv"),
    ("text/csv;q=0.1, application/sparql-results+xml", TABLES, "application/sparql-results+xml"),
    ("application/*, application/sparql-results+json;q=0", TABLES, "application/sparql-results+xml"),
    ("TEXT/CSV ; Q=0.5, image/png", TABLES, "text/csv"),
    ("text/csv;q=nonsense", TABLES, None),
    ("text/csv;q=7", TABLES, None),
    ("image/png", TABLES, None),
    ("garbage, ;;,/,", TABLES, None),
    ("application/json", GRAPHS, "application/json"),
    ("*/*;q=0", GRAPHS, None),
])  # fmt: skip
def test_the_best_offer_is_chosen(accept: str | None, offers: tuple[object, ...], type: str | None) -> None:
    found = choose(accept, offers)  # type: ignore[arg-type]
    assert (found.type if found else None) == type


@pytest.mark.parametrize("medium", TABLES, ids=lambda m: m.type)
def test_a_table_comes_in_every_type(server: Running, medium: object) -> None:
    found = server.query(PARKS, medium.type)  # type: ignore[attr-defined]
    assert (found.status, found.type) == (200, medium.type)  # type: ignore[attr-defined]
    kind = medium.kind  # type: ignore[attr-defined]
    if kind == "json":
        rows = [row["name"]["value"] for row in json.loads(found.body)["results"]["bindings"]]
    elif kind == "xml":
        spaces = {"s": "http://www.w3.org/2005/sparql-results#"}
        rows = [node.text for node in ET.fromstring(found.body).iterfind(".//s:literal", spaces)]
    elif kind == "csv":
        rows = [row["name"] for row in csv.DictReader(io.StringIO(found.text))]
    else:
        rows = [line.partition('"')[2].partition('"')[0] for line in found.text.splitlines()[1:]]
    assert sorted(filter(None, rows)) == names()
    assert len(rows) == len(names()) >= 1


@pytest.mark.parametrize("medium", GRAPHS, ids=lambda m: m.type)
def test_triples_come_in_every_type(server: Running, medium: object) -> None:
    found = server.query(BUILD, medium.type)  # type: ignore[attr-defined]
    assert (found.status, found.type) == (200, medium.type)  # type: ignore[attr-defined]
    parsed = list(pyoxigraph.parse(found.body, format=GRAPH_FORMATS[medium.kind]))  # type: ignore[attr-defined]
    assert sorted(q.object.value for q in parsed) == names()


@pytest.mark.parametrize("type", [m.type for m in TABLES])
def test_a_truth_value_comes_in_every_type(server: Running, type: str) -> None:
    found = server.query("ASK { ?p a plan:Park }", type)
    assert (found.status, found.type) == (200, type)
    assert "true" in found.text


def test_the_three_ways_to_ask_answer_alike(server: Running) -> None:
    form = urlencode({"query": PARKS}).encode()
    typed = {"Accept": "text/csv"}
    answers = [
        server.query(PARKS, "text/csv"),
        server.ask("/sparql", "POST", form, {**typed, "Content-Type": "application/x-www-form-urlencoded"}),
        server.ask("/sparql", "POST", PARKS.encode(), {**typed, "Content-Type": "application/sparql-query"}),
        server.ask(
            "/sparql", "POST", PARKS.encode(), {**typed, "Content-Type": "Application/SPARQL-Query; charset=UTF-8"}
        ),
    ]
    assert [a.status for a in answers] == [200] * 4
    assert len({a.body for a in answers}) == 1


def ask_size(server: Running, **fields: str) -> int:
    found = server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv", **fields)
    assert found.status == 200, found.text
    return int(found.text.split()[1])


def test_named_graphs_are_what_each_document_says(server: Running) -> None:
    """The same quads as `graph.rdf.quads` makes from the model, and all triples in the default graph."""
    found = server.query("SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } }", "application/sparql-results+json")
    rows = {tuple(row[v]["value"] for v in "gspo") for row in json.loads(found.body)["results"]["bindings"]}
    model = pyoxigraph.Store()  # which keeps numbers by value, as the served one does
    model.extend(q for q in quads(sample()) if not isinstance(q.graph_name, DefaultGraph))
    told = {(q.graph_name.value, q.subject.value, q.predicate.value, q.object.value) for q in model}
    assert len(told) > 300
    assert rows == told
    assert ask_size(server) == len(list(triples(sample())))


def test_the_protocol_names_the_dataset(server: Running) -> None:
    one, other = f"{BASE}doc/{MIDONG}", f"{BASE}doc/{URUMQI}"
    sizes = {graph: len({q for q in quads(sample()) if str(q.graph_name) == f"<{graph}>"}) for graph in (one, other)}
    assert ask_size(server, default_graph_uri=one) == sizes[one]
    assert ask_size(server, default_graph_uri="http://example.org/none") == 0
    assert ask_size(server, named_graph_uri=one) == 0
    both = urlencode([("query", "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"),
                      ("default-graph-uri", one), ("named-graph-uri", other)])  # fmt: skip
    found = server.ask(f"/sparql?{both}", headers={"Accept": "text/csv"})
    assert int(found.text.split()[1]) == sum(sizes.values())
    # The protocol's dataset stands before the query's own (section 2.1.4).
    found = server.query(f"SELECT (COUNT(*) AS ?n) FROM <{other}> {{ ?s ?p ?o }}", "text/csv", default_graph_uri=one)
    assert int(found.text.split()[1]) == sizes[one]
    assert server.query("ASK {}", default_graph_uri="not an iri").status == 400


@pytest.mark.parametrize(("method", "path", "body", "headers", "status"), [
    ("GET", "/sparql?query=", None, {}, 400),
    ("GET", "/sparql?query=SELECT", None, {}, 400),
    ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, {}, 400),
    ("GET", "/sparql?query=%ff", None, {}, 400),
    ("GET", "/sparql?query=ASK%7B%7D", None, {"Accept": "image/png"}, 406),
    ("GET", "/sparql?query=ASK%7B%7D", None, {"Accept": "text/turtle"}, 406),
    ("GET", "/sparql?query=DESCRIBE%20plan:Park", None, {"Accept": "text/csv"}, 406),
    ("GET", "/sparql", None, {"Accept": "image/png"}, 406),
    ("POST", "/sparql", b"ASK {}", {}, 415),
    ("POST", "/sparql", b"ASK {}", {"Content-Type": "text/plain"}, 415),
    ("POST", "/sparql", b"ASK {}", {"Content-Type": "application/sparql-query; charset=utf-16"}, 415),
    ("POST", "/sparql", b"ASK {}", {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"}, 415),
    ("POST", "/sparql", b"CLEAR ALL", {"Content-Type": "application/sparql-update"}, 415),
    ("POST", "/sparql", b"update=CLEAR+ALL", {"Content-Type": "application/x-www-form-urlencoded"}, 400),
    ("POST", "/sparql", b"", {"Content-Type": "application/x-www-form-urlencoded"}, 400),
    ("POST", "/sparql", b" " * (1 << 20) + b"ASK {}", {"Content-Type": "application/sparql-query"}, 413),
    ("PUT", "/sparql", b"", {}, 405),
    ("DELETE", "/sparql", None, {}, 405),
    ("GET", "/nowhere", None, {}, 404),
])  # fmt: skip
def test_what_is_refused_says_why(
    server: Running, method: str, path: str, body: bytes | None, headers: dict[str, str], status: int
) -> None:
    found = server.ask(path, method, body, headers)
    assert found.status == status, found.text
    problem = json.loads(found.body)
    assert found.type == "application/problem+json"
    assert problem["status"] == status
    assert len(problem["detail"]) > 20
    if status == 405:
        assert "GET" in found.headers["allow"]


def test_well_known_prefixes_need_no_declaration(server: Running) -> None:
    assert server.query("ASK { ?d dct:title ?t . ?e plan:mentionedIn ?d }", "text/csv").text.strip() == "true"


def test_an_error_tells_line_and_column(server: Running) -> None:
    found = json.loads(server.query("SELECT * {\n  ?s nope:x ?o }").body)
    assert (found["line"], found["status"]) == (2, 400)
    assert "nope:" in found["detail"]


def test_a_late_query_ends_with_503_and_the_server_goes_on(server: Running) -> None:
    found = server.query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    assert found.status == 503
    assert int(found.headers["retry-after"]) >= 1
    assert server.alive()


def test_an_answer_that_is_too_large_is_refused_and_a_large_one_comes_whole(server: Running) -> None:
    pairs = "SELECT * { ?s ?p ?o . ?a ?b ?c }"
    large = server.query(f"{pairs} LIMIT 2600", "application/sparql-results+json")
    assert large.status == 200
    assert 1 << 20 < len(large.body) == int(large.headers["content-length"]) < 2 << 20
    assert len(json.loads(large.body)["results"]["bindings"]) == 2600
    refused = server.query(pairs)
    assert (refused.status, "LIMIT" in refused.text) == (400, True)
    assert server.alive()


def test_the_service_describes_itself(server: Running) -> None:
    sd = "http://www.w3.org/ns/sparql-service-description#"
    for kind in ("text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml"):
        found = server.ask("/sparql", headers={"Accept": kind})
        assert (found.status, found.type) == (200, kind)
    graph = rdflib.Graph().parse(data=server.ask("/sparql").text, format="turtle")
    service = rdflib.URIRef(f"{server.url}sparql")
    assert (service, rdflib.RDF.type, rdflib.URIRef(f"{sd}Service")) in graph
    assert (service, rdflib.URIRef(f"{sd}endpoint"), service) in graph
    assert {str(o) for o in graph.objects(None, rdflib.URIRef(f"{sd}name"))} == {
        f"{BASE}doc/{MIDONG}", f"{BASE}doc/{URUMQI}"
    }  # fmt: skip
    people = server.ask("/sparql", headers={"Accept": "text/html,*/*;q=0.8"})
    assert (people.status, people.headers["location"]) == (303, "/query")


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("way", ["urlencoded", POSTDIRECTLY])
def test_sparqlwrapper_reads_every_format(server: Running, method: str, way: str) -> None:
    if method == "GET" and way == POSTDIRECTLY:
        way = "urlencoded"
    client = SPARQLWrapper(f"{server.url}sparql")
    client.setMethod(method)
    client.setRequestMethod(way)
    client.setQuery(PARKS)
    client.setReturnFormat(JSON)
    rows = client.queryAndConvert()["results"]["bindings"]
    assert sorted(row["name"]["value"] for row in rows) == names()
    for form in (XML, CSV, TSV):
        client.setReturnFormat(form)
        found = client.queryAndConvert()
        shown = found.toxml() if form == XML else found.decode()
        assert all(name in shown for name in names())
    client.setQuery(BUILD)
    for form in (TURTLE, N3, RDFXML, JSONLD):
        client.setReturnFormat(form)
        answer = client.query()  # its own conversion uses a class that rdflib has deprecated
        kind = RdfFormat.from_media_type(answer.info()["content-type"])
        found = pyoxigraph.parse(answer.response.read(), format=kind)
        assert sorted(quad.object.value for quad in found) == names(), form
    client.setReturnFormat(JSON)
    client.setQuery("SELECT nothing")
    with pytest.raises(QueryBadFormed):
        client.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflibs_sparqlstore_reads_the_graph(server: Running, method: str) -> None:
    store = SPARQLStore(f"{server.url}sparql", method=method)  # type: ignore[arg-type]
    graph = rdflib.Graph(store)
    assert len(graph) == len(list(triples(sample())))
    rows = graph.query(
        "SELECT ?n { ?p a <https://w3id.org/plankg/ns#Park> ; <http://www.w3.org/2000/01/rdf-schema#label> ?n }"
    )
    assert sorted(str(row[0]) for row in rows) == names()  # type: ignore[index]
    park = next(e for e in sample().entities if e.type.value == "Park")
    label = graph.value(rdflib.URIRef(BASE + park.id), rdflib.RDFS.label)
    assert label == rdflib.Literal(park.name, lang="zh")


def test_files_of_other_syntaxes_are_served_too(tmp_path: Path, starting: Callable[..., Running]) -> None:
    data = pyoxigraph.serialize(quads(sample()), format=RdfFormat.TRIG)
    assert data is not None
    (tmp_path / "graph.trig").write_bytes(data)
    running = starting(tmp_path / "graph.trig")
    assert ask_size(running) == len(list(triples(sample())))
    assert json.loads(running.query("SELECT DISTINCT ?g { GRAPH ?g {} }").body)["results"]["bindings"]
    code, out, error = stop(running)
    assert (code, out, error) == (0, "stopped\n", "")
