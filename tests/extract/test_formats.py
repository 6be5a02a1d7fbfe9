"""The same document in every format: the same structure; and which format bytes are in."""

import io
import zipfile
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.document import Document
from extract.errors import (
    DocumentDamagedError,
    DocumentEmptyError,
    DocumentMissingError,
    DocumentTooLargeError,
    FormatUnknownError,
    PlankgError,
)
from extract.formats.rawtext import RawText
from extract.formats.reader import SUFFIXES, read_bytes, read_file
from extract.formats.writing import OverLimitError, TextWriter, marked, pipe_table
from extract.layout import lay_out
from tests.extract.writers import SAMPLE, as_docx, as_html, as_pdf, as_text

WRITTEN = {
    "plan.txt": as_text(SAMPLE).encode("utf-8"),
    "plan.md": as_text(SAMPLE).encode("utf-8-sig"),
    "plan-gb.txt": as_text(SAMPLE).encode("gb18030"),
    "plan-16.txt": as_text(SAMPLE).encode("utf-16"),
    "plan.html": as_html(SAMPLE).encode("utf-8"),
    "plan-gb.htm": as_html(SAMPLE).encode("gb18030"),
    "plan.docx": as_docx(SAMPLE),
    "plan.pdf": as_pdf(SAMPLE),
}


@cache
def read(name: str) -> Document:
    raw = read_bytes(WRITTEN[name], name)
    return lay_out(raw.text, id="plan", pages=raw.pages)


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_gives_the_same_sections(name: str) -> None:
    assert [(section.level, section.number, section.title.clean) for section in read(name).sections] == [
        (1, "第一章", "发展环境和长远目标"),
        (2, "第一节", "发展基础"),
        (2, "第二节", "发展目标"),
        (1, "第二章", "推动现代产业高质量发展"),
        (2, "第一节", "推进农业现代化"),
        (2, "第二节", "推动工业提质增效"),
    ]


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_gives_the_same_table_with_merged_cells(name: str) -> None:
    (table,) = read(name).tables
    assert [cell.text.clean for cell in table.header] == [
        "类别",
        "序号",
        "指标",
        "2020年",
        "2025年",
        "年均/累计",
        "属性",
    ]
    assert [[cell.text.clean for cell in row] for row in table.rows] == [
        ["经济发展", "1", "地区生产总值增长(%)", "1.2", "——", "保持在合理区间", "预期性"],
        ["经济发展", "2", "全员劳动生产率增长(%)", "——", "——", "高于GDP增长", "预期性"],
        ["绿色生态", "3", "单位地区生产总值能源消耗降低(%)", "15", *["控制在市级下达指标内"] * 2, "约束性"],
        ["绿色生态", "4", "森林覆盖率(%)", "17.5", "17.6", "——", "约束性"],
    ]
    assert [(cell.row, cell.column) for row in table.rows for cell in row if cell.merged] == [(2, 0), (3, 5), (4, 0)]


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_gives_the_same_box(name: str) -> None:
    (box,) = read(name).boxes
    assert (box.number, box.title.clean) == ("1", "农业现代化重点工程")
    assert [(item.number, item.name.clean) for item in box.items] == [
        ("1", "高标准农田建设工程"),
        ("2", "现代种业提升工程"),
    ]


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_gives_the_same_sentences_and_metadata(name: str) -> None:
    document, expected = read(name), read("plan.txt")
    assert [(s.role, s.text.clean) for s in document.sentences] == [(s.role, s.text.clean) for s in expected.sentences]
    assert len(document.sentences) == 55
    assert document.meta == expected.meta
    assert document.meta.district == "米东区"


@pytest.mark.parametrize("name", [name for name in WRITTEN if not name.endswith(".pdf")])
def test_bold_openings_are_kept(name: str) -> None:
    leads = [sentence.text.clean for sentence in read(name).sentences if sentence.lead]
    assert "壮大和提升传统优势产业。" in leads


def test_formats_and_encodings_are_named() -> None:
    found = {name: read_bytes(data, name) for name, data in WRITTEN.items()}
    assert {name: (raw.format, raw.encoding) for name, raw in found.items()} == {
        "plan.txt": ("text", "utf-8"),
        "plan.md": ("text", "utf-8"),
        "plan-gb.txt": ("text", "gb18030"),
        "plan-16.txt": ("text", "utf-16-le"),
        "plan.html": ("html", "utf-8"),
        "plan-gb.htm": ("html", "gb18030"),
        "plan.docx": ("docx", ""),
        "plan.pdf": ("pdf", ""),
    }
    assert not any(raw.warnings for raw in found.values())


@pytest.mark.parametrize("name", ["plan.docx", "plan.pdf", "plan.html"])
def test_content_decides_before_the_suffix(name: str) -> None:
    assert read_bytes(WRITTEN[name], "plan.txt").text == read_bytes(WRITTEN[name], name).text


def test_text_with_tags_inside_is_no_web_page() -> None:
    raw = read_bytes("第一章 <b>基础</b>\n<html>".encode(), "plan.txt")
    assert raw == RawText("第一章 <b>基础</b>\n<html>", "text", "utf-8")


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return out.getvalue()


