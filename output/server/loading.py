"""An RDF file into a store on disk: all triples in the default graph, each document's in a named graph, too."""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, QueryTriples, RdfFormat, Store, parse

from extract.errors import GraphFileError
from graph.terms import A, prefixes, term
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
    triples, graphs = _sizes(store)
    base = _base(store)
    store.flush()
    return base, triples, graphs


def _both(path: Path, kind: RdfFormat) -> Iterator[Quad]:
    for quad in parse(path=str(path), format=kind):
        if quad.graph_name != _HERE:
            yield quad
        yield Quad(quad.subject, quad.predicate, quad.object, _HERE)


def _sizes(store: Store) -> tuple[int, dict[str, int]]:
    """Return the number of triples in the default graph and in each named one."""
    counts = store.query(
        "SELECT ?g (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } GROUP BY ?g ORDER BY ?g"
    )
    assert isinstance(counts, QuerySolutions)
    found = {row["g"].value if row["g"] else "": int(row["n"].value) for row in counts}
    return found.pop("", 0), found


def _base(store: Store) -> str:
    spaces = (q.object for q in store.quads_for_pattern(None, term("void:uriSpace"), None, _HERE))
    found = sorted(space.value for space in spaces if isinstance(space, Literal))
    return found[0] if found else ENTITY_BASE


# What a document says, each part as a pattern of triples ?s ?p ?o for a document ?d.
_SAID = (
    "?s plan:mentionedIn ?d BIND(plan:mentionedIn AS ?p) BIND(?d AS ?o)",
    "?s oa:hasSource ?d ; a plan:Mention ; ?p ?o",
    "?s prov:wasDerivedFrom ?d ; ?p ?o",
    "?c prov:wasDerivedFrom ?d ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o",
    "?s oa:hasSource ?d ; a oa:SpecificResource ; ?p ?o",
    "{ SELECT DISTINCT ?s { ?e oa:hasSource ?d ; oa:hasSelector ?s } } ?s ?p ?o",
    "{ SELECT DISTINCT ?s { ?e oa:hasSource ?d ; plan:inSection/dcterms:isPartOf* ?s . ?s a plan:Section } } ?s ?p ?o",
)


def document_graphs(store: Store) -> Iterator[Quad]:
    """Yield what each document says, in a graph named by its IRI; the same as `graph.rdf.quads` says so.

    A document says its claims and observations with their edges and evidence, its mentions, and
    that it mentions an entity.
    """
    documents = [q.subject for q in store.quads_for_pattern(None, A, term("plan:Document"), _HERE)]
    for document in documents:
        if not isinstance(document, NamedNode):
            continue
        for part in _SAID:
            pattern = part.replace("?d", str(document))  # an IRI of the store, in its own notation
            found = store.query(f"CONSTRUCT {{ ?s ?p ?o }} {{ {pattern} }}", prefixes=prefixes())
            assert isinstance(found, QueryTriples)
            for triple in found:
                yield Quad(triple.subject, triple.predicate, triple.object, document)
