"""The graph for users of rdflib."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.rdf import prefixes
from ontology.schema import ENTITY_BASE

if TYPE_CHECKING:
    import rdflib

_STRING = "http://www.w3.org/2001/XMLSchema#string"


def to_rdflib(graph: Iterable[Triple], base: str = ENTITY_BASE) -> "rdflib.Graph":
    """Return the triples as an `rdflib.Graph` with our prefixes bound (RDF 1.1 terms only).

    Literals keep their spelling; strings are plain literals, as rdflib's own parsers make them.
    """
    import rdflib

    made: dict[object, rdflib.term.Node] = {}

    def node(term: NamedNode | BlankNode | Literal | Triple) -> "rdflib.term.Node":
        found = made.get(term)
        if found is None:
            found = made[term] = _node(term)
        return found

    result = rdflib.Graph(bind_namespaces="none")
    for name, namespace in prefixes(base).items():
        result.bind(name, namespace)
    for triple in graph:
        result.add((node(triple.subject), node(triple.predicate), node(triple.object)))
    return result


def _node(term: NamedNode | BlankNode | Literal | Triple) -> "rdflib.term.Node":
    import rdflib

    match term:
        case NamedNode():
            return rdflib.URIRef(term.value)
        case BlankNode():
            return rdflib.BNode(term.value)
        case Literal() if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        case Literal() if term.datatype.value == _STRING:
            return rdflib.Literal(term.value)
        case Literal():
            return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
    raise ValueError(f"rdflib has no triple terms; convert to RDF 1.1 first: {term}")
