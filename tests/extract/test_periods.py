"""Times of sentences, and whether a figure lies behind a document or ahead of it."""

import pytest

from extract.document import Document
from extract.layout import lay_out
from extract.periods import Calendar, find_times, nearest, plan_number, plan_years

PLAN = """米东区国民经济和社会发展第十四个五年规划纲要

第一章 发展基础

第一节 综合实力

产值达到5亿元。

第二节 未来展望

产值达到6亿元。

第二章 发展目标

产值达到7亿元。
"""
REPORT = """2022年米东区政府工作报告

——2022年1月10日在米东区第十八届人民代表大会第一次会议上

一、2021年工作回顾

产值达到5亿元。

二、2022年主要工作

产值达到6亿元。
"""


@pytest.mark.parametrize(
    ("number", "years"),
    [
        (1, (1953, 1957)),
        (2, (1958, 1962)),
        (3, (1966, 1970)),
        (10, (2001, 2005)),
        (13, (2016, 2020)),
        (14, (2021, 2025)),
    ],
)
def test_years_of_the_five_year_plans(number: int, years: tuple[int, int]) -> None:
    assert plan_years(number) == years
    assert number < 3 or plan_number(years[0]) == plan_number(years[1]) == number


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("到2025年，产值", [("2025", "")]),
        ("2021—2025年", [("2021-2025", "")]),
        ("“十四五”期间", [("2021-2025", "")]),
        ("十四五时期", [("2021-2025", "")]),
        ("“十三五”末", [("2020", "")]),
        ("“十五”期间", [("2001-2005", "")]),
        ("十五年免费教育", []),
        ("办好十件实事", []),
        ("较“十二五”末增长", [("2015", "compared")]),
        ("比2020年增加", [("2020", "compared")]),
        ("由2015年的3亿元增加到2020年的5亿元", [("2015", "from"), ("2020", "")]),
        ("成立于2005年7月，注册", [("2005", "event")]),
        ("2019年启动建设了园区", [("2019", "event")]),
    ],
)
def test_times(text: str, times: list[tuple[str, str]]) -> None:
    assert [(time.period, time.role) for time in find_times(text)] == times


def test_the_five_years_need_a_plan() -> None:
    assert find_times("五年累计完成") == ()
    assert [t.period for t in find_times("五年累计完成", (2016, 2020))] == ["2016-2020"]


def test_the_time_of_an_event_ends_with_its_clause() -> None:
    text = "公司成立于2005年，面积3亩"
    times = find_times(text)
    assert nearest(text, times, text.index("，")) == times[0]
    assert nearest(text, times, text.index("3亩")) is None


def section(document: Document, title: str) -> int:
    (found,) = [s.index for s in document.sections if title in s.title.clean]
    return found


def test_a_plan_looks_back_in_its_review_only() -> None:
    document = lay_out(PLAN, id="p")
    calendar = Calendar(document)
    assert (calendar.planned, calendar.last_year) == ((2021, 2025), 2020)
    back, outlook, aims = (section(document, t) for t in ("综合实力", "未来展望", "发展目标"))
    assert [calendar.looks_back(s) for s in (back, outlook, aims)] == [True, False, False]
    assert calendar.five_years(back) == (2016, 2020)
    assert calendar.five_years(aims) == (2021, 2025)
    assert not calendar.is_ahead("", "产值达到5亿元", back)
    assert calendar.is_ahead("", "产值达到7亿元", aims)
    assert calendar.is_ahead("2025", "产值", back)
    assert not calendar.is_ahead("2020", "产值", aims)


def test_a_report_looks_ahead_from_the_coming_year_on() -> None:
    document = lay_out(REPORT, id="r")
    calendar = Calendar(document)
    past, coming = section(document, "回顾"), section(document, "主要工作")
    assert not calendar.is_ahead("", "产值达到5亿元", past)
    assert calendar.is_ahead("", "产值达到6亿元", coming)
    assert not calendar.is_ahead("", "力争项目5个", past)
    assert calendar.is_ahead("", "投产后预计产值", past)


def test_words_decide_in_other_documents() -> None:
    calendar = Calendar(lay_out("企业简介\n\n产值5亿元。", id="o", district="米东区"))
    assert not calendar.is_ahead("", "目前产值5亿元", None)
    assert calendar.is_ahead("", "项目建成后预计产值5亿元", None)
    assert calendar.is_ahead("", "已探明储量2万吨，预计年产5万吨", None)
