"""What resolution makes of the gold passages: counts before and after, and the largest clusters."""

from collections import Counter

from graph.resolve import build_graph
from tests.graph.goldextract import gold_extractions

BEFORE = {
    "District": 63,
    "Enterprise": 2,
    "Facility": 47,
    "Indicator": 29,
    "Industry": 99,
    "Institution": 18,
    "Park": 51,
    "Policy": 67,
    "Project": 39,
}
AFTER = {
    "District": 45,
    "Enterprise": 2,
    "Facility": 47,
    "Indicator": 29,
    "Industry": 77,
    "Institution": 18,
    "Park": 46,
    "Policy": 63,
    "Project": 39,
}
LARGEST = [
    "新疆维吾尔自治区 = 全疆 = 新疆 = 自治区",
    "文化旅游 = 文化旅游业 = 文化旅游产业 = 文旅产业",
    "旅游业 = 旅游 = 旅游产业",
    "苏拉宫工业园区 = 苏拉宫 = 苏拉宫园区",
    "米东区 = 米东",
    "乌鲁木齐市 = 首府",
    "乡村振兴 = 乡村振兴战略",
    "伊宁边境经济合作区 = 边合区",
    "循环经济 = 循环经济产业",
    "特色种植 = 特色种植业",
    "三道坝镇 = 三道坝",
    "铁厂沟镇 = 铁厂沟",
    "长山子镇 = 长山子",
    "畜牧产业 = 畜牧业",
    "会展业 = 会展",
    "新天煤化工园区 = 新天煤化工",
    "化工工业园 = 化工园区",
    "北京市 = 北京",
    "重庆市 = 重庆",
    "古牧地镇 = 古牧地",
]


def test_entities_per_type_before_and_after() -> None:
    before = Counter(
        m.type.value for e in gold_extractions() for m in {(m.type, m.surface): m for m in e.mentions}.values()
    )
    after = Counter(e.type.value for e in build_graph(gold_extractions()).entities if e.occurrences)
    assert dict(sorted(before.items())) == BEFORE
    assert dict(sorted(after.items())) == AFTER


def test_the_twenty_largest_clusters() -> None:
    entities = build_graph(gold_extractions()).entities
    largest = sorted(entities, key=lambda e: (-len(e.aliases), -len(e.occurrences), e.id))[:20]
    assert [" = ".join((e.name, *e.aliases)) for e in largest] == LARGEST
