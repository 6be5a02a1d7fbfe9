"""What the explorer's page asks the server: neighbourhoods, documents, paths, districts."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from graph.model import KnowledgeGraph
from output.page.data import page_data
from output.server.catalogue import Catalogue
from output.server.explorer import Explorer
from output.server.overview import overview_data
from output.server.prepared import StoredGraph, prepared
from tests.graph.sample import sample
from tests.output.server.conftest import Running

IDS = {entity.name: entity.id for entity in sample().entities}


def told(server: Running, path: str, **fields: str) -> Any:
    found = server.ask(f"/explorer/{path}.json?{urlencode({k.rstrip('_'): v for k, v in fields.items()})}")
    assert (found.status, found.type) == (200, "application/json"), found.text
    return json.loads(found.body)


def around(kg: KnowledgeGraph, id: str) -> set[str]:
    return {c.id for c in kg.claims if id in (c.subject, c.object)}


def test_a_neighbourhood_holds_every_claim_with_its_quotes(server: Running) -> None:
    kg = sample()
    compared = 0
    for entity in kg.entities:
        found = told(server, "neighbourhood", id=entity.id)
        assert {c["id"] for c in found["claims"]} == around(kg, entity.id)
        for claim in found["claims"]:
            quotes = next(c for c in kg.claims if c.id == claim["id"]).evidence
            assert claim["told"] == len(quotes)
            assert {q["exact"] for q in claim["quotes"]} == {q.exact for q in quotes}
            compared += 1
    assert compared == 36


def test_neighbours_are_counted_by_relation_and_direction(server: Running) -> None:
    kg, id = sample(), IDS["米东区"]
    found = told(server, "neighbourhood", id=id)
    groups = {(g["predicate"], g["direction"]): g["members"] for g in found["groups"]}
    expected: dict[tuple[str, str], set[str]] = {}
    for c in kg.claims:
        if id in (c.subject, c.object):
            direction, other = ("out", c.object) if c.subject == id else ("in", c.subject)
            expected.setdefault((c.predicate.value, direction), set()).add(other)
    assert groups == {key: len(others) for key, others in expected.items()}
    assert found["entity"]["documents"]
    assert {d["i"] for d in found["documents"]} >= set(found["entity"]["documents"])


@pytest.mark.parametrize(
    ("facets", "fits"),
    [
        ({"status": "planned~none"}, lambda c: c.status in ("planned", None)),
        ({"predicate": "plans"}, lambda c: c.predicate == "plans"),
        ({"document": "urumqi-plan"}, lambda c: c.source == "urumqi-plan"),
        ({"confidence": "0.9~0.7"}, lambda c: c.confidence >= 0.7),
        ({"status": "planned", "predicate": "develops"}, lambda c: False),
    ],
)
def test_filters_combine_as_in_the_page(server: Running, facets: dict[str, str], fits: Any) -> None:
    kg, id = sample(), IDS["米东区"]
    found = told(server, "neighbourhood", id=id, **facets)
    expected = {c.id for c in kg.claims if id in (c.subject, c.object) and fits(c)}
    assert {c["id"] for c in found["claims"]} == expected


def test_a_district_filter_takes_in_what_lies_below(server: Running) -> None:
    id, project = IDS["米东区"], IDS["华凌牛业田园综合体项目"]
    for inside, district, all_of_it in (
        (id, "乌鲁木齐市", True),
        (project, "三道坝镇", True),
        (project, "米东化工工业园", False),
    ):
        found = told(server, "neighbourhood", id=inside, district=IDS[district])
        assert {c["id"] for c in found["claims"]} == (around(sample(), inside) if all_of_it else set())


def test_a_document_comes_with_its_mentions_in_utf16(server: Running) -> None:
    kg = sample()
    for source in kg.sources:
        found = told(server, "document", id=source.id)
        assert found["text"] == source.raw
        assert found["document"]["title"] == source.meta.title
        expected = sorted((o.span.start, e.id) for e in kg.entities for o in e.occurrences if o.doc == source.id)
        assert sorted((start, id) for id, start, _ in found["mentions"]) == expected
        assert len(expected) >= 4
        names = {e["id"]: e for e in found["entities"]}
        assert all(id in names for id, _, _ in found["mentions"])


def test_paths_go_round_issuing_districts_unless_asked(server: Running) -> None:
    ends = {"from": IDS["华泰重化工"], "to": IDS["生物医药产业"]}
    found = told(server, "paths", **ends)
    assert [e["name"] for e in found["items"][0]["entities"]] == ["华泰重化工", "米东化工工业园", "生物医药产业"]
    assert told(server, "paths", **ends, through="all")["length"] == 2


def test_a_district_is_told_with_what_joins_it_to_a_type(server: Running) -> None:
    found = told(server, "district", id=IDS["米东区"], type="Policy")
    policies = {c["object"]["name"] for c in found["claims"] if c["object"]["type"] == "Policy"}
    assert policies == {"乡村振兴战略", "国家服务贸易试点区"}
    figures = told(server, "district", id=IDS["米东区"], type="Indicator")
    assert {o["id"] for o in figures["observations"]} == {
        o.id for o in sample().observations if o.subject == IDS["米东区"]
    }


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("neighbourhood.json", 400),
        ("neighbourhood.json?id=nobody", 404),
        ("neighbourhood.json?id=x&colour=red", 400),
        ("document.json?id=../../etc/passwd", 404),
        ("district.json?id=x&type=Nothing", 400),
        ("paths.json?from=a&to=b", 404),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(server: Running, path: str, status: int) -> None:
    found = server.ask(f"/explorer/{path}")
    assert (found.status, found.type) == (status, "application/problem+json")
    assert json.loads(found.body)["detail"]


def test_a_text_that_has_changed_or_lies_elsewhere_is_not_read(folder: Path, tmp_path: Path) -> None:
    with prepared(folder) as made:
        catalogue = Catalogue(made.index, made.names, made.base)
        store = StoredGraph(made.store, made.base).triples
        (tmp_path / "midong-plan.txt").write_text("另一份文件", encoding="utf-8")
        elsewhere = Explorer(catalogue, store, tmp_path)
        assert elsewhere.document("midong-plan")["text"] is None
        assert elsewhere._read("../secret", "") is None
        catalogue.db.close()


def test_the_overview_of_the_index_is_that_of_the_graph(folder: Path) -> None:
    kg = sample()
    with prepared(folder) as made:
        catalogue = Catalogue(made.index, made.names, made.base)
        found = overview_data(catalogue)
        catalogue.db.close()
    whole = page_data(kg)
    assert [(e["i"], e["t"], e["n"]) for e in found["entities"]] == [
        (e["i"], e["t"], e["n"]) for e in whole["entities"]
    ]
    assert [(c["i"], c["s"], c["p"], c["o"]) for c in found["claims"]] == [
        (c["i"], c["s"], c["p"], c["o"]) for c in whole["claims"]
    ]
    assert [o["i"] for o in found["observations"]] == [o["i"] for o in whole["observations"]]
    assert {island["n"] for island in found["islands"]} == {island["n"] for island in whole["islands"]}
    assert found["total"] == {"entities": 27, "claims": 18, "observations": 8, "documents": 2}
    assert [d["title"] for d in found["documents"]] == [d["title"] for d in whole["documents"]]
