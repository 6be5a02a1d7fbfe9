from itertools import combinations

import pytest

from extract.errors import CorpusError
from graph.resolve import build_graph
from ontology.schema import EntityType, Predicate, Status
from tests.graph.goldextract import by_hand, gold_extractions


def test_the_own_district_is_a_node_even_when_it_is_never_named() -> None:
    extraction = by_hand("a", "建设老龙河公园。", [("Facility", "老龙河公园")], "米东区", "650109")
    kg = build_graph([extraction])
    assert {(e.type, e.name, e.code, len(e.occurrences)) for e in kg.entities} == {
        (EntityType.DISTRICT, "米东区", "650109", 0),
        (EntityType.DISTRICT, "乌鲁木齐市", "650100", 0),
        (EntityType.DISTRICT, "新疆维吾尔自治区", "650000", 0),
        (EntityType.FACILITY, "老龙河公园", "", 1),
    }


def test_the_same_statement_is_one_claim_with_all_its_quotes() -> None:
    text = "建设老龙河公园。加快建设老龙河公园。"
    facts = [("plans", None, "老龙河公园", "planned"), ("plans", None, "老龙河公园", "planned")]
    other = [("plans", None, "老龙河公园", "ongoing")]
    names = [("Facility", "老龙河公园")]
    kg = build_graph([by_hand("a", text, names, "米东区", "650109", facts=facts + other)])
    stated = [c for c in kg.claims if not c.is_reference]
    assert {(c.predicate, c.status) for c in stated} == {
        (Predicate.PLANS, Status.PLANNED),
        (Predicate.PLANS, Status.ONGOING),
    }
    assert all(quote.exact == text for claim in stated for quote in claim.evidence)


def test_reference_claims_never_have_evidence_and_document_claims_always_do() -> None:
    kg = build_graph(gold_extractions())
    assert {c.source for c in kg.claims if c.is_reference} == {
        "reference:divisions",
        "reference:names",
        "reference:zones",
    }
    assert all(bool(c.evidence) != c.is_reference and bool(c.rule) == c.is_reference for c in kg.claims)
    assert len([c for c in kg.claims if not c.is_reference]) > 300


def test_a_fact_that_joins_a_thing_to_itself_is_left_out() -> None:
    names = [("District", "米东区"), ("District", "米东")]
    facts = [("partOf", "米东", "米东区", ""), ("partOf", None, "米东区", "")]
    kg = build_graph([by_hand("a", "米东区即米东。", names, "米东区", "650109", facts=facts)])
    assert [c for c in kg.claims if not c.is_reference] == []


def test_cooperation_has_no_direction() -> None:
    names = [("District", "米东区"), ("District", "和田市")]
    facts = [("cooperatesWith", "米东区", "和田市", ""), ("cooperatesWith", "和田市", None, "")]
    kg = build_graph([by_hand("a", "米东区与和田市结对。", names, "米东区", "650109", facts=facts)])
    (claim,) = [c for c in kg.claims if not c.is_reference]
    assert kg.by_id[claim.subject].name == "米东区"
    assert len(claim.evidence) == 2


def test_what_the_vocabulary_does_not_allow_is_left_out_and_said() -> None:
    """A zone that turns out to be a district cannot be part of a park any more."""
    names = [("Park", "高新区（新市区）"), ("Park", "乌昌石自主创新示范区")]
    facts = [("partOf", "高新区（新市区）", "乌昌石自主创新示范区", "")]
    text = "高新区（新市区）属于乌昌石自主创新示范区。"
    kg = build_graph([by_hand("a", text, names, "新市区", "650104", facts=facts)])
    assert [c for c in kg.claims if not c.is_reference] == []
    assert kg.warnings == (
        "a: left out partOf between 新市区 (District) and 乌昌石自主创新示范区 (Park): not in the vocabulary",
    )


def test_two_documents_with_one_id_are_refused() -> None:
    one = by_hand("a", "首府", [("District", "首府")], "米东区", "650109")
    with pytest.raises(CorpusError, match="two documents are called 'a'"):
        build_graph([one, one])


def test_ids_stay_the_same_when_documents_are_added() -> None:
    """Every entity of a build of some documents is in the build of more, under the same id."""
    extractions = gold_extractions()
    assert len(extractions) == 5
    full = build_graph(extractions).by_id
    for count in (1, 2, 4):
        for part in combinations(extractions, count):
            kg = build_graph(part)
            assert set(kg.by_id) <= set(full)
            assert all(full[e.id].type is e.type and full[e.id].scope == e.scope for e in kg.entities)


def test_parks_under_a_city_are_found_through_containment() -> None:
    kg = build_graph(gold_extractions())
    inside = {next(e.id for e in kg.entities if e.name == "乌鲁木齐市")}
    edges = [(c.subject, c.object) for c in kg.claims if c.predicate in (Predicate.PART_OF, Predicate.LOCATED_IN)]
    for _ in range(5):
        inside |= {one for one, other in edges if other in inside}
    parks = {kg.by_id[id].name for id in inside if kg.by_id[id].type is EntityType.PARK}
    assert {"化工工业园", "会展片区", "高新区"} <= parks
    assert not parks & {"伊宁边境经济合作区", "杭州高新区"}


def test_order_of_the_documents_does_not_matter() -> None:
    one = by_hand("a", "首府与五家渠市", [("District", "首府"), ("District", "五家渠市")], "米东区", "650109")
    two = by_hand("b", "乌鲁木齐市", [("District", "乌鲁木齐市")], "伊宁市", "654002")
    assert build_graph([one, two]) == build_graph([two, one])
