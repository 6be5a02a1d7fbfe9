"""What a page prints around the text: tables of contents, page marks, buttons of web pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from extract.clean import Clean
from extract.headings import Mark, read_mark
from extract.lines import Line

_CONTENTS = re.compile(r"(?:目录|目次|目錄|contents)(?P<first>[\u4e00-\u9fff]{0,6})", re.IGNORECASE)
_LEADER = re.compile(r"(?:[.．·…‥]{2,}|\t)[.．·…‥\s]*(?P<page>\d{1,4})$")
_ENDS_IN_PAGE = re.compile(r"\d{1,3}$")
_MOST_CONTENTS = 800
_PAGE = re.compile(r"[-—–―－─_~·]{1,3}\d{1,4}[-—–―－─_~·]{1,3}|第\d{1,4}页(?:[/，,]?共\d{1,4}页)?|\d{1,4}/\d{1,4}")
_PROVENANCE = re.compile(r"source:")
_BUTTONS = Path(__file__).with_name("data") / "page_furniture.txt"


@lru_cache(maxsize=1)
def _buttons() -> frozenset[str]:
    lines = _BUTTONS.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@dataclass(frozen=True, slots=True)
class Furniture:
    """The indices of the lines that belong to no text, and where the contents stood.

    `contents` is the index of the contents' first line. `opening` is the heading that runs on
    behind their last entry, where the contents' title named it too (目录序言 … 序言).
    """

    lines: frozenset[int]
    contents: int | None
    opening: Line | None = None


def furniture(lines: Sequence[Line]) -> Furniture:
    """Return the lines that belong to no text: contents, page marks, buttons, a note on the source."""
    found = set(_page_marks(lines))
    buttons = _buttons()
    found |= {i for i, line in enumerate(lines) if line.clean in buttons}
    if lines and lines[0].hashes and _PROVENANCE.match(lines[0].clean):
        found.add(0)
    announced = _contents(lines)
    contents = {*announced, *_leader_runs(lines)}
    opening = _opening(lines[announced[0]], lines[announced[-1]]) if announced else None
    return Furniture(frozenset(found | contents), min(contents, default=None), opening)


def _opening(title: Line, last: Line) -> Line | None:
    """Return the heading behind the last entry, which the contents' title announces, as a line."""
    announced = _CONTENTS.fullmatch(title.clean)
    first = announced["first"] if announced is not None else ""
    if not first or not last.clean.endswith(first):
        return None
    text = last.text.slice(len(last.clean) - len(first), len(last.clean))
    return Line(text.span.start, last.end, last.row, Clean(text), gap=True)


def _page_marks(lines: Sequence[Line]) -> list[int]:
    marks = [i for i, line in enumerate(lines) if len(line.clean) <= 16 and _PAGE.fullmatch(line.clean)]
    # A bare number is a page number when several ascend through the document.
    bare = [i for i, line in enumerate(lines) if line.clean.isdecimal() and len(line.clean) <= 4 and not line.pipe]
    values = [int(lines[i].clean) for i in bare]
    if len(bare) >= 3 and all(b - a in (1, 2) for a, b in pairwise(values)):
        marks += bare
    return marks


def _contents(lines: Sequence[Line]) -> range:
    """Return the lines of the table of contents that a 目录 line announces, that line included.

    They run to the first line of prose, or to where the first entry's number comes again. At
    least half of them are numbered or end in a page number, and text follows them.
    """
    for start, line in enumerate(lines[:_MOST_CONTENTS]):
        if _CONTENTS.fullmatch(line.clean) is None:
            continue
        stop, entries = _contents_end(lines, start + 1)
        if start + 3 < stop < len(lines) and 2 * entries >= stop - start - 1:
            return range(start, stop)
    return range(0)


def _contents_end(lines: Sequence[Line], start: int) -> tuple[int, int]:
    """Return where the contents end, and how many of their lines are entries beyond doubt."""
    first: Mark | None = None
    entries = 0
    stop = min(len(lines), start + _MOST_CONTENTS)
    for index in range(start, stop):
        printed = lines[index].clean
        text = _LEADER.sub("", printed) if len(printed) <= 200 else printed
        mark = read_mark(text)
        if len(text) > 120 or (mark is None and ("。" in text or "，" in text or "," in text)) or text.endswith("。"):
            return index, entries
        entries += mark is not None or _ENDS_IN_PAGE.search(printed) is not None
        if first is None:
            first = mark
        elif mark is not None and (mark.style, mark.number) == (first.style, first.number) and index > start + 2:
            return index, entries
    return stop, entries


def _leader_runs(lines: Sequence[Line]) -> list[int]:
    """Return contents lines without a title above them: three or more in a row with page numbers."""
    found: list[int] = []
    run: list[int] = []
    for index, line in enumerate(lines):
        if len(line.clean) <= 80 and _LEADER.search(line.clean[-40:]):
            run.append(index)
            continue
        if len(run) >= 3:
            found += run
        run = []
    return found + run if len(run) >= 3 else found
