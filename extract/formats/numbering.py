"""Automatic numbers of Word paragraphs (第一章, 1.1, （一）), which stand in no run of text.

Word stores "level 0 of list 3" and leaves counting to the program that shows the file
(ECMA-376 part 1, 17.9 Numbering).
"""

import re
from dataclasses import dataclass, field

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    )
)
_LEVELS = 9
_MAX_NUMBER = 100_000


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    pattern: str
    gap: str


@dataclass(slots=True)
class Numbering:
    """Counts the automatic numbers of one document, paragraph by paragraph.

    `levels` maps a list (numId) to its levels; lists of one abstract list share their counters.
    """

    _levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _shared: dict[str, str] = field(default_factory=dict)
    _counters: dict[str, list[int | None]] = field(default_factory=dict)

    @classmethod
    def read(cls, root: etree._Element | None) -> "Numbering":
        """Read the `w:numbering` element of a document (None: a document without lists)."""
        numbering = cls()
        if root is None:
            return numbering
        abstract = {item.get(f"{_W}abstractNumId", ""): item for item in root.iterfind(f"{_W}abstractNum")}
        for num in root.iterfind(f"{_W}num"):
            num_id, abstract_id = num.get(f"{_W}numId", ""), _value(num, "abstractNumId")
            levels = _levels(abstract[abstract_id]) if abstract_id in abstract else {}
            overridden = False
            for override in num.iterfind(f"{_W}lvlOverride"):
                overridden = True
                _override(levels, override)
            numbering._levels[num_id] = levels
            numbering._shared[num_id] = f"num {num_id}" if overridden else abstract_id
        return numbering

    def next(self, num_id: str, level: int) -> str:
        """Return the mark of the next paragraph on `level` (0-8) of a list, with its gap.

        An unknown list, or one without marks, gives "". Bullets give "- ".
        """
        levels = self._levels.get(num_id, {})
        current = levels.get(level)
        if current is None:
            return ""
        counters = self._counters.setdefault(self._shared[num_id], [None] * _LEVELS)
        count = counters[level]
        counters[level] = current.start if count is None else count + 1
        counters[level + 1 :] = [None] * (_LEVELS - level - 1)
        if current.format == "bullet":
            return "- "
        mark = re.sub(r"%([1-9])", lambda found: _counted(int(found[1]) - 1, levels, counters), current.pattern)
        return mark + current.gap if mark.strip() else ""


def _counted(level: int, levels: dict[int, _Level], counters: list[int | None]) -> str:
    if level not in levels:
        return ""
    number = counters[level]
    return formatted(levels[level].start if number is None else number, levels[level].format)


def _levels(parent: etree._Element) -> dict[int, _Level]:
    found = {}
    for item in parent.iterfind(f"{_W}lvl"):
        level = _integer(item.get(f"{_W}ilvl"), 0)
        gap = "" if _value(item, "suff") == "nothing" else " "
        if 0 <= level < _LEVELS:
            found[level] = _Level(
                _integer(_value(item, "start"), 1), _value(item, "numFmt") or "decimal", _value(item, "lvlText"), gap
            )
    return found


def _override(levels: dict[int, _Level], override: etree._Element) -> None:
    levels.update(_levels(override))
    level = _integer(override.get(f"{_W}ilvl"), 0)
    start = _value(override, "startOverride")
    if start and level in levels:
        old = levels[level]
        levels[level] = _Level(_integer(start, 1), old.format, old.pattern, old.gap)


def _value(element: etree._Element, name: str) -> str:
    child = element.find(f"{_W}{name}")
    return "" if child is None else child.get(f"{_W}val", "")


def _integer(text: str | None, default: int) -> int:
    try:
        return min(max(int(text or ""), 0), _MAX_NUMBER)
    except ValueError:
        return default


def formatted(number: int, style: str) -> str:
    """Return `number` in a Word number format (`w:numFmt`); unknown formats give digits.

    >>> formatted(14, "chineseCountingThousand"), formatted(3, "lowerRoman"), formatted(5, "decimalEnclosedCircle")
    ('十四', 'iii', '⑤')
    """
    if style.startswith(("chinese", "japanese", "ideographDigital", "taiwanese")):
        return chinese(number)
    if style in ("upperRoman", "lowerRoman"):
        roman = _roman(number)
        return roman if style == "upperRoman" else roman.lower()
    if style in ("upperLetter", "lowerLetter") and number > 0:
        letter = chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, 10)
        return letter if style == "upperLetter" else letter.lower()
    if style.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if style == "decimalZero":
        return f"{number:02d}"
    return "" if style == "none" else str(number)


def chinese(number: int) -> str:
    """Return a number from 0 to 99,999 in Chinese counting characters, larger ones in digits.

    >>> [chinese(n) for n in (0, 7, 10, 15, 20, 105, 110, 2021)]
    ['〇', '七', '十', '十五', '二十', '一百〇五', '一百一十', '二千〇二十一']
    """
    if number == 0 or number >= 100_000:
        return _DIGITS[0] if number == 0 else str(number)
    text, gap = "", False
    for value, unit in ((10_000, "万"), (1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // value % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += (_DIGITS[0] if gap else "") + _DIGITS[digit] + unit
        gap = False
    return text.removeprefix("一") if text.startswith("一十") else text


def _roman(number: int) -> str:
    if not 0 < number < 4_000:
        return str(number)
    text = ""
    for value, mark in _ROMAN:
        text += mark * (number // value)
        number %= value
    return text
