"""Sections, joined sentences and lead-ins of the corpus by hand, and layout rules on small texts."""

import time
from collections import Counter

import pytest

from extract.document import Document, DocumentMeta, Role
from extract.errors import DocumentEmptyError
from extract.layout import lay_out
from extract.span import Span
from tests.extract.documents import CORPUS, OTHERS, read

# Sections (第N节) of each chapter, counted in the text (not in its contents page).
SECTIONS = {
    "midong-plan-14": [3, 3, 4, 4, 3, 3, 5, 6, 6, 5, 7, 5, 6, 4, 6],
    "urumqi-county-plan-14": [8, 3, 5, 5, 4, 5, 5, 4, 6, 6, 5, 6, 7, 3, 4],
    "urumqi-plan-14": [3, 3, 4, 5, 4, 6, 6, 6, 6, 6, 4, 6, 3, 4],
    "yining-plan-14": [3, 3, 5, 3, 5, 4, 3, 2, 7, 5, 6, 6, 6, 3, 5, 2, 3],
}

# Sentences that a page break or a line break cuts, some inside a word.
JOINED = [
    ("xinshi-report-2022", "国内500强中国电力新疆总部基地等22个总部类、平台类项目"),
    ("xinshi-report-2022", "社会治理体系和治理能力现代化水平还有待提升"),
    ("xinshi-report-2022", "构建线上云签约、线下“小分队”精准招商模式，东方雨虹等47个强基础"),
    ("midong-plan-14", "“九项惠民工程”和“民生建设十大实事”"),
    ("midong-plan-14", "民心是最大的政治，始终做到发展为了人民"),
    ("midong-plan-14", "分类施策，促进高校毕业生多渠道实现就业"),
    ("urumqi-county-plan-14", "实施全县中水回用四期、五期工程，小水源改造工程"),
    ("urumqi-county-plan-14", "“工农翼（托里"),
    ("urumqi-county-plan-14", "“旅游翼（甘沟乡和萨尔达坂乡）”打造"),
    ("urumqi-county-plan-14", "在重点产业关键技术研发、交流互访等方面"),
    ("yining-plan-14", "伊宁市发展的外部环境和内部条件面临着复杂而深刻的重大变化。"),
    ("yining-plan-14", "充分利用“边民限额内免关税和环节税”的优惠政策"),
    ("yining-plan-14", "围绕打造农牧产品精深加工基地、能源化工产业基地"),
]


def lay(raw: str) -> Document:
    return lay_out(raw, id="t", district="甲县")


def body(document: Document) -> list[str]:
    return [s.text.clean for s in document.sentences if s.role is Role.BODY]


@pytest.mark.parametrize("stem", sorted(SECTIONS))
def test_chapters_and_their_sections(stem: str) -> None:
    document = read(stem)
    chapters = [s for s in document.sections if s.level == 1]
    assert [c.number[0] + c.number[-1] for c in chapters] == ["第章"] * len(SECTIONS[stem])
    children = Counter(s.parent for s in document.sections if s.number.endswith("节"))
    assert [children[c.index] for c in chapters] == SECTIONS[stem]
    assert not [warning for warning in document.warnings if warning.startswith("section")]


def test_deeper_sections_of_yining() -> None:
    document = read("yining-plan-14")
    assert Counter(s.level for s in document.sections) == {1: 17, 2: 71, 3: 19, 4: 3}
    fourth = [s.title.clean for s in document.sections if s.level == 4]
    assert fourth == ["调整优化种植业结构", "做强现代畜牧业", "做优现代林果业"]
    crops = next(s for s in document.sentences if s.text.clean == "优化特色种植。")
    assert document.section_path(crops.section) == (
        "第六章 全面推进乡村振兴，加快农业农村现代化",
        "第二节 构建现代农业生产体系",
        "一、 做强现代种养殖业",
        "（一） 调整优化种植业结构",
    )


def test_sections_of_the_report_follow_numbers_not_markdown_levels() -> None:
    document = read("xinshi-report-2022")
    assert [(s.level, s.number) for s in document.sections] == [
        (1, ""),
        *[(2, n) for n in ("一、", "二、", "三、", "四、", "五、")],
    ] * 2
    assert [s.title.clean for s in document.sections if s.level == 1] == ["2021年工作回顾", "2022年主要工作"]


@pytest.mark.parametrize("stem", [path.stem for path in CORPUS])
def test_headings_never_swallow_prose(stem: str) -> None:
    document = read(stem)
    headings = [s.text.clean for s in document.sentences if s.role is Role.HEADING]
    assert len(headings) >= len(document.sections)
    assert all(len(text) <= 45 and "。" not in text for text in headings)
    prose = [text for s in document.sentences if s.role is Role.BODY and "第" in (text := s.text.clean)]
    assert not [text for text in prose if text.startswith(("第一章", "第一节", "专栏"))]


@pytest.mark.parametrize(("stem", "part"), JOINED)
def test_sentences_cut_by_a_page_break_are_joined(stem: str, part: str) -> None:
    assert [s for s in read(stem).sentences if part in s.text.clean]


