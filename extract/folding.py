"""One-to-one folding of characters, so that variants of a text look the same to the extractors.

Only the view of the extractors is folded; offsets and quotes stay those of the document.
"""

from functools import lru_cache

_HALF_TO_FULL = {
    ",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "!": "！", "?": "？", "［": "[", "］": "]",
}  # fmt: skip
_VARIANTS = {
    "〔": "［", "﹝": "［", "﹞": "］", "〕": "］", "－": "-", "–": "—", "―": "—", "─": "—", "•": "·",
    "＂": "“", "「": "“", "」": "”", "『": "‘", "』": "’", "﹪": "%", "％": "%",
}  # fmt: skip


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}
    table |= {ord(a): b for a, b in (_HALF_TO_FULL | _VARIANTS).items()}
    return table


def fold(text: str) -> str:
    """Return `text` with width, bracket and dash variants folded; the length never changes.

    >>> fold("GDP增长(%),２０２５年")
    'GDP增长（%），2025年'
    """
    return text.translate(_table())
