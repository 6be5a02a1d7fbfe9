"""PDF: paragraphs put together, page furniture left out, ruled tables, page starts, turned pages."""

import io
from functools import cache

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from fpdf import FPDF

from extract.formats.pdf import convert
from extract.formats.pdf_flow import Frame, frames, glue, joins, without_furniture
from extract.formats.pdf_page import Glyph, Line, Ruling, lines
from extract.formats.pdf_tables import grids
from extract.formats.reader import read_bytes
from extract.layout import lay_out
from tests.extract.writers import SAMPLE, as_pdf, new_pdf


@cache
def sample_text() -> str:
    return convert(as_pdf(SAMPLE))["text"]


def changed(data: bytes, change) -> bytes:
    """Return the PDF with `change` done to each page."""
    document = pdfium.PdfDocument(data)
    for page in document:
        change(page)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_paragraphs_are_whole_and_furniture_is_gone() -> None:
    blocks = sample_text().rstrip("\n").split("\n\n")
    prose = [block for block in SAMPLE.blocks if type(block).__name__ == "Prose"]
    assert len(prose) == 5
    assert [block.text for block in prose if block.text not in blocks] == []
    assert "— 1 —" not in sample_text()
    assert "米东区“十四五”规划纲要" not in sample_text()


def test_pages_start_where_their_text_starts() -> None:
    raw_text = read_bytes(as_pdf(SAMPLE), "plan.pdf")
    document = lay_out(raw_text.text, id="plan", pages=raw_text.pages)
    assert len(raw_text.pages) == 3
    pages = {sentence.text.clean: document.page(sentence.text.span.start) for sentence in document.sentences}
    assert pages["第一章发展环境和长远目标"] == 1
    assert pages["地区生产总值增长(%)"] == 2
    assert pages["第二节推动工业提质增效"] == 3
    shown = [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(as_pdf(SAMPLE))]
    first_words = [raw_text.text[start : start + 4] for start in raw_text.pages]
    assert all(words.lstrip("# |") in text for words, text in zip(first_words, shown, strict=True))


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_pages_shown_turned(degrees: int) -> None:
    assert convert(changed(as_pdf(SAMPLE), lambda page: page.set_rotation(degrees)))["text"] == sample_text()


@pytest.mark.parametrize("matrix", [(0, 1, -1, 0), (0, -1, 1, 0), (-1, 0, 0, -1)])
def test_text_set_turned(matrix: tuple[int, int, int, int]) -> None:
    def turn(page: pdfium.PdfPage) -> None:
        width, height = page.get_size()
        shift = {1: (height, 0), -1: (0, width), 0: (width, height)}[matrix[1]]
        everything = raw.FS_RECTF(0, 2_000, 2_000, 0)
        assert raw.FPDFPage_TransFormWithClip(page.raw, raw.FS_MATRIX(*matrix, *shift), everything)
        if matrix[1]:
            page.set_mediabox(0, 0, height, width)

    assert convert(changed(as_pdf(SAMPLE), turn))["text"] == sample_text()


def test_a_watermark_across_the_page_is_left_out() -> None:
    pdf = new_pdf()
    pdf.set_font("sans", size=11)
    pdf.cell(0, 8, "正文内容在此。")
    with pdf.rotation(35, 70, 80):
        pdf.text(40, 80, "内部资料")
    assert convert(bytes(pdf.output()))["text"].split("\n\n")[-1] == "正文内容在此。\n"


def test_bookmarks_make_headings() -> None:
    pdf = new_pdf()
    pdf.set_font("sans", size=11)
    for level, title in ((0, "总论"), (1, "现状 分析"), (1, "没有印出")):
        pdf.start_section(title, level)
        if level == 0 or "现状" in title:
            pdf.cell(0, 8, title.replace(" ", ""), new_x="LMARGIN", new_y="NEXT")
    pdf.cell(0, 8, "正文。")
    text = convert(bytes(pdf.output()))["text"]
    assert text.endswith("# 总论\n\n## 现状分析\n\n正文。\n")


