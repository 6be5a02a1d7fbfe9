"""Proposals of Indicator mentions: the name of a tracked statistic beside its figure.

A grammar, not a model: the name stands before the words of reaching (`X达到N`, `X为N`, `X增长N%`,
`X由A增加到B`), or the figure counts the noun after it (`形成4万头牛`), or it heads a table's row or
column. Each proposal carries the name of its rule. A span says nothing about its figure:
`extract.observations` reads that.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, takewhile

import rjieba

from extract.document import Cell, Document, Role, Sentence, Table
from extract.extraction import Evidence, Mention
from extract.figures import rest, trailing
from extract.folding import fold
from extract.indicator_names import describes, ends, is_name, is_ranked, is_thing, is_tracked, vocabulary, word_set
from extract.indicator_tables import columns, name_of, read_value
from extract.located import by_sentence
from extract.quantities import Quantity, find_quantities
from ontology.schema import EntityType

_CLOSES = "，。；：！？（）)“”"
_OPENER = re.compile(
    r"(?:到|至|截至|截止|仅)?(?:(?:19|20)\d\d年?(?:(?:-|—|至|到)(?:19|20)?\d\d年)?(?:末|底|度|前)?"
    r"|“?十[一二三四五]五”?(?:末期?|期末|期间|时期|以来)?|[一二三四]季度|上半年|五年来?)"
    r"|[一二三四五六七八九十]是|[①-⑳]|\d{1,2}[.、．]|（[\d一二三四五六七八九十]{1,2}）"
    r"|[我全本该][省市区县州疆乡镇村旗盟]|(?:本|所)?辖区内?|(?:境|乡|域|县域|区域|市域|镇|区)内|新(?:认定|备案|增|设立?|培育|引进|注册)|净增|目前|现有|共有|另有|还有"
)
_OWN = re.compile(r"[我全本][省市区县州疆乡镇]")
_NAMED = frozenset(
    {
        EntityType.DISTRICT,
        EntityType.PARK,
        EntityType.PROJECT,
        EntityType.FACILITY,
        EntityType.ENTERPRISE,
        EntityType.INSTITUTION,
    }
)
# What a page is about, before the name of its size: `企业占地面积`, `街道总人口`.
_OWNER = re.compile(
    r"(?:企业|公司|集团|厂区|街道|社区|园区|景区|(?:森林|湿地|地质)?公园|基地|项目|工程|合作社|学校|医院|小镇|度假区|开发区)"
    r"(?:现有?|共有?|已)?(?=(?:总|规划|设计)?(?:占地|用地|建筑)?(?:总?面积|占地|总?投资额?|总?人口|总?户数|资产(?:规模|总额)?|注册资[本金])$)"
)
# A firm by its legal form, when nothing told that it is one.
_FIRM = re.compile(r"[^，。；：]{2,24}(?:有限公司|责任公司|股份公司|合作社|商会)(?=[^，。；：]{2,8}$)")
_THERE = re.compile(
    r"(?:建成|拥有|共有|现有|已有|有|达到?|形成|获批|新增|净增|新?认定|组建|累计|创建|稳定)了?(?:约|近|超过?)?$"
)
_REACHED = re.compile(r"(?:达到?|形成|新增|提供|具备|增加)了?(?:约|近|超过?)?$")
_COUNTED = "indicators/count-before-noun"
_NOUN = re.compile(r"(?:[^，。；：！？、（）和及与“”\d]|和美){1,24}")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_HAS = re.compile(r"(?:现|拥|共|建|设|已|，|：|另|还)有$")
_PARTICLES = "了着过到至为出有的成好起已共"
_PART = re.compile(r"(?:^|[，、；：（])(?:其中[：，]?)?有?(?P<name>(?!其中)[\u4e00-\u9fff]{1,6})(?:有|约|为|共)?$")
_ABLE = re.compile(r"可[^，。；的]{1,4}的")  # belongs to the name: 可开发的资源总量


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed name in a clean sentence: offsets, end exclusive, and the rule that made it."""

    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A folded sentence, with the places of things named in it (parks, firms, towns …)."""

    text: str
    named: tuple[tuple[int, int], ...] = ()

    def inside(self, quantity: Quantity) -> bool:
        return any(start < quantity.end and quantity.start < end for start, end in self.named)

    def fence(self, start: int, end: int) -> int:
        """Return where the last thing named in `[start, end)` ends, or `start`."""
        return max((e for s, e in self.named if start <= s and e <= end - 2), default=start)


def indicator_spans(text: str, named: Sequence[tuple[int, int]] = ()) -> tuple[Proposal, ...]:
    """Return the names of statistics that a clean sentence gives figures for, left to right.

    `named` are the clean offsets of things named in the sentence; an indicator's name begins
    behind them, and figures inside them are parts of names.

    >>> text = "到2025年，全市常住人口城镇化率达到68.35%，接待游客突破500万人次"
    >>> [text[p.start:p.end] for p in indicator_spans(text)]
    ['常住人口城镇化率', '接待游客']
    """
    line = _Line(fold(text), tuple(named))
    found: dict[tuple[int, int], Proposal] = {}
    end, last, named_figure = 0, None, None
    quantities = find_quantities(text)
    for number, quantity in enumerate(quantities):
        if describes(line.text, quantity) or line.inside(quantity):
            continue
        run = _run(line.text, quantities[number:])
        proposals = _before(line, end, quantity, run) or _behind(line.text, end, quantity, last)
        if not proposals and found:
            proposals = _of_which(line.text, end, quantity) or _continued(line.text, named_figure, quantity)
        for proposal in proposals:
            found.setdefault((proposal.start, proposal.end), proposal)
        last = proposals[-1] if proposals else last
        named_figure = quantity if proposals and proposals[-1].end <= quantity.start else None
        end = max([quantity.end, *(p.end for p in proposals)])
    return tuple(sorted(found.values(), key=lambda p: p.start))


def _run(text: str, quantities: Sequence[Quantity]) -> int:
    """Return how many figures stand in the list that begins with the first (`5%、7%和9%`)."""
    listed = takewhile(lambda pair: text[pair[0].end : pair[1].start] in tuple("、和及与，"), pairwise(quantities))
    return 1 + sum(1 for _ in listed)


def _before(line: _Line, floor: int, quantity: Quantity, run: int) -> list[Proposal]:
    """Return the name (or the list of names) that stands between the last figure and this one."""
    text = line.text
    floor = max(floor, *(text.rfind(mark, 0, quantity.start) + 1 for mark in "。；！？"))
    end = floor + trailing(text[floor : quantity.start])
    if not rest(text[floor:end]):
        return []
    gap = text[end : quantity.start]
    start = _left(line, floor, end)
    start = _whole_item(text, start) if run > 1 and "分别" in gap else start
    known = is_name(text[start:end], quantity, gap) and is_tracked(text, start, end, quantity)
    if not known and not _is_there(text, start, end, quantity):
        return []
    found = _elided(text, start, end, run if "分别" in gap else 0)
    while start > floor and text[start - 1] in "、和与及":
        last, start = start - 1, _left(line, floor, start - 1)
        alike = text[last - 1] == text[end - 1] == "率"
        if not alike and re.search(r"分别|均|都|全部", gap) is None:
            break
        if not ends(text[start:last], "measured") or not is_name(text[start:last], quantity, gap):
            break
        found.insert(0, Proposal(start, last, "indicators/list-before-figure"))
    return found


def _whole_item(text: str, start: int) -> int:
    """Return where a list's last item begins, with the word that no name begins with alone (`、直接经济损失`)."""
    mark = text.rfind("、", max(0, start - 3), start)
    return mark + 1 if mark >= 0 else start


