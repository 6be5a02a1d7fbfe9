"""A small hand-written knowledge graph: two documents, all types, predicates, statuses and kinds.

`sample()` is well formed; `hostile()` holds names that try to break out of every markup.
Spans are found by searching the texts, so that every quote is true.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from extract.document import DocumentKind, DocumentMeta
from extract.span import Span
from graph.model import (
    Claim,
    Entity,
    KnowledgeGraph,
    Mapping4754,
    Merge,
    NearMiss,
    ObservedValue,
    Occurrence,
    Quote,
    Source,
)
from ontology.schema import EntityType, Kind, Predicate, Status

MIDONG = "midong-plan"
URUMQI = "urumqi-plan"

TEXTS = {
    MIDONG: """乌鲁木齐市米东区国民经济和社会发展第十四个五年规划纲要

第一章 发展基础
2020年，米东区地区生产总值达到341.4亿元，规模以上工业增加值增长5.6%。
建成化工工业园污水处理厂，三道坝镇
草莓种植规模扩大。

第二章 产业发展
化工工业园重点发展石油化工、生物医药产业。华泰重化工从事氯碱化工。
建设华凌牛业田园综合体项目，总投资12亿元，项目位于三道坝镇，属于乡村旅游。
争取国家服务贸易试点区，推进乡村振兴战略，乡村振兴战略支持设施农业。
到2025年，空气质量优良天数比率达到80%以上，城镇登记失业率控制在4.5%以内，居民收入增长高于GDP增长。
米东区中医医院新建门诊楼，华泰重化工落户化工工业园。加强与兵团第六师合作。
高标准农田建设工程包括小型水库除险加固工程。
""",
    URUMQI: """乌鲁木齐市国民经济和社会发展第十四个五年规划纲要

第一章 区域布局
米东区隶属乌鲁木齐市。支持米东化工工业园发展生物医药产业。
实施旅游兴疆战略，推进轨道交通4号线建设。
2025年，全市地区生产总值达到4500亿元，年均增长6%左右。
轨道交通4号线总投资160亿元。
""",
}


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def source(id: str, text: str, district: str, code: str, title: str) -> Source:
    """Return a source whose hash is that of its text."""
    meta = DocumentMeta(title, DocumentKind.PLAN, district, code, date(2021, 1, 7), "2021-2025", f"{district}人民政府")
    return Source(id, meta, hashlib.sha256(text.encode()).hexdigest(), text)


def entity_id(type: EntityType, name: str) -> str:
    """Return the sample's id of an entity."""
    return f"{type.value.lower()}-{_digest(type.value, name)}"


def entity(type: EntityType, name: str, *aliases: str, **more: Any) -> Entity:
    """Return an entity without occurrences; each alias is merged into the name."""
    merges = tuple(Merge(alias, name, "alias:short-name", 0.9) for alias in aliases)
    return Entity(entity_id(type, name), type, name, tuple(sorted(aliases)), merges=merges, **more)


def occurring(entities: Iterable[Entity], texts: dict[str, str]) -> tuple[Entity, ...]:
    """Return the entities, sorted by id, with an occurrence wherever a name stands (longest first, no overlap)."""
    entities = tuple(entities)
    taken: dict[str, set[int]] = {doc: set() for doc in texts}
    found: dict[str, list[Occurrence]] = {e.id: [] for e in entities}
    surfaces = [(surface, e.id) for e in entities for surface in (e.name, *e.aliases)]
    for surface, id in sorted(surfaces, key=lambda pair: (-len(pair[0]), pair)):
        for doc, text in texts.items():
            for match in re.finditer(re.escape(surface), text):
                if taken[doc].isdisjoint(range(*match.span())):
                    taken[doc].update(range(*match.span()))
                    found[id].append(Occurrence(doc, Span(*match.span()), surface.replace("\n", ""), 0.875))
    ordered = {id: tuple(sorted(o, key=lambda x: (x.doc, x.span))) for id, o in found.items()}
    return tuple(sorted((replace(e, occurrences=ordered[e.id]) for e in entities), key=lambda e: e.id))


def _span(doc: str, sentence: str, name: str) -> Span:
    at = TEXTS[doc].index(sentence) + sentence.index(name)
    return Span(at, at + len(name))


