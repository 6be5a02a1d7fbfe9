"""What the server reads: a store on disk, an index of statements, an index of names; made once for a graph.

All is kept in `.cache/serve/KEY` beside the graph, where KEY is made from the graph's bytes, so that
a graph that has not changed is open at once. A folder that cannot be written to is served from a
temporary one.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyoxigraph

from extract.errors import FolderError, GraphFileError
from graph.rdf import prefixes
from graph.store import GraphStore
from output.building import CACHE, Progress, silent
from output.server.index import write_index
from output.server.loading import load
from output.snapshot import TEXT_FOLDER

FORMAT = 1
"""Raised when the prepared files change, so that old ones are made again."""

SERVE = "serve"
_LOADING, _INDEXING = "Loading the graph", "Indexing its statements"
_META = "meta.json"
_MAKING = ".making-"
_ABANDONED = 86_400  # seconds after which what is being made was left by a process that was killed


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
        return self.folder / "store"

    @property
    def index(self) -> Path:
        """Return the index of statements (SQLite)."""
        return self.folder / "index.sqlite"

    @property
    def names(self) -> Path:
        """Return the index of names (SQLite)."""
        return self.folder / "names.sqlite"


class StoredGraph(GraphStore):
    """A store on disk, opened read-only; several processes may have it open."""

    def __init__(self, folder: Path, base: str) -> None:
        self._store = pyoxigraph.Store.read_only(str(folder))
        self.prefixes = prefixes(base)

    @property
    def triples(self) -> pyoxigraph.Store:
        """Return the store itself, for looking up single things."""
        return self._store


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
    key = _key(path)
    page = path.parent / "network.html" if source.is_dir() else None
    page = page if page is not None and page.is_file() else None
    texts = path.parent / TEXT_FOLDER if source.is_dir() and (path.parent / TEXT_FOLDER).is_dir() else None
    with contextlib.ExitStack() as stack:
        home = path.parent / CACHE / SERVE
        if not _writable(home) and not (home / key / _META).is_file():
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plankg-serve-")))
        if not (home / key / _META).is_file():
            _make(path, home, key, progress)
        stack.enter_context(_kept(home, key))
        meta = json.loads((home / key / _META).read_text(encoding="utf-8"))
        yield Prepared(home / key, page, **meta, texts=texts)


def _key(path: Path) -> str:
    """Return a name for what is prepared from a file: from its bytes, and the versions of the formats."""
    total = hashlib.sha256(f"{FORMAT} {pyoxigraph.__version__} {path.suffix}\n".encode())
    total.update(_sha256(path).encode())
    return total.hexdigest()[:24]


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise GraphFileError(f"{path}: cannot be read: {error.strerror or error}") from error


def _writable(home: Path) -> bool:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(home, os.W_OK)


def _make(path: Path, home: Path, key: str, progress: Progress) -> None:
    """Make the files in a folder of their own, which then takes its name in one step."""
    stage = Path(tempfile.mkdtemp(dir=home, prefix=_MAKING))
    try:
        progress(_LOADING, 0, 2)
        base, triples, graphs = load(path, stage / "store")
        progress(_INDEXING, 1, 2)
        made = Prepared(stage, None, base, _sha256(path), triples, graphs)
        store = StoredGraph(made.store, base)
        write_index(store, made.index)
        store.labels.save(made.names)
        meta = {name: value for name, value in asdict(made).items() if name not in ("folder", "page", "texts")}
        (stage / _META).write_text(json.dumps(meta, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        with contextlib.suppress(OSError):  # another server has made the same meanwhile
            stage.rename(home / key)
        progress(_INDEXING, 2, 2)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextlib.contextmanager
def _kept(home: Path, key: str) -> Iterator[None]:
    """Keep the folder from being removed by a server of a newer graph, and remove those that nobody uses."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    def lock(name: str, how: int) -> int:
        handle = os.open(home / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BaseException:
            os.close(handle)
            raise
        return handle

    try:
        mine = lock(key, fcntl.LOCK_SH)
    except OSError:  # a folder that can only be read is never cleaned
        yield
        return
    try:
        for folder in sorted(home.iterdir()):
            if folder.name.startswith(_MAKING) and time.time() - folder.stat().st_mtime > _ABANDONED:
                shutil.rmtree(folder, ignore_errors=True)
            if folder.name != key and (folder / _META).is_file():
                with contextlib.suppress(OSError):
                    other = lock(folder.name, fcntl.LOCK_EX)
                    shutil.rmtree(folder, ignore_errors=True)
                    os.close(other)
                    (home / f"{folder.name}.lock").unlink(missing_ok=True)
        yield
    finally:
        os.close(mine)
