"""Which figures of a sentence belong to which indicators.

The grammar is that of Chinese statistics prose: the name, words of reaching (`达到`, `稳定在`), the
figure; more figures of the same name after it (`、增长17%`, `，总数达169家`, `5086户20402人`), pairs
(`由A增加到B`), lists with `分别`, and counts before their noun (`4万头牛`).
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from extract.quantities import Quantity

_DATA = Path(__file__).with_name("data") / "figures.toml"
_TIMES = (
    r"(?:19|20)\d\d年?(?:(?:-|—|至|到)(?:19|20)?\d\d年?)?(?:[一二三四上下]季度|上半年|\d{1,2}月(?:\d{1,2}日)?)?(?:末|底|度|前|起|以来)?"
    r"|“?十[一二三四五六]?五”?(?:末期?|期末|期间|时期|以来|规划期)?|\d{1,2}月(?:底|末|份)?前?|五年来?|[一两三]年来?|连续(?:\d+|[一二两三四五六七八九十]+)(?:年|个季度|个月)"
)
_COMPARED = r"(?:较|比|与|同)[^，。；、]{0,14}?(?:期间|时期|末期?|同期|相比|年底?|去年|上年)的?(?:相比)?"
_AND = re.compile(r"[、，]?(?:和|及|与|以及|、|/|或)[“”]?")
# Behind a figure: what does not make it the count of another noun.
_AFTER = re.compile(
    r"[^\u4e00-\u9fff]|$|大关|关口|目标|水平|规模|的目标|的水平|之间|不等|用于|列|位|居|为|由|其中|且|并|增|降|下|比|较|同"
)
_BREAKS = frozenset("。；！？")
_KINDS = frozenset(["种", "类", "项", "个", "大类"])  # what counts kinds of things, not the things


@dataclass(frozen=True, slots=True)
class Slot:
    """An indicator's place in a sentence: clean offsets, and its number in the caller's list."""

    start: int
    end: int
    index: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one indicator. `change` is +1 or -1 for a growth or a reduction, else 0.

    `role` is "from" for the first figure of a pair (由A增加到B) and "to" for the second.
    """

    slot: Slot
    quantity: Quantity
    change: int = 0
    role: str = ""

    @property
    def value(self) -> str:
        """Return the value in the guide's notation; a reduction is negative, its bound turned."""
        if self.change >= 0:
            return self.quantity.value
        turned = self.quantity.bound.translate(str.maketrans("<>", "><"))
        return f"{turned}-{self.quantity.amount}"


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    """Return each word list of the data file as a regular expression alternation."""
    with _DATA.open("rb") as file:
        table = tomllib.load(file)
    return {
        key: "|".join(re.escape(word) for word in sorted(set(words.split()), key=lambda w: (-len(w), w)))
        for key, words in table.items()
    }


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    words = _words()
    step = rf"(?:{words['up']}|{words['down']})"
    return {
        "filler": re.compile(
            rf"{_COMPARED}|{_TIMES}|{words['reach']}|{words['nominal']}|{words['up']}|{words['down']}|[，、：（）“”—≥≤<>-]"
        ),
        "tail": re.compile(
            rf"(?:{_COMPARED}|{_TIMES}|{words['reach']}|{words['up']}|{words['down']}|[，、：（“”≥≤<>＞＜])$"
        ),
        "step": re.compile(rf"(?P<step>{step})(?:了|率|约|近|超过?|突破|不低于|不少于|高于|幅度|目标|近|比例|逾)*$"),
        "up": re.compile(rf"(?:{words['up']})"),
        "fresh": re.compile(rf"(?:{words['fresh']})了?$"),
        "from": re.compile(r"(?:由|从)[^，。；]{0,16}$"),
        "to": re.compile(rf"(?:{step}|调整|优化|变化|发展|转变)?了?(?:到|至|为)?(?:{_TIMES})?的?$"),
    }


def rest(gap: str) -> str:
    """Return what is left of the text between a name and a figure after the words of reaching.

    >>> rest("较“十二五”末分别增长"), rest("，带动农户")
    ('', '带动农户')
    """
    return _patterns()["filler"].sub("", gap)


