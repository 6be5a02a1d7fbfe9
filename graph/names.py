"""Names made comparable: width, quotes, brackets, digits and spaces no longer count.

`normalise` never changes which thing is meant: two surfaces with the same normal form are the
same name, written differently.
"""

import re
import unicodedata
from functools import lru_cache

# OCR and typography write one mark in many ways; in a name they carry no meaning.
_DROPPED = re.compile("[\\s\u201c\u201d\"\u2018\u2019'`\u00b4「」『』《》〈〉*#|・·•\\ufeff\\u200b]+")
_DASHES = re.compile(r"[\u2010-\u2015\u2500\uff0d~～〜-]+")
_ZERO = re.compile(r"(?<=[〇零一二三四五六七八九\d])[〇○零](?=[〇零一二三四五六七八九\d年])")
_BRACKETS = str.maketrans({"（": "(", "）": ")", "〔": "(", "〕": ")", "［": "(", "］": ")", "[": "(", "]": ")"})
_EMPTY_BRACKETS = re.compile(r"\(\)")

# Names of Chinese characters alone, without a numeral, are in their normal form.
_PLAIN = re.compile("[\u4e00-\u9fff]+")
_COUNTING = re.compile("[零一二三四五六七八九十百]")

_PASSES = 8  # what one pass drops may join marks that the next one composes

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100}
_NUMERAL = r"[零〇一二三四五六七八九十百]+"
# Chinese numerals are only rewritten where they number a thing: 四号线, 第三中学, 二期.
_ORDINAL = re.compile(rf"第({_NUMERAL})(?=[\u4e00-\u9fff])|({_NUMERAL})(?=号|期|环|标段|师)")


@lru_cache(maxsize=100_000)
def normalise(surface: str) -> str:
    """Return the normal form of a name: two spellings of one name give the same string.

    Width, case of Latin letters, spaces, line breaks, quotes, book-title marks and dashes are
    unified, numbering words become digits (四号线 = 4号线), brackets are ASCII.

    >>> normalise("轨道交通 ４ 号线"), normalise("轨道交通四号线")
    ('轨道交通4号线', '轨道交通4号线')
    >>> normalise("“一带一路”国际\\n\\n医药产业园（二期）")
    '一带一路国际医药产业园(2期)'
    """
    if _PLAIN.fullmatch(surface) and not _COUNTING.search(surface):
        return surface
    text = _once(surface)
    for _ in range(_PASSES):
        if (again := _once(text)) == text:
            break
        text = again
    return text


def _once(surface: str) -> str:
    text = unicodedata.normalize("NFKC", surface).translate(_BRACKETS)
    text = _DROPPED.sub("", text)
    text = _DASHES.sub("-", text)
    text = _ZERO.sub("0", text)
    text = _EMPTY_BRACKETS.sub("", text)
    text = _ORDINAL.sub(_arabic, text)
    return text.strip("-、,，。;；:：").casefold()


def _arabic(match: re.Match[str]) -> str:
    ordinal, counted = match.group(1), match.group(2)
    value = numeral(ordinal or counted)
    if value is None:
        return match.group(0)
    return f"第{value}" if ordinal else str(value)


def numeral(text: str) -> int | None:
    """Return the value of a Chinese numeral below a thousand, or None if it is none.

    >>> numeral("十四"), numeral("二十"), numeral("一百零三"), numeral("十百")
    (14, 20, 103, None)
    """
    total, digit, last = 0, None, 1000
    for char in text:
        if char in _UNITS:
            unit = _UNITS[char]
            if unit >= last:
                return None
            total, digit, last = total + (1 if digit is None else digit) * unit, None, unit
        elif char in _DIGITS:
            if digit:  # two digits in a row number nothing (一二 is not 12)
                return None
            digit = _DIGITS[char]
        else:
            return None
    return total + (digit or 0) if text else None
