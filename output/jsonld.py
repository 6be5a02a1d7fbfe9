"""JSON-LD with a readable context: property names are plain words, entities are flat objects."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graph.model import KnowledgeGraph
from graph.rdf import prefixes, statements
from graph.row import Statement
from graph.terms import A
from ontology.schema import NAMESPACE, VOCABULARY
from output.files import write_text

_XSD = "http://www.w3.org/2001/XMLSchema#"
_LANG = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_OWL = "http://www.w3.org/2002/07/owl#"
_RANGE = "http://www.w3.org/2000/01/rdf-schema#range"

# Words for the properties of other vocabularies: the property, and how its values are typed.
_BORROWED: Mapping[str, tuple[str, str]] = {
    "label": ("rdfs:label", "zh"),
    "altLabel": ("skos:altLabel", "zh"),
    "prefLabel": ("skos:prefLabel", "zh"),
    "notation": ("skos:notation", ""),
    "broader": ("skos:broader", "@id"),
    "inScheme": ("skos:inScheme", "@id"),
    "title": ("dcterms:title", "zh"),
    "identifier": ("dcterms:identifier", ""),
    "isPartOf": ("dcterms:isPartOf", "@id"),
    "issued": ("dcterms:issued", "xsd:date"),
    "source": ("oa:hasSource", "@id"),
    "selector": ("oa:hasSelector", "@id"),
    "start": ("oa:start", ""),
    "end": ("oa:end", ""),
    "exact": ("oa:exact", ""),
    "claimSubject": ("rdf:subject", "@id"),
    "claimPredicate": ("rdf:predicate", "@id"),
    "claimObject": ("rdf:object", "@id"),
    "wasDerivedFrom": ("prov:wasDerivedFrom", "@id"),
    "sameAs": ("schema:sameAs", "@id"),
    "dataSet": ("qb:dataSet", "@id"),
}

# Their names are prefixes already.
_RENAMED = {"evidence": "hasEvidence", "period": "periodText", "unit": "unitText"}


def write_jsonld(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph as flattened, compacted JSON-LD 1.1 with one line per node, UTF-8."""
    write_text(path, jsonld(statements(kg), prefixes(kg.base)))


def jsonld(graph: Iterable[Statement], prefix: Mapping[str, str]) -> str:
    """Return statements as a JSON-LD document; the context stands in it, so nothing is fetched."""
    head = context(prefix)
    nodes = _Compactor(head, prefix).nodes(graph)
    lines = ",\n".join(_json(node) for node in nodes)
    return f'{{"@context": {json.dumps(head, ensure_ascii=False, indent=1)},\n"@graph": [\n{lines}\n]}}\n'


def context(prefix: Mapping[str, str]) -> dict[str, Any]:
    """Return the JSON-LD context: prefixes, our properties by their local names, and some borrowed ones."""
    made: dict[str, Any] = {"@version": 1.1, **prefix, "type": "@type"}
    for name, kind in sorted(_own_properties().items()):
        made[_RENAMED.get(name, name)] = _definition(f"plan:{name}", kind)
    for name, (iri, kind) in _BORROWED.items():
        made[name] = _definition(iri, kind)
    return made


def _definition(iri: str, kind: str) -> dict[str, str]:
    if kind in ("zh", "en"):
        return {"@id": iri, "@language": kind}
    return {"@id": iri, "@type": kind} if kind else {"@id": iri}


@lru_cache(maxsize=1)
def _own_properties() -> dict[str, str]:
    """Return how the values of each property of `plan.ttl` are typed: "@id", "xsd:…", "zh" or ""."""
    kinds: dict[str, str] = {}
    ranges: dict[str, str] = {}
    for triple in parse(path=str(VOCABULARY), format=RdfFormat.TURTLE):
        subject, obj = triple.subject, triple.object
        if not isinstance(subject, NamedNode) or not isinstance(obj, NamedNode):
            continue
        name = subject.value.removeprefix(NAMESPACE)
        if triple.predicate == A and obj.value in (f"{_OWL}ObjectProperty", f"{_OWL}DatatypeProperty"):
            kinds[name] = "@id" if obj.value.endswith("ObjectProperty") else ""
        elif triple.predicate.value == _RANGE:
            ranges[name] = obj.value
    for name, kind in kinds.items():
        range_ = ranges.get(name, "")
        if not kind and range_ == _LANG:
            kinds[name] = "zh"
        elif not kind and range_.startswith(_XSD) and range_.removeprefix(_XSD) not in ("string", "integer"):
            kinds[name] = range_.replace(_XSD, "xsd:")
    return kinds


class _Compactor:
    def __init__(self, head: Mapping[str, Any], prefix: Mapping[str, str]) -> None:
        self._namespaces = {namespace: name for name, namespace in prefix.items()}
        self._words = {value["@id"]: (name, value) for name, value in head.items() if isinstance(value, dict)}

    def nodes(self, graph: Iterable[Statement]) -> list[dict[str, Any]]:
        found: dict[NamedNode, dict[str, list[Any]]] = {}
        for subject, predicate, obj in graph:
            about = found.setdefault(subject, {})
            if predicate == A and isinstance(obj, NamedNode):
                about.setdefault("type", []).append(self._iri(obj))
                continue
            word, definition = self._words.get(self._iri(predicate), (self._iri(predicate), {}))
            about.setdefault(word, []).append(self._value(obj, definition))
        rows = [(self._iri(subject), about) for subject, about in found.items()]
        return [{"@id": iri, **_ordered(about)} for iri, about in sorted(rows, key=lambda row: row[0])]

    def _iri(self, iri: NamedNode) -> str:
        cut = max(iri.value.rfind("#"), iri.value.rfind("/")) + 1
        name = self._namespaces.get(iri.value[:cut])
        return iri.value if name is None else f"{name}:{iri.value[cut:]}"

    def _value(self, obj: NamedNode | Literal, definition: Mapping[str, str]) -> Any:
        kind, language = definition.get("@type", ""), definition.get("@language", "")
        if isinstance(obj, NamedNode):
            return self._iri(obj) if kind == "@id" else {"@id": self._iri(obj)}
        if obj.language:
            return obj.value if obj.language == language else {"@value": obj.value, "@language": obj.language}
        datatype = self._iri(obj.datatype)
        if datatype == "xsd:integer" and not definition.keys() & {"@type", "@language"} and _is_plain(obj.value):
            return int(obj.value)
        if datatype == kind or (datatype == "xsd:string" and not kind and not language):
            return obj.value
        return {"@value": obj.value} if datatype == "xsd:string" else {"@value": obj.value, "@type": datatype}


def _is_plain(number: str) -> bool:
    """Return whether a JSON reader gives the integer back as it is written."""
    return str(int(number)) == number and abs(int(number)) < 2**53


def _ordered(about: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Return the properties, type and label first; single values stand alone, several are sorted."""
    names = sorted(about, key=lambda name: (name != "type", name != "label", name))
    return {name: _single(sorted(about[name], key=_json)) for name in names}


def _single(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else values


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
