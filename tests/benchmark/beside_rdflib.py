"""Triples read, written and asked, beside rdflib in the same run."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import rdflib

from graph.interop import to_rdflib
from graph.model import KnowledgeGraph
from graph.questions import questions
from graph.rdf import triples
from graph.store import GraphStore, read_triples
from output.turtle import write_turtle
from tests import bench_queries
from tests.benchmark.stages import timed

ASKED = ("parks-by-district", "district-industries", "targets")
LIMIT = 10.0


@dataclass(frozen=True)
class Beside:
    """A piece of work: our seconds and rdflib's (None: not within the limit)."""

    work: str
    ours: float
    rdflib: float | None


def beside_rdflib(kg: KnowledgeGraph) -> list[Beside]:
    """Return the seconds of loading and writing Turtle and of named questions."""
    bench_queries.LIMIT = LIMIT
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.ttl"
        writing, _ = timed(lambda: write_turtle(kg, path))
        ours, store = timed(lambda: GraphStore(read_triples(path)))
        theirs, graph = timed(lambda: rdflib.Graph().parse(path, format="turtle"))
    found = [Beside("load Turtle", ours, theirs)]
    plain = to_rdflib(triples(kg))
    theirs, _ = timed(lambda: plain.serialize(format="turtle"))
    found.append(Beside("write Turtle", writing, theirs))
    known = questions()
    for name in ASKED:
        here = bench_queries.embedded(store, known[name])[0] / 1000
        there = bench_queries.in_rdflib(graph, store, known[name])
        found.append(Beside(f"`plankg ask {name}`", here, there[0] / 1000 if there else None))
    return found


def slowest_question(kg: KnowledgeGraph) -> tuple[int, float, str]:
    """Return how many named questions there are, and seconds and name of the slowest."""
    store = GraphStore.of(kg)
    times = [(bench_queries.embedded(store, question)[0] / 1000, name) for name, question in questions().items()]
    return len(times), *max(times)
