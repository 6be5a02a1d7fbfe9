"""Facts that a crisp pattern states and that are too rare to be learned.

A pattern is a regular expression over a sentence in which each mention is one character (`M` in
`_PATTERNS`; `L` is a list of them). GUIDE.md, table of predicates.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from extract.back_references import FIRM, SITE, UNION, WORK
from extract.context import Context, Place
from extract.zones import zones
from ontology.schema import EntityType, Predicate, Status, signatures

LISTED = "grammar:listed"  # the rule of works that an item lists
ZONE = "grammar:zone"  # the rule of the zones of a layout
_FIRST, _LAST = 0xF0000, 0xFFFFD  # the private characters that stand for mentions
_TAKEN = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")  # a document may hold them, too
_WORK = frozenset({EntityType.FACILITY, EntityType.PARK, EntityType.PROJECT, EntityType.INSTITUTION})

_AT = "地处|位于|[坐座]落[于在]|选址[于在]"  # what says where something lies
# Whoever founds or builds something elsewhere need not stand there: nothing may follow the verb.
_STARTS = "建成|成立|设立|落成|揭牌|投产|开工|建设|启用|使用|运营|运行|通车|开业|开馆|开园"
_STANDS = rf"(?:(?:{_STARTS})+(?=[，。；、）]|$)|动工|奠基)"
# What is built, carried out or counted somewhere.
_BUILDS = r"(?:组织|分别)?(?:实施|新建|建设|投资建设|规划建设|规划|建成|布局|兴建|设立|扩建|成立|建立)[“‘]?"
_SETTLES = r"(?P<s>L)(?:等[^，。；]{0,12})?(?:成功|正式)?(?:落户|落地|入驻|进驻)(?:于|在)?"
_COUNTED = r"\d+[条座个家处所户](?:[：（]|，其中|，?分别[是为]|，包括)+：?"

# Predicate of two districts, predicate of others ("" for none), share of right ones among those read, pattern.
_PATTERNS: tuple[tuple[str, str, float, str], ...] = (
    ("", "engagesIn", 0.8, r"(?P<s>L)等?(?P<o>L)(?:产业|行业|领域)?(?:龙头|骨干|重点|领军|上市|知名|优势)*企业"),
    ("", "engagesIn", 0.8, r"(?P<s>M)[^。；]{0,30}?(?:主要|专业|专门|一家)(?:从事|主营|经营)(?:业务|范围)*(?P<o>L)"),
    ("partOf", "locatedIn", 0.8, rf"(?P<s>M)(?:{_AT}|隶属于?)(?P<o>M)(?!与|和|、)"),
    ("partOf", "locatedIn", 0.8, rf"^(?P<s>M)[^。；：]{{1,24}}?，(?:{_AT})(?P<o>M)(?!与|和|、)"),
    ("", "locatedIn", 0.8, rf"{_SETTLES}(?P<o>M)"),
    ("", "locatedIn", 0.7, rf"(?P<s>M)[”’]?在(?P<o>M)境?内?(?:正式|顺利|全面)?{_STANDS}"),
    ("", "locatedIn", 0.7, r"以(?P<o>L)等?为(?:主|中心|核心)的(?P<s>M)"),
    ("", "locatedIn", 0.8, rf"在(?P<o>L)(?:境内|内)?{_BUILDS}(?P<s>L)"),
    ("", "locatedIn", 0.8, rf"(?:^|[。；，])在(?P<o>L)(?:(?:以及|和)[^，。；]{{0,20}})?，{_BUILDS}(?P<s>L)"),
    ("", "locatedIn", 0.8, rf"(?P<o>M)[^。；]{{0,60}}?{_COUNTED}(?P<s>L)"),
    ("partOf", "", 0.9, r"(?P<o>M)(?:共?有|下?辖|管辖)?[（]?\d+个[）]?[^，。；、：]{0,6}：(?P<s>L)"),
    ("partOf", "", 0.9, r"(?P<o>M)(?:下辖|管辖|辖)(?P<s>L)"),
    ("partOf", "partOf", 0.8, r"(?P<s>L)(?:共同)?(?:构成|组成|围合|串联而成)的“?(?P<o>M)"),
)  # fmt: skip

# What the sentence says of a thing named before, which it calls by a noun: predicate, nouns, types, pattern.
_LIES = rf"[^。；：]{{0,30}}?(?:{_AT}|选址)(?P<o>M)(?!与|和|、)"
_DEALS = r"(?:[^。；]{0,30}?(?:主要|专业|专门|一家))?(?:从事|主营|经营)(?:业务|范围|主要|为|是|有|：)*(?P<o>L)"
_SITES = frozenset({EntityType.PARK, EntityType.FACILITY})
_FIRMS = frozenset({EntityType.ENTERPRISE})
_RECALLED = (
    (Predicate.LOCATED_IN, f"{FIRM}|{UNION}", _FIRMS, _LIES),
    (Predicate.LOCATED_IN, WORK, _SITES | {EntityType.PROJECT}, _LIES),
    (Predicate.LOCATED_IN, SITE, _SITES, _LIES),
    (Predicate.ENGAGES_IN, f"{FIRM}|{UNION}|主要|专业", _FIRMS, _DEALS),
)  # fmt: skip

# What is said to be there, in a district that is named or in the one that the text speaks of.
_THING = f"(?:[^，。；：（）{chr(_FIRST)}-{chr(_LAST)}]|（[IVXⅠⅡ一二三]{{1,3}}）)"
_HAS = r"(?:现|共|还|主要|目前)*(?:有(?![望效力利序机关助待限名条])|拥有|建有|分布着?|坐落着?|设有)"
_SKIPPED = rf"(?:{_THING}{{1,8}}、){{0,3}}"  # items of the list that are no mentions
_HOLDS = rf"{_HAS}{_THING}{{0,16}}(?:[：，（]|分别[是为有]|即|包括)*{_SKIPPED}(?P<s>L)"
_WITHIN = r"(?:境内|域内|辖区内?|区域内|[县区乡镇村街][域内])"
_THERE = (
    rf"(?P<o>M)(?:境内|域内|辖区内|辖区|内)?{_HOLDS}",
    rf"(?<!M){_WITHIN}{_HOLDS}",
    r"(?P<o>M)[^，。；：]{1,20}(?:企业|公司|合作社|医院|学校|水库|景区)(?:主要)?有(?P<s>L)",
    r"(?P<s>L)(?:等(?:[^，。；]{1,8})?)?(?:贯穿|纵贯|横贯|贯通|流经|穿过|穿越|穿)(?P<o>M)?(?:全[境县市区镇乡]|境内?而过|境|而过)",
)
# Who is brought in settles there, and is not built (GUIDE: 引入 gives `locatedIn`, not `plans`).
_BROUGHT = (
    rf"(?P<o>M)?(?:已经?|先后|累计|成功|共|还|新)*(?:引进|引入|招引|引来)了?(?![和与及并]|{_THING}{{0,4}}(?:资本|资金|投资|人才|技术)){_THING}{{0,6}}?(?P<s>L)"
    r"(?!的|先进|优质|优秀|资金|资本|技术|人才|管理|模式|经验|专家|团队|品牌|资源|力量|托管|参股|运营|打造|流转)"
)
_SETTLES_HERE = rf"{_SETTLES}[我本全][省市州盟县区旗镇乡]"
_SETTLING = frozenset({EntityType.ENTERPRISE, EntityType.PROJECT, EntityType.FACILITY, EntityType.INSTITUTION})
_SETTLED_IN = frozenset({EntityType.DISTRICT, EntityType.PARK})
_MORE_THERE = rf"[）]?[，；、和及]{_THING}{{0,12}}[（：]?{_SKIPPED}(?P<s>L)"
_THERE_CONFIDENCE = 0.6
# What the district that the text speaks of is made of (`全镇下辖甲村、乙村2个村，丙屯`); what goes on with such a list;
# what the document's own district is part of (`我区作为甲市北部板块`); the ranks of its towns
# (`中心城区（甲镇—乙镇）、重点镇（丙镇、丁镇）`).
_GOVERNS = rf"(?:^|[，。；：])[全本我该]?(?:[省市州盟县区旗乡镇]|街道)(?:现|共)?(?:下辖|管辖|辖){_SKIPPED}(?P<s>L)"
_GOVERNS_TOO = rf"(?:、{_THING}{{1,8}}){{0,6}}(?:等?\d*个{_THING}{{1,8}})?[，、和及]{_SKIPPED}(?P<s>L)"
_PART_ITSELF = r"(?:^|[，。；：])[我本全][市州盟县区旗](?:作为|地处|位于|隶属于?)(?P<o>M)"
_RANK = r"(?:城[市区镇]|组团|[点心色般]镇|中心村|集镇)（(?P<s>M(?:[—－、和-]M)*)）"
_LYING = frozenset({EntityType.FACILITY, EntityType.PARK, EntityType.INSTITUTION, EntityType.ENTERPRISE})

# What the document's own district cooperates with (GUIDE, `cooperatesWith`: pairing, linking up).
_PARTNERS = (
    r"(?:与|同|和|跟)(?P<o>L)(?:等)?[^，。；与]{0,16}(?:合作|协作|联动|协同|对接|交流|互动|互联互通|互通|结对|同城化|一体化)",
    r"(?:融入|对接|联动|辐射带动)(?P<o>L)",
)  # fmt: skip
_PARTNER_CONFIDENCE = 0.6
_PARTNER = frozenset({EntityType.DISTRICT, EntityType.PARK, EntityType.ENTERPRISE, EntityType.INSTITUTION})

# A policy or project that is meant for a sector or place: the clause says so, or the policy is named
# after the sector that it goes on to promote.
_MEANT_FOR = re.compile(
    r"(?:等|资金|政策|措施|项目|工程|行动|试点|建设|实施){0,2}(?:重点|大力|优先|主要|有效|有力|积极|着力)?"
    r"(?:支持|扶持|用于支持|用于|带动|助推|助力|惠及|服务于|促进|推动)(?:[^，。；：、]{0,8}的)?"
)
_PROMOTES = re.compile(r"[^。；：]{0,12}，?(?:统筹推进|加快推进|推进|推动|促进|支持|带动|扶持|助推|发展|壮大)")
_SUPPORT_CONFIDENCE = 0.6
_NOT_LISTED = re.compile(r"(?:依托|利用|围绕|沿着?|在|从|向|至|自|位于|连接|毗邻|—|~|～)[“‘《]?$")
# What follows a park that is itself built, not one of which something is said.
_BUILT = re.compile(
    r"[”’》]?(?:$|[，、；。：（和及与等]|[一二三]期|建设|改造|扩建|新建|提升|升级|项目|工程|开发|配套|基础设施)"
)
_LISTED_CONFIDENCE = 0.85
_ZONE_CONFIDENCE = 0.7
_RECALLED_CONFIDENCE = 0.8


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact by a pattern.

    `subject` and `object` are indexes of places; `object` -1-k is the k-th of the lead, `subject` -1-k the
    k-th that is recalled, `subject` None is @doc, and `object` None the district that the text speaks of.
    `status` stands with `plans` only.
    """

    predicate: Predicate
    subject: int | None
    object: int | None
    confidence: float
    rule: str
    status: Status | None = None


def stated(context: Context) -> Iterator[Stated]:
    """Yield what the patterns say of one sentence, each pair once."""
    seen: set[tuple[Predicate, int | None, int | None]] = set()
    found = (
        _by_pattern(context),
        _recalled(context),
        _there(context),
        _made_of(context),
        _brought(context),
        _partners(context),
        _listed_works(context),
        _meant_for(context),
        _zones(context),
    )
    for fact in chain.from_iterable(found):
        if (fact.predicate, fact.subject, fact.object) not in seen:
            seen.add((fact.predicate, fact.subject, fact.object))
            yield fact


def compiled_pattern(pattern: str) -> re.Pattern[str]:
    """Return a pattern over `masked` text, with `M` for a mention and `L` for a list of them."""
    one = _TAKEN.pattern
    several = f"{one}(?:[”’]?[、和及与][“‘]?{one})*"
    return re.compile(pattern.replace("M", one).replace("L", several))


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[str, str, float, re.Pattern[str]], ...]:
    return tuple(
        (districts, others, share, compiled_pattern(pattern)) for districts, others, share, pattern in _PATTERNS
    )


@lru_cache(maxsize=1)
def _partner_patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(map(compiled_pattern, _PARTNERS))


def _partners(context: Context) -> Iterator[Stated]:
    text = masked(context)
    for pattern in _partner_patterns():
        for found in pattern.finditer(text):
            partners = mentioned(found["o"])
            if mentioned(text[max(0, found.start() - 1) : found.start()]):
                continue  # X与Y合作: not the document's own district
            for partner in partners:
                if context.places[partner].type in _PARTNER:
                    yield Stated(Predicate.COOPERATES_WITH, None, partner, _PARTNER_CONFIDENCE, "grammar:partner")


def masked(context: Context) -> str:
    """Return the sentence with one private character for each mention but indicators, of which no fact speaks.

    The sentence's own such characters become U+FFFD.
    """
    known: str | None = context.memo.get("masked")
    if known is not None:
        return known
    text = _TAKEN.sub("\ufffd", context.text)
    pieces, at = [], 0
    for i, place in enumerate(context.places[: _LAST - _FIRST]):
        if place.type is EntityType.INDICATOR:
            continue
        pieces += [text[at : place.start], chr(_FIRST + i)]
        at = place.end
    result = context.memo["masked"] = "".join([*pieces, text[at:]])
    return result


def _by_pattern(context: Context) -> Iterator[Stated]:
    if len(context.places) < 2:
        return
    text = masked(context)
    for districts, others, share, pattern in _compiled():
        for found in pattern.finditer(text):
            for subject in mentioned(found["s"]):
                for obj in mentioned(found["o"]):
                    kinds = (context.places[subject].type, context.places[obj].type)
                    both = kinds == (EntityType.DISTRICT, EntityType.DISTRICT)
                    name = districts if both else others
                    if name and kinds in signatures()[Predicate(name)]:
                        yield Stated(Predicate(name), subject, obj, share, f"grammar:{name}")


def _recalled(context: Context) -> Iterator[Stated]:
    """What is said of the last thing before that the sentence's noun can mean; of several, nothing."""
    if not context.recalled or not context.places:
        return
    text = masked(context)
    for predicate, kinds, pattern in _recalling():
        said = [k for k, place in enumerate(context.recalled) if place.type in kinds]
        found = pattern.match(text)
        for obj in mentioned(found["o"]) if found and len(said) == 1 else ():
            if (context.recalled[said[0]].type, context.places[obj].type) in signatures()[predicate]:
                yield Stated(predicate, -1 - said[0], obj, _RECALLED_CONFIDENCE, "grammar:recalled")


@lru_cache(maxsize=1)
def _recalling() -> tuple[tuple[Predicate, frozenset[EntityType], re.Pattern[str]], ...]:
    return tuple(
        (predicate, kinds, compiled_pattern(f"[该本]?(?:{nouns}){pattern}"))
        for predicate, nouns, kinds, pattern in _RECALLED
    )


def _there(context: Context) -> Iterator[Stated]:
    """What lies in a district because the sentence says that it has it (GUIDE, `locatedIn`)."""
    text = masked(context)
    *patterns, more = _there_patterns()
    for pattern in patterns:
        for found in pattern.finditer(text):
            place = mentioned(found.groupdict().get("o") or "")
            if place and context.places[place[0]].type is not EntityType.DISTRICT:
                continue
            for thing in _listed(text, found, more):
                if context.places[thing].type in _LYING:
                    obj = place[0] if place else None
                    yield Stated(Predicate.LOCATED_IN, thing, obj, _THERE_CONFIDENCE, "grammar:there")


def _made_of(context: Context) -> Iterator[Stated]:
    """The towns and villages that the district is said to be made of, which the text speaks of (GUIDE, `partOf`)."""
    text = masked(context)
    governs, governs_too, part_itself, rank = _made_of_patterns()
    parts = [part for found in governs.finditer(text) for part in _listed(text, found, governs_too)]
    ranks = [mentioned(found["s"]) for found in rank.finditer(text)]
    for found in part_itself.finditer(text):
        for whole in mentioned(found["o"]):
            if context.places[whole].type is EntityType.DISTRICT:
                yield Stated(Predicate.PART_OF, None, whole, _THERE_CONFIDENCE, "grammar:made-of")
    for part in chain(parts, *(ranks if len(ranks) > 1 else [])):
        if context.places[part].type is EntityType.DISTRICT:
            yield Stated(Predicate.PART_OF, part, None, _THERE_CONFIDENCE, "grammar:made-of")


def _listed(text: str, found: re.Match[str], more: re.Pattern[str]) -> list[int]:
    """Return the places of a list's first stretch `found` and of those that follow it by `more`."""
    things, further = mentioned(found["s"]), more.match(text, found.end())
    while further:
        things += mentioned(further["s"])
        further = more.match(text, further.end())
    return things


@lru_cache(maxsize=1)
def _made_of_patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(map(compiled_pattern, (_GOVERNS, _GOVERNS_TOO, _PART_ITSELF, _RANK)))