def _is_there(text: str, start: int, end: int, quantity: Quantity) -> bool:
    """Return whether the sentence says how many of a thing there are: `现有日光温室12栋`, `拥有景点33处`."""
    grown = quantity.unit.endswith(("亩", "公顷")) and text[max(0, start - 2) : start] in ("现有", "共有")
    counted = not quantity.unit.endswith(vocabulary()["measures"]) and quantity.unit[-1:] not in "年月天层级"
    stands = _HAS.search(text, max(0, start - 3), start) is not None and end == quantity.start
    return stands and (counted or grown) and _plain_noun(text, start, end, quantity)


def _plain_noun(text: str, start: int, end: int, quantity: Quantity) -> bool:
    """Return whether a stretch of text is a bare noun whose figure counts nothing else."""
    name = text[start:end]
    if re.fullmatch(r"[\u4e00-\u9fff]{2,8}", name) is None or not is_thing(name) or name in word_set("nothing"):
        return False
    if trailing(name) < len(name) or name.startswith(vocabulary()["built"]) or _CJK.match(text, quantity.end):
        return False
    return all(word not in word_set("lead") for word in rjieba.cut(name, False))


def _continued(text: str, before: Quantity | None, quantity: Quantity) -> list[Proposal]:
    """Return the next noun of a list whose figures have one unit: `烟叶500亩、葡萄200亩`.

    `before` is the figure right before when it has a name, else None.
    """
    if before is None or before.unit != quantity.unit or quantity.bare:
        return []
    match = re.match(r"[、，；](?=[\u4e00-\u9fff])", text[before.end : quantity.start])
    start, end = before.end + 1, quantity.start
    if match is None or not _plain_noun(text, start, end, quantity):
        return []
    return [Proposal(start, end, "indicators/continued-list")]


