"""Word files: headings, automatic numbers, tables, and what of the text is not shown."""

import io
import re
import zipfile

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from extract.formats.docx import convert
from extract.formats.numbering import chinese, formatted
from tests.extract.writers import saved, set_numbering

NUMBERING = f"""
<w:abstractNum {nsdecls("w")} w:abstractNumId="90">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="第%1章"/></w:lvl>
  <w:lvl w:ilvl="1">
    <w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/><w:suff w:val="nothing"/>
  </w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="●"/></w:lvl>
</w:abstractNum>
"""


def with_list() -> Document:
    """Return an empty document with the list 90 of chapters, numbers and bullets."""
    document = docx.Document()
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(NUMBERING))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    return document


def paragraphs(document: Document) -> list[str]:
    return convert(saved(document)).rstrip("\n").split("\n\n")


def raw_paragraph(document: Document, content: str) -> None:
    """Append a paragraph of WordprocessingML."""
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(f"<w:p {nsdecls('w', 'r', 'm')}>{content}</w:p>"))


def test_automatic_numbers_are_written_out() -> None:
    document = with_list()
    for level, text in ((0, "总则"), (1, "水库"), (1, "公路"), (2, "甲"), (0, ""), (0, "目标"), (1, "铁路")):
        set_numbering(document.add_paragraph(text), 90, level)
    set_numbering(document.add_paragraph("无此列表"), 77, 0)
    assert paragraphs(document) == ["第一章 总则", "1.水库", "2.公路", "- 甲", "第二章 目标", "1.铁路", "无此列表"]


def test_automatic_numbers_of_heading_styles() -> None:
    document = with_list()
    style = document.styles["Heading 1"]
    style.element.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="90"/></w:numPr>')
    )
    document.add_heading("发展基础", 1)
    document.add_heading("发展目标", 1)
    assert paragraphs(document) == ["# 第一章 发展基础", "# 第二章 发展目标"]


def test_a_list_with_its_own_start_counts_for_itself() -> None:
    document = with_list()
    document.part.numbering_part.element.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="91"><w:abstractNumId w:val="90"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
        )
    )
    for num_id, text in ((90, "甲"), (91, "乙"), (90, "丙"), (91, "丁")):
        set_numbering(document.add_paragraph(text), num_id, 0)
    assert paragraphs(document) == ["第一章 甲", "第五章 乙", "第二章 丙", "第六章 丁"]


