"""Writers: a graph whose names, texts and figures are the input's is read back from every format."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import lxml.html
import networkx
import openpyxl
import polars
from pyoxigraph import Literal, RdfFormat, Triple, parse

from extract.span import Span
from graph.doubts import doubtful
from graph.model import Claim, KnowledgeGraph, NearMiss, ObservedValue, Quote
from graph.network import to_networkx
from graph.rdf import quads, triples
from graph.reification import to_rdf11
from ontology.schema import EntityType, Kind, Predicate, Status
from output.graphml import write_gexf, write_graphml
from output.jsonld import write_jsonld
from output.page import page
from output.page.pyvis_view import pyvis_html
from output.rdffiles import write_nquads, write_ntriples, write_rdfxml
from output.review_page import review_page
from output.snapshot import GRAPH_FILE, TEXT_FOLDER, read_graph, snapshot
from output.tabular import SHEETS, csv_bytes, plain
from output.turtle import write_trig, write_turtle, write_turtle12
from output.workbook import parquet_bytes, write_xlsx
from tests.fuzz.files import SCRATCH
from tests.graph.sample import entity, occurring, source

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RDF: dict[str, Callable[[KnowledgeGraph, Path], None]] = {
    "ttl": write_turtle,
    "nt": write_ntriples,
    "nq": write_nquads,
    "trig": write_trig,
    "jsonld": write_jsonld,
    "rdf": write_rdfxml,
}


def graph_of(data: bytes) -> KnowledgeGraph:
    """Return a small graph that says everything in the input's texts, which U+001E parts."""
    texts = [piece for piece in data.decode("utf-8", "ignore").split("\x1e") if piece] or ["甲"]

    def text(number: int) -> str:
        return texts[number % len(texts)][:300]

    doc = text(0).replace("/", "∕").replace("\0", "")[:60] or "plan"
    own = entity(EntityType.DISTRICT, "米东区", code="650109")
    park = entity(EntityType.PARK, text(1), text(2), scope=text(3), unmapped=text(4))
    industry = entity(EntityType.INDUSTRY, text(2), text(5))
    indicator = entity(EntityType.INDICATOR, text(6), text(7))
    raw = "".join(f"米东区发展{name}。\n" for name in (text(1), text(2), text(6)))
    whole = Span(0, len(raw))
    quote = Quote(doc, whole, raw, (text(8), text(9)), text(10), 3, None, Span(5, 5 + len(text(1))))
    claims = [
        Claim("claim-1", own.id, Predicate.PLANS, park.id, doc, (quote,), Status.PLANNED, text(11), 0.5),
        Claim("claim-2", park.id, Predicate.DEVELOPS, industry.id, doc, (quote, quote), None, "", 0.125),
    ]
    value = ObservedValue(
        "observation-1", own.id, indicator.id, text(12), text(13), text(14), Kind.TARGET, doc, (quote,), text(15), 0.25
    )
    return KnowledgeGraph(
        (source(doc, raw, text(16), text(17), text(18)),),
        occurring([own, park, industry, indicator], {doc: raw}),
        tuple(claims),
        (value,),
        near_misses=(NearMiss(park.id, industry.id, text(19), 0.5),),
        warnings=(text(20),),
    )


def rdf(data: bytes) -> bool:
    """Write every RDF syntax and the snapshot; each is read back to the same graph."""
    kg = graph_of(data)
    expected = set(triples(kg))
    for ending, write in RDF.items():
        path = SCRATCH / f"written.{ending}"
        write(kg, path)
        form = RdfFormat.from_extension(ending)
        found = list(parse(path.read_bytes(), form))
        if ending == "rdf":
            assert {_in_xml(q.triple) for q in found} == {_in_xml(t) for t in expected}
        elif ending in ("nq", "trig"):
            assert set(found) == set(quads(kg)), ending
        else:
            assert {q.triple for q in found} == expected, ending
    write_turtle12(kg, SCRATCH / "written.ttl")
    annotated = parse((SCRATCH / "written.ttl").read_bytes(), RdfFormat.TURTLE)
    assert set(to_rdf11(q.triple for q in annotated)) == expected
    return _snapshot(kg)


def _in_xml(triple: Triple) -> tuple[object, ...]:
    """Return the triple with U+FFFD for each character that XML cannot hold."""
    value = triple.object
    if not isinstance(value, Literal):
        return triple.subject, triple.predicate, value
    return triple.subject, triple.predicate, _shown(value.value), value.language, value.datatype