def test_a_table_over_two_pages_is_one_table() -> None:
    pdf = new_pdf()
    pdf.add_font("sans", style="B", fname=str(pdf.fonts["sans"].ttffile))
    pdf.set_font("sans", size=10)
    with pdf.table(col_widths=(1, 3)) as table:
        for number in range(40):
            table.row(["序号", "项目"] if number == 0 else [str(number), f"第{number}号水库"])
    answer = convert(bytes(pdf.output()))
    rows = [line for line in answer["text"].split("\n") if line.startswith("|")]
    assert rows == ["| 序号 | 项目 |", "|---|---|", *(f"| {n} | 第{n}号水库 |" for n in range(1, 40))]
    assert len(answer["pages"]) == 3
    assert all(answer["text"][start:].startswith(("|", "\n|", "米")) for start in answer["pages"])


def test_pictures_are_noted_when_most_pages_have_text() -> None:
    pdf = new_pdf()
    pdf.set_font("sans", size=11)
    pdf.cell(0, 8, "正文。" * 8)
    pdf.add_page()
    pdf.cell(0, 8, "又一页正文。" * 4)
    picture = pdfium.PdfDocument(as_pdf(SAMPLE))[0].render(scale=0.5).to_pil()
    plain = FPDF(unit="pt", format=(400, 400))
    plain.add_page()
    plain.image(picture, 0, 0, 400, 400)
    whole = pdfium.PdfDocument(bytes(pdf.output()))
    whole.import_pages(pdfium.PdfDocument(bytes(plain.output())))
    out = io.BytesIO()
    whole.save(out)
    answer = convert(out.getvalue())
    assert answer["warnings"] == ["page 3: a picture or a font without characters, its text is not read"]
    assert len(answer["pages"]) == 3


def test_radicals_become_the_characters_they_look_like() -> None:
    pdf = new_pdf()
    pdf.set_font("sans", size=11)
    pdf.cell(0, 8, "⽅⾯⻓⾦")
    assert convert(bytes(pdf.output()))["text"].endswith("方面长金\n")


# --- lines into paragraphs ----------------------------------------------------------------------

FRAME = Frame(left=50, right=250, pitch=16, size=10)


def line(text: str, x0: float = 50, x1: float = 250, bottom: float = 100, size: float = 10) -> Line:
    return Line(text, x0, x1, bottom - size, bottom)


JOINED = [
    ("full line goes on", line("大力推进产业"), line("转型升级。", x1=100, bottom=116), True),
    ("short line ends", line("产业升级。", x1=120), line("建设水库", bottom=116), False),
    ("short line before a long Latin word", line("发展", x1=215), line("Internet产业", bottom=116), True),
    ("indented line begins", line("产业升级。"), line("建设水库", x0=70, bottom=116), False),
    ("wide gap parts", line("大力推进产业"), line("转型", bottom=140), False),
    ("other size parts", line("大力推进产业"), line("转型", bottom=116, size=14), False),
    ("numbered after a full stop", line("建设水库。"), line("2.建设公路", bottom=116), False),
    (
        "figure at a line's begin",
        line("大力推进产业园建设，全年新增固定资产投资项目一共达到了", x1=250),
        line("12.5亿元", bottom=116),
        True,
    ),
    ("leaders of a contents page", line("第一章 总则 ........ 1"), line("第二章", bottom=116), False),
]


@pytest.mark.parametrize(
    ("last", "following", "expected"), [case[1:] for case in JOINED], ids=[case[0] for case in JOINED]
)
def test_lines_join(last: Line, following: Line, expected: bool) -> None:
    assert joins(last, following, FRAME) is expected


def test_a_headline_of_two_centred_lines_is_one() -> None:
    upper = line("乌鲁木齐市米东区国民经济和社会", 60, 240, 100, 16)
    lower = line("发展规划纲要", 110, 190, 124, 16)
    assert joins(upper, lower, FRAME)
    assert not joins(upper, lower._replace(text="第一章 总则"), FRAME)
    assert not joins(upper._replace(x0=100, x1=160), lower._replace(x0=100, x1=160), FRAME)


def test_a_paragraph_goes_on_over_a_page_with_another_margin() -> None:
    other = Frame(left=80, right=280, pitch=16, size=10)
    assert joins(line("大力推进产业"), line("转型升级。", x0=80, x1=120, bottom=40), FRAME, other)
    assert not joins(line("大力推进产业。"), line("转型升级。", x0=100, x1=140, bottom=40), FRAME, other)