def _elided(text: str, start: int, end: int, run: int) -> list[Proposal]:
    """Return a name, or the items of a list that shares its head when `分别` gives each its figure.

    The guide's rule 14: in `原煤、原油产量分别达到…` the early items stay as they read. Items that only
    say whose figure it is (`城市、县城建成区面积`) name nothing.
    """
    whole = [Proposal(start, end, "indicators/before-figure")]
    items = text[start:end].split("、")
    if (
        len(items) < 2
        or run not in (1, len(items))
        or any(item in word_set("places") or len(item) < 2 for item in items)
    ):
        return whole
    starts = accumulate((len(item) + 1 for item in items), initial=start)
    return [Proposal(at, at + len(item), "indicators/elided-list") for at, item in zip(starts, items, strict=False)]


def _left(line: _Line, floor: int, end: int) -> int:
    """Return where the name that ends at `end` begins."""
    text = line.text
    start, depth = end, 0
    while start > floor:
        char = text[start - 1]
        if char in "）”":
            depth += 1
        elif char in "（“" and depth:
            depth -= 1
        elif char in _CLOSES and not depth:
            break
        start -= 1
    listed = _after_list(text, start, end)
    start = line.fence(listed, end)
    while start < end and text[start] in ("）”、和与及" if start > listed else "）”、"):
        start += 1
    owner = _OWNER.match(text, start, end) or _FIRM.match(text, start, end)
    start = owner.end() if owner is not None else start
    return _behind_cut(text, _skip_lead(text, start, end), end)


def _after_list(text: str, start: int, end: int) -> int:
    """Return where the last list item begins, unless the items share one head (`黄金、白银产量`)."""
    for mark in reversed(list(re.finditer(r"[、和与及]", text[start:end]))):
        at = start + mark.start()
        item = text[_skip_lead(text, max(start, text.rfind("、", start, at) + 1), at) : at]
        if mark.group(0) != "、":
            if len(item) > 3 and item.endswith(vocabulary()["measured"]) and at + 4 < end:
                return at + 1
        elif not item or len(item) > 10 or ends(item, "measured") or re.search(r"\d", item):
            return at + 1
    return start


def _skip_lead(text: str, start: int, end: int) -> int:
    """Return the start of the name behind leading verbs, adverbs, self-references and times."""
    leads, openings = word_set("lead"), vocabulary()["opening"]
    moved = True
    while moved and start < end:
        moved = False
        if text.startswith(openings, start, end):
            break
        opener = _OPENER.match(text, start, end)
        if opener is not None and start < opener.end() < end - 1:
            start, moved = opener.end(), True
            continue
        for word in rjieba.cut(text[start:end], False):
            # 完成了, 实现了: a lead with its particle.
            if start + len(word) >= end or text.startswith(openings, start, end) or _ABLE.match(text, start, end):
                break
            if word not in leads and (word[:-1] not in leads or word[-1] not in _PARTICLES):
                break
            start, moved = start + len(word), True
    return start


def _behind_cut(text: str, start: int, end: int) -> int:
    """Return the start behind the last verb, self-reference or 的 inside, if a name is left."""
    cuts, at, best = word_set("cut"), start, start
    for word in rjieba.cut(text[start:end], False):
        stop = at + len(word)
        enough = end - stop >= 3 or ends(text[stop:end], "measured")
        if at > start and enough and (word in cuts or (word == "的" and at - start > 2)):
            best = stop
        at = stop
    own = max((m.end() for m in _OWN.finditer(text, start, end - 2)), default=best)
    best = max(best, own)
    if (
        best == start
        or text[start] == "每"
        or _ABLE.match(text, start)
        or text[start:end].endswith(("贡献率", "比重", "之比"))
    ):
        return start
    return _skip_lead(text, best, end)


