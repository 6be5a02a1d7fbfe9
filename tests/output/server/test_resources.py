"""IRIs that lead somewhere, and pages for people."""

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import NamedNode, RdfFormat, Triple

from graph.rdf import triples
from graph.terms import A, chinese, term
from ontology.schema import EntityType
from output.server.worker import GRAPH_FORMATS
from tests.graph.sample import MIDONG, hostile, sample
from tests.output.server.conftest import Running, write_folder

KG = sample()
PARK = next(e for e in KG.entities if e.type is EntityType.PARK)
TYPES = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}


class Tags(HTMLParser):
    """Collects the tags of a page, its links and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize(("accept", "target"), [
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", f"/page/{PARK.id}"),
    ("text/turtle", f"/data/{PARK.id}.ttl"),
    ("application/ld+json, text/turtle;q=0.9", f"/data/{PARK.id}.jsonld"),
    ("application/n-triples", f"/data/{PARK.id}.nt"),
    ("application/rdf+xml", f"/data/{PARK.id}.rdf"),
])  # fmt: skip
def test_an_iri_leads_to_a_page_or_to_triples(server: Running, accept: str, target: str) -> None:
    found = server.ask(f"/id/{PARK.id}", headers={"Accept": accept})
    assert (found.status, found.headers["location"], found.headers["vary"]) == (303, target, "Accept")
    assert server.ask(target, headers={"Accept": accept}).status == 200
    assert server.ask(f"/id/{PARK.id}", headers={"Accept": "image/png"}).status == 406


@pytest.mark.parametrize("ending", TYPES)
def test_triples_are_those_of_the_thing(server: Running, ending: str) -> None:
    found = server.ask(f"/data/{PARK.id}.{ending}")
    assert (found.status, found.type) == (200, TYPES[ending])
    node = NamedNode(KG.base + PARK.id)
    told = {quad.triple for quad in pyoxigraph.parse(found.body, format=GRAPH_FORMATS[ending])}
    whole = {t for t in triples(KG) if node in (t.subject, t.object)}
    assert len(told) == len(whole) > 10
    assert Triple(node, term("rdfs:label"), chinese(PARK.name)) in told


def test_a_claim_comes_with_its_evidence(server: Running) -> None:
    claim = KG.claims[0]
    found = pyoxigraph.parse(server.ask(f"/data/claim/{claim.id}.ttl").body, format=RdfFormat.TURTLE)
    told = {q.object.value for q in found if q.predicate.value.endswith("#exact")}
    assert told == {quote.exact for quote in claim.evidence}


def test_every_thing_has_a_page_and_its_links_lead_to_things(server: Running) -> None:
    page = Tags(server.ask(f"/page/{PARK.id}").text)
    assert PARK.name in page.words
    quotes = [q.exact for c in KG.claims if PARK.id in (c.subject, c.object) for q in c.evidence]
    assert quotes
    assert all(quote in page.words for quote in quotes)
    local = sorted({link for link in page.links if link.startswith(("/page/", "/data/"))})
    assert len(local) > 10
    assert [link for link in local if server.ask(link).status != 200] == []
    for path in (f"doc/{MIDONG}", f"claim/{KG.claims[0].id}", f"observation/{KG.observations[0].id}", "dataset"):
        assert server.ask(f"/page/{path}").status == 200


def test_names_that_are_percent_encoded_are_found_however_they_are_sent(server: Running) -> None:
    unit = next(o.unit for o in KG.observations if o.unit == "亿元")
    iri = next(t.subject for t in triples(KG) if str(t.subject).startswith(f"<{KG.base}unit/%E4%BA%BF"))
    assert iri.value == f"{KG.base}unit/%E4%BA%BF%E5%85%83"  # type: ignore[union-attr]
    for sent in ("%E4%BA%BF%E5%85%83", "%e4%ba%bf%e5%85%83"):
        assert server.ask(f"/data/unit/{sent}.ttl").status == 200, unit


def test_hostile_names_stay_text(tmp_path: Path, starting: Callable[..., Running]) -> None:
    running = starting(write_folder(hostile(), tmp_path))
    allowed = {"html", "head", "meta", "title", "link", "body", "nav", "main", "h1", "h2", "p", "code", "a", "table",
               "tr", "th", "td", "bdi", "blockquote", "cite"}  # fmt: skip
    seen = 0
    for entity in hostile().entities:
        found = running.ask(f"/page/{entity.id}", headers={"Accept": "text/html"})
        assert found.status == 200
        page = Tags(found.text)
        assert set(page.tags) <= allowed
        assert entity.name in "".join(page.words)
        assert "script" not in found.headers["content-security-policy"]
        assert not [link for link in page.links if not link.startswith(("/", "https://", "http://", "data:,"))]
        told = json.loads(running.ask(f"/api/entities/{entity.id}").body)
        assert told["name"] == entity.name
        seen += 1
    assert seen == len(hostile().entities) > 5
    document = next(t.subject for t in triples(hostile()) if (t.predicate, t.object) == (A, term("plan:Document")))
    local = document.value.removeprefix(hostile().base)  # type: ignore[union-attr]
    page = Tags(running.ask(f"/page/{local}").text)
    assert set(page.tags) <= allowed
    assert "<h1>规划</h1>\"'&" in page.words


def test_the_explorer_stands_at_the_root(server: Running, folder: Path) -> None:
    found = server.ask("/")
    assert (found.status, found.type) == (200, "text/html")
    assert found.body == (folder / "network.html").read_bytes()
    vocabulary = server.ask("/ns")
    assert (vocabulary.status, vocabulary.type) == (200, "text/turtle")
    assert len(rdflib.Graph().parse(data=vocabulary.text, format="turtle")) > 500
