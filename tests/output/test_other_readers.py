"""What we write is read by programs that share no code with what writes it."""

import hashlib
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright._impl._driver import compute_driver_executable
from pyld import jsonld
from pyoxigraph import RdfFormat, parse
from pyrudof import RDFFormat, ResultDataFormat, Rudof, RudofConfig

from graph.model import KnowledgeGraph
from graph.rdf import quads, triples
from output.jsonld import write_jsonld
from output.rdffiles import write_nquads, write_ntriples, write_rdfxml
from output.turtle import write_trig, write_turtle
from tests.graph.sample import hostile, rich, sample

READERS = Path(__file__).with_name("readers")
Write = Callable[[KnowledgeGraph, Path], None]
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


def test_the_readers_in_javascript_are_built_from_their_sources() -> None:
    total = hashlib.sha256()
    for name in ("build.mjs", "package-lock.json", "package.json", "read.mjs"):
        total.update(f"{name}\0".encode() + (READERS / name).read_bytes() + b"\0")
    with (READERS / "readers.mjs").open(encoding="utf-8") as file:
        assert file.readline() == f"// built from sources {total.hexdigest()}\n", "run npm ci && npm run build"


JAVASCRIPT: dict[str, tuple[str, Write]] = {
    "ttl": ("turtle", write_turtle),
    "trig": ("trig", write_trig),
    "nt": ("ntriples", write_ntriples),
    "nq": ("nquads", write_nquads),
    "rdf": ("rdfxml", write_rdfxml),
}


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("ending", JAVASCRIPT)
def test_readers_in_javascript_read_it(ending: str, name: str, tmp_path: Path) -> None:
    """N3.js and rdfxml-streaming-parser, in the Node.js that Playwright brings along."""
    format, write = JAVASCRIPT[ending]
    path = tmp_path / f"g.{ending}"
    write(GRAPHS[name], path)
    node, _ = compute_driver_executable()
    with path.open("rb") as file:
        done = subprocess.run([node, READERS / "readers.mjs", format], stdin=file, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    found = set(parse(done.stdout, RdfFormat.N_QUADS))
    if ending in ("trig", "nq"):
        assert found == set(quads(GRAPHS[name]))
    else:
        assert {quad.triple for quad in found} == set(triples(GRAPHS[name]))
