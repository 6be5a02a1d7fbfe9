"""Pages for people: one for every thing of the graph. Whatever a document says is text, never markup."""

import secrets
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from graph.terms import A, term
from ontology.labels import labels
from ontology.schema import NAMESPACE, VOCABULARY, EntityType
from output.server.api import endpoint
from output.server.catalogue import Catalogue, Json
from output.server.explorer import Explorer, explorer_operations
from output.server.resources import Resources

_FOLDER = Path(__file__).with_name("static")
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_STATIC = {
    "pages.css": "text/css; charset=utf-8",
    "query.css": "text/css; charset=utf-8",
    "query.js": "text/javascript; charset=utf-8",
}
_CLAIMS = 200  # shown on the page of an entity
_ROWS = 200  # of other statements


def page_routes(resources: Resources, explorer: Explorer, file: Path | None) -> list[Route]:
    """Return the routes of the explorer, the query page, the things' pages, and what these need.

    `file` is the explorer that was built with the graph; it holds all of it unless the graph is large.
    """
    catalogue = explorer.catalogue
    whole = None if explorer.is_large else file
    # The page's own policy stands in the page.
    framed = {"Content-Security-Policy": "frame-ancestors 'none'"}

    async def home(request: Request) -> Response:
        if whole is not None:
            return FileResponse(whole, media_type="text/html", headers=framed)
        return HTMLResponse(await run_in_threadpool(explorer.page), headers=framed)

    async def query(request: Request) -> Response:
        nonce = secrets.token_urlsafe(16)
        text = (_FOLDER / "query.html").read_text(encoding="utf-8").replace("NONCE", nonce)
        # Style attributes: Chromium itself makes them while one types into an editable element.
        policy = (
            f"default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
            "style-src-attr 'unsafe-inline'; img-src 'self' data:; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        return _html(text, policy)

    async def page(request: Request) -> Response:
        iri, local = resources.asked(request, "/page/")
        return _html(await run_in_threadpool(_page, resources, catalogue, iri, local), _POLICY)

    async def static(request: Request) -> Response:
        name = request.url.path.removeprefix("/static/")
        return FileResponse(_FOLDER / name, headers={"Content-Type": _STATIC[name]})

    async def vocabulary(request: Request) -> Response:
        return FileResponse(VOCABULARY, headers={"Content-Type": "text/turtle; charset=utf-8"})

    return [
        Route("/", home, methods=["GET"]),
        *(Route(o.path, endpoint(catalogue, o), methods=["GET"]) for o in explorer_operations(explorer)),
        Route("/query", query, methods=["GET"]),
        Route("/page/{local:path}", page, methods=["GET"]),
        Route("/ns", vocabulary, methods=["GET"]),
        *(Route(f"/static/{name}", static, methods=["GET"]) for name in _STATIC),
    ]


def _html(text: str, policy: str) -> Response:
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
    return Response(text.encode("utf-8", "replace"), headers=headers)


def _page(resources: Resources, catalogue: Catalogue, iri: NamedNode, local: str) -> str:
    """Return the page of a thing."""
    name, kind = resources.label(iri) or local, resources.type(iri)
    words = labels("zh")
    body = [f"<h1>{escape(name)}</h1>", f'<p class="kind">{escape(words.get(kind, ""))} {escape(kind)}</p>']
    body.append(f"<p><code>{escape(iri.value)}</code></p>")
    if kind in EntityType.__members__.values():
        body += _relations(catalogue, local, words)
    body.append(_section("陈述 · Statements", _outgoing(resources, iri, words)))
    body.append(_section("被引用 · Named by", _incoming(resources, iri, words)))
    kinds = ("ttl", "Turtle"), ("jsonld", "JSON-LD"), ("nt", "N-Triples"), ("rdf", "RDF/XML")
    data = " ".join(f'<a href="/data/{escape(local)}.{ending}">{title}</a>' for ending, title in kinds)
    return _FRAME.format(title=escape(name), local=escape(local), data=data, body="\n".join(body))


_FRAME = """<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/static/pages.css">
<link rel="alternate" type="text/turtle" href="/data/{local}.ttl">
<link rel="alternate" type="application/ld+json" href="/data/{local}.jsonld">
</head>
<body>
<nav><a href="/">图谱 Explorer</a> <a href="/query">查询 Query</a> {data}</nav>
<main>
{body}
</main>
</body>
</html>
"""


def _section(title: str, rows: list[str]) -> str:
    return f"<h2>{title}</h2>\n<table>\n{chr(10).join(rows)}\n</table>" if rows else ""


def _relations(catalogue: Catalogue, id: str, words: dict[str, str]) -> list[str]:
    """Return the claims about an entity and its figures, each with its sentence."""
    found = catalogue.neighbours(id, "both", {}, 1, _CLAIMS, 0)
    rows = [_claim(claim, words) for claim in found["items"]]
    more = f"<p>{found['total']} ({_CLAIMS})</p>" if found["more"] else ""
    figures = [_figure(value, id, words) for value in catalogue.entity(id)["figures"]]
    return [_section("关系 · Relations", rows), more, _section("数值 · Figures", figures)]


def _claim(claim: Json, words: dict[str, str]) -> str:
    arrow = "→" if claim["direction"] == "out" else "←"
    status = f" ({_word(claim['status'], words)})" if claim["status"] else ""
    relation = _word(claim["predicate"], words)
    link = f'<a href="/page/claim/{escape(claim["id"])}">{relation}</a>'
    return f"<tr><th>{link}{status} {arrow}</th><td>{_entity(claim['other'])}{_quotes(claim['quotes'])}</td></tr>"


def _figure(value: Json, id: str, words: dict[str, str]) -> str:
    other = value["subject" if value["indicator"]["id"] == id else "indicator"]
    kind = words.get(value["kind"] or "", value["kind"] or "")
    parts = [value["value"] + (value["unit"] or ""), value["period"], kind, value["attribute"]]
    shown = escape(" ".join(part for part in parts if part))
    return f"<tr><th>{_entity(other)}</th><td>{shown}{_quotes(value['quotes'])}</td></tr>"


def _word(term: str, words: dict[str, str]) -> str:
    return escape(words.get(term, term))


def _entity(entity: Json) -> str:
    return f'<a href="/page/{escape(entity["id"])}">{escape(entity["name"])}</a>'


def _quotes(quotes: Iterable[Json]) -> str:
    return "".join(f"<blockquote>{escape(q['exact'])}<cite>{escape(q['document'])}</cite></blockquote>" for q in quotes)


def _outgoing(resources: Resources, iri: NamedNode, words: dict[str, str]) -> list[str]:
    triples = [t for t in resources.outgoing(iri) if t.subject == iri][:_ROWS]
    return [
        f"<tr><th>{_node(resources, t.predicate, words)}</th><td>{_node(resources, t.object, words)}</td></tr>"
        for t in sorted(triples, key=_order)
    ]


def _incoming(resources: Resources, iri: NamedNode, words: dict[str, str]) -> list[str]:
    triples = resources.incoming(iri)[:_ROWS]
    return [
        f"<tr><td>{_node(resources, t.subject, words)}</td><th>{_node(resources, t.predicate, words)}</th></tr>"
        for t in sorted(triples, key=str)
    ]


def _order(triple: Triple) -> tuple[int, str]:
    first = {A: 0, term("rdfs:label"): 1}
    return first.get(triple.predicate, 2), str(triple)


def _node(resources: Resources, node: Any, words: dict[str, str]) -> str:
    if isinstance(node, Literal):
        return f"<bdi>{escape(node.value)}</bdi>"
    if not isinstance(node, NamedNode):
        return escape(str(node))
    iri = node.value
    if iri.startswith(resources.base):
        local = iri[len(resources.base) :]
        return f'<a href="/page/{escape(local)}">{escape(resources.label(node) or local)}</a>'
    if iri.startswith(NAMESPACE):
        name = iri.removeprefix(NAMESPACE)
        return f'<a href="/ns">{escape(words.get(name, name))}</a>'
    shown = iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1] or iri
    if iri.startswith(("http://", "https://")):
        return f'<a href="{escape(iri)}" rel="noreferrer">{escape(shown)}</a>'
    return escape(iri)
