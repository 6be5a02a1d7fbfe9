"""Chinese units of measure: scale (万, 亿), base unit, and the QUDT unit of the base."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_SCALES = {
    "万亿": 10**12,
    "千亿": 10**11,
    "百亿": 10**10,
    "十亿": 10**9,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "千": 10**3,
    "百": 10**2,
}
_SCALED = re.compile("(" + "|".join(_SCALES) + ")(.+)")

# unit: (factor to the base, base, QUDT local name of the base or ""). Areas of land stay in 亩,
# because 1 亩 is 666.67 平方米 only after rounding.
_KNOWN: dict[str, tuple[str, str, str]] = {
    "元": ("1", "元", ""),
    "元人民币": ("1", "元", ""),
    "美元": ("1", "美元", ""),
    "%": ("1", "%", "PERCENT"),
    "％": ("1", "%", "PERCENT"),
    "‰": ("1", "‰", "PERMILLE"),
    "个百分点": ("1", "个百分点", ""),
    "百分点": ("1", "个百分点", ""),
    "倍": ("1", "倍", ""),
    "米": ("1", "米", "M"),
    "公里": ("1000", "米", "M"),
    "千米": ("1000", "米", "M"),
    "平方米": ("1", "平方米", "M2"),
    "平米": ("1", "平方米", "M2"),
    "㎡": ("1", "平方米", "M2"),
    "平方公里": ("1000000", "平方米", "M2"),
    "平方千米": ("1000000", "平方米", "M2"),
    "公顷": ("10000", "平方米", "M2"),
    "亩": ("1", "亩", ""),
    "立方米": ("1", "立方米", "M3"),
    "立方": ("1", "立方米", "M3"),
    "方": ("1", "立方米", "M3"),
    "吨": ("1", "吨", "TONNE"),
    "公斤": ("0.001", "吨", "TONNE"),
    "千克": ("0.001", "吨", "TONNE"),
    "吨标准煤": ("1", "吨标准煤", ""),
    "吨标煤": ("1", "吨标准煤", ""),
    "千瓦": ("1", "千瓦", "KiloW"),
    "兆瓦": ("1000", "千瓦", "KiloW"),
    "千瓦时": ("1", "千瓦时", "KiloW-HR"),
    "度": ("1", "度", ""),
    "天": ("1", "天", "DAY"),
    "日": ("1", "天", "DAY"),
    "小时": ("1", "小时", "HR"),
    "分钟": ("1", "分钟", "MIN"),
    "年": ("1", "年", "YR"),
    "岁": ("1", "岁", "YR"),
    "微克/立方米": ("1", "微克/立方米", "MicroGM-PER-M3"),
    "毫克/升": ("1", "毫克/升", "MilliGM-PER-L"),
    "平方米/人": ("1", "平方米/人", ""),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as the text prints it: `value * factor` is the amount in `base`.

    `qudt` is the local name of the base in http://qudt.org/vocab/unit/ ("" if QUDT has none).
    """

    text: str
    factor: Decimal
    base: str
    qudt: str = ""


@lru_cache(maxsize=1024)
def unit(text: str) -> Unit:
    """Return how a printed unit converts; an unknown unit is its own base.

    >>> unit("亿元").factor, unit("亿元").base
    (Decimal('100000000'), '元')
    >>> unit("万平方公里").factor
    Decimal('10000000000')
    >>> unit("万株").base
    '株'
    """
    plain = re.sub(r"\s+", "", text).replace("％", "%").replace("／", "/")
    scale = Decimal(1)
    while plain not in _KNOWN and (found := _SCALED.fullmatch(plain)):
        scale *= _SCALES[found[1]]
        plain = found[2]
    factor, base, qudt = _KNOWN.get(plain, ("1", plain, ""))
    return Unit(text, scale * Decimal(factor), base, qudt)
