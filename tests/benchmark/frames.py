"""`python -m tests.benchmark.frames`: how the explorer draws, in headless Chromium with software GL.

Panning a graph of 20,000 entities and 50,000 relations in our page and in pyvis' page of the same
graph, in one run: milliseconds from one frame to the next, while every frame moves the picture. And
on a built graph (`--graph plankg-out`) the first drawing of the page and the answers of its search box.
"""

import argparse
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from extract.document import DocumentKind, DocumentMeta
from extract.span import Span
from graph.model import Claim, Entity, KnowledgeGraph, Occurrence, Quote, Source
from ontology.schema import EntityType, Predicate
from output.page import write_page
from output.page.pyvis_view import write_pyvis
from tests.e2e.conftest import CHROMIUM, FLAGS

_PATIENCE = 900_000  # milliseconds: software GL under load is slow, not hung
_WORDS = ("米东", "mdq", "产业", "园区", "华凌", "yn", "旅游", "gyyq", "水库", "wlmqs", "没有这个", "率")
_SEEN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"
# The move stands in the text: a page's policy lets nothing be evaluated in it.
_PAN = """async ([frames, longest]) => {
  const step = (k) => { MOVE };
  const times = [];
  const next = () => new Promise((done) => requestAnimationFrame(done));
  let before = await next();
  const start = before;
  for (let k = 0; k < frames + 1 && before - start < longest; k++) {
    step(k);
    const now = await next();
    times.push(now - before);
    before = now;
  }
  return times.slice(1);
}"""
# Each moves the picture by a thirtieth of its width, to and fro.
_OURS = "const c = plankg.scene.sigma.getCamera(); c.setState({ x: c.x + (k % 20 < 10 ? 1 : -1) * c.ratio / 30 });"
_VIS = """const w = network.canvas.frame.canvas.clientWidth, p = network.getViewPosition(), s = network.getScale();
network.moveTo({ position: { x: p.x + (k % 20 < 10 ? 1 : -1) * w / s / 30, y: p.y }, animation: false });"""


@dataclass(frozen=True)
class Panned:
    """Milliseconds between frames while the picture moves."""

    name: str
    ready: float
    frames: Sequence[float]

    def __str__(self) -> str:
        if not self.frames:
            return f"| {self.name:44} | {self.ready / 1000:6.1f} | no second frame in the time given | | | 0 |"
        middle = statistics.median(self.frames)
        worst = sorted(self.frames)[int(len(self.frames) * 0.95)]
        told = f"{middle:7.0f} | {worst:7.0f} | {1000 / statistics.mean(self.frames):6.2f}"
        return f"| {self.name:44} | {self.ready / 1000:6.1f} | {told} | {len(self.frames):4} |"


def large(nodes: int, edges: int, seed: int = 7) -> KnowledgeGraph:
    """Return a graph of exactly so many entities and claims, with hubs as real ones have; all quote one sentence."""
    chance = random.Random(seed)
    text = "本地区发展产业。"
    names = ("青河县", "白杨市", "双湖区", "石桥县", "云岭市")
    sources = tuple(Source(f"plan-{n}", DocumentMeta(n, DocumentKind.PLAN, n), "", text) for n in names)
    kinds = chance.choices(list(EntityType), [4, 7, 15, 12, 28, 22, 2, 3, 7], k=nodes)
    entities = []
    for number, kind in enumerate(kinds):
        seen = (Occurrence(chance.choice(sources).id, Span(0, 3), ""),)
        entities.append(Entity(f"{kind.lower()}-{number:06}", kind, f"第{number}号{kind}", occurrences=seen))
    quote = {s.id: (Quote(s.id, Span(0, 8), text, (), "facts/verb:发展"),) for s in sources}
    claims = []
    for number in range(edges):
        hub = min(int(chance.paretovariate(0.5)) - 1, nodes - 1)
        one, other = entities[hub], entities[chance.randrange(nodes)]
        doc = one.occurrences[0].doc
        claims.append(Claim(f"claim-{number:06}", one.id, Predicate.DEVELOPS, other.id, doc, quote[doc]))
    return KnowledgeGraph(sources, tuple(sorted(entities, key=lambda e: e.id)), tuple(claims), ())


def pan(page: Page, move: str, frames: int, seconds: float) -> list[float]:
    """Return the milliseconds between frames while `move` (JavaScript) is done before each."""
    found: list[float] = page.evaluate(_PAN.replace("MOVE", move), [frames, seconds * 1000])
    return found


def ours(browser: Browser, file: Path, frames: int, seconds: float) -> list[Panned]:
    """Measure our page as it opens, and with all relations drawn."""
    page = _open(browser)
    page.goto(file.as_uri())
    page.locator("html[data-ready='1']").wait_for()
    ready: float = page.evaluate(_SEEN)
    found = [Panned("network.html, as it opens", ready, pan(page, _OURS, frames, seconds))]
    page.locator("#edges").click()
    page.evaluate(_SEEN)
    assert page.evaluate("plankg.drawn().edges") > 0
    found.append(Panned("network.html, all relations drawn", ready, pan(page, _OURS, frames, seconds)))
    page.context.close()
    return found


