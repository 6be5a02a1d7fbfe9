"""Whole observations: subject, value, unit, period and kind, from small documents."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.document import Document
from extract.extraction import Evidence, Mention, Observation
from extract.indicators import propose_indicators
from extract.layout import lay_out
from extract.located import LONGEST, by_sentence, locate
from extract.observations import observe
from extract.reading import BUNDLED, read_document
from extract.span import Span
from ontology.schema import EntityType, Kind

PLAN = """米东区国民经济和社会发展第十四个五年规划纲要

第一章 发展基础

{back}

第二章 主要任务

{ahead}
"""


def plan(back: str = "大局稳定。", ahead: str = "再上台阶。") -> Document:
    return lay_out(PLAN.format(back=back, ahead=ahead), id="plan")


def mark(document: Document, names: dict[str, str]) -> list[Mention]:
    """Return a mention for every occurrence of each surface, typed; names map surface to type."""
    mentions = []
    for surface, kind in names.items():
        at = document.raw.find(surface)
        assert at >= 0, surface
        while at >= 0:
            span = Span(at, at + len(surface))
            mentions.append(Mention(span, EntityType(kind), surface, Evidence(span, (), "test")))
            at = document.raw.find(surface, at + 1)
    return sorted(mentions, key=lambda m: m.span)


def seen(observations: tuple[Observation, ...]) -> list[tuple[str, str, str, str, str, str]]:
    return [
        (o.subject.surface if o.subject else "@doc", o.indicator.surface, o.value, o.unit, o.period, o.kind.value)
        for o in observations
    ]


def test_a_pair_has_the_years_before_and_at_the_end_of_the_plan() -> None:
    document = plan(back="“十三五”期间，财政收入由32.07亿元增加到43.10亿元，年均增长6%。")
    found = observe(document, mark(document, {"财政收入": "Indicator"}))
    assert seen(found) == [
        ("@doc", "财政收入", "32.07", "亿元", "2015", "actual"),
        ("@doc", "财政收入", "6", "%", "2016-2020", "change"),
        ("@doc", "财政收入", "43.10", "亿元", "2020", "actual"),
    ]


def test_what_is_compared_with_the_plan_before_belongs_to_the_one_after() -> None:
    document = plan(back="累计接待游客2.4亿人次，较“十二五”期间增长1.5倍。绿地率达38%，较“十二五”末提高4个百分点。")
    found = observe(document, mark(document, {"接待游客": "Indicator", "绿地率": "Indicator"}))
    assert [(o.value, o.period, o.kind) for o in found] == [
        ("1.5", "2016-2020", Kind.CHANGE),
        ("2.4", "2016-2020", Kind.ACTUAL),
        ("38", "2020", Kind.ACTUAL),
        ("4", "2020", Kind.CHANGE),
    ]


def test_a_target_by_its_year_and_by_its_chapter() -> None:
    document = plan(back="参保率达95%。", ahead="到2025年，入园率保持在98%以上。失业率控制在3.88%以内。")
    found = observe(document, mark(document, dict.fromkeys(("参保率", "入园率", "失业率"), "Indicator")))
    assert seen(found) == [
        ("@doc", "参保率", "95", "%", "", "actual"),
        ("@doc", "入园率", ">=98", "%", "2025", "target"),
        ("@doc", "失业率", "<=3.88", "%", "", "target"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("到2019年，肉鸭存栏达到500万羽。", Kind.TARGET),
        ("到2019年底，肉鸭存栏已达到500万羽。", Kind.ACTUAL),
        ("2019年，肉鸭存栏达到500万羽。", Kind.ACTUAL),
        ("肉鸭存栏500万羽，将于八月出栏。", Kind.ACTUAL),
        ("预计肉鸭存栏500万羽。", Kind.TARGET),
    ],
)
def test_a_year_to_reach_is_an_aim_where_nothing_is_known_of_the_document(text: str, kind: Kind) -> None:
    document = lay_out(f"产业介绍\n\n一、养殖\n\n{text}\n", id="o", district="长顺县")
    (found,) = observe(document, mark(document, {"肉鸭存栏": "Indicator"}))
    assert found.kind is kind


def test_what_is_planned_by_its_name_is_an_aim_and_a_year_with_a_colon_opens_a_paragraph() -> None:
    document = lay_out(
        "产业介绍\n\n一、搬迁\n\n2016年：计划搬迁97户。完成情况：安置房14套。\n", id="o", district="长顺县"
    )
    found = observe(document, mark(document, {"计划搬迁": "Indicator", "安置房": "Indicator"}))
    assert [(o.value, o.period, o.kind) for o in found] == [
        ("97", "2016", Kind.TARGET),
        ("14", "2016", Kind.ACTUAL),
    ]


def test_a_yearly_growth_up_to_the_last_year_is_that_of_the_plan() -> None:
    document = plan(ahead="到2025年，工业增加值年均增长7%。")
    (found,) = observe(document, mark(document, {"工业增加值": "Indicator"}))
    assert (found.period, found.kind) == ("2021-2025", Kind.CHANGE)


def test_an_opening_sentence_gives_its_time_to_the_paragraph() -> None:
    document = plan(ahead="“十四五”时期主要预期目标是：\n\n居民收入年均增长5%。人均寿命达到78岁。\n\n失业率5%。")
    found = observe(document, mark(document, dict.fromkeys(("居民收入", "人均寿命", "失业率"), "Indicator")))
    assert [o.period for o in found] == ["2021-2025", "2021-2025", ""]


def test_money_and_area_are_the_projects_in_its_box_item() -> None:
    document = plan(
        ahead="专栏1 重点项目\n\n1.丝路石材园项目：分十二个功能区建设，规划面积4500亩，总投资108亿元。\n\n"
        "2.惠民工程：修建道路。"
    )
    names = {"丝路石材园项目": "Project", "惠民工程": "Project", "规划面积": "Indicator", "总投资": "Indicator"}
    found = observe(document, mark(document, names))
    assert seen(found) == [
        ("丝路石材园项目", "规划面积", "4500", "亩", "", "target"),
        ("丝路石材园项目", "总投资", "108", "亿元", "", "target"),
    ]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("实施华凌田园项目，总投资35亿元。", "华凌田园项目"),
        ("全力推进总投资35亿元的华凌田园项目。", "华凌田园项目"),
        ("依托华凌田园项目，全区总投资35亿元。", "@doc"),
        ("华凌田园项目落户我区，带动全区总投资35亿元。", "@doc"),
    ],
)
def test_whose_investment(text: str, subject: str) -> None:
    document = plan(ahead=text)
    (found,) = observe(document, mark(document, {"华凌田园项目": "Project", "总投资": "Indicator"}))
    assert (found.subject.surface if found.subject else "@doc") == subject


def test_a_facility_does_not_own_the_statistics_after_it() -> None:
    document = plan(back="人才大厦成功晋级，众创空间达14家。")
    (found,) = observe(document, mark(document, {"人才大厦": "Facility", "众创空间": "Indicator"}))
    assert found.subject is None


def test_a_list_of_districts_shares_a_figure() -> None:
    document = plan(back="甲镇、乙镇经济总量突破千亿元。")
    found = observe(document, mark(document, {"甲镇": "District", "乙镇": "District", "经济总量": "Indicator"}))
    assert seen(found) == [
        ("甲镇", "经济总量", ">1000", "亿元", "", "actual"),
        ("乙镇", "经济总量", ">1000", "亿元", "", "actual"),
    ]


def test_shares_of_a_total_in_brackets() -> None:
    document = plan(back="建成安置房600套（其中：甲镇400套、乙镇200套）。")
    found = observe(document, mark(document, {"甲镇": "District", "乙镇": "District", "安置房": "Indicator"}))
    assert [(o.subject.surface if o.subject else "@doc", o.value) for o in found] == [
        ("乙镇", "200"),
        ("甲镇", "400"),
        ("@doc", "600"),
    ]


def test_a_firms_page_gives_its_figures_to_the_firm() -> None:
    raw = (
        "企业简介\n\n（一）柳河药业有限公司\n\n公司位于柳河镇，占地面积42亩，现有员工311人。2020年实现产值8402万元。\n"
    )
    document = lay_out(raw, id="o", district="柳河县")
    names = dict.fromkeys(("占地面积", "员工", "产值"), "Indicator") | {
        "柳河药业有限公司": "Enterprise",
        "柳河镇": "District",
    }
    found = observe(document, mark(document, names))
    assert seen(found) == [
        ("柳河药业有限公司", "占地面积", "42", "亩", "", "actual"),
        ("柳河药业有限公司", "员工", "311", "人", "", "actual"),
        ("柳河药业有限公司", "产值", "8402", "万元", "2020", "actual"),
    ]


def test_a_statistics_table_has_places_in_rows() -> None:
    rows = ("村\t总人口数（人）\t贫困发生率（%）", "板沟村\t3180\t33.02", "新民村\t1792\t14.45", "合计\t4972\t")
    raw = "一、贫困情况\n\n2017年贫困村情况表\t\t\n" + "\n".join(rows) + "\n"
    document = lay_out(raw, id="o", district="长顺县")
    names = dict.fromkeys(("总人口数", "贫困发生率"), "Indicator") | {"板沟村": "District", "新民村": "District"}
    found = observe(document, mark(document, names))
    assert [row[:5] for row in seen(found)] == [
        ("新民村", "总人口数", "1792", "人", "2017"),
        ("板沟村", "总人口数", "3180", "人", "2017"),
        ("@doc", "总人口数", "4972", "人", "2017"),
        ("新民村", "贫困发生率", "14.45", "%", "2017"),
        ("板沟村", "贫困发生率", "33.02", "%", "2017"),
    ]


def test_figures_in_names_are_none() -> None:
    document = plan(ahead="建设年产50万吨有机硅项目，产值5亿元。")
    found = observe(document, mark(document, {"年产50万吨有机硅项目": "Project", "产值": "Indicator"}))
    assert [(o.value, o.unit) for o in found] == [("5", "亿元")]


def test_evidence_is_the_sentence_in_its_section() -> None:
    document = plan(ahead="先说明。产值达到\n\n5亿元。后补充。")
    (found,) = observe(document, mark(document, {"产值": "Indicator"}))
    assert found.evidence.span.of(document.raw) == "产值达到\n\n5亿元。"
    assert found.evidence.section == ("第二章 主要任务",)
    assert found.evidence.rule == "observations/prose"


def test_a_very_long_sentence_is_read_in_parts() -> None:
    document = plan(ahead="产值达到5亿元，" * 400)
    parts = [s for s, _ in by_sentence(document, ()) if "产值" in s.text.clean]
    assert all(0 < len(s.text) <= LONGEST for s in parts)
    assert "".join(s.text.clean for s in parts) == "产值达到5亿元，" * 400
    assert len(observe(document, mark(document, {"产值": "Indicator"}))) == 400


def test_mentions_are_found_across_line_breaks() -> None:
    document = plan(ahead="园区基础设施配套齐全，规划合理，建设用\n\n地30亩，投资3亿元，计划明年完工。")
    sentence = next(s for s in document.sentences if "30亩" in s.text.clean)
    start = document.raw.index("建设用")
    span = Span(start, document.raw.index("地30") + 1)
    (found,) = locate(sentence.text, [Mention(span, EntityType.INDICATOR, "建设用地", Evidence(span, (), "test"))])
    assert sentence.text.clean[found.start : found.end] == "建设用地"


def test_the_bundled_documents_give_ordered_observations_that_stand_in_their_text() -> None:
    documents = [read_document(path) for path in sorted(BUNDLED.glob("*.txt"))]
    assert len(documents) == 5
    for document in documents:
        found = observe(document, propose_indicators(document))
        assert len(found) >= 30
        assert all(a.indicator.span <= b.indicator.span for a, b in pairwise(found))
        for observation in found:
            quote = re.sub(r"\s|,", "", observation.evidence.span.of(document.raw))
            spelled = set("十百千万亿番成") & set(quote)  # 突破千亿元, 翻一番
            runs = re.findall(r"\d+(?:\.\d+)?", observation.value) or [observation.value]
            assert all(run in quote for run in runs) or spelled, observation.value


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "产值",
                "达到",
                "5亿元",
                "12家",
                "、",
                "，",
                "。",
                "（",
                "）",
                "由",
                "到",
                "2025年",
                "“十三五”期间",
                "甲园",
                "其中",
                "增长7%",
                "\n\n",
            ]
        ),
        min_size=1,
        max_size=25,
    )
)
def test_any_arrangement_gives_well_formed_observations(parts: list[str]) -> None:
    document = lay_out("第一章 任务\n\n产值甲园" + "".join(parts), id="x", district="米东区")
    for observation in observe(document, mark(document, {"产值": "Indicator", "甲园": "Park"})):
        assert observation.value
        assert observation.indicator.surface == "产值"
        assert observation.subject is None or observation.subject.surface == "甲园"
