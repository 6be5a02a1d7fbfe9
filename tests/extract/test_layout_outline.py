"""The outline of a document, and the marks, numbers and clean texts that it rests on."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.clean import clean
from extract.headings import Style, is_heading, read_mark, run_in_title, to_int
from extract.layout import lay_out
from extract.outline import outline
from extract.span import Span, Text
from tests.extract.documents import CORPUS, read

RAW = """甲县国民经济和社会发展第十四个五年规划纲要
(2021年1月9日甲县人民代表大会通过)
第一章 发展环境
第一节 指标
展望未来，发展产业。建设园区，改善民生。
专栏 1 主要指标
类别\t指标\t2020年\t2025年
经济\t产值（亿元）\t3\t5
\t增速（%）\t—\t6
注：增速为年均数。
第三节 项目
专栏 2 重点项目
1.乙工程。新建丙路。
2.丁项目：戊园、己园。
"""

OUTLINE = """甲县国民经济和社会发展第十四个五年规划纲要
甲县, five-year plan, adopted 2021-01-09, for 2021-2025, 甲县人民代表大会
3 sections, 24 sentences, 2 boxes, 1 table; 16.1% of 186 characters dropped as layout

第一章 发展环境  (0 sentences)
  第一节 指标  (2 sentences)
    [专栏 1] 主要指标: 0 entries
      [table] 主要指标: 2 rows x 4 columns, 1 note
  第三节 项目  (3 sentences)
    [专栏 2] 重点项目: 2 entries
      1. 乙工程
      2. 丁项目

Warnings
  section number missing or repeated: 第三节项目 under 第一章 follows number 1"""


def test_outline_of_a_small_plan() -> None:
    assert outline(lay_out(RAW, id="t", district="甲县")) == OUTLINE


@pytest.mark.parametrize("stem", [path.stem for path in CORPUS])
def test_outline_names_every_section_box_and_table(stem: str) -> None:
    document = read(stem)
    lines = outline(document).splitlines()
    assert sum(line.endswith(("sentence)", "sentences)")) for line in lines) == len(document.sections)
    assert sum("[专栏 " in line for line in lines) == len(document.boxes)
    assert sum("[table]" in line for line in lines) == len(document.tables)
    assert "% of" in lines[2]


def test_control_characters_do_not_reach_the_terminal() -> None:
    document = lay_out("第一章 \x1b[31m甲\x07\x9b乙\n发展产业，建设园区。", id="t", district="甲县")
    assert document.sections[0].title.clean == "[31m甲乙"
    assert not set(outline(document)) & {"\x1b", "\x07", "\x9b"}


@pytest.mark.parametrize(
    ("text", "style", "number"),
    [
        ("第十二章努力建设", Style.CHAPTER, 12),
        ("第二十节丙", Style.SECTION, 20),
        ("第一百零三篇", Style.PART, 103),
        ("第三部分丁", Style.PART, 3),
        ("十一、总则", Style.CHINESE, 11),
        ("（二十一）建设", Style.BRACKETED, 21),
        ("(三)建设", Style.BRACKETED, 3),
        ("1.建设", Style.ARABIC, 1),
        ("１２．建设", Style.ARABIC, 12),
        ("3、建设", Style.ARABIC, 3),
        ("（4）建设", Style.ARABIC_BRACKETED, 4),
    ],
)
def test_marks(text: str, style: Style, number: int) -> None:
    mark = read_mark(text)
    assert mark is not None
    assert (mark.style, mark.number) == (style, number)


@pytest.mark.parametrize(
    "text", ["1.5倍", "2021年", "第三次会议", "一是发展", "第十一条", "十四五规划", "(2021年)", "3 建设"]
)
def test_no_marks(text: str) -> None:
    assert read_mark(text) is None


@pytest.mark.parametrize(
    ("text", "heading", "run_in"),
    [
        ("第一节推进农业现代化", True, 0),
        ("第一节推进农业。发展产业", False, 8),
        ("一、凝心聚力壮大实体经济，高质量发展迈上新台阶", True, 0),
        ("（二）着力推动产业发展，不断增强引领力。", True, 0),
        ("一、基本情况：", True, 0),
        ("（一）奋斗目标。建设中心", False, 8),
        ("（一）四至范围：甲县", False, 8),
        ("1.水利资源", True, 0),
        ("1.公路建设，桥梁", False, 0),
        ("3.普通高校（本科：4830元）", False, 0),
    ],
)
def test_headings_and_run_in_titles(text: str, heading: bool, run_in: int) -> None:
    mark = read_mark(text)
    assert mark is not None
    assert is_heading(text, mark) is heading
    assert run_in_title(text, mark) == run_in


@given(st.integers(1, 999))
def test_chinese_numerals(number: int) -> None:
    digits = "零一二三四五六七八九"
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    text = f"{digits[hundreds]}百" if hundreds else ""
    text += f"{digits[tens]}十" if tens else ("零" if hundreds and ones else "")
    text += digits[ones] if ones else ""
    assert to_int(text) == number
    assert to_int(text.removeprefix("一") if text.startswith("一十") else text) == number


@pytest.mark.parametrize(
    ("raw", "expected", "bold"),
    [
        ("**甲。**乙", "甲。乙", ((0, 2),)),
        ("甲 **乙** 丙", "甲乙丙", ((1, 2),)),
        ("甲。**乙", "甲。乙", ((0, 2),)),  # the opening mark was lost
        ("<b>甲</b>乙<br/>丙", "甲乙丙", ((0, 1),)),
        ("面积<3公顷>2", "面积<3公顷>2", ()),
        ("m<sup>2</sup>", "m2", ()),
        ("甲\u200b乙\xa0丙&nbsp;丁\ufeff", "甲乙丙丁", ()),
        ("5G  NR-IoT 3 A", "5G NR-IoT3A", ()),
        ("3*5", "3*5", ()),
    ],
)
def test_clean(raw: str, expected: str, bold: tuple[tuple[int, int], ...]) -> None:
    found = clean(raw, 0, len(raw))
    assert found.text.clean == expected
    assert found.bold == bold


@given(st.text(alphabet="甲乙 A\n", max_size=40), st.lists(st.integers(0, 40), max_size=6))
def test_cutting_a_text_gives_what_slicing_gives(raw: str, points: list[int]) -> None:
    text = clean(raw, 0, len(raw)).text
    cuts = sorted(point for point in points if point <= len(text))
    bounds = sorted({0, *cuts, len(text)})
    assert list(text.cut(cuts)) == [text.slice(a, b) for a, b in pairwise(bounds)]
    assert Text.of(raw, [Span(0, len(raw))]).cut([]) == ((Text.of(raw, [Span(0, len(raw))]),) if raw else ())
