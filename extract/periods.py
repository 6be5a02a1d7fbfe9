"""To which year or years a figure of a sentence belongs, and whether they lie behind or ahead.

Periods are written as in the annotation guide: `2025`, `2021-2025`, or "" where nothing is said.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass

from extract.document import Document, DocumentKind
from extract.folding import fold

_FIRST_PLAN = 1953  # the first five-year plan; the fourteenth is 2021-2025
_DIGITS = "一二三四五六七八九"
_ORDINALS = {word: i for i, word in enumerate([*_DIGITS, "十", *(f"十{digit}" for digit in _DIGITS)], 1)}
# “十五”, 十四五; without quotes 十五 and 九五 only before a word of time, as 十五年免费教育 is none.
_PLAN = (
    r"(?:[“\"](?P<quoted>十[一二三四五六七八九]?|[六七八九])五[”\"]"
    r"|(?P<plain>十[一二三四五六七八九](?=五(?![年个项条所类届天]))|(?:十|[六七八九])(?=五(?:期间|时期|末|以来|规划|计划)))五”?)"
)
_TIME = re.compile(
    rf"(?P<first>(?:19|20)\d\d)年?(?:-|—|——|~|～|至|到)(?P<last>(?:19|20)\d\d)年?"
    rf"|(?P<year>(?:19|20)\d\d)年"
    rf"|{_PLAN}(?P<part>末期?|期末|期间|时期|以来|规划期|头|初|中期)?"
    rf"|(?P<five>(?:今后|未来|过去|这)五年|五年(?=来|间|累计|共))"
)
# Before a time: what makes it the thing compared with, not the time of the figure itself.
_COMPARED = re.compile(r"(?:较|比|与|同|是|相当于|相比于)(?:上年|上一年)?$")
_FROM = re.compile(r"(?:由|从|自)$")
_DAY = re.compile(r"\d{1,2}月(?!底|末|份)")
_FOUNDED = re.compile(
    r"(?:经[^，]{0,12})?(?:成功|正式)?"
    r"(?:成立|始建|组建|建成|建立|创建|注册|晋级|被|获|荣获|启动|开工|投产|建设|入选|进入|批准)"
)
_REVIEW = re.compile(
    r"回顾|发展基础|基础条件|发展现状|取得.{0,6}成[就效绩]|主要成[就效绩]|工作总结|基本情况|资源情况|概况|简介|过去|完成情况"
    r"|产业情况|现状|发展成[就效绩]|(?:十[一二三四五]五|“十[一二三四五]五”)(?:时期|期间)?(?:经济社会)?发展(?:情况|回顾|成)"
)
_AHEAD = re.compile(
    r"目标|思路|安排|部署|重点工作|任务|要求|下一步|未来|打算|今后|措施|展望|远景|方向|工作重点|新一年|新时代|策略|保障|举措"
)
# In a part that looks back, only these turn a section of it ahead.
_AIMS = re.compile(r"目标|思路|展望|今后|下一步|部署|安排|未来|打算|重点工作")
_PLANNING = re.compile(r"规划|计划|方案|意见|纲要|行动|要点|安排")
_AHEAD_WORDS = re.compile(
    r"力争|确保|预计|预期|计划(?!单列|生育)|拟|将(?!军)|争取|达产|投产[达后，]|建成后|达效|目标(?:是|为|：)|有望|要(?:达|在|使|努力)|今后"
)
# 到2025年 with one of these is an aim, 到2025年底已达到 is none.
_BY_THEN = re.compile(
    r"到(?:19|20)\d\d年(?:末|底)?[^。；]{0,40}?(?:达|实现|力争|预期|控制|突破|新增|建成|提高|增加|降)"
)
_SURE = ("预计", "预期", "达产", "投产", "建成后", "达效")  # ahead even in a part that looks back
_BEHIND_WORDS = re.compile(
    r"已(?!探明)经?|完成情况|累计(?!达到?产)|目前|现有|截[至止]|连续|完成了|实现了|达到了|同比|较上年|比上年|创历史|首次"
)


@dataclass(frozen=True, slots=True)
class Time:
    """A time expression of a sentence: clean offsets, first and last year (they may be equal).

    `role` is "" for a time that figures after it belong to, "from" after 由/从, "compared" after
    较/比, and "event" for a day or the time of a founding, which reaches no further than its
    clause. `whole` says that the text names a plan as a whole (“十三五”期间, not “十三五”末).
    """

    start: int
    end: int
    first: int
    last: int
    role: str = ""
    whole: bool = False

    @property
    def period(self) -> str:
        """Return the period in the guide's notation."""
        return str(self.last) if self.first == self.last else f"{self.first}-{self.last}"


def plan_years(number: int) -> tuple[int, int]:
    """Return first and last year of five-year plan `number`.

    >>> plan_years(14)
    (2021, 2025)
    """
    first = _FIRST_PLAN + 5 * (number - 1)
    # The years 1963-1965 lay between the second plan and the third.
    first += 3 if number > 2 else 0
    return first, first + 4


def plan_number(year: int) -> int:
    """Return the number of the five-year plan that a year (from 1966 on) belongs to.

    >>> plan_number(2020), plan_number(2021)
    (13, 14)
    """
    return (year - plan_years(3)[0]) // 5 + 3