@pytest.mark.parametrize("stem", [path.stem for path in CORPUS])
def test_body_sentences_are_whole(stem: str) -> None:
    texts = body(read(stem))
    assert len(texts) > 150
    assert not [text for text in texts if text[0] in "，、。；）”" or not text.endswith(tuple("。！？”：:"))]


@pytest.mark.parametrize(
    ("stem", "text", "lead"),
    [
        ("midong-plan-14", "壮大和提升传统优势产业。", 12),  # bold
        ("midong-plan-14", "现代产业综合实力显著提高。", 13),  # not bold
        ("midong-plan-14", "——坚持以人民为中心。", 11),
        ("urumqi-county-plan-14", "——坚持系统观念。", 9),  # the full stop stands behind the bold type
        ("urumqi-plan-14", "铁路。", 3),
        ("xinshi-report-2022", "民生保障筑牢幸福之基。", 11),  # two sentences in one bold lead-in
        ("xinshi-report-2022", "保障更有力。", 6),
        ("midong-plan-14", "加快前期工作。", 0),
    ],
)
def test_lead_ins(stem: str, text: str, lead: int) -> None:
    found = [s.lead for s in read(stem).sentences if s.text.clean == text]
    assert found[:1] == ([lead] if lead else [])


def test_a_lead_in_closed_by_a_colon() -> None:
    found = next(s for s in read("midong-plan-14").sentences if s.text.clean.startswith("中心商业区："))
    assert found.lead == len("中心商业区：")


def test_titles_and_adoption_notes() -> None:
    document = read("urumqi-plan-14")
    assert [s.text.clean for s in document.sentences if s.role is Role.TITLE] == [
        "乌鲁木齐市国民经济和社会发展第十四个五年规划和2035年远景目标纲要",
        "(2021年1月14日乌鲁木齐市第十六届人民代表大会第五次会议通过)",
    ]


def test_white_space_stays_only_between_ascii_words() -> None:
    document = lay("2 0 0 1年，建成 8 座 Smart  City 园区，A 级 3 处，\u3000涉及5G NR，完工。")
    assert body(document) == ["2001年，建成8座Smart City园区，A级3处，涉及5G NR，完工。"]


def test_contents_pages_with_and_without_leaders() -> None:
    for page in (" ..... 1", "\t1", "…………1", ""):
        contents = f"甲县规划\n目 录\n第一章 甲{page}\n第一节 乙{page}\n第二章 丙{page}\n"
        document = lay(contents + "第一章 甲\n第一节 乙\n打造园区，发展产业。\n第二章 丙\n完善设施，改善民生。")
        assert [s.title.clean for s in document.sections] == ["甲", "乙", "丙"]
        assert len(body(document)) == 2


def test_lines_behind_a_contents_title_that_are_no_entries_stay() -> None:
    assert len(lay("目录\n" + "甲乙丙\n" * 20 + "推动产业发展，建设园区。").sentences) > 1
    assert [s.title.clean for s in lay("目录\n第一章 甲\n第二章 乙\n第三章 丙").sections] == ["甲", "乙", "丙"]


def test_page_marks() -> None:
    document = lay("打造甲园区，推动石油\n— 1 —\n化工发展。\n第 2 页 共 9 页\n建设乙路，改善交通。")
    assert body(document) == ["打造甲园区，推动石油化工发展。", "建设乙路，改善交通。"]


def test_bare_page_numbers_need_to_ascend() -> None:
    document = lay("发展甲产业，建设\n1\n乙园区。\n推进丙工程，改善\n2\n民生。\n加快丁项目，完善\n3\n设施。")
    assert body(document) == ["发展甲产业，建设乙园区。", "推进丙工程，改善民生。", "加快丁项目，完善设施。"]


def test_run_in_sections() -> None:
    document = lay(
        "一、总体要求\n（一）奋斗目标。建设科技创新中心，提升能级。\n（二）基本原则。坚持市场导向，深化改革。"
    )
    assert [(s.level, s.number, s.title.clean) for s in document.sections] == [
        (1, "一、", "总体要求"),
        (2, "（一）", "奋斗目标"),
        (2, "（二）", "基本原则"),
    ]
    assert next((s.text.clean, s.lead) for s in document.sentences if s.role is Role.BODY) == ("（一）奋斗目标。", 8)


def test_list_entries_are_no_sections() -> None:
    document = lay(
        "一、任务\n打好七大战役：\n1.公路建设\n2.产业扶贫\n3.旅游扶贫。\n\n二、措施\n1.发生率下降到3%；\n2.收入增长10%以上。"
    )
    assert [s.title.clean for s in document.sections] == ["任务", "措施"]
    assert "2.产业扶贫" in body(document)


def test_a_missing_number_is_warned_of() -> None:
    document = lay("第一章 甲\n发展产业，建设园区。\n第三章 乙\n完善设施，改善民生。")
    assert document.warnings == ("section number missing or repeated: 第三章乙 follows number 1",)


