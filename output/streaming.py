"""Turtle, N-Triples and N-Quads of graphs whose triples do not fit into memory: sorted in files.

The bytes are those of `output.turtle` and `output.rdffiles`. Of the triples, only as many stand in
memory as a run of the sorting holds; the rest lies in temporary files beside the result.
"""

import heapq
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from graph.digest import DIGEST, by_value, digest_of_sorted
from graph.model import KnowledgeGraph
from graph.rdf import prefixes, rows
from graph.row import Row, Statement
from graph.terms import Names, text
from output.files import replacing
from output.turtle import Writer, place, written

LARGE = 20_000
"""Claims and observations above which a graph is written from files."""

_RUN = 16 * 2**20  # characters that are sorted in memory
_AT_ONCE = 100  # files that are open together


def is_large(kg: KnowledgeGraph) -> bool:
    """Return whether the graph's triples are better sorted in files."""
    return len(kg.claims) + len(kg.observations) > LARGE


class SortedLines:
    """Distinct lines of text in order of their code points, however many; they hold no line feed.

    >>> with tempfile.TemporaryDirectory() as folder:
    ...     lines = SortedLines(Path(folder), run=4)
    ...     for line in ("b", "c", "a", "b"):
    ...         lines.add(line)
    ...     list(lines)
    ['a', 'b', 'c']
    """

    def __init__(self, folder: Path, run: int = _RUN) -> None:
        self._folder, self._run = folder, run
        self._held: list[str] = []
        self._size = 0
        self._files: list[Path] = []

    def add(self, line: str) -> None:
        """Add a line."""
        self._held.append(line)
        self._size += len(line)
        if self._size >= self._run:
            self._spill(sorted(set(self._held)))
            self._held, self._size = [], 0
            if len(self._files) >= _AT_ONCE:
                merged, self._files = self._files, []
                self._spill(self._merged(merged))
                for path in merged:
                    path.unlink()

    def _spill(self, lines: Iterable[str]) -> None:
        with tempfile.NamedTemporaryFile("w", dir=self._folder, delete=False, encoding="utf-8", newline="\n") as file:
            file.writelines(line + "\n" for line in lines)
        self._files.append(Path(file.name))

    def _merged(self, files: Iterable[Path], more: Iterable[str] = ()) -> Iterator[str]:
        with ExitStack() as stack:
            opened = [stack.enter_context(path.open(encoding="utf-8", newline="\n")) for path in files]
            lines = heapq.merge(*((line[:-1] for line in file) for file in opened), more)
            yield from (line for line, _ in groupby(lines))

    def __iter__(self) -> Iterator[str]:
        """Yield the lines."""
        return self._merged(self._files, sorted(set(self._held)))


def _line(statement: Statement) -> str:
    s, p, o = statement
    return f"{s} {p} {o} ."


def _digest_row(kg: KnowledgeGraph, lines: SortedLines) -> Row:
    """Return the triple that states the digest of the others, from their lines `by_value`."""
    found = digest_of_sorted((line + "\n").encode() for line in lines)
    return Row(Names(kg.base).entity("dataset"), DIGEST, text(found))


@contextmanager
def streamed_statements(kg: KnowledgeGraph, path: Path) -> Iterator[Iterator[Statement]]:
    """Give the statements of `graph.rdf.statements` one after the other; their lines lie in files beside `path`."""
    with _workplace(path) as folder:
        yield _distinct(kg, SortedLines(folder))


def _distinct(kg: KnowledgeGraph, lines: SortedLines) -> Iterator[Statement]:
    seen: set[bytes] = set()  # of each line 16 bytes in its stead
    for row in rows(kg):
        line = _line(row[:3])
        mark = blake2b(line.encode(), digest_size=16).digest()
        if mark not in seen:
            seen.add(mark)
            lines.add(by_value(line))
            yield row[:3]
    yield _digest_row(kg, lines)[:3]


def stream_turtle(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph as RDF 1.1 Turtle; see `output.turtle.write_turtle`."""
    writer = Writer(prefixes(kg.base))
    with _workplace(path) as folder, ExitStack() as stack:
        lines, about = SortedLines(folder), SortedLines(folder)
        for row in rows(kg):
            lines.add(by_value(_line(row[:3])))
            about.add("\t".join(writer.entry(row[:3])))
        about.add("\t".join(writer.entry(_digest_row(kg, lines)[:3])))
        groups: dict[str, BinaryIO] = {}
        for subject, entries in groupby((entry.split("\t", 2) for entry in about), key=itemgetter(0)):
            group, block = written(subject, [(key, value) for _, key, value in entries])
            if group not in groups:
                groups[group] = stack.enter_context((folder / f"group-{len(groups)}").open("w+b"))
                groups[group].write(f"# {group}\n".encode())
            groups[group].write(f"\n{block}".encode())
        with replacing(path) as out:
            out.write(writer.head().encode())
            for group in sorted(groups, key=place):
                out.write(b"\n")
                groups[group].seek(0)
                shutil.copyfileobj(groups[group], out)


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
    with _workplace(path) as folder:
        values, lines = SortedLines(folder), SortedLines(folder)
        for row in rows(kg):
            values.add(by_value(_line(row[:3])))
            lines.add(line(row))
        lines.add(line(_digest_row(kg, values)))
        with replacing(path) as out:
            out.writelines(f"{each}\n".encode() for each in lines)


@contextmanager
def _workplace(path: Path) -> Iterator[Path]:
    """Give a folder beside the result for the files of the sorting."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent) as name:
        yield Path(name)