def _behind(text: str, floor: int, quantity: Quantity, last: Proposal | None) -> list[Proposal]:
    """Return the noun that the figure counts, when statistics follow it and the verb says it is there.

    `last` is the name found before: the verb of a counted noun governs the next item of its list.
    """
    before = text[max(floor, quantity.start - 12) : quantity.start]
    match = _NOUN.match(text, quantity.end)
    if match is None or quantity.bare:
        return []
    noun, of, _ = match.group(0).partition("的")
    found = [Proposal(match.start(), match.start() + len(noun), _COUNTED)]
    listed = last is not None and last.rule == _COUNTED and before in ("、", "（", "）、", "和", "，")
    if noun in word_set("animals") and (of or listed or _THERE.search(before)):
        return found
    if of:
        return []
    if (_THERE.search(before) or listed) and ends(noun, "counted"):
        return found
    if (_THERE.search(before) or _REACHED.search(before)) and is_ranked(noun):
        return found
    if _REACHED.search(before) and noun.endswith(("能力", "规模", "就业岗位", "产能")):
        return found
    return []


def _of_which(text: str, floor: int, quantity: Quantity) -> list[Proposal]:
    """Return a short noun right before a figure in the breakdown of a total (`其中水田40亩、旱田3亩`)."""
    zone = text[floor : quantity.start]
    if "其中" not in text[max(0, floor - 40) : quantity.start] or quantity.bare:
        return []
    match = _PART.search(zone)
    if match is None or match["name"] in word_set("lead") or rest(match["name"]) != match["name"]:
        return []
    if not is_thing(match["name"]) or (len(match["name"]) == 1 and match["name"] not in word_set("animals")):
        return []
    at = floor + match.start("name")
    return [Proposal(at, at + len(match["name"]), "indicators/of-which")]


def propose_indicators(document: Document, mentions: Sequence[Mention] = ()) -> tuple[Mention, ...]:
    """Return proposed Indicator mentions of a document, from its prose and its tables.

    `mentions` of other types, when known, show where an indicator's name begins: behind the park,
    firm or town whose figure it is.
    """
    others = [m for m in mentions if m.type in _NAMED]
    found: list[Mention] = []
    for sentence, places in by_sentence(document, others):
        found.extend(_in_sentence(document, sentence, [(p.start, p.end) for p in places]))
    for table in document.tables:
        found.extend(_in_table(document, table))
    return tuple(sorted(found, key=lambda m: m.span))


def _in_sentence(document: Document, sentence: Sentence, named: Sequence[tuple[int, int]]) -> Iterator[Mention]:
    if sentence.role in (Role.CELL, Role.TITLE) or not sentence.text.pieces:
        return
    for proposal in indicator_spans(sentence.text.clean, named):
        span = sentence.text.raw_span(proposal.start, proposal.end)
        evidence = Evidence(
            sentence.text.span, document.section_path(sentence.section), proposal.rule, document.page(span.start)
        )
        yield Mention(span, EntityType.INDICATOR, sentence.text.clean[proposal.start : proposal.end], evidence)


def _in_table(document: Document, table: Table) -> Iterator[Mention]:
    """Yield the name cells of an indicator table's rows, or the heads of a statistics table's columns."""
    shape = columns(table)
    if shape is not None:
        for row in table.rows:
            cells = [row[i] for i in [year for year, _ in shape.years] + [shape.total] if 0 <= i < len(row)]
            if any(read_value(cell.text.clean) is not None for cell in cells):
                yield from _in_cell(document, table, row[shape.name], "indicators/table-row")
        return
    for head in table.header:
        column = [row[head.column].text.clean for row in table.rows if head.column < len(row)]
        figures = sum(1 for value in column if re.fullmatch(r"[\d.,]+[%％]?", value))
        name = name_of(head.text)
        if figures >= 2 and figures * 2 >= len(column) and name is not None and not head.merged:
            shown = head.text.clean[name.start : name.end]
            if ends(shown, "measured") or ends(shown, "counted"):
                yield from _in_cell(document, table, head, "indicators/table-column")


def _in_cell(document: Document, table: Table, cell: Cell, rule: str) -> Iterator[Mention]:
    name = name_of(cell.text)
    if name is not None and not cell.merged:
        span = cell.text.raw_span(name.start, name.end)
        evidence = Evidence(cell.text.span, document.section_path(table.section), rule, document.page(span.start))
        yield Mention(span, EntityType.INDICATOR, cell.text.clean[name.start : name.end], evidence)
