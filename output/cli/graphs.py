"""The built graph that a command works on."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graph.store import GraphStore


def open_store(folder: Path) -> "GraphStore":
    """Return the store of the graph in `folder`, or of an RDF file given instead of a folder.

    Raises:
        FolderError: no graph was built there.
        GraphFileError: the file cannot be read.
    """
    from extract.errors import FolderError
    from graph.store import GraphStore

    path = folder / "graph.ttl" if folder.is_dir() or not folder.suffix else folder
    if not path.exists():
        raise FolderError(f"{folder} holds no built graph; run `plankg build -o {folder}` first")
    return GraphStore.load(path)
