"""What leaves the page, what is under the pointer, what is remembered."""

import csv
import io
import re
import struct
from collections.abc import Callable
from typing import Any

from lxml import etree
from PIL import Image
from playwright.sync_api import expect
from pyoxigraph import DefaultGraph, Quad, QuerySolutions, RdfFormat, Store, parse

from graph.model import KnowledgeGraph
from graph.rdf import prefixes, triples
from tests.e2e.conftest import Opened
from tests.graph.sample import hostile, sample

Open = Callable[..., Opened]
IDS = {entity.name: entity.id for entity in sample().entities}
BASE = sample().base
SVG = "{http://www.w3.org/2000/svg}"
FOCUS = f"#view=focus&focus={IDS['华凌牛业田园综合体项目']}"


def place(view: Opened, of: str) -> tuple[float, float]:
    """Return where on the screen something of the picture is, whose place in the picture the JavaScript `of` gives."""
    box = view.page.locator("#canvas").bounding_box()
    assert box
    at: dict[str, float] = view.page.evaluate(f"(() => {{ const {{ scene }} = plankg; return {of}; }})()")
    return box["x"] + at["x"], box["y"] + at["y"]


def click_until(view: Opened, of: str, address: re.Pattern[str]) -> None:
    """Click on something of the picture; again where the picture was still moving when the click came."""
    for _ in range(8):
        view.page.mouse.click(*place(view, of))
        try:
            expect(view.page).to_have_url(address, timeout=8_000)
        except AssertionError:
            continue
        return
    expect(view.page).to_have_url(address, timeout=1_000)


def node(number: int) -> str:
    return f"scene.sigma.framedGraphToViewport(scene.sigma.getNodeDisplayData('{number}'))"


def number_of(name: str) -> int:
    return [entity.name for entity in sample().entities].index(name)


def test_the_tooltip_tells_type_aliases_and_a_sentence(opened: Open) -> None:
    view = opened("sample", FOCUS)
    view.page.mouse.move(*place(view, node(number_of("三道坝镇"))))
    tip = view.page.locator("#tip")
    expect(tip.locator("strong")).to_have_text("三道坝镇")
    expect(tip.locator(".kind")).to_have_text("政区")
    expect(tip.locator("q")).to_contain_text("项目位于三道坝镇")
    view.page.mouse.move(*place(view, node(number_of("乡村旅游"))))
    expect(tip.locator("strong")).to_have_text("乡村旅游")
    view.page.mouse.move(700, 845)
    expect(tip).to_be_hidden()


def test_a_click_on_a_line_opens_its_sentence(opened: Open) -> None:
    view = opened("sample", FOCUS)
    claims = [c for c in sample().claims if IDS["华凌牛业田园综合体项目"] in (c.subject, c.object)]
    for claim in claims:
        number = sample().claims.index(claim)
        middle = f"""(() => {{
            const [a, b, c, d] = scene.lines.curves.find((l) => l.claim === {number}).curve;
            const half = (k) => (a[k] + 3 * b[k] + 3 * c[k] + d[k]) / 8;
            return {{ x: half("x"), y: half("y") }};
        }})()"""
        click_until(view, middle, re.compile(f"claim={claim.id}"))
        shown = view.page.locator(".evidence-list:not([hidden]) .quote")
        expect(shown.last).to_be_visible()
        said = "".join(view.page.locator(".evidence-list:not([hidden])").all_inner_texts())
        assert claim.evidence[0].exact in said
    assert len(claims) == 3


def test_a_click_on_a_node_follows_and_one_on_the_ground_does_nothing(opened: Open) -> None:
    view = opened("sample", f"#view=focus&focus={IDS['华泰重化工']}")
    before = view.drawn()["nodes"]
    view.page.mouse.click(*place(view, node(number_of("米东化工工业园"))))
    assert view.drawn()["nodes"] > before
    address = view.page.url
    view.page.mouse.click(560, 840)
    assert view.page.url == address


def test_answers_are_saved_as_a_table_that_no_spreadsheet_executes(opened: Open) -> None:
    view = opened("sample", "#view=ask&question=sparql")
    query = 'SELECT ?name ?n { VALUES (?name ?n) { ("=1+1" 5) ("甲\\"乙" -2) } }'
    view.page.locator("#sparql").fill(query)
    view.page.locator("#run-sparql").click()
    view.page.locator("#row-count").wait_for()
    text = view.saved("#answers .actions button").decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [["name", "n"], ["'=1+1", "5"], ['甲"乙', "-2"]]


def test_the_whole_graph_is_saved_as_turtle(opened: Open) -> None:
    view = opened("sample", "#view=ask&question=sparql")
    assert read(view.saved("#whole-turtle")) == set(triples(sample()))


def read(turtle: bytes) -> set[Any]:
    return {quad.triple for quad in parse(input=turtle, format=RdfFormat.TURTLE)}


