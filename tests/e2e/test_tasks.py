"""The ten tasks of docs/explorer.md, each with the very actions that stand there."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.cli import ROOT
from tests.e2e.conftest import Opened

Open = Callable[..., Opened]


def table() -> dict[str, str]:
    """Return the actions of each task, as the documentation lists them."""
    text = (ROOT / Path("docs/explorer.md")).read_text(encoding="utf-8")
    section = text.split("## Ten tasks")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", section, re.M)
    return dict(rows[2:] if rows[1][0].startswith("-") else rows[1:])


def typed(view: Opened, words: str) -> None:
    """Type into the search box and press Enter, as a person does."""
    view.page.locator("#search").click()
    view.page.keyboard.type(words)
    view.page.locator("#search-list-0").wait_for()
    view.page.keyboard.press("Enter")
    view.page.locator("#card-title").wait_for()


def costs(view: Opened) -> None:
    typed(view, "华凌")
    view.page.locator(".figures-section", has_text="数值").locator(".figure-value").click()
    expect(view.page.locator(".figures-section mark.said").first).to_be_visible()
    assert "总投资12亿元" in view.page.locator(".figures-section .quote").inner_text()


def develops(view: Opened) -> None:
    typed(view, "mdq")
    expect(view.page.locator("#card-title")).to_have_text("米东区")
    expect(view.page.locator(".group", has_text="发展 →")).to_contain_text("畜牧产业")


def planned(view: Opened) -> None:
    view.page.locator("[data-facet=status]").get_by_label("拟建").check()
    view.page.locator("[data-facet=district]").get_by_label("伊宁市").check()
    assert view.drawn()["nodes"] == 8
    assert {"苏拉宫工业园区", "新天煤化工园区"} <= set(view.page.evaluate("plankg.names()"))


def shared(view: Opened) -> None:
    view.page.get_by_role("button", name="对比", exact=True).click()
    first = view.page.locator(".matrix tbody tr").first
    expect(first.locator("th")).to_have_text("旅游业")
    assert first.locator("td.heat").count() == 4


def targets(view: Opened) -> None:
    view.page.get_by_role("button", name="对比", exact=True).click()
    view.page.get_by_role("button", name="指标", exact=True).click()
    expect(view.page.locator(".matrix tbody tr", has_text="社会消费品零售总额")).to_contain_text("6035.1 亿元")


def connected(view: Opened) -> None:
    typed(view, "米东化工工业园")
    view.page.get_by_role("button", name="查找路径").click()
    view.page.locator("#path-to").click()
    view.page.keyboard.type("生物医药")
    view.page.locator("#path-to-list-0").wait_for()
    view.page.keyboard.press("Enter")
    view.page.locator(".path").first.wait_for()
    expect(view.page.locator(".path").first.locator("li").last).to_contain_text("生物医药产业")
    assert view.page.locator(".path .quote").count() > 0


def mentioned(view: Opened) -> None:
    typed(view, "米东化工工业园")
    view.page.locator("dt", has_text="出处").locator("xpath=following-sibling::dd[1]").locator("button").first.click()
    expect(view.page.locator("#middle mark.said").first).to_have_text(re.compile("化工工业园"))


def cited(view: Opened) -> None:
    typed(view, "华凌")
    view.page.locator(".fact .quotes").first.click()
    view.page.get_by_role("button", name="复制引文").first.click()
    expect(view.page.get_by_role("button", name="已复制")).to_be_visible()
    assert re.search(r"“.+” ——《.+》", view.page.evaluate("navigator.clipboard.readText()"))


def sent(view: Opened) -> None:
    typed(view, "华凌")
    address = view.page.url
    view.page.goto("about:blank")
    view.page.goto(address)
    expect(view.page.locator("#card-title")).to_have_text("华凌牛业田园综合体项目")


def listed(view: Opened) -> None:
    view.page.get_by_role("button", name="提问", exact=True).click()
    view.page.get_by_role("button", name="米东区建设或拥有哪些园区").click()
    view.page.locator("#row-count").wait_for()
    rows = list(csv.reader(io.StringIO(view.saved("#answers button:has-text('下载 CSV')").decode("utf-8-sig"))))
    assert rows[0][:5] == ["park", "relation", "stage", "document", "quote"]
    assert "羊毛工镇城镇双创园区" in {row[0] for row in rows[1:]}
    assert all(row[4] for row in rows[1:])


DONE: dict[str, tuple[str, Callable[[Opened], None]]] = {
    "Which sentence says what the 华凌牛业田园综合体项目 costs?": ("sample", costs),
    "Which industries does 米东区 develop?": ("gold", develops),
    "What is only planned, not begun, in 伊宁市?": ("gold", planned),
    "Which industries do the districts share?": ("gold", shared),
    "How do the targets of the districts differ?": ("gold", targets),
    "Why are a park and an industry connected?": ("sample", connected),
    "Where does the text mention a park?": ("sample", mentioned),
    "Cite a statement in a report": ("sample", cited),
    "Send a colleague this very view": ("sample", sent),
    "The parks of a district with their sentences, for a spreadsheet": ("gold", listed),
}


def test_the_documentation_lists_these_tasks() -> None:
    assert list(table()) == list(DONE)
    assert len(DONE) == 10


@pytest.mark.parametrize("task", list(DONE))
def test_a_task_is_done_with_the_actions_of_the_documentation(opened: Open, task: str) -> None:
    name, do = DONE[task]
    do(opened(name, permissions=["clipboard-read", "clipboard-write"]))
