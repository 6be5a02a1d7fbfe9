"""Lines into blocks: headings, paragraphs (joined across page breaks), box titles, tables, notes."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from extract.boxes import box_title
from extract.clean import Clean, join
from extract.grid import Grid
from extract.headings import Mark, Style, is_heading, is_plain_title, read_mark, run_in_title
from extract.lines import Line

_TERMINAL = re.compile(r"[。！？!?：:…](?:[”’」』）)\]】]*)$|(?<!\d)\.$")
_OPEN_END = ("，", ",", "、", "（", "(", "“", "《", "—", "-", "－")
_NOTE = re.compile(r"(?:注|备注|说明|资料来源|数据来源)[：:]")
_CAPTION = re.compile(r"(?:附?表|图)[\d一二三四五六七八九十]{1,3}(?:[-—–.．]\d{1,3})?[：:、]?\S")
_LIST_OPENING = re.compile(
    r"[一二三四五六七八九十]是|[·•●◆■▪]|——|“[^”]{1,12}”即|\d{4}年[：:]|注[：:]|第\d{1,3}条|各位[\u4e00-\u9fff]{2,4}[：:！]|同志们[：:！]"
)
_PUNCTUATED = re.compile(r"[。！？]")


class Kind(Enum):
    """What a block is."""

    HEADING = auto()
    PARAGRAPH = auto()
    BOX = auto()
    CAPTION = auto()
    TABLE = auto()
    NOTE = auto()


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its kind, its clean content, and what the kind needs besides.

    `title` is where a heading's or box's title begins in the clean text; for a run-in heading
    (`run_in` > 0) the paragraph's first `run_in` characters are number and title.
    """

    kind: Kind
    content: Clean
    start: int
    end: int
    mark: Mark | None = None
    title: int = 0
    run_in: int = 0
    grid: Grid | None = None


def blocks(raw: str, lines: Sequence[Line], grids: Sequence[Grid]) -> list[Block]:
    """Return the blocks of the document body; `lines` are those outside tables and furniture."""
    grouper = _Grouper(raw, lines, grids)
    return grouper.run()


