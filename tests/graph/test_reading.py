import pytest

from graph.identity import Key, entity_id
from graph.places import Issuer
from graph.reading import read_name
from ontology.schema import EntityType

T = EntityType
ISSUERS = {
    "midong": Issuer("米东区", "650109"),
    "county": Issuer("乌鲁木齐县", "650121"),
    "urumqi": Issuer("乌鲁木齐市", "6501"),
    "xinshi": Issuer("新市区", "650104"),
    "yining": Issuer("伊宁市", "654002"),
    "anhui": Issuer("安徽省", "34"),
}

READ = [
    # Names that only the issuer makes unique.
    ("xinshi", T.INSTITUTION, "区人民医院", "650104", "人民医院"),
    ("midong", T.INSTITUTION, "米东区人民医院", "650109", "人民医院"),
    ("urumqi", T.INSTITUTION, "高新技术产业开发区(新市区)人民医院", "650104", "人民医院"),
    ("county", T.INSTITUTION, "县医院", "650121", "人民医院"),
    ("county", T.INSTITUTION, "县一中", "650121", "第1中学"),
    ("midong", T.PARK, "会展片区", "650109", "会展片区"),
    ("urumqi", T.PARK, "会展片区", "6501", "会展片区"),
    ("midong", T.PARK, "化工工业园", "650109", "化工工业园"),
    ("midong", T.PARK, "米东区化工工业园区", "650109", "化工工业园"),
    ("urumqi", T.PARK, "米东化工工业园", "650109", "化工工业园"),
    ("midong", T.PROJECT, "高标准农田建设工程", "650109", "高标准农田工程"),
    # Words that begin with a rank's character are no rank.
    ("midong", T.PROJECT, "市政综合管网工程", "650109", "市政综合管网工程"),
    ("midong", T.FACILITY, "区域物流中心", "650109", "区域物流中心"),
    # Class words written out.
    ("yining", T.PARK, "边合区", "654002", "边境经济合作区"),
    ("yining", T.PARK, "伊宁边境经济合作区", "654002", "边境经济合作区"),
    ("yining", T.PARK, "国家级边境经济合作区", "654002", "边境经济合作区"),
    ("xinshi", T.PARK, "杭州高新区", "3301", "高新技术产业开发区"),
    # Kinds of zone of which a city or a province has one.
    ("midong", T.PARK, "高新区", "6501", "高新技术产业开发区"),
    ("yining", T.PARK, "高新区", "654002", "高新技术产业开发区"),
    ("midong", T.PARK, "国家自贸区", "65", "自由贸易试验区"),
    ("urumqi", T.PARK, "中国(新疆)自由贸易试验区", "65", "自由贸易试验区"),
    ("anhui", T.PARK, "自贸试验区", "34", "自由贸易试验区"),
    # Proper names are unique in the region, streets in their town.
    ("midong", T.PARK, "甘泉堡经济技术开发区", "65", "甘泉堡经济技术开发区"),
    ("county", T.FACILITY, "乌鲁木齐河", "6501", "乌鲁木齐河"),
    ("xinshi", T.FACILITY, "北京路", "6501", "北京路"),
    ("yining", T.FACILITY, "北京路", "654002", "北京路"),
    ("urumqi", T.FACILITY, "4号线", "6501", "轨道交通4号线"),
    ("midong", T.FACILITY, "国道216线", "6501", "g216"),
    # A place-name that is the thing's own name is no location.
    ("xinshi", T.FACILITY, "中山公园", "6501", "中山公园"),
    ("yining", T.PARK, "古城历史文化体验区", "6540", "古城历史文化体验区"),
    ("yining", T.FACILITY, "上海路步行街", "654002", "上海路步行街"),
    # The same everywhere.
    ("yining", T.POLICY, "“一带一路”战略", "", "一带一路"),
    ("midong", T.POLICY, "乡村振兴战略", "", "乡村振兴"),
    ("yining", T.POLICY, "国企改革三年行动方案", "", "国有企业改革三年行动"),
    ("xinshi", T.POLICY, "“十四五”规划", "650104", "第14个五年规划"),
    ("yining", T.POLICY, "国民经济和社会发展第十四个五年规划和2035年远景目标纲要", "654002", "第14个五年规划"),
    ("xinshi", T.POLICY, "乌鲁木齐市国土空间总体规划", "6501", "国土空间总体规划"),
    ("yining", T.PROJECT, "文化润疆工程", "65", "文化润疆工程"),
    ("midong", T.INDUSTRY, "文旅产业", "", "文化旅游"),
    ("midong", T.INDUSTRY, "现代农业", "", "现代农业"),
    ("midong", T.INDUSTRY, "畜牧产业", "", "畜牧"),
    ("midong", T.INDUSTRY, "畜牧业", "", "畜牧"),
    ("midong", T.ENTERPRISE, "恒大集团", "", "恒大"),
    ("midong", T.INDICATOR, "GDP", "", "地区生产总值"),
    ("midong", T.INDICATOR, "每千人口拥有执业(助理)医师数(人)", "", "每千人口拥有执业助理医师"),
]


@pytest.mark.parametrize(("doc", "kind", "surface", "scope", "name"), READ)
def test_a_surface_is_read_from_the_issuers_side(doc: str, kind: T, surface: str, scope: str, name: str) -> None:
    assert read_name(kind, surface, ISSUERS[doc]).key == Key(kind, scope, name)


@pytest.mark.parametrize(
    ("doc", "surface"),
    [("xinshi", "高新区（新市区）"), ("urumqi", "高新技术产业开发区(新市区)")],
)
def test_a_zone_with_a_district_in_brackets_is_that_district(doc: str, surface: str) -> None:
    reading = read_name(T.PARK, surface, ISSUERS[doc])
    assert reading.key == Key(T.DISTRICT, "", "650104")
    assert reading.division is not None
    assert reading.division.name == "新市区"


def test_a_phase_in_brackets_belongs_to_the_name() -> None:
    one, two, whole = (
        read_name(T.PARK, f"新疆生物医药创新创业园{end}", ISSUERS["xinshi"]).key for end in ("（一期）", "（二期）", "")
    )
    assert len({one, two, whole}) == 3


def test_an_id_is_made_from_type_scope_and_name_only() -> None:
    key = Key(T.PARK, "6501", "甘泉堡经济技术开发区")
    assert entity_id(key) == entity_id(Key(T.PARK, "6501", "甘泉堡经济技术开发区"))
    others = [Key(T.FACILITY, key.scope, key.name), Key(T.PARK, "650109", key.name), Key(T.PARK, "650", "1" + key.name)]
    assert entity_id(key) not in {entity_id(other) for other in others}
