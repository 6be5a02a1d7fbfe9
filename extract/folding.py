"""One-to-one folding of characters, so that variants of a text look the same to the extractors.

Only the view of the extractors is folded; offsets and quotes stay those of the document.
"""

import re
from functools import lru_cache
from pathlib import Path

_TRADITIONAL = Path(__file__).with_name("data") / "traditional.txt"

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
    return table | _simplified()


def _simplified() -> dict[int, str]:
    """Return the simplified form of the traditional characters that simplified text never holds."""
    lines = _TRADITIONAL.read_text(encoding="utf-8").splitlines()
    pairs = "".join(line for line in lines if not line.startswith("#"))
    return {ord(pairs[i]): pairs[i + 1] for i in range(0, len(pairs), 2)}


@lru_cache(maxsize=1)
def _variant() -> re.Pattern[str]:
    return re.compile(f"[{''.join(re.escape(chr(code)) for code in sorted(_table()))}]")


def fold(text: str) -> str:
    """Return `text` with width, bracket and dash variants and traditional characters folded.

    The length never changes.

    >>> fold("GDP增长(%),２０２５年"), fold("產業園區")
    ('GDP增长（%），2025年', '产业园区')
    """
    return text.translate(_table()) if _variant().search(text) else text
