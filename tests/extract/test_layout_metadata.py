"""Whose document it is, what sort, when adopted and for which years: detected, against corpus.toml and by hand."""

import tomllib
from datetime import date

import pytest

from extract.document import DocumentKind, DocumentMeta
from extract.errors import DistrictUnknownError
from extract.layout import lay_out
from tests.extract.documents import OTHERS, ROOT, read

CORPUS = {
    entry["file"]: entry for entry in tomllib.loads((ROOT / "corpus" / "corpus.toml").read_text("utf-8"))["document"]
}

# As the documents print their titles; corpus.toml corrects the one that a converter doubled a word in.
PRINTED_TITLES = {
    "yining-plan-14": "伊宁市国民经济和社会发展的第十四个五年规划和2035年远景目标纲要",
    "xinshi-report-2022": "政府工作报告",
}
ISSUERS = {
    "midong-plan-14": "乌鲁木齐市米东区人民代表大会",
    "urumqi-county-plan-14": "乌鲁木齐县人民代表大会",
    "urumqi-plan-14": "乌鲁木齐市人民代表大会",
    "xinshi-report-2022": "新市区人民政府",
    "yining-plan-14": "伊宁市人民代表大会",
}
PLAN, REPORT, OTHER = DocumentKind.PLAN, DocumentKind.REPORT, DocumentKind.OTHER
# Read off the documents: kind, district, code, adopted, period.
ELSEWHERE = {
    "changshun-county-poverty-plan": (OTHER, "长顺县", "522729", None, ""),
    "gansu-prov-report-2026": (REPORT, "甘肃省", "620000", date(2026, 1, 27), "2025-2026"),
    "liuhe-county-industries": (OTHER, "柳河县", "220524", None, ""),
    "liuhe-county-opinions-industry-2023": (OTHER, "柳河县", "220524", date(2023, 2, 8), ""),
    "liuhe-county-townships": (OTHER, "柳河县", "220524", None, ""),
    "national-plan-12": (PLAN, "中国", "", None, "2011-2015"),
    "shanghai-city-opinions-innovation-2015": (OTHER, "上海市", "310000", None, ""),
    "shanghai-lingang-plan-smart-2015": (OTHER, "上海市", "310000", None, "2015-2020"),
    "xinjiang-prov-report-2026": (REPORT, "新疆维吾尔自治区", "650000", date(2026, 1, 27), "2025-2026"),
    "yunnan-prov-plan-10": (PLAN, "云南省", "530000", date(2001, 2, 16), "2001-2005"),
}


def meta(raw: str, district: str | None = None) -> DocumentMeta:
    return lay_out(raw, id="t", district=district).meta


def test_all_five_are_listed() -> None:
    assert len(CORPUS) == 5


@pytest.mark.parametrize("file", sorted(CORPUS))
def test_detected_metadata_agrees_with_the_corpus_list(file: str) -> None:
    entry, found = CORPUS[file], read(file.removesuffix(".txt")).meta
    assert found.title == PRINTED_TITLES.get(file.removesuffix(".txt"), entry["title"])
    assert (found.kind.value, found.district, found.code) == (entry["kind"], entry["district"], entry["code"])
    assert (found.adopted, found.period) == (entry["adopted"], entry["period"])
    assert found.issuer == ISSUERS[file.removesuffix(".txt")]


def test_other_places() -> None:
    metas = {path.stem: read(path.stem).meta for path in OTHERS}
    found = {stem: (m.kind, m.district, m.code, m.adopted, m.period) for stem, m in metas.items()}
    assert found == {stem: ELSEWHERE[stem] for stem in metas}


def test_a_place_inside_another() -> None:
    found = meta("浙江省杭州市西湖区国民经济和社会发展“十三五”规划纲要\n第一章 总论\n发展产业，建设园区。")
    assert (found.kind, found.district, found.code, found.period) == (PLAN, "西湖区", "330106", "2016-2020")


def test_an_ambiguous_district_is_told_apart_by_the_places_in_the_text() -> None:
    text = "鼓楼区政府工作报告\n一、工作回顾\n{}，各项事业取得新成绩。"
    assert meta(text.format("在南京市委领导下")).code == "320106"
    assert meta(text.format("在福州市委领导下")).code == "350102"
    assert meta(text.format("在市委领导下")).code == ""


def test_a_given_district_wins() -> None:
    found = meta("甘肃省政府工作报告\n一、回顾\n发展产业，建设园区。", district="米东区")
    assert (found.district, found.code) == ("米东区", "650109")


def test_an_unknown_district_says_what_to_do() -> None:
    with pytest.raises(DistrictUnknownError, match=r"t: cannot tell whose document this is .* pass --district NAME"):
        meta("工作要点\n一、总则\n发展产业，建设园区。")


@pytest.mark.parametrize(
    ("note", "day"),
    [
        ("（2021年1月7日甲县人民代表大会通过）", date(2021, 1, 7)),
        ("——二〇二一年十二月二十九日在甲县人民代表大会上", date(2021, 12, 29)),
        ("（2021年13月7日甲县人民代表大会通过）", None),
    ],
)
def test_adoption_dates(note: str, day: date | None) -> None:
    assert meta(f"甘肃省政府工作报告\n{note}\n一、回顾\n发展产业，建设园区。").adopted == day


def test_a_winter_report_sets_out_the_next_year() -> None:
    text = "甘肃省政府工作报告\n（{}在甘肃省人民代表大会会议上）\n一、回顾\n发展产业，建设园区。"
    assert meta(text.format("2021年12月29日")).period == "2021-2022"
    assert meta(text.format("2022年1月9日")).period == "2021-2022"


def test_edition_marks_are_no_part_of_the_title() -> None:
    found = meta("# 甘肃省国民经济和社会发展第十四个五年规划纲要（公开发布稿）\n\n第一章 总论\n发展产业，建设园区。")
    assert found.title == "甘肃省国民经济和社会发展第十四个五年规划纲要"
