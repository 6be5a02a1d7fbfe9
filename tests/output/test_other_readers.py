"""What we write is read by programs that share no code with what writes it."""

import json
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld
from pyoxigraph import RdfFormat, parse
from pyrudof import RDFFormat, ResultDataFormat, Rudof, RudofConfig

from graph.rdf import triples
from output.jsonld import write_jsonld
from output.rdffiles import write_ntriples, write_rdfxml
from output.turtle import write_turtle
from tests.graph.sample import hostile, rich, sample

GRAPHS = {"sample": sample(), "rich": rich(), "hostile": hostile()}


def no_network(url: str, options: dict[str, Any]) -> dict[str, Any]:
    raise AssertionError(f"a context of our own must not be fetched: {url}")


@pytest.mark.parametrize("name", GRAPHS)
def test_the_reference_implementation_reads_the_json_ld(name: str, tmp_path: Path) -> None:
    """PyLD, by the editors of JSON-LD: to RDF, and through expansion and back."""
    path = tmp_path / "g.jsonld"
    write_jsonld(GRAPHS[name], path)
    document = json.loads(path.read_text(encoding="utf-8"))
    options = {"documentLoader": no_network}
    found = jsonld.to_rdf(document, {**options, "format": "application/n-quads"})
    assert {quad.triple for quad in parse(found.encode(), RdfFormat.N_QUADS)} == set(triples(GRAPHS[name]))
    again = jsonld.compact(jsonld.expand(document, options), document["@context"], options)
    assert jsonld.to_rdf(again, {**options, "format": "application/n-quads"}) == found


RUDOF = {
    "ttl": (write_turtle, RDFFormat.Turtle),
    "nt": (write_ntriples, RDFFormat.NTriples),
    "rdf": (write_rdfxml, RDFFormat.RdfXml),
}


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("ending", RUDOF)
def test_rudof_reads_it(ending: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / f"g.{ending}"
    RUDOF[ending][0](GRAPHS[name], path)
    rudof = Rudof(RudofConfig())
    rudof.read_data(path.read_text(encoding="utf-8"), RUDOF[ending][1])
    back = rudof.serialize_data(ResultDataFormat.NTriples)
    assert {quad.triple for quad in parse(back.encode(), RdfFormat.N_TRIPLES)} == set(triples(GRAPHS[name]))
