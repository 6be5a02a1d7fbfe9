"""Heading marks (第一章, 一、, （一）, 1.) and the tree of sections that they make."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise, zip_longest

from extract.document import Section
from extract.span import Span, Text


class Style(IntEnum):
    """Numbering styles from the widest to the narrowest; the order decides who contains whom."""

    PART = 0  # 第一篇, 第一编, 第一部分
    CHAPTER = 1  # 第一章
    SECTION = 2  # 第一节
    CHINESE = 3  # 一、
    BRACKETED = 4  # （一）
    ARABIC = 5  # 1. 1、
    ARABIC_BRACKETED = 6  # (1)


@dataclass(frozen=True, slots=True)
class Mark:
    """A printed number at the start of a line: its style, value, and clean length."""

    style: Style
    number: int
    end: int


_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_UNITS = {"编": Style.PART, "篇": Style.PART, "部分": Style.PART, "章": Style.CHAPTER, "节": Style.SECTION}
_NUMERAL = "[一二三四五六七八九十百零〇]{1,5}"
_MARK = re.compile(
    rf"第(?P<ordinal>{_NUMERAL}|\d{{1,3}})(?P<unit>[编篇章节]|部分)[、.．:：]?"
    rf"|(?P<chinese>{_NUMERAL})[、.．]"
    rf"|[（(](?P<bracketed>{_NUMERAL})[）)]、?"
    r"|(?P<arabic>\d{1,2})(?:[.．](?!\d)|、)"
    r"|[（(](?P<arabic_bracketed>\d{1,2})[）)]、?"
)


def read_mark(text: str) -> Mark | None:
    """Return the number mark that opens the clean text, or None.

    >>> read_mark("第十二章努力建设美丽米东")
    Mark(style=<Style.CHAPTER: 1>, number=12, end=4)
    >>> read_mark("1.5倍") is None
    True
    """
    match = _MARK.match(text)
    if match is None:
        return None
    if match["ordinal"]:
        return Mark(_UNITS[match["unit"]], to_int(match["ordinal"]), match.end())
    for style in (Style.CHINESE, Style.BRACKETED, Style.ARABIC, Style.ARABIC_BRACKETED):
        if digits := match[style.name.lower()]:
            return Mark(style, to_int(digits), match.end())
    raise AssertionError("a mark has one of the groups above")


def to_int(numeral: str) -> int:
    """Return the value of a Chinese or Arabic numeral up to 999.

    >>> to_int("二十三"), to_int("十"), to_int("一百零二"), to_int("１２")
    (23, 10, 102, 12)
    """
    if numeral.isdecimal():
        return int(numeral)
    total, digit = 0, 0
    for char in numeral:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = digit * 10 + _DIGITS[char] if "十" not in numeral and "百" not in numeral else _DIGITS[char]
    return total + digit


# What a heading may not hold, by style: the narrower the style, the likelier it is a list entry.
_SENTENCE_END = re.compile(r"[。；！？;!?]")
_ANY_PAUSE = re.compile(r"[。；！？;!?，,：:]")
_RUN_IN = re.compile(r"(?P<title>[^。；！？;!?，,：:]{2,40})(?P<end>[。：:])(?=.)")
_OPEN_BRACKET = re.compile(r"[（(][^）)]*$")
_MAX_TITLE = {
    Style.PART: 60,
    Style.CHAPTER: 60,
    Style.SECTION: 60,
    Style.CHINESE: 50,
    Style.BRACKETED: 50,
    Style.ARABIC: 30,
    Style.ARABIC_BRACKETED: 30,
}


def is_heading(text: str, mark: Mark) -> bool:
    """Return whether a numbered line is a heading as a whole.

    第一章/第一节 lines are when they are short and hold no sentence; 一、 and （一） may also end
    with a full stop, or with a colon (一、基本情况：); 1. and (1) must be free of any pause, else
    they are list entries.
    """
    rest = text[mark.end :]
    if len(rest) > _MAX_TITLE[mark.style] or rest.endswith(("，", ",", "、")):
        return False
    if mark.style >= Style.ARABIC:
        return bool(rest) and _ANY_PAUSE.search(rest) is None
    if mark.style in (Style.CHINESE, Style.BRACKETED):
        if rest.endswith(("：", ":")):
            return 1 < len(rest) <= 20 and _ANY_PAUSE.search(rest[:-1]) is None
        if run_in_title(text, mark):
            return False
        return bool(rest) and _SENTENCE_END.search(rest.removesuffix("。")) is None
    return _SENTENCE_END.search(rest) is None


def run_in_title(text: str, mark: Mark) -> int:
    """Return the clean length of number and title that open a paragraph (`（一）奋斗目标。建设…`), or 0."""
    match = _RUN_IN.match(text, mark.end)
    if match is None or (match["end"] != "。" and len(match["title"]) > 20):
        return 0
    if _OPEN_BRACKET.search(match["title"]):
        return 0
    return match.end()


def is_plain_title(text: str, longest: int = 30) -> bool:
    """Return whether an unnumbered line reads like a heading: short, and without any pause."""
    return (
        2 <= len(text) <= longest
        and _ANY_PAUSE.search(text) is None
        and not text.endswith(("、", "”", "》"))
        and any("\u4e00" <= c <= "\u9fff" for c in text)
    )


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found in the text; `mark` is None where it has no number."""

    mark: Mark | None
    number: str
    title: Text
    start: int


