"""The graph sorted in files: Turtle, and N-Triples and N-Quads of graphs whose triples do not fit into memory.

Of the triples, only as many stand in memory as a run of the sorting holds; the rest lies in temporary
files beside the result.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.digest import DIGEST, by_value, digest_of_sorted
from graph.model import KnowledgeGraph
from graph.rdf import rows
from graph.row import Row, Statement
from graph.terms import Names, text
from output.files import replacing
from output.sorted_lines import SortedLines
from output.turtle_parts import TurtleParts

LARGE = 20_000
"""Claims and observations above which N-Triples and N-Quads are sorted in files."""


def is_large(kg: KnowledgeGraph) -> bool:
    """Return whether the graph's triples are better sorted in files."""
    return len(kg.claims) + len(kg.observations) > LARGE


def _line(statement: Statement) -> str:
    s, p, o = statement
    return f"{s} {p} {o} ."


def _digest_row(kg: KnowledgeGraph, lines: SortedLines) -> Row:
    """Return the triple that states the digest of the others, from their lines `by_value`."""
    found = digest_of_sorted((line + "\n").encode() for line in lines)
    return Row(Names(kg.base).entity("dataset"), DIGEST, text(found))


def stream_turtle(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph as RDF 1.1 Turtle; see `output.turtle.write_turtle`."""
    with workplace(path) as folder:
        parts = TurtleParts(kg.base, folder)
        for part in parts.fill(kg):
            parts.write(part)
        with replacing(path) as out:
            parts.join(out)


def stream_ntriples(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph as canonical N-Triples; see `output.rdffiles.write_ntriples`."""
    _stream_lines(kg, path, lambda row: _line(row[:3]))


def stream_nquads(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph as canonical N-Quads; see `output.rdffiles.write_nquads`."""
    names = Names(kg.base)
    graphs = {source.id: names.source(source.id) for source in kg.sources}

    def line(row: Row) -> str:
        return f"{row.subject} {row.predicate} {row.object} {graphs[row.doc]} ." if row.doc else _line(row[:3])

    _stream_lines(kg, path, line)


def _stream_lines(kg: KnowledgeGraph, path: Path, line: Callable[[Row], str]) -> None:
    with workplace(path) as folder:
        values, lines = SortedLines(folder), SortedLines(folder)
        for row in rows(kg):
            values.add(by_value(_line(row[:3])))
            lines.add(line(row))
        lines.add(line(_digest_row(kg, values)))
        with replacing(path) as out:
            out.writelines(f"{each}\n".encode() for each in lines)


@contextmanager
def workplace(path: Path) -> Iterator[Path]:
    """Give a folder beside the result for the files of the sorting."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent) as name:
        yield Path(name)
