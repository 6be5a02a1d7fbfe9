"""The files of a build, written one after the other or, by two processes, two at a time.

The process beside writes what needs no triples, and sends the page's values to the first one, which
writes the triples and the page. The files are the same either way.
"""

import multiprocessing
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from extract.errors import PlankgError
from output.extractions import Extractions
from output.processes import forking, go_on, may_fork

if TYPE_CHECKING:
    from extract.extraction import Extraction
    from graph.model import KnowledgeGraph

# Claims and figures of graphs that two processes write: fewer are not worth it, more would stand in memory twice.
_WORTH_A_PROCESS, _TOO_LARGE = 500, 100_000
Step = tuple[str, Callable[[Path], None]]
"""The name of a file or folder, and what writes it."""


@dataclass(frozen=True)
class Files:
    """The files of a graph and of what its documents say; the page is given those that are written."""

    kg: "KnowledgeGraph"
    extractions: Sequence["Extraction"]

    def plain(self) -> list[Step]:
        """Return the steps that need no triples."""
        from output.snapshot import GRAPH_FILE, TEXT_FOLDER, write_snapshot
        from output.tabular import write_claims, write_entities, write_observations

        return [
            (TEXT_FOLDER, self._write_texts),
            (GRAPH_FILE, lambda path: write_snapshot(self.kg, path)),
            ("records.jsonl", self._write_records),
            ("entities.csv", lambda path: write_entities(self.kg, path)),
            ("claims.csv", lambda path: write_claims(self.kg, path)),
            ("observations.csv", lambda path: write_observations(self.kg, path)),
        ]

    def triples(self, values: Callable[[], str] | None = None) -> list[Step]:
        """Return the steps that need triples; `values` gives those of the page, if they are made elsewhere."""
        from output.page import write_page
        from output.turtle import write_turtle

        name = "graph.ttl"
        return [
            (name, lambda path: write_turtle(self.kg, path)),
            ("network.html", lambda path: write_page(self.kg, path, turtle=path.with_name(name), values=values)),
        ]

    def _write_records(self, path: Path) -> None:
        from extract.records import records, to_line
        from output.files import replacing

        said = self.extractions
        documents = said.documents() if isinstance(said, Extractions) else [one.document for one in said]
        order = sorted(range(len(documents)), key=lambda number: documents[number].id)
        with replacing(path) as file:
            file.writelines(f"{to_line(record)}\n".encode() for number in order for record in records(said[number]))

    def _write_texts(self, path: Path) -> None:
        from output.files import write_text

        path.mkdir()
        for source in self.kg.sources:
            write_text(path / source.file, source.raw)


def write_files(files: Files, stage: Path, progress: Callable[[str, int, int], None], jobs: int) -> None:
    """Write all files into the folder `stage`, with two processes if `jobs` allows it and it pays.

    Raises:
        OSError: a file cannot be written.
        PlankgError: the process beside was ended from outside.
    """
    size = len(files.kg.claims) + len(files.kg.observations)
    if jobs > 1 and _WORTH_A_PROCESS <= size <= _TOO_LARGE and may_fork():
        _write_beside(files, stage, progress)
        return
    steps = [*files.plain(), *files.triples()]
    _write(steps, stage, progress, len(steps))


def _write(steps: Sequence[Step], stage: Path, progress: Callable[[str, int, int], None], total: int) -> None:
    for done, (name, write) in enumerate(steps, total - len(steps)):
        progress(f"Writing {name}", done, total)
        write(stage / name)
    progress("Writing files", total, total)


def _write_beside(files: Files, stage: Path, progress: Callable[[str, int, int], None]) -> None:
    forked = multiprocessing.get_context("fork")
    receiver, sender = forked.Pipe(duplex=False)
    plain = files.plain()
    # It keeps the claim on the folder: should this process be killed, no other build comes before its end.
    child = forked.Process(target=_beside, args=(files, plain, stage, sender))
    with forking():
        child.start()
    sender.close()
    try:
        steps = files.triples(lambda: _received(receiver))
        _write(steps, stage, progress, len(plain) + len(steps))
    except BaseException:
        child.terminate()
        raise
    finally:
        child.join()
        receiver.close()


def _beside(files: Files, plain: Sequence[Step], stage: Path, sender: Connection) -> None:
    """Write the steps and send the page's values, or the reason why it failed; end without a trace on the terminal."""
    from output.page import page_values

    go_on()
    try:
        for name, write in plain:
            write(stage / name)
        answer: object = page_values(files.kg)
    except BaseException as error:
        answer = error
    try:
        sender.send(answer)
    except OSError:  # the first process has ended, or given up
        sys.exit(1)


def _received(receiver: Connection) -> str:
    try:
        answer = receiver.recv()
    except EOFError:
        raise PlankgError(
            "a process that writes was ended from outside, perhaps for lack of memory; try again with --jobs 1"
        ) from None
    if isinstance(answer, BaseException):
        raise answer
    return str(answer)