def sections(headings: Sequence[Heading], end: int) -> tuple[tuple[Section, ...], tuple[str, ...]]:
    """Return the tree of sections and the warnings about their numbers.

    The level follows the numbering style (Markdown levels are ignored: they are often wrong),
    counted from the widest style that the document uses. A heading without a number stands just
    above the numbering that restarts after it. `end` is where the last section ends.
    """
    ranks = _ranks(headings)
    levels = {rank: level for level, rank in enumerate(sorted(set(ranks)), start=1)}
    ends = [end] * len(headings)
    parents: list[int | None] = []
    opened: list[int] = []
    for index, heading in enumerate(headings):
        while opened and ranks[opened[-1]] >= ranks[index]:
            ends[opened.pop()] = heading.start
        parents.append(opened[-1] if opened else None)
        opened.append(index)
    found = tuple(
        Section(i, levels[ranks[i]], h.number, h.title, Span(h.start, ends[i]), parents[i])
        for i, h in enumerate(headings)
    )
    return found, tuple(_number_warnings(headings, found))


def _ranks(headings: Sequence[Heading]) -> list[float]:
    """Return for each heading how wide it reaches: the number of its style, or one in between.

    Unnumbered headings look alike where no chapters frame them; then all take the widest place
    that one of them has. Inside chapters each takes its own.
    """
    widest = min((heading.mark.style for heading in headings if heading.mark is not None), default=Style.CHINESE)
    framed = widest <= Style.SECTION
    above = [
        after.mark.style - 0.5
        for one, after in pairwise(headings)
        if one.mark is None and after.mark is not None and after.mark.number == 1
    ]
    usual = min(above, default=None)
    ranks: list[float] = []
    before: Mark | None = None
    for heading, after in zip_longest(headings, headings[1:]):
        if heading.mark is not None:
            before = heading.mark
            ranks.append(float(before.style))
        elif framed and after is not None and after.mark is not None and after.mark.number == 1:
            # 序言 before 第一章 stands beside the chapters, a heading before 一、 above its entries.
            ranks.append(max(after.mark.style - 0.5, float(widest)))
        elif usual is not None:
            ranks.append(usual)
        else:
            # Numbering never restarts after an unnumbered heading: it divides what stands before.
            ranks.append(before.style + 0.5 if before is not None else -0.5)
    return ranks


def _number_warnings(headings: Sequence[Heading], found: Sequence[Section]) -> list[str]:
    warnings = []
    last: dict[tuple[int | None, Style], int] = {}
    running: dict[Style, int] = {}
    for heading, section in zip(headings, found, strict=True):
        if heading.mark is None:
            continue
        style, number = heading.mark.style, heading.mark.number
        before = last.get((section.parent, style))
        # A numbering may run on through several parents (任务 1 to 15 under three headings).
        expected = {1, running.get(style, 0) + 1} if before is None else {before + 1}
        if number not in expected:
            above = "" if section.parent is None else f" under {found[section.parent].number}"
            what = "comes first" if before is None else f"follows number {before}"
            warnings.append(f"section number missing or repeated: {heading.number}{heading.title.clean}{above} {what}")
        last[section.parent, style] = running[style] = number
    return warnings
