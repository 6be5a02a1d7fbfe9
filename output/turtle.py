"""Turtle that people can read: sorted, grouped by class and subject, the same bytes each time."""

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from graph.model import KnowledgeGraph
from graph.rdf import documented, prefixes, statements
from graph.reification import REIFIES, to_rdf12
from graph.row import Statement
from graph.terms import Names
from output.files import write_text
from output.streaming import stream_turtle
from output.turtle_writer import Writer


def write_turtle(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph as RDF 1.1 Turtle, UTF-8, however large it is."""
    stream_turtle(kg, path)


def turtle_of(kg: KnowledgeGraph) -> bytes:
    """Return what `write_turtle` writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.ttl"
        write_turtle(kg, path)
        return path.read_bytes()


def write_turtle12(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph as RDF 1.2 Turtle, UTF-8: each edge is annotated by the claims that say it.

    `s p o ~ claim:x .` stands for the edge and `claim:x rdf:reifies <<( s p o )>>`.
    """
    write_text(path, turtle12(statements(kg), prefixes(kg.base)))


def write_trig(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph as TriG, UTF-8: what a document says stands in a graph named by the document's IRI."""
    writer = Writer(prefixes(kg.base))
    by_doc: dict[str, list[Statement]] = {"": []}
    for row in documented(kg):
        by_doc.setdefault(row.doc, []).append(row[:3])
    parts = ["\n".join(writer.blocks(by_doc.pop("")))]
    names = Names(kg.base)
    for doc in sorted(by_doc):
        body = "\n".join(writer.blocks(by_doc[doc]))
        parts.append(f"{writer.iri(names.source(doc))} {{\n\n{body}\n}}\n")
    write_text(path, writer.head() + "\n" + "\n".join(parts))


def turtle(graph: Iterable[Triple], prefix: Mapping[str, str]) -> str:
    """Return the triples as Turtle. Their order does not matter; they hold no blank nodes or triple terms.

    >>> from graph.terms import term, integer
    >>> print(turtle([Triple(term("plan:x"), term("plan:page"), integer(3))], prefixes()))
    @prefix plan: <https://w3id.org/plankg/ns#> .
    <BLANKLINE>
    # other
    <BLANKLINE>
    plan:x plan:page 3 .
    <BLANKLINE>
    """
    return Writer(prefix).document(map(_statement, graph))


def turtle12(graph: Iterable[Statement], prefix: Mapping[str, str]) -> str:
    """Return RDF 1.1 statements as RDF 1.2 Turtle; see `graph.reification` for what changes."""
    plain: list[Statement] = []
    reifiers: dict[Statement, list[NamedNode]] = {}
    asserted = set(graph := list(graph))
    for triple in to_rdf12(Triple(*statement) for statement in graph):
        reified = triple.object
        if triple.predicate != REIFIES or not isinstance(reified, Triple):
            plain.append(_statement(triple))
        elif (edge := _statement(reified)) in asserted and isinstance(triple.subject, NamedNode):
            reifiers.setdefault(edge, []).append(triple.subject)
        else:
            raise ValueError(f"{triple.subject} states an edge that the graph does not hold: {reified}")
    return Writer(prefix, reifiers).document(plain)


def _statement(triple: Triple) -> Statement:
    subject, predicate, obj = triple.subject, triple.predicate, triple.object
    if isinstance(subject, NamedNode) and isinstance(obj, NamedNode | Literal):
        return subject, predicate, obj
    raise ValueError(f"this writer takes IRIs and literals only, got {triple}")
