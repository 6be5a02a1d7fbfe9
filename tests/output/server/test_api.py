"""The REST API: what it tells of the sample graph, that it keeps to its description, and its limits."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from graph.model import Claim, KnowledgeGraph
from graph.network import to_networkx
from ontology.schema import EntityType, Predicate
from output.server.openapi import SCHEMAS, description
from output.server.operations import OPERATIONS
from tests.graph.sample import MIDONG, entity_id, sample
from tests.output.server.conftest import Running

KG = sample()
DISTRICT = entity_id(EntityType.DISTRICT, "米东区")
CITY = entity_id(EntityType.DISTRICT, "乌鲁木齐市")


def api(server: Running, path: str, **fields: object) -> Any:
    found = server.ask(f"/api/{path}?{urlencode(fields)}")
    assert found.status == 200, found.text
    assert found.type == "application/json"
    return json.loads(found.body)


def ids(found: Any) -> list[str]:
    return [item["id"] for item in found["items"]]


def claims(kg: KnowledgeGraph, test: Any) -> list[str]:
    return sorted(claim.id for claim in kg.claims if test(claim))


def test_search_finds_names_by_characters_and_pinyin(server: Running) -> None:
    assert ids(api(server, "search", q="米东区"))[0] == DISTRICT
    assert api(server, "search", q="米东区")["items"][0]["how"] == "exact"
    assert DISTRICT in ids(api(server, "search", q="mdq"))
    assert {item["type"] for item in api(server, "search", q="米东", type="Park")["items"]} == {"Park"}
    both = ids(api(server, "search", q="米东", limit=2))
    assert len(both) == 2
    assert ids(api(server, "search", q="米东", limit=1, offset=1)) == both[1:]
    assert api(server, "search", q="米东", limit=1)["more"] is True
    assert api(server, "search", q="无此名称") == {"items": [], "more": False}


def test_an_entity_is_told_as_the_model_has_it(server: Running) -> None:
    compared = 0
    for entity in KG.entities:
        found = api(server, f"entities/{entity.id}")
        assert (found["name"], found["type"], found["code"] or "") == (entity.name, entity.type.value, entity.code)
        assert found["iri"] == KG.base + entity.id
        assert found["aliases"] == sorted(entity.aliases)
        assert found["documents"] == list(entity.documents)
        assert found["mentions"] == len(entity.occurrences)
        assert found["figuresTotal"] == sum(entity.id in (o.subject, o.indicator) for o in KG.observations)
        counts = {(r["predicate"], r["direction"]): r["claims"] for r in found["relations"]}
        assert sum(counts.values()) == sum((c.subject == entity.id) + (c.object == entity.id) for c in KG.claims)
        compared += 1
    assert compared == len(KG.entities) >= 20
    assert api(server, f"entities/{quote('米东区')}")["id"] == DISTRICT


def test_neighbours_are_the_claims_at_an_entity(server: Running) -> None:
    found = api(server, f"entities/{DISTRICT}/neighbours", limit=500)
    assert ids(found) == claims(KG, lambda c: DISTRICT in (c.subject, c.object))
    assert len(found["items"]) == found["total"] > 5
    for item in found["items"]:
        assert item["subject" if item["direction"] == "out" else "object"]["id"] == DISTRICT
        assert item["other"]["id"] != DISTRICT
    out = api(server, f"entities/{DISTRICT}/neighbours", direction="out", predicate="plans")
    assert ids(out) == claims(KG, lambda c: c.subject == DISTRICT and c.predicate is Predicate.PLANS)
    assert ids(out)


@pytest.mark.parametrize(("fields", "test"), [
    ({}, lambda c: True),
    ({"predicate": "plans"}, lambda c: c.predicate.value == "plans"),
    ({"status": "planned"}, lambda c: c.status is not None and c.status.value == "planned"),
    ({"document": MIDONG}, lambda c: c.source == MIDONG),
    ({"subject": "米东区"}, lambda c: c.subject == DISTRICT),
    ({"object": CITY}, lambda c: c.object == CITY),
    ({"type": "Industry"}, lambda c: "Industry" in (KG.by_id[c.subject].type, KG.by_id[c.object].type)),
    ({"min_confidence": "0.9"}, lambda c: c.confidence >= 0.9),
    ({"predicate": "plans", "document": MIDONG, "type": "Project"},
     lambda c: c.predicate.value == "plans" and c.source == MIDONG
     and "Project" in (KG.by_id[c.subject].type, KG.by_id[c.object].type)),
])  # fmt: skip
def test_filters_combine(server: Running, fields: dict[str, str], test: Any) -> None:
    found = api(server, "claims", limit=500, **fields)
    assert ids(found) == claims(KG, test)
    assert found["total"] == len(found["items"]) >= 1


def inside(district: str) -> set[str]:
    """The district and all that lies in it or is part of it."""
    found = {district}
    while True:
        more = {
            c.subject
            for c in KG.claims
            if c.predicate in (Predicate.PART_OF, Predicate.LOCATED_IN) and c.object in found
        }
        if more <= found:
            return found
        found |= more


def test_a_districts_claims_are_those_about_what_lies_in_it(server: Running) -> None:
    whole = inside(CITY)
    assert DISTRICT in whole
    found = api(server, "claims", district="乌鲁木齐市", limit=500)
    assert ids(found) == claims(KG, lambda c: bool({c.subject, c.object} & whole))


def test_pages_join_to_the_whole(server: Running) -> None:
    whole = ids(api(server, "claims", limit=500))
    pages: list[str] = []
    while True:
        page = api(server, "claims", limit=7, offset=len(pages))
        pages += ids(page)
        if not page["more"]:
            break
    assert pages == whole == claims(KG, lambda c: True)


def test_a_claim_bears_its_quotes(server: Running) -> None:
    compared = 0
    for claim in KG.claims:
        found = api(server, f"claims/{claim.id}")
        told = {(q["document"], q["start"], q["end"], q["exact"], tuple(q["section"])) for q in found["quotes"]}
        assert told == {(q.doc, q.span.start, q.span.end, q.exact, q.section) for q in claim.evidence}
        assert (found["status"], found["period"] or "") == (claim.status and claim.status.value, claim.period)
        compared += len(told)
    assert compared >= 18
    assert all(item["quotes"] == [] for item in api(server, "claims", quotes=0)["items"])


def test_figures_are_those_of_the_model(server: Running) -> None:
    found = api(server, "observations", limit=500)
    assert ids(found) == [o.id for o in KG.observations]
    for told, value in zip(found["items"], KG.observations, strict=True):
        assert (told["value"], told["unit"] or "", told["period"] or "") == (value.value, value.unit, value.period)
        assert (told["subject"]["id"], told["indicator"]["id"]) == (value.subject, value.indicator)
    target = [o.id for o in KG.observations if o.kind.value == "target"]
    assert ids(api(server, "observations", kind="target", limit=500)) == target
    assert target


def steps(claim: Claim) -> frozenset[str]:
    return frozenset((claim.subject, claim.object))


def test_paths_are_the_shortest(server: Running) -> None:
    import networkx

    network = networkx.Graph(to_networkx(KG))
    joined = {steps(c) for c in KG.claims}
    near = networkx.single_source_shortest_path_length(network, DISTRICT)
    checked = 0
    for other, distance in sorted(near.items()):
        if other == DISTRICT:
            continue
        found = api(server, "path", **{"from": DISTRICT, "to": other, "longest": 8, "limit": 50})
        shortest = sorted(map(tuple, networkx.all_shortest_paths(network, DISTRICT, other)))
        assert found["length"] == distance
        assert sorted(tuple(e["id"] for e in p["entities"]) for p in found["items"]) == shortest[:50]
        for path in found["items"]:
            pairs = [{claim["subject"]["id"], claim["object"]["id"]} for step in path["steps"] for claim in step]
            assert all(frozenset(pair) in joined for pair in pairs)
            assert len(path["steps"]) == distance
        checked += 1
    assert checked >= 10
    far = max(near, key=lambda id: near[id])
    assert near[far] > 1
    none = api(server, "path", **{"from": DISTRICT, "to": far, "longest": near[far] - 1})
    assert (none["length"], none["items"]) == (None, [])
    assert api(server, "path", **{"from": DISTRICT, "to": DISTRICT})["length"] == 0


def test_documents_are_listed(server: Running) -> None:
    found = api(server, "documents")
    assert [(d["id"], d["title"], d["sha256"]) for d in found["items"]] == [
        (s.id, s.meta.title, s.sha256) for s in sorted(KG.sources, key=lambda s: s.id)
    ]


@pytest.mark.parametrize(("path", "status", "words"), [
    ("search", 400, "`q` is missing"),
    ("search?q=", 400, "1 to 200 characters"),
    ("search?q=" + "a" * 201, 400, "1 to 200 characters"),
    ("search?q=a&q=b", 400, "given twice"),
    ("search?q=a&typ=Park", 400, "there are: q, type, limit, offset"),
    ("search?q=a&type=Parks", 400, "one of District, Park"),
    ("search?q=%ff", 400, "UTF-8"),
    ("claims?limit=0", 400, "from 1 to 500"),
    ("claims?limit=1e2", 400, "whole number"),
    ("claims?limit=%EF%BC%91", 400, "whole number"),
    ("claims?min_confidence=nan", 400, "a number from 0 to 1"),
    ("claims?min_confidence=1.5", 400, "a number from 0 to 1"),
    ("claims?district=nowhere", 404, "there is no entity"),
    ("claims/none", 404, "there is no claim"),
    ("entities/none", 404, "/api/search finds names"),
    ("path?from=none&to=none", 404, "there is no entity"),
    ("nowhere", 404, "no such page"),
])  # fmt: skip
def test_a_wrong_request_is_told_what_would_fit(server: Running, path: str, status: int, words: str) -> None:
    found = server.ask(f"/api/{path}")
    assert (found.status, found.type) == (status, "application/problem+json"), found.text
    assert words in json.loads(found.body)["detail"]


def test_only_json_is_given(server: Running) -> None:
    assert server.ask("/api/documents", headers={"Accept": "text/csv"}).status == 406
    assert server.ask("/api/documents", headers={"Accept": "application/*;q=0.1"}).status == 200
    assert server.ask("/api/documents", "POST", b"").status == 405


def test_the_description_is_that_of_the_routes(server: Running) -> None:
    found = json.loads(server.ask("/openapi.json").body)
    from plankg import __version__

    assert found == json.loads(json.dumps(description(__version__)))
    assert sorted(found["paths"]) == sorted(operation.path for operation in OPERATIONS)
    assert {operation.gives for operation in OPERATIONS} <= set(SCHEMAS)


def test_schemathesis_finds_no_fault(server: Running) -> None:
    """Generated requests: no 5xx, and every answer is as it is described."""
    import schemathesis
    from schemathesis import GenerationMode

    schema = schemathesis.openapi.from_url(f"{server.url}openapi.json")
    settled = settings(
        max_examples=12,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    asked: list[int] = []

    def ask(case: Any) -> None:
        response = case.call()
        assert response.status_code < 500
        case.validate_response(response)
        asked.append(response.status_code)

    described = [found.ok() for found in schema.get_all_operations()]
    assert len(described) == len(OPERATIONS)
    for operation, ours in zip(described, OPERATIONS, strict=True):
        modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
        for mode in modes if ours.parameters else modes[:1]:  # nothing is wrong where nothing is given
            settled(given(case=operation.as_strategy(generation_mode=mode))(ask))()
    assert {200, 400, 404} <= set(asked)
    assert len(asked) >= 80
    assert server.alive()
