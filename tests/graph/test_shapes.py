"""Every constraint of every shape, broken once: the shape must say so."""

from collections.abc import Callable, Iterator
from functools import cache, lru_cache

import pyshacl
import pytest
import rdflib
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, URIRef

from graph.interop import to_rdflib
from graph.rdf import triples
from graph.shapes import violations
from ontology.schema import SHAPES
from tests.graph.sample import hostile, rich, sample

SHAPES_GRAPH = Graph().parse(SHAPES)
BROKEN = URIRef("http://example.org/broken")

# Constraint → what takes the place of a value (or is added to the values); None removes all values.
Change = Callable[[Graph, URIRef, URIRef, rdflib.term.Node | None], None]


def _remove(data: Graph, focus: URIRef, path: URIRef, old: rdflib.term.Node | None) -> None:
    data.remove((focus, path, None))


def _add(data: Graph, focus: URIRef, path: URIRef, old: rdflib.term.Node | None) -> None:
    data.add((focus, path, Literal("one more")))
    data.add((focus, path, Literal("and another")))
    data.add((focus, path, Literal("and a third")))


def _put(*values: rdflib.term.Node) -> Change:
    def change(data: Graph, focus: URIRef, path: URIRef, old: rdflib.term.Node | None) -> None:
        data.remove((focus, path, old))
        for value in values:
            data.add((focus, path, value))

    return change


def _copy_of(other: str) -> Change:
    def change(data: Graph, focus: URIRef, path: URIRef, old: rdflib.term.Node | None) -> None:
        data.add((focus, path, next(data.objects(focus, URIRef(other)))))

    return change


CHANGES: dict[str, Change] = {
    "minCount": _remove,
    "maxCount": _add,
    "datatype": _put(Literal("12", datatype=XSD.gYear)),
    "in": _put(BROKEN),
    "class": _put(BROKEN),
    "minLength": _put(Literal("")),
    "nodeKind": _put(Literal("no IRI")),
    "minInclusive": _put(Literal(-1)),
    "maxInclusive": _put(Literal(2)),
    "minExclusive": _put(Literal(0)),
    "pattern": _put(Literal("!!")),
    "languageIn": _put(Literal("name", lang="en")),
    "lessThan": _put(Literal(10**9)),
    "lessThanOrEquals": _put(Literal(10**9)),
    "hasValue": _put(BROKEN),
    "disjoint": _remove,  # a copy of the other property's value, see the test
    "uniqueLang": _put(Literal("a", lang="en"), Literal("b", lang="en")),
}
NOT_CONSTRAINTS = {"message", "severity", "path", "targetClass", "targetObjectsOf", "targetSubjectsOf"}


@lru_cache(maxsize=1)
def data() -> Graph:
    return to_rdflib(triples(rich()))


def cases() -> Iterator[tuple[str, str]]:
    for shape, predicate in sorted({(str(s), str(p)) for s, p, _ in SHAPES_GRAPH if isinstance(s, URIRef)}):
        name = predicate.rsplit("#", 1)[1]
        if predicate.startswith(str(SH)) and name not in NOT_CONSTRAINTS:
            yield shape, name


CASES = list(cases())


def targets(shape: URIRef) -> Iterator[URIRef]:
    for cls in SHAPES_GRAPH.objects(shape, SH.targetClass):
        yield from data().subjects(RDF.type, cls)  # type: ignore[misc]
    for predicate in SHAPES_GRAPH.objects(shape, SH.targetSubjectsOf):
        yield from data().subjects(predicate)  # type: ignore[arg-type, misc]
    for predicate in SHAPES_GRAPH.objects(shape, SH.targetObjectsOf):
        yield from data().objects(None, predicate)  # type: ignore[arg-type, misc]


def last_step(path: rdflib.term.Node | None, focus: URIRef) -> tuple[URIRef, URIRef]:
    """Follow a sequence path to the node and predicate whose values the shape sees; the first of alternatives."""
    if isinstance(path, BNode):
        if alternatives := SHAPES_GRAPH.value(path, SH.alternativePath):
            return focus, next(iter(rdflib.collection.Collection(SHAPES_GRAPH, alternatives)))  # type: ignore[return-value]
        *steps, last = rdflib.collection.Collection(SHAPES_GRAPH, path)
        for step in steps:
            nodes = sorted(data().objects(focus, step))  # type: ignore[arg-type]
            focus = next(n for n in nodes if (n, last, None) in data())  # type: ignore[assignment, arg-type]
        return focus, last  # type: ignore[return-value]
    return focus, path  # type: ignore[return-value]


def part(shape: URIRef) -> Graph:
    """Return a shapes graph with this shape only."""
    found, todo = Graph(), [shape]
    while todo:
        node = todo.pop()
        for predicate, obj in SHAPES_GRAPH.predicate_objects(node):
            found.add((node, predicate, obj))
            if isinstance(obj, BNode):
                todo.append(obj)
    return found


def failures(graph: Graph, shape: URIRef) -> set[str]:
    _, results, _ = pyshacl.validate(graph, shacl_graph=part(shape), inplace=True)
    assert isinstance(results, Graph)
    return {str(c).rsplit("#", 1)[1] for c in results.objects(None, SH.sourceConstraintComponent)}


@cache
def sound(shape: URIRef) -> set[str]:
    return failures(data(), shape)


@pytest.mark.parametrize(("shape", "constraint"), CASES, ids=[f"{s.rsplit('#', 1)[1]}:{c}" for s, c in CASES])
def test_a_broken_constraint_is_seen(shape: str, constraint: str) -> None:
    node = URIRef(shape)
    path = SHAPES_GRAPH.value(node, SH.path)
    focus, predicate, old = choose(node, path, constraint)
    assert not sound(node)
    change = CHANGES[constraint] if path is not None else _remove
    if constraint == "disjoint":
        change = _copy_of(str(SHAPES_GRAPH.value(node, SH.disjoint)))
    kept = list(data().triples((focus, predicate, None)))
    change(data(), focus, predicate, old)
    try:
        found = failures(data(), node)
    finally:
        data().remove((focus, predicate, None))
        for triple in kept:
            data().add(triple)
    assert constraint[0].upper() + constraint[1:] + "ConstraintComponent" in found


def choose(
    shape: URIRef, path: rdflib.term.Node | None, constraint: str
) -> tuple[URIRef, URIRef, rdflib.term.Node | None]:
    """Return a place to break: the first focus that has a value, or any focus where none may have one."""
    candidates = sorted(set(targets(shape)))
    assert candidates, f"{shape} has no target in the rich sample"
    if path is None:
        return candidates[0], RDF.type, None
    for focus in candidates:
        try:
            at, predicate = last_step(path, focus)
        except StopIteration:
            continue
        if values := sorted(data().objects(at, predicate)):
            return at, predicate, values[0]
    assert not isinstance(path, BNode), f"no node of the rich sample has the path of {shape}"
    return candidates[0], path, None  # type: ignore[return-value]


def test_cases_are_counted() -> None:
    assert len(CASES) == sum(
        1 for s, p in {(s, p) for s, p, _ in SHAPES_GRAPH if isinstance(s, URIRef)}
        if str(p).startswith(str(SH)) and str(p).rsplit("#", 1)[1] not in NOT_CONSTRAINTS
    )  # fmt: skip
    # A number that changes only with the shapes.
    assert len(CASES) == 341


def test_well_formed_graphs_conform() -> None:
    for kg in (sample(), rich(), hostile()):
        assert list(violations(triples(kg))) == []
