"""Extractions of a made-up corpus, for measuring: names from parts, districts from the official list."""

import random
from collections.abc import Iterator

from extract.document import DocumentKind, DocumentMeta
from extract.extraction import Evidence, Extraction, Fact, Mention
from extract.span import Span
from ontology.divisions import divisions
from ontology.schema import EntityType, Predicate, Status
from tests.graph.goldextract import document

_PLACES = [
    "龙泉",
    "清河",
    "石门",
    "柳林",
    "青山",
    "白云",
    "凤凰",
    "长岭",
    "金沙",
    "双桥",
    "红旗",
    "新安",
    "平湖",
    "永兴",
    "东升",
    "西岭",
    "大渡",
    "小溪",
    "高坪",
    "北关",
]
_KINDS = [
    "化工",
    "物流",
    "农业",
    "生物医药",
    "装备制造",
    "文化旅游",
    "电子信息",
    "新材料",
    "冷链",
    "食品加工",
    "纺织",
    "建材",
    "数字",
    "商贸",
    "康养",
]
_HEADS = {
    EntityType.PARK: ["工业园", "产业园区", "物流园", "经济技术开发区", "高新区", "片区", "示范区", "小镇"],
    EntityType.PROJECT: ["建设项目", "改造工程", "扩建项目", "一期工程", "提升工程", "配套工程"],
    EntityType.FACILITY: ["大道", "水库", "污水处理厂", "公园", "体育中心", "客运站", "河", "路"],
    EntityType.INSTITUTION: ["人民医院", "第一中学", "中医医院", "职业技术学院", "实验小学"],
    EntityType.ENTERPRISE: ["集团", "有限公司", "股份有限公司", "科技有限公司"],
    EntityType.POLICY: ["三年行动计划", "发展规划", "战略", "改革", "攻坚战"],
    EntityType.INDUSTRY: ["产业", "业", "加工业", "服务业"],
}


def corpus(documents: int, mentions: int, seed: int = 1) -> Iterator[Extraction]:
    """Yield extractions with `mentions` mentions in all, spread evenly over `documents`."""
    rng = random.Random(seed)
    counties = [d for d in divisions().values() if len(d.code) == 6]
    for index in range(documents):
        county = rng.choice(counties)
        names = [_name(rng, county.name) for _ in range(mentions // documents // 3)]
        yield _extraction(rng, f"doc-{index:04}", county.name, county.code, names, mentions // documents)


def _name(rng: random.Random, county: str) -> tuple[EntityType, str]:
    kind = rng.choice(sorted(_HEADS))
    front = rng.choice(["", "", county, rng.choice(_PLACES), rng.choice(_PLACES)])
    return kind, front + rng.choice(_KINDS) + rng.choice(["", rng.choice(_KINDS)]) + rng.choice(_HEADS[kind])


def _extraction(
    rng: random.Random, id: str, district: str, code: str, names: list[tuple[EntityType, str]], count: int
) -> Extraction:
    pieces: list[str] = []
    mentions: list[Mention] = []
    at = 0
    for _ in range(count):
        kind, name = rng.choice(names)
        span = Span(at, at + len(name))
        mentions.append(Mention(span, kind, name, Evidence(span, (), "made up")))
        pieces.append(name + "。")
        at += len(name) + 1
    built = [m for m in mentions if m.type in (EntityType.PARK, EntityType.PROJECT, EntityType.FACILITY)]
    facts = tuple(Fact(Predicate.PLANS, None, m, m.evidence, Status.PLANNED) for m in built)
    meta = DocumentMeta(f"{district}规划", DocumentKind.PLAN, district, code)
    return Extraction(document(id, "".join(pieces), meta), tuple(mentions), facts, ())
