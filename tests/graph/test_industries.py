import csv

from graph.industries import NO_CLASS, map_industry
from graph.resolve import build_graph
from ontology.industries import classification
from ontology.schema import EntityType
from tests.graph.goldextract import ROOT, gold_extractions


def test_links_on_hand_checked_names() -> None:
    """Each name of the list was given its class (or none) by hand; half of them are a random sample of real names."""
    with (ROOT / "tests" / "cases" / "industry_links.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 280
    wrong, linked = [], 0
    for row in rows:
        mappings, reason = map_industry(row["name"])
        assert bool(mappings) != bool(reason), row["name"]
        if mappings:
            linked += 1
            if not any(mappings[0].code.startswith(code) for code in row["codes"].split() or ["-"]):
                wrong.append(f"{row['name']}: {mappings[0].code}")
    assert linked >= 250
    assert 1 - len(wrong) / linked >= 0.9, wrong


def test_every_industry_of_the_gold_passages_has_a_link_or_a_reason() -> None:
    industries = [e for e in build_graph(gold_extractions()).entities if e.type is EntityType.INDUSTRY]
    assert len(industries) > 60
    known = [e for e in industries if e.mappings or (e.unmapped and e.unmapped != NO_CLASS)]
    assert all(e.mappings or e.unmapped for e in industries)
    assert len(known) / len(industries) >= 0.95


def test_the_classification_names_itself() -> None:
    table = classification()
    checked = 0
    for code in ("A0141", "C2911", "H61", "J", "K", "R88", "D4414", "E49"):
        checked += 1
        (mapping,), _ = map_industry(table[code].name)
        assert (mapping.code, mapping.relation) == (code, "exactMatch")
    assert checked == 8


def test_a_kind_of_a_field_is_linked_as_narrower() -> None:
    (mapping,), reason = map_industry("现代农业")
    assert (mapping.code, mapping.relation, reason) == ("A01", "broadMatch", "")
