"""The lines in front of the text: title, adoption note, speaker; joined where they wrap."""

import re
from collections.abc import Sequence

from extract.headings import is_plain_title, read_mark
from extract.lines import Line

_TITLE_WORD = re.compile(r"规划|纲要|报告|意见|方案|计划|办法|通知|决定|要点|条例|实施细则")
_NOTE_OPENING = re.compile(r"[（(]|——|[-－]{2}")
_DATE = re.compile(r"\d{4}年\d{1,2}月|[二〇零一三四五六七八九十]{4}年")
_MAX_LINES = 20


def front_matter(lines: Sequence[Line], contents_at: int | None) -> tuple[int, list[list[Line]]]:
    """Return how many lines stand in front of the text, and those lines grouped into units.

    A unit is a title, a note or another line, with the lines that it wraps over. `contents_at`
    is the index of the line before which the table of contents stood, if there was one.
    """
    stop = _front_end(lines, contents_at)
    units: list[list[Line]] = []
    for line in lines[:stop]:
        if units and _wraps(units[-1], line):
            units[-1].append(line)
        else:
            units.append([line])
    return stop, units


def _front_end(lines: Sequence[Line], contents_at: int | None) -> int:
    if contents_at is not None and contents_at <= _MAX_LINES:
        return contents_at
    titled = False
    for index, line in enumerate(lines[:_MAX_LINES]):
        text = line.clean
        mark = read_mark(text)
        if mark is not None or "。" in text or len(text) > 80 or text.endswith(("：", ":")):
            return index
        if line.hashes and titled:
            return index
        if titled and _is_body_heading(lines, index):
            return index
        titled = titled or bool(line.hashes) or _TITLE_WORD.search(text) is not None
    return min(1, len(lines)) if lines and is_plain_title(lines[0].clean) else 0


def _is_body_heading(lines: Sequence[Line], index: int) -> bool:
    """Return whether an unnumbered title after the document's title opens the text."""
    line = lines[index]
    if not is_plain_title(line.clean) or _DATE.search(line.clean) or line.gap:
        return False
    after = lines[index + 1] if index + 1 < len(lines) else None
    return after is not None and len(after.clean) > 80


def _wraps(unit: Sequence[Line], line: Line) -> bool:
    """Return whether the line goes on with the unit: an open bracket, or a title without its end."""
    text = "".join(part.clean for part in unit)
    if text.count("（") + text.count("(") > text.count("）") + text.count(")"):
        return True
    if line.gap or line.hashes or _NOTE_OPENING.match(line.clean) or _DATE.search(line.clean):
        return False
    # 乌鲁木齐市国民经济和社会发展第十四个⏎五年规划…: a long line without the word that ends titles.
    return (
        len(text) >= 14 and _TITLE_WORD.search(text) is None and _TITLE_WORD.search(line.clean) is not None
    ) and not _NOTE_OPENING.match(text)