def _quote(doc: str, sentence: str, section: str, rule: str, subject: str = "", object: str = "") -> Quote:
    at = TEXTS[doc].index(sentence)
    return Quote(
        doc,
        Span(at, at + len(sentence)),
        sentence,
        (section,) if section else (),
        rule,
        None,
        _span(doc, sentence, subject) if subject else None,
        _span(doc, sentence, object) if object else None,
    )


D, PK, PJ, F = EntityType.DISTRICT, EntityType.PARK, EntityType.PROJECT, EntityType.FACILITY
IY, PO, EN, IN, ID = (
    EntityType.INDUSTRY,
    EntityType.POLICY,
    EntityType.ENTERPRISE,
    EntityType.INSTITUTION,
    EntityType.INDICATOR,
)

ENTITIES = (
    entity(D, "米东区", code="650109"),
    entity(D, "乌鲁木齐市", code="650100"),
    entity(D, "三道坝镇", scope="650109"),
    entity(D, "兵团第六师"),
    entity(PK, "米东化工工业园", "化工工业园", scope="650109"),
    entity(PJ, "华凌牛业田园综合体项目", scope="650109"),
    entity(PJ, "高标准农田建设工程", scope="650109"),
    entity(PJ, "小型水库除险加固工程", scope="650109"),
    entity(F, "化工工业园污水处理厂", scope="650109"),
    entity(F, "门诊楼", scope="650109"),
    entity(F, "轨道交通4号线", scope="650100"),
    entity(IY, "石油化工", code="C25"),
    entity(IY, "生物医药产业", links=("https://example.org/industries/C27",)),
    entity(IY, "氯碱化工"),
    entity(IY, "乡村旅游"),
    entity(IY, "设施农业"),
    entity(PO, "国家服务贸易试点区"),
    entity(PO, "乡村振兴战略"),
    entity(PO, "旅游兴疆战略"),
    entity(EN, "华泰重化工"),
    entity(IN, "米东区中医医院", scope="650109"),
    entity(ID, "地区生产总值"),
    entity(ID, "规模以上工业增加值"),
    entity(ID, "总投资"),
    entity(ID, "空气质量优良天数比率"),
    entity(ID, "城镇登记失业率"),
    entity(ID, "居民收入"),
)

_BASE, _INDUSTRY, _AREA = "第一章 发展基础", "第二章 产业发展", "第一章 区域布局"
_IDS = {e.name: e.id for e in ENTITIES}
_NAMES = {alias: e.name for e in ENTITIES for alias in (e.name, *e.aliases)}
P, S = Predicate, Status

# document, section, sentence, subject ("" = @doc), predicate, object, status
_CLAIMS = (
    (MIDONG, _BASE, "建成化工工业园污水处理厂", "", P.PLANS, "化工工业园污水处理厂", S.DONE),
    (MIDONG, _INDUSTRY, "化工工业园重点发展石油化工、生物医药产业。", "化工工业园", P.DEVELOPS, "石油化工", None),
    (MIDONG, _INDUSTRY, "化工工业园重点发展石油化工、生物医药产业。", "化工工业园", P.DEVELOPS, "生物医药产业", None),
    (MIDONG, _INDUSTRY, "华泰重化工从事氯碱化工。", "华泰重化工", P.ENGAGES_IN, "氯碱化工", None),
    (MIDONG, _INDUSTRY, "华泰重化工落户化工工业园。", "华泰重化工", P.LOCATED_IN, "化工工业园", None),
    (MIDONG, _INDUSTRY, "建设华凌牛业田园综合体项目", "", P.PLANS, "华凌牛业田园综合体项目", S.PLANNED),
    (
        MIDONG,
        _INDUSTRY,
        "建设华凌牛业田园综合体项目，总投资12亿元，项目位于三道坝镇，属于乡村旅游。",
        "华凌牛业田园综合体项目",
        P.LOCATED_IN,
        "三道坝镇",
        None,
    ),
    (
        MIDONG,
        _INDUSTRY,
        "建设华凌牛业田园综合体项目，总投资12亿元，项目位于三道坝镇，属于乡村旅游。",
        "华凌牛业田园综合体项目",
        P.ENGAGES_IN,
        "乡村旅游",
        None,
    ),
    (MIDONG, _INDUSTRY, "争取国家服务贸易试点区", "", P.IMPLEMENTS, "国家服务贸易试点区", S.SOUGHT),
    (MIDONG, _INDUSTRY, "推进乡村振兴战略", "", P.IMPLEMENTS, "乡村振兴战略", S.ONGOING),
    (MIDONG, _INDUSTRY, "乡村振兴战略支持设施农业", "乡村振兴战略", P.SUPPORTS, "设施农业", None),
    (MIDONG, _INDUSTRY, "米东区中医医院新建门诊楼", "米东区中医医院", P.PLANS, "门诊楼", S.PLANNED),
    (MIDONG, _INDUSTRY, "加强与兵团第六师合作", "", P.COOPERATES_WITH, "兵团第六师", None),
    (
        MIDONG,
        _INDUSTRY,
        "高标准农田建设工程包括小型水库除险加固工程。",
        "小型水库除险加固工程",
        P.PART_OF,
        "高标准农田建设工程",
        None,
    ),
    (URUMQI, _AREA, "米东区隶属乌鲁木齐市。", "米东区", P.PART_OF, "乌鲁木齐市", None),
    (URUMQI, _AREA, "支持米东化工工业园发展生物医药产业。", "米东化工工业园", P.DEVELOPS, "生物医药产业", None),
    (URUMQI, _AREA, "实施旅游兴疆战略", "", P.IMPLEMENTS, "旅游兴疆战略", S.ONGOING),
    (URUMQI, _AREA, "推进轨道交通4号线建设", "", P.PLANS, "轨道交通4号线", S.ONGOING),
)

_GDP = "2020年，米东区地区生产总值达到341.4亿元，规模以上工业增加值增长5.6%。"
_GOALS = "到2025年，空气质量优良天数比率达到80%以上，城镇登记失业率控制在4.5%以内，居民收入增长高于GDP增长。"
_RING = "建设华凌牛业田园综合体项目，总投资12亿元，项目位于三道坝镇，属于乡村旅游。"
_CITY = "2025年，全市地区生产总值达到4500亿元，年均增长6%左右。"

# document, section, sentence, subject ("" = @doc), indicator, value, unit, period, kind, attribute
_VALUES = (
    (MIDONG, _BASE, _GDP, "米东区", "地区生产总值", "341.4", "亿元", "2020", Kind.ACTUAL, ""),
    (MIDONG, _BASE, _GDP, "", "规模以上工业增加值", "5.6", "%", "2020", Kind.CHANGE, ""),
    (MIDONG, _INDUSTRY, _RING, "华凌牛业田园综合体项目", "总投资", "12", "亿元", "", Kind.TARGET, ""),
    (MIDONG, _INDUSTRY, _GOALS, "", "空气质量优良天数比率", ">=80", "%", "2025", Kind.TARGET, "约束性"),
    (MIDONG, _INDUSTRY, _GOALS, "", "城镇登记失业率", "<=4.5", "%", "2025", Kind.TARGET, "预期性"),
    (MIDONG, _INDUSTRY, _GOALS, "", "居民收入", "高于GDP增长", "", "2021-2025", Kind.CHANGE, ""),
    (URUMQI, _AREA, _CITY, "", "地区生产总值", "4500", "亿元", "2025", Kind.TARGET, "预期性"),
    (URUMQI, _AREA, "轨道交通4号线总投资160亿元。", "轨道交通4号线", "总投资", "160", "亿元", "", Kind.TARGET, ""),
)

_OWN = {MIDONG: "米东区", URUMQI: "乌鲁木齐市"}


def _claim(doc: str, section: str, text: str, subject: str, p: Predicate, obj: str, status: Status | None) -> Claim:
    ids = _IDS[_NAMES[subject or _OWN[doc]]], _IDS[_NAMES[obj]]
    quote = _quote(doc, text, section, f"facts/verb:{p.value}", subject, obj)
    key = _digest(ids[0], p.value, ids[1], status.value if status else "", doc)
    period = "2021-2025" if status is Status.PLANNED else ""
    return Claim(f"claim-{key}", ids[0], p, ids[1], doc, (quote,), status, period, 0.9)


def _value(row: tuple[str, str, str, str, str, str, str, str, Kind, str]) -> ObservedValue:
    doc, section, text, subject, indicator, value, unit, period, kind, attribute = row
    ids = _IDS[_NAMES[subject or _OWN[doc]]], _IDS[indicator]
    quote = _quote(doc, text, section, "quantities/prose", subject, indicator)
    key = _digest(*ids, value, unit, period, kind.value, doc)
    return ObservedValue(f"observation-{key}", *ids, value, unit, period, kind, doc, (quote,), attribute, 0.8)


def sample() -> KnowledgeGraph:
    """Return the sample graph: 27 entities, 18 claims, 8 observations of two documents."""
    return KnowledgeGraph(
        (
            source(MIDONG, TEXTS[MIDONG], "米东区", "650109", "乌鲁木齐市米东区国民经济和社会发展第十四个五年规划纲要"),
            source(URUMQI, TEXTS[URUMQI], "乌鲁木齐市", "650100", "乌鲁木齐市国民经济和社会发展第十四个五年规划纲要"),
        ),
        occurring(ENTITIES, TEXTS),
        tuple(sorted((_claim(*row) for row in _CLAIMS), key=lambda c: c.id)),
        tuple(sorted((_value(row) for row in _VALUES), key=lambda o: o.id)),
    )


HOSTILE_NAMES = (
    "<script>alert(1)</script>园",
    '"></td><img src=x onerror=alert(1)>园',
    "</script><script>alert(2)</script>园",
    '=HYPERLINK("http://example.org","x")园',
    "+1+1园",
    "@SUM(A1)园",
    "\t-2+3园",
    '\\u0041 \\" \'\'\' """ . } #园',
    "a\r\nb园",
    "𠮷野\u202e家\u200b園",
    "& &amp; ]]> <!-- -->园",
)


def hostile() -> KnowledgeGraph:
    """Return a graph whose names, title and file id try to break out of every markup."""
    doc = "a b<c>&'\"#%é规划"
    text = "".join(f"米东区发展{name}。\n" for name in HOSTILE_NAMES)
    own = entity(D, "米东区", code="650109")
    parks = [entity(PK, name, scope='"<i>') for name in HOSTILE_NAMES]
    claims = []
    for park in parks:
        at = text.index(park.name)
        sentence = Span(at - 5, at + len(park.name) + 1)
        quote = Quote(doc, sentence, sentence.of(text), ("<b>第一章</b>", "\"'&"), "rule:<x>", 3, None, None)
        key = _digest(own.id, park.id)
        claims.append(Claim(f"claim-{key}", own.id, P.PLANS, park.id, doc, (quote,), S.PLANNED))
    return KnowledgeGraph(
        (source(doc, text, "米东区", "650109", "<h1>规划</h1>\"'&"),),
        occurring([own, *parks], {doc: text}),
        tuple(sorted(claims, key=lambda c: c.id)),
        (),
    )


def rich() -> KnowledgeGraph:
    """Return the sample with everything else that a graph can hold: reference claims, mappings, near misses, pages."""
    kg = sample()
    extra = {
        "石油化工": {"mappings": (Mapping4754("C25", "closeMatch", 0.8, "shared words"),)},
        "米东化工工业园": {"key": "化工工业园"},
        "乡村旅游": {"unmapped": "no class of that name"},
        "兵团第六师": {"candidates": ("659004", "659009")},
    }
    entities = tuple(replace(e, **extra.get(e.name, {})) for e in kg.entities)  # type: ignore[arg-type]
    paged = [replace(c, evidence=tuple(replace(q, page=1) for q in c.evidence)) for c in kg.claims]
    parts = ("三道坝镇", "米东区"), ("化工工业园污水处理厂", "米东化工工业园"), ("旅游兴疆战略", "乡村振兴战略")
    listed = [
        Claim(f"claim-{i:016}", _IDS[low], Predicate.PART_OF, _IDS[high], "reference:divisions", (), rule="list/parent")
        for i, (low, high) in enumerate(parts)
    ]
    near = NearMiss(_IDS["化工工业园污水处理厂"], _IDS["米东化工工业园"], "another type", 0.7)
    return replace(
        kg, entities=entities, claims=tuple(sorted([*listed, *paged], key=lambda c: c.id)), near_misses=(near,)
    )
