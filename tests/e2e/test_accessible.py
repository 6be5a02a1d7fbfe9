"""axe-core finds nothing to complain about in any of the main states."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import Opened
from tests.graph.sample import sample

IDS = {entity.name: entity.id for entity in sample().entities}
STATES = {
    "map": "",
    "focus": f"#view=focus&focus={IDS['米东区']}",
    "table": "#table=1",
    "read": "#view=read&doc=midong-plan",
    "path": f"#view=path&ends={IDS['华泰重化工']}~{IDS['石油化工']}",
    "compare": "#view=compare",
    "indicators": "#view=compare&aspect=Indicator",
    "ask": "#view=ask&question=district-industries",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", list(STATES))
def test_no_violation(opened: Callable[..., Opened], state: str, theme: str) -> None:
    fragment = STATES[state] or "#"
    view = opened("sample", f"{fragment}&theme={theme}")
    if state == "focus":
        view.page.locator(".quotes").first.click()
    if state == "ask":
        view.page.locator("#row-count").wait_for()
    found = Axe().run(view.page)
    problems = [(v["id"], [node["html"][:160] for node in v["nodes"][:3]]) for v in found.response["violations"]]
    assert problems == []
