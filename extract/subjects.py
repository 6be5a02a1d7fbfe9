"""Whose figure it is: a named project, park, enterprise, town — or the document's own district.

The annotation guide: figures belong to `@doc` unless the sentence, the box item or the heading
names a thing of its own. Here that is decided from what stands right before the indicator, from
the clause's grammatical subject, and from the item or heading that the sentence stands under.
"""

import re
from collections.abc import Sequence

from extract.back_references import FIRM, SITE, UNION, WORK
from extract.document import Document, DocumentKind, Role, Sentence
from extract.extraction import Mention
from extract.folding import fold
from extract.located import Located
from ontology.schema import EntityType as T

_THINGS = frozenset({T.PROJECT, T.PARK, T.FACILITY, T.ENTERPRISE, T.INSTITUTION})
_ACTORS = _THINGS | {T.DISTRICT}
_HEADS = _ACTORS | {T.INDUSTRY}
# Indicators of size, money and build: in a project's item or sentence they are the project's.
_SCALE = re.compile(
    r"投资|占地|用地|面积|规模|全长|总长|长度|里程|库容|容量|装机|能力|资金|资本|产能|高度|宽度|水头|造价|床位|储量|电价|价格|距高比"
)
# The same where they name nothing but the size (总规划面积, not 蔬菜面积).
_BARE_SCALE = re.compile(
    r"(?:项目|计划|预计|规划|设计|总|总计|用地|占地|建筑|建设|累计|年|供水|供热|供气|库|装机|生产|加工|发电|处理|日|注册|资产|建成区|"
    r"新增|完成|配套|核心区|启动区|一期|二期|静态|固定资产|运营|主线|路线|管线|线路)*"
    r"(?:投资额?|占地|用地|面积|规模|全长|长度|里程|库容量?|容量|能力|资金|资本|产能|高度|宽度|水头|造价|床位数?|储量|电价|价格|距高比)"
)
# Figures that an industry's own paragraph gives for the industry.
_OF_INDUSTRY = re.compile(
    r"(?:实现|总|年|销售)?(?:产值|利润|税金|产量|总?收入|税收|面积|发展面积|采集量|投资|占地面积|增加值|年产|年采集量|人均年增收|流转土地)"
)
_OWN = re.compile(r"我[省市区县州盟旗]|全[省市区县州盟旗]|本[省市区县]")
_OWN_TOWN = re.compile(r"[全我本][镇乡]|[镇乡]内|街道总|本?辖区|境内")
_TOWN = re.compile(r"[镇乡]$|街道$|街道办事处$")
_BACK = (
    (re.compile(rf"(?:该|本)?(?:{FIRM})(?!\+|家|户)"), frozenset({T.ENTERPRISE})),
    (re.compile(rf"(?:该|本)?(?:{WORK})(?!\d|个|类|区)"), frozenset({T.PROJECT, T.PARK, T.FACILITY})),
    (
        re.compile(rf"(?:该|本)?(?:{SITE})"),
        frozenset({T.PARK, T.FACILITY}),
    ),
    (re.compile(rf"(?:该|本)?{UNION}|商会|协会"), frozenset({T.ENTERPRISE, T.INSTITUTION})),
)
_FILLER = re.compile(
    r"(?:的|现有|共有|现|有|拥有|总|计划|预计|实现|完成|规划|年均|全|地区|其|共|约|项目|工程|[一二三]期|现已|累计|建成|区域|：|预计|设计|计划总|可|达|首次|已|，?总)*"
)
_LIES = re.compile(r"(?:位于|坐落于?|座落于?|地处|落户|毗邻|距离?|在|至|临|以)$")
_WINDOW = 16
_OPENING = re.compile(
    r"(?:\n|[。；：！（]|其中，?|目前，?|截至目前，)(?:[（\d.、．一二三四五六七八九十）]*|“|[一二三四五六七]是)$"
)
_LIST = re.compile(r"[、和与及]|以及")


