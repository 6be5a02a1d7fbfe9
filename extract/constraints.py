"""Crisp rules of the annotation guide, applied to the tagger's spans of one sentence.

Each rule takes and returns spans over the folded clean text and is named after the rule of
GUIDE.md ("Boundary rules") that it carries out. They run in the order of `RULES`.
"""

import re
from collections.abc import Callable

from extract.certain_names import (
    SETTLEMENT,
    awarded_status,
    legal_form,
    listed_district,
    listed_policy,
    settlements_alone,
    spelled_layout,
    titled_document,
)
from extract.draft import RULE_PROBABILITY, Draft, is_free
from ontology.schema import EntityType as T

Rule = Callable[[str, list[Draft]], list[Draft]]

_OPENING = {"”": "“", "’": "‘", "）": "（", "》": "《", "】": "【"}
_CLOSING = {opening: closing for closing, opening in _OPENING.items()}
_SELF = re.compile(r"(?:全[区市县省旗国镇乡]|我[区市县省州]|本[区市县省州镇乡]|[区市县]域内)")
_COUNTED = re.compile(r"(?:新增|新认定|新备案|新建成|累计|共有|全年|每年|年均|预计|稳定|达到|完成|实现)")
_AREAS = frozenset({T.DISTRICT, T.PARK, T.FACILITY})
_PARKLIKE = frozenset({T.PARK, T.FACILITY, T.ENTERPRISE})
_STEM = frozenset({T.PARK, T.FACILITY, T.PROJECT, T.INSTITUTION, T.ENTERPRISE})
_BROAD = frozenset({"自治区", "国家", "自治州", "首府", "中国", "新疆", "全疆", "兵团", "自治区级"})
_ETC = re.compile(r"等(?=[^，。、；]{0,8}(?:项目|工程|行动|基地|园区|片区|景区|道路|公路|改革|制度|政策)$)")
_VERB_START = re.compile(
    r"(?:加快|推进|实施|启动|建设|打造|推动|完成|组织|开展|落实|积极|大力|深入|继续|全面|支持|鼓励|引进|做好|对)(?=.{4})"
)
_TAUGHT = re.compile(r"(?:幼儿园|小学|中学|学校|大学|学院|医院)$")
_TOWN_OF_TRADE = re.compile(r"(?P<town>[^、]+?[镇乡村])(?P<trade>[一-龥]{2,6}?)(?:产业化|[名强重大])[镇乡村]$")
_BEARING = re.compile(r"(?:[东南西北]{1,2}[接临至邻靠连依]|位于|毗邻|紧邻|邻近|地处)(?=.{2})")
_COUNT = re.compile(
    r"(?:\d[\d.,]*万?[余多]?[个名家项座所处]|首[家个座条]|若干[个项]?(?:重大|重点)?|一批(?:重大|重点)?)(?=.{4})"
)
_WORKS = frozenset({T.PROJECT, T.FACILITY, T.PARK})
_COMPANY = re.compile(r"(?:(?<!国)(?<!教育)集团|公司|股份)$")
_NO_POLICY = frozenset({T.INDUSTRY, T.FACILITY, T.INSTITUTION, T.PARK})
_NO_COMPANY = re.compile(r"(?:市场|水库|机场|公园|广场)$")
_COUNTED_PARKS = re.compile(
    r"(?:(?:[两二三四五六七八九十]|\d+)[个大座][一-龥]{0,16}?(?:园区|工业园|产业园|科技园|物流园|开发区|片区|组团)"
    r"|等(?:工业|产业|科技|物流|重点|特色|专业)*(?:园区|开发区)(?!内|企业))"
)
_NO_PLACE = re.compile(r"(?:[省市县区州]|自治[区州县]|各级)?(?:委|党委|政府|人民政府|党委政府|人大|政协)")
_SAME_KIND = ("、", "和", "及", "与")
# Types, a name's ending, and the type that it has: schools and hospitals, places, settlements, companies.
_BY_ENDING = (
    (frozenset({T.FACILITY}), _TAUGHT, T.INSTITUTION),
    (frozenset({T.ENTERPRISE}), _NO_COMPANY, T.FACILITY),
    (_NO_POLICY | {T.ENTERPRISE}, SETTLEMENT, T.DISTRICT),
    (_NO_POLICY | {T.PROJECT}, _COMPANY, T.ENTERPRISE),
)
_LEVEL = "自治区"
# What the nation gives a status: it belongs to the status's name.
_STATUS = re.compile(r"(?:城市|[市区县镇乡村点]|社区|基地|河湖|集体|单位|企业|目的地)(?:（[市区县镇乡]）)?$")
_NATION = "全国"
_PARK = re.compile(r"(?:产业|工业|科技|物流)?园区(?!域)")
_ITEM = re.compile(r"(?<=、)(?:(?![和及与])[一-龥]){1,8}(?=[、和及与])")