def test_two_headings_in_one_line() -> None:
    document = lay("第一篇总论\n第三篇推进改革开放第十三章深化各项改革\n推进改革，扩大开放。")
    assert [(s.level, s.number, s.title.clean) for s in document.sections][1:] == [
        (1, "第三篇", "推进改革开放"),
        (2, "第十三章", "深化各项改革"),
    ]


def test_headings_set_off_by_indents_inside_a_line() -> None:
    document = lay("\u3000\u3000第一篇\u3000转变方式\u3000开创局面\u3000\u3000“十二五”时期是关键时期，必须把握机遇。")
    assert document.sections[0].title.clean == "转变方式开创局面"
    assert body(document) == ["“十二五”时期是关键时期，必须把握机遇。"]


def test_sentences_end_after_closing_quotes_and_not_inside_brackets() -> None:
    document = lay("实现“甲有增。乙有减。”的目标（含一期。二期），完成任务！继续努力。")
    assert body(document) == ["实现“甲有增。", "乙有减。”", "的目标（含一期。二期），完成任务！", "继续努力。"]


def test_spans_point_into_the_raw_text() -> None:
    raw = "打造 甲园区，建设乙\n园区。"
    text = lay(raw).sentences[0].text
    assert text.clean == "打造甲园区，建设乙园区。"
    assert text.raw_span(8, 11) == Span(9, 13)
    assert text.raw_span(8, 11).of(raw) == "乙\n园区"


def test_given_metadata_and_pages_are_kept() -> None:
    meta = read("midong-plan-14").meta
    document = lay_out("发展产业，建设园区。", id="t", meta=meta, pages=(0, 4))
    assert isinstance(document.meta, DocumentMeta)
    assert document.meta is meta
    assert document.page(5) == 2


@pytest.mark.parametrize("raw", ["", " \n\t\n", "<p></p>", "|---|\n", "\ufeff"])
def test_a_text_without_anything_in_it(raw: str) -> None:
    with pytest.raises(DocumentEmptyError, match="t: there is no text in it"):
        lay(raw)


def test_other_places_documents_are_read() -> None:
    documents = [read(path.stem) for path in OTHERS]
    assert all(len(document.sections) >= 11 and len(document.sentences) >= 60 for document in documents)


def test_the_national_plan_without_full_stops_is_one_sentence_a_line() -> None:
    for path in OTHERS:
        if path.stem == "national-plan-12":
            levels = Counter(s.level for s in read(path.stem).sections)
            assert (levels[1], levels[2]) == (16, 62)


HOSTILE = {
    "one line": "打造甲园区，发展石油化工。",
    "no full stop": "打造甲园区、",
    "open brackets": "（“《<table",
    "long blanks": "甲" + " " * 5000,
    "ideographic spaces": "\u3000",
    "dots": ".",
    "ellipses": "…",
    "pipe lines": "a |\n",
    "two cells": "甲 | 乙\n\n",
    "wide rows": "|\n甲|",
    "tags": "<a ",
    "bold": "**甲**。",
    "dashes": "-",
    "headings": "第一章 甲\n",
    "entries": "专栏 1 甲\n1.乙。\n",
    "short lines": "甲乙\n\n",
    "tabs": "甲\n\t乙\n",
    "open tables": "<table>",
    "spans": "<table><tr><td colspan=999 rowspan=999>甲<td>乙</tr><tr><td>丙<td>丁</tr></table>",
}


def _seconds(raw: str) -> float:
    start = time.process_time()
    lay(raw)
    return time.process_time() - start


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_time_grows_no_faster_than_the_text(name: str) -> None:
    unit = HOSTILE[name]
    times = []
    for size in (4_000, 16_000):
        raw = "目录\n" + unit * (size // len(unit) + 1) + "\n甲"
        # The least of several runs: a pause of the collector or a table's first use is not the text's.
        times.append(min(_seconds(raw) for _ in range(3)))
    # Four times the text may take about four times the time; sixteen times would be quadratic.
    assert times[1] < 8 * times[0] + 0.2


def test_the_corpus_is_read_in_half_a_second() -> None:
    raws = [path.read_text("utf-8") for path in CORPUS]
    meta = read("midong-plan-14").meta
    times = []
    for _ in range(5):
        start = time.process_time()
        for raw in raws:
            lay_out(raw, id="t", meta=meta)
        times.append(time.process_time() - start)
    assert sum(len(raw) for raw in raws) > 200_000
    assert min(times) <= 0.5


def test_a_table_that_spans_blow_up_stays_text() -> None:
    row = "<tr>" + "<td colspan=999 rowspan=999>甲</td>" * 40 + "</tr>"
    document = lay(f"<table>{row * 190}</table>")
    assert document.tables == ()
    assert sum(s.text.clean.count("甲") for s in document.sentences) == 40 * 190


def test_rows_of_very_unequal_length_are_no_table() -> None:
    document = lay("甲 | " * 3000 + "\n" + "乙 | 丙\n" * 3000)
    assert document.tables == ()
    assert sum(s.text.clean.count("丙") for s in document.sentences) == 3000
