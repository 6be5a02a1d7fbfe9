"""How names sound, for those who type letters."""

from functools import lru_cache


@lru_cache(maxsize=65536)
def pinyin(name: str) -> tuple[str, str]:
    """Return the pinyin initials and the whole pinyin of a name, other characters as they are.

    >>> pinyin("米东区")
    ('mdq', 'midongqu')
    """
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(list(name[:64]) if not name.isprintable() else name[:64], style=Style.NORMAL)
    words = [syllable.lower() for syllable in syllables if syllable.isalnum()]
    spoken = name.lower()
    return "".join(word if word in spoken else word[0] for word in words), "".join(words)
