import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.places import Issuer, read_place, region_of, split_place
from graph.reading import urban_area
from ontology.divisions import divisions
from tests.graph.goldextract import ROOT, corpus_meta

MIDONG = Issuer("米东区", "650109")
COUNTY = Issuer("乌鲁木齐县", "650121")
URUMQI = Issuer("乌鲁木齐市", "6501")
XINSHI = Issuer("新市区", "650104")
YINING = Issuer("伊宁市", "654002")
LUCHENG = Issuer("五华区", "530102")

READ = [
    (MIDONG, "米东", "650109"),
    (MIDONG, "乌鲁木齐市米东区", "650109"),
    (MIDONG, "我区", "650109"),
    (MIDONG, "全市", "6501"),
    (MIDONG, "首府", "6501"),
    (MIDONG, "自治区", "65"),
    (MIDONG, "新疆", "65"),
    (MIDONG, "全疆", "65"),
    (MIDONG, "三道坝", "650109104"),
    (MIDONG, "卡子湾", "650109003"),
    (MIDONG, "柏杨河哈萨克民族乡", "650109200"),
    (COUNTY, "乌鲁木齐", "6501"),
    (COUNTY, "乌鲁木齐市", "6501"),
    (COUNTY, "乌鲁木齐县", "650121"),
    (COUNTY, "全县", "650121"),
    (COUNTY, "萨尔达坂", "650121207"),
    (COUNTY, "萨尔达板乡", "650121207"),
    (COUNTY, "甘泉乡", ""),
    (MIDONG, "兵团农六师五家渠市", "659004"),
    (YINING, "自治州", "6540"),
    (XINSHI, "高新区（新市区）", ""),
    (URUMQI, "克拉玛依", "6502"),
    (URUMQI, "昌吉州", "6523"),
    (URUMQI, "上海", "31"),
    (XINSHI, "新区", "650104"),
    (XINSHI, "五家渠市", "659004"),
    (YINING, "伊宁", "654002"),
    (YINING, "伊宁县", "654021"),
    (YINING, "伊犁州", "6540"),
    (YINING, "全州", "6540"),
    (YINING, "我市", "654002"),
    (YINING, "英也尔乡", "654002102"),
    (YINING, "察布查尔县", "654022"),
    (LUCHENG, "省会", "5301"),
    (LUCHENG, "全省", "53"),
    (LUCHENG, "自治区", ""),
]


@pytest.mark.parametrize(("issuer", "name", "code"), READ)
def test_places_are_read_from_the_issuers_side(issuer: Issuer, name: str, code: str) -> None:
    place = read_place(name, issuer)
    assert (place.division.code if place.division else "") == code


def test_an_ambiguous_name_stays_open_with_its_candidates() -> None:
    place = read_place("喀什", YINING)
    assert place.division is None
    assert place.candidates == ("6531", "653101")
    assert read_place("昌吉", URUMQI).candidates == ("6523", "652301")


def test_a_village_belongs_to_the_town_in_front_of_it() -> None:
    place = read_place("甘沟乡团结村", COUNTY)
    assert (place.division, place.scope, place.name) == (None, "650121208", "团结村")
    assert read_place("团结村", COUNTY).scope == "650121"


@pytest.mark.parametrize("name", ["兵团十二师", "兵团第十二师", "新疆生产建设兵团第十二师", "第十二师", "农十二师"])
def test_divisions_of_the_corps_have_one_name(name: str) -> None:
    assert read_place(name, URUMQI).name == "兵团第12师"


def test_a_short_name_never_starts_a_longer_one() -> None:
    assert split_place("霍尔果斯经济开发区伊宁园", YINING) is None
    assert split_place("新疆生物医药创新创业园", XINSHI) is None


def test_issuer_without_a_code_still_has_a_scope() -> None:
    issuer = Issuer("某某新区", "")
    place = read_place("我区", issuer)
    assert (place.division, place.name) == (None, "某某新区")
    assert issuer.scope == "某某新区"


@given(st.sampled_from(sorted(divisions())))
def test_every_division_has_a_region_that_is_a_division(code: str) -> None:
    assert region_of(code) in divisions()
    assert urban_area(code) in divisions()


@given(st.sampled_from(sorted(code for code in divisions() if len(code) <= 6)))
def test_every_county_reads_its_own_full_name_as_itself(code: str) -> None:
    division = divisions()[code]
    found = read_place(division.name, Issuer(division.name, code)).division
    assert found == division
    assert code.startswith(region_of(code))


def test_every_issuer_of_the_corpus_has_its_code() -> None:
    codes = {doc: Issuer.of(meta).code for doc, meta in corpus_meta().items()}
    assert codes == {
        "midong-plan-14": "650109",
        "urumqi-county-plan-14": "650121",
        "urumqi-plan-14": "6501",
        "xinshi-report-2022": "650104",
        "yining-plan-14": "654002",
    }


def test_every_official_district_among_the_pairs_has_its_code() -> None:
    """No code is given to a region or corps division, and each listed name gets the right one."""
    open_names = {
        "丝绸之路经济带核心区",
        "丝绸之路经济带核心区中心区",
        "乌鲁木齐都市圈",
        "兵团十二师",
        "兵团第十二师",
        "兵团农六师",
    }
    checked = 0
    with (ROOT / "tests" / "cases" / "name_pairs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for doc, kind, name in (
                (row["doc"], row["type"], row["name"]),
                (row["other_doc"], row["other_type"], row["other_name"]),
            ):
                if kind == "District" and name != "甘沟乡团结村":
                    checked += 1
                    division = read_place(name, Issuer.of(corpus_meta()[doc])).division
                    assert (division is None) == (name in open_names), name
    assert checked == 99