@pytest.mark.parametrize(
    ("number", "style", "expected"),
    [
        (12, "decimal", "12"),
        (3, "decimalZero", "03"),
        (21, "chineseCounting", "二十一"),
        (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"),
        (2, "decimalEnclosedCircleChinese", "②"),
        (21, "decimalEnclosedCircle", "21"),
        (9, "ideographDigital", "九"),
        (7, "none", ""),
        (7, "unheardOf", "7"),
    ],
)
def test_number_formats(number: int, style: str, expected: str) -> None:
    assert formatted(number, style) == expected


def test_chinese_numbers_are_all_different() -> None:
    numbers = [chinese(number) for number in range(1, 3_000)]
    assert len(set(numbers)) == 2_999
    assert numbers[9:12] == ["十", "十一", "十二"]
    assert chinese(14_005) == "一万四千〇五"
    assert chinese(100_000) == "100000"


def test_headings_by_style_outline_level_and_title() -> None:
    document = docx.Document()
    document.add_heading("规划纲要", 0)
    document.add_heading("第一章", 1)
    outlined = document.add_paragraph("第一节")
    outlined._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="1"/>'))
    body = document.add_heading("正文", 2)
    body._p.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="9"/>'))
    assert paragraphs(document) == ["# 规划纲要", "# 第一章", "## 第一节", "**正文**"]


def test_contents_pages_are_left_out() -> None:
    document = docx.Document()
    style = document.styles.add_style("toc 1", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("第一章\t1", style=style)
    document.add_paragraph("第一章 总则")
    assert paragraphs(document) == ["第一章 总则"]


def test_bold_by_run_by_style_and_not_at_all() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    paragraph.add_run("现代物流业。").bold = True
    paragraph.add_run("全力推进。")
    paragraph.add_run("重点", style="Strong")
    plain = document.add_paragraph()
    plain.add_run("普通").bold = False
    assert paragraphs(document) == ["**现代物流业。**全力推进。**重点**", "普通"]


def test_what_is_not_shown_is_left_out() -> None:
    document = docx.Document()
    raw_paragraph(
        document,
        "<w:r><w:t>保留</w:t></w:r>"
        "<w:del><w:r><w:delText>删除</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>插入</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGEREF x</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>结果</w:t></w:r>'
        "<w:r><w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>拼</w:t></w:r></w:rubyBase></w:ruby></w:r>"
        "<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>移来</w:t></w:r></w:moveTo>",
    )
    assert paragraphs(document) == ["保留插入结果拼移来"]


def test_line_breaks_tabs_formulas_and_hyphens() -> None:
    document = docx.Document()
    raw_paragraph(
        document,
        '<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:br w:type="page"/><w:tab/><w:t>丙</w:t><w:noBreakHyphen/></w:r>'
        "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>",
    )
    assert paragraphs(document) == ["甲\n乙 丙-x=1"]


def test_content_controls_and_text_boxes_are_read_once() -> None:
    document = docx.Document()
    body = document.element.body
    body.insert(
        0,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtPr><w:alias w:val='x'/></w:sdtPr>"
            "<w:sdtContent><w:p><w:r><w:t>控件</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    raw_paragraph(
        document,
        f'<w:r><w:t>框外</w:t></w:r><w:r><mc:AlternateContent xmlns:mc="{compatible}">'
        f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>",
    )
    assert paragraphs(document) == ["控件", "框外", "框内"]


def test_footnotes_stand_at_the_end() -> None:
    document = docx.Document()
    document.add_paragraph("正文。")
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>脚注。</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    data = saved(document)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "[Content_Types].xml":
                kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
                content = content.replace(
                    b"</Types>", f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'.encode()
                )
            if part.filename == "word/_rels/document.xml.rels":
                kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
                content = content.replace(
                    b"</Relationships>",
                    f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'.encode(),
                )
            new.writestr(part, content)
        new.writestr("word/footnotes.xml", notes)
    assert convert(out.getvalue()) == "正文。\n\n脚注。\n"


def test_tables_with_nested_tables_deleted_rows_and_missing_cells() -> None:
    document = docx.Document()
    table = document.add_table(rows=3, cols=2)
    for row, texts in enumerate((("指标", "2025年"), ("产值", "450"), ("删除", "0"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.rows[2]._tr.get_or_add_trPr().append(parse_xml(f"<w:del {nsdecls('w')}/>"))
    inner = table.cell(1, 1).add_table(rows=1, cols=1)
    inner.cell(0, 0).text = "亿元"
    short = table.add_row()
    short.cells[0].text = "人口"
    short._tr.remove(short._tr.findall(qn("w:tc"))[1])
    assert paragraphs(document) == ["| 指标 | 2025年 |\n|---|---|\n| 产值 | 450<br>亿元 |\n| 人口 | |"]


def test_a_row_that_begins_later_keeps_its_columns() -> None:
    document = docx.Document()
    table = document.add_table(rows=2, cols=2)
    for row in range(2):
        for column in range(2):
            table.cell(row, column).text = f"{row}{column}"
    row = table.rows[1]._tr
    row.remove(row.findall(qn("w:tc"))[0])
    row.get_or_add_trPr().append(parse_xml(f'<w:gridBefore {nsdecls("w")} w:val="1"/>'))
    assert paragraphs(document) == ["| 00 | 01 |\n|---|---|\n| | 11 |"]


def test_styles_based_on_each_other_end() -> None:
    document = docx.Document()
    one, other = (document.styles.add_style(name, 1) for name in ("甲式", "乙式"))
    one.base_style, other.base_style = other, one
    document.add_paragraph("文字", style=one)
    assert paragraphs(document) == ["文字"]


def test_headers_and_footers_are_left_out() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "页脚"
    document.add_paragraph("正文")
    assert re.sub(r"\s", "", convert(saved(document))) == "正文"
