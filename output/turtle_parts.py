"""Turtle in parts by IRI, which processes that share a folder can sort and write one by one.

What is said of a subject at a time is one line of the part in which its IRI lies. Only so many
lines stand in memory as a run holds, while parts are filled and while one is sorted; the rest lies in
the folder.
"""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, NamedTuple

from graph.digest import DIGEST, digest_of_sorted, said_of
from graph.model import KnowledgeGraph
from graph.rdf import prefixes, said_rows, thing_rows
from graph.row import Row
from graph.terms import Names, text
from output.sorted_lines import SortedLines
from output.turtle_writer import Writer, place, written

_RUN = 16 * 2**20  # characters that stand in memory
# Folders that hold most of a graph; the names in them begin with a hexadecimal digit.
_LARGE = ("claim", "evidence", "mention", "observation", "position", "quote", "section")
_DIGITS = "123456789abcdef"  # those that begin with 0 are in the first part of a folder
_TOGETHER = 4096  # blocks of a stretch

_Said = tuple[str, set[str]]
"""A subject (IRI) with all that is said of it: predicates and objects in N-Triples."""


class _Block(NamedTuple):
    """Where a stretch of blocks of one class lies in the file of a part.

    They have a prefix in common; a block without a prefix stands alone, with its `name`.
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

    def __init__(self, base: str, folder: Path, run: int = _RUN) -> None:
        """Take the graph's base and the folder of the parts; processes that share it share the parts."""
        self._base, self._folder, self._run = base, folder, run
        self._own = Names(base).entity("dataset").value
        inside = [f"{base}{folder}/{digit}" for folder in _LARGE for digit in ("", *_DIGITS)]
        self._ends = sorted([*inside, self._own, f"{self._own}\U0010ffff"])
        self._lines: list[list[str]] = [[] for _ in range(len(self._ends) + 1)]
        self._size = 0
        self._last = self._part(self._own)
        self._parts: list[int] = []
        self._writer = Writer(prefixes(base))

    def fill(self, kg: KnowledgeGraph, ready: Callable[[int], None] | None = None) -> list[int]:
        """Take all that the graph, which has that base, says; return the numbers of the parts to be written, 0 to 255.

        Each is told to `ready` as soon as it is complete and lies in the folder, where any process can
        write it; without `ready`, what fits into a run stays in memory.
        """
        names = Names(self._base)
        self._take(thing_rows(kg, names))
        mentions = [self._part(f"{self._base}mention/{digit}") for digit in "0" + _DIGITS[:-1]]
        self._complete(mentions, ready)
        self._take(said_rows(kg, names))
        self._complete([part for part in range(len(self._lines)) if part not in mentions], ready)
        return sorted(self._parts)

    def write(self, part: int) -> None:
        """Sort a part and write its lines as the digest sees them, its blocks, and an index of these."""
        with self._file("blocks", part).open("wb") as file, self._file("said", part).open("wb") as said:
            blocks = _Blocks(self._writer, file)
            said.writelines(_as_closed(blocks.passed(self._said(part))))
            index = blocks.index()
        found = {"prefixes": sorted(self._writer.used), "blocks": index}
        self._file("index", part).write_text(json.dumps(found), encoding="utf-8")

    def join(self, out: BinaryIO) -> None:
        """Write the whole document when all parts are written."""
        last = [(iri, set(rests)) for iri, rests in self._said(self._last)]
        digest = digest_of_sorted(self._canonical_lines(sorted([*self._parts, self._last]), last))
        dict(last)[self._own].add(f"{DIGEST} {text(digest)}")
        with self._file("blocks", self._last).open("wb") as file:
            own = _Blocks(self._writer, file)
            for iri, rests in last:
                own.add(iri, rests)
            found = [(block, self._last) for block in own.index()]
        for part in self._parts:
            index = json.loads(self._file("index", part).read_text(encoding="utf-8"))
            self._writer.used.update(index["prefixes"])
            found += [(_Block(*block), part) for block in index["blocks"]]
        out.write(self._writer.head().encode())
        self._copy(sorted(found, key=lambda each: (place(each[0].group), each[0][1:3], each[1], each[0].start)), out)

    def _copy(self, blocks: Iterable[tuple[_Block, int]], out: BinaryIO) -> None:
        group = ""
        for part, together in groupby(blocks, key=itemgetter(1)):
            with self._file("blocks", part).open("rb") as file:
                for block, _ in together:
                    if block.group != group:
                        group = block.group
                        out.write(f"\n# {group}\n".encode())
                    file.seek(block.start)
                    out.write(file.read(block.length))

    def _canonical_lines(self, parts: Iterable[int], last: Iterable[_Said]) -> Iterator[bytes]:
        for part in parts:
            if part == self._last:
                yield from _as_closed((iri, said_of(f"<{iri}>", rests)) for iri, rests in last)
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

    def _said(self, part: int) -> Iterator[_Said]:
        """Yield each subject of a part once, in order, with all that its lines say."""
        lines = SortedLines(self._folder, self._run)
        for line in self._lines[part]:
            lines.add(line)
        self._lines[part] = []
        file = self._file("lines", part)
        if file.exists():
            with file.open(encoding="utf-8", newline="\n") as found:
                for line in found:
                    lines.add(line[:-1])
            file.unlink()
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


class _Blocks:
    """The blocks of subjects that come in order, written into a file in stretches of one class and prefix."""

    def __init__(self, writer: Writer, file: BinaryIO) -> None:
        self._writer, self._file = writer, file
        self._index: list[_Block] = []
        self._key = ("", "", "")
        self._held: list[str] = []
        self._start = 0

    def passed(self, said: Iterable[_Said]) -> Iterator[tuple[str, bytes]]:
        """Add the subjects, and yield the lines of each as the digest sees them."""
        for iri, rests in said:
            self.add(iri, rests)
            yield iri, said_of(f"<{iri}>", rests)

    def add(self, iri: str, rests: Iterable[str]) -> None:
        """Add the next subject."""
        name = self._writer.name(iri)
        group, block = written(name, [self._writer.entry(rest) for rest in rests])
        prefix = "" if name.startswith("<") else name.partition(":")[0]
        key = (group, prefix, "" if prefix else name)
        if key != self._key or len(self._held) >= _TOGETHER:
            self._flush()
            self._key = key
        self._held.append(f"\n{block}")

    def index(self) -> list[_Block]:
        """Return where all stretches lie."""
        self._flush()
        return self._index

    def _flush(self) -> None:
        if self._held:
            length = self._file.write("".join(self._held).encode())
            self._index.append(_Block(*self._key, self._start, length))
            self._start += length
            self._held = []


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
