"""What the documents say together: entities, claims and observed values.

Everything is frozen and ordered (by id), so that the same input gives the same graph.
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING

from extract.document import DocumentMeta
from extract.span import Span
from ontology.schema import EntityType, Kind, Predicate, Status

if TYPE_CHECKING:
    import networkx
    import rdflib

    from graph.answers import Answer, Table
    from graph.labels import LabelIndex
    from graph.store import GraphStore


@dataclass(frozen=True, slots=True)
class Source:
    """A document as the graph keeps it: metadata, and the raw text for quotes.

    `file` is the name under which the canonical text is written beside the graph.
    """

    id: str
    meta: DocumentMeta
    sha256: str
    raw: str = field(repr=False)

    @property
    def file(self) -> str:
        """Return the file name of the canonical text."""
        return f"{self.id}.txt"


@dataclass(frozen=True, slots=True)
class Quote:
    """Evidence of a statement: `exact` are the raw characters `span` of document `doc`.

    `subject`/`object` are the raw spans of the two mentions inside the document (None for @doc).
    """

    doc: str
    span: Span
    exact: str
    section: tuple[str, ...]
    rule: str
    page: int | None = None
    subject: Span | None = None
    object: Span | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One mention of an entity: its raw span and clean surface in document `doc`."""

    doc: str
    span: Span
    surface: str
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Merge:
    """Why a surface belongs to an entity: the name it was joined to, the rule, and a score 0..1."""

    surface: str
    into: str
    reason: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Mapping4754:
    """A link of an Industry to GB/T 4754: its class code ("C26"), a SKOS relation, a score 0..1.

    `relation` is "exactMatch", "closeMatch" or "broadMatch" (the class is broader than the industry).
    """

    code: str
    relation: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing. `id` is the local part of its IRI, made from type, scope and name.

    `scope` is the official code or name of the district inside which the name is unique ("" when
    the name is unique everywhere), `code` an official code (GB/T 2260, six digits; townships nine),
    `links` IRIs of the same thing elsewhere. An entity that only the reference lists name (the
    prefecture above a county) has no occurrences.

    `key` is the normalised name that the id is made from, `candidates` are the codes between which
    an ambiguous place name stays open; `mappings` are an Industry's links to GB/T 4754, `unmapped`
    says why it has none ("" otherwise).
    """

    id: str
    type: EntityType
    name: str
    aliases: tuple[str, ...] = ()
    scope: str = ""
    code: str = ""
    links: tuple[str, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    merges: tuple[Merge, ...] = ()
    candidates: tuple[str, ...] = ()
    mappings: tuple[Mapping4754, ...] = ()
    unmapped: str = ""
    key: str = ""

    @property
    def documents(self) -> tuple[str, ...]:
        """Return the ids of the documents that mention it, sorted."""
        return tuple(sorted({o.doc for o in self.occurrences}))


@dataclass(frozen=True, slots=True)
class Claim:
    """`subject predicate object`, as one document says it; `evidence` has at least one quote.

    `source` is the document's id. The same triple with another status or from another document
    is another claim. What no document says but a public list or a name itself shows has a source
    that begins with "reference:" ("reference:divisions"), no evidence, and the `rule` that made it.
    """

    id: str
    subject: str
    predicate: Predicate
    object: str
    source: str
    evidence: tuple[Quote, ...]
    status: Status | None = None
    period: str = ""
    confidence: float = 1.0
    rule: str = ""

    @property
    def is_reference(self) -> bool:
        """Return whether the claim comes from reference data, not from a document."""
        return self.source.startswith("reference:")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Two entities (ids) that look alike and were kept apart, why, and how alike they are 0..1."""

    one: str
    other: str
    reason: str
    score: float


@dataclass(frozen=True, slots=True)
class ObservedValue:
    """A figure of an indicator as one document gives it; see `extract.extraction.Observation`."""

    id: str
    subject: str
    indicator: str
    value: str
    unit: str
    period: str
    kind: Kind
    source: str
    evidence: tuple[Quote, ...]
    attribute: str = ""
    confidence: float = 1.0


@dataclass(frozen=True)
class KnowledgeGraph:
    """The graph: sources, entities, claims and observations, each sorted by id.

    `warnings` are sentences about what the build met: facts left out, corrections gone stale.
    `licence` is the IRI of the licence under which its maker publishes the graph, "" if none was told.
    """

    sources: tuple[Source, ...]
    entities: tuple[Entity, ...]
    claims: tuple[Claim, ...]
    observations: tuple[ObservedValue, ...]
    base: str = "https://w3id.org/plankg/id/"
    near_misses: tuple[NearMiss, ...] = ()
    warnings: tuple[str, ...] = ()
    licence: str = ""

    @cached_property
    def by_id(self) -> Mapping[str, Entity]:
        """Return the entities by id."""
        return {entity.id: entity for entity in self.entities}

    @cached_property
    def source_by_id(self) -> Mapping[str, Source]:
        """Return the sources by document id."""
        return {source.id: source for source in self.sources}

    def __getstate__(self) -> dict[str, object]:
        """Leave out what is made on first use: an RDF store cannot be pickled."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @cached_property
    def store(self) -> "GraphStore":
        """Return the graph as an RDF store, made on first use."""
        from graph.store import GraphStore

        return GraphStore.of(self)

    @cached_property
    def labels(self) -> "LabelIndex":
        """Return the index of all names, made on first use; see `LabelIndex.search`."""
        from graph.labels import LabelIndex

        return LabelIndex.of(self)

    def query(self, sparql: str, *, check: bool = True) -> "Answer":
        """Return the answer to a SPARQL query (a `Table`, `Triples` or a truth value); see `GraphStore.query`.

        Before it runs, `check` declares missing prefixes that are well known, and warns (`QueryWarning`)
        of what will make it slow; see `graph.querycheck`.
        """
        if not check:
            return self.store.query(sparql)
        from graph.querycheck import QueryWarning
        from graph.querycheck import check as checked

        found = checked(sparql, self.base)
        for advice in found.advice:
            warnings.warn(str(advice), QueryWarning, stacklevel=2)
        return self.store.query(found.sparql)

    def ask(self, question: str, **values: str) -> "Table":
        """Return the answer to a named question of `plankg examples`.

        Parameters are given by name: `kg.ask("district-industries", district="米东区")`.
        Raises QuestionError when there is no such question or a value does not fit.
        """
        from graph.questions import question as named

        return named(question).ask(self.store, values)

    def to_rdflib(self) -> "rdflib.Graph":
        """Return the graph's triples as an `rdflib.Graph`."""
        from graph.interop import to_rdflib
        from graph.rdf import triples

        return to_rdflib(triples(self), self.base)

    def to_networkx(self) -> "networkx.MultiDiGraph[str]":
        """Return a node per entity and an edge per claim; see `graph.network.to_networkx`."""
        from graph.network import to_networkx

        return to_networkx(self)