def values(store: Store, query: str) -> list[tuple[str, ...]]:
    """Return the rows of an answer as texts."""
    answer = store.query(query, prefixes=prefixes(BASE))
    assert isinstance(answer, QuerySolutions)
    return [tuple(str(getattr(term, "value", "")) for term in row) for row in answer]


def stored(kg: KnowledgeGraph) -> set[Any]:
    """Return the triples of a graph as a store gives them back: 1.0 as 1."""
    store = Store()
    store.extend(Quad(*triple, DefaultGraph()) for triple in triples(kg))
    return {quad.triple for quad in store}


def test_the_selection_is_saved_as_turtle(opened: Open) -> None:
    kg, view = sample(), opened("sample", FOCUS)
    found = read(view.saved("#ttl"))
    assert found < stored(kg)
    mine = Store()
    mine.extend(Quad(*triple, DefaultGraph()) for triple in found)
    id = IDS["华凌牛业田园综合体项目"]
    expected = {c.id for c in kg.claims if id in (c.subject, c.object)}
    rows = values(
        mine,
        """SELECT ?c ?exact { ?c a plan:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; plan:evidence ?e .
        ?s ?p ?o ; rdfs:label ?one . ?o rdfs:label ?other . ?e oa:hasSource ?d ; oa:hasSelector/oa:exact ?exact .
        ?d dcterms:title ?title }""",
    )
    told = {(claim.removeprefix(f"{BASE}claim/"), exact) for claim, exact in rows}
    assert told == {(c.id, q.exact) for c in kg.claims if c.id in expected for q in c.evidence}
    entities = values(mine, "SELECT ?e { ?e rdfs:label ?n . FILTER EXISTS { ?e plan:mentionedIn ?d } }")
    assert {entity.removeprefix(BASE) for (entity,) in entities} == {
        end for c in kg.claims if c.id in expected for end in (c.subject, c.object)
    }


def test_the_selection_of_the_map_follows_the_filters_even_with_hostile_names(opened: Open) -> None:
    view = opened("sample", "#type=Park")
    labels = {str(t.object.value) for t in read(view.saved("#ttl")) if t.predicate.value.endswith("#label")}
    assert labels == {"米东化工工业园"}
    other = opened("hostile")
    assert read(other.saved("#ttl")) <= stored(hostile())


def test_the_picture_is_saved_as_png_with_what_is_drawn(opened: Open) -> None:
    view = opened("sample", FOCUS)
    content = view.saved("#png")
    box = view.page.locator("#canvas").bounding_box()
    assert box
    assert struct.unpack(">II", content[16:24]) == (round(box["width"]), round(box["height"]))
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    colours = {colour for _, colour in picture.getcolors(1 << 24) or ()}
    paper, district, project = (0xFB, 0xFA, 0xF7), (0x2F, 0x4F, 0xC9), (0xD9, 0x57, 0x0E)
    assert {paper, district, project} <= colours
    assert picture.getpixel((2, 2)) == paper


def test_the_picture_is_saved_as_svg_with_every_name_and_line(opened: Open) -> None:
    view = opened("sample", FOCUS)
    drawing = etree.fromstring(view.saved("#svg"))
    drawn = view.drawn()
    assert len(drawing.findall(f"{SVG}circle")) == drawn["nodes"] == 4
    assert len(drawing.findall(f"{SVG}path")) == drawn["edges"] == 3
    names = {text.text for text in drawing.findall(f"{SVG}text")}
    assert {"华凌牛业田园综合体项目", "三道坝镇", "乡村旅游", "米东区"} <= names


def test_hostile_names_stay_text_in_a_saved_picture(opened: Open) -> None:
    drawing = etree.fromstring(opened("hostile").saved("#svg"))
    titles = [title.text or "" for title in drawing.iter(f"{SVG}title")]
    assert len(titles) == 12
    assert any("<img" in title for title in titles)
    assert {element.tag for element in drawing.iter()} <= {
        f"{SVG}{n}" for n in ("svg", "rect", "circle", "title", "text", "path")
    }


def test_recent_searches_survive_a_reload(opened: Open) -> None:
    view = opened()
    view.search("华凌")
    view.search("三道坝")
    view.go()
    view.page.locator("#search").focus()
    hits = view.page.locator("#search-list [role=option] .name")
    expect(hits).to_have_text(["三道坝镇", "华凌牛业田园综合体项目"])
    view.page.keyboard.press("ArrowDown")
    view.page.keyboard.press("Enter")
    expect(view.page.locator("#card-title")).to_have_text("三道坝镇")


def test_where_nothing_may_be_kept_the_session_remembers(opened: Open) -> None:
    view = opened()
    view.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    view.go()
    view.search("华凌")
    view.page.locator("#search").blur()
    view.page.locator("#search").focus()
    expect(view.page.locator("#search-list [role=option] .name")).to_have_text(["华凌牛业田园综合体项目"])
