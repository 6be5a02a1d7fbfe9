"""Every RDF file is read back, by other programs, to the same graph."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from rdflib.compare import isomorphic

from extract.errors import PlankgError
from graph.digest import graph_digest
from graph.interop import to_rdflib
from graph.model import KnowledgeGraph
from graph.rdf import prefixes, quads, statements, triples
from graph.reification import to_rdf11, to_rdf12
from graph.terms import term
from output.jsonld import context, jsonld, write_jsonld
from output.rdffiles import rdfxml, write_nquads, write_ntriples, write_rdfxml
from output.turtle import turtle, turtle12, write_trig, write_turtle, write_turtle12
from tests.graph.sample import hostile, rich, sample

GRAPHS = {"sample": sample(), "rich": rich(), "hostile": hostile()}
Write = Callable[[KnowledgeGraph, Path], None]
# ending: writer, rdflib's name of the format
FORMATS: dict[str, tuple[Write, str]] = {
    "ttl": (write_turtle, "turtle"),
    "nt": (write_ntriples, "nt"),
    "nq": (write_nquads, "nquads"),
    "trig": (write_trig, "trig"),
    "rdf": (write_rdfxml, "xml"),
    "jsonld": (write_jsonld, "json-ld"),
}


def read(path: Path) -> set[Triple]:
    kind = RdfFormat.from_extension(path.suffix[1:])
    assert kind is not None
    return {q.triple for q in parse(path=str(path), format=kind)}


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("ending", FORMATS)
def test_oxigraph_reads_it_back(ending: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / f"g.{ending}"
    FORMATS[ending][0](GRAPHS[name], path)
    assert read(path) == set(triples(GRAPHS[name]))


# rdflib's own parsers of these formats still use what rdflib deprecates.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("ending", FORMATS)
def test_rdflib_reads_it_back(ending: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / f"g.{ending}"
    FORMATS[ending][0](GRAPHS[name], path)
    if ending in ("nq", "trig"):
        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(data=path.read_bytes(), format=FORMATS[ending][1])
        found = rdflib.Graph()
        for s, p, o, _ in dataset.quads():
            found.add((s, p, o))
    else:
        found = rdflib.Graph().parse(data=path.read_bytes(), format=FORMATS[ending][1])
    assert isomorphic(found, to_rdflib(triples(GRAPHS[name])))


@pytest.mark.parametrize("ending", ["nq", "trig"])
def test_named_graphs_are_kept(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"g.{ending}"
    FORMATS[ending][0](rich(), path)
    kind = RdfFormat.from_extension(ending)
    assert set(parse(path=str(path), format=kind)) == set(quads(rich()))


def test_turtle_begins_with_what_it_uses() -> None:
    text = turtle(triples(rich()), prefixes())
    head = [line.split()[1].rstrip(":") for line in text.splitlines() if line.startswith("@prefix")]
    body = text[text.index("\n\n") :]
    assert head == [name for name in prefixes() if f"{name}:" in body and name in head]
    assert "sh" not in head


@pytest.mark.parametrize("ending", FORMATS)
def test_two_processes_write_the_same_bytes(ending: str, tmp_path: Path) -> None:
    here = tmp_path / f"a.{ending}"
    FORMATS[ending][0](rich(), here)
    writer = FORMATS[ending][0]
    code = (
        f"from pathlib import Path; from {writer.__module__} import {writer.__name__} as w; "
        f"from tests.graph.sample import rich; w(rich(), Path({str(tmp_path / ('b.' + ending))!r}))"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2], env={"PYTHONHASHSEED": "77"}
    )
    assert here.read_bytes() == (tmp_path / f"b.{ending}").read_bytes()


@pytest.mark.parametrize("name", GRAPHS)
def test_rdf_12_says_the_same(name: str, tmp_path: Path) -> None:
    path = tmp_path / "g.ttl"
    write_turtle12(GRAPHS[name], path)
    graph = set(triples(GRAPHS[name]))
    assert read(path) == set(to_rdf12(graph))
    assert set(to_rdf11(read(path))) == graph
    assert graph_digest(to_rdf11(read(path))) == graph_digest(graph)


def test_rdf_12_annotates_the_edge() -> None:
    text = turtle12(statements(sample()), prefixes())
    line = next(line for line in text.splitlines() if "plan:develops" in line)
    assert line.count(" ~ claim:") == 3  # two industries, one said by two documents
    assert "rdf:subject" not in text


def test_a_claim_without_its_edge_cannot_be_annotated() -> None:
    without = [s for s in statements(sample()) if s[1] != term("plan:develops")]
    with pytest.raises(ValueError, match="an edge that the graph does not hold"):
        turtle12(without, prefixes())


def test_the_readable_turtle() -> None:
    text = turtle(triples(sample()), prefixes())
    assert "# plan:Park\n\nid:park-" in text
    assert '\n    rdfs:label "米东化工工业园"@zh ;\n    skos:altLabel "化工工业园"@zh ;\n' in text
    assert "    plan:confidence 0.9 ;\n" in text
    assert "    oa:start 0 ;\n" in text
    order = [
        text.index(f"# {name}\n") for name in ("plan:Document", "plan:District", "plan:Claim", "oa:SpecificResource")
    ]
    assert order == sorted(order)


TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12)
LITERALS = st.one_of(
    st.builds(Literal, TEXTS),
    st.builds(lambda t: Literal(t, language="zh"), TEXTS),
    st.builds(lambda n: Literal(str(n), datatype=term("xsd:integer")), st.integers()),
    st.builds(lambda t: Literal(t, datatype=term("xsd:decimal")), TEXTS),
    st.builds(lambda t: Literal(t, datatype=term("xsd:date")), TEXTS),
)
LOCALS = st.from_regex(r"([A-Za-z0-9_.~/-]|%[0-9A-F]{2}){0,8}", fullmatch=True)
IRIS = st.builds(lambda f, x: NamedNode(f + x), st.sampled_from(list(prefixes().values())), LOCALS)
PREDICATES = st.sampled_from([term("rdfs:label"), term("plan:value"), term("rdf:type"), term("oa:exact")])
GRAPH = st.lists(st.builds(Triple, IRIS, PREDICATES, st.one_of(LITERALS, IRIS)), max_size=8)


@settings(max_examples=80, deadline=None)
@given(GRAPH)
def test_any_graph_survives_turtle(graph: list[Triple]) -> None:
    text = turtle(set(graph), prefixes())
    assert {q.triple for q in parse(text.encode(), RdfFormat.TURTLE)} == set(graph)
    assert text == turtle(reversed(list(set(graph))), prefixes())


def as_statements(graph: list[Triple]) -> list:  # type: ignore[type-arg]
    return [(t.subject, t.predicate, t.object) for t in dict.fromkeys(graph)]


@settings(max_examples=50, deadline=None)
@given(GRAPH)
def test_any_graph_survives_json_ld(graph: list[Triple]) -> None:
    typed = [t for t in graph if t.predicate != term("rdf:type") or isinstance(t.object, NamedNode)]
    text = jsonld(as_statements(typed), prefixes())
    assert {q.triple for q in parse(text.encode(), RdfFormat.JSON_LD)} == set(typed)


@settings(max_examples=50, deadline=None)
@given(GRAPH)
def test_any_graph_survives_rdf_xml(graph: list[Triple]) -> None:
    """Characters that XML lacks are the one exception."""
    safe = [t for t in graph if all(c >= " " and c not in "\ufffe\uffff" for c in t.object.value)]  # type: ignore[union-attr]
    text = rdfxml(as_statements(safe), prefixes())
    assert {q.triple for q in parse(text.encode(), RdfFormat.RDF_XML)} == set(safe)


def test_rdf_xml_shows_what_xml_lacks() -> None:
    graph = [(term("plan:x"), term("rdfs:label"), Literal("a\x00\x0bb\r\n&<"))]
    text = rdfxml(graph, prefixes())
    (back,) = parse(text.encode(), RdfFormat.RDF_XML)
    assert back.object == Literal("a\ufffd\ufffdb\r\n&<")
    with pytest.raises(PlankgError, match="RDF/XML cannot name the property"):
        rdfxml([(term("plan:x"), NamedNode("http://a/1"), Literal(""))], prefixes())


def test_json_ld_is_plain_to_read() -> None:
    data = json.loads(jsonld(statements(sample()), prefixes()))
    park = next(n for n in data["@graph"] if n.get("label") == "米东化工工业园")
    assert park["type"] == "plan:Park"
    assert park["altLabel"] == "化工工业园"
    assert all(value.startswith("id:industry-") for value in park["develops"])
    words = [name for name, value in context(prefixes()).items() if isinstance(value, dict)]
    assert not set(words) & set(prefixes())
    assert len({json.dumps(context(prefixes())[w]["@id"]) for w in words}) == len(words)


def test_turtle_takes_no_blank_nodes() -> None:
    (quad,) = parse(b"[] <http://a/b> 1 .", RdfFormat.TURTLE)
    with pytest.raises(ValueError, match="IRIs and literals only"):
        turtle([quad.triple], prefixes())
