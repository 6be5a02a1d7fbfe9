"""One build on Spark, from the list of documents to the folder of triples, tables and texts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from extract.confidence import checked_confidence
from extract.errors import PlankgError
from extract.reading import corpus_files
from ontology.schema import ENTITY_BASE
from output.building import DEFAULTS, READING, RESOLVING, Progress, silent, stated_licence
from output.extracting import chosen
from output.folder import claimed_folder
from output.options import BuildOptions
from output.spark.assembly import Assembly
from output.spark.frames import framed, here, mapped
from output.spark.session import failure, session
from output.spark.shipping import EXTRACTED, Read
from output.spark.tasks import File, Reading, read
from output.spark.writing import write_statements, write_tables, write_warnings

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

CONTENTS = {
    "ntriples/": "the graph as N-Triples, for a SPARQL store",
    "nquads/": "the same as N-Quads, what each document says in a graph of its own",
    "entities/": "a table of the entities (Parquet)",
    "claims/": "a table of the claims, with their sentences (Parquet)",
    "observations/": "a table of the figures, with their sentences (Parquet)",
    "documents/": "a table of the documents (Parquet)",
    "warnings/": "what was left out, and why",
    "text/": "the documents' texts, into which all offsets point",
}
"""What a build on Spark writes, with what each is."""

_PER_TASK = 16  # documents at most; a task that is lost is done again
_WORK = ".work"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build on Spark came to: the rows of its tables, the graph's digest, and what could not be read."""

    counts: dict[str, int]
    digest: str
    failures: tuple[str, ...]


class _NothingReadError(Exception):
    """No document could be read: what the folder held before stays."""


def build_on_spark(
    out: Path,
    paths: Sequence[Path] | None,
    options: BuildOptions = DEFAULTS,
    *,
    master: str,
    progress: Progress = silent,
) -> Outcome:
    """Build the graph of the documents into the folder `out`, on the Spark cluster at `master`.

    The graph is the one that `output.building.assemble` makes of the same arguments. All machines
    must see the documents and `out` at the same paths, and have plankg installed. Documents that
    cannot be read are left out and told in the outcome; without a readable one nothing is written.

    Raises:
        CorpusError: there is no document, two have one name, or the licence is no IRI.
        FolderError: the folder is in use or holds somebody else's files.
        PlankgError: Spark or Java is missing, the computation failed, or there are corrections, which it cannot replay.
    """
    if options.review:
        raise PlankgError(f"corrections ({options.review}) cannot be replayed on Spark; build without them")
    chosen(options.tier)
    reading = Reading(options.district, options.tier, checked_confidence(options.min_confidence))
    files = corpus_files(paths)
    terms = stated_licence(files, options.licence)
    named = options.named() | {"engine": "spark"}
    base = options.base or ENTITY_BASE
    failures: list[str] = []
    with claimed_folder(out) as target, session(master) as spark:
        try:
            with target.replaced(named) as stage:
                graph = Assembly(spark, stage.absolute() / _WORK, base, terms, reading.min_confidence)
                documents = _read(spark, graph, files, reading, progress, failures)
                outcome = _write(graph, documents, stage.absolute(), progress)
                graph.clear()
        except _NothingReadError:
            return Outcome({}, "", tuple(failures))
        except Exception as error:
            if isinstance(error, PlankgError | OSError):
                raise
            raise PlankgError(f"the build on Spark failed: {failure(error)}") from error
    return Outcome(*outcome, tuple(failures))


def _read(
    spark: "SparkSession",
    graph: Assembly,
    files: Sequence[Path],
    reading: Reading,
    progress: Progress,
    failures: list[str],
) -> "DataFrame":
    """Return what the readable documents say; the problems of the others go into `failures`."""
    progress(READING, 0, len(files))
    least = 2 * spark.sparkContext.defaultParallelism
    tasks = max(-(-len(files) // _PER_TASK), min(len(files), least))
    graph.spread(max(tasks // 4, least))
    listed = framed(spark, [File(str(file.absolute())) for file in files], File, "path string").repartition(tasks)

    def task(rows: Iterator[File]) -> Iterator[Read]:
        return read(rows, reading)

    documents = graph.kept(mapped(listed, EXTRACTED, File, Read, task), "read")
    failures += [row["problem"] for row in here(documents.where("problem != ''").select("problem").sort("problem"))]
    if len(failures) == len(files):
        raise _NothingReadError
    return documents.where("problem = ''")


def _write(graph: Assembly, documents: "DataFrame", stage: Path, progress: Progress) -> tuple[dict[str, int], str]:
    """Resolve the documents and write everything into the folder `stage`; return the counts and the digest."""
    progress(RESOLVING, 0, 1)
    graph.resolve(documents, stage / "text")
    progress("Writing", 0, 3)
    digest = write_statements(graph, stage / _WORK / "digest", stage)
    progress("Writing", 1, 3)
    counts = write_tables(graph, stage)
    progress("Writing", 2, 3)
    write_warnings(graph, stage / "warnings")
    return counts, digest