def find_times(text: str, five_years: tuple[int, int] | None = None) -> tuple[Time, ...]:
    """Return the time expressions of a folded sentence.

    `five_years` is what 五年来 or 今后五年 stand for; None leaves them out.

    >>> [(t.period, t.role) for t in find_times("“十三五”末，较2015年提高")]
    [('2020', ''), ('2015', 'compared')]
    """
    found = []
    for match in _TIME.finditer(text):
        years = _years(match, five_years)
        if years is None:
            continue
        before = text[max(0, match.start() - 6) : match.start()]
        role = "compared" if _COMPARED.search(before) else "from" if _FROM.search(before) else ""
        if not role and (
            _DAY.match(text, match.end()) or before.endswith(("于", "自")) or _FOUNDED.match(text, match.end())
        ):
            role = "event"
        whole = _plan(match) is not None and years[0] != years[1]
        found.append(Time(match.start(), match.end(), years[0], years[1], role, whole))
    return tuple(found)


def _plan(match: re.Match[str]) -> str | None:
    return match["quoted"] or match["plain"]


def _years(match: re.Match[str], five_years: tuple[int, int] | None) -> tuple[int, int] | None:
    if match["first"]:
        return int(match["first"]), int(match["last"])
    if match["year"]:
        return int(match["year"]), int(match["year"])
    if match["five"]:
        return five_years
    first, last = plan_years(_ORDINALS[_plan(match) or ""])
    return (last, last) if match["part"] in ("末", "末期", "期末") else (first, last)


class Calendar:
    """What a document's own dates and headings say of its figures: behind it or ahead.

    `planned` is the planning period in years, `last_year` the last year that had ended, or
    nearly, when the document was made; None where nothing is known.
    """

    def __init__(self, document: Document) -> None:
        self.kind = document.meta.kind
        years = re.findall(r"\d{4}", document.meta.period)
        self.planned = (int(years[0]), int(years[-1])) if years else None
        self.last_year = self._last_year(document)
        self._titled_ahead = _PLANNING.search(fold(document.meta.title)) is not None
        self._back: list[bool] = []
        self._forward: list[bool] = []
        self._later: list[bool] = []
        for node in document.sections:
            self._read_heading(fold(node.title.clean), node.parent)

    def _read_heading(self, title: str, parent: int | None) -> None:
        """Note whether the section under a heading looks back, ahead, or comes after one that does."""
        under_back = parent is not None and self._back[parent]
        under_forward = parent is not None and self._forward[parent]
        own_back = bool(_REVIEW.search(title))
        words = _AIMS if under_back else _AHEAD
        own_ahead = not own_back and (bool(words.search(title)) or self._is_next_year(title))
        self._back.append(own_back or (under_back and not own_ahead))
        self._forward.append(own_ahead or (under_forward and not own_back))
        self._later.append((bool(self._later) and self._later[-1]) or (own_ahead and not under_back))

    def _last_year(self, document: Document) -> int | None:
        meta = document.meta
        if meta.kind is DocumentKind.PLAN and self.planned:
            return self.planned[0] - 1
        if meta.adopted is not None:
            return meta.adopted.year if meta.adopted.month > 6 else meta.adopted.year - 1
        return None

    def _is_next_year(self, title: str) -> bool:
        year = re.search(r"(?:19|20)\d\d(?=年)", title)
        return year is not None and self.last_year is not None and int(year.group(0)) > self.last_year

    def five_years(self, section: int | None) -> tuple[int, int] | None:
        """Return what “the five years” are: of the plan before in a part that looks back."""
        if self.planned is None or self.planned[1] - self.planned[0] != 4:
            return None
        shift = 5 if self.looks_back(section) else 0
        return self.planned[0] - shift, self.planned[1] - shift

    def looks_back(self, section: int | None) -> bool:
        """Return whether a section tells of the past: by the nearest heading that says so."""
        return section is not None and self._back[section]

    def is_ahead(self, period: str, words: str, section: int | None) -> bool:
        """Return whether a figure is aimed at: by its year, the words around it, its section."""
        if period and self.last_year is not None:
            return int(period[-4:]) > self.last_year
        if self.last_year is None and period and _BY_THEN.search(words) and not _BEHIND_WORDS.search(words):
            return not self.looks_back(section)
        ahead, behind = _last(_AHEAD_WORDS, words), _last(_BEHIND_WORDS, words)
        back = self.looks_back(section)
        if ahead is not None and (behind is None or ahead.start() > behind.start()):
            return not back or ahead.group(0).startswith(_SURE)
        if back:
            return False
        if behind is not None and self.kind is not DocumentKind.PLAN:
            return False
        return self._default_ahead(section)

    def _default_ahead(self, section: int | None) -> bool:
        if self.kind is DocumentKind.REPORT:
            return section is not None and self._later[section]
        if self.kind is DocumentKind.PLAN:
            return True
        return self._titled_ahead or (section is not None and self._forward[section])


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for match in pattern.finditer(text):
        found = match
    return found


def nearest(text: str, times: tuple[Time, ...], position: int, floor: int = 0) -> Time | None:
    """Return the last time before `position` that figures there belong to, not older than `floor`."""
    index = bisect_right([time.start for time in times], position)
    for time in reversed(times[:index]):
        if time.start < floor:
            return None
        if not time.role and time.end <= position:
            return time
        if time.role == "event" and time.end <= position and "，" not in text[time.end : position]:
            return time
    return None
