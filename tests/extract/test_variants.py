"""The same text in another guise gives the same mentions (at least 95 % of them)."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest
from opencc import OpenCC

from extract.extraction import Mention
from extract.extractor import extract
from extract.gold import read_passages
from extract.layout import lay_out
from extract.tier import Tier

PASSAGES = read_passages(Path(__file__).parents[1] / "gold/dev.jsonl")[:20]

_HALF = str.maketrans("，；：（）！？％", ",;:()!?%")
_FULL = str.maketrans({chr(c): chr(c + 0xFEE0) for c in (*range(0x30, 0x3A), *range(0x41, 0x5B), *range(0x61, 0x7B))})


def half_width(text: str) -> str:
    return text.translate(_HALF)


def full_width(text: str) -> str:
    return text.translate(_FULL)


def spaced(text: str) -> str:
    """Put a space between any two Han characters, as some converters do."""
    han = [("\u4e00" <= char <= "\u9fff") for char in text] + [False]
    return "".join(char + (" " if han[i] and han[i + 1] else "") for i, char in enumerate(text))


def traditional(text: str) -> str:
    converted = OpenCC("s2t").convert(text)
    assert len(converted) == len(text)
    return str(converted)


@cache
def found(text: str, tier: Tier) -> tuple[Mention, ...]:
    return extract(lay_out(text, id="d", district="乌鲁木齐市"), tier).mentions


def keys(text: str, mentions: Sequence[Mention]) -> set[tuple[int, int, str]]:
    """Return the mentions by the place of their first and last character among all but the spaces."""
    rank = [0]
    for char in text:
        rank.append(rank[-1] + (char != " "))
    return {(rank[m.span.start], rank[m.span.end], m.type.value) for m in mentions}


@pytest.mark.parametrize("tier", list(Tier))
@pytest.mark.parametrize("change", [half_width, full_width, spaced, traditional])
def test_guises_agree(change: Callable[[str], str], tier: Tier) -> None:
    same = total = 0
    for passage in PASSAGES:
        text = passage.text.replace(" ", "")
        plain, other = found(text, tier), found(change(text), tier)
        same += len(keys(text, plain) & keys(change(text), other))
        total += len(plain)
    assert total > 150
    assert same / total >= 0.95
