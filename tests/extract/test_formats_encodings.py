"""Encodings of text files: found without being told, strict, with the place of wrong bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.errors import EncodingError
from extract.formats.text import decode

TEXT = "第一章 发展基础\n到2025年，米东区地区生产总值达到450亿元，年均增长6.5%。\n" * 5

ENCODINGS = [
    ("utf-8", "utf-8"),
    ("utf-8-sig", "utf-8"),
    ("gb18030", "gb18030"),
    ("gbk", "gb18030"),
    ("gb2312", "gb18030"),
    ("utf-16", "utf-16-le"),
    ("utf-16-le", "utf-16-le"),
    ("utf-16-be", "utf-16-be"),
    ("utf-32", "utf-32-le"),
]


@pytest.mark.parametrize(("written", "found"), ENCODINGS)
def test_encodings_are_found(written: str, found: str) -> None:
    assert decode(TEXT.encode(written), "plan.txt") == (TEXT, found)


def test_the_byte_order_mark_is_no_character() -> None:
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        text, _ = decode(TEXT.encode(encoding), "plan.txt")
        assert text[0] == "第"


def test_characters_outside_gb2312_and_the_basic_plane() -> None:
    text = "乌鲁木齐市𫟹镇喆垚街道" * 3 + TEXT
    assert decode(text.encode("gb18030"), "plan.txt") == (text, "gb18030")


def test_traditional_text_in_big5() -> None:
    text = "這是一個經濟發展計畫，國家與社會的發展。" * 20
    assert decode(text.encode("big5"), "plan.txt") == (text, "big5")


@pytest.mark.parametrize("text", ["联通", "规划", "米东区", "新市区政府工作报告"])
def test_very_short_texts_in_gb18030(text: str) -> None:
    assert decode(text.encode("gb18030"), "plan.txt") == (text, "gb18030")


def test_line_ends_stay_as_they_are() -> None:
    assert decode("一\r\n二\r三\n".encode(), "plan.txt")[0] == "一\r\n二\r三\n"


def _at(data: bytes, message: str) -> EncodingError:
    with pytest.raises(EncodingError, match=message) as caught:
        decode(data, "plan.txt")
    return caught.value


def test_a_wrong_byte_in_utf8_is_reported_with_its_place() -> None:
    data = bytearray(TEXT.encode())
    line = TEXT.encode().index(b"\n") + 1
    data[line + 6] = 0xFF  # the 5 of 2025
    error = _at(bytes(data), r"is UTF-8 with wrong bytes: FF [0-9A-F]{2} at byte 29 \(line 2\) there; repair it")
    assert error.offset == 29 == line + 6


def test_a_wrong_byte_in_gb18030_is_reported_with_its_place() -> None:
    data = bytearray((TEXT * 10).encode("gb18030"))
    data[1000] = data[1001] = 0xFF
    error = _at(bytes(data), r"is GB18030 with wrong bytes: .*FF.* at byte (999|1,000) ")
    assert error.offset in (999, 1000)


def test_cut_files_are_told_from_wrong_bytes() -> None:
    for encoding in ("utf-8", "gb18030"):
        data = (TEXT * 10).encode(encoding)
        whole = data[: data.index("展".encode(encoding), 500)]
        error = _at(whole + "展".encode(encoding)[:1], "at its end: the file is cut off")
        assert error.offset == len(whole)
    _at(TEXT.encode("utf-16")[:-1], "is UTF-16-LE with wrong bytes.* the file is cut off")


def test_offsets_count_the_byte_order_mark() -> None:
    assert _at(b"\xef\xbb\xbf" + "甲\xff".encode() + b"\xff", "UTF-8").offset == 8
    assert _at(b"\xef\xbb\xbfab\x00", r"control character U\+0000 in line 1").offset == 5


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 8, b"\x7fELF\x02\x01\x01" + bytes(64), b"abc\x00def", b"\x00\x01\x02\x03" * 9],
)
def test_binary_data_is_no_text(data: bytes) -> None:
    with pytest.raises(EncodingError, match=r"is not a text|wrong bytes"):
        decode(data, "plan.txt")


def test_a_text_in_another_encoding_is_not_guessed_at() -> None:
    _at("Développement économique façade élevée ".encode("latin-1") * 9, "is not a text in UTF-8, GB18030")


@given(st.text(st.characters(codec="gb18030", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1))
@settings(max_examples=200, deadline=None)
def test_what_was_written_comes_back(text: str) -> None:
    text = "米" + text
    assert decode(text.encode("utf-8"), "plan.txt") == (text, "utf-8")
    assert decode(text.encode("utf-8-sig"), "plan.txt") == (text, "utf-8")
    assert decode(text.encode("utf-16"), "plan.txt") == (text, "utf-16-le")


@given(st.text(st.sampled_from("米东区发展规划建设项目工程园区年万亩，。"), max_size=60))
@settings(max_examples=100, deadline=None)
def test_chinese_prose_in_gb18030_comes_back(text: str) -> None:
    text = "米东区国民经济和社会发展规划" + text
    assert decode(text.encode("gb18030"), "plan.txt") == (text, "gb18030")
