"""The graph describes itself: DCAT and VoID, with counts by class and relation, and its data cube."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.model import KnowledgeGraph, ObservedValue
from graph.row import Row
from graph.terms import A, Names, bounded, chinese, english, integer, term, text
from ontology.schema import NAMESPACE

_VOCABULARY = NamedNode(NAMESPACE.removesuffix("#"))


@dataclass(frozen=True, slots=True)
class Census:
    """What a graph's description tells: its documents, counts by class and by relation, an example.

    `relations` counts the distinct edges of each predicate, `lists` are the reference lists that
    were used ("reference:divisions"), `example` is the first entity's id ("" without entities).
    """

    documents: tuple[str, ...]
    classes: Mapping[str, int]
    relations: Mapping[str, int]
    lists: tuple[str, ...]
    entities: int
    example: str
    licence: str = ""

    @classmethod
    def of(cls, kg: KnowledgeGraph) -> "Census":
        """Count a graph."""
        classes = Counter(e.type.value for e in kg.entities)
        classes |= Counter({"Document": len(kg.sources), "Claim": len(kg.claims), "Observation": len(kg.observations)})
        edges = {(c.subject, c.predicate, c.object) for c in kg.claims}
        return cls(
            documents=tuple(source.id for source in kg.sources),
            classes=classes,
            relations=Counter(predicate.value for _, predicate, _ in edges),
            lists=tuple(sorted({c.source for c in kg.claims if c.is_reference})),
            entities=len(kg.entities),
            example=kg.entities[0].id if kg.entities else "",
            licence=kg.licence,
        )


def dataset_rows(census: Census, names: Names) -> Iterator[Row]:
    """Yield the description of the graph as `void:Dataset` and `dcat:Dataset`, and of its `qb:DataSet`."""
    node = names.entity("dataset")
    yield Row(node, A, term("void:Dataset"))
    yield Row(node, A, term("dcat:Dataset"))
    yield Row(node, term("dcterms:title"), chinese("规划知识图谱"))
    yield Row(node, term("dcterms:title"), english("Planning knowledge graph"))
    yield Row(node, term("dcterms:description"), chinese("从规划文件中抽取的实体、断言与指标值，每条都附原文位置。"))
    yield Row(
        node,
        term("dcterms:description"),
        english(
            "Entities, claims and figures extracted from planning documents, each with the characters it rests on."
        ),
    )
    if census.licence:  # as its maker says; never assumed
        yield Row(node, term("dcterms:license"), NamedNode(census.licence))
    yield Row(node, term("void:vocabulary"), _VOCABULARY)
    yield Row(node, term("void:uriSpace"), text(names.base))
    for document in census.documents:
        yield Row(node, term("dcterms:source"), names.source(document))
    if census.example:
        yield Row(node, term("void:exampleResource"), names.entity(census.example))
    yield Row(node, term("void:entities"), integer(census.entities))
    yield from _partitions(census, names, node)
    yield from _cube(names)
    for list_ in census.lists:
        yield Row(names.source(list_), A, term("plan:ReferenceList"))
        yield Row(names.source(list_), term("rdfs:label"), text(list_.removeprefix("reference:")))


def _partitions(census: Census, names: Names, node: NamedNode) -> Iterator[Row]:
    for name, count in sorted(census.classes.items()):
        part = names.of("dataset", name)
        yield Row(node, term("void:classPartition"), part)
        yield Row(part, term("void:class"), term(f"plan:{name}"))
        yield Row(part, term("void:entities"), integer(count))
    for name, count in sorted(census.relations.items()):
        part = names.of("dataset", name)
        yield Row(node, term("void:propertyPartition"), part)
        yield Row(part, term("void:property"), term(f"plan:{name}"))
        yield Row(part, term("void:triples"), integer(count))


def _cube(names: Names) -> Iterator[Row]:
    cube = names.entity("cube")
    yield Row(cube, A, term("qb:DataSet"))
    yield Row(cube, term("rdfs:label"), chinese("指标数据集"))
    yield Row(cube, term("rdfs:label"), english("Indicator values"))
    yield Row(cube, term("qb:structure"), term("plan:indicatorStructure"))


def in_cube(observations: Iterable[ObservedValue]) -> frozenset[str]:
    """Return the ids of the observations that form a well-formed cube (Data Cube, IC-11 and IC-12).

    They have a number and every dimension (subject, indicator, period, kind, document), and no
    other observation has the same dimensions; contradictory figures stay outside the cube. The
    document is a dimension, so a document's observations can be judged by themselves.
    """

    def dimensions(seen: ObservedValue) -> tuple[str, ...]:
        return (seen.subject, seen.indicator, seen.period, seen.kind.value, seen.source)

    numeric = [o for o in observations if o.period and bounded(o.value)]
    counts = Counter(map(dimensions, numeric))
    return frozenset(o.id for o in numeric if counts[dimensions(o)] == 1)
