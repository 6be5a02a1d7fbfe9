"""The graph in memory, asked in SPARQL (pyoxigraph)."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    Variable,
    parse,
)

from extract.errors import GraphFileError, QueryError
from graph.answers import Answer, Table, Triples, tabled
from graph.kept import KeptAnswers
from graph.labels import Bearer, LabelIndex
from graph.model import KnowledgeGraph
from graph.rdf import prefixes, triples
from graph.sparql import explain, refuse_service
from ontology.schema import ENTITY_BASE, NAMESPACE, EntityType

_ENDINGS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}

_URI_SPACE = NamedNode("http://rdfs.org/ns/void#uriSpace")

Bindable = NamedNode | Literal | BlankNode | Triple


class GraphStore:
    """A read-only store of triples. Our prefixes need no declaration in queries.

    >>> store = GraphStore.of(KnowledgeGraph((), (), (), ()))
    >>> store.query("ASK { ?x a void:Dataset }")
    True
    """

    answers: KeptAnswers | None = None
    """Answers that were computed before; named questions look here first."""
    names: Path | None = None
    """The file of the index of names, where there is one."""

    def __init__(self, graph: Iterable[Triple] | Store, base: str = ENTITY_BASE) -> None:
        """Keep triples in memory, or take a store as it is; entity IRIs begin with `base`."""
        if isinstance(graph, Store):
            self._store = graph
        else:
            self._store = Store()
            self._store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in graph)
        self.prefixes = prefixes(base)

    @classmethod
    def of(cls, kg: KnowledgeGraph) -> "GraphStore":
        """Return a store with the triples of the graph."""
        return cls(triples(kg), kg.base)

    @classmethod
    def opened(cls, folder: Path, names: Path | None = None, answers: Path | None = None) -> "GraphStore":
        """Return a store on disk (an Oxigraph folder), opened read-only; nothing is loaded into memory.

        `names` is the file of its index of names (`LabelIndex.save`), which is read on first use, `answers`
        that of its kept answers. Raises GraphFileError when the folder or the answers are none.
        """
        try:
            store = Store.read_only(str(folder))
            space = next(store.quads_for_pattern(None, _URI_SPACE, None, None), None)
        except (OSError, RuntimeError, ValueError) as error:
            raise GraphFileError(f"{folder}: cannot be opened as an Oxigraph store: {error}") from error
        found = cls(store, space.object.value if space and isinstance(space.object, Literal) else ENTITY_BASE)
        found.names = names
        found.answers = KeptAnswers(answers) if answers else None
        return found

    @classmethod
    def load(cls, path: Path, base: str | None = None) -> "GraphStore":
        """Return a store with the triples of an RDF file; see `read_triples` for formats and errors.

        `base` is that of the entity IRIs (None: as the file's own description says).
        """
        found = read_triples(path)
        return cls(found, base or described_base(found))

    def __len__(self) -> int:
        return len(self._store)

    def query(self, sparql: str, substitutions: Mapping[str, Bindable] | None = None) -> Answer:
        """Return the answer to a SPARQL 1.1 query: a table, triples or a truth value.

        `substitutions` bind variables (names without "?") that the query projects; a value is
        bound as a term and can never become part of the query's text.

        Raises QueryError when the query is wrong or asks another host.
        """
        found = self.results(sparql, substitutions)
        match found:
            case QuerySolutions():
                return tabled(found)
            case QueryTriples():
                try:
                    return Triples(tuple(sorted(set(found), key=str)))
                except (OSError, RuntimeError, ValueError) as error:
                    raise QueryError(f"the query failed: {error}") from error
        return bool(found)

    def results(
        self, sparql: str, substitutions: Mapping[str, Bindable] | None = None
    ) -> QuerySolutions | QueryTriples | QueryBoolean:
        """Return pyoxigraph's own lazy results, for those who serialise them; errors as in `query`."""
        refuse_service(sparql)
        bound = {Variable(name): term for name, term in (substitutions or {}).items()}
        try:
            return self._store.query(sparql, prefixes=self.prefixes, substitutions=bound)
        except SyntaxError as error:
            raise explain(error, sparql) from error
        except (RuntimeError, OSError, ValueError) as error:
            raise QueryError(f"the query failed: {error}") from error

    def named(self, name: str, type: EntityType | None = None) -> list[NamedNode]:
        """Return the entities that bear a name as label (first) or other name, in order of IRI."""
        found: list[NamedNode] = []
        for predicate in ("rdfs:label", "skos:altLabel"):
            rows = self.query(
                f"SELECT DISTINCT ?e ?t ?name {{ ?e {predicate} ?name ; a ?t }} ORDER BY ?e",
                {"name": Literal(name, language="zh")},
            )
            assert isinstance(rows, Table)
            for entity, kind, _ in rows.rows:
                fits = isinstance(kind, NamedNode) and _local(kind) in ([type] if type else list(EntityType))
                if fits and isinstance(entity, NamedNode) and entity not in found:
                    found.append(entity)
        return found

    @cached_property
    def labels(self) -> LabelIndex:
        """Return the index of the entities' names, made on first use; its ids are IRIs without the base."""
        return LabelIndex.load(self.names) if self.names else LabelIndex(self._bearers())

    def _bearers(self) -> Iterator[Bearer]:
        answer = self.query(
            "SELECT ?e ?t ?name ?label { ?e a ?t ; rdfs:label ?name ; rdfs:label|skos:altLabel ?label } "
            "ORDER BY ?e ?t ?name ?label"
        )
        counted = self.query("SELECT ?e (COUNT(?m) AS ?count) { ?m plan:refersTo ?e } GROUP BY ?e")
        assert isinstance(answer, Table)
        assert isinstance(counted, Table)
        weights = {str(iri): int(str(count)) for iri, count in counted}
        labels: dict[tuple[str, EntityType, str], list[str]] = {}
        for iri, kind, name, label in answer:
            type = str(kind).removeprefix(NAMESPACE)
            if type in EntityType.__members__.values():
                labels.setdefault((str(iri), EntityType(type), str(name)), []).append(str(label))
        base = self.prefixes["id"]
        for (iri, of, name), all_ in labels.items():
            aliases = tuple(label for label in all_ if label != name)
            yield Bearer(iri.removeprefix(base), of, name, aliases, weights.get(iri, 0))

    def compact(self, iri: str) -> str:
        """Return an IRI with our prefix where one fits, else the IRI itself."""
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        for name, namespace in self.prefixes.items():
            if namespace == iri[:cut]:
                return f"{name}:{iri[cut:]}"
        return iri


def _local(iri: NamedNode) -> str:
    return iri.value.rsplit("#", 1)[-1]


def read_triples(path: Path) -> list[Triple]:
    """Return the triples of an RDF file in its order; the names of named graphs are dropped.

    The format is told by the ending: .ttl .nt .nq .trig .rdf .xml .jsonld. Raises GraphFileError.
    """
    if path.suffix not in _ENDINGS:
        raise GraphFileError(f"{path}: unknown RDF ending {path.suffix!r}; known are {' '.join(_ENDINGS)}")
    kind = _ENDINGS[path.suffix]
    try:
        found = [Triple(q.subject, q.predicate, q.object) for q in parse(path=str(path), format=kind)]
    except FileNotFoundError as error:
        raise GraphFileError(f"{path}: no such file; run `plankg build` first or name the file") from error
    except (SyntaxError, OSError, ValueError) as error:
        raise GraphFileError(f"{path}: cannot be read as {kind.name}: {error}") from error
    return list(dict.fromkeys(found))


def described_base(graph: Iterable[Triple]) -> str:
    """Return the base of entity IRIs as the dataset's description gives it (`void:uriSpace`)."""
    found = sorted(t.object.value for t in graph if t.predicate == _URI_SPACE and isinstance(t.object, Literal))
    return found[0] if found else ENTITY_BASE


__all__ = ["GraphStore", "QueryResultsFormat", "described_base", "read_triples"]
