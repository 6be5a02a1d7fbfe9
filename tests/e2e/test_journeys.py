"""Longer ways through the explorer: documents, paths, comparison, questions, sharing, keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from graph.questions import questions
from graph.store import GraphStore
from tests.e2e.conftest import Opened
from tests.graph.sample import sample

Open = Callable[..., Opened]
IDS = {entity.name: entity.id for entity in sample().entities}


def test_from_search_to_the_sentence_in_its_document(opened: Open) -> None:
    view = opened()
    view.search("华凌")
    view.page.locator(".fact", has_text="三道坝镇").locator(".quotes").click()
    view.page.locator(".evidence button", has_text="在原文中查看").first.click()
    said = view.page.locator("#middle mark.said")
    expect(said.first).to_be_visible()
    sentence = "建设华凌牛业田园综合体项目，总投资12亿元，项目位于三道坝镇，属于乡村旅游。"
    assert "".join(said.all_inner_texts()) == sentence
    expect(view.page.locator("#middle .mention.here")).to_have_text("华凌牛业田园综合体项目")


def test_a_mention_in_the_text_opens_its_card_and_its_neighbourhood(opened: Open) -> None:
    view = opened("sample", "#view=read&doc=urumqi-plan")
    view.page.locator("#middle .mention", has_text="轨道交通4号线").first.click()
    expect(view.page.locator("#card-title")).to_have_text("轨道交通4号线")
    expect(view.page.locator("#middle article")).to_be_visible()
    view.page.locator("#pane .actions button", has_text="图形").click()
    assert view.drawn() == {"nodes": 2, "edges": 1}


def test_every_sentence_of_the_document_stands_in_the_reader(opened: Open) -> None:
    view = opened("sample", "#view=read&doc=midong-plan")
    shown = view.page.locator("#middle article").inner_text().replace("\n", "").replace(" ", "")
    raw = next(s.raw for s in sample().sources if s.id == "midong-plan")
    assert shown == raw.replace("\n", "").replace(" ", "")


def test_paths_between_two_entities_with_the_sentence_of_each_step(opened: Open) -> None:
    ends = f"{IDS['华泰重化工']}~{IDS['生物医药产业']}"
    view = opened("sample", f"#view=path&ends={ends}")
    assert view.drawn() == {"nodes": 3, "edges": 3}
    steps = view.page.locator(".path").first.locator("li")
    assert steps.count() == 2
    expect(steps.nth(0)).to_contain_text("华泰重化工落户化工工业园。")
    expect(steps.nth(1)).to_contain_text("生物医药产业")


def test_paths_are_chosen_in_two_boxes(opened: Open) -> None:
    view = opened()
    view.page.get_by_role("button", name="路径", exact=True).click()
    view.page.locator("#path-from").fill("华泰")
    view.page.locator("#path-from-list [role=option]").first.click()
    view.page.locator("#path-to").fill("石油化工")
    view.page.locator("#path-to-list [role=option]").first.click()
    expect(view.page.locator(".path")).to_have_count(1)
    view.page.get_by_role("button", name="互换").click()
    expect(view.page.locator(".path li").first).to_contain_text("石油化工")


def test_comparison_shows_who_has_what_and_opens_a_cell(opened: Open) -> None:
    view = opened("sample", "#view=compare&aspect=Policy")
    rows = view.page.locator(".matrix tbody tr")
    assert sorted(rows.locator("th").all_inner_texts()) == ["乡村振兴战略", "国家服务贸易试点区", "旅游兴疆战略"]
    row = rows.filter(has_text="旅游兴疆战略")
    assert row.locator("td").all_inner_texts() == ["—", "1"]
    row.locator("td button").click()
    expect(view.page.locator("#pane .fact")).to_contain_text("推进中")
    expect(view.page.locator("#pane .evidence mark.said").first).to_contain_text("实施")


def test_indicators_stand_side_by_side_with_gaps(opened: Open) -> None:
    view = opened("sample", "#view=compare&aspect=Indicator")
    row = view.page.locator(".matrix tbody tr", has_text="地区生产总值")
    expect(row).to_contain_text("341.4 亿元")
    expect(row).to_contain_text("4500 亿元")
    expect(view.page.locator(".matrix tbody tr", has_text="城镇登记失业率").locator(".gap")).to_have_text("未提及")


def test_a_named_question_is_asked_with_another_value(opened: Open) -> None:
    view = opened("sample", "#view=ask&question=district-projects")
    expect(view.page.locator("#row-count")).to_contain_text("行")
    view.page.locator("#q-district").fill("乌鲁木齐市")
    view.page.locator(".run").click()
    expect(view.page.locator("#question-title")).to_contain_text("乌鲁木齐市")
    expect(view.page.locator("#row-count")).to_contain_text("行")


def test_sparql_answers_with_links_into_the_graph(opened: Open) -> None:
    view = opened("sample", "#view=ask&question=sparql")
    view.page.locator("#sparql").fill("SELECT ?p ?name { ?p a plan:Park ; rdfs:label ?name }")
    view.page.locator("#run-sparql").click()
    expect(view.page.locator("#row-count")).to_contain_text("1 行")
    view.page.locator(".answer .entity").first.click()
    expect(view.page.locator("#card-title")).to_have_text("米东化工工业园")


def test_a_wrong_query_is_told_not_thrown(opened: Open) -> None:
    view = opened("sample", "#view=ask&question=sparql")
    view.page.locator("#sparql").fill("SELECT WHERE {")
    view.page.locator("#run-sparql").click()
    expect(view.page.locator("#answers .error")).to_contain_text("查询出错")


def test_all_questions_answer_as_they_do_in_python(opened: Open) -> None:
    store = GraphStore.of(sample())
    view = opened("sample", "#view=ask")
    ours = view.page.evaluate("plankg.askAll()")
    compared = 0
    for name, question in questions().items():
        try:
            expected = len(question.ask(store).rows)
        except Exception:
            assert ours[name] == -1, name
            continue
        assert ours[name] == expected, name
        compared += 1
    assert compared > len(questions()) / 2


def test_a_view_can_be_shared_and_reloaded(opened: Open) -> None:
    view = opened()
    view.search("米东区")
    view.page.locator("#f-status-planned").check()
    before = view.drawn()
    address = view.page.evaluate("location.hash")
    again = opened("sample", address)
    assert again.drawn() == before
    expect(again.page.locator("#card-title")).to_have_text("米东区")
    assert again.page.locator("#f-status-planned").is_checked()


def test_back_and_forward_follow_the_steps(opened: Open) -> None:
    view = opened()
    view.search("米东区")
    view.search("石油化工")
    view.page.go_back()
    expect(view.page.locator("#card-title")).to_have_text("米东区")
    view.page.go_back()
    expect(view.page.locator(".numbers")).to_be_visible()
    view.page.go_forward()
    expect(view.page.locator("#card-title")).to_have_text("米东区")


def test_the_table_beside_the_picture_says_the_same(opened: Open) -> None:
    view = opened("sample", f"#view=focus&focus={IDS['米东化工工业园']}")
    edges = view.drawn()["edges"]
    view.page.locator("#as-table").click()
    assert view.page.locator("#table tbody tr").count() == edges
    expect(view.page.locator("#table")).to_contain_text("支持米东化工工业园发展生物医药产业。")


def test_by_keyboard_alone_from_search_to_quote(opened: Open) -> None:
    view = opened()
    view.page.keyboard.press("/")
    view.page.keyboard.type("sdb")
    view.page.keyboard.press("ArrowDown")
    view.page.keyboard.press("ArrowUp")
    view.page.keyboard.press("Enter")
    expect(view.page.locator("#card-title")).to_have_text("三道坝镇")
    for _ in range(80):
        view.page.keyboard.press("Tab")
        if view.page.evaluate("document.activeElement.classList.contains('quotes')"):
            break
    view.page.keyboard.press("Enter")
    expect(view.page.locator(".evidence").first).to_be_visible()


def test_english_and_dark(opened: Open) -> None:
    view = opened()
    view.page.locator("#language").click()
    expect(view.page.locator("#filters h2")).to_have_text("Filters")
    expect(view.page.locator("#views button").first).to_have_text("Map")
    view.page.locator("#theme").click()
    assert view.page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert view.page.evaluate("document.documentElement.lang") == "en"
    again = opened("sample", view.page.evaluate("location.hash"))
    expect(again.page.locator("#filters h2")).to_have_text("Filters")


def test_expanding_a_neighbour_adds_its_neighbours(opened: Open) -> None:
    view = opened("sample", f"#view=focus&focus={IDS['华泰重化工']}")
    before = view.drawn()["nodes"]
    again = opened("sample", f"#view=focus&focus={IDS['华泰重化工']}&open={IDS['米东化工工业园']}")
    assert again.drawn()["nodes"] > before


def test_hidden_entities_leave_the_picture_and_come_back(opened: Open) -> None:
    view = opened()
    view.search("石油化工")
    view.page.get_by_role("button", name="隐藏").click()
    assert view.drawn()["nodes"] == 26
    view.page.locator("#reset").click()
    assert view.drawn()["nodes"] == 27


def test_a_citation_can_be_copied(opened: Open) -> None:
    view = opened(permissions=["clipboard-read", "clipboard-write"])
    view.search("华凌")
    view.page.locator(".quotes").first.click()
    view.page.locator(".copy").first.click()
    expect(view.page.locator(".copy").first).to_have_text("已复制")


@pytest.mark.parametrize(
    "fragment", ["#focus=%3Cscript%3E&view=focus", "#type=Nothing&status=~~&at=9-1&view=read", "#%%%&view=nowhere"]
)
def test_broken_addresses_do_no_harm(opened: Open, fragment: str) -> None:
    view = opened("sample", fragment)
    expect(view.page.locator("h1")).to_have_text("规划知识图谱")


def test_on_a_phone_everything_fits_the_width(opened: Open) -> None:
    view = opened("gold", "", viewport={"width": 380, "height": 760})
    assert view.page.evaluate("document.documentElement.scrollWidth") <= 380
    view.search("米东区")
    assert view.page.evaluate("document.documentElement.scrollWidth") <= 380
    view.page.locator("#toggle-filters").click()
    expect(view.page.locator("#filters")).to_be_visible()
    view.page.locator("#f-type-Park").check()
    view.page.locator("#toggle-filters").click()
    expect(view.page.locator("#filters")).to_be_hidden()
