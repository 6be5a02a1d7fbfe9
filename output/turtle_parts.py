"""Turtle in parts by IRI, which processes that share a folder can sort and write one by one.

What is said of a subject at a time is one line of the part in which its IRI lies. Only so many
lines stand in memory as a run holds; the rest lies in the folder.
"""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from graph.digest import DIGEST, digest_of_sorted, said_of
from graph.model import KnowledgeGraph
from graph.rdf import prefixes, said_rows, thing_rows
from graph.row import Row
from graph.terms import Names, text
from output.turtle_writer import Writer, place, written

_RUN = 16 * 2**20  # characters that stand in memory
# Folders that hold most of a graph; the names in them begin with a hexadecimal digit.
_LARGE = ("claim", "evidence", "mention", "observation", "position", "quote", "section")
_DIGITS = "123456789abcdef"  # those that begin with 0 are in the first part of a folder

_Said = list[tuple[str, set[str]]]
"""Subjects (IRIs) in order with all that is said of each: predicates and objects in N-Triples."""


class _Block(NamedTuple):
    """Where blocks of one class lie in the file of a part.

    Those that have a prefix in common follow each other; one without a prefix stands alone, with its `name`.
    """

    group: str
    prefix: str
    name: str
    start: int
    length: int


class TurtleParts:
    """The Turtle of one graph in the making: filled with lines, written part by part, joined.

    No subject of ours is the beginning of an IRI at which a part ends, so that each part can be
    sorted alone; but that of the dataset, of which the digest is said, is written when all others are.
    """

    def __init__(self, kg: KnowledgeGraph, folder: Path, run: int = _RUN) -> None:
        self._kg, self._folder, self._run = kg, folder, run
        self._own = Names(kg.base).entity("dataset").value
        inside = [f"{kg.base}{folder}/{digit}" for folder in _LARGE for digit in ("", *_DIGITS)]
        self._ends = sorted([*inside, self._own, f"{self._own}\U0010ffff"])
        self._lines: list[list[str]] = [[] for _ in range(len(self._ends) + 1)]
        self._size = 0
        self._last = self._part(self._own)
        self._parts: list[int] = []
        self._writer = Writer(prefixes(kg.base))

    def fill(self, ready: Callable[[int], None] | None = None) -> list[int]:
        """Take all that the graph says; return the numbers of the parts to be written, 0 to 255.

        Each is told to `ready` as soon as it is complete and lies in the folder, where any process can
        write it; without `ready`, what fits into a run stays in memory.
        """
        names = Names(self._kg.base)
        self._take(thing_rows(self._kg, names))
        mentions = [self._part(f"{self._kg.base}mention/{digit}") for digit in "0" + _DIGITS[:-1]]
        self._complete(mentions, ready)
        self._take(said_rows(self._kg, names))
        self._complete([part for part in range(len(self._lines)) if part not in mentions], ready)
        return sorted(self._parts)

    def write(self, part: int) -> None:
        """Sort a part and write its lines as the digest sees them, its blocks, and an index of these."""
        said = self._said(part)
        self._file("said", part).write_bytes(b"".join(_canonical(said)))
        with self._file("blocks", part).open("wb") as file:
            index = list(self._blocks(said, file))
        found = {"prefixes": sorted(self._writer.used), "blocks": index}
        self._file("index", part).write_text(json.dumps(found), encoding="utf-8")

    def join(self, out: BinaryIO) -> None:
        """Write the whole document when all parts are written."""
        parts = sorted([*self._parts, self._last])
        said = self._said(self._last)
        digest = digest_of_sorted(self._canonical_lines(parts, said))
        dict(said)[self._own].add(f"{DIGEST} {text(digest)}")
        with self._file("blocks", self._last).open("wb") as file:
            blocks = [(block, self._last) for block in self._blocks(said, file)]
        for part in self._parts:
            found = json.loads(self._file("index", part).read_text(encoding="utf-8"))
            self._writer.used.update(found["prefixes"])
            blocks += [(_Block(*block), part) for block in found["blocks"]]
        out.write(self._writer.head().encode())
        self._copy(sorted(blocks, key=lambda found: (place(found[0].group), found[0][1:3], found[1])), out)

    def _copy(self, blocks: Iterable[tuple[_Block, int]], out: BinaryIO) -> None:
        group = ""
        for block, part in blocks:
            if block.group != group:
                group = block.group
                out.write(f"\n# {group}\n".encode())
            with self._file("blocks", part).open("rb") as file:
                file.seek(block.start)
                out.write(file.read(block.length))

    def _canonical_lines(self, parts: Iterable[int], last: _Said) -> Iterator[bytes]:
        for part in parts:
            if part == self._last:
                yield from _canonical(last)
            else:
                yield self._file("said", part).read_bytes()

    def _part(self, iri: str) -> int:
        return bisect_right(self._ends, iri)

    def _file(self, kind: str, part: int) -> Path:
        return self._folder / f"{kind}-{part}"

    def _take(self, found: Iterable[Row]) -> None:
        lines, ends = self._lines, self._ends
        for iri, rests in _stretches(found):
            line = "\t".join((iri, *rests))
            lines[bisect_right(ends, iri)].append(line)
            self._size += len(line)
            if self._size >= self._run:
                for part in range(len(lines)):
                    self._spill(part)
                self._size = 0

    def _spill(self, part: int) -> None:
        if self._lines[part]:
            with self._file("lines", part).open("a", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{line}\n" for line in self._lines[part])
            self._lines[part] = []

    def _complete(self, parts: Iterable[int], ready: Callable[[int], None] | None) -> None:
        for part in parts:
            if part != self._last and (self._lines[part] or self._file("lines", part).exists()):
                self._parts.append(part)
                if ready:
                    self._spill(part)
                    ready(part)

    def _said(self, part: int) -> _Said:
        said = defaultdict[str, set[str]](set)
        for line in self._lines[part]:
            iri, *rests = line.split("\t")
            said[iri].update(rests)
        self._lines[part] = []
        file = self._file("lines", part)
        if file.exists():
            with file.open(encoding="utf-8", newline="\n") as lines:
                for line in lines:
                    iri, *rests = line[:-1].split("\t")
                    said[iri].update(rests)
        return sorted(said.items())

    def _blocks(self, said: _Said, file: BinaryIO) -> Iterator[_Block]:
        """Write the blocks of sorted subjects; yield where they lie."""
        together = defaultdict[tuple[str, str, str], list[str]](list)
        for iri, rests in said:
            name = self._writer.name(iri)
            group, block = written(name, [self._writer.entry(rest) for rest in rests])
            prefix = "" if name.startswith("<") else name.partition(":")[0]
            together[group, prefix, "" if prefix else name].append(block)
        start = 0
        for key in together:
            length = file.write("".join(f"\n{block}" for block in together[key]).encode())
            yield _Block(*key, start, length)
            start += length


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


def _canonical(said: _Said) -> Iterator[bytes]:
    """Yield the sorted lines of N-Triples of each subject, as the digest sees them."""
    return _as_closed((iri, said_of(f"<{iri}>", rests)) for iri, rests in said)


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
