"""What a build on Spark leaves behind: triples, quads, tables, warnings; each in numbered pieces."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from graph.digest import DIGEST, digest_of_sorted
from graph.row import Row
from graph.terms import text
from output.spark.assembly import Assembly, local
from output.spark.tables import TABLES
from output.spark.tasks import quads

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_CHUNK = 1 << 20
_QUAD = "concat(left(text, length(text) - 1), if(doc = '', '', concat(doc, ' ')), '.') AS line"
_MISFIT = "subject string, predicate string, object string, source string"
_LEFT_OUT = (
    "concat(source, ': left out ', predicate, ' between ', s.name, ' (', s.type, ') and ', o.name, ' (', o.type, "
    "'): not in the vocabulary') AS line"
)


def write_statements(graph: Assembly, work: Path, out: Path) -> str:
    """Write the graph as N-Triples and as N-Quads (gzip) into folders under `out`, and return its digest.

    Read one after the other, the pieces are the sorted lines that `output.rdffiles` writes. `work` is
    a new folder for what lies between.
    """
    lines = graph.of("quad")
    lines.select("key").distinct().sort("key").write.text(local(work))
    digest = digest_of_sorted(_chunks(work))
    row = Row(graph.names.entity("dataset"), DIGEST, text(digest))
    every = lines.union(graph.framed(quads([row], graph.names)))
    _write_lines(every.select("text").distinct().sort("text"), out / "ntriples", ".nt.gz")
    _write_lines(every.select("text", "doc").distinct().sort("text", "doc").selectExpr(_QUAD), out / "nquads", ".nq.gz")
    return digest


def write_tables(graph: Assembly, out: Path) -> dict[str, int]:
    """Write the tables as Parquet, each into a folder of its name under `out`; return the rows of each."""
    counts = {}
    for kind, (name, _) in TABLES.items():
        table = graph.table(kind)
        table.sort("id").write.parquet(local(out / name), compression="zstd")
        _tidy(out / name, ".parquet")
        counts[name] = graph.of(kind).count()
    return counts


def write_warnings(graph: Assembly, out: Path) -> None:
    """Write a sentence about everything that was left out, sorted, into the folder `out`."""
    from pyspark.sql import functions as f

    entities = graph.table("entity").select("id", "name", "type")
    misfits = graph.of("misfit").select(f.from_json("text", _MISFIT, {"mode": "FAILFAST"}).alias("row")).select("row.*")
    subjects, objects = entities.alias("s"), entities.alias("o")
    named = misfits.join(subjects, f.col("subject") == f.col("s.id")).join(objects, f.col("object") == f.col("o.id"))
    told = graph.of("warning").selectExpr("text AS line")
    _write_lines(told.union(named.selectExpr(_LEFT_OUT)).sort("line"), out, ".txt.gz")


def _write_lines(lines: "DataFrame", out: Path, suffix: str) -> None:
    lines.write.text(local(out), compression="gzip")
    _tidy(out, suffix)


def _tidy(folder: Path, suffix: str) -> None:
    """Give the pieces in a folder plain names, and remove what only Spark reads."""
    pieces = sorted(folder.glob("part-*"))
    for number, piece in enumerate(pieces):
        piece.rename(folder / f"part-{number:05}{suffix}")
    for other in (*folder.glob("_*"), *folder.glob(".*")):
        other.unlink()


def _chunks(folder: Path) -> Iterator[bytes]:
    for path in sorted(folder.glob("part-*")):
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk
