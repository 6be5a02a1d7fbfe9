"""Large graphs for the page, made by a seeded generator: every quote is true."""

import hashlib
import random
from dataclasses import dataclass, field, replace

from extract.document import DocumentKind, DocumentMeta
from extract.span import Span
from graph.model import Claim, Entity, KnowledgeGraph, ObservedValue, Occurrence, Quote, Source
from ontology.schema import EntityType, Kind, Predicate, Status

T, P = EntityType, Predicate

_DISTRICTS = ("青河县", "白杨市", "双湖区", "石桥县", "云岭市")
_PLACES = [
    "东沟",
    "西梁",
    "南湾",
    "北坡",
    "上河",
    "下泉",
    "红柳",
    "胡杨",
    "月牙",
    "金沙",
    "银杏",
    "龙口",
    "凤台",
    "石门",
    "松林",
    "芦苇",
    "黑水",
    "柳树",
    "梅花",
    "葡萄",
]
_THEMES = [
    "光伏",
    "乳业",
    "棉纺",
    "冷链",
    "旅游",
    "物流",
    "煤化工",
    "新材料",
    "中药",
    "数字",
    "电商",
    "装备",
    "种业",
    "文创",
    "水利",
    "医疗",
    "教育",
    "环保",
    "风电",
    "仓储",
]
_ENDINGS = {
    T.PARK: ("产业园", "开发区", "物流园", "片区"),
    T.PROJECT: ("建设项目", "提升工程", "改造项目"),
    T.FACILITY: ("大道", "水库", "广场", "污水处理厂"),
    T.INDUSTRY: ("产业", "制造业", "服务业"),
    T.POLICY: ("行动", "战略", "计划"),
    T.ENTERPRISE: ("集团", "公司"),
    T.INSTITUTION: ("医院", "研究院"),
    T.INDICATOR: ("产值", "产量", "覆盖率"),
    T.DISTRICT: ("镇", "乡", "村"),
}
_SHARE = (
    (T.PROJECT, 24),
    (T.FACILITY, 20),
    (T.INDUSTRY, 16),
    (T.POLICY, 13),
    (T.PARK, 9),
    (T.DISTRICT, 7),
    (T.INDICATOR, 6),
    (T.INSTITUTION, 3),
    (T.ENTERPRISE, 2),
)
_VERBS = (
    (P.PLANS, "规划建设", (T.DISTRICT, T.PARK), (T.PROJECT, T.FACILITY, T.PARK), Status.PLANNED),
    (P.PLANS, "建成", (T.DISTRICT,), (T.FACILITY, T.PROJECT), Status.DONE),
    (P.DEVELOPS, "发展", (T.DISTRICT, T.PARK), (T.INDUSTRY,), None),
    (P.IMPLEMENTS, "推进", (T.DISTRICT,), (T.POLICY,), Status.ONGOING),
    (P.IMPLEMENTS, "争取", (T.DISTRICT,), (T.POLICY,), Status.SOUGHT),
    (P.LOCATED_IN, "位于", (T.PROJECT, T.FACILITY, T.ENTERPRISE), (T.DISTRICT, T.PARK), None),
    (P.SUPPORTS, "支持", (T.POLICY,), (T.INDUSTRY, T.PARK), None),
    (P.PART_OF, "属于", (T.DISTRICT,), (T.DISTRICT,), None),
)


@dataclass
class _Draft:
    """A document while it is written."""

    id: str
    district: Entity
    text: list[str] = field(default_factory=list)
    length: int = 0
    section: str = ""

    def write(self, words: str) -> Span:
        start = self.length
        self.text.append(words)
        self.length += len(words)
        return Span(start, self.length)


