"""The page as a file: its data, its policy, its bundle, its map."""

import base64
import hashlib
import json
import math
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.document import DocumentKind, DocumentMeta
from extract.span import Span
from graph.model import Entity, KnowledgeGraph, Occurrence, Source
from graph.pinyin import pinyin
from ontology.divisions import divisions
from ontology.schema import EntityType
from output.page import page, page_values, served_page, write_page
from output.page.data import Offsets, page_data, to_json
from output.page.layout import enclosing, lay_out_map, pack
from output.page.overview import LARGEST_PAGE, MOST_STATEMENTS, chosen, overview
from tests.bundles import BUNDLES, Bundle
from tests.graph.sample import hostile, sample
from tests.output.graphs import beyond_one_file, synthetic


@pytest.fixture(scope="module")
def html() -> str:
    return page(sample())


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    assert found
    loaded: dict[str, Any] = json.loads(found[1])
    return loaded


def test_the_data_tell_the_whole_graph(html: str) -> None:
    data = data_of(html)
    kg = sample()
    assert [e["i"] for e in data["entities"]] == [e.id for e in kg.entities]
    assert [c["i"] for c in data["claims"]] == [c.id for c in kg.claims]
    assert [o["i"] for o in data["observations"]] == [o.id for o in kg.observations]
    compared = 0
    for claim, told in zip(kg.claims, data["claims"], strict=True):
        for quote, evidence in zip(claim.evidence, told["e"], strict=True):
            text = data["documents"][evidence["d"]]["text"]
            start, end = evidence["q"]
            assert text[start:end] == quote.exact
            assert tuple(data["sections"][evidence["s"]]) == quote.section
            compared += 1
    assert compared == 18


def test_offsets_count_as_javascript_does() -> None:
    text = "甲🏭乙𠮷丙"
    offsets = Offsets(text)
    encoded = text.encode("utf-16-le")
    for index in range(len(text) + 1):
        assert encoded[: 2 * offsets.utf16(index)].decode("utf-16-le") == text[:index]


def test_no_text_can_end_the_data_element() -> None:
    page_text = page(hostile())
    inside = page_text.split('id="data">')[1].split("</script>")[0]
    assert "<" not in inside
    assert json.loads(inside)["entities"]
    assert "<script>alert" not in page_text


@given(st.text())
def test_json_survives_any_text(text: str) -> None:
    written = to_json({"x": text})
    assert "<" not in written
    written.encode()
    assert json.loads(written) == {"x": text}


def test_lone_surrogates_are_escaped() -> None:
    assert to_json({"x": "\ud800"}) == '{"x":"\\ud800"}'


def test_the_policy_allows_this_script_and_this_style_only(html: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
    assert rules["default-src"] == "'none'"
    for name, pattern in (("script-src", r"<script>(.*?)</script>"), ("style-src", r"<style>(.*?)</style>")):
        bodies = re.findall(pattern, html, re.S)
        assert len(bodies) == 1
        digest = base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in rules[name]
    assert "unsafe-inline" not in policy[1]


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda b: b.folder.name)
def test_the_committed_bundle_is_built_from_the_committed_sources(bundle: Bundle) -> None:
    assert len(bundle.files) >= 2
    assert bundle.is_of_sources(), f"run `npm ci && npm run build` in {bundle.folder}"


def test_the_same_graph_gives_the_same_page(html: str, tmp_path: Path) -> None:
    write_page(sample(), tmp_path / "network.html")
    assert (tmp_path / "network.html").read_text(encoding="utf-8") == html


def test_without_the_engine_the_page_is_small() -> None:
    assert len(page(sample(), engine=False)) < 500_000 < len(page(sample()))


def test_an_empty_graph_has_a_page() -> None:
    assert data_of(page(KnowledgeGraph((), (), (), ())))["entities"] == []


@pytest.mark.parametrize(
    ("name", "initials", "whole"),
    [("米东区", "mdq", "midongqu"), ("X137线", "x137x", "x137xian"), ("“煤改电”工程", "mgdgc", "meigaidiangongcheng")],
)
def test_pinyin(name: str, initials: str, whole: str) -> None:
    assert pinyin(name) == (initials, whole)


@given(st.lists(st.floats(1, 500), min_size=1, max_size=60))
def test_packed_circles_do_not_overlap(radii: list[float]) -> None:
    circles = pack(radii)
    assert [c.r for c in circles] == radii
    for i, a in enumerate(circles):
        for b in circles[i + 1 :]:
            assert math.hypot(a.x - b.x, a.y - b.y) >= (a.r + b.r) * 0.999 - 1e-6


@given(st.lists(st.floats(1, 500), min_size=1, max_size=12))
def test_the_enclosing_circle_holds_all(radii: list[float]) -> None:
    circles = pack(radii)
    hull = enclosing(circles)
    assert all(math.hypot(c.x - hull.x, c.y - hull.y) + c.r <= hull.r + 1e-6 for c in circles)


