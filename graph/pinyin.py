"""How names sound, for those who type letters."""

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypinyin.core import Pinyin


@lru_cache(maxsize=65536)
def pinyin(name: str) -> tuple[str, str]:
    """Return the pinyin initials and the whole pinyin of a name, other characters as they are.

    >>> pinyin("米东区")
    ('mdq', 'midongqu')
    """
    begin = name[:64]
    parts = _segmenter().seg(begin) if name.isprintable() else list(begin)
    words = [syllable for part in parts for syllable in _syllables(part)]
    spoken = name.lower()
    return "".join(word if word in spoken else word[0] for word in words), "".join(words)


@lru_cache(maxsize=1)
def _segmenter() -> "Pinyin":
    from pypinyin.core import Pinyin

    return Pinyin()


@lru_cache(maxsize=16384)
def _syllables(part: str) -> tuple[str, ...]:
    """Return the syllables of a word, or of a stretch without Chinese characters; names share most of theirs."""
    from pypinyin import Style, lazy_pinyin

    found = lazy_pinyin([part], style=Style.NORMAL)
    return tuple(syllable.lower() for syllable in found if syllable.isalnum())
