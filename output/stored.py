"""The graph of a folder as a store: in memory, or for a large one on disk, made once.

What `plankg serve` prepared serves here, too. Otherwise a graph of at least `LARGE` bytes of Turtle is
loaded into `.cache/store/KEY` beside it, with an index of its names and the answers of the named questions.
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from extract.errors import GraphFileError, QuestionError
from graph.kept import AnswerWriter
from graph.posing import posed
from graph.questions import questions
from graph.store import GraphStore
from output.building import CACHE, Progress, silent
from output.keeping import META, Keeping, in_use

LARGE = 64 << 20
"""Bytes of Turtle from which a graph gets a store on disk: reading them anew takes about 10 s each time."""

FORMAT = 1
"""Raised when what is kept for `plankg ask` and `plankg query` changes, so that old stores are made again."""

SERVED_FORMAT = 2
"""Raised when what is kept for `plankg serve` changes."""

STORE, NAMES, ANSWERS = "store", "names.sqlite", "answers.sqlite"
LOADING, INDEXING, ANSWERING = "Loading the graph", "Indexing its names", "Answering the ready questions"


def served(graph: Path) -> Keeping:
    """Return the folders of what `plankg serve` prepared from a graph's file."""
    return Keeping(graph.parent / CACHE / "serve", graph, SERVED_FORMAT)


def stored(graph: Path) -> Keeping:
    """Return the folders of the stores for `plankg ask` and `plankg query`."""
    return Keeping(graph.parent / CACHE / "store", graph, FORMAT)


@contextlib.contextmanager
def graph_store(graph: Path, progress: Progress = silent, large: int = LARGE) -> Iterator[GraphStore]:
    """Give the store of a graph's file (`graph.ttl`), on disk where there is one or the file has `large` bytes.

    A folder that cannot be written to is read into memory. Raises GraphFileError when the file cannot be read.
    """
    folder = served(graph).find() or stored(graph).find()
    if folder is None and graph.stat().st_size >= large and graph.suffix == ".ttl" and stored(graph).writable():
        folder = stored(graph).make(lambda stage: fill(graph, stage, progress))
    if folder is None:
        yield GraphStore.load(graph)
        return
    with in_use(folder):
        yield opened(folder)


def opened(folder: Path) -> GraphStore:
    """Return the store of a kept folder, with the index of names and the kept answers where it has them."""
    names, answers = ((path if path.is_file() else None) for path in (folder / NAMES, folder / ANSWERS))
    return GraphStore.opened(folder / STORE, names, answers)


def fill(graph: Path, folder: Path, progress: Progress = silent) -> None:
    """Load a Turtle file into a new folder: store, index of names, answers; GraphFileError when it cannot be read."""
    progress(LOADING, 0, 1)
    load_turtle(graph, folder / STORE)
    progress(INDEXING, 0, 1)
    GraphStore.opened(folder / STORE).labels.save(folder / NAMES)
    keep_answers(GraphStore.opened(folder / STORE, folder / NAMES), folder / ANSWERS, progress)
    (folder / META).write_text(json.dumps({"graph": graph.name}) + "\n", encoding="utf-8")


def load_turtle(graph: Path, folder: Path) -> None:
    """Load a Turtle file into a new store on disk; GraphFileError when it cannot be read."""
    store = Store(str(folder))
    try:
        store.bulk_load(path=str(graph), format=RdfFormat.TURTLE)
        store.optimize()  # a bulk load leaves overlapping files, all of which every look-up would have to read
        store.flush()
    except (SyntaxError, OSError, ValueError) as error:
        raise GraphFileError(f"{graph}: cannot be read as Turtle: {error}") from error


def keep_answers(store: GraphStore, path: Path, progress: Progress = silent) -> None:
    """Write a file of what the named questions answer with the values that they have by default.

    Questions whose values do not occur in the graph are left out.
    """
    known = questions().values()
    with AnswerWriter(path) as writer:
        for done, question in enumerate(known):
            progress(ANSWERING, done, len(known))
            with contextlib.suppress(QuestionError):
                values = question.substitutions(store)
                writer.add(posed(question.sparql, values), values, question.results(store))
    progress(ANSWERING, len(known), len(known))
