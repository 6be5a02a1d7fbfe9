"""RDF 1.1 claims (`rdf:subject`, `rdf:predicate`, `rdf:object`) and RDF 1.2 reifiers, to and fro.

In RDF 1.2 a claim names its edge in one triple, `claim rdf:reifies <<( s p o )>>`, so that the edge
is annotated instead of repeated. Both forms say the same and convert without loss.
"""

from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.terms import term

REIFIES = term("rdf:reifies")
_PARTS = (term("rdf:subject"), term("rdf:predicate"), term("rdf:object"))
_Node = NamedNode | BlankNode | Triple
_Object = NamedNode | BlankNode | Literal | Triple


def to_rdf12(graph: Iterable[Triple]) -> Iterator[Triple]:
    """Yield the triples with each statement's three parts replaced by one `rdf:reifies`.

    A node that lacks a part, or has two values of one, is left as it is.
    """
    whole: dict[_Node, dict[NamedNode, list[_Object]]] = {}
    rest = []
    for triple in graph:
        if triple.predicate in _PARTS:
            whole.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
        else:
            rest.append(triple)
    yield from rest
    for node, parts in whole.items():
        values = [parts.get(part, []) for part in _PARTS]
        subject, predicate, obj = (found[0] if len(found) == 1 else None for found in values)
        if isinstance(subject, _Node) and isinstance(predicate, NamedNode) and obj is not None:
            yield Triple(node, REIFIES, Triple(subject, predicate, obj))
        else:
            yield from (Triple(node, part, value) for part, found in parts.items() for value in found)


def to_rdf11(graph: Iterable[Triple]) -> Iterator[Triple]:
    """Yield the triples with each `rdf:reifies` of a triple term replaced by its three parts."""
    for triple in graph:
        if triple.predicate == REIFIES and isinstance(triple.object, Triple):
            reified = triple.object
            for part, value in zip(_PARTS, (reified.subject, reified.predicate, reified.object), strict=True):
                yield Triple(triple.subject, part, value)
        else:
            yield triple
