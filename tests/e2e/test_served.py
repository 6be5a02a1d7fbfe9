"""A graph too large for one file, looked at through a real `plankg serve`."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pyoxigraph import RdfFormat, parse

from graph.model import Claim, KnowledgeGraph
from output.page import write_page
from output.page.overview import LARGEST_PAGE, overview
from output.turtle import write_turtle
from tests.e2e.conftest import PATIENCE, Opened
from tests.output.graphs import beyond_one_file
from tests.output.server.conftest import Running, start, stop

Look = Callable[..., Opened]
JOINED = 2500


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    found = beyond_one_file(joined=JOINED)
    assert len(found.entities) > LARGEST_PAGE
    return found


@pytest.fixture(scope="module")
def folder(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    write_turtle(kg, folder / "graph.ttl")
    write_page(kg, folder / "network.html")
    (folder / "text").mkdir()
    for source in kg.sources:
        (folder / "text" / source.file).write_text(source.raw, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def running(folder: Path) -> Iterator[Running]:
    running = start(folder)
    yield running
    assert stop(running)[0] == 0


@pytest.fixture
def look(browser: Browser, running: Running) -> Iterator[Look]:
    """Open the served page; it may ask its own server only, and must not complain."""
    made: list[Opened] = []

    def open_page(fragment: str = "") -> Opened:
        context = browser.new_context(viewport={"width": 1360, "height": 860}, reduced_motion="reduce")
        context.set_default_timeout(PATIENCE)
        made.append(Opened(context.new_page(), running.url))
        return made[-1].go(fragment)

    yield open_page
    for view in made:
        view.page.context.close()
        assert [url for url in view.requests if not url.startswith((running.url, "data:"))] == []
        assert view.messages == []


@pytest.fixture(scope="module")
def faint(kg: KnowledgeGraph) -> Claim:
    """A claim with evidence about an entity that the overview does not show."""
    shown = {entity.id for entity in overview(kg)[0].entities}
    return next(c for c in kg.claims if c.evidence and c.object not in shown)


def test_the_first_look_is_an_overview_that_says_so(look: Look, kg: KnowledgeGraph) -> None:
    view = look()
    assert 1000 < view.drawn()["nodes"] <= 3000
    expect(view.page.locator("#notice")).to_contain_text("概览")
    assert view.page.locator(".numbers b").all_inner_texts() == [
        str(len(part)) for part in (kg.entities, kg.claims, kg.observations, kg.sources)
    ]
    assert {source.meta.district for source in kg.sources} <= set(
        view.page.evaluate("plankg.scene.atlas.data.entities.map((e) => e.n)")
    )
    assert len([url for url in view.requests if "/explorer/" in url or "/api/" in url]) == 0


def test_from_a_search_to_the_sentence_of_what_the_overview_leaves_out(
    look: Look, kg: KnowledgeGraph, faint: Claim
) -> None:
    view = look()
    view.search(kg.by_id[faint.object].name)
    view.settled()
    expect(view.page.locator("#card-title")).to_have_text(kg.by_id[faint.object].name)
    assert view.drawn() == {"nodes": 2, "edges": 1}
    view.page.locator(".fact .quotes").first.click()
    quote = view.page.locator(".evidence").first
    expect(quote.locator("mark.said").first).to_be_visible()
    assert faint.evidence[0].exact in quote.locator(".quote").inner_text()
    quote.locator("button", has_text="在原文中查看").click()
    view.settled()
    said = view.page.locator("#middle mark.said")
    expect(said.first).to_be_visible()
    assert "".join(said.all_inner_texts()) == faint.evidence[0].exact
    assert view.page.locator("#middle .mention").count() > 50


def test_a_district_with_very_many_neighbours_tells_some_and_counts_all(look: Look, kg: KnowledgeGraph) -> None:
    hub = next(e for e in kg.entities if e.name == "青河县")
    view = look(f"#view=focus&focus={hub.id}&predicate=partOf")
    others = {c.subject for c in kg.claims if c.object == hub.id and c.predicate == "partOf"}
    group = view.page.locator(".group", has_text="← 隶属")
    expect(group.locator("summary .count")).to_have_text(str(len(others)))
    assert len(others) >= JOINED
    assert view.drawn()["nodes"] < 40
    group.locator(".more").click()
    view.settled()
    assert view.drawn()["nodes"] >= 400
    assert 400 <= group.locator(".fact").count() < len(others)
    expect(group.locator(".empty")).to_contain_text("还有")


def test_paths_comparison_questions_and_the_selection_are_answered_by_the_server(
    look: Look, kg: KnowledgeGraph, faint: Claim
) -> None:
    view = look(f"#view=path&ends={faint.subject}~{faint.object}")
    expect(view.page.locator(".path li")).to_have_count(1)
    expect(view.page.locator(".path .quote").first).to_contain_text(kg.by_id[faint.object].name)
    triples = {quad.triple for quad in parse(input=view.saved("#ttl"), format=RdfFormat.TURTLE)}
    labels = {t.object.value for t in triples if t.predicate.value.endswith("rdf-schema#label")}
    assert {kg.by_id[faint.subject].name, kg.by_id[faint.object].name} <= labels
    assert faint.evidence[0].exact in {t.object.value for t in triples if t.predicate.value.endswith("oa#exact")}

    view.page.locator("[data-mode=compare]").click()
    view.settled()
    expect(view.page.locator(".matrix thead .entity")).to_have_count(5)
    own = next(e for e in kg.entities if e.name == "青河县")
    grown = {c.object for c in kg.claims if c.subject == own.id and kg.by_id[c.object].type == "Industry"}
    names = set(view.page.locator(".matrix tbody th").all_inner_texts())
    assert {kg.by_id[id].name for id in grown} <= names

    view.page.locator("[data-mode=ask]").click()
    view.page.locator(".questions button").first.wait_for()
    view.page.locator(".sparql summary").click()
    view.page.locator("#sparql").fill("SELECT (COUNT(*) AS ?n) { ?d a plan:District }")
    view.page.locator("#run-sparql").click()
    expect(view.page.locator("#row-count")).to_contain_text("1 行")
    count = sum(e.type == "District" for e in kg.entities)
    expect(view.page.locator(".answer tbody td")).to_have_text(str(count))
    view.page.evaluate("location.hash = '#view=ask&question=district-industries'")
    view.page.locator("#q-district").fill("青河县")
    view.page.locator(".run").click()
    expect(view.page.locator("#row-count")).to_contain_text("行")


def test_counts_and_paths_say_what_they_leave_out(look: Look, kg: KnowledgeGraph, faint: Claim) -> None:
    view = look(f"#view=path&ends={faint.subject}~{faint.object}")
    expect(view.page.locator("#totals")).to_contain_text("已载入部分")
    assert int(view.page.locator("#totals b").first.inner_text()) < len(kg.entities)
    note = view.page.locator(".empty", has_text="不考虑筛选和隐藏")
    expect(note).to_have_count(0)
    view.page.locator("#filters input[type=checkbox]").first.click()
    view.settled()
    expect(note).to_be_visible()
    expect(view.page.locator(".path li")).to_have_count(1)
    ends = {end for claim in kg.claims for end in (claim.subject, claim.object)}
    alone = next(e for e in kg.entities if e.id not in ends)
    view.go(f"#view=path&ends={faint.subject}~{alone.id}")
    expect(view.page.locator("[role=status]", has_text="六步以内没有找到路径")).to_be_visible()


def test_a_server_that_is_gone_is_told_not_thrown(look: Look, kg: KnowledgeGraph) -> None:
    view = look()
    view.page.context.set_offline(True)
    view.page.evaluate(f"location.hash = '#view=focus&focus={kg.entities[-1].id}'")
    view.page.locator("#live", has_text="服务器没有回答").wait_for(state="attached")
    view.messages.clear()  # the browser itself notes the failed request


def test_the_file_of_such_a_graph_says_what_it_leaves_out(browser: Browser, folder: Path) -> None:
    context = browser.new_context(offline=True, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    view = Opened(context.new_page(), (folder / "network.html").as_uri()).go()
    assert 1000 < view.drawn()["nodes"] <= 3000
    expect(view.page.locator("#notice code")).to_have_text("plankg serve")
    view.search("青河县")
    view.page.locator(".quotes").first.click()
    expect(view.page.locator(".evidence .quote").first).not_to_be_empty()
    assert (view.requests, view.messages) == ([], [])
    context.close()
