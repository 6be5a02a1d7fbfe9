"""Lines of text sorted in memory and, where they are too many, in files."""

import heapq
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

_RUN = 16 * 2**20  # characters that are sorted in memory
_AT_ONCE = 100  # files that are open together


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
