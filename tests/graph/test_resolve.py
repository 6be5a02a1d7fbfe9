from graph.resolve import build_graph
from ontology.schema import EntityType, Predicate, Status
from tests.graph.goldextract import by_hand


def test_the_own_district_is_a_node_even_when_it_is_never_named() -> None:
    extraction = by_hand("a", "建设老龙河公园。", [("Facility", "老龙河公园")], "米东区", "650109")
    kg = build_graph([extraction])
    assert {(e.type, e.name, e.code) for e in kg.entities} == {
        (EntityType.DISTRICT, "米东区", "650109"),
        (EntityType.FACILITY, "老龙河公园", ""),
    }


def test_the_same_statement_is_one_claim_with_all_its_quotes() -> None:
    text = "建设老龙河公园。加快建设老龙河公园。"
    facts = [("plans", None, "老龙河公园", "planned"), ("plans", None, "老龙河公园", "planned")]
    other = [("plans", None, "老龙河公园", "ongoing")]
    names = [("Facility", "老龙河公园")]
    kg = build_graph([by_hand("a", text, names, "米东区", "650109", facts=facts + other)])
    assert {(c.predicate, c.status) for c in kg.claims} == {
        (Predicate.PLANS, Status.PLANNED),
        (Predicate.PLANS, Status.ONGOING),
    }
    assert all(quote.exact == text for claim in kg.claims for quote in claim.evidence)


def test_order_of_the_documents_does_not_matter() -> None:
    one = by_hand("a", "首府与五家渠市", [("District", "首府"), ("District", "五家渠市")], "米东区", "650109")
    two = by_hand("b", "乌鲁木齐市", [("District", "乌鲁木齐市")], "伊宁市", "654002")
    assert build_graph([one, two]) == build_graph([two, one])