def _brought(context: Context) -> Iterator[Stated]:
    """What is brought in settles where it is brought: in what acts, else in the district that the text speaks of."""
    text = masked(context)
    brought, settles = _brought_patterns()
    for found in brought.finditer(text):
        before = [i for i in mentioned(text[: found.start("s")]) if context.places[i].type in _SETTLED_IN]
        actor = mentioned(found["o"] or "")
        if before and before != actor:
            continue
        yield from _settled(context, mentioned(found["s"]), before[0] if before else None)
    for found in settles.finditer(text):
        yield from _settled(context, mentioned(found["s"]), None)


def _settled(context: Context, things: Sequence[int], where: int | None) -> Iterator[Stated]:
    for thing in things:
        if context.places[thing].type in _SETTLING:
            yield Stated(Predicate.LOCATED_IN, thing, where, _THERE_CONFIDENCE, "grammar:brought-in")


@lru_cache(maxsize=1)
def _brought_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return compiled_pattern(_BROUGHT), compiled_pattern(_SETTLES_HERE)


@lru_cache(maxsize=1)
def _there_patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(map(compiled_pattern, (*_THERE, _MORE_THERE)))


def mentioned(stretch: str) -> list[int]:
    """Return the places, by index, whose characters stand in a stretch of `masked` text."""
    return [ord(char) - _FIRST for char in _TAKEN.findall(stretch)]


def _listed_works(context: Context) -> Iterator[Stated]:
    """Works that a numbered programme item lists are part of it (GUIDE, `partOf` and its note on numbered items)."""
    if context.role != "item":
        return
    for k, above in enumerate(context.lead):
        if above.type is not EntityType.PROJECT:
            continue
        for i, place in enumerate(context.places):
            if place.type in _WORK and place.surface != above.surface and not _only_named(context, place):
                yield Stated(Predicate.PART_OF, i, -1 - k, _LISTED_CONFIDENCE, LISTED)


def _only_named(context: Context, place: Place) -> bool:
    """Say whether a place is where something happens, what it starts from or who acts, rather than what is built."""
    if _NOT_LISTED.search(context.text, 0, place.start):
        return True
    first, last = context.groups[context.places.index(place)]
    start, end = context.places[first].start, context.places[last].end
    opens = start == 0 or context.text[start - 1] in "，。；："
    acts = opens and any(verb.start == end for verb in context.verbs)
    if place.type is EntityType.PARK:
        return acts or not _BUILT.match(context.text, place.end)
    return acts and place.type is EntityType.INSTITUTION


def _meant_for(context: Context) -> Iterator[Stated]:
    """The policy or project that the clause says is meant for a mention (GUIDE, `supports`)."""
    for target, place in enumerate(context.places):
        first, _ = context.groups[target]
        if first == 0:
            continue
        before = context.places[first - 1]
        kinds = (before.type, place.type)
        if kinds not in signatures()[Predicate.SUPPORTS]:
            continue
        between = context.text[before.end : context.places[first].start].strip("”’")
        named = kinds[1] is EntityType.INDUSTRY and _share_a_word(before.surface, place.surface)
        if _MEANT_FOR.fullmatch(between) or (named and _PROMOTES.fullmatch(between)):
            yield Stated(Predicate.SUPPORTS, first - 1, target, _SUPPORT_CONFIDENCE, "grammar:supports")


def _zones(context: Context) -> Iterator[Stated]:
    """The zones of a layout are planned; how far, says the verb before it (GUIDE, `plans`: planned in a plan)."""
    index = {(place.start, place.end): i for i, place in enumerate(context.places) if place.type is EntityType.PARK}
    for span in zones(context.text):
        if span in index:
            yield Stated(Predicate.PLANS, None, index[span], _ZONE_CONFIDENCE, ZONE, _layout_status(context, span[0]))


def _layout_status(context: Context, zone: int) -> Status:
    """Return what the nearest verb says that stands before the layout, or before the brackets that spell it out."""
    bracket = context.text.rfind("（", 0, zone)
    position = bracket if bracket > context.text.rfind("）", 0, zone) else zone
    kinds = [verb.kind for verb in context.verbs_before(position)[:2]]
    return next((Status(kind) for kind in kinds if kind in set(Status)), Status.PLANNED)


def _share_a_word(one: str, other: str) -> bool:
    """Return whether two names share two characters in a row other than those of a class word."""
    stems = {other[i : i + 2] for i in range(len(other) - 1)} - {"产业", "工程", "项目", "行动", "建设", "发展", "经济"}
    return any(stem in one for stem in stems)
