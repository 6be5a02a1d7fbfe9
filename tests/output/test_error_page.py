"""The page of errors: what it counts and marks, and that a document cannot write into it."""

import json
from pathlib import Path

from lxml import html

from extract.evaluate import evaluate
from extract.gold import parse_passages
from output.error_page import error_page, write_error_page

TEXT = "米东区建设化工园</mark><script>alert(1)</script>，发展旅游业。"


def span(surface: str) -> tuple[int, int]:
    start = TEXT.index(surface)
    return start, start + len(surface)


def mention(surface: str, kind: str) -> dict[str, object]:
    start, end = span(surface)
    return {"record": "mention", "doc": "d<i>", "start": start, "end": end, "type": kind}


def report(id: str = "p<b>1") -> str:
    entities = [mention("米东区", "District"), mention("化工园", "Park"), mention("旅游业", "Industry")]
    gold = {
        "id": id,
        "doc": "d<i>",
        "start": 0,
        "end": len(TEXT),
        "text": TEXT,
        "entities": entities,
        "facts": [
            {"predicate": "plans", "subject": "米东区", "object": "化工园", "status": "planned"},
            {"predicate": "develops", "subject": "@doc", "object": "旅游业"},
        ],
        "observations": [],
    }
    records = [
        mention("米东区", "District"),
        mention("建设化工园", "Park"),
        mention("<script>", "Policy"),
        {"record": "fact", "doc": "d<i>", "predicate": "plans", "subject": span("米东区"), "object": span("化工园")}
        | {"status": "ongoing"},
    ]
    return error_page(evaluate(parse_passages([json.dumps(gold)]), records))


def test_marks_show_what_agreed_was_missed_and_was_too_much() -> None:
    tree = html.fromstring(report())
    marks = [(m.get("class"), m.text) for m in tree.iterfind(".//mark")]
    assert marks == [
        ("agreed", "米东区"),
        ("spurious", "建设"),
        ("missed spurious", "化工园"),
        ("spurious", "<script>"),
        ("missed", "旅游业"),
    ]
    text = "".join(tree.find_class("text")[0].itertext())
    for kind in ("District", "ParkPark", "Policy", "Industry"):
        assert kind in text
        text = text.replace(kind, "", 1)
    assert text == TEXT


def test_facts_stand_beside_the_text() -> None:
    items = [(i.get("class"), i.text) for i in html.fromstring(report()).iterfind(".//li")]
    assert items == [
        ("agreed", "米东区 plans [planned] 化工园 (given: ongoing)"),
        ("missed", "@doc develops 旅游业"),
    ]


def test_errors_are_counted_by_kind() -> None:
    tree = html.fromstring(report())
    rows = [[cell.text_content() for cell in row.iterfind("td")][:2] for row in tree.iterfind(".//table/tr")]
    for kind in ("Park: other boundary", "Industry: missed", "Policy: spurious"):
        assert [kind, "1"] in rows


def test_documents_cannot_write_into_the_page() -> None:
    page = report()
    tree = html.fromstring(page)
    assert not tree.findall(".//script")
    assert [e.text for e in tree.iterfind(".//h3")] == ["p<b>1"]
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_page_is_written_as_a_file(tmp_path: Path) -> None:
    write_error_page(evaluate([], []), tmp_path / "errors.html")
    assert "Errors in 0 passages" in (tmp_path / "errors.html").read_text(encoding="utf-8")
