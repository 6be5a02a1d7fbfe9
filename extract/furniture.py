"""What a page prints around the text: tables of contents, page marks, buttons of web pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from extract.headings import Mark, read_mark
from extract.lines import Line

_CONTENTS = re.compile(r"(?:目录|目次|目錄|contents)(?P<first>[\u4e00-\u9fff]{0,6})", re.IGNORECASE)
_LEADER = re.compile(r"(?:[.．·…‥]{2,}|\t)[.．·…‥\s]*(?P<page>\d{1,4})$")
_PAGE = re.compile(r"[-—–―－─_~·]{1,3}\d{1,4}[-—–―－─_~·]{1,3}|第\d{1,4}页(?:[/，,]?共\d{1,4}页)?|\d{1,4}/\d{1,4}")
_PROVENANCE = re.compile(r"source:")
_BUTTONS = Path(__file__).with_name("data") / "page_furniture.txt"


@lru_cache(maxsize=1)
def _buttons() -> frozenset[str]:
    lines = _BUTTONS.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


@dataclass(frozen=True, slots=True)
class Furniture:
    """The indices of the lines that belong to no text, and that of the contents' first line."""

    lines: frozenset[int]
    contents: int | None


def furniture(lines: Sequence[Line]) -> Furniture:
    """Return the lines that belong to no text: contents, page marks, buttons, a note on the source."""
    found = set(_page_marks(lines))
    buttons = _buttons()
    found |= {i for i, line in enumerate(lines) if line.clean in buttons}
    if lines and lines[0].hashes and _PROVENANCE.match(lines[0].clean):
        found.add(0)
    contents = {*_contents(lines), *_leader_runs(lines)}
    return Furniture(frozenset(found | contents), min(contents, default=None))


def _page_marks(lines: Sequence[Line]) -> list[int]:
    marks = [i for i, line in enumerate(lines) if len(line.clean) <= 16 and _PAGE.fullmatch(line.clean)]
    # A bare number is a page number when several ascend through the document.
    bare = [i for i, line in enumerate(lines) if line.clean.isdecimal() and len(line.clean) <= 4 and not line.pipe]
    values = [int(lines[i].clean) for i in bare]
    if len(bare) >= 3 and all(b - a in (1, 2) for a, b in pairwise(values)):
        marks += bare
    return marks


def _contents(lines: Sequence[Line]) -> range:
    """Return the lines of the table of contents that a 目录 line announces, that line included."""
    for start, line in enumerate(lines[:400]):
        announced = _CONTENTS.fullmatch(line.clean)
        if announced is None:
            continue
        stop = _contents_end(lines, start + 1)
        if stop - start > 3:
            return range(start, stop)
    return range(0)


def _contents_end(lines: Sequence[Line], start: int) -> int:
    first: Mark | None = None
    for index in range(start, len(lines)):
        line = lines[index]
        if len(line.clean) > 200:
            return index
        text = _LEADER.sub("", line.clean)
        mark = read_mark(text)
        if len(text) > 120 or (mark is None and ("。" in text or "，" in text or "," in text)) or text.endswith("。"):
            return index
        if mark is None:
            continue
        if first is None:
            first = mark
        elif (mark.style, mark.number) == (first.style, first.number) and index > start + 2:
            return index
    return len(lines)


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
