"""Every text equals its raw slice without layout, and nothing but layout is outside all texts."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.document import Document, Role
from extract.errors import DocumentEmptyError
from extract.layout import lay_out
from extract.outline import dropped_share
from tests.extract.documents import CORPUS, OTHERS, read

TAG = re.compile(r"</?[A-Za-z][^<>]*>")

# What is dropped besides white space and markup, read off the documents by hand: the first and
# last characters of each contents page, the buttons of web pages, the notes on other-docs' origin.
DROPPED_TEXT = {
    "midong-plan-14": [("目录第一章发展环境和长远目标.....1", "第六节做好监督评估.....89")],
    "urumqi-county-plan-14": [("目录第一章发展基础条件1", "第四节做好监督评估.....88")],
    "urumqi-plan-14": [("扫一扫在手机打开当前页", "相关链接")],
    "xinshi-report-2022": [],
    "yining-plan-14": [("目录第一章发展基础和环境第一节", "第三节健全规划制定和落实机制")],
    "changshun-county-poverty-plan": [("source:", "raw/)")],
    "gansu-prov-report-2026": [("source:", "下载打印全屏收藏【字号：加大还原减小】"), ("相关报道：", "相关报道：")],
    "liuhe-county-industries": [("source:", "order)")],
    "liuhe-county-opinions-industry-2023": [("source:", "stripped)")],
    "liuhe-county-townships": [("source:", "order)")],
    "national-plan-12": [("source:", "therepo)")],
    "shanghai-city-opinions-innovation-2015": [("source:", "stripped)")],
    "shanghai-lingang-plan-smart-2015": [("source:", "stripped)")],
    "xinjiang-prov-report-2026": [("source:", "下载打印全屏收藏【字号：加大还原减小】"), ("相关报道：", "相关报道：")],
    "yunnan-prov-plan-10": [("source:", "2001-02-20)"), ("目录序言第一篇指导思想", "第二十六章保障计划全面落实")],
}
PRESENT = [path.stem for path in (*CORPUS, *OTHERS)]


def without_layout(raw: str) -> str:
    """The other way to clean a text: rewrite it, instead of choosing pieces."""
    text = TAG.sub("", raw).replace("**", "")
    text = re.sub(r"(?<=[A-Za-z])\s* \s*(?=[A-Za-z])", "\0", text)
    return re.sub(r"\s", "", text).replace("\0", " ")


def check(document: Document) -> None:
    """Assert what must hold of every document."""
    raw = document.raw
    covered = [False] * len(raw)
    for number, sentence in enumerate(document.sentences):
        assert sentence.index == number
        assert sentence.text.clean
        assert sentence.text.clean == "".join(raw[p.start : p.end] for p in sentence.text.pieces)
        for piece in sentence.text.pieces:
            assert not any(covered[piece.start : piece.end])
            covered[piece.start : piece.end] = [True] * (piece.end - piece.start)
    for span in document.dropped:
        assert not any(covered[span.start : span.end])
        covered[span.start : span.end] = [True] * (span.end - span.start)
    assert all(covered)
    assert all(one.end < after.start for one, after in pairwise(document.dropped))
    check_order(document)


def check_order(document: Document) -> None:
    starts = [s.text.span.start for s in document.sentences if s.role is not Role.CELL]
    assert starts == sorted(starts)
    assert all(after.paragraph >= one.paragraph for one, after in pairwise(document.sentences))
    assert all(0 <= s.lead <= len(s.text) for s in document.sentences)
    for section in document.sections:
        assert section.parent is None or section.span in document.sections[section.parent].span
        assert section.parent is None or document.sections[section.parent].level < section.level
    for sentence in document.sentences:
        if sentence.section is not None:
            assert sentence.text.span.start >= document.sections[sentence.section].span.start


def test_the_whole_corpus_is_here() -> None:
    assert len(CORPUS) == 5
    assert set(PRESENT) <= set(DROPPED_TEXT)


@pytest.mark.parametrize("stem", PRESENT)
def test_texts_and_dropped_spans_share_out_the_raw_text(stem: str) -> None:
    check(read(stem))


@pytest.mark.parametrize("stem", PRESENT)
def test_each_text_is_its_raw_slice_without_layout(stem: str) -> None:
    document = read(stem)
    texts = [sentence.text for sentence in document.sentences]
    texts += [section.title for section in document.sections if section.title.clean]
    texts += [item.name for box in document.boxes for item in box.items if item.name.clean]
    texts += [c.text for t in document.tables for row in (t.header, *t.rows) for c in row if c.text.clean]
    assert len(texts) > 60
    assert [text.clean for text in texts] == [without_layout(text.span.of(document.raw)) for text in texts]


@pytest.mark.parametrize("stem", PRESENT)
def test_nothing_but_layout_is_dropped(stem: str) -> None:
    document = read(stem)
    found = []
    for span in document.dropped:
        rest = TAG.sub("", span.of(document.raw)).replace("**", "").replace("|", "").replace("\ufeff", "")
        # A dash is markup only in a rule or before a list entry, a # only before a heading.
        rest = re.sub(r"(?m)^[\s:-]*-[\s:-]*$|^\s*-\s|^\s*-$|^\s*#+", "", rest)
        rest = re.sub(r"\s", "", rest)
        if rest:
            found.append(rest)
    expected = DROPPED_TEXT[stem]
    assert len(found) == len(expected)
    for text, (first, last) in zip(found, expected, strict=True):
        assert text.startswith(first)
        assert text.endswith(last)


@pytest.mark.parametrize("stem", [path.stem for path in CORPUS])
def test_little_is_dropped(stem: str) -> None:
    assert 0.01 < dropped_share(read(stem)) < 0.10


LINES = st.sampled_from(
    [
        "第一章 甲乙丙",
        "## **第二节 丁戊**",
        "一、己庚",
        "（一）辛壬。发展石油化工，建设园区。",
        "1.癸子",
        "打造甲园区，发展石油",
        "化工产业，到2025年达到 35 亿元。建设乙园区。",
        "**壮大传统产业。**推进 Smart City 建设",
        "专栏 3 工业项目",
        "**1.甲工程：**新建乙路。",
        "类别\t指标\t2020年",
        "经济\t产值(%)\t",
        "\t增速\t3",
        "| 甲 | 乙 | 丙 |",
        "|---|---|---|",
        "| | 丁 | |",
        "注：①甲。",
        "目 录",
        "第一章 甲乙丙.....1",
        "—3—",
        "",
        " ",
        "- | |",
        "<p>甲</p><b>乙</b>",
        "<table><tr><td>甲</td><td rowspan=3>乙</td></tr><tr><td>丙</td></tr></table>",
        "\u3000\u3000第三节\u3000甲\u3000\u3000正文从这里开始",
        "*",
        "**",
        "<",
        "\ufeff",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(LINES, max_size=14), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_any_mixture_of_lines_keeps_its_offsets(lines: list[str], joint: str) -> None:
    try:
        document = lay_out(joint.join(lines), id="t", district="甲县")
    except DocumentEmptyError:
        rest = [line for line in lines if not line.endswith(".....1")]
        assert not re.search(r"[甲乙丙丁正经]", "".join(rest)) or "目 录" in lines
        return
    check(document)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="甲乙第一章节专栏1.、（）。，：“”|*#</- \t\n\u3000A", max_size=80))
def test_any_text_keeps_its_characters(raw: str) -> None:
    try:
        document = lay_out(raw, id="t", district="甲县")
    except DocumentEmptyError:
        assert not re.search(r"[\u4e00-\u9fff]", raw)
        return
    check(document)
    kept = "".join(s.text.clean for s in sorted(document.sentences, key=lambda s: s.text.span))
    assert re.findall(r"[\u4e00-\u9fff，。]", raw) == re.findall(r"[\u4e00-\u9fff，。]", kept)