def outer_quotes(text: str, drafts: list[Draft]) -> list[Draft]:
    """Rule 1: a quote inside a name is complete; quotes or brackets around the whole name are not part of it."""
    result = []
    for draft in (_balanced(text, draft) for draft in drafts):
        inside = text[draft.start : draft.end]
        whole = len(inside) > 2 and inside[0] in _CLOSING and inside[-1] == _CLOSING[inside[0]]
        if whole and inside.count(inside[0]) == 1:
            draft = draft.become("rule1:outer-quotes", start=draft.start + 1, end=draft.end - 1)
        result.append(draft)
    return result


def _balanced(text: str, draft: Draft) -> Draft:
    """Take in the missing half of a pair of quotes or brackets next to the span, or cut the odd half off."""
    start, end = draft.start, draft.end
    for closing, opening in _OPENING.items():
        inside = text[start:end]
        if inside.count(opening) == inside.count(closing):
            continue
        if inside.count(closing) > inside.count(opening):
            at = text.rfind(opening, max(0, start - 12), start)
            if at >= 0 and closing not in text[at:start]:
                start = at
            elif inside.endswith(closing):
                end -= 1
            elif inside.startswith(closing):
                start += 1
        else:
            at = text.find(closing, end, end + 16)
            if inside.endswith(opening):
                end -= 1
            elif inside.startswith(opening) and at != end:
                start += 1
            elif at >= 0 and not re.search("[，。；]", text[end:at]):
                end = at + 1
    if (start, end) == (draft.start, draft.end) or end - start < 1:
        return draft
    return draft.become("rule1:balanced", start=start, end=end)


def place_in_front(text: str, drafts: list[Draft]) -> list[Draft]:
    """Rule 3: a place directly in front of a name belongs to it."""
    result: list[Draft] = []
    for draft in drafts:
        last = result[-1] if result else None
        if (
            last is not None
            and last.end == draft.start
            and last.type in (T.DISTRICT, T.PARK)
            and draft.type in _STEM
            and text[last.start : last.end] not in _BROAD
        ):
            probability = min(last.probability, draft.probability)
            result[-1] = draft.become("rule3:place-in-front", start=last.start, probability=probability)
        else:
            result.append(draft)
    return result


def list_end(text: str, drafts: list[Draft]) -> list[Draft]:
    """Rule 7: `X等…项目` names X, not the phrase; X keeps its own type."""
    result = []
    for draft in drafts:
        found = _ETC.search(text[draft.start : draft.end])
        if found and found.start() >= 2:
            result.append(draft.become("rule7:list-end", end=draft.start + found.start()))
        else:
            result.append(draft)
    return result


def self_reference(text: str, drafts: list[Draft]) -> list[Draft]:
    """Mentions, District: 我区/全市 refer to the issuer and are no part of a name."""
    result = []
    for draft in drafts:
        found = _SELF.match(text, draft.start, draft.end)
        if found and found.end() == draft.end:
            continue
        result.append(draft.become("self-reference", start=found.end()) if found else draft)
    return result


def indicator_verb(text: str, drafts: list[Draft]) -> list[Draft]:
    """Observations: 新增/新认定 as the verb are not part of the label."""
    result = []
    for draft in drafts:
        found = _COUNTED.match(text, draft.start, draft.end) if draft.type is T.INDICATOR else None
        keep = found is None or draft.end - found.end() < 3
        result.append(draft if keep or found is None else draft.become("indicator-verb", start=found.end()))
    return result


def verb_in_front(text: str, drafts: list[Draft]) -> list[Draft]:
    """Mentions: verbs are left out of a name."""
    return _cut(text, drafts, _VERB_START, "verb-in-front")


def bearing_in_front(text: str, drafts: list[Draft]) -> list[Draft]:
    """Mentions: 东至, 北接, 地处 say where something lies and are no part of its neighbour's name."""
    return _cut(text, drafts, _BEARING, "bearing-in-front")


def count_in_front(text: str, drafts: list[Draft]) -> list[Draft]:
    """Mentions: how many are built (300个, 若干重大) is no part of a work's name."""
    cut = _cut(text, drafts, _COUNT, "count-in-front")
    return [c if d.type in _WORKS else d for d, c in zip(drafts, cut, strict=True)]


def _cut(text: str, drafts: list[Draft], front: re.Pattern[str], rule: str) -> list[Draft]:
    found = [front.match(text, draft.start, draft.end) for draft in drafts]
    return [d.become(rule, start=f.end()) if f else d for d, f in zip(drafts, found, strict=True)]