def vis(browser: Browser, file: Path, frames: int, seconds: float) -> Panned:
    """Measure pyvis' page, which always draws all relations."""
    page = _open(browser)
    page.goto(file.as_uri())
    ready: float = page.evaluate(
        f"new Promise((d) => {{ network.once('afterDrawing', d); network.redraw(); }}).then(() => {_SEEN})"
    )
    found = Panned("pyvis (vis-network), all relations drawn", ready, pan(page, _VIS, frames, seconds))
    page.context.close()
    return found


def first_drawing(browser: Browser, file: Path, times: int) -> list[float]:
    """Return milliseconds from the beginning of loading the page until its map is on the screen."""
    found = []
    for _ in range(times):
        page = _open(browser)
        page.add_init_script(
            "new MutationObserver((_, o) => { if (document.documentElement.dataset.ready) { o.disconnect();"
            f"window.seen = {_SEEN}; }} }}).observe(document, {{ subtree: true, attributes: true }});"
        )
        page.goto(file.as_uri())
        found.append(float(page.evaluate("window.seen")))
        page.context.close()
    return found


def marks(browser: Browser, file: Path) -> dict[str, float]:
    """Return when the page's own marks were passed, in milliseconds from the beginning of loading."""
    page = _open(browser)
    page.goto(file.as_uri())
    page.locator("html[data-ready='1']").wait_for()
    found: dict[str, float] = page.evaluate(
        "Object.fromEntries([...performance.getEntriesByType('mark'), ...performance.getEntriesByType('paint')]"
        ".map((m) => [m.name, m.startTime]))"
    )
    page.context.close()
    return found


def searches(browser: Browser, file: Path) -> list[float]:
    """Return milliseconds from a change in the search box until its answers are on the screen."""
    page = _open(browser)
    page.goto(file.as_uri())
    page.locator("html[data-ready='1']").wait_for()
    page.locator("#search").focus()
    found: list[float] = page.evaluate(
        """async (words) => {
          const box = document.getElementById("search"), times = [];
          for (const word of words) {
            await new Promise((done) => setTimeout(done, 100));
            const start = performance.now();
            box.value = word;
            box.dispatchEvent(new Event("input"));
            document.getElementById("search-list").getBoundingClientRect();
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
            times.push(performance.now() - start);
          }
          return times;
        }""",
        list(_WORDS),
    )
    page.context.close()
    return found


def _open(browser: Browser) -> Page:
    context = browser.new_context(viewport={"width": 1360, "height": 860}, offline=True)
    context.set_default_timeout(_PATIENCE)
    return context.new_page()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.frames", description=__doc__)
    parser.add_argument("--nodes", type=int, default=20_000)
    parser.add_argument("--edges", type=int, default=50_000)
    parser.add_argument("--frames", type=int, default=40, help="frames measured on each page at most")
    parser.add_argument("--seconds", type=float, default=60, help="time for them at most")
    parser.add_argument("--graph", type=Path, help="folder of a built graph: first drawing and search of its page")
    parser.add_argument("--no-panning", action="store_true", help="only what --graph asks for")
    given = parser.parse_args(arguments)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        if given.graph:
            _opening(browser, (given.graph / "network.html").resolve())
        if not given.no_panning:
            _panning(browser, Path(folder), given)
        browser.close()
    return 0


def _opening(browser: Browser, file: Path) -> None:
    drawn, found = first_drawing(browser, file, 5), searches(browser, file)
    told = ", ".join(f"{name} {at:.0f}" for name, at in sorted(marks(browser, file).items(), key=lambda m: m[1]))
    print(f"first drawing of {file.name} ({file.stat().st_size / 1e6:.1f} MB):", *(f"{ms:.0f}" for ms in drawn), "ms")
    print(f"  median {statistics.median(drawn):.0f} ms; in one loading: {told}")
    print(f"search answer on the screen: median {statistics.median(found):.0f} ms, longest {max(found):.0f} ms")


def _panning(browser: Browser, folder: Path, given: argparse.Namespace) -> None:
    kg = large(given.nodes, given.edges)
    write_page(kg, folder / "network.html", engine=False)
    write_pyvis(kg, folder / "pyvis.html")
    sizes = " and ".join(f"{(folder / n).stat().st_size / 1e6:.1f} MB" for n in ("network.html", "pyvis.html"))
    print(f"panning {len(kg.entities)} entities, {len(kg.claims)} relations ({sizes})")
    print(f"| {'page':44} | ready s | ms/frame | 95th % | frames/s | n |\n|---|---|---|---|---|---|")
    for row in ours(browser, folder / "network.html", given.frames, given.seconds):
        print(row, flush=True)
    print(vis(browser, folder / "pyvis.html", given.frames, given.seconds), flush=True)


if __name__ == "__main__":
    sys.exit(main())
