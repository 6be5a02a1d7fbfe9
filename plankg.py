"""Knowledge graphs from Chinese planning documents, every statement traceable to its characters.

::

    import plankg

    kg = plankg.build()  # the five bundled documents
    kg = plankg.build(["plans/"], "graph/")  # your own, written to a folder as well
    kg = plankg.load("graph/")  # a graph built earlier
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from extract.tier import DEFAULT_TIER

if TYPE_CHECKING:
    from graph.model import KnowledgeGraph

# The rest of the rooms is imported inside the functions: `plankg --help` needs none of it.

__version__ = "0.1.0"
__all__ = ["build", "load", "main"]


def build(
    paths: str | Path | Iterable[str | Path] | None = None,
    out: str | Path | None = None,
    *,
    district: str | None = None,
    tier: str = DEFAULT_TIER,
    min_confidence: float = 0.0,
    base: str | None = None,
    licence: str | None = None,
    review: str | Path | None = None,
    jobs: int = 1,
    progress: Callable[[str, int, int], None] | None = None,
) -> KnowledgeGraph:
    """Return the graph of planning documents and, with `out`, write it into that folder.

    Parameters:
        paths: one or more document files or folders of them; None for the five bundled documents.
        out: folder for `graph.ttl`, `network.html` and the other files; replaced as a whole, so
            that a build that fails leaves nothing half-written. Unchanged documents are not
            extracted again; when nothing at all has changed, the graph is loaded from it. None
            writes nothing.
        district: whose documents they are ("米东区"), where their titles do not say.
        tier: one of `extract.tier.Tier`, or the name of an installed plug-in model.
        min_confidence: mentions, facts and observations that are less sure (0 to 1) are left out.
        base: begin of the entities' IRIs; default `https://w3id.org/plankg/id/`.
        licence: IRI of the licence under which the graph is published; default: what the `corpus.toml`
            beside the documents states, if anything.
        review: table of a person's corrections to replay (see docs/review.md); what no longer fits is
            named in the graph's `warnings`.
        jobs: processes to use at most; more than one needs the usual `if __name__ == "__main__":` in
            the calling script.
        progress: called with a step's name, parts done and parts in all.

    Raises:
        extract.errors.PlankgError: a document cannot be read, or the folder cannot be used; the
            message says what to do.
    """
    from output.building import assemble, build_into, silent
    from output.options import BuildOptions

    corrections = None if review is None else Path(review)
    options = BuildOptions(district, tier, min_confidence, base, licence, corrections)
    report = progress or silent
    if out is not None:
        built = build_into(Path(out), _as_paths(paths), options, jobs=jobs, progress=report)
        return load(out) if built is None else built.graph
    result = assemble(_as_paths(paths), options, jobs=jobs, progress=report)
    if result.failures:
        raise result.failures[0]
    return result.graph


def load(directory: str | Path) -> KnowledgeGraph:
    """Return the graph that `build` wrote into a folder, equal to the one that it returned.

    Raises:
        extract.errors.FolderError: the folder holds no graph, or a text or the graph was changed.
    """
    from output.snapshot import read_graph

    return read_graph(Path(directory))


def main() -> None:
    """Run the command line."""
    from output.cli.app import run

    run()


def _as_paths(paths: str | Path | Iterable[str | Path] | None) -> list[Path] | None:
    if paths is None:
        return None
    if isinstance(paths, str | Path):
        paths = [paths]
    return [Path(path) for path in paths]


if __name__ == "__main__":
    main()
