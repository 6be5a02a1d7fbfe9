"""Proposed names of statistics."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.extraction import Evidence, Mention
from extract.indicators import indicator_spans, propose_indicators
from extract.layout import lay_out
from extract.span import Span
from ontology.schema import EntityType


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("到2025年，全市常住人口城镇化率达到68.35%。", ["常住人口城镇化率"]),
        ("确保“十四五”期间学前教育毛入园率达98%以上。", ["学前教育毛入园率"]),
        ("城镇新增就业6.3万人，带动就业5582人。", ["城镇新增就业", "带动就业"]),
        ("累计实现社会消费品零售总额6035亿元，较“十二五”期间增长36.5%；", ["社会消费品零售总额"]),
        ("再生水利用率提高到30%以上。", ["再生水利用率"]),
        ("资产总额5400万元，占地面积42亩，", ["资产总额", "占地面积"]),
        ("黄金、白银、镍产量分别增长5%、6%、7%。", ["黄金", "白银", "镍产量"]),  # guide rule 14
        ("氨氮、氮氧化物排放分别减少10%。", ["氨氮", "氮氧化物排放"]),
        ("黄金、白银、镍产量增长5%。", ["黄金、白银、镍产量"]),
        ("死亡人数、直接经济损失分别下降5%、6%。", ["死亡人数", "直接经济损失"]),
        ("城市、县城建成区面积分别扩大8%、5%。", ["城市、县城建成区面积"]),
        ("示范村污水治理率、改厕率全部达到90%以上。", ["示范村污水治理率", "改厕率"]),
        ("养老、基本医疗保险覆盖率分别达到96.9%、99%；", ["养老", "基本医疗保险覆盖率"]),
        ("力争新认定高新技术企业20家。", ["高新技术企业"]),
        ("三次产业结构明显优化，市场主体同比增长26%。", ["市场主体"]),
        ("建成125个县域医共体。", ["县域医共体"]),
        ("每千人口拥有3岁以下婴幼儿托位数4.59个。", ["每千人口拥有3岁以下婴幼儿托位数"]),
        ("耕地7万亩，其中水田5万亩、旱地2万亩。", ["耕地", "水田", "旱地"]),
        ("①2025年基本养老保险参保率≥95，", ["基本养老保险参保率"]),
        ("项目总投资9.7亿元，", ["总投资"]),
        ("企业占地面积300平方米，街道总人口900人。", ["占地面积", "总人口"]),
        ("人均预期寿命达到70岁左右。", ["人均预期寿命"]),
        ("建成9个国家级绿色农产品基地，认定30个省级示范村镇。", ["国家级绿色农产品基地", "省级示范村镇"]),
        ("形成4万头牛（1万头奶牛）、13万只羊、120万羽家禽的养殖规模。", ["牛", "奶牛", "羊", "家禽"]),
        ("累计完成棚户区改造2万户，技能培训800人次。", ["棚户区改造", "技能培训"]),
        ("2016年：计划搬迁97户700人。", ["计划搬迁"]),
        ("建档立卡户搬迁任务为86户。", ["建档立卡户搬迁任务"]),
        ("企业通关时效提升80%以上。", ["企业通关时效"]),
        ("全镇烟田共计25亩，其中河滩地11亩。", ["烟田", "河滩地"]),
        ("养殖大户有38户，其中养鸡户30户。", ["养殖大户", "养鸡户"]),
        ("可开发的风力资源总量约450—500MW。", ["可开发的风力资源总量"]),
        ("为老人发放津贴15万元，风速阈值约每秒5米。", ["津贴", "风速阈值"]),
        ("精准识别帮扶监测对象16万户70万人。", ["帮扶监测对象"]),
        ("实现稳定增收并超过贫困线3335元。", ["贫困线"]),
        ("现有日光温室12栋、冷棚30栋，拥有景点9处。", ["日光温室", "冷棚", "景点"]),
        ("全镇现有茶园3.1万亩，拥有茶园4万亩。", ["茶园"]),
        ("完成造林30万亩、种草改良48万亩。", ["造林", "种草改良"]),
        ("全区从业人数为2701人，水田960亩）、果园320亩。", ["从业人数", "水田", "果园"]),
        ("义务教育巩固率、高中毛入学率保持在97%以上。", ["义务教育巩固率", "高中毛入学率"]),
        ("公众满意度连续5年保持在99%以上。", ["公众满意度"]),
        ("孕产妇死亡率降到22/10万。", ["孕产妇死亡率"]),
        ("现已完成投资3亿元，年均新增城镇就业30万人。", ["投资", "新增城镇就业"]),
        ("一是青山县金石矿业有限公司投资5000万元。", ["投资"]),
        ("小麦种植4万亩，新增就业600人。", ["小麦种植", "新增就业"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert [text[p.start : p.end] for p in indicator_spans(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "新建学校2所、幼儿园1所。",
        "购置车辆70辆、垃圾桶30000个。",
        "推进13所中小学的基础设施建设。",
        "引进投资超百亿级工业项目。",
        "辖10个行政村，27个自然屯。",
        "县人民医院等15项基础设施建设。",
        "第二轮土地承包到期后再延长30年。",
        "全长稳步增加，产值不断提高。",
        "对上市企业，给予企业300万元奖励。",
        "对固定资产投资1000万元及以上的，按比例给予奖励。",
        "对设备投资总额达到300万元（含税）以上且按期投产的，一次性奖励。",
        "参照其年度财政贡献的70%给予奖励。",
        "距离机场28公里。",
        "全镇共计9户，教学点共7所学校。",
        "拥有大小街道3个、鹿场的鹿20头。",
        "清洁能源入户300余户。",
    ],
)
def test_no_statistics(text: str) -> None:
    assert indicator_spans(text) == ()


def test_things_named_before_are_no_part_of_the_name() -> None:
    text = "昆冈工业园区总产值突破百亿元。"
    (proposal,) = indicator_spans(text, [(0, 6)])
    assert text[proposal.start : proposal.end] == "总产值"


def test_mentions_of_other_types_fence_the_names_of_a_document() -> None:
    raw = "第一章 产业\n\n甲镇林地面积11277公顷。\n"
    document = lay_out(raw, id="d", district="米东区")
    at = raw.index("甲镇")
    span = Span(at, at + 2)
    town = Mention(span, EntityType.DISTRICT, "甲镇", Evidence(span, (), "test"))
    assert [m.surface for m in propose_indicators(document, [town])] == ["林地面积"]


def test_each_proposal_says_its_rule() -> None:
    document = lay_out("第一章 目标\n\n产业产值达到5亿元。建成3个众创空间。\n", id="d", district="米东区")
    found = propose_indicators(document)
    assert [(m.surface, m.evidence.rule) for m in found] == [
        ("产业产值", "indicators/before-figure"),
        ("众创空间", "indicators/count-before-noun"),
    ]
    assert all(m.span.of(document.raw) == m.surface and m.type is EntityType.INDICATOR for m in found)


@given(st.text(alphabet="产值率面积投资企业达到增长为，。、（）分别均5亿元%家个0123其中的到2025年和等", max_size=50))
def test_proposals_lie_in_the_text_and_ascend(text: str) -> None:
    found = indicator_spans(text)
    assert all(0 <= p.start < p.end <= len(text) for p in found)
    assert list(found) == sorted(found, key=lambda p: p.start)
    assert len({(p.start, p.end) for p in found}) == len(found)
