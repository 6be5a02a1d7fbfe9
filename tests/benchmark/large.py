"""A million claims: `python -m tests.benchmark.large [CLAIMS] [--rdflib]` writes, loads and asks a made-up graph.

The graph is the five documents' (so that the questions' defaults exist) beside a random one. Each
step is timed by the clock, with the peak of memory; the named questions are asked of the store on
disk, opened read-only, each in a process of its own that is given a minute.
"""

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store

from extract.extractor import extract
from extract.reading import corpus_files, read_document
from extract.tier import Tier
from graph.model import KnowledgeGraph
from graph.questions import questions
from graph.resolve import build_graph
from graph.store import GraphStore
from output.collector import resting_collector
from output.turtle import write_turtle
from tests.graph.large import large

LIMIT = 60.0  # seconds for a question
RDFLIB_LIMIT = 600.0


def joined(claims: int) -> KnowledgeGraph:
    """Return the five documents' graph with so many random claims beside it."""
    ours = build_graph([extract(read_document(path), Tier.FAST) for path in corpus_files()])
    more = large(entities=max(300, claims // 4), claims=claims, observations=claims // 10)
    return KnowledgeGraph(
        ours.sources + more.sources,
        tuple(sorted(ours.entities + more.entities, key=lambda e: e.id)),
        tuple(sorted(ours.claims + more.claims, key=lambda c: c.id)),
        tuple(sorted(ours.observations + more.observations, key=lambda o: o.id)),
    )


def timed(name: str, work: Callable[[], Any]) -> Any:
    """Run a step and print its seconds and the peak of memory so far."""
    start = time.perf_counter()
    found = work()
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:42}{time.perf_counter() - start:9.1f} s {megabytes:9,.0f} MB", flush=True)
    return found


def _limited(work: Callable[[], Any], limit: float) -> Any:
    """Return what the work returns in a forked process, None after the limit."""

    def run(out: Connection) -> None:
        out.send(work())

    receive, send = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=run, args=(send,), daemon=True)
    child.start()
    send.close()
    try:
        return receive.recv() if receive.poll(limit) else None
    except EOFError:
        return None
    finally:
        child.kill()
        child.join()


def ask(folder: Path, name: str) -> Callable[[], tuple[float, int]]:
    """Return the work of asking a named question of a store on disk: seconds and rows."""

    def work() -> tuple[float, int]:
        store = GraphStore.opened(folder)
        start = time.perf_counter()
        rows = len(questions()[name].ask(store))
        return time.perf_counter() - start, rows

    return work


def parsed(path: Path) -> Callable[[], tuple[float, float]]:
    """Return the work of loading and writing with rdflib: seconds of each."""

    def work() -> tuple[float, float]:
        import rdflib

        start = time.perf_counter()
        graph = rdflib.Graph().parse(path, format="turtle")
        loaded = time.perf_counter()
        graph.serialize(format="turtle")
        return loaded - start, time.perf_counter() - loaded

    return work


def write(claims: int, folder: Path) -> None:
    """Make the graph and write it."""
    with resting_collector():
        kg = timed(f"making {claims:,} claims", lambda: joined(claims))
        timed("writing Turtle", lambda: write_turtle(kg, folder / "graph.ttl"))
    print(f"{(folder / 'graph.ttl').stat().st_size:,} bytes")


def run(claims: int, folder: Path, *, beside: bool) -> None:
    """Measure everything and print it."""
    write(claims, folder)

    def load() -> None:
        store = Store(str(folder / "store"))
        store.bulk_load(path=str(folder / "graph.ttl"), format=RdfFormat.TURTLE)
        store.optimize()
        print(f"{len(store):,} triples")

    timed("loading Turtle into a store on disk", load)
    timed("opening it read-only", lambda: GraphStore.opened(folder / "store"))
    for name in questions():
        answer = _limited(ask(folder / "store", name), LIMIT)
        print(
            f"  {name:40}" + (f"{answer[0]:9.3f} s {answer[1]:9,} rows" if answer else f"not in {LIMIT:.0f} s"),
            flush=True,
        )
    if beside:
        found = _limited(parsed(folder / "graph.ttl"), RDFLIB_LIMIT)
        print("rdflib: " + (f"load {found[0]:.1f} s, write {found[1]:.1f} s" if found else "not in 10 min"))


def main() -> None:
    """Measure in a temporary folder, or in a given one that is kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.large", description=__doc__)
    parser.add_argument("claims", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--rdflib", action="store_true", help="load and write with rdflib, too (10 minutes at most)")
    parser.add_argument("--folder", type=Path, help="keep the files here")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        run(chosen.claims, folder, beside=chosen.rdflib)


if __name__ == "__main__":
    sys.exit(main())
