"""Journeys through the explorer in a real browser."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import Opened
from tests.graph.sample import sample

Open = Callable[..., Opened]


def test_the_first_look_shows_counts_islands_and_documents(opened: Open) -> None:
    view = opened()
    assert view.drawn() == {"nodes": 27, "edges": 0}
    assert view.page.locator(".numbers b").all_inner_texts() == ["27", "18", "8", "2"]
    expect(view.page.locator("#pane")).to_contain_text("米东区 · 五年规划纲要")
    assert "米东区" in view.page.evaluate("plankg.names()")


def test_search_finds_by_name_alias_and_pinyin_and_focuses(opened: Open) -> None:
    view = opened()
    for words, name in (("华凌", "华凌牛业田园综合体项目"), ("化工工业园", "米东化工工业园"), ("sdbz", "三道坝镇")):
        view.search(words)
        expect(view.page.locator("#card-title")).to_have_text(name)
    view.page.locator("#search").fill("没有这个")
    expect(view.page.locator("#search-list")).to_contain_text("没有匹配的实体")


def test_a_node_opens_its_neighbourhood_and_each_fact_its_sentence(opened: Open) -> None:
    view = opened()
    view.search("华凌牛业田园综合体项目")
    assert view.drawn() == {"nodes": 4, "edges": 3}
    view.page.locator(".fact", has_text="三道坝镇").locator(".quotes").click()
    quote = view.page.locator(".evidence").first
    assert "总投资12亿元" in quote.locator("mark.said").all_inner_texts()[0] + quote.inner_text()
    expect(quote).to_contain_text("第二章 产业发展")
    expect(view.page.locator(".figures")).to_contain_text("12 亿元")


def test_filters_by_type_and_document_change_what_is_drawn(opened: Open) -> None:
    view = opened()
    view.page.get_by_label("园区").check()
    assert view.drawn()["nodes"] == 1
    view.page.get_by_label("产业").first.check()
    assert view.drawn()["nodes"] == 6
    view.page.locator("#reset").click()
    assert view.drawn()["nodes"] == 27
    view.page.locator("#f-document-urumqi-plan").check()
    expected = [e for e in sample().entities if "urumqi-plan" in e.documents]
    said = {e for c in sample().claims if c.source == "urumqi-plan" for e in (c.subject, c.object)}
    said |= {e for o in sample().observations if o.source == "urumqi-plan" for e in (o.subject, o.indicator)}
    assert view.drawn()["nodes"] == len({e.id for e in expected} | said)
    expect(view.page.locator("#totals b").first).to_have_text(str(view.drawn()["nodes"]))


def test_statuses_filter_claims_with_live_counts(opened: Open) -> None:
    view = opened()
    expect(view.page.locator("li", has=view.page.locator("#f-status-planned")).locator(".count")).to_have_text("2")
    view.page.locator("#f-status-planned").check()
    expect(view.page.locator("#totals b").nth(1)).to_have_text("2")
    assert view.drawn()["nodes"] == 4
    expect(view.page.locator("li", has=view.page.locator("#f-predicate-plans")).locator(".count")).to_have_text("2")


def test_all_relations_can_be_drawn(opened: Open) -> None:
    view = opened()
    expect(view.page.locator(".sigma-edges")).to_be_hidden()
    without = view.saved("#png")
    view.page.locator("#edges").click()
    assert view.drawn()["edges"] == 18
    expect(view.page.locator(".sigma-edges")).to_be_visible()
    assert len(view.saved("#png")) > len(without)


def test_hostile_names_stay_text(opened: Open) -> None:
    view = opened("hostile")
    assert view.drawn()["nodes"] == 12
    view.search("alert(1)")
    assert "alert(1)" in view.page.locator("#card-title").inner_text()
    assert view.page.locator("#pane img, #pane script, body > img").count() == 0
    view.page.locator(".quotes").first.click()
    expect(view.page.locator(".evidence")).to_contain_text("<b>第一章</b>")


def test_a_large_graph_opens_and_answers_in_time(opened: Open) -> None:
    view = opened("large")
    assert view.drawn()["nodes"] > 3000
    milliseconds = view.page.evaluate(
        "(() => { const t = performance.now(); plankg.search('产业园'); return performance.now() - t; })()"
    )
    assert milliseconds < 100
