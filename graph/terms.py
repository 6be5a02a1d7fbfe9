"""RDF terms of the graph: prefixes, the names of the vocabulary, and IRIs of our things."""

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import quote, unquote

from pyoxigraph import Literal, NamedNode

from extract.span import Span
from graph.model import Quote
from ontology.schema import ENTITY_BASE, NAMESPACE

_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "plan": NAMESPACE,
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "oa": "http://www.w3.org/ns/oa#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "qb": "http://purl.org/linked-data/cube#",
        "qudt": "http://qudt.org/schema/qudt/",
        "qunit": "http://qudt.org/vocab/unit/",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sh": "http://www.w3.org/ns/shacl#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "time": "http://www.w3.org/2006/time#",
        "void": "http://rdfs.org/ns/void#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)

# Folders under the entity base, each with a prefix of its own.
_FOLDERS = (
    "claim",
    "dataset",
    "doc",
    "evidence",
    "gbt4754",
    "mapping",
    "mention",
    "merge",
    "nearmiss",
    "observation",
    "period",
    "position",
    "quote",
    "reference",
    "section",
    "unit",
)


def prefixes(base: str = ENTITY_BASE) -> dict[str, str]:
    """Return the prefixes of our files and queries, in order: vocabularies, then things under `base`.

    >>> prefixes()["plan"]
    'https://w3id.org/plankg/ns#'
    """
    return {**_PREFIXES, "id": base, **{folder: f"{base}{folder}/" for folder in _FOLDERS}}


@lru_cache(maxsize=512)
def term(name: str) -> NamedNode:
    """Return the IRI of a prefixed name of a vocabulary (`term("plan:status")`); unknown prefix: KeyError."""
    prefix, local = name.split(":", 1)
    return NamedNode(_PREFIXES[prefix] + local)


A = term("rdf:type")


def text(value: str) -> Literal:
    """Return a plain string."""
    return Literal(value)


def chinese(value: str) -> Literal:
    """Return a string in Chinese."""
    return Literal(value, language="zh")


def english(value: str) -> Literal:
    """Return a string in English."""
    return Literal(value, language="en")


_INTEGER, _DECIMAL, _DATE = term("xsd:integer"), term("xsd:decimal"), term("xsd:date")


def integer(value: int) -> Literal:
    """Return an xsd:integer."""
    return Literal(str(value), datatype=_INTEGER)


@lru_cache(maxsize=8192)
def decimal(value: Decimal | float | str) -> Literal:
    """Return an xsd:decimal without exponent, with at least one and no needless decimals.

    >>> decimal(1e-05).value, decimal("35").value, decimal("32.10").value
    ('0.00001', '35.0', '32.1')
    """
    plain = format(Decimal(str(value)), "f")
    whole, _, part = plain.partition(".")
    return Literal(f"{whole}.{part.rstrip('0') or '0'}", datatype=_DECIMAL)


def date_(value: object) -> Literal:
    """Return an xsd:date from a `datetime.date`."""
    return Literal(str(value), datatype=_DATE)


def digest(*parts: str) -> str:
    """Return the first 16 hex digits of the SHA-256 over the parts, for IRIs made from content."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _encoded(local: str) -> str:
    """Return the text with all but letters, digits and `-._~` percent-encoded."""
    return local if _PLAIN.fullmatch(local) else quote(local, safe="")


_PLAIN = re.compile(r"[A-Za-z0-9._~-]*")


_KEPT = 100_000  # IRIs of a folder that are made once


class Names:
    """Mints the IRIs of one graph. `base` ends in "/" or "#"; every other character is percent-encoded."""

    def __init__(self, base: str = ENTITY_BASE) -> None:
        self.base = base
        self._entities: dict[str, NamedNode] = {}
        self._folders: dict[str, dict[str, NamedNode]] = {}
        self._sections: dict[tuple[str, tuple[str, ...]], NamedNode] = {}

    def entity(self, id: str) -> NamedNode:
        """Return the IRI of an entity from its id."""
        found = self._entities.get(id)
        if found is None:
            found = self._entities[id] = NamedNode(self.base + _encoded(id))
        return found

    def of(self, folder: str, local: str) -> NamedNode:
        """Return the IRI `local` in one of the folders of `prefixes()`."""
        made = self._folders.get(folder)
        if made is None:
            made = self._folders[folder] = {}
        found = made.get(local)
        if found is None:
            if len(made) > _KEPT:
                made.clear()
            found = made[local] = NamedNode(f"{self.base}{folder}/{_encoded(local)}")
        return found

    def source(self, id: str) -> NamedNode:
        """Return the IRI of a document, or of a reference list ("reference:divisions")."""
        if id.startswith("reference:"):
            return self.of("reference", id.removeprefix("reference:"))
        return self.of("doc", id)

    def position(self, span: Span) -> NamedNode:
        """Return the IRI of the position selector of a span."""
        return self.of("position", f"{span.start}-{span.end}")

    def mention(self, sha256: str, span: Span) -> NamedNode:
        """Return the IRI of the mention at a span of the document with that hash."""
        return self.of("mention", f"{sha256[:12]}-{span.start}-{span.end}")

    def section(self, sha256: str, path: tuple[str, ...]) -> NamedNode:
        """Return the IRI of a section of the document with that hash."""
        found = self._sections.get((sha256, path))
        if found is None:
            found = self._sections[sha256, path] = self.of("section", digest(sha256, *path))
        return found

    def evidence(self, sha256: str, found: Quote) -> NamedNode:
        """Return the IRI of a piece of evidence: the same piece of several statements has one IRI."""
        parts = (found.span, found.subject, found.object, found.page, found.rule, found.section)
        return self.of("evidence", digest(sha256, *map(repr, parts)))

    def local(self, iri: str, folder: str = "") -> str:
        """Return what follows the base and folder in an IRI of ours; ValueError if it is not one."""
        start = f"{self.base}{folder}/" if folder else self.base
        if not iri.startswith(start):
            raise ValueError(f"{iri} does not lie under {start}")
        return unquote(iri[len(start) :])


_BOUNDED = re.compile(r"(>=|<=|>|<)?\s*([+-]?(?:\d+(?:\.\d+)?|\.\d+))")


def bounded(value: str) -> tuple[str, Decimal] | None:
    """Split a value in the GUIDE's notation into bound ("" if none) and number; None if it is words.

    >>> bounded(">=90")
    ('>=', Decimal('90'))
    >>> bounded("高于GDP增长")
    """
    found = _BOUNDED.fullmatch(value.strip())
    return (found[1] or "", Decimal(found[2])) if found else None
