"""The files of a build, written one after the other or by two processes.

The process beside begins with what needs no triples (of large graphs it has only the parts). The first
one puts the parts of the Turtle into a pipe as they become complete; both take them from it, and the
first one joins them. The files are the same either way.
"""

import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from extract.errors import PlankgError
from output.extractions import Extractions
from output.part_queue import ENDED, PartQueue
from output.processes import forking, go_on, may_fork

if TYPE_CHECKING:
    from extract.extraction import Extraction
    from graph.model import KnowledgeGraph

# Claims and figures of graphs that two processes write: fewer are not worth it; of more than the second number, the
# process beside does not hold the graph, which then would stand in memory twice.
_WORTH_A_PROCESS, _LARGE = 500, 100_000
_TURTLE, _PAGE = "graph.ttl", "network.html"
Step = tuple[str, Callable[[Path], None]]
"""The name of a file or folder, and what writes it."""
Progress = Callable[[str, int, int], None]


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

    def triples(self) -> list[Step]:
        """Return the steps that need triples."""
        from output.turtle import write_turtle

        return [(_TURTLE, lambda path: write_turtle(self.kg, path)), self.page()]

    def page(self, values: Callable[[], str] | None = None) -> Step:
        """Return the step that writes the page beside the Turtle; `values`, if given, are those of `page_values`."""
        from output.page import write_page

        return _PAGE, lambda path: write_page(self.kg, path, turtle=path.with_name(_TURTLE), values=values)

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


def write_files(files: Files, stage: Path, progress: Progress, jobs: int) -> None:
    """Write all files into the folder `stage`, with two processes if `jobs` allows it and it pays.

    Raises:
        OSError: a file cannot be written.
        PlankgError: the process beside was ended from outside.
    """
    size = len(files.kg.claims) + len(files.kg.observations)
    if jobs > 1 and size >= _WORTH_A_PROCESS and may_fork():
        (_write_large if size > _LARGE else _write_beside)(files, stage, progress)
        return
    steps = [*files.plain(), *files.triples()]
    _write(steps, stage, progress, len(steps))


def _write(steps: Sequence[Step], stage: Path, progress: Progress, total: int) -> None:
    """Write the last of all steps."""
    for done, (name, write) in enumerate(steps, total - len(steps)):
        progress(f"Writing {name}", done, total)
        write(stage / name)
    progress("Writing files", total, total)


def _write_beside(files: Files, stage: Path, progress: Progress) -> None:
    """Write all files with a forked process beside, which sees the graph."""
    from output.files import replacing
    from output.page import page_values
    from output.streaming import workplace
    from output.turtle_parts import TurtleParts

    steps = files.plain()
    total = len(steps) + 2
    with workplace(stage / _TURTLE) as folder:
        parts = TurtleParts(files.kg.base, folder)

        def help_out(queue: PartQueue) -> str:
            for name, write in steps:
                write(stage / name)
            values = page_values(files.kg)
            for part in queue.taken():
                parts.write(part)
            return values

        with _beside(help_out) as other:
            progress(f"Writing {_TURTLE}", len(steps), total)
            parts.fill(files.kg, other.queue.put)
            other.queue.put_no_more()
            for part in other.queue.taken():
                parts.write(part)
            values = other.answer()
        with replacing(stage / _TURTLE) as out:
            parts.join(out)
    _write([files.page(lambda: values)], stage, progress, total)


def _write_large(files: Files, stage: Path, progress: Progress) -> None:
    """Write all files with a process beside that sees nothing but the parts of the Turtle."""
    from output.files import replacing
    from output.part_worker import part_worker
    from output.streaming import workplace
    from output.turtle_parts import TurtleParts

    steps = files.plain()
    total = len(steps) + 2
    queue = PartQueue()
    try:
        with workplace(stage / _TURTLE) as folder:
            parts = TurtleParts(files.kg.base, folder)
            with part_worker(folder, files.kg.base, queue):
                progress(f"Writing {_TURTLE}", 0, total)
                parts.fill(files.kg, queue.put)
                queue.put_no_more()
                for done, (name, write) in enumerate(steps, 1):
                    progress(f"Writing {name}", done, total)
                    write(stage / name)
                for part in queue.taken():
                    parts.write(part)
            with replacing(stage / _TURTLE) as out:
                parts.join(out)
    finally:
        queue.close()
    _write([files.page()], stage, progress, total)


@dataclass(frozen=True)
class _Other:
    """A process beside, as the first one sees it."""

    queue: PartQueue
    receiver: Connection

    def answer(self) -> str:
        """Wait until it has done its work; return what that gave.

        Raises what made it fail, or PlankgError when it was ended from outside.
        """
        try:
            answer = self.receiver.recv()
        except EOFError:
            raise PlankgError(ENDED) from None
        if isinstance(answer, BaseException):
            raise answer
        return str(answer)


@contextmanager
def _beside(work: Callable[[PartQueue], str]) -> Iterator[_Other]:
    """Do some work in a process beside, with numbers of parts that come while it goes on."""
    forked = multiprocessing.get_context("fork")
    queue = PartQueue()
    receiver, sender = forked.Pipe(duplex=False)
    # It keeps the claim on the folder: should this process be killed, no other build comes before its end.
    child = forked.Process(target=_help, args=(work, queue, sender))
    with forking():
        child.start()
    sender.close()
    try:
        yield _Other(queue, receiver)
    except BaseException:
        child.terminate()
        raise
    finally:
        queue.close()
        child.join()
        receiver.close()


def _help(work: Callable[[PartQueue], str], queue: PartQueue, sender: Connection) -> None:
    """Do the work, and send what it gave or the reason why it failed; end without a trace on the terminal."""
    go_on()
    queue.put_no_more()
    try:
        answer: object = work(queue)
    except BaseException as error:
        answer = error
    try:
        sender.send(answer)
    except OSError:  # the first process has ended, or given up
        sys.exit(1)
