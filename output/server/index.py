"""The index of statements: what the REST API reads, as tables of SQLite, made from the store."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from pyoxigraph import QuerySolutions

from graph.answers import value
from graph.store import GraphStore
from graph.terms import Names
from ontology.schema import NAMESPACE, EntityType

_TABLES = """
CREATE TABLE documents (
    id TEXT PRIMARY KEY, iri TEXT NOT NULL, title TEXT, kind TEXT, district TEXT, entity TEXT,
    adopted TEXT, period TEXT, issuer TEXT, sha256 TEXT
) WITHOUT ROWID;
CREATE TABLE entities (
    id TEXT PRIMARY KEY, type TEXT NOT NULL, name TEXT NOT NULL, code TEXT, scope TEXT,
    mentions INTEGER NOT NULL DEFAULT 0, degree INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE aliases (entity TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (entity, name)) WITHOUT ROWID;
CREATE TABLE mentioned (entity TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (entity, document)) WITHOUT ROWID;
CREATE TABLE claims (
    id TEXT PRIMARY KEY, subject TEXT NOT NULL, predicate TEXT NOT NULL, object TEXT NOT NULL,
    status TEXT, period TEXT, document TEXT NOT NULL, confidence REAL NOT NULL, rule TEXT
) WITHOUT ROWID;
CREATE TABLE observations (
    id TEXT PRIMARY KEY, subject TEXT NOT NULL, indicator TEXT NOT NULL, value TEXT NOT NULL, unit TEXT,
    period TEXT, kind TEXT, attribute TEXT, document TEXT NOT NULL, confidence REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE quotes (
    statement TEXT NOT NULL, document TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    exact TEXT NOT NULL, section TEXT NOT NULL, page INTEGER, rule TEXT
);
"""
_INDEXES = """
CREATE INDEX claims_subject ON claims (subject, predicate, object);
CREATE INDEX claims_object ON claims (object, predicate, subject);
CREATE INDEX claims_predicate ON claims (predicate, status);
CREATE INDEX claims_document ON claims (document);
CREATE INDEX observations_subject ON observations (subject);
CREATE INDEX observations_indicator ON observations (indicator);
CREATE INDEX quotes_statement ON quotes (statement, document, start);
UPDATE entities SET degree = (SELECT count(*) FROM claims WHERE subject = entities.id)
    + (SELECT count(*) FROM claims WHERE object = entities.id AND subject <> entities.id);
ANALYZE;
"""

_DOCUMENTS = """SELECT ?d ?id ?title ?kind ?district ?own ?adopted ?period ?issuer ?hash {
    ?d a plan:Document ; dcterms:identifier ?id .
    OPTIONAL { ?d dcterms:title ?title } OPTIONAL { ?d dcterms:type ?kind } OPTIONAL { ?d plan:districtName ?district }
    OPTIONAL { ?d plan:ownDistrict ?own } OPTIONAL { ?d dcterms:issued ?adopted }
    OPTIONAL { ?d plan:planningPeriod ?period } OPTIONAL { ?d plan:issuer ?issuer }
    OPTIONAL { ?d plan:sha256 ?hash } }"""
_ENTITIES = f"""SELECT ?e ?t ?name ?code ?scope {{
    VALUES ?t {{ {" ".join(f"plan:{kind.value}" for kind in EntityType)} }} ?e a ?t ; rdfs:label ?name .
    OPTIONAL {{ ?e plan:code ?code }} OPTIONAL {{ ?e plan:scope ?scope }} }}"""
_CLAIMS = """SELECT ?c ?s ?p ?o ?status ?period ?source ?confidence ?rule {
    ?c a plan:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ;
       prov:wasDerivedFrom ?source ; plan:confidence ?confidence .
    OPTIONAL { ?c plan:status ?status } OPTIONAL { ?c plan:period ?period }
    OPTIONAL { ?c plan:referenceRule ?rule } }"""
_OBSERVATIONS = """SELECT ?o ?s ?i ?value ?unit ?period ?kind ?attribute ?source ?confidence {
    ?o a plan:Observation ; plan:subject ?s ; plan:indicator ?i ; plan:valueText ?value ;
       prov:wasDerivedFrom ?source ; plan:confidence ?confidence .
    OPTIONAL { ?o plan:unit ?unit } OPTIONAL { ?o plan:period ?period } OPTIONAL { ?o plan:kind ?kind }
    OPTIONAL { ?o plan:attribute ?attribute } }"""
_QUOTES = """SELECT ?c ?d ?start ?end ?exact ?section ?page ?rule {
    ?c plan:evidence ?e . ?e oa:hasSource ?d ; oa:hasSelector ?place , ?words .
    ?place oa:start ?start ; oa:end ?end . ?words oa:exact ?exact .
    OPTIONAL { ?e plan:inSection ?section } OPTIONAL { ?e plan:page ?page } OPTIONAL { ?e plan:rule ?rule } }"""
_SECTIONS = "SELECT ?s ?label ?above { ?s a plan:Section ; rdfs:label ?label ; dcterms:isPartOf ?above }"
_MENTIONS = "SELECT ?e (COUNT(?m) AS ?n) { ?m plan:refersTo ?e } GROUP BY ?e"


def write_index(store: GraphStore, path: Path) -> None:
    """Write the index of a store into a new file. Ids are what follows the base in an IRI."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
        _Writer(store, db).write()
        db.executescript(_INDEXES)
        db.commit()


class _Writer:
    def __init__(self, store: GraphStore, db: sqlite3.Connection) -> None:
        self._store = store
        self._db = db
        self._names = Names(store.prefixes["id"])
        self._documents: dict[str, str] = {}

    def write(self) -> None:
        for iri, id, *rest in self._rows(_DOCUMENTS):
            self._documents[iri] = id
            own = None if rest[3] is None else self._local(rest[3])
            self._insert("documents", id, iri, *rest[:3], own, *rest[4:])
        for entity, kind, name, *rest in self._rows(_ENTITIES):
            self._insert("entities", self._local(entity), _term(kind), name, *rest, 0, 0)
        for entity, label in self._rows("SELECT ?e ?name { ?e rdfs:label ?label ; skos:altLabel ?name }"):
            self._insert("aliases", self._local(entity), label)
        for entity, document in self._rows("SELECT ?e ?d { ?e plan:mentionedIn ?d }"):
            self._insert("mentioned", self._local(entity), self._document(document))
        counts = ((count, self._local(entity)) for entity, count in self._rows(_MENTIONS))
        self._db.executemany("UPDATE entities SET mentions = ? WHERE id = ?", counts)
        self._statements()
        self._quotes()

    def _statements(self) -> None:
        for id, s, p, o, status, period, source, confidence, rule in self._rows(_CLAIMS):
            ends = (self._local(s), _term(p), self._local(o))
            rest = (_term(status), period, self._document(source), float(confidence), rule)
            self._insert("claims", self._local(id, "claim"), *ends, *rest)
        for id, s, i, figure, unit, period, kind, attribute, source, confidence in self._rows(_OBSERVATIONS):
            what = (self._local(s), self._local(i), figure, unit, period, _term(kind), attribute)
            self._insert(
                "observations", self._local(id, "observation"), *what, self._document(source), float(confidence)
            )

    def _quotes(self) -> None:
        sections = {iri: (label, above) for iri, label, above in self._rows(_SECTIONS)}
        for statement, document, start, end, exact, section, page, rule in self._rows(_QUOTES):
            path = json.dumps(_path(section, sections), ensure_ascii=False)
            id = self._local(statement).partition("/")[2]
            self._insert("quotes", id, self._document(document), start, end, exact, path, page, rule)

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows as SQLite takes them: IRIs and other text as strings."""
        found = self._store.results(query)
        assert isinstance(found, QuerySolutions)
        names = [variable.value for variable in found.variables]
        for row in found:
            yield tuple(_plain(row[name]) for name in names)

    def _insert(self, table: str, *values: object) -> None:
        self._db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(values))})", values)

    def _local(self, iri: str, folder: str = "") -> str:
        try:
            return self._names.local(iri, folder)
        except ValueError:
            return iri

    def _document(self, iri: str) -> str:
        known = self._documents.get(iri)
        if known is None:
            return f"reference:{self._local(iri, 'reference')}"
        return known


def _plain(term: Any) -> Any:
    found = value(term)
    return found if found is None or isinstance(found, int | float) else str(found)


def _term(iri: str | None) -> str | None:
    """Return the local name of a term of our vocabulary."""
    return None if iri is None else iri.removeprefix(NAMESPACE)


def _path(section: str | None, known: dict[str, tuple[str, str]]) -> list[str]:
    """Return the headings down to a section, the outermost first."""
    path: list[str] = []
    while section in known and len(path) < 50:
        label, section = known[section]
        path.insert(0, label)
    return path
