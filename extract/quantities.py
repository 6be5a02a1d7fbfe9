"""Figures in clean text: number, bound and unit, also in Chinese and mixed forms.

`find_quantities` reads what is printed and nothing else: whether a figure is a statistic, and of
what, is decided in `extract.figures`. The value follows the annotation guide ("Observations"):
one number, a range `140-160`, a ratio as printed, with a bound (`>`, `>=`, `<`, `<=`) before it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from extract.folding import fold
from extract.units import measures

_CHINESE = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "半": 5}
_NUM = r"(?:\d{1,3}(?:[,，]\d{3})+(?!\d)|\d+)(?:[.．]\d+)?"
_TO = r"(?:-|—|——|~|～|至|到)"
# Before a figure: a letter, digit or mark that makes it part of a name (PM2.5, X137, 第3, 14+1).
_FREE = r"(?<![A-Za-z0-9.．+＋第#/])"

_BEFORE = (
    (re.compile(r"(?:不低于|不少于|不小于|不得低于|不得少于|至少|最低|最少|≥|>=|＞=)(?:为|达到?|有)?约?$"), ">="),
    (re.compile(r"(?:不超过|不高于|不大于|不多于|不得超过|不得高于|未超过|最多|≤|<=|至多)(?:为|达到?)?$"), "<="),
    (re.compile(r"(?:突破|超过|超出|超|逾|高于|大于|多于|>|＞|跨越|跃上|跨上)了?(?:到|至|为)?$"), ">"),
    (re.compile(r"(?:低于|小于|少于|<|＜|不足|不到)$"), "<"),
    (re.compile(r"上$"), ">="),
)
_AFTER = (
    (re.compile(r"(?:及|或)?以上"), ">="),
    (re.compile(r"(?:及|或)?以[内下]|之内"), "<="),
    (re.compile(r"左右|上下"), ""),
)
# Behind a figure without unit: an end, a bound, or the words of a pair (由3.27缩小至2.93).
_BARE_END = r"(?=[，。；、）)！]|$|左右|以[上内下]|[提增扩下降缩减上]|[至到]\d)"
_LEFT_WORDS = "突破|超过|超|逾|近|接近|上|过|达|达到|约|迈上|跨上|跃上"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A printed figure: clean offsets of number and unit (with 以上 and the like), end exclusive.

    `amount` is the number without bound, `unit` as printed, with scale (`万人次`). `growth` is set
    when the form itself says that something grew (`翻一番`). A `bare` figure has no unit.
    """

    start: int
    end: int
    amount: str
    bound: str = ""
    unit: str = ""
    growth: bool = False

    @property
    def value(self) -> str:
        """Return the value in the guide's notation.

        >>> Quantity(0, 5, "95", ">=", "%").value
        '>=95'
        """
        return self.bound + self.amount

    @property
    def bare(self) -> bool:
        """Return whether no unit is printed."""
        return not self.unit


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the forms of a figure, in the order in which they are tried."""
    words = "|".join(re.escape(word) for word in measures())
    scale = r"(?:[十百千]?[万亿]|万亿|千|百)?"
    odd = r"(?:余|多|几|来)?"
    per = rf"(?:/(?:{words}|日|生|月|秒|时|亩次|[a-zA-Z]{{1,4}})(?:[•·・.](?:{words}|月))?)?"
    unit = rf"(?P<unit>{scale}(?P<odd>{odd})(?:(?:{words})(?:（(?:{words})）)?{per}))"
    numeral = "[一二两三四五六七八九]"
    return tuple(
        (name, re.compile(pattern))
        for name, pattern in (
            ("ratio", rf"{_FREE}{_NUM}(?:[:：∶]{_NUM}){{1,2}}(?![\d年])"),
            ("per", rf"{_FREE}(?P<number>{_NUM})(?P<unit>/(?:10|十)?万)(?!\w)"),
            ("range", rf"{_FREE}(?P<low>{_NUM})(?P<first>%|％|‰)?{_TO}(?P<number>{_NUM})(?P<few>余|多)?{unit}"),
            ("plain", rf"{_FREE}(?P<number>{_NUM})(?P<few>余|多)?{unit}"),
            ("scaled", rf"{_FREE}(?P<number>{_NUM})(?P<few>余|多)?(?P<unit>[万亿])(?!\d)"),
            ("tenths", rf"(?P<tens>{numeral}|\d)成(?P<half>半)?(?![立为果员功长就交品都效本套不])"),
            ("fraction", rf"(?P<below>{numeral}|[十百千]|\d+)分之(?P<above>[一二两三四五六七八九十百零〇点]+|{_NUM})"),
            ("doubling", rf"翻了?(?P<times>{numeral})?番"),
            ("round", rf"(?<=[{_tails()}])(?P<word>[十百千])?(?P<unit>(?:万亿|亿|万)(?:{words}))"),
            ("chinese", rf"(?P<word>{numeral})(?P<unit>倍)"),
            ("bare", rf"{_FREE}(?:(?P<low>{_NUM}){_TO})?(?P<number>{_NUM}){_BARE_END}"),
        )
    )  # fmt: skip


def _tails() -> str:
    """Return the last characters of the words that may stand before `千亿元`, for a look-behind."""
    return "".join(sorted({word[-1] for word in _LEFT_WORDS.split("|")}))


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the figures of a clean sentence from left to right, without overlap.

    Calendar years are not figures. Offsets are those of `text`.

    >>> [(q.value, q.unit) for q in find_quantities("达到1.29万户、超三成，控制在3.88%以内，2020年建成50余个")]
    [('1.29', '万户'), ('>30', '%'), ('<=3.88', '%'), ('>50', '个')]
    >>> [(q.value, q.unit) for q in find_quantities("翻一番，每年140—160元，总产值突破千亿元")]
    [('1', '番'), ('140-160', '元'), ('>1000', '亿元')]
    """
    folded = fold(text)
    found: list[Quantity] = []
    at = 0
    anchors = re.compile(r"\d|[一二两三四五六七八九十百千]|翻|万|亿")
    while (anchor := anchors.search(folded, at)) is not None:
        quantity = _quantity(text, folded, anchor.start())
        if quantity is None:
            at = _past(folded, anchor.start())
        else:
            found.append(quantity)
            at = quantity.end
    return tuple(found)


