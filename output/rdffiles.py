"""The graph in the other RDF syntaxes: N-Triples, N-Quads, RDF/XML. Sorted, the same bytes each time."""

import re
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from extract.errors import PlankgError
from graph.model import KnowledgeGraph
from graph.rdf import prefixes, quads, statements
from graph.row import Statement
from output.files import write_bytes, write_text
from output.streaming import is_large, stream_nquads, stream_ntriples

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_STRING = "http://www.w3.org/2001/XMLSchema#string"
# XML 1.0 has no way to write these characters.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_ntriples(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph as canonical N-Triples, one sorted line per triple."""
    if is_large(kg):
        stream_ntriples(kg, path)
        return
    write_bytes(path, _sorted(serialize((Triple(*s) for s in statements(kg)), format=RdfFormat.N_TRIPLES)))


def write_nquads(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph as canonical N-Quads; the fourth term is the document that says the triple."""
    if is_large(kg):
        stream_nquads(kg, path)
        return
    found: list[Quad] = list(quads(kg))
    write_bytes(path, _sorted(serialize(found, format=RdfFormat.N_QUADS)))


def _sorted(lines: bytes | None) -> bytes:
    return b"".join(sorted((lines or b"").splitlines(keepends=True)))


def write_rdfxml(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph as RDF/XML, one `rdf:Description` per subject.

    A character that XML cannot hold (a control character of a hostile text) becomes U+FFFD.

    Raises PlankgError when a predicate's IRI cannot be an element name.
    """
    write_text(path, rdfxml(statements(kg), prefixes(kg.base)))


def rdfxml(graph: list[Statement], prefix: dict[str, str]) -> str:
    """Return statements as an RDF/XML document."""
    names = {namespace: name for name, namespace in prefix.items()}
    subjects: dict[str, list[str]] = {}
    used = {"rdf"}
    for subject, predicate, obj in graph:
        element = _element(predicate.value, names)
        used.add(element.split(":")[0])
        subjects.setdefault(subject.value, []).append(_property(element, obj))
    head = "".join(f"\n    xmlns:{name}={_quoted(iri)}" for name, iri in prefix.items() if name in used)
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n', f"<rdf:RDF{head}>\n"]
    for iri in sorted(subjects):
        parts += [f"  <rdf:Description rdf:about={_quoted(iri)}>\n", *sorted(subjects[iri])]
        parts.append("  </rdf:Description>\n")
    return "".join([*parts, "</rdf:RDF>\n"])


def _element(iri: str, names: dict[str, str]) -> str:
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    if iri[:cut] not in names or not _NAME.fullmatch(iri, cut):
        raise PlankgError(f"RDF/XML cannot name the property {iri}; export to another format")
    return f"{names[iri[:cut]]}:{iri[cut:]}"


def _property(element: str, obj: NamedNode | Literal) -> str:
    if isinstance(obj, NamedNode):
        return f"    <{element} rdf:resource={_quoted(obj.value)}/>\n"
    kind = ""
    if obj.language:
        kind = f" xml:lang={_quoted(obj.language)}"
    elif obj.datatype.value != _STRING:
        kind = f" rdf:datatype={_quoted(obj.datatype.value)}"
    return f"    <{element}{kind}>{_text(obj.value)}</{element}>\n"


def _text(value: str) -> str:
    # A bare carriage return would be read as a line feed.
    return escape(_NOT_XML.sub("\ufffd", value), {"\r": "&#13;"})


def _quoted(value: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", value))