def level_of_list(text: str, drafts: list[Draft]) -> list[Draft]:
    """Rule 10: 自治区 before a coordinated list is a District, no part of the first item's name."""
    result: list[Draft] = []
    for number, draft in enumerate(drafts, 1):
        end = draft.start + len(_LEVEL)
        after = drafts[number] if number < len(drafts) else None
        listed = after is not None and after.type is draft.type and text[draft.end : after.start] in _SAME_KIND
        if listed and draft.type in (T.POLICY, T.PROJECT) and text.startswith(_LEVEL, draft.start) and draft.end > end:
            result.append(draft.become("rule10:level-of-list", end=end, type=T.DISTRICT))
            result.append(draft.become("rule10:level-of-list", start=end))
        else:
            result.append(draft)
    return result


def nation_in_front(text: str, drafts: list[Draft]) -> list[Draft]:
    """Rule 10: 全国 before a status, which is one name with it: 全国文明城市."""
    return [
        draft.become("rule10:nation-in-front", start=draft.start - len(_NATION))
        if draft.type is T.POLICY
        and text.endswith(_NATION, 0, draft.start)
        and _STATUS.search(text[draft.start : draft.end])
        else draft
        for draft in drafts
    ]


def park_word(text: str, drafts: list[Draft]) -> list[Draft]:
    """Types, Park: 园区 right behind a name is part of it, and tells what it is."""
    words = [_PARK.match(text, d.end) if d.type in _PARKLIKE else None for d in drafts]
    return [d.become("park-word", end=w.end(), type=T.PARK) if w else d for d, w in zip(drafts, words, strict=True)]


def town_of_trade(text: str, drafts: list[Draft]) -> list[Draft]:
    """Mentions: `X镇旅游名镇` names a town and what it is to live by, no third thing."""
    result: list[Draft] = []
    for draft in drafts:
        found = _TOWN_OF_TRADE.match(text[draft.start : draft.end]) if draft.type in _AREAS else None
        if found is None:
            result.append(draft)
            continue
        for group, kind in (("town", T.DISTRICT), ("trade", T.INDUSTRY)):
            start, end = (draft.start + at for at in found.span(group))
            result.append(draft.become("town-of-trade", start=start, end=end, type=kind))
    return result


def type_by_ending(text: str, drafts: list[Draft]) -> list[Draft]:
    """Types: what a name's last word leaves no doubt of."""
    result = []
    for draft in drafts:
        for types, ending, told in _BY_ENDING:
            if draft.type in types and ending.search(text[draft.start : draft.end]):
                draft = draft.become("type-by-ending", type=told)
        result.append(draft)
    return result


def named_office(text: str, drafts: list[Draft]) -> list[Draft]:
    """Rule 13: a party or government body is an Institution with a proper place name only."""
    return [d for d in drafts if d.type is not T.INSTITUTION or not _NO_PLACE.fullmatch(text, d.start, d.end)]


def counted_parks(text: str, drafts: list[Draft]) -> list[Draft]:
    """Rule 4: the items of `A、B两个…园区` and `A、B等园区` are parks, no companies."""
    result: list[Draft] = []
    after, follows = len(text), False  # where the item behind begins, and whether it is one of a list that ends so
    for draft in reversed(drafts):
        joined = text[draft.end : after] in _SAME_KIND
        follows = _COUNTED_PARKS.match(text, draft.end) is not None or (joined and follows)
        retyped = follows and draft.type is T.ENTERPRISE
        result.append(draft.become("rule4:counted-parks", type=T.PARK) if retyped else draft)
        after = draft.start
    return result[::-1]


def between_items(text: str, drafts: list[Draft]) -> list[Draft]:
    """Types: an item of a list between two of one type is of that type, too."""
    ending, starting = {d.end: d.type for d in drafts}, {d.start: d.type for d in drafts}
    found = []
    for start, end in (item.span() for item in _ITEM.finditer(text)):
        kind = ending.get(start - 1)
        if kind is starting.get(end + 1) and kind not in (None, T.INDICATOR) and is_free(drafts, start, end):
            found.append(Draft(start, end, kind, RULE_PROBABILITY, ("between-items",)))
    return sorted([*drafts, *found], key=lambda d: d.start)


RULES: tuple[Rule, ...] = (
    list_end,
    self_reference,
    indicator_verb,
    verb_in_front,
    place_in_front,
    outer_quotes,
    bearing_in_front,
    count_in_front,
    level_of_list,
    nation_in_front,
    park_word,
    town_of_trade,
    type_by_ending,
    counted_parks,
    named_office,
    legal_form,
    settlements_alone,
    titled_document,
    awarded_status,
    listed_policy,
    listed_district,
    spelled_layout,
    between_items,
)


def constrain(text: str, drafts: list[Draft]) -> list[Draft]:
    """Return the drafts after all rules: ascending, non-empty, without overlap (the likelier one stays)."""
    for rule in RULES:
        drafts = rule(text, drafts)
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: (-d.probability, d.start, -d.end)):
        if draft.start < draft.end and all(draft.end <= k.start or k.end <= draft.start for k in kept):
            kept.append(draft)
    return sorted(kept, key=lambda d: d.start)
