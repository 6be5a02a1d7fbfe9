"""Canonical text of a document that is not a text file: headings, paragraphs, tables, page starts.

The marks are those that `extract.layout` reads in text files anyway: Markdown headings, `**bold**`,
and pipe tables in which a merged cell stands once, at its top left, and is empty elsewhere.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from extract.formats.limits import MAX_CHARACTERS, MAX_TABLE_CELLS

_MAX_HEADING = 120
"""Characters; what is longer is prose in a heading's style."""


class OverLimitError(Exception):
    """A limit of `extract.formats.limits` is passed; the message says which."""


class DamagedError(Exception):
    """The bytes are no readable file of their format; the message says why and what to do."""


class TextWriter:
    """Collects the canonical text block by block.

    Blocks are parted by an empty line. `pages` holds the offset of each page's first character.
    """

    def __init__(self) -> None:
        self.pages: list[int] = []
        self._parts: list[str] = []
        self._length = 0
        self._gap = ""

    @property
    def text(self) -> str:
        """The text so far, ending with a line end when there is any."""
        return "".join(self._parts) + ("\n" if self._parts else "")

    def heading(self, level: int, text: str) -> None:
        """Write a heading of level 1-6; what is too long for one becomes a paragraph."""
        line = " ".join(text.split())
        if line and len(line) <= _MAX_HEADING:
            self.block("#" * min(max(level, 1), 6) + " " + line)
        else:
            self.block(text)

    def block(self, text: str) -> None:
        """Write one paragraph, list entry or table; blank ones are left out."""
        text = text.strip("\n\r\t \u3000")
        if text:
            self.add(text)
            self.end()

    def add(self, text: str) -> None:
        """Write text into the current block."""
        if text:
            self._length += len(self._gap) + len(text)
            if self._length > MAX_CHARACTERS:
                raise OverLimitError(f"holds more than {MAX_CHARACTERS:,} characters; split it")
            self._parts += (self._gap, text)
            self._gap = ""

    def end(self) -> None:
        """End the current block."""
        self._gap = "\n\n" if self._parts else ""

    def page(self) -> None:
        """Note that a page begins with what is written next."""
        self.pages.append(self._length + len(self._gap))


def marked(runs: Iterable[tuple[str, bool]]) -> str:
    """Return the runs `(text, bold)` as one string with `**` around bold stretches.

    White space at the edges of a bold stretch stays outside the marks, as Markdown wants it.

    >>> marked([("一、", True), ("项目 ", True), ("建设水库。", False)])
    '**一、项目** 建设水库。'
    """
    parts: list[str] = []
    for bold, group in groupby((run for run in runs if run[0]), key=lambda run: run[1]):
        text = "".join(part for part, _ in group)
        core = text.strip()
        if not bold or not core:
            parts.append(text)
            continue
        start = text.index(core)
        lines = "\n".join(f"**{line.strip()}**" if line.strip() else "" for line in core.split("\n"))
        parts += (text[:start], lines, text[start + len(core) :])
    return "".join(parts)


def pipe_table(rows: Sequence[Sequence[Sequence[str]]]) -> str:
    """Return rows of cells, each a sequence of paragraphs, as a Markdown pipe table.

    Rows without text are left out, shorter ones are filled up. A table of one column is a frame
    around prose (mostly a project box): its paragraphs are kept apart by `<p>`; elsewhere they
    are parted by `<br>`. A bar in a cell becomes a full-width one.

    >>> print(pipe_table([[["指标"], ["2025年"]], [["增长", "(%)"], ["6"]]]))
    | 指标 | 2025年 |
    |---|---|
    | 增长<br>(%) | 6 |
    """
    return "\n".join(pipe_lines([row for row in rows if any(any(map(str.strip, cell)) for cell in row)]))


def pipe_lines(rows: Sequence[Sequence[Sequence[str]]]) -> list[str]:
    """Return a line for each row, as `pipe_table` does; the first also holds the rule below it."""
    width = max(map(len, rows), default=0)
    if width * len(rows) > MAX_TABLE_CELLS:
        raise OverLimitError(f"holds a table of more than {MAX_TABLE_CELLS:,} cells")
    lines = [_line([_cell(cell, frame=width == 1) for cell in row], width) for row in rows]
    if lines:
        lines[0] += "\n|" + "---|" * width
    return lines


def _line(cells: list[str], width: int) -> str:
    cells += [""] * (width - len(cells))
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


def _cell(paragraphs: Sequence[str], *, frame: bool) -> str:
    clean = [" ".join(text.replace("|", "｜").split()) for text in paragraphs]
    clean = [text for text in clean if text]
    if frame and len(clean) > 1:
        return " ".join(f"<p>{text}</p>" for text in clean)
    return "<br>".join(clean)
