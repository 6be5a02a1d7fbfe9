"""Names that stand in a text beyond doubt, whatever the tagger saw: public names, legal forms, bare lists.

Rules as in `extract.constraints`; each adds mentions where none is, or completes what was seen in part.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from extract.draft import RULE_PROBABILITY, Draft, is_free
from extract.legal_forms import companies
from extract.lexicon import Hit, names, schemes
from extract.zones import zones
from ontology.schema import EntityType as T

# Words for a kind of settlement, and names of which a settlement's last character is only a part.
SETTLEMENT = re.compile(
    r"(?:村|镇|乡|街道|社区)$(?<![乡农城村][村镇乡])(?<![小古名强重新大水制心型点范俗假光色美明好营困中政然各本全该兴建富治进下驻入离返][村镇乡])"
    r"(?<![之家]乡)(?<!卫生镇)(?<!文化村)(?<![型慧明谐范]社区)"
)
_ITEM = r"[一-龥]{1,5}(?:村|镇|乡|街道)"
_NAME = re.compile(_ITEM)
_CELL = re.compile(rf"(?:^|\|)\s*({_ITEM})\s*(?=\||$)")
_RUN = re.compile(rf"(?<![一-龥])(?:{_ITEM}、)+{_ITEM}(?![一-龥])")
_BEGINNING = frozenset({T.ENTERPRISE, T.DISTRICT, T.INSTITUTION, T.PARK})  # with which a company's name may begin
# Listed policies that are labelled as such; of the others (互联网+, 普惠金融) only some uses are.
_LISTED_POLICY = re.compile(
    r"(?:战略|改革|行动|制度|[坚卫]战|条例|机制|革命|运动|振兴|攻坚|大开发|扶贫|脱贫|碳达峰|碳中和|一带一路|双减)$"
)
_DOCUMENT = re.compile(
    r"《([^《》]{4,60}?(?:纲要|规划|意见|方案|条例|办法|计划|法|决定|通知|要点|细则|标准|行动|措施|准则|规定|制度|目录|指南|政策)"
    r"(?:[（(][^（）()]{2,16}[）)])?)》"
)
_AWARD = (
    r"(?:国家级?|全国|中国|省级|全省|自治区级?|全疆)(?:(?!和)[一-龥]|“[一-龥]{2,6}”){1,18}?"
    r"(?:之乡|(?:示范|先进|模范|文明|重点|卫生|试点|强|名|生态|园林|森林)(?:城市|县城|集体|单位|村镇|社区|[县区市村镇乡城]))"
)
_AWARDED = re.compile(
    rf"(?:^|(?<=[、，：。；“\"|为是评获得建报创选入联成])){_AWARD}(?=[”\"，、。；（）！和及等|]|$|荣誉|称号|创建|命名)"
)
_AWARD_ALONE = re.compile(_AWARD)
_ZONE = re.compile(r"(?:带|轴|廊道?|核|中心|极|组团|板块|[两一]翼|环)$")  # what no district's name ends with
# Divisions of which the short name is one, too, and what a county's full name ends with.
_PROVINCE, _BELOW = "D2", frozenset({"D4", "D6"})
_FULL = re.compile(r".{2,}[省市区县州盟旗]$(?<!新区)")
_PART_OF_TOWN = re.compile(r"[新老旧主中东西南北]?城区|城[东西南北中关]区|市中区|郊区|矿区|[江河湖]?[东西南北]区")
# What follows when the words are part of a longer name: of another place, an office, a company, a meeting.
_LONGER = re.compile(
    r"[省州盟旗市县区镇乡村屯城域湾江河湖海山路站级岛]|[委党部]|地委|(?:人民)?政府|政协|人大|管委|办事处|街道|口岸|枢纽|机场|"
    r"[一-龥]{0,6}(?:公司|集团|银行|法院|大学|学院|医院|日报|委员会|办公室|工作队|小组|座谈会|会议|峰会)"
)
# What stands before when the name is part of a slogan or a title: 平安米东, “甘肃速度”.
_SLOGAN = re.compile(
    r"[“《][^”》]*$|(?:平安|健康|文明|富裕|幸福|美丽|法治|数字|智慧|诚信|活力|魅力|大美|绿色|宜居|和谐|志愿|多彩|书香|清廉|(?<![创全更])新)$"
)


def stands_free(text: str, start: int, end: int) -> bool:
    """Return whether a place's name at `[start, end)` is no part of another name, of a title or of a slogan."""
    return _LONGER.match(text, end) is None and _SLOGAN.search(text, 0, start) is None


def is_award(name: str) -> bool:
    """Return whether a name is a status or title that the nation or a province gives to places."""
    return _AWARD_ALONE.fullmatch(name) is not None


