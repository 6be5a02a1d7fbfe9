"""Works lie where the columns of their table say."""

import re

import pytest

from extract.document import Document
from extract.extraction import Evidence, Mention
from extract.extractor import extract
from extract.layout import lay_out
from extract.sites import site_facts
from extract.span import Span
from extract.tier import Tier
from ontology.schema import EntityType, Predicate

NAMES = {
    "青石水库工程": EntityType.PROJECT,
    "农机扩能项目": EntityType.PROJECT,
    "文化服务中心": EntityType.FACILITY,
    "白河制药": EntityType.ENTERPRISE,
    "东湾产业园": EntityType.PARK,
    "青石镇": EntityType.DISTRICT,
    "白杨乡": EntityType.DISTRICT,
    "上河村": EntityType.DISTRICT,
    "滨河港": EntityType.FACILITY,
}


def table(head: str, *rows: str) -> tuple[Document, list[Mention]]:
    """Lay out a table; every name above is a mention wherever it stands."""
    line = "|".join(" --- " for _ in head.split("|"))
    text = f"附表\n\n| {head} |\n|{line}|\n" + "".join(f"| {row} |\n" for row in rows)
    found = re.finditer("|".join(sorted(NAMES, key=len, reverse=True)), text)
    mentions = [
        Mention(Span(*match.span()), NAMES[match[0]], match[0], Evidence(Span(*match.span()), (), "test"), 1.0)
        for match in found
    ]
    return lay_out(text, id="sample", district="米东区"), mentions


@pytest.mark.parametrize(
    ("head", "rows", "expected"),
    [
        ("项目名称 | 建设地点 | 投资", ["青石水库工程 | 青石镇 | 9"], ["青石水库工程 青石镇"]),
        ("序号 | 项目 | 位置", ["1 | 青石水库工程（二期） | 滨河港"], ["青石水库工程 滨河港"]),
        (
            "工程名称 | 所在乡镇 | 万元",
            ["青石水库工程 | 青石镇至白杨乡 | 9"],
            ["青石水库工程 青石镇", "青石水库工程 白杨乡"],
        ),
        ("项目名称 | 落户园区 | 企业", ["农机扩能项目 | 东湾产业园 | 白河制药"], ["农机扩能项目 东湾产业园"]),
        (  # the place is that of the row's own thing, the project stands in the park
            "载体名称 | 位置 | 推进项目",
            ["东湾产业园 | 青石镇 | 农机扩能项目"],
            ["东湾产业园 青石镇", "农机扩能项目 东湾产业园"],
        ),
        ("乡镇 | 村 | 拟建项目", ["青石镇 | 上河村 | 文化服务中心"], ["文化服务中心 上河村"]),
        ("乡镇 | 村 | 拟建项目", ["青石镇 | — | 文化服务中心"], ["文化服务中心 青石镇"]),
        ("帮扶单位 | 驻点村 | 任务", ["白河制药 | 上河村 | 文化服务中心"], ["文化服务中心 上河村"]),
        ("项目名称 | 援建方 | 万元", ["文化服务中心 | 青石镇 | 9"], []),  # no place where it lies
        ("项目名称 | 建设地点 | 万元", ["青石水库工程 | 沿青石镇境内白河两岸 | 9"], []),
    ],
)
def test_columns_say_where_things_lie(head: str, rows: list[str], expected: list[str]) -> None:
    facts, places = site_facts(*table(head, *rows))
    assert {fact.predicate for fact in facts} <= {Predicate.LOCATED_IN}
    found = [(fact.subject, fact.object) for fact in facts]
    assert [f"{s.surface} {o.surface}" for s, o in found if s and o] == expected
    assert places == {o.span for _, o in found if o}


def test_the_evidence_reaches_from_one_to_the_other() -> None:
    document, mentions = table("项目名称 | 建设地点", "青石水库工程 | 青石镇")
    (fact,) = site_facts(document, mentions)[0]
    assert fact.evidence.span.of(document.raw) == "青石水库工程 | 青石镇"


def test_a_park_in_which_something_is_built_is_not_planned() -> None:
    text = "附表：重点项目\n\n| 项目名称 | 建设地点 |\n| --- | --- |\n| 农机扩能项目 | 东湾产业园 |\n"
    found = extract(lay_out(text, id="sample", district="米东区"), Tier.FAST)
    said = {(f.predicate.value, f.object.surface) for f in found.facts if f.object}
    assert ("locatedIn", "东湾产业园") in said
    assert ("plans", "东湾产业园") not in said