def test_on_the_map_no_two_nodes_overlap_and_each_lies_on_its_disc() -> None:
    kg = synthetic(600, 900)
    layout = lay_out_map(kg)
    assert set(layout.places) == {e.id for e in kg.entities}
    places = list(layout.places.values())
    for i, a in enumerate(places):
        for b in places[i + 1 :]:
            assert math.hypot(a.x - b.x, a.y - b.y) > (a.size + b.size) * 0.8
    assert sum(island.count for island in layout.islands) == len(kg.entities)
    assert {d.type for island in layout.islands for d in island.discs} <= set(EntityType)


def test_islands_do_not_overlap() -> None:
    islands = lay_out_map(synthetic(600, 900)).islands
    assert len(islands) == 6
    for i, a in enumerate(islands):
        for b in islands[i + 1 :]:
            assert math.hypot(a.circle.x - b.circle.x, a.circle.y - b.circle.y) >= a.circle.r + b.circle.r


def test_statements_with_unknown_entities_are_refused() -> None:
    kg = sample()
    broken = KnowledgeGraph(kg.sources, kg.entities[:3], kg.claims, ())
    with pytest.raises(KeyError):
        page_data(broken)


def test_a_graph_too_large_for_one_file_gives_an_overview_that_says_so() -> None:
    kg = beyond_one_file()
    assert len(kg.entities) > LARGEST_PAGE
    html = page(kg)
    assert len(html) < 8_000_000
    data = data_of(html)
    assert data["total"] == {
        "entities": len(kg.entities),
        "claims": len(kg.claims),
        "observations": len(kg.observations),
        "documents": len(kg.sources),
    }
    assert "server" not in data
    assert 1000 < len(data["entities"]) <= 3000
    own = {source.meta.district for source in kg.sources}
    assert own <= {e["n"] for e in data["entities"]}
    assert not any("text" in document for document in data["documents"])
    quotes = {c.id: c.evidence for c in kg.claims}
    told = [c for c in data["claims"] if quotes[c["i"]]]
    assert len(told) > 100
    for c in told:
        first = quotes[c["i"]][0]
        assert [(q["x"], q["k"]) for q in c["e"]] == [(first.exact, [first.span.start, first.span.end])]
        assert c.get("m", 1) == len(quotes[c["i"]])


def test_a_graph_of_few_entities_and_too_many_statements_gives_an_overview() -> None:
    kg = sample()
    first = next(claim for claim in kg.claims if claim.evidence)
    repeated = [replace(first, id=f"claim-{number:05}") for number in range(MOST_STATEMENTS)]
    most = MOST_STATEMENTS - len(kg.observations)
    few, many = (json.loads(page_values(replace(kg, claims=tuple(repeated[:n])))) for n in (most, most + 1))
    assert "total" not in few
    assert many["total"]["claims"] == most + 1 > len(many["claims"]) > 100


def test_an_overview_prefers_own_districts_then_kinds_then_weight() -> None:
    kinds = list(EntityType)
    many = [(f"e{k}", kinds[k % len(kinds)], k) for k in range(20_000)]
    found = chosen([*many, ("own", EntityType.DISTRICT, 0), ("faint", EntityType.PROJECT, 0)], ["own"])
    assert "own" in found
    assert "faint" not in found
    by_kind = Counter(type for id, type, _ in many if id in found)
    assert sum(by_kind.values()) == 3000 - 1
    assert by_kind[EntityType.PARK] >= 600 > by_kind[EntityType.PROJECT] > 0
    part, whole = overview(sample())
    assert {e.id for e in part.entities} == {e.id for e in sample().entities}
    assert (whole.entities, whole.claims) == (27, 18)


def test_a_served_page_may_ask_its_own_server_and_no_one_else() -> None:
    html = served_page(page_data(*overview(sample())))
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].split(";"))
    assert (rules["default-src"], rules["connect-src"]) == ("'none'", "'self'")
    assert data_of(html)["server"] is True
    assert "connect-src" not in page(sample())


def test_where_many_districts_issued_documents_they_share_the_islands_of_their_prefectures() -> None:
    counties = [d for d in divisions().values() if len(d.code) == 6 and d.code.startswith("65")][:60]
    sources = tuple(
        Source(d.code, DocumentMeta(d.name, DocumentKind.PLAN, d.name, d.gb_code), "", "") for d in counties
    )
    entities = tuple(
        Entity(f"park-{d.code}", EntityType.PARK, f"{d.name}园区", occurrences=(Occurrence(d.code, Span(0, 1), ""),))
        for d in counties
    )
    islands = {island.district for island in lay_out_map(KnowledgeGraph(sources, entities, (), ())).islands}
    assert {"乌鲁木齐市", "吐鲁番市"} <= islands
    assert 5 < len(islands) <= 24
