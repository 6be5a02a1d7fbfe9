"""How terms, subjects and documents look in Turtle; what goes into a file is said elsewhere."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode

from graph.row import Statement
from graph.terms import A

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
_ORDER = {name: rank for rank, name in enumerate(_CLASSES)}
_FIRST = {name: str(rank) for rank, name in enumerate(("a", "rdfs:label", "dcterms:title", "skos:altLabel"))}
_TYPE = f"{_FIRST['a']}a"
_LOCAL = re.compile(r"(?:[A-Za-z0-9_]|%[0-9A-Fa-f]{2})(?:[A-Za-z0-9_-]|%[0-9A-Fa-f]{2})*")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_BARE = {f"{_XSD}integer": re.compile(r"[+-]?\d+"), f"{_XSD}decimal": re.compile(r"[+-]?\d+\.\d+")}

_KEPT = 50_000  # names, and things said, that a writer remembers


class Writer:
    """Writes documents and parts of them with one set of prefixes; the head comes last."""

    def __init__(self, prefix: Mapping[str, str], reifiers: Mapping[Statement, list[NamedNode]] | None = None) -> None:
        self._namespaces = {namespace: name for name, namespace in prefix.items()}
        self._prefix = prefix
        self._reifiers = reifiers or {}
        self.used: set[str] = set()
        self._names: dict[str, str] = {A.value: "a"}
        self._entries: dict[str, tuple[str, str]] = {}

    def document(self, graph: Iterable[Statement]) -> str:
        """Return the statements as a whole document."""
        body = "\n".join(self.blocks(graph))
        return f"{self.head()}\n{body}"

    def head(self) -> str:
        """Return the declarations of the prefixes that were used so far."""
        return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in self._prefix.items() if name in self.used)

    def blocks(self, graph: Iterable[Statement]) -> list[str]:
        """Return a comment for each class and a block for each subject."""
        subjects: dict[str, list[tuple[str, str]]] = {}
        for statement in graph:
            s, p, o = statement
            key, value = self.entry(f"{p} {o}")
            if self._reifiers:
                value += self._annotation(statement)
            subjects.setdefault(self.iri(s), []).append((key, value))
        groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, about in subjects.items():
            group, block = written(name, about)
            groups[group].append((name, block))
        parts = []
        for group in sorted(groups, key=place):
            parts.append(f"# {group}\n")
            parts += [block for _, block in sorted(groups[group])]
        return parts

    def _annotation(self, edge: Statement) -> str:
        return "".join(f" ~ {name}" for name in sorted(map(self.iri, self._reifiers.get(edge, ()))))

    def iri(self, found: NamedNode) -> str:
        """Return an IRI with a prefix, if one fits."""
        return self.name(found.value)

    def name(self, iri: str) -> str:
        """Return an IRI, given without angle brackets, with a prefix, if one fits."""
        name = self._names.get(iri)
        if name is None:
            if len(self._names) > _KEPT:
                self._names = {A.value: "a"}
            name = self._names[iri] = self._compact(iri)
        return name

    def entry(self, rest: str) -> tuple[str, str]:
        """Return the predicate with its rank, and the value, of a predicate and an object in N-Triples."""
        found = self._entries.get(rest)
        if found is None:
            if len(self._entries) > _KEPT:
                self._entries = {}
            predicate, _, value = rest.partition(" ")
            name = self.name(predicate[1:-1])
            found = self._entries[rest] = (_FIRST.get(name, "9") + name, self._value(value))
        return found

    def _value(self, found: str) -> str:
        if found[0] == "<":
            return self.name(found[1:-1])
        if found[-1] != ">":
            return found  # a string, with its language if any
        plain, _, datatype = found[1:-1].rpartition('"^^<')
        if datatype in _BARE and _BARE[datatype].fullmatch(plain):
            return plain
        return f'"{plain}"^^{self.name(datatype)}'

    def _compact(self, iri: str) -> str:
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._namespaces.get(iri[:cut])
        if prefix is None or not _LOCAL.fullmatch(iri, cut):
            return f"<{iri}>"
        self.used.add(prefix)
        return f"{prefix}:{iri[cut:]}"


def _class(types: list[str]) -> str:
    """Return the class under whose heading a subject with these types stands."""
    return min(types, key=place, default="other")


def place(group: str) -> tuple[int, str]:
    """Return what tells the place of a class in the file."""
    return _ORDER.get(group, len(_ORDER)), group


def written(name: str, about: list[tuple[str, str]]) -> tuple[str, str]:
    """Return the class under whose heading a subject stands, and its block; `about` is as from `Writer.entry`."""
    return _class([value for key, value in about if key == _TYPE]), _block(name, about)


def _block(name: str, about: list[tuple[str, str]]) -> str:
    """Return one subject with its sorted predicates and values."""
    about.sort()
    pieces = [name]
    last = ""
    for key, value in about:
        if key == last:
            pieces.append(f" , {value}")
        else:
            pieces.append(f" ;\n    {key[1:]} {value}" if last else f" {key[1:]} {value}")
            last = key
    pieces.append(" .\n")
    return "".join(pieces)
