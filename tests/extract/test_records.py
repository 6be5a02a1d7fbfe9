"""An extraction as JSON records: every key by hand, and what the scorer reads back."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from extract.document import Document
from extract.extraction import Evidence, Extraction, Fact, Mention, Observation
from extract.layout import lay_out
from extract.records import read_records, records, to_line
from extract.span import Span
from ontology.schema import EntityType, Kind, Predicate, Status

RAW = "乌鲁木齐市米东区规划纲要\n\n第一章 园区\n\n到2025年，建设化工\n园，产值达到35亿元。\n"
DOCUMENT: Document = lay_out(RAW, id="plan", district="米东区")
EVIDENCE = Evidence(Span(RAW.index("到2025"), RAW.index("。") + 1), ("第一章 园区",), "facts/verb:建设", 3)


def mention(surface: str, kind: EntityType, confidence: float = 1.0) -> Mention:
    start = RAW.index(surface)
    return Mention(Span(start, start + len(surface)), kind, surface.replace("\n", ""), EVIDENCE, confidence)


PARK = mention("化工\n园", EntityType.PARK, 0.87654321)
OUTPUT = mention("产值", EntityType.INDICATOR)
EXTRACTION = Extraction(
    DOCUMENT,
    (PARK, OUTPUT),
    (Fact(Predicate.PLANS, None, PARK, EVIDENCE, Status.PLANNED, "2025", 0.5),),
    (Observation(PARK, OUTPUT, "35", "亿元", "2025", Kind.TARGET, EVIDENCE, "预期性"),),
)
SENTENCE = {"sentence": [22, 45], "section": ["第一章 园区"], "page": 3, "rule": "facts/verb:建设"}


def test_every_key_of_every_record() -> None:
    about, park, output, fact, figure = list(records(EXTRACTION))
    assert about == {
        "record": "document",
        "doc": "plan",
        "title": DOCUMENT.meta.title,
        "kind": DOCUMENT.meta.kind.value,
        "district": "米东区",
        "code": "650109",
        "adopted": None,
        "period": DOCUMENT.meta.period,
        "characters": len(RAW),
        "sha256": DOCUMENT.sha256,
    }
    start, end = PARK.span.start, PARK.span.end
    assert park == {
        "record": "mention",
        "doc": "plan",
        "start": start,
        "end": end,
        "type": "Park",
        "text": "化工园",
        "confidence": 0.8765,
        **SENTENCE,
    }
    assert output["text"] == "产值"
    assert fact == {
        "record": "fact",
        "doc": "plan",
        "predicate": "plans",
        "subject": None,
        "object": [start, end],
        "status": "planned",
        "period": "2025",
        "subject_text": "@doc",
        "object_text": "化工园",
        "quote": "到2025年，建设化工\n园，产值达到35亿元。",
        "confidence": 0.5,
        **SENTENCE,
    }
    assert figure == {
        "record": "observation",
        "doc": "plan",
        "subject": [start, end],
        "indicator": [OUTPUT.span.start, OUTPUT.span.end],
        "value": "35",
        "unit": "亿元",
        "period": "2025",
        "kind": "target",
        "attribute": "预期性",
        "subject_text": "化工园",
        "indicator_text": "产值",
        "quote": "到2025年，建设化工\n园，产值达到35亿元。",
        "confidence": 1.0,
        **SENTENCE,
    }


def test_lines_are_read_back_without_the_document_record() -> None:
    lines = [to_line(record) for record in records(EXTRACTION)]
    assert all("\n" not in line for line in lines)
    back = list(read_records(lines))
    assert back == [json.loads(line) for line in lines[1:]]
    assert [record["record"] for record in back] == ["mention", "mention", "fact", "observation"]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_any_text_survives_a_line(surface: str) -> None:
    strange = replace(EXTRACTION, mentions=(replace(PARK, surface=surface),))
    lines = [to_line(record) for record in records(strange)]
    assert next(read_records(lines))["text"] == surface
    assert len("\n".join(lines).split("\n")) == len(lines)