def legal_form(text: str, drafts: list[Draft]) -> list[Draft]:
    """Types, Enterprise: a name up to its legal form is one mention, unless it is part of a longer one."""
    seen = [(d.start, d.end) for d in drafts if d.type in _BEGINNING]
    return _over(drafts, companies(text, seen), T.ENTERPRISE, "legal-form")


def settlements_alone(text: str, drafts: list[Draft]) -> list[Draft]:
    """Types, District: towns and villages alone in a cell of a table or in a list of nothing else."""
    alone = [found.span(1) for found in _CELL.finditer(text)]
    alone += [item.span() for run in _RUN.finditer(text) for item in _NAME.finditer(text, *run.span())]
    named = [span for span in alone if SETTLEMENT.search(text[slice(*span)])]
    return _with(drafts, named, T.DISTRICT, "settlement")


def listed_policy(text: str, drafts: list[Draft]) -> list[Draft]:
    """Rule 8: national strategies, reforms and campaigns of the public list are labelled wherever they stand."""
    hits = [(hit.start, hit.end, text[hit.start : hit.end]) for hit in _public(text) if hit.label == "O"]
    named = [(start, end) for start, end, name in hits if name in schemes() or _LISTED_POLICY.search(name)]
    return _with(drafts, _touching(named), T.POLICY, "rule8:listed-policy")


def _touching(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans with those that touch each other as one: 新农合基本医保."""
    result: list[tuple[int, int]] = []
    for start, end in spans:
        if result and result[-1][1] == start:
            start, _ = result.pop()
        result.append((start, end))
    return result


@lru_cache(maxsize=1)
def _public(text: str) -> tuple[Hit, ...]:
    return tuple(names().find(text))


def titled_document(text: str, drafts: list[Draft]) -> list[Draft]:
    """Types, Policy: a title in 《》 that ends as plans, laws and notices do."""
    return _over(drafts, [found.span(1) for found in _DOCUMENT.finditer(text)], T.POLICY, "titled-document")


def awarded_status(text: str, drafts: list[Draft]) -> list[Draft]:
    """Types, Policy: a status that the nation or a province gives to places: 全国文明城市, 中国…之乡."""
    return _over(drafts, [found.span() for found in _AWARDED.finditer(text)], T.POLICY, "awarded-status")


def listed_district(text: str, drafts: list[Draft]) -> list[Draft]:
    """Types, District: provinces by both their names, and prefectures and counties by their full ones.

    In titles, slogans and names of meetings they are part of these.
    """
    named = []
    for hit in _public(text):
        name = text[hit.start : hit.end]
        known = hit.label == _PROVINCE or (hit.label in _BELOW and _FULL.match(name) and not _PART_OF_TOWN.match(name))
        if known and stands_free(text, hit.start, hit.end):
            named.append((hit.start, hit.end))
    return _with(drafts, named, T.DISTRICT, "listed-district")


def spelled_layout(text: str, drafts: list[Draft]) -> list[Draft]:
    """Types, Park: the zones of a layout that is spelled out (`zones`), but for those that are Districts."""
    result = list(drafts)
    for start, end in zones(text):
        inside = [d for d in result if d.start < end and start < d.end]
        district = any(d.type is T.DISTRICT and (d.start, d.end) == (start, end) for d in inside)
        if not district or _ZONE.search(text, start, end):
            result = [d for d in result if d not in inside]
            result.append(Draft(start, end, T.PARK, RULE_PROBABILITY, ("spelled-layout",)))
    return _sorted(result)


def _with(drafts: list[Draft], spans: Iterable[tuple[int, int]], kind: T, rule: str) -> list[Draft]:
    """Return the drafts with those spans that are free."""
    result = list(drafts)
    for start, end in spans:
        if is_free(result, start, end):
            result.append(Draft(start, end, kind, RULE_PROBABILITY, (rule,)))
    return _sorted(result)


def _over(drafts: list[Draft], spans: Iterable[tuple[int, int]], kind: T, rule: str) -> list[Draft]:
    """Return the drafts with those spans that no longer one covers, in place of what overlaps them."""
    result = list(drafts)
    for start, end in spans:
        inside = [d for d in result if d.start < end and start < d.end]
        covering = [d for d in inside if d.start <= start and end <= d.end]
        if not any(d.end - d.start > end - start or d.type is kind for d in covering):
            result = [d for d in result if d not in inside]
            result.append(Draft(start, end, kind, RULE_PROBABILITY, (rule,)))
    return _sorted(result)


def _sorted(drafts: list[Draft]) -> list[Draft]:
    return sorted(drafts, key=lambda d: d.start)