def trailing(zone: str) -> int:
    """Return where the words of reaching at the end of `zone` begin.

    >>> trailing("再生水利用率提高到")
    6
    """
    end = len(zone)
    while end and (match := _patterns()["tail"].search(zone, max(0, end - 24), end)) is not None:
        if match.start() == match.end():
            break
        end = match.start()
    return end


def link(text: str, slots: Sequence[Slot], quantities: Sequence[Quantity]) -> list[Figure]:
    """Return the figures of a folded sentence that belong to its indicators, left to right."""
    return _Linker(text, slots, quantities).figures()


class _Linker:
    """Walks through a sentence's indicators and figures in order."""

    def __init__(self, text: str, slots: Sequence[Slot], quantities: Sequence[Quantity]) -> None:
        self.text = text
        self.slots = sorted(slots, key=lambda slot: slot.start)
        self.runs = _runs(text, quantities)
        self.found: list[Figure] = []
        self.open: list[Slot] = []  # the indicators that figures after them belong to
        self.end = 0  # where the last slot or figure ended
        self.after_figure = False  # whether a figure was the last item, not an indicator
        self.valued: list[Slot] = []  # indicators with figures, in order
        self.counted: list[Slot] = []  # indicators whose figure stood before them

    def figures(self) -> list[Figure]:
        slots = list(self.slots)
        for number, run in enumerate(self.runs):
            before = [slot for slot in slots if slot.end <= run[0].start]
            slots = slots[len(before) :]
            self._pass([slot for slot in before if slot not in self.counted])
            following = slots[0] if slots and slots[0].start >= run[-1].end else None
            limit = self.runs[number + 1][0].start if number + 1 < len(self.runs) else len(self.text)
            self._take(run, following if following and following.end <= limit else None)
        return self.found

    def _pass(self, before: Sequence[Slot]) -> None:
        """Note the indicators that stand between the last figure and the next one."""
        for slot in before:
            gap = self.text[self.end : slot.start]
            joined = bool(self.open) and self.end == self.open[-1].end and _AND.fullmatch(gap) is not None
            self.open = [*self.open, slot] if joined else [slot]
            self.end = slot.end
            self.after_figure = False

    def _take(self, run: Sequence[Quantity], following: Slot | None) -> None:
        """Give a run of figures (`5%、7%`) to the indicators before it, or to the noun after it."""
        gap = self.text[self.end : run[0].start]
        if following is not None and not self._counts(run[-1], following):
            following = None
        if following is not None and (not self.open or _opens_noun(gap)):
            self._count(run[-1], following)
        elif self.open and not _BREAKS & set(gap) and not rest(gap) and not self._of_another(gap, run[-1]):
            self._assign(run, gap)
        elif following is not None:
            self._count(run[-1], following)
        else:
            self.open = []
        self.end = run[-1].end
        self.after_figure = True

    def _count(self, quantity: Quantity, noun: Slot) -> None:
        """Note a figure that counts the noun after it (`建成260个美丽宜居村`)."""
        before = self.text[: quantity.start]
        fresh = _patterns()["fresh"].search(before) is not None
        last = self.found[-1] if self.found else None
        if last is not None and last.slot in self.counted and _AND.fullmatch(self.text[last.slot.end : quantity.start]):
            fresh = last.change > 0
        self.found.append(Figure(noun, quantity, int(fresh)))
        self.counted.append(noun)

    def _of_another(self, gap: str, quantity: Quantity) -> bool:
        """Return whether the figure counts something else (`12家，94条生产线`) or compares in times."""
        if quantity.unit == "倍" and re.search(r"[是为].*的$", gap):
            return True
        if not self.after_figure:
            return False
        crosses = not gap or any(mark in gap for mark in "，、（")
        return crosses and _AFTER.match(self.text, quantity.end) is None

    def _counts(self, quantity: Quantity, slot: Slot) -> bool:
        """Return whether the figure counts the noun right after it."""
        between = self.text[quantity.end : slot.start]
        if quantity.unit in _KINDS and self._has_own(slot):
            return False
        return between in ("", "的", "以上的", "“") and not quantity.bare

    def _has_own(self, slot: Slot) -> bool:
        """Return whether a figure of its own follows an indicator (`12种污染物排放总量削减5%`)."""
        after = next((run[0].start for run in self.runs if run[0].start >= slot.end), None)
        if after is None:
            return False
        gap = self.text[slot.end : after]
        return not rest(gap) and re.fullmatch(r"[、，和与及]*", gap) is None

    def _assign(self, run: Sequence[Quantity], gap: str) -> None:
        if self._passes(run[0], gap):
            self.found.pop()
        if run[0].bound and len(run) > 1 and "分别" in gap:
            run = [replace(quantity, bound=quantity.bound or run[0].bound) for quantity in run]
        targets = self._targets(len(run), gap)
        pairs = (
            list(zip(targets, run, strict=True)) if len(targets) == len(run) else [(s, q) for q in run for s in targets]
        )
        for slot, quantity in pairs:
            self.found.append(self._figure(slot, quantity, gap, quantity is run[0]))
            self.valued.append(slot)

    def _passes(self, quantity: Quantity, gap: str) -> bool:
        """Return whether the figure says exactly what the one before only passed: `突破2万元、达到20793元`."""
        last = self.found[-1] if self.found else None
        return (
            last is not None
            and last.quantity.bound == ">"
            and last.quantity.end == self.end
            and re.fullmatch(r"[，、](?:达到?|为)", gap) is not None
        )

    def _targets(self, count: int, gap: str) -> list[Slot]:
        """Return the indicators that a run of `count` figures is about."""
        recent = list(dict.fromkeys(self.valued))[-count:]
        fresh_run = len(self.open) == 1 and self.open[0] in self.valued
        if "分别" in gap and count > 1 and fresh_run and len(recent) == count:
            once = [self.valued.count(slot) for slot in recent]
            if max(once) == 1:
                return recent
        return self.open

    def _figure(self, slot: Slot, quantity: Quantity, gap: str, first: bool) -> Figure:
        text = self.text
        ends = [f.quantity.end for f in self.found[-2:] if f.quantity.end <= quantity.start]
        before = text[max(slot.end, quantity.start - 24, *ends) : quantity.start]
        if not first:
            before = gap
        change = 0
        if (match := _patterns()["step"].search(before)) is not None:
            change = 1 if _patterns()["up"].fullmatch(match["step"]) else -1
        if quantity.growth:
            change = change or 1
        is_new = _patterns()["fresh"].search(text, max(0, slot.start - 6), slot.start) is not None
        seen = any(figure.slot == slot for figure in self.found)
        if is_new and not seen and not change:
            change = 1
        return Figure(slot, quantity, change, self._role(slot, quantity, before))

    def _role(self, slot: Slot, quantity: Quantity, before: str) -> str:
        if _patterns()["from"].search(before):
            return "from"
        last = self.found[-1] if self.found else None
        if last is not None and last.slot == slot and last.role == "from":
            between = self.text[last.quantity.end : quantity.start]
            if "，" not in between.lstrip("，") and _patterns()["to"].search(between):
                return "to"
        return ""


def _runs(text: str, quantities: Sequence[Quantity]) -> list[list[Quantity]]:
    """Return the figures in runs: figures in one list (`96.9%、99%`, `10.3%和9%`) stand together.

    A figure in brackets right after another says the same once more and is left out.
    """
    runs: list[list[Quantity]] = []
    for quantity in sorted(quantities, key=lambda q: q.start):
        gap = text[runs[-1][-1].end : quantity.start] if runs else None
        if gap == "（" and text[quantity.end : quantity.end + 1] == "）":
            continue
        if gap is not None and re.fullmatch(r"[、，]?(?:和|与|及|、)", gap):
            runs[-1].append(quantity)
        else:
            runs.append([quantity])
    return runs


def _opens_noun(gap: str) -> bool:
    """Return whether a figure after this gap is the next item of an enumeration."""
    return gap[-1:] in tuple("，；、（：和与及") or _AND.fullmatch(gap) is not None