class _Grouper:
    """Walks over lines and tables in document order and closes a paragraph when a new one begins."""

    def __init__(self, raw: str, lines: Sequence[Line], grids: Sequence[Grid]) -> None:
        self.raw = raw
        self.lines = lines
        self.grids = grids
        self.found: list[Block] = []
        self.open: list[Line] = []
        self.gaps_part = sum(line.gap for line in lines) * 5 < len(lines)
        self.table_starts = [grid.start for grid in grids]
        # Where hardly any line ends in a full stop (they were lost), every line is a sentence.
        stops = sum(1 for line in lines if _PUNCTUATED.search(line.clean))
        self.punctuated = stops * 10 >= sum(1 for line in lines if len(line.clean) > 40)

    def run(self) -> list[Block]:
        tables = iter(self.grids)
        grid = next(tables, None)
        for index, line in enumerate(self.lines):
            while grid is not None and grid.start < line.start:
                self._table(grid)
                grid = next(tables, None)
            self._line(index, line)
        while grid is not None:
            self._table(grid)
            grid = next(tables, None)
        self._close()
        return self.found

    def _table(self, grid: Grid) -> None:
        self._close()
        texts = list(grid.texts())
        start, end = texts[0].span.start, max(text.span.end for text in texts)
        self.found.append(Block(Kind.TABLE, Clean(texts[0]), start, end, grid=grid))

    def _line(self, index: int, line: Line) -> None:
        block = self._title_block(index, line)
        if block is not None:
            self._close()
            self.found.append(block)
        elif self.open and self._continues(self.open[-1], line):
            self.open.append(line)
        else:
            self._close()
            self.open = [line]

    def _close(self) -> None:
        if not self.open:
            return
        content = join(self.raw, [line.content for line in self.open])
        first, last = self.open[0], self.open[-1]
        text = content.text.clean
        kind = Kind.NOTE if _NOTE.match(text) and self._after_table() else Kind.PARAGRAPH
        mark = read_mark(text)
        run_in = run_in_title(text, mark) if mark is not None and kind is Kind.PARAGRAPH else 0
        if mark is not None and mark.style >= Style.ARABIC and text.endswith(("；", ";")):
            run_in = 0  # an entry of a list, not a section
        self.found.append(
            Block(
                kind,
                content,
                first.text.span.start,
                last.text.span.end,
                mark=mark,
                title=mark.end if mark else 0,
                run_in=run_in,
            )
        )
        self.open = []

    def _after_table(self) -> bool:
        return any(block.kind in (Kind.TABLE, Kind.NOTE) for block in self.found[-2:])

    # --- headings ---------------------------------------------------------------------------

    def _title_block(self, index: int, line: Line) -> Block | None:
        """Return the block of a line that is a heading, box title or caption as a whole."""
        text = line.clean
        span = line.text.span
        if (box := box_title(text)) is not None:
            return Block(Kind.BOX, line.content, span.start, span.end, title=box[1])
        mark = read_mark(text)
        if mark is not None and is_heading(text, mark) and self._heading_stands(index, line, mark):
            return Block(Kind.HEADING, line.content, span.start, span.end, mark=mark, title=mark.end)
        if mark is None and _CAPTION.match(text) and is_plain_title(text, 60):
            return Block(Kind.CAPTION, line.content, span.start, span.end)
        if mark is None and self._is_unnumbered_heading(index, line):
            kind = Kind.CAPTION if self._table_follows(index) else Kind.HEADING
            return Block(kind, line.content, span.start, span.end)
        return None

    def _heading_stands(self, index: int, line: Line, mark: Mark) -> bool:
        """Return whether a numbered title heads something, rather than being one entry of a list."""
        if mark.style <= Style.SECTION or line.hashes:
            return True
        after = self._next(index)
        if after is None:
            return False
        following = read_mark(after.clean)
        return following is None or following.style is not mark.style or not is_heading(after.clean, following)

    def _is_unnumbered_heading(self, index: int, line: Line) -> bool:
        text = line.clean
        if line.hashes:
            return len(text) <= 60 and not text.endswith(("。", "，", "；"))
        if not self.punctuated or line.dash or not is_plain_title(text, 40 if line.all_bold else 30):
            return False
        if self._table_follows(index):
            return True
        before = self.lines[index - 1] if index else None
        if before is not None and self.open and not self._complete(before) and not self._parted(line):
            return False
        if line.all_bold or self._parted(line):
            return True
        after = self._next(index)
        if after is None:
            return False
        mark = read_mark(after.clean)
        return (mark is not None and mark.number == 1) or len(after.clean) > 40 or bool(_PUNCTUATED.search(after.clean))

    def _table_follows(self, index: int) -> bool:
        line, after = self.lines[index], self._next(index)
        place = bisect_right(self.table_starts, line.start)
        if place == len(self.table_starts):
            return False
        start = self.table_starts[place]
        return (after is None or after.start > start) and self.raw[line.end : start].count("\n") <= 2

    def _next(self, index: int) -> Line | None:
        return self.lines[index + 1] if index + 1 < len(self.lines) else None

    # --- paragraphs -------------------------------------------------------------------------

    def _parted(self, line: Line) -> bool:
        """Return whether an empty line stands before, in a text where empty lines are rare."""
        return line.gap and self.gaps_part

    def _complete(self, line: Line) -> bool:
        return _TERMINAL.search(line.clean[-6:]) is not None or line.clean.endswith("；")

    def _continues(self, before: Line, line: Line) -> bool:
        """Return whether the line goes on with the sentence that the line before it left open."""
        text = line.clean
        if not self.punctuated or before.pipe or line.hashes or line.dash or _opens_paragraph(text):
            return False
        end = before.clean
        if end.endswith(_OPEN_END) or _open_quote(end):
            return True
        if line.starts_bold or line.indent or _TERMINAL.search(end[-6:]):
            return False
        if end.endswith(("；", ";")):
            return len(end) >= 60
        return not is_plain_title(end) and not (is_plain_title(text) and line.gap)


def _opens_paragraph(text: str) -> bool:
    mark = read_mark(text)
    if mark is not None and (mark.style >= Style.CHINESE or is_heading(text, mark)):
        return True
    return _LIST_OPENING.match(text) is not None


def _open_quote(text: str) -> bool:
    tail = text[-400:]
    return tail.count("“") > tail.count("”") and tail.rfind("“") > tail.rfind("”")
