import pytest

from graph.identity import Key, entity_id
from graph.reference import division_key, zone_of
from graph.resolve import build_graph
from ontology.divisions import ancestors, divisions
from ontology.schema import EntityType, Predicate
from tests.graph.goldextract import by_hand, gold_extractions

ZONES = [
    ("6501", "甘泉堡经济技术开发区", "乌鲁木齐甘泉堡经济技术开发区"),
    ("6501", "高新技术产业开发区", "乌鲁木齐高新技术产业开发区"),
    ("6501", "经济技术开发区", "乌鲁木齐经济技术开发区"),
    ("3301", "高新技术产业开发区", "杭州高新技术产业开发区"),
]


@pytest.mark.parametrize(("scope", "name", "official"), ZONES)
def test_national_zones_are_recognised(scope: str, name: str, official: str) -> None:
    zone = zone_of(Key(EntityType.PARK, scope, name))
    assert zone is not None
    assert zone.name == official


def test_a_zone_of_another_city_is_not_the_national_one() -> None:
    assert zone_of(Key(EntityType.PARK, "654002", "高新技术产业开发区")) is None
    assert zone_of(Key(EntityType.PARK, "650109", "化工工业园")) is None


def test_every_official_division_is_joined_to_the_one_above_it() -> None:
    kg = build_graph(gold_extractions())
    above = {(c.subject, c.object) for c in kg.claims if c.source == "reference:divisions"}
    coded = {e.id: e for e in kg.entities if e.type is EntityType.DISTRICT and e.code}
    assert len(coded) == 39
    for code, division in divisions().items():
        id = entity_id(division_key(code))
        if id in coded and division.parent:
            assert (id, entity_id(division_key(division.parent))) in above
            assert all(entity_id(division_key(a.code)) in coded for a in ancestors(code))


def test_a_zone_lies_in_the_city_that_its_official_name_holds() -> None:
    kg = build_graph([by_hand("a", "甘泉堡经济技术开发区", [("Park", "甘泉堡经济技术开发区")], "米东区", "650109")])
    (claim,) = [c for c in kg.claims if c.source == "reference:zones"]
    assert kg.by_id[claim.object].name == "乌鲁木齐市"


def test_no_two_entities_bear_one_code() -> None:
    codes = [e.code for e in build_graph(gold_extractions()).entities if e.type is EntityType.DISTRICT and e.code]
    assert len(codes) == len(set(codes))


def test_a_zone_lies_in_the_county_that_the_list_names() -> None:
    kg = build_graph([by_hand("a", "与高新区合作", [("Park", "高新区")], "米东区", "650109")])
    (claim,) = [c for c in kg.claims if c.source == "reference:zones"]
    assert kg.by_id[claim.object].name == "新市区"
    assert claim.predicate is Predicate.LOCATED_IN
    assert [e.links for e in kg.entities if e.name == "高新区"] != [()]