REFUSED = [
    ("plan.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"old binary Office file.*save it as \.docx"),
    ("plan.wps", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"old binary Office file.*save it as \.docx"),
    ("plan.rtf", rb"{\rtf1\ansi plan}", r"an RTF file.*save it as \.docx"),
    ("plan.ofd", _zip(**{"OFD.xml": b"<ofd/>"}), "an OFD file.*save it as PDF"),
    ("plan.xlsx", _zip(xl__workbook=b"", **{"xl/workbook.xml": b"<x/>"}), "an Excel file"),
    ("plan.odt", _zip(mimetype=b"application/vnd.oasis.opendocument.text"), r"an OpenDocument file.*\.docx"),
    ("plan.zip", _zip(plan=b"x"), "a ZIP archive.*unpack it first"),
    ("plan.png", b"\x89PNG\r\n\x1a\n" + bytes(100), r"a picture \(PNG\)"),
    ("plan.txt.gz", b"\x1f\x8b\x08" + bytes(100), r"gzip.*unpack it first"),
]


@pytest.mark.parametrize(("name", "data", "message"), REFUSED)
def test_other_formats_are_refused_with_advice(name: str, data: bytes, message: str) -> None:
    with pytest.raises(FormatUnknownError, match=message) as caught:
        read_bytes(data, name)
    assert str(caught.value).startswith(f"{name}: is ")
    assert caught.value.name == name


@pytest.mark.parametrize("suffix", [".docx", ".pdf"])
def test_a_name_that_promises_another_format_is_damage(suffix: str) -> None:
    with pytest.raises(DocumentDamagedError, match=f"is named {suffix} but is no such file"):
        read_bytes("第一章".encode(), f"plan{suffix}")


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t ", "\u3000\n".encode(), b"\xef\xbb\xbf", b"<html><body> </body></html>"]
)
def test_files_without_text_are_empty(data: bytes) -> None:
    with pytest.raises(DocumentEmptyError, match=r"plan\.txt: (is empty|holds no text)"):
        read_bytes(data, "plan.txt")


def test_missing_files_directories_and_devices(tmp_path) -> None:
    with pytest.raises(DocumentMissingError, match="does not exist"):
        read_file(tmp_path / "no.txt")
    with pytest.raises(DocumentMissingError, match="is a directory"):
        read_file(tmp_path)
    with pytest.raises(DocumentMissingError, match=r"cannot be opened|does not exist"):
        read_file(tmp_path / ("x" * 300))
    with pytest.raises(DocumentMissingError, match="cannot be opened"):
        read_file(tmp_path / "a\0b")


def test_control_codes_in_a_file_name_are_not_printed() -> None:
    with pytest.raises(DocumentEmptyError) as caught:
        read_bytes(b"", "plan\x1b[2J.txt")
    assert str(caught.value).isprintable()


def test_suffixes_are_lower_case() -> None:
    assert len(SUFFIXES) == 10
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in SUFFIXES)


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a", "a.csv"]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_text_or_a_clear_error(data: bytes, name: str) -> None:
    if b"%PDF-" in data or data.startswith(b"PK") or b"<" in data:
        return
    try:
        problem = "" if read_bytes(data, name).text.strip() else "blank"
    except PlankgError as error:
        problem = "" if str(error).startswith(f"{name}: ") else str(error)
    assert not problem


# --- the writer of canonical text ---------------------------------------------------------------


def test_pages_start_at_the_first_character_written_after_them() -> None:
    writer = TextWriter()
    writer.page()
    writer.block("甲")
    writer.page()
    writer.add("乙")
    writer.page()
    writer.add("丙")
    writer.end()
    assert writer.text == "甲\n\n乙丙\n"
    assert [writer.text[start] for start in writer.pages] == ["甲", "乙", "丙"]


def test_long_headings_are_prose() -> None:
    writer = TextWriter()
    writer.heading(2, "发展\n 目标")
    writer.heading(9, "深")
    writer.heading(1, "长" * 121)
    assert writer.text == "## 发展 目标\n\n###### 深\n\n" + "长" * 121 + "\n"


def test_bold_marks_hug_the_words() -> None:
    assert marked([("甲", False), (" 乙 ", True), ("丙", True), (" ", True), ("丁", False)]) == "甲 **乙 丙** 丁"
    assert marked([("甲\n乙", True)]) == "**甲**\n**乙**"
    assert marked([(" ", True)]) == " "


def test_tables_are_closed_to_bars_and_line_ends_in_cells() -> None:
    assert pipe_table([[["a|b"], ["c\nd"]], [["e"]], [[], [" "]]]) == "| a｜b | c d |\n|---|---|\n| e | |"
    assert pipe_table([[["甲", "乙"]]]) == "| <p>甲</p> <p>乙</p> |\n|---|"
    assert pipe_table([]) == ""


def test_limits_of_the_writer() -> None:
    with pytest.raises(OverLimitError, match="table of more than 100,000 cells"):
        pipe_table([[["x"]] * 1_000] * 101)
    with pytest.raises(OverLimitError, match="more than 5,000,000 characters"):
        TextWriter().block("x" * 5_000_001)


def test_a_text_over_the_limit_is_refused() -> None:
    with pytest.raises(DocumentTooLargeError, match="5,000,001 characters of text, more than the 5,000,000"):
        read_bytes(b"x" * 5_000_001, "plan.txt")