class Subjects:
    """Remembers, while the sentences of a document pass by, who was last spoken of."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.free = document.meta.kind is DocumentKind.OTHER  # pages about many places and firms
        self._text = ""
        self._opening: frozenset[int] = frozenset()
        self._paragraph = -1
        self._current: Mention | None = None
        self._items: dict[tuple[int, int], Mention] = {}
        self._heads: dict[int, Mention] = {}
        self._recent: dict[T, tuple[Mention, bool]] = {}
        self._lead: Mention | None = None
        self._was_lead = False
        self._town: Mention | None = None
        self._root = -1
        self._chapter = ""

    def enter(self, sentence: Sentence, places: Sequence[Located]) -> None:
        """Take note of a sentence before its figures are asked for."""
        self._text = fold(sentence.text.clean)
        self._opening = frozenset(p.start for p in places if _opens(self._text, p.start))
        head = _head(sentence, places)
        if sentence.role is Role.HEADING and sentence.section is not None:
            if head is not None:
                self._heads[sentence.section] = head
            self._recent.clear()
            self._forget_town(sentence.section, head)
            self._current = self._lead = None
        if sentence.box is not None and sentence.item is not None and head is not None:
            self._items.setdefault((sentence.box, sentence.item), head)
        if sentence.paragraph != self._paragraph:
            self._paragraph = sentence.paragraph
            self._lead = head if sentence.lead else None
            self._current = None
        elif not self.free:
            # A lead-in that is a sentence of its own is the subject of the next one only.
            self._lead = self._lead if self._was_lead else None
            self._current = None
        self._was_lead = bool(sentence.lead) and sentence.lead >= len(sentence.text)
        for place in places:
            self._remember(place)
            if self.free and place.mention.type in _ACTORS and place.start == 0 and not self._is_own(place.mention):
                self._current = place.mention

    def _forget_town(self, section: int, head: Mention | None) -> None:
        """Let the town go when another chapter begins."""
        root = section
        while (parent := self.document.sections[root].parent) is not None:
            root = parent
        if root != self._root:
            self._root, self._town = root, None
            self._chapter = self.document.sections[root].title.clean
        if head is not None and head.type is T.DISTRICT and _TOWN.search(head.surface):
            self._town = head

    def _remember(self, place: Located) -> None:
        """Keep what 公司, 项目 or 全镇 may refer back to; what opens a sentence outweighs the rest."""
        mention, opens = place.mention, (place.start in self._opening)
        known = self._recent.get(mention.type)
        if opens or known is None or not known[1]:
            self._recent[mention.type] = (mention, opens)
        if mention.type is T.DISTRICT and opens and _TOWN.search(mention.surface):
            self._town = mention

    def of(
        self, sentence: Sentence, places: Sequence[Located], indicator: Located, figure_end: int
    ) -> tuple[Mention | None, ...]:
        """Return the subjects of a figure: one, or several when a list shares it; None is @doc."""
        text = self._text
        for place in places:
            # 总投资410亿元的X项目
            if (
                text[figure_end : figure_end + 1] == "的"
                and place.start == figure_end + 1
                and place.mention.type in _THINGS
            ):
                return (place.mention,)
        before = [p for p in places if p.end <= indicator.start and p.mention.type in _HEADS]
        near = self._adjacent(text, before, indicator)
        if near:
            if self.free or near[-1].type is T.ENTERPRISE:
                self._current = near[-1]
            return near
        if _SCALE.search(indicator.mention.surface):
            return (self._of_scale(text, sentence, before, indicator),)
        return (self._of_rest(text, sentence, before, indicator),)

    def _adjacent(self, text: str, before: Sequence[Located], indicator: Located) -> tuple[Mention, ...]:
        """Return the thing (or list of things) that stands right before the indicator's name."""
        if not before or before[-1].mention.type not in _ACTORS:
            return ()
        last = before[-1]
        if _FILLER.fullmatch(text[last.end : indicator.start]) is None or re.search(
            r"[在向对与由把]$", text[: last.start]
        ):
            return ()
        members = [last]
        for place in reversed(before[:-1]):
            if place.mention.type is not last.mention.type or not _LIST.fullmatch(text[place.end : members[-1].start]):
                break
            members.append(place)
        return tuple(place.mention for place in reversed(members))

    def _of_scale(self, text: str, sentence: Sentence, before: Sequence[Located], indicator: Located) -> Mention | None:
        """Return whose size or money it is: the nearest thing named, or the item's, or the heading's."""
        own = max((m.end() for m in _OWN.finditer(text, 0, indicator.start)), default=-1)
        bare = _BARE_SCALE.fullmatch(indicator.mention.surface) is not None
        for place in reversed(before):
            if place.end <= own or not bare:
                break
            if place.mention.type not in _THINGS or _LIES.search(text, 0, place.start):
                continue
            closes = (
                text[place.end : place.end + 1] in ("，", "：", "）") and "；" not in text[place.end : indicator.start]
            )
            if (place.start in self._opening) or (closes and place.mention.type in (T.PROJECT, T.PARK)):
                return place.mention
        if sentence.box is not None and sentence.item is not None:
            head = self._items.get((sentence.box, sentence.item))
            if head is not None:
                return head
        return self._of_rest(text, sentence, before, indicator)

    def _of_rest(self, text: str, sentence: Sentence, before: Sequence[Located], indicator: Located) -> Mention | None:
        """Return the subject of the sentence, of the one before, or of the heading."""
        scale = _SCALE.search(indicator.mention.surface) is not None
        opened = [
            p
            for p in before
            if p.start in self._opening and self._acts(p.mention) and text[p.end : p.end + 1] not in "、等"
        ]
        own = max((m.end() for m in _OWN.finditer(text, 0, indicator.start)), default=-1)
        after = [p for p in before if p.mention == self._current and self._current is not None]
        if opened and opened[-1].end > own and not (after and after[-1].start > opened[-1].start):
            found = opened[-1].mention
            self._current = None if self._is_own(found) else found
            return found
        if own >= 0:
            self._current = None
            return self._industry(indicator)
        if self.free and _OWN_TOWN.search(text, 0, indicator.end) is not None:
            return self._town
        back = self._back(text[: indicator.start], sentence, before) if self.free or scale else None
        if back is not None:
            self._current = back
        for head in (self._current, self._lead, self._headed(sentence) if self.free or scale else None):
            if head is not None:
                return head if self._holds(head, indicator, scale) else None
        # On a town's own pages every figure is the town's.
        named = self._town is not None and self._town.surface in self._chapter
        return self._town if self.free and named else None

    def _is_own(self, mention: Mention) -> bool:
        """Return whether a mention is the document's own district by name."""
        return mention.type is T.DISTRICT and self.document.meta.is_own(mention.surface)

    def _industry(self, indicator: Located) -> Mention | None:
        """Return the industry whose paragraph it is, for a figure that can be an industry's."""
        lead = self._lead
        return lead if lead is not None and lead.type is T.INDUSTRY and self._holds(lead, indicator, False) else None

    def _acts(self, mention: Mention) -> bool:
        """Return whether a mention at the opening of a sentence is what the figures are about."""
        if mention.type in (T.ENTERPRISE, T.INSTITUTION):
            return True
        return self.free and mention.type in _ACTORS

    def _holds(self, head: Mention, indicator: Located, scale: bool) -> bool:
        """Return whether a subject taken from above still fits the indicator."""
        if head.type is T.INDUSTRY:
            return self.free and _OF_INDUSTRY.fullmatch(indicator.mention.surface) is not None
        return self.free or scale or head.type is T.ENTERPRISE

    def _back(self, text: str, sentence: Sentence, places: Sequence[Located]) -> Mention | None:
        """Return what 公司, 项目, 园区 in the clauses before refer back to."""
        found: tuple[int, Mention] | None = None
        head = self._headed(sentence)
        for pattern, types in _BACK:
            for match in pattern.finditer(text):
                if match.start() > 0 and text[match.start() - 1] not in "，。；：":
                    continue
                if not self.free and not match.group(0).startswith(("该", "本", "项目", "公司")):
                    continue
                known = [pair for kind, pair in self._recent.items() if kind in types]
                best = max(known, key=lambda pair: (pair[1], pair[0].span.start), default=None)
                if head is not None and head.type in types and (best is None or not best[1]):
                    best = (head, True)
                if match.group(0)[0] in "该本":
                    near = [p.mention for p in places if p.end <= match.start() and p.mention.type in types]
                    best = (near[-1], True) if near else best
                if best is not None and (found is None or match.start() > found[0]):
                    found = (match.start(), best[0])
        return found[1] if found else None

    def _headed(self, sentence: Sentence) -> Mention | None:
        section = sentence.section
        while section is not None:
            if section in self._heads:
                return self._heads[section]
            section = self.document.sections[section].parent
        return None


def _head(sentence: Sentence, places: Sequence[Located]) -> Mention | None:
    """Return the mention that a heading, box item or lead-in is about: the one that it opens with."""
    text = sentence.text.clean
    named = [p for p in places if p.mention.type in _HEADS]
    if sentence.role is Role.ITEM:
        return next((p.mention for p in named if p.mention.type in _THINGS), None)
    for place in named[:1]:
        opening = re.sub(r"^[\d一二三四五六七八九十（）().、．\s“”*—是-]+", "", text[: place.start])
        end = min(sentence.lead or len(text), len(text))
        if not opening and place.start < end and place.end >= end - 6:
            return place.mention
    return None


def _opens(text: str, start: int) -> bool:
    """Return whether a mention at `start` opens the sentence or a main clause, as a subject does."""
    return _OPENING.search("\n" + text[:start] if start <= _WINDOW else text[start - _WINDOW : start]) is not None
