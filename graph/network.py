"""The graph for network analysis (networkx)."""

from collections.abc import Iterable

import networkx

from graph.model import KnowledgeGraph
from ontology.labels import labels
from ontology.schema import Predicate


def to_networkx(kg: KnowledgeGraph, predicates: Iterable[Predicate] | None = None) -> "networkx.MultiDiGraph[str]":
    """Return a node per entity and an edge per claim, in order of their ids.

    Node keys are entity ids; nodes carry `name`, `type`, `type_zh`, `code`, `scope`, `aliases` and
    `documents` (joined by "；"), `mentions` (a count). Edge keys are claim ids; edges carry `predicate`,
    `predicate_zh`, `status`, `period`, `document`, `confidence`, `evidence` (a count) and `quote` (the
    first one). Parallel claims are parallel edges. `predicates` keeps only claims with these.

    All values are strings, ints or floats, so that every exporter of networkx takes them.
    """
    zh = labels("zh")
    wanted = frozenset(predicates) if predicates is not None else frozenset(Predicate)
    network: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(name="plankg")
    for e in kg.entities:
        network.add_node(
            e.id,
            name=e.name,
            type=e.type.value,
            type_zh=zh[e.type.value],
            code=e.code,
            scope=e.scope,
            aliases="；".join(e.aliases),
            documents="；".join(e.documents),
            mentions=len(e.occurrences),
        )
    for c in kg.claims:
        if c.predicate in wanted:
            network.add_edge(
                c.subject,
                c.object,
                key=c.id,
                predicate=c.predicate.value,
                predicate_zh=zh[c.predicate.value],
                status=c.status.value if c.status else "",
                period=c.period,
                document=c.source,
                confidence=float(c.confidence),
                evidence=len(c.evidence),
                quote=c.evidence[0].exact if c.evidence else "",
            )
    return network