@pytest.mark.parametrize(
    ("last", "text", "between"),
    [
        ("Smart", "City", " "),
        ("GD", "P增长", ""),
        ("20", "25年", ""),
        ("发展", "A区", ""),
        ("the", "5G", " "),
        ("", "x", ""),
    ],
)
def test_glue(last: str, text: str, between: str) -> None:
    assert glue(last, text) == between


@pytest.mark.parametrize("number", ["1", "- 1 -", "— 12 —", "第3页", "第 3 页 共 9 页", "3/9", "IV", "·7·"])
def test_page_numbers_are_furniture(number: str) -> None:
    page = [
        line("正文一", bottom=100),
        line("正文二", bottom=120),
        line("正文三", bottom=140),
        line(number, bottom=400),
    ]
    assert [kept.text for kept in without_furniture([page])[0]] == ["正文一", "正文二", "正文三"]


def test_running_heads_stand_at_one_place_of_several_pages() -> None:
    def page(number: int) -> list[Line]:
        return [
            line(f"纲要 {number}", bottom=20),
            line("甲乙丙丁"[number - 1], bottom=100),
            line("结尾相同", bottom=100 + 30 * number),
        ]

    kept = without_furniture([page(number) for number in range(1, 5)])
    assert [[each.text for each in lines] for lines in kept] == [[name, "结尾相同"] for name in "甲乙丙丁"]
    assert [each.text for each in without_furniture([page(1)])[0]] == ["纲要 1", "甲", "结尾相同"]


def test_frames_do_not_follow_an_outlier() -> None:
    page = [line("正文", bottom=100 + 16 * n) for n in range(8)] + [line("旁注", x1=400, bottom=300)]
    assert frames([page]) == [Frame(left=50, right=250, pitch=16, size=10)]


def test_glyphs_into_lines() -> None:
    def glyph(text: str, x: float, top: float) -> Glyph:
        return Glyph(text, x, x + 10, top, top + 10)

    shown = [
        glyph("甲", 0, 0),
        glyph("乙", 10, 1),
        glyph("丙", 30, 0),
        glyph(" ", 40, 0),
        glyph("丁", 0, 20),
        glyph("戊", 10, 20),
    ]
    assert [each.text for each in lines(shown)] == ["甲乙 丙", "丁戊"]
    assert list(lines([])) == []


# --- rulings into grids -------------------------------------------------------------------------


def lying(y: float, x0: float, x1: float) -> Ruling:
    return Ruling(x0, x1, y, y)


def standing(x: float, y0: float, y1: float) -> Ruling:
    return Ruling(x, x, y0, y1)


def test_a_grid_with_merged_cells() -> None:
    rulings = [lying(y, 0, 300) for y in (0, 20, 60)] + [lying(40, 100, 300)]
    rulings += [standing(x, 0, 60) for x in (0, 100, 300)] + [standing(200, 0, 40)]
    (grid,) = grids(rulings, 600, 800)
    assert (grid.xs, grid.ys) == ((0, 100, 200, 300), (0, 20, 40, 60))
    assert grid.owner == (((0, 0), (0, 1), (0, 2)), ((1, 0), (1, 1), (1, 2)), ((1, 0), (2, 1), (2, 1)))
    assert grid.cell(Glyph("甲", 250, 260, 45, 55)) == (2, 1)
    assert grid.cell(Glyph("甲", 350, 360, 45, 55)) is None


def test_a_grid_open_at_its_sides() -> None:
    rulings = [lying(y, 0, 300) for y in (0, 20, 40)] + [standing(150, 0, 40)]
    (grid,) = grids(rulings, 600, 800)
    assert (grid.xs, grid.ys) == ((0, 150, 300), (0, 20, 40))


def test_underlines_and_page_borders_are_no_tables() -> None:
    assert grids([lying(20, 0, 300), lying(50, 0, 300)], 600, 800) == []
    border = [lying(5, 5, 595), lying(795, 5, 595), standing(5, 5, 795), standing(595, 5, 795)]
    assert grids(border, 600, 800) == []
    assert grids([], 600, 800) == []


def test_two_tables_of_a_page_stay_apart() -> None:
    def box(top: float) -> list[Ruling]:
        return [lying(top, 0, 100), lying(top + 20, 0, 100), standing(0, top, top + 20), standing(100, top, top + 20)]

    assert [grid.ys for grid in grids(box(100) + box(10), 600, 800)] == [(10, 30), (100, 120)]
