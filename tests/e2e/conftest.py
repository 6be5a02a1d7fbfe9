"""A real Chromium with the network switched off, and pages that must stay silent in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from graph.model import KnowledgeGraph
from output.page import write_page
from tests.graph.goldextract import gold_extractions
from tests.graph.sample import hostile, sample
from tests.output.graphs import synthetic

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A loaded machine is slow, not hung.
    "--disable-gpu-watchdog",
    "--disable-dev-shm-usage",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]
CHROMIUM = "/usr/bin/chromium"
# Machines under load draw slowly; what is tested here is what is drawn, not how fast.
PATIENCE = 180_000
expect.set_options(timeout=PATIENCE)


class Opened:
    """A page of a graph in the browser, with what it asked for and what it complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.requests: list[str] = []
        self.messages: list[str] = []
        page.on("request", lambda r: self.requests.append(r.url) if not r.url.startswith(("file:", "blob:")) else None)
        page.on("console", lambda m: self.messages.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: self.messages.append(f"error: {e}"))

    def go(self, fragment: str = "") -> "Opened":
        """Load the page afresh at a view."""
        self.page.goto("about:blank")
        self.page.goto(self.address + fragment)
        self.page.locator("html[data-ready='1']").wait_for()
        return self.settled()

    def settled(self) -> "Opened":
        """Wait until nothing more is asked of a server."""
        self.page.locator("html:not([data-asking='1'])").wait_for()
        return self

    def saved(self, button: str) -> bytes:
        """Press a button and return the file that it gives."""
        with self.page.expect_download() as download:
            self.page.locator(button).click()
        return Path(download.value.path()).read_bytes()

    def drawn(self) -> dict[str, int]:
        """Return the numbers of nodes and edges on the picture."""
        counts: dict[str, int] = self.page.evaluate("plankg.drawn()")
        return counts

    def search(self, words: str) -> None:
        """Type into the search box and take the first answer."""
        self.page.locator("#search").fill(words)
        self.page.locator("#search-list-0").wait_for()
        self.page.keyboard.press("Enter")
        self.page.locator("#card-title").wait_for()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Write each named graph's page once."""
    from graph.resolve import build_graph

    makers: dict[str, Callable[[], KnowledgeGraph]] = {
        "sample": sample,
        "hostile": hostile,
        "gold": lambda: build_graph(gold_extractions()),
        "large": lambda: synthetic(4000, 8000),
    }
    folder = tmp_path_factory.mktemp("pages")

    def write(name: str) -> Path:
        file = folder / f"{name}.html"
        if not file.exists():
            write_page(makers[name](), file)
        return file

    return write


@pytest.fixture
def opened(browser: Browser, page_file: Callable[[str], Path]) -> Iterator[Callable[..., Opened]]:
    """Open graph pages; afterwards, none may have sent a request or written to the console."""
    contexts = []
    pages: list[Opened] = []

    def open_page(name: str = "sample", fragment: str = "", **options: object) -> Opened:
        settings = {"viewport": {"width": 1360, "height": 860}, "reduced_motion": "reduce", "offline": True, **options}
        context = browser.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = Opened(context.new_page(), page_file(name).as_uri())
        pages.append(page)
        return page.go(fragment)

    yield open_page
    for context in contexts:
        context.close()
    assert pages, "the test opened no page"
    assert [request for page in pages for request in page.requests if not request.startswith("data:")] == []
    assert [message for page in pages for message in page.messages] == []
