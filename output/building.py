"""The whole way: documents are read, extracted, resolved into one graph, and written as files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from extract.errors import DocumentError
from output.collector import resting_collector
from output.options import BuildOptions

if TYPE_CHECKING:
    from extract.extraction import Extraction
    from graph.corrections import Correction
    from graph.model import KnowledgeGraph
    from graph.resolve import Resolved
    from output.folder import Target

Progress = Callable[[str, int, int], None]
"""Called with a step's name, how many of its parts are done, and how many there are."""

CONTENTS = {
    "network.html": "the graph to look at, in any browser, without a network",
    "graph.ttl": "the graph as RDF (Turtle), for SPARQL",
    "entities.csv": "a table of the entities, for a spreadsheet",
    "claims.csv": "a table of the claims, each with its sentence",
    "observations.csv": "a table of the figures, each with its sentence",
    "records.jsonl": "what each document says, one JSON record a line",
    "graph.json": "the graph as plankg.load reads it",
    "text/": "the documents' texts, into which all offsets point",
}
"""The files of a build, with what each is."""

READING = "Reading the documents"
RESOLVING = "Joining what they say"

DEFAULTS = BuildOptions()

CACHE = ".cache"
"""Folder in that of a build where extractions are kept for the next one."""


def silent(step: str, done: int, total: int) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class Build:
    """The graph, what each document said, and the documents that could not be read."""

    graph: "KnowledgeGraph"
    extractions: "Sequence[Extraction]"
    failures: tuple[DocumentError, ...]

    def write(
        self,
        out: "Path | Target",
        progress: Progress = silent,
        options: Mapping[str, str | None] | None = None,
        jobs: int = 1,
    ) -> None:
        """Write all files of the build into the folder `out`, or leave it as it was.

        The options that it was made with are named in the list of files; `jobs` is the number of
        processes at most.

        Raises:
            FolderError: the folder is in use or holds somebody else's files.
        """
        from output.folder import Target, replaced_folder
        from output.writing import Files, write_files

        with (
            out.replaced(options) if isinstance(out, Target) else replaced_folder(out, options) as stage,
            resting_collector(),
        ):
            write_files(Files(self.graph, self.extractions), stage, progress, jobs)


def assemble(
    paths: Sequence[Path] | None,
    options: BuildOptions = DEFAULTS,
    *,
    cache: Path | None = None,
    jobs: int = 1,
    progress: Progress = silent,
) -> Build:
    """Return the graph of the documents under the paths; None means the bundled corpus.

    A document that cannot be read is left out and listed among the failures. `cache` is the folder
    of the extractions kept between builds (`CACHE` in that of the build); None keeps none. `jobs` is
    the number of processes at most.

    Raises:
        CorpusError: there is no document under the paths, two have one name, or the licence is no IRI.
        ReviewError: the table of corrections is malformed.
    """
    from extract.reading import corpus_files
    from graph.confidence import at_least
    from graph.resolve import joined_graph, resolved
    from graph.review import replay
    from ontology.schema import ENTITY_BASE
    from output.extracting import told
    from output.extractions import Extractions

    files = corpus_files(paths)
    terms = stated_licence(files, options.licence)
    corrections = _corrections(options.review) if options.review else []
    least = options.min_confidence
    found = Extractions()
    parts: list[Resolved] = []
    failures: list[DocumentError] = []
    progress(READING, 0, len(files))
    steps = told(files, district=options.district, tier=options.tier, min_confidence=least, cache=cache, jobs=jobs)
    for done, result in enumerate(steps, 1):
        if isinstance(result, DocumentError):
            failures.append(result)
        else:
            found.add(result.extraction, result.packed)
            with resting_collector():  # while others are extracted
                parts.append(resolved(result.extraction))
        progress(READING, done, len(files))
    progress(RESOLVING, 0, 1)
    with resting_collector():
        graph = joined_graph(parts, base=options.base or ENTITY_BASE)
        if least:
            graph = at_least(graph, least)
    if corrections:
        graph = replay(graph, corrections).graph
    graph = replace(graph, licence=terms)
    progress(RESOLVING, 1, 1)
    return Build(graph, found, tuple(failures))


def build_into(
    out: Path,
    paths: Sequence[Path] | None,
    options: BuildOptions = DEFAULTS,
    *,
    jobs: int = 1,
    fresh: bool = False,
    partial: bool = False,
    progress: Progress = silent,
) -> Build | None:
    """Build the graph of the documents into the folder `out`; return None when nothing has changed.

    No other build can use the folder meanwhile. Extractions are kept in it for the next build, also
    when this one is interrupted; `fresh` looks at nothing that is kept. A build without a readable
    document writes nothing; with `partial`, the readable ones are written, else the first failure is
    raised. The other parameters are those of `assemble`.

    Raises:
        FolderError: the folder is in use or holds somebody else's files.
        DocumentError: without `partial`, a document cannot be read.
        CorpusError, ReviewError: as `assemble`.
    """
    from extract.reading import corpus_files
    from output.folder import claimed_folder
    from output.unchanged import fingerprint, is_unchanged, remember

    kept, named = out / CACHE, options.named()

    def made_from() -> str | None:
        return fingerprint(corpus_files(paths), named, [options.review] if options.review else [])

    with claimed_folder(out) as target:
        before = made_from()
        if before and not fresh and is_unchanged(out, kept, before):
            return None
        cache = None if fresh else kept
        result = assemble(paths, options, cache=cache, jobs=jobs, progress=progress)
        if result.failures and not partial:
            raise result.failures[0]
        if result.extractions:
            result.write(target, progress, named, jobs)
            # A document that changed while it was read may stand in the graph in either form.
            if before and not result.failures and before == made_from():
                remember(out, kept, before)
    return result


def stated_licence(files: Sequence[Path], given: str | None) -> str:
    """Return the licence that was given, else the one that all documents' folders state, else ""."""
    from extract.corpus import CORPUS_FILE, checked_licence, read_licence

    if given is not None:
        return checked_licence(given, "--licence")
    stated = {read_licence(folder / CORPUS_FILE) for folder in {file.parent for file in files}}
    return stated.pop() if len(stated) == 1 else ""


def _corrections(path: Path) -> "list[Correction]":
    from extract.errors import ReviewError
    from graph.corrections import read_corrections

    try:
        return read_corrections(path.read_text(encoding="utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise ReviewError(f"{path} is not UTF-8 ({error}); save it as CSV (UTF-8)") from error
