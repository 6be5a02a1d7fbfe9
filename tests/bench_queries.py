"""Time the named questions embedded (pyoxigraph) and in rdflib's engine: `python -m tests.bench_queries [DIR]`.

Each question is asked three times of a built graph, the best time counts. rdflib answers in a
process of its own with a time limit, because some questions take it minutes.
"""

import multiprocessing
import statistics
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

import rdflib

from graph.interop import to_rdflib
from graph.questions import Question, questions
from graph.store import GraphStore, read_triples

LIMIT = 20.0


def embedded(store: GraphStore, question: Question) -> tuple[float, int]:
    """Return milliseconds and rows."""
    best, rows = float("inf"), 0
    for _ in range(3):
        start = time.perf_counter()
        rows = len(question.ask(store))
        best = min(best, time.perf_counter() - start)
    return best * 1000, rows


def _answer(graph: rdflib.Graph, sparql: str, bindings: dict[str, rdflib.term.Node], out: Connection) -> None:
    start = time.perf_counter()
    rows = len(list(graph.query(sparql, initBindings=bindings)))
    out.send(((time.perf_counter() - start) * 1000, rows))


def in_rdflib(graph: rdflib.Graph, store: GraphStore, question: Question) -> tuple[float, int] | None:
    """Return milliseconds and rows, or None after the time limit or an error."""
    bindings = {}
    for name, term in question.substitutions(store).items():
        kind = getattr(term, "datatype", None)
        literal = kind is not None
        bindings[name] = (
            rdflib.Literal(
                term.value, lang=term.language, datatype=None if term.language else rdflib.URIRef(kind.value)
            )
            if literal
            else rdflib.URIRef(term.value)
        )
        if literal and kind.value.endswith("#string"):
            bindings[name] = rdflib.Literal(term.value)
    receive, send = multiprocessing.Pipe(duplex=False)
    worker = multiprocessing.get_context("fork").Process(
        target=_answer, args=(graph, question.sparql, bindings, send), daemon=True
    )
    worker.start()
    send.close()
    try:
        return receive.recv() if receive.poll(LIMIT) else None
    except EOFError:
        return None
    finally:
        worker.kill()
        worker.join()


def main(folder: Path) -> None:
    """Print a line per question, and the medians."""
    triples = read_triples(folder / "graph.ttl")
    store, graph = GraphStore(triples), to_rdflib(triples)
    ours, theirs = [], []
    print(f"{len(triples)} triples; milliseconds, rows\n{'question':26}{'embedded':>12}{'rdflib':>14}")
    for question in questions().values():
        here = embedded(store, question)
        there = in_rdflib(graph, store, question)
        ours.append(here[0])
        theirs.append(there[0] if there else LIMIT * 1000)
        shown = f"{there[0]:9.1f} {there[1]:4}" if there else f"  > {LIMIT * 1000:.0f}"
        print(f"{question.name:26}{here[0]:7.1f} {here[1]:4}{shown:>14}", flush=True)
    print(f"median {statistics.median(ours):.1f} ms embedded, {statistics.median(theirs):.1f} ms in rdflib")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "plankg-out"))
