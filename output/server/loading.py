"""An RDF file into a store on disk: all triples in the default graph, each document's in a named graph, too."""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from extract.errors import GraphFileError
from graph.terms import A, term
from ontology.schema import ENTITY_BASE

_ENDINGS = (".ttl", ".nt", ".nq", ".trig", ".rdf", ".jsonld")
_QUADS = (RdfFormat.TRIG, RdfFormat.N_QUADS)
_HERE = DefaultGraph()


def load(path: Path, folder: Path) -> tuple[str, int, dict[str, int]]:
    """Fill a new store in `folder`; return the base of its IRIs, its triples, and those of each named graph.

    The named graphs are those of TriG or N-Quads, else one for each document (see
    `document_graphs`). Raises GraphFileError.
    """
    kind = RdfFormat.from_extension(path.suffix.removeprefix("."))
    if kind is None:
        raise GraphFileError(f"{path}: unknown RDF ending {path.suffix!r}; known are {' '.join(_ENDINGS)}")
    store = Store(str(folder))
    try:
        if kind in _QUADS:
            store.bulk_extend(_both(path, kind))
        else:
            store.bulk_load(path=str(path), format=kind)
            store.bulk_extend(document_graphs(store))
    except (SyntaxError, OSError, ValueError) as error:
        raise GraphFileError(f"{path}: cannot be read as {kind.name}: {error}") from error
    graphs = {g.value: _size(store, g) for g in store.named_graphs() if isinstance(g, NamedNode)}
    triples = _size(store, _HERE)
    base = _base(store)
    store.flush()
    return base, triples, dict(sorted(graphs.items()))


def _both(path: Path, kind: RdfFormat) -> Iterator[Quad]:
    for quad in parse(path=str(path), format=kind):
        if quad.graph_name != _HERE:
            yield quad
        yield Quad(quad.subject, quad.predicate, quad.object, _HERE)


def _size(store: Store, graph: NamedNode | DefaultGraph) -> int:
    return sum(1 for _ in store.quads_for_pattern(None, None, None, graph))


def _base(store: Store) -> str:
    spaces = (q.object for q in store.quads_for_pattern(None, term("void:uriSpace"), None, _HERE))
    found = sorted(space.value for space in spaces if isinstance(space, Literal))
    return found[0] if found else ENTITY_BASE


def document_graphs(store: Store) -> Iterator[Quad]:
    """Yield what each document says, in a graph named by its IRI; the same as `graph.rdf.quads` says so.

    A document says its claims and observations with their edges and evidence, its mentions, and
    that it mentions an entity.
    """
    for document in store.quads_for_pattern(None, A, term("plan:Document"), _HERE):
        if isinstance(document.subject, NamedNode):
            yield from _said(store, document.subject)


def _said(store: Store, document: NamedNode) -> Iterator[Quad]:
    nodes = [q.subject for q in store.quads_for_pattern(None, term("prov:wasDerivedFrom"), document, _HERE)]
    nodes += [
        q.subject
        for q in store.quads_for_pattern(None, term("oa:hasSource"), document, _HERE)
        if any(store.quads_for_pattern(q.subject, A, term("plan:Mention"), _HERE))
    ]
    seen: set[object] = set(nodes)
    for mentioned in store.quads_for_pattern(None, term("plan:mentionedIn"), document, _HERE):
        yield Quad(mentioned.subject, mentioned.predicate, mentioned.object, document)
    while nodes:
        about: dict[NamedNode, NamedNode | BlankNode | Literal | Triple] = {}
        for quad in store.quads_for_pattern(nodes.pop(), None, None, _HERE):
            about[quad.predicate] = quad.object
            yield Quad(quad.subject, quad.predicate, quad.object, document)
            part = quad.object
            inner = quad.predicate in _INNER and part not in seen and part != document
            if inner and isinstance(part, NamedNode | BlankNode):
                seen.add(part)
                nodes.append(part)
        subject, predicate, obj = (about.get(part) for part in _EDGE)
        if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode) and obj is not None:
            yield Quad(subject, predicate, obj, document)


_EDGE = (term("rdf:subject"), term("rdf:predicate"), term("rdf:object"))
# Where a statement goes on: its evidence, the places and words of that, the sections that it stands in.
_INNER = frozenset(map(term, ("plan:evidence", "oa:hasSelector", "plan:inSection", "dcterms:isPartOf")))
