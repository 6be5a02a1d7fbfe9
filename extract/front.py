"""The lines in front of the text: title, adoption note, speaker; joined where they wrap."""

import re
from collections.abc import Sequence

from extract.boxes import box_title
from extract.headings import is_plain_title, read_mark
from extract.lines import Line

_TITLE_WORD = re.compile(r"规划|纲要|报告|意见|方案|计划|办法|通知|决定|要点|条例|实施细则")
_NOTE_OPENING = re.compile(r"[（(]|——|[-－]{2}")
_DATE = re.compile(r"\d{4}年\d{1,2}月|[二〇零一三四五六七八九十]{4}年")
_PLAIN = re.compile(r"[\u4e00-\u9fff“”、]+")
_MAX_LINES = 20


def front_matter(lines: Sequence[Line], contents_at: int | None) -> tuple[int, list[list[Line]]]:
    """Return how many lines stand in front of the text, and those lines grouped into units.

    A unit is a title, a note or another line, with the lines that it wraps over. `contents_at`
    is the index of the line before which the table of contents stood, if there was one.
    """
    announced = contents_at is not None and contents_at <= _MAX_LINES
    most = contents_at if contents_at is not None and announced else _MAX_LINES
    units: list[list[Line]] = []
    titled = False
    for index, line in enumerate(lines[:most]):
        if units and _wraps(units[-1], line):
            units[-1].append(line)
        elif not announced and _opens_text(lines, index, titled):
            break
        else:
            units.append([line])
        titled = titled or bool(line.hashes) or _TITLE_WORD.search(line.clean) is not None
    if not titled and not announced:
        units = units[:1] if units and is_plain_title(units[0][0].clean) else []
    return sum(len(unit) for unit in units), units


def _opens_text(lines: Sequence[Line], index: int, titled: bool) -> bool:
    line = lines[index]
    text = line.clean
    if read_mark(text) is not None or box_title(text) is not None or "。" in text or text.endswith(("：", ":")):
        return True
    if len(text) > 80 or (len(text) > 40 and "，" in text):
        return True
    return titled and (bool(line.hashes) or _is_body_heading(lines, index))


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
    if len(text) + len(line.clean) > 200:
        return False
    if text.count("（") + text.count("(") > text.count("）") + text.count(")"):
        return True
    if line.gap or line.hashes or _NOTE_OPENING.match(line.clean) or _DATE.search(line.clean):
        return False
    # 乌鲁木齐市国民经济和社会发展第十四个⏎五年规划…: a long line without the word that ends titles.
    return (
        len(text) >= 14
        and _PLAIN.fullmatch(text) is not None
        and _TITLE_WORD.search(text) is None
        and _TITLE_WORD.search(line.clean) is not None
    )