class _Author:
    """Writes sentences into documents, and notes what they say."""

    def __init__(self, size: int, seed: int) -> None:
        self.random = random.Random(seed)
        self.entities = self._names(size)
        self.by_type: dict[EntityType, list[Entity]] = {}
        for entity in self.entities:
            self.by_type.setdefault(entity.type, []).append(entity)
        self.drafts = [_Draft(f"plan-{k}", e) for k, e in enumerate(self.entities[: len(_DISTRICTS)])]
        for draft in self.drafts:
            draft.write(f"{draft.district.name}发展规划\n\n")
        self.seen: dict[str, list[Occurrence]] = {e.id: [] for e in self.entities}
        self.claims: dict[str, Claim] = {}
        self.values: dict[str, ObservedValue] = {}

    def _names(self, size: int) -> list[Entity]:
        kinds = self.random.choices([t for t, _ in _SHARE], [w for _, w in _SHARE], k=size - len(_DISTRICTS))
        named = [(T.DISTRICT, name) for name in _DISTRICTS]
        for number, kind in enumerate(kinds):
            place, theme = self.random.choice(_PLACES), self.random.choice(_THEMES)
            serial = f"{number // 400 or ''}"
            named.append((kind, f"{place}{theme}{serial}{self.random.choice(_ENDINGS[kind])}"))
        unique = dict.fromkeys(named)
        return [Entity(f"{t.lower()}-{_digest(t, name)}", t, name) for t, name in unique]

    def pick(self, draft: _Draft, kinds: tuple[EntityType, ...]) -> Entity:
        """Return the district of the document now and then, else something near the document's share."""
        if T.DISTRICT in kinds and self.random.random() < 0.35:
            return draft.district
        pool = self.by_type[self.random.choice([k for k in kinds if k in self.by_type])]
        part = self.drafts.index(draft)
        if self.random.random() < 0.85:
            pool = pool[part :: len(self.drafts)] or pool
        if self.random.random() < 0.2:
            return pool[min(int(self.random.paretovariate(0.6)) - 1, len(pool) - 1)]
        return self.random.choice(pool)

    def sentence(self, number: int) -> None:
        draft = self.random.choice(self.drafts)
        if number % 40 == 0:
            draft.section = f"第{number // 40 + 1}节 {self.random.choice(_THEMES)}"
            draft.write(f"\n\n{draft.section}\n\n")
        predicate, verb, subjects, objects, status = self.random.choice(_VERBS)
        subject, target = self.pick(draft, subjects), self.pick(draft, objects)
        if subject is target:
            return
        start = draft.length
        a = draft.write(subject.name)
        draft.write(verb)
        b = draft.write(target.name)
        whole = Span(start, draft.write("。").end)
        self.note(draft, subject, a)
        self.note(draft, target, b)
        exact = f"{subject.name}{verb}{target.name}。"
        quote = Quote(draft.id, whole, exact, (draft.section,), f"facts/verb:{verb}", None, a, b)
        key = _digest(subject.id, predicate, target.id, status or "", draft.id)
        known = self.claims.get(key)
        evidence = (*known.evidence, quote) if known else (quote,)
        self.claims[key] = Claim(
            f"claim-{key}", subject.id, predicate, target.id, draft.id, evidence, status, "", 0.5 + number % 50 / 100
        )

    def figure(self) -> None:
        draft = self.random.choice(self.drafts)
        indicator = self.pick(draft, (T.INDICATOR,))
        start = draft.length
        year, value = self.random.choice(["2020", "2025"]), str(self.random.randrange(10, 9000) / 10)
        draft.write(f"{year}年")
        a = draft.write(draft.district.name)
        b = draft.write(indicator.name)
        whole = Span(start, draft.write(f"达到{value}亿元。").end)
        self.note(draft, draft.district, a)
        self.note(draft, indicator, b)
        exact = f"{year}年{draft.district.name}{indicator.name}达到{value}亿元。"
        quote = Quote(draft.id, whole, exact, (draft.section,), "quantities/prose", None, a, b)
        key = _digest(draft.district.id, indicator.id, value, year, draft.id)
        kind = Kind.ACTUAL if year == "2020" else Kind.TARGET
        self.values[key] = ObservedValue(
            f"observation-{key}", draft.district.id, indicator.id, value, "亿元", year, kind, draft.id, (quote,)
        )

    def note(self, draft: _Draft, entity: Entity, span: Span) -> None:
        self.seen[entity.id].append(Occurrence(draft.id, span, entity.name))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def synthetic(entities: int, claims: int, seed: int = 7) -> KnowledgeGraph:
    """Return a graph of about so many entities and exactly so many claims, the same for the same seed."""
    author = _Author(entities, seed)
    number = 0
    while len(author.claims) < claims:
        author.sentence(number)
        number += 1
    for _ in range(claims // 20):
        author.figure()
    sources = []
    for draft in author.drafts:
        text = "".join(draft.text)
        meta = DocumentMeta(
            f"{draft.district.name}发展规划", DocumentKind.PLAN, draft.district.name, "", None, "2021-2025"
        )
        sources.append(Source(draft.id, meta, hashlib.sha256(text.encode()).hexdigest(), text))
    found = (
        Entity(e.id, e.type, e.name, occurrences=tuple(author.seen[e.id])) for e in author.entities if author.seen[e.id]
    )
    return KnowledgeGraph(
        tuple(sources),
        tuple(sorted(found, key=lambda e: e.id)),
        tuple(sorted(author.claims.values(), key=lambda c: c.id)),
        tuple(sorted(author.values.values(), key=lambda o: o.id)),
    )


def beyond_one_file(towns: int = 18_700, joined: int = 2_500, stations: int = 1_100) -> KnowledgeGraph:
    """Return a graph of more than 20,000 entities, most of which no overview has room for.

    A synthetic graph; `towns` that only public lists name, of which `joined` are part of the first
    district; and `stations` that this district builds, each in a sentence of one long document.
    """
    kg = synthetic(300, 400)
    district = next(e for e in kg.entities if e.name == _DISTRICTS[0])
    listed = [Entity(f"district-town{k:05}", T.DISTRICT, f"第{k}村民小组") for k in range(towns)]
    parts = [
        Claim(f"claim-town{k:05}", town.id, P.PART_OF, district.id, "reference:divisions", (), rule="reference/list")
        for k, town in enumerate(listed[:joined])
    ]
    draft = _Draft("plan-stations", district)
    built, facilities, seen = [], [], []
    for k in range(stations):
        start = draft.length
        a = draft.write(district.name)
        draft.write("建设")
        name = f"第{k:04}号泵站"
        b = draft.write(name)
        whole = Span(start, draft.write("。").end)
        draft.write("\n\n")
        seen.append(Occurrence(draft.id, a, district.name))
        facility = Entity(f"facility-{k:05}", T.FACILITY, name, occurrences=(Occurrence(draft.id, b, name),))
        quote = Quote(draft.id, whole, f"{district.name}建设{name}。", (), "facts/verb:建设", None, a, b)
        ends = (district.id, P.PLANS, facility.id)
        built.append(Claim(f"claim-station{k:05}", *ends, draft.id, (quote,), Status.PLANNED))
        facilities.append(facility)
    text = "".join(draft.text)
    meta = DocumentMeta("水利专项规划", DocumentKind.PLAN, district.name)
    source = Source(draft.id, meta, hashlib.sha256(text.encode()).hexdigest(), text)
    known = [replace(e, occurrences=(*e.occurrences, *seen)) if e is district else e for e in kg.entities]
    return replace(
        kg,
        sources=(*kg.sources, source),
        entities=tuple(sorted((*known, *listed, *facilities), key=lambda e: e.id)),
        claims=tuple(sorted((*kg.claims, *parts, *built), key=lambda c: c.id)),
    )
