"""The query page: its bundle is that of its sources, and it works in a browser under its own policy."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect, sync_playwright

import output.server
from graph.questions import questions
from tests.bundles import BUNDLES
from tests.e2e.conftest import CHROMIUM, FLAGS, PATIENCE
from tests.output.server.conftest import Running

FOLDER = Path(output.server.__file__).parent


@pytest.mark.parametrize("name", BUNDLES[1].files)
def test_the_bundle_is_that_of_the_sources(name: str) -> None:
    assert BUNDLES[1].is_of_sources(), "run `npm ci && npm run build`"
    built = (FOLDER / "static" / name).read_text(encoding="ascii")
    assert len(built) < 1_000_000
    assert "http://" not in re.sub(r"http://www\.w3\.org/[\w/]+", "", built)


def test_a_policy_lets_in_only_the_pages_own_scripts(server: Running) -> None:
    first, second = server.ask("/query"), server.ask("/query")
    nonces = [re.search(r"'nonce-([^']+)'", a.headers["content-security-policy"]) for a in (first, second)]
    assert nonces[0]
    assert nonces[1]
    assert nonces[0][1] != nonces[1][1]
    assert f'nonce="{nonces[0][1]}"' in first.text
    policy = dict(part.split(" ", 1) for part in first.headers["content-security-policy"].split("; "))
    assert (policy["default-src"], policy["script-src"], policy["connect-src"]) == ("'none'", "'self'", "'self'")
    for name, type in (("query.js", "text/javascript"), ("query.css", "text/css"), ("pages.css", "text/css")):
        found = server.ask(f"/static/{name}")
        assert (found.status, found.type) == (200, type)


def test_the_page_learns_words_and_questions(server: Running) -> None:
    told = json.loads(server.ask("/query/known.json").body)
    assert [q["name"] for q in told["questions"]] == list(questions())
    terms = {t["name"]: t for t in told["terms"]}
    assert (terms["plan:Park"]["zh"], terms["plan:Park"]["kind"]) == ("园区", "class")
    assert terms["plan:develops"]["kind"] == "property"
    assert terms["plan:planned"]["kind"] == "value"
    path = f"/query/term.json?question=district-industries&name=district&value={quote('米东区')}"
    found = json.loads(server.ask(path).body)["term"]
    assert re.fullmatch(r"<https://w3id.org/plankg/id/district-[0-9a-f]+>", found)
    assert server.ask(path.replace(quote("米东区"), quote("无此区"))).status == 404
    assert server.ask(path.replace("district-industries", "nothing")).status == 404
    assert server.ask(path.replace("name=district", "name=other")).status == 404
    assert server.ask("/query/term.json?name=a").status == 400


def test_bindings_are_terms_and_never_text(server: Running) -> None:
    query = "SELECT ?name { ?p a plan:Park ; rdfs:label ?name }"
    park = server.query(query, "text/csv").text.split()[1]
    found = server.query(query, "text/csv", **{"$name": f'"{park}"@zh'})
    assert found.text.split() == ["name", park]
    assert server.query(query, "text/csv", **{"$name": '"none"@zh'}).text.split() == ["name"]
    for name, text in (
        ("$name", '"a"@zh . <x:a> <x:b> <x:c>'),
        ("$name", '"a" } DROP ALL'),
        ("$name", "米东"),
        ("$na me", '"a"'),
    ):
        assert server.query(query, **{name: text}).status == 400


@pytest.fixture(scope="module")
def page(server: Running) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        found = browser.new_page()
        found.set_default_timeout(PATIENCE)
        yield found
        browser.close()


def test_the_page_works_in_a_browser(server: Running, page: Page) -> None:
    messages: list[str] = []
    page.on("console", lambda m: messages.append(m.text))
    page.on("pageerror", lambda e: messages.append(str(e)))
    foreign: list[str] = []
    page.on("request", lambda r: foreign.append(r.url) if not r.url.startswith(server.url) else None)
    page.goto(f"{server.url}query")
    page.wait_for_function("document.documentElement.dataset.ready === '1'")
    page.select_option("#question", "district-policies")
    page.locator("#p-district").fill("米东区")
    page.click("#run")
    expect(page.locator("#answer tbody tr").first).to_be_visible()
    head = page.locator("#answer thead").inner_text()
    assert "policy" in head
    assert "district" not in head

    editor = page.locator(".cm-content")
    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("SELECT ?x { ?x a plan:Pa")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("plan:Park")
    page.keyboard.press("Escape")
    page.keyboard.type("rk ")  # the closing bracket stands there already
    page.keyboard.press("ControlOrMeta+Enter")
    link = page.locator("#answer tbody a").first
    expect(link).to_be_visible()
    assert (link.get_attribute("href") or "").startswith("/page/park-")

    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("SELECT ?x { ?x nope:y 1")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator("#answer .error")).to_contain_text("nope:")
    expect(page.locator(".cm-lintRange-error")).to_have_count(1)
    assert foreign == []
    assert [m for m in messages if "400" not in m] == [], messages  # the browser notes the refused query itself