def _past(text: str, at: int) -> int:
    """Return where to look on after a figure that is none: behind its digits."""
    if not text[at].isdigit():
        return at + 1
    run = re.compile(r"[\d.．]+").match(text, at)
    return run.end() if run else at + 1


def _quantity(raw: str, text: str, at: int) -> Quantity | None:
    for name, pattern in _patterns():
        match = pattern.match(text, at)
        if match is None or _is_date(text, match):
            continue
        reading = _read(name, match, raw)
        if reading is None:
            continue
        amount, unit, growth = reading
        return _bounded(text, match, amount, unit, growth)
    return None


def _is_date(text: str, match: re.Match[str]) -> bool:
    """Return whether the match is a calendar year (2020年, 2021—2025年) or a day of a month."""
    shown = match.group(0)
    if text.endswith("连续", 0, match.start()):
        return True  # 连续5年: how long, not how much
    if re.match(r"(?:19|20)\d\d(?:-|—|——|~|～|至|到)?(?:年|(?:19|20)?\d\d年|$)", shown) and "/" not in shown:
        return True
    return re.match(r"[年月日]", text[match.end() : match.end() + 1]) is not None and not shown[-1].isalpha()


def _read(name: str, match: re.Match[str], raw: str) -> tuple[str, str, bool] | None:
    """Return amount, unit and whether the form is a growth, or None when it reads as nothing."""
    if name in ("per", "range", "plain", "scaled", "bare"):
        amount = _digits(match["number"])
        if match.groupdict().get("low"):
            amount = f"{_digits(match['low'])}-{amount}"
        unit = "" if name == "bare" else _unit(raw, match)
        return amount, unit, False
    if name == "ratio":
        return raw[match.start() : match.end()], "", False
    if name == "tenths":
        tens = _CHINESE.get(match["tens"]) or int(match["tens"])
        return str(tens * 10 + (5 if match["half"] else 0)), "%", False
    if name == "fraction":
        return _fraction(match["below"], match["above"])
    if name == "doubling":
        return str(_CHINESE[match["times"] or "一"]), "番", True
    if name == "round":
        return {"": "1", "十": "10", "百": "100", "千": "1000"}[match["word"] or ""], match["unit"], False
    return str(_CHINESE[match["word"]]), match["unit"], False


def _unit(raw: str, match: re.Match[str]) -> str:
    unit = raw[match.start("unit") : match.end("unit")]
    odd = match.groupdict().get("odd")
    if odd:
        at = match.start("odd") - match.start("unit")
        unit = unit[:at] + unit[at + len(odd) :]
    return unit.replace("％", "%")


def _digits(number: str) -> str:
    return number.replace(",", "").replace("，", "").replace("．", ".")


def _fraction(below: str, above: str) -> tuple[str, str, bool] | None:
    """Return a spelled fraction: 百分之 as %, 千分之 as ‰, any other as % with two decimals."""
    over = Decimal(_digits(above)) if above[0].isdigit() else _spelled(above)
    under = {"百": Decimal(100), "千": Decimal(1000), "十": Decimal(10)}.get(below) or (
        Decimal(below) if below.isdigit() else _spelled(below)
    )
    if over is None or not under:
        return None
    if below in ("百", "千"):
        return str(over), "%" if below == "百" else "‰", False
    share = (over / under * 100).quantize(Decimal("0.01")).normalize()
    return f"{share:f}", "%", False


def _spelled(words: str) -> Decimal | None:
    """Return a Chinese numeral below 1000 with decimals, e.g. 九十五, 三点五; None if it is none."""
    whole, _, rest = words.partition("点")
    total, digit = 0, 0
    for char in whole:
        if char in "十百":
            total += (digit or 1) * (10 if char == "十" else 100)
            digit = 0
        elif char in _CHINESE:
            digit = _CHINESE[char]
        else:
            return None
    decimals = "".join(str(_CHINESE[char]) for char in rest if char in _CHINESE)
    return Decimal(f"{total + digit}.{decimals}") if decimals else Decimal(total + digit)


def _bounded(text: str, match: re.Match[str], amount: str, unit: str, growth: bool) -> Quantity:
    """Return the figure with the bound that the words around it give."""
    end, bound = match.end(), ""
    groups = match.groupdict()
    if groups.get("few") or groups.get("odd"):
        bound = ">"
    window = text[max(0, match.start() - 8) : match.start()]
    for pattern, sign in _BEFORE:
        if pattern.search(window) and not (sign == ">=" and window.endswith("上") and "word" not in groups):
            bound = sign
            break
    for pattern, sign in _AFTER:
        after = pattern.match(text, end)
        if after is not None:
            end, bound = after.end(), sign or bound
            break
    if re.search(r"近$", window) and "word" in groups and "number" not in groups:
        bound = "<"
    return Quantity(match.start(), end, amount, bound, unit, growth)
