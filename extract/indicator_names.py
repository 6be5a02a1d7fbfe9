"""Whether a stretch of text beside a figure is the name of a tracked statistic.

What decides is the last word of the name (`data/indicators.toml`), the figure's unit, and the words
around both: things bought and built, the conditions of a grant and its sums are no statistics.
"""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from extract.quantities import Quantity

_DATA = Path(__file__).with_name("data") / "indicators.toml"
_CJK = re.compile(r"[\u4e00-\u9fff]")
_FARMED = re.compile(r"种植|养殖|养[牛羊猪鸡]|年?出栏|年?存栏|年产|年?生产")
_AGE = re.compile(r"\d+(?:[-—至]\d+)?岁(?!左右|以上[，。；]|以下[，。；])(?:及?以[下上])?[\u4e00-\u9fff]")
# What is done for or by people and households is counted in them, whoever carries it out.
_DONE = re.compile(r"(?:改造|搬迁|脱贫|减贫|入住|安置|就业|创业|培训|救助|供养|收养|监测对象|帮扶对象|任务)$")
_PEOPLE = ("户", "人", "人次", "人口")
_SHARES = ("%", "个百分点", "倍", "番")
_STEPS = re.compile(r"增长|下降|减少|提[高升]|增加|压[减缩]|翻|上升|降低|缩[短小减]|扩大|回升|递增")
_TOTAL = re.compile(r"^共计?|总计|合计")
_RANKED = re.compile(r"(?:国家|自治区|[省市州县区部])级")
# A grant's clause goes on like this behind the figure of its condition (面积在100亩以上的，给予…).
_BRACKET = r"(?:[（〔][^）〕]*[）〕])*"
_CONDITION = re.compile(rf"{_BRACKET}(?:及?以[上下内])?{_BRACKET}(?:(?:且|或|至|、)[^。；]{{0,40}}?)?的[，；]")
_NO_OPENINGS = ("给予", "参照", "根据", "按", "距离")
_GRANTS = re.compile(r"给予|奖励|奖补|补助|补贴|享受|减免|减按|[，、]按|一次性")


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, tuple[str, ...]]:
    """Return the word lists of the data file, longer words first."""
    with _DATA.open("rb") as file:
        return {
            key: tuple(sorted(set(words.split()), key=lambda w: (-len(w), w)))
            for key, words in tomllib.load(file).items()
        }


@lru_cache(maxsize=8)
def word_set(key: str) -> frozenset[str]:
    """Return one word list of the data file as a set."""
    return frozenset(vocabulary()[key])


def ends(name: str, key: str) -> bool:
    """Return whether a name ends like those of a word list and says something.

    >>> ends("城镇化率", "measured"), ends("水平", "measured")
    (True, False)
    """
    return name.endswith(vocabulary()[key]) and name not in word_set("nothing")


def is_ranked(name: str) -> bool:
    """Return whether a counted noun is a status that some level of government grants.

    >>> is_ranked("国家级绿色食品原料基地"), is_ranked("绿色食品原料基地")
    (True, False)
    """
    return _RANKED.match(name) is not None


def is_name(name: str, quantity: Quantity, gap: str) -> bool:
    """Return whether a stretch of text is the name of a statistic with this figure.

    `gap` are the words between both.
    """
    if name in word_set("animals") and quantity.unit.endswith(("头", "只", "羽")):
        return True
    if not 2 <= len(name) <= 34 or re.search(r"[，。；：！？]", name):
        return False
    measured = ends(name, "measured")
    if not _CJK.search(name) or quantity.bare:
        return measured
    if name.endswith("覆盖"):
        return quantity.unit == "%"
    if quantity.unit.endswith(_PEOPLE) and _DONE.search(name):
        return True
    if _counts_itself(name, quantity) or (_TOTAL.search(gap) and is_thing(name)):
        return True
    if any(quantity.unit.endswith(unit) for unit in vocabulary()["measures"]):
        return measured or _is_farmed(name, quantity) or ends(name, "counted") or is_grown(name, quantity, gap)
    return ends(name, "counted") or measured


def is_thing(name: str) -> bool:
    """Return whether a noun is none of the places that figures are broken down by.

    >>> is_thing("烟田"), is_thing("全镇"), is_thing("河西街道")
    (True, False, False)
    """
    return re.search(r"(?:街道|[省市州县区乡镇村屯组])$", name) is None or name.endswith(vocabulary()["counted"])


def _counts_itself(name: str, quantity: Quantity) -> bool:
    """Return whether a noun ends with its own measure word: `养鸡户30户`, `班列400列`."""
    return quantity.unit[-1] in "户列" and name[-1] == quantity.unit[-1] and name[-2:] not in ("入户", "到户", "进户")


def _is_farmed(name: str, quantity: Quantity) -> bool:
    units = ("亩", "公顷", "头", "只", "羽", "万斤", "吨")
    return (_FARMED.match(name) or _FARMED.search(name, len(name) - 2)) is not None and quantity.unit.endswith(units)


def is_grown(name: str, quantity: Quantity, gap: str) -> bool:
    """Return whether a noun is said to grow by a share: then it is tracked, whatever it is."""
    return quantity.unit in _SHARES and len(name) <= 12 and _STEPS.search(gap) is not None


def is_tracked(text: str, start: int, end: int, quantity: Quantity) -> bool:
    """Return whether the words around a name do not tell against a statistic."""
    before, gap, name = text[max(0, start - 6) : start], text[end : quantity.start], text[start:end]
    if before.endswith(("按", "按照", "参照")) or "等" in gap or name.startswith(_NO_OPENINGS):
        return False
    if ends(name, "measured"):
        return True
    if gap.endswith(("按", "按照")) or (name.endswith("任务") and not gap) or before.endswith("的"):
        return False
    if _TOTAL.search(gap) and not ends(name, "counted") and _CJK.match(text, quantity.end):
        return False  # the figure counts the noun after it
    done = quantity.unit.endswith(_PEOPLE) and _DONE.search(name) is not None
    return "、" not in name and (done or not before.endswith(vocabulary()["built"]))


def describes(text: str, quantity: Quantity) -> bool:
    """Return whether the figure only describes something else: a noun, an age, the condition of a grant.

    >>> text = "对总投资超百亿元的企业"
    >>> describes(text, Quantity(5, 8, "100", ">", "亿元"))
    True
    """
    after = text[quantity.end : quantity.end + 1]
    if after == "级" or (after == "的" and quantity.bound == ">") or _AGE.match(text, quantity.start):
        return True
    condition = _CONDITION.match(text, quantity.end)
    return condition is not None and _GRANTS.search(text, condition.end() - 1) is not None
