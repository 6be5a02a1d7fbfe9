"""Turtle that people can read: sorted, grouped by class and subject, the same bytes each time."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from graph.model import KnowledgeGraph
from graph.rdf import prefixes, statements
from graph.row import Statement
from graph.terms import A
from output.files import write_text

# The order of the classes in the file; others follow by name.
_CLASSES = (
    "void:Dataset",
    "plan:Document",
    "plan:District",
    "plan:Park",
    "plan:Project",
    "plan:Facility",
    "plan:Industry",
    "plan:Policy",
    "plan:Enterprise",
    "plan:Institution",
    "plan:Indicator",
    "plan:Claim",
    "plan:Observation",
    "oa:SpecificResource",
    "plan:Section",
)
_FIRST = {name: str(rank) for rank, name in enumerate(("a", "rdfs:label", "dcterms:title", "skos:altLabel"))}
_LOCAL = re.compile(r"(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:[A-Za-z0-9_-]|%[0-9A-Fa-f]{2})*")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_BARE = {f"{_XSD}integer": re.compile(r"[+-]?\d+"), f"{_XSD}decimal": re.compile(r"[+-]?\d+\.\d+")}

Object = NamedNode | Literal


def write_turtle(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph as RDF 1.1 Turtle, UTF-8."""
    write_text(path, _Writer(prefixes(kg.base)).write(statements(kg)))


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
    return _Writer(prefix).write(map(_statement, graph))


def _statement(triple: Triple) -> Statement:
    subject, predicate, obj = triple.subject, triple.predicate, triple.object
    if isinstance(subject, NamedNode) and isinstance(obj, NamedNode | Literal):
        return subject, predicate, obj
    raise ValueError(f"this writer takes IRIs and literals only, got {triple}")


class _Writer:
    def __init__(self, prefix: Mapping[str, str]) -> None:
        self._namespaces = {namespace: name for name, namespace in prefix.items()}
        self._prefix = prefix
        self._used: set[str] = set()
        self._names: dict[NamedNode, str] = {A: "a"}

    def write(self, graph: Iterable[Statement]) -> str:
        subjects: dict[NamedNode, dict[NamedNode, list[Object]]] = {}
        for s, p, o in graph:
            subjects.setdefault(s, {}).setdefault(p, []).append(o)
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for subject, about in subjects.items():
            name = self.iri(subject)
            groups[self._class(about)].append((name, self._block(name, about)))
        order = {name: rank for rank, name in enumerate(_CLASSES)}
        parts = []
        for group in sorted(groups, key=lambda name: (order.get(name, len(order)), name)):
            parts.append(f"# {group}\n")
            parts += [block for _, block in sorted(groups[group])]
        head = [f"@prefix {name}: <{iri}> .\n" for name, iri in self._prefix.items() if name in self._used]
        return "".join(head) + "\n" + "\n".join(parts)

    def _class(self, about: Mapping[NamedNode, list[Object]]) -> str:
        names = sorted(self.term(o) for o in about.get(A, []))
        known = [name for name in _CLASSES if name in names]
        return (known or names or ["other"])[0]

    def _block(self, subject: str, about: Mapping[NamedNode, list[Object]]) -> str:
        lines = []
        for predicate, objects in about.items():
            name = self.iri(predicate)
            values = sorted(map(self.term, objects)) if len(objects) > 1 else [self.term(objects[0])]
            lines.append((_FIRST.get(name, "9") + name, f"{name} {' , '.join(values)}"))
        return f"{subject} " + " ;\n    ".join(line for _, line in sorted(lines)) + " .\n"

    def term(self, found: Object) -> str:
        return self.iri(found) if isinstance(found, NamedNode) else self._literal(found)

    def iri(self, found: NamedNode) -> str:
        name = self._names.get(found)
        if name is None:
            name = self._names[found] = self._compact(found.value)
        return name

    def _compact(self, iri: str) -> str:
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._namespaces.get(iri[:cut])
        if prefix is None or not _LOCAL.fullmatch(iri, cut):
            return f"<{iri}>"
        self._used.add(prefix)
        return f"{prefix}:{iri[cut:]}"

    def _literal(self, found: Literal) -> str:
        datatype = found.datatype.value
        if found.language or datatype == f"{_XSD}string":
            return str(found)
        if datatype in _BARE and _BARE[datatype].fullmatch(found.value):
            return found.value
        return f"{Literal(found.value)}^^{self.iri(found.datatype)}"
