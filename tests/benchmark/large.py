"""A million claims: `python -m tests.benchmark.large [CLAIMS] [--rdflib]` writes, stores and asks a made-up graph.

The graph is the five documents' (so that the questions' defaults exist) beside a random one. Each
step is timed by the clock and by the processor, with the peak of memory. The named questions are asked
of the store on disk, each in a process of its own: as `plankg ask` asks them, and without kept
answers. rdflib has ten minutes of the processor to load the same file, to write it, and to answer.
"""

import argparse
import multiprocessing
import resource
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from extract.extractor import extract
from extract.reading import corpus_files, read_document
from extract.tier import Tier
from graph.model import KnowledgeGraph
from graph.posing import posed
from graph.questions import questions
from graph.resolve import build_graph
from graph.store import GraphStore
from output.building import resting_collector
from output.cli.ask import PAGE
from output.stored import ANSWERS, NAMES, STORE, keep_answers, load_turtle, opened
from output.turtle import write_turtle
from tests.graph.large import large

LIMIT = 120  # seconds of the processor for a question without kept answers
RDFLIB_LIMIT = 600


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
    """Run a step and print its seconds by the clock and by the processor, and the peak of memory so far."""
    start, used = time.perf_counter(), time.process_time()
    found = work()
    seconds, processor = time.perf_counter() - start, time.process_time() - used
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:42}{seconds:9.1f} s {processor:9.1f} s of the processor {megabytes:9,.0f} MB", flush=True)
    return found


def _limited(work: Callable[[], Any], limit: int) -> Any:
    """Return what the work returns in a forked process; None when that uses more seconds of the processor."""

    def run(out: Connection) -> None:
        used = int(time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (used + limit, used + limit + 1))
        out.send(work())

    receive, send = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=run, args=(send,), daemon=True)
    child.start()
    send.close()
    try:
        return receive.recv()
    except EOFError:
        return None
    finally:
        child.kill()
        child.join()


def ask(store: Callable[[], GraphStore], name: str, rows: int | None) -> Callable[[], tuple[float, float, int]]:
    """Return the work of asking a named question: seconds by clock and processor, and rows."""

    def work() -> tuple[float, float, int]:
        graph = store()
        start, used = time.perf_counter(), time.process_time()
        found = len(questions()[name].ask(graph, limit=rows))
        return time.perf_counter() - start, time.process_time() - used, found

    return work


def ask_all(title: str, store: Callable[[], GraphStore], rows: int | None) -> None:
    """Ask every named question and print the seconds of each, their median and the slowest."""
    print(f"{title}: seconds by the clock, of the processor, rows")
    found = {name: _limited(ask(store, name, rows), LIMIT) for name in questions()}
    for name, answer in found.items():
        shown = f"{answer[0]:9.3f} {answer[1]:9.3f} {answer[2]:9,}" if answer else f"not in {LIMIT} s"
        print(f"  {name:26}{shown}")
    times = {name: answer[1] if answer else float(LIMIT) for name, answer in found.items()}
    slowest = max(times, key=lambda name: times[name])
    many = sum(seconds > 1 for seconds in times.values())
    median = statistics.median(times.values())
    print(f"  median {median:.3f} s, slowest {slowest} {times[slowest]:.3f} s, {many} above 1 s", flush=True)


def _within(limit: float, work: Callable[[], Any]) -> tuple[float, Any] | None:
    """Return the seconds of the processor that some work in Python takes, and its result; None beyond the limit."""

    def late(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, limit)
    used = time.process_time()
    try:
        found = work()
    except TimeoutError:
        return None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return time.process_time() - used, found


def in_rdflib(path: Path, store: GraphStore) -> None:
    """Print what rdflib takes for the same file: loading, writing, all named questions; each has its ten minutes."""
    import rdflib

    loading = _within(RDFLIB_LIMIT, lambda: rdflib.Graph().parse(path, format="turtle"))
    print(f"rdflib: load {_shown(loading)}", flush=True)
    if loading is None:
        return
    graph: rdflib.Graph = loading[1]
    print(f"rdflib: write {_shown(_within(RDFLIB_LIMIT, lambda: graph.serialize(format='turtle')))}", flush=True)
    left, times = float(RDFLIB_LIMIT), dict[str, float]()
    for each in questions().values():
        query = posed(each.sparql, each.substitutions(store))
        found = _within(left, partial(lambda asked: list(graph.query(asked)), query))
        if found is None:
            print(f"rdflib: {len(times)} of the questions in 10 min; {each.name} was not finished", flush=True)
            break
        left -= found[0]
        times[each.name] = found[0]
    slowest = max(times, key=lambda name: times[name], default="")
    if slowest:
        print(f"rdflib: median {statistics.median(times.values()):.3f} s, slowest {slowest} {times[slowest]:.1f} s")


def _shown(taken: tuple[float, Any] | None) -> str:
    return "did not finish in 10 min" if taken is None else f"{taken[0]:.1f} s of the processor"


def write(claims: int, folder: Path) -> None:
    """Make the graph and write it."""
    with resting_collector():
        kg = timed(f"making {claims:,} claims", lambda: joined(claims))
        timed("writing Turtle", lambda: write_turtle(kg, folder / "graph.ttl"))
    print(f"{(folder / 'graph.ttl').stat().st_size:,} bytes", flush=True)


def keep(folder: Path) -> None:
    """Make what `plankg ask` keeps of a large graph, step by step."""
    timed("loading Turtle into a store on disk", lambda: load_turtle(folder / "graph.ttl", folder / STORE))
    print(f"{len(GraphStore.opened(folder / STORE)):,} triples", flush=True)
    timed("index of names", lambda: GraphStore.opened(folder / STORE).labels.save(folder / NAMES))
    known = GraphStore.opened(folder / STORE, folder / NAMES)
    timed("answers of the named questions", lambda: keep_answers(known, folder / ANSWERS))


def run(claims: int, folder: Path, *, beside: bool) -> None:
    """Measure everything and print it; what the folder has already is not made again."""
    if not (folder / "graph.ttl").is_file():
        write(claims, folder)
    if not (folder / ANSWERS).is_file():
        keep(folder)
    timed("opening it read-only", lambda: opened(folder))
    ask_all("as plankg ask", lambda: opened(folder), PAGE)
    ask_all("without kept answers", lambda: GraphStore.opened(folder / STORE, folder / NAMES), None)
    if beside:
        in_rdflib(folder / "graph.ttl", opened(folder))


def main() -> None:
    """Measure in a temporary folder, or in a given one that is kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.large", description=__doc__)
    parser.add_argument("claims", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--rdflib", action="store_true", help="load, write and ask with rdflib, too")
    parser.add_argument("--folder", type=Path, help="keep the files here, and use those that are here")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = chosen.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        run(chosen.claims, folder, beside=chosen.rdflib)


if __name__ == "__main__":
    sys.exit(main())