def _shown(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)


def _snapshot(kg: KnowledgeGraph) -> bool:
    folder = SCRATCH / "snapshot"
    (folder / TEXT_FOLDER).mkdir(parents=True, exist_ok=True)
    (folder / GRAPH_FILE).write_text(snapshot(kg), encoding="utf-8", newline="")
    text = folder / TEXT_FOLDER / kg.sources[0].file
    text.write_bytes(kg.sources[0].raw.encode())
    assert read_graph(folder) == kg
    text.unlink()
    return True


def sheets(data: bytes) -> bool:
    """Write CSV, Excel and Parquet; each is read back, and no cell is a formula."""
    kg = graph_of(data)
    write_xlsx(kg, SCRATCH / "written.xlsx")
    book = openpyxl.load_workbook(SCRATCH / "written.xlsx")
    for make in SHEETS:
        table = make(kg)
        rows = list(csv.reader(io.StringIO(csv_bytes(table).decode("utf-8-sig"), newline=""), strict=True))
        assert len(rows) == len(table.rows) + 1
        frame = polars.read_parquet(io.BytesIO(parquet_bytes(table))).rows()
        sheet = list(book[table.name].iter_rows(min_row=2))
        for row, written, framed, cells in zip(rows[1:], sheet, frame, table.rows, strict=True):
            for shown, excel, kept, cell in zip(row, written, framed, cells, strict=True):
                assert not re.match(r" *[=+@\t\r\n＝＋－＠-]", shown) or _is_number(shown), shown
                assert excel.data_type != "f"
                if isinstance(cell, str):
                    assert shown.removeprefix("'") == cell.replace("\0", "\ufffd").removeprefix("'")
                    assert (excel.value or "") == _shown(cell)[:32_767]
                    assert kept == cell
                elif cell is not None:
                    assert shown == (plain(cell) if isinstance(cell, Decimal) else str(cell))
                    assert float(excel.value) == float(kept) == float(cell)
    assert zipfile.ZipFile(SCRATCH / "written.xlsx").testzip() is None
    return True


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r" *[+-]?(\d+\.?\d*|\.\d+)\s*", text))


def views(data: bytes) -> bool:
    """Write the pages and the network formats: the elements are those of a harmless graph, the texts are kept."""
    kg = graph_of(data)
    made = page(kg, engine=False)
    assert _elements(made) == _elements_of_plain(0)
    told = re.search(r'<script type="application/json" id="data">(.*?)</script>', made, re.S)
    assert told
    shown = json.loads(told[1])
    assert {e["n"] for e in shown["entities"]} == {e.name for e in kg.entities}
    assert [d["text"] for d in shown["documents"]] == [s.raw for s in kg.sources]
    # pyvis writes its options and data into a script of its own
    assert _elements(pyvis_html(kg)) == _elements_of_plain(1)
    assert _elements(review_page(doubtful(kg)), without="mark") <= _elements_of_plain(2)
    _networks(kg)
    return True


def _networks(kg: KnowledgeGraph) -> None:
    expected = to_networkx(kg)
    for ending, write, read in (
        ("graphml", write_graphml, networkx.read_graphml),
        ("gexf", write_gexf, networkx.read_gexf),
    ):
        path = SCRATCH / f"written.{ending}"
        write(kg, path)
        found = read(path)
        assert set(found.nodes) == set(expected.nodes)
        for node, about in expected.nodes(data=True):
            assert _lines(found.nodes[node]["label"]) == _lines(_shown(about["name"]))
        ElementTree.parse(path)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _elements(html: str, *, without: str = "") -> set[str]:
    """Return the elements of a page with the names of their attributes; how often does not count."""
    found = {
        f"{element.tag} {' '.join(sorted(element.keys()))}"
        for element in lxml.html.document_fromstring(html.encode()).iter()
        if isinstance(element.tag, str) and element.tag != without
    }
    return found


@cache
def _elements_of_plain(which: int) -> set[str]:
    kg = graph_of("规划\x1e园区\x1e产业\x1e甲".encode())
    if which == 0:
        return _elements(page(kg, engine=False))
    if which == 1:
        return _elements(pyvis_html(kg))
    return _elements(review_page(doubtful(kg))) | {"code ", "blockquote lang", "p "}
