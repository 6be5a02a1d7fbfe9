"""Every IRI of the graph leads somewhere: a page for people, triples for machines.

`/id/LOCAL` stands for the IRI that is the graph's base and LOCAL, and redirects (303) to
`/page/LOCAL` or to `/data/LOCAL.ttl` (`.jsonld`, `.nt`, `.rdf`), as the Accept header wishes. No
path is ever one of a file: what follows the prefix is looked up as an IRI, or is not found.
"""

from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote, unquote

from pyoxigraph import Literal, NamedNode, Store, Triple, serialize
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from graph.rdf import prefixes
from graph.terms import A, term
from output.server.media import GRAPHS, HTML, Medium, choose
from output.server.problems import ProblemError
from output.server.protocol import accepted
from output.server.worker import GRAPH_FORMATS

_KINDS = {m.kind: m for m in GRAPHS[3::-1]}  # Turtle, JSON-LD, N-Triples, RDF/XML by their endings
_OFFERS = (HTML, *(m for m in GRAPHS if m.kind in _KINDS))
_MOST_OUT, _MOST_IN = 5000, 1000
_LABELS = ("rdfs:label", "dcterms:title", "skos:prefLabel")
# Where a thing goes on in parts of its own: a claim's evidence, and the places and words of that.
_PARTS = frozenset(map(term, ("plan:evidence", "oa:hasSelector", "plan:inSection")))


class Resources:
    """The things of a store by their IRIs; looked up directly, without a query."""

    def __init__(self, store: Store, base: str) -> None:
        self.store = store
        self.base = base

    def outgoing(self, iri: NamedNode) -> list[Triple]:
        """Return what is said of a thing and of its parts, in the order of the store."""
        found: list[Triple] = []
        todo, seen = [iri], {iri}
        while todo and len(found) < _MOST_OUT:
            for quad in islice(self.store.quads_for_pattern(todo.pop(), None, None, None), _MOST_OUT):
                found.append(quad.triple)
                part = quad.object
                if quad.predicate in _PARTS and isinstance(part, NamedNode) and part not in seen:
                    seen.add(part)
                    todo.append(part)
        return list(dict.fromkeys(found))

    def incoming(self, iri: NamedNode) -> list[Triple]:
        """Return what is said of other things that names this one, `_MOST_IN` triples at most."""
        quads = islice(self.store.quads_for_pattern(None, None, iri, None), 2 * _MOST_IN)
        return list(dict.fromkeys(quad.triple for quad in quads))[:_MOST_IN]

    def known(self, iri: NamedNode) -> bool:
        """Return whether the graph says anything of a thing."""
        return any(islice(self.store.quads_for_pattern(iri, None, None, None), 1))

    def label(self, iri: NamedNode) -> str:
        """Return what a thing is called, "" if it has no name."""
        for name in _LABELS:
            found = sorted(o.value for o in self.values(iri, term(name)) if isinstance(o, Literal))
            if found:
                return found[0]
        return ""

    def type(self, iri: NamedNode) -> str:
        """Return the local name of a thing's class, "" if it has none."""
        found = sorted(o.value for o in self.values(iri, A) if isinstance(o, NamedNode))
        return found[0].rsplit("#", 1)[-1].rsplit("/", 1)[-1] if found else ""

    def values(self, iri: NamedNode, predicate: NamedNode) -> Iterator[object]:
        """Yield the objects of a property."""
        for quad in islice(self.store.quads_for_pattern(iri, predicate, None, None), _MOST_IN):
            yield quad.object

    def asked(self, request: Request, prefix: str) -> tuple[NamedNode, str]:
        """Return the IRI that a path stands for, and its part behind the base; ProblemError (404)."""
        local = _local(request, prefix)
        return self.found(local), local

    def found(self, local: str) -> NamedNode:
        """Return the IRI with this part behind the base; ProblemError (404) when the graph does not know it."""
        try:
            iri = NamedNode(self.base + local)
        except ValueError:
            iri = None
        if iri is None or not self.known(iri):
            raise ProblemError(404, f"the graph says nothing of {(self.base + local)[:300]}")
        return iri


def _local(request: Request, prefix: str) -> str:
    """Return what follows a prefix in the path, percent-encoded as our IRIs are, however it was sent."""
    raw: bytes = request.scope.get("raw_path") or quote(request.scope["path"]).encode()
    path = raw.decode("latin-1").partition("?")[0].removeprefix(prefix)
    try:
        parts = [unquote(part.encode("latin-1").decode(), errors="strict") for part in path.split("/")]
    except UnicodeDecodeError as error:
        raise ProblemError(400, "the path is not UTF-8") from error
    return "/".join(quote(part, safe="") for part in parts)


def resource_routes(resources: Resources) -> list[Route]:
    """Return the routes of IRIs and of their triples; pages are in `output.server.pages`."""

    async def thing(request: Request) -> Response:
        _, local = resources.asked(request, "/id/")
        offer = choose(accepted(request), _OFFERS)
        if offer is None:
            raise ProblemError(406, f"this is given as {', '.join(dict.fromkeys(m.type for m in _OFFERS))} only")
        where = f"/page/{local}" if offer is HTML else f"/data/{local}.{offer.kind}"
        return RedirectResponse(where, 303, headers={"Vary": "Accept"})

    async def data(request: Request) -> Response:
        local, dot, ending = _local(request, "/data/").rpartition(".")
        if not dot or ending not in _KINDS:
            raise ProblemError(404, f"triples are given under the endings {', '.join(f'.{kind}' for kind in _KINDS)}")
        iri = resources.found(local)
        triples = [*resources.outgoing(iri), *resources.incoming(iri)]
        medium: Medium = _KINDS[ending]
        links = f'</id/{local}>; rel="describes", </page/{local}>; rel="alternate"; type="text/html"'
        return Response(
            written(triples, ending, resources.base), headers={"Content-Type": medium.header, "Link": links}
        )

    return [Route("/id/{local:path}", thing, methods=["GET"]), Route("/data/{local:path}", data, methods=["GET"])]


def written(triples: list[Triple], kind: str, base: str) -> bytes:
    """Return triples in one of `GRAPH_FORMATS`; Turtle and JSON-LD as people like to read them, if they can be."""
    from output.jsonld import jsonld
    from output.turtle import turtle

    names = prefixes(base)
    if kind == "ttl" and all(_plain(t) for t in triples):
        return turtle(triples, names).encode()
    if kind == "jsonld" and all(_plain(t) for t in triples):
        rows = [
            (t.subject, t.predicate, t.object)
            for t in triples
            if isinstance(t.subject, NamedNode) and isinstance(t.object, NamedNode | Literal)
        ]
        return jsonld(rows, names).encode()
    return serialize(triples, format=GRAPH_FORMATS[kind], prefixes=names) or b""


def _plain(triple: Triple) -> bool:
    return isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal)
