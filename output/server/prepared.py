"""What the server reads: a store on disk, an index of statements, an index of names; made once for a graph.

All is kept in `.cache/serve/KEY` beside the graph (see `output.keeping`), so that a graph that has not
changed is open at once. A folder that cannot be written to is served from a temporary one.
"""

import contextlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pyoxigraph

from extract.errors import FolderError
from graph.kept import asked
from graph.questions import questions
from graph.store import GraphStore
from output.building import Progress, silent
from output.keeping import META, in_use, sha256
from output.server.index import write_index
from output.server.loading import load
from output.snapshot import TEXT_FOLDER
from output.stored import ANSWERS, LARGE, NAMES, STORE, keep_answers, served

_LOADING, _INDEXING = "Loading the graph", "Indexing its statements"


@dataclass(frozen=True, slots=True)
class Prepared:
    """The prepared files of a graph: `page` is its explorer, `texts` the folder of its texts, if it has them.

    `digest` is the SHA-256 of the graph's file, `triples` the size of the default graph, `graphs`
    that of each document's named graph, by IRI.
    """

    folder: Path
    page: Path | None
    base: str
    digest: str
    triples: int
    graphs: dict[str, int] = field(default_factory=dict)
    texts: Path | None = None

    @property
    def store(self) -> Path:
        """Return the folder of the store (RocksDB)."""
        return self.folder / STORE

    @property
    def index(self) -> Path:
        """Return the index of statements (SQLite)."""
        return self.folder / "index.sqlite"

    @property
    def names(self) -> Path:
        """Return the index of names (SQLite)."""
        return self.folder / NAMES

    @property
    def answers(self) -> Path | None:
        """Return the kept answers of the named questions (SQLite), which only a large graph has."""
        path = self.folder / ANSWERS
        return path if path.is_file() else None


class StoredGraph(GraphStore):
    """A store on disk, opened read-only; several processes may have it open."""

    def __init__(self, folder: Path, base: str) -> None:
        super().__init__(pyoxigraph.Store.read_only(str(folder)), base)

    @property
    def triples(self) -> pyoxigraph.Store:
        """Return the store itself, for looking up single things."""
        return self._store


def ready(made: Prepared) -> dict[str, Any]:
    """Return what tells workers of the named questions; see `output.server.worker.Answerer`."""
    names = [asked(each.sparql, {}) for each in questions().values()]
    return {"ready": names, "answers": str(made.answers) if made.answers else ""}


def graph_file(source: Path) -> Path:
    """Return the RDF file of a built graph's folder, or the file itself; FolderError when there is none."""
    path = source / "graph.ttl" if source.is_dir() or not source.suffix else source
    if not path.is_file():
        raise FolderError(f"{source} holds no built graph; run `plankg build -o {source}` first")
    return path


@contextlib.contextmanager
def prepared(source: Path, progress: Progress = silent) -> Iterator[Prepared]:
    """Give the prepared files of the graph in a folder, or of an RDF file; they stay as long as the block runs.

    Raises:
        FolderError: no graph was built there.
        GraphFileError: the file cannot be read.
    """
    path = graph_file(source)
    page = path.parent / "network.html" if source.is_dir() else None
    page = page if page is not None and page.is_file() else None
    texts = path.parent / TEXT_FOLDER if source.is_dir() and (path.parent / TEXT_FOLDER).is_dir() else None
    keeping = served(path)
    with contextlib.ExitStack() as stack:
        folder = keeping.find()
        if folder is None:
            if not keeping.writable():
                home = stack.enter_context(tempfile.TemporaryDirectory(prefix="plankg-serve-"))
                keeping = replace(keeping, home=Path(home))
            folder = keeping.make(lambda stage: _fill(path, stage, progress))
        stack.enter_context(in_use(folder))
        meta = json.loads((folder / META).read_text(encoding="utf-8"))
        yield Prepared(folder, page, **meta, texts=texts)


def _fill(path: Path, stage: Path, progress: Progress) -> None:
    """Make the files in a folder of their own."""
    progress(_LOADING, 0, 2)
    base, triples, graphs = load(path, stage / STORE)
    progress(_INDEXING, 1, 2)
    made = Prepared(stage, None, base, sha256(path), triples, graphs)
    store = StoredGraph(made.store, base)
    write_index(store, made.index)
    store.labels.save(made.names)
    if path.stat().st_size >= LARGE:
        keep_answers(store, stage / ANSWERS, progress)
    meta = {name: value for name, value in asdict(made).items() if name not in ("folder", "page", "texts")}
    (stage / META).write_text(json.dumps(meta, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    progress(_INDEXING, 2, 2)
