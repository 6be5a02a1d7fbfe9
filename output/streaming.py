"""The graph sorted in files: Turtle, and N-Triples and N-Quads of graphs whose triples do not fit into memory.

Of the triples, only as many stand in memory as a run of the sorting holds; the rest lies in temporary
files beside the result. Turtle needs no sorting of single triples: what is said of a subject at a time
is one line.
"""

import heapq
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby
from pathlib import Path
from typing import BinaryIO

from graph.digest import DIGEST, by_value, digest_of_sorted, said_of
from graph.model import KnowledgeGraph
from graph.rdf import prefixes, rows
from graph.row import Row, Statement
from graph.terms import Names, text
from output.files import replacing
from output.turtle_writer import Writer, place, written

LARGE = 20_000
"""Claims and observations above which N-Triples and N-Quads are sorted in files."""

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


def stream_turtle(kg: KnowledgeGraph, path: Path) -> None:
    """Write the graph as RDF 1.1 Turtle; see `output.turtle.write_turtle`."""
    own = Names(kg.base).entity("dataset").value
    with _workplace(path) as folder, ExitStack() as stack:
        lines = SortedLines(folder)
        for iri, rests in _stretches(rows(kg)):
            lines.add("\t".join((iri, *rests)))
        blocks = _Blocks(Writer(prefixes(kg.base)), folder, stack)

        def canonical() -> Iterator[tuple[str, bytes]]:
            for iri, said in _subjects(lines):
                blocks.add(iri, said, last=iri == own)
                yield iri, said_of(f"<{iri}>", said)

        digest = digest_of_sorted(_as_closed(canonical()))
        with replacing(path) as out:
            blocks.copy(out, f"{DIGEST} {text(digest)}")


def _stretches(found: Iterable[Row]) -> Iterator[tuple[str, list[str]]]:
    """Yield what rows that follow each other say of one subject (IRI); it may come again.

    What is said is predicate and object in N-Triples.
    """
    shown: dict[int, str] = {}
    alive = []  # an id is only good while its object lives
    subject, rests = None, list[str]()
    for row in found:
        if row[0] is not subject:
            if subject is not None:
                yield subject.value, rests
            subject, rests = row[0], []
        name = shown.get(id(row[1]))
        if name is None:
            alive.append(row[1])
            name = shown[id(row[1])] = str(row[1])
        rests.append(f"{name} {row[2]}")
    if subject is not None:
        yield subject.value, rests


def _subjects(lines: Iterable[str]) -> Iterator[tuple[str, set[str]]]:
    """Yield each subject once with all that its lines say."""
    subject, said = "", set[str]()
    for line in lines:
        iri, *rests = line.split("\t")
        if iri != subject:
            if said:
                yield subject, said
            subject, said = iri, set()
        said.update(rests)
    if said:
        yield subject, said


def _as_closed(found: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """Yield the texts of sorted IRIs in the order that the IRIs have when each is followed by ">".

    >>> list(_as_closed([("a", b"a"), ("a1", b"a1"), ("a12", b"a12"), ("ab", b"ab")]))
    [b'a12', b'a1', b'a', b'ab']
    """
    waiting: list[tuple[str, bytes]] = []
    for iri, content in found:
        while waiting and not (iri.startswith(waiting[-1][0]) and iri[len(waiting[-1][0])] < ">"):
            yield waiting.pop()[1]
        waiting.append((iri, content))
    yield from (content for _, content in reversed(waiting))


class _Blocks:
    """The blocks of subjects that come sorted by IRI, in files by class and prefix.

    Of names that no prefix fits, and these are few, the blocks stand in memory. One subject, of which a
    last thing is said when all others are known, leaves room between two files.
    """

    def __init__(self, writer: Writer, folder: Path, stack: ExitStack) -> None:
        self._writer, self._folder, self._stack = writer, folder, stack
        self._files: dict[tuple[str, str], list[BinaryIO]] = {}
        self._in_full: dict[str, dict[str, set[str]]] = {}
        self._last: tuple[str, set[str], BinaryIO | None] = ("", set(), None)

    def add(self, iri: str, said: set[str], *, last: bool) -> None:
        """Take the next subject; of the `last` one, more will be said."""
        name = self._writer.name(iri)
        group, block = self._written(name, said)
        if name.startswith("<"):
            self._in_full.setdefault(group, {})[name] = said
            if last:
                self._last = (name, said, None)
            return
        files = self._files.setdefault((group, name.partition(":")[0]), [])
        if not files:
            self._open(files)
        if last:
            self._last = (name, said, self._open(files))
            self._open(files)
        else:
            files[-1].write(f"\n{block}".encode())

    def copy(self, out: BinaryIO, more: str) -> None:
        """Write the whole document, with `more` about the last subject."""
        name, said, room = self._last
        said.add(more)
        if room:
            room.write(f"\n{self._written(name, said)[1]}".encode())
        out.write(self._writer.head().encode())
        groups = {group for group, _ in self._files} | self._in_full.keys()
        for group in sorted(groups, key=place):
            out.write(f"\n# {group}\n".encode())
            for name, said in sorted(self._in_full.get(group, {}).items()):
                out.write(f"\n{self._written(name, said)[1]}".encode())
            for each in sorted(key for key in self._files if key[0] == group):
                for file in self._files[each]:
                    file.seek(0)
                    shutil.copyfileobj(file, out)

    def _written(self, name: str, said: Iterable[str]) -> tuple[str, str]:
        return written(name, [self._writer.entry(rest) for rest in said])

    def _open(self, files: list[BinaryIO]) -> BinaryIO:
        number = sum(map(len, self._files.values()))
        files.append(self._stack.enter_context((self._folder / f"blocks-{number}").open("w+b")))
        return files[-1]


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
