"""The graph describes itself: DCAT and VoID, with counts by class and relation, and its data cube."""

from collections import Counter
from collections.abc import Iterator

from pyoxigraph import NamedNode

from graph.model import KnowledgeGraph, ObservedValue
from graph.row import Row
from graph.terms import A, Names, bounded, chinese, english, integer, term, text
from ontology.schema import NAMESPACE

_VOCABULARY = NamedNode(NAMESPACE.removesuffix("#"))


def dataset_rows(kg: KnowledgeGraph, names: Names) -> Iterator[Row]:
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
    if kg.licence:  # as its maker says; never assumed
        yield Row(node, term("dcterms:license"), NamedNode(kg.licence))
    yield Row(node, term("void:vocabulary"), _VOCABULARY)
    yield Row(node, term("void:uriSpace"), text(kg.base))
    for source in kg.sources:
        yield Row(node, term("dcterms:source"), names.source(source.id))
    for entity in kg.entities[:1]:
        yield Row(node, term("void:exampleResource"), names.entity(entity.id))
    yield Row(node, term("void:entities"), integer(len(kg.entities)))
    yield from _partitions(kg, names, node)
    yield from _cube(names)
    for list_ in sorted({c.source for c in kg.claims if c.is_reference}):
        yield Row(names.source(list_), A, term("plan:ReferenceList"))
        yield Row(names.source(list_), term("rdfs:label"), text(list_.removeprefix("reference:")))


def _partitions(kg: KnowledgeGraph, names: Names, node: NamedNode) -> Iterator[Row]:
    classes = Counter(e.type.value for e in kg.entities)
    classes |= Counter({"Document": len(kg.sources), "Claim": len(kg.claims), "Observation": len(kg.observations)})
    for name, count in sorted(classes.items()):
        part = names.of("dataset", name)
        yield Row(node, term("void:classPartition"), part)
        yield Row(part, term("void:class"), term(f"plan:{name}"))
        yield Row(part, term("void:entities"), integer(count))
    edges = {(c.subject, c.predicate, c.object) for c in kg.claims}
    for name, count in sorted(Counter(predicate.value for _, predicate, _ in edges).items()):
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


def in_cube(kg: KnowledgeGraph) -> frozenset[str]:
    """Return the ids of the observations that form a well-formed cube (Data Cube, IC-11 and IC-12).

    They have a number and every dimension (subject, indicator, period, kind, document), and no
    other observation has the same dimensions; contradictory figures stay outside the cube.
    """

    def dimensions(seen: ObservedValue) -> tuple[str, ...]:
        return (seen.subject, seen.indicator, seen.period, seen.kind.value, seen.source)

    numeric = [o for o in kg.observations if o.period and bounded(o.value)]
    counts = Counter(map(dimensions, numeric))
    return frozenset(o.id for o in numeric if counts[dimensions(o)] == 1)
