"""The built graph that a command works on."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.store import GraphStore


@contextlib.contextmanager
def open_store(folder: Path) -> "Iterator[GraphStore]":
    """Give the store of the graph in `folder`, or of an RDF file given instead of a folder.

    The graph of a folder is opened on disk where it has been stored, and a large one is stored first.

    Raises:
        FolderError: no graph was built there.
        GraphFileError: the file cannot be read.
    """
    from extract.errors import FolderError
    from graph.store import GraphStore
    from output.cli.terminal import progress_bar
    from output.stored import graph_store

    built = folder.is_dir() or not folder.suffix
    path = folder / "graph.ttl" if built else folder
    if not path.exists():
        raise FolderError(f"{folder} holds no built graph; run `plankg build -o {folder}` first")
    if not built:
        yield GraphStore.load(path)
        return
    with contextlib.ExitStack() as stack:
        with progress_bar() as progress:
            store = stack.enter_context(graph_store(path, progress))
        yield store
