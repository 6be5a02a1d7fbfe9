"""The whole extraction of a document: what easy sentences say, and what must hold of any text."""

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extract.document import Document
from extract.extraction import Extraction
from extract.extractor import extract
from extract.layout import lay_out
from extract.reading import corpus_files, read_document
from extract.records import records, to_line
from ontology.schema import STATUS_PREDICATES, EntityType, signatures

TEXT = """米东区国民经济和社会发展第十四个五年规划纲要

第一章 产业发展

第一节 做强工业

大力发展生物医药、冷链物流和现代农业。加快推进化工工业园建设，新建城东污水处理厂，实施乡村振兴战略。

到2025年，地区生产总值达到350亿元，森林覆盖率达到15%以上。
"""


def _document(text: str = TEXT) -> Document:
    return lay_out(text, id="demo", district="米东区")


def _facts(extraction: Extraction) -> set[tuple[str, str, str, str]]:
    return {
        (
            fact.predicate.value,
            fact.subject.surface if fact.subject else "@doc",
            fact.object.surface if fact.object else "@doc",
            fact.status.value if fact.status else "",
        )
        for fact in extraction.facts
    }


def test_mentions_of_easy_sentences() -> None:
    found = {(m.surface, m.type.value) for m in extract(_document()).mentions}
    assert {
        ("生物医药", "Industry"),
        ("冷链物流", "Industry"),
        ("现代农业", "Industry"),
        ("城东污水处理厂", "Facility"),
        ("乡村振兴战略", "Policy"),
        ("地区生产总值", "Indicator"),
        ("森林覆盖率", "Indicator"),
    } <= found


def test_facts_of_easy_sentences() -> None:
    facts = _facts(extract(_document()))
    assert {
        ("develops", "@doc", "生物医药", ""),
        ("develops", "@doc", "冷链物流", ""),
        ("plans", "@doc", "城东污水处理厂", "planned"),
        ("implements", "@doc", "乡村振兴战略", "ongoing"),
    } <= facts


def test_observations_of_easy_sentences() -> None:
    found = {(o.indicator.surface, o.value, o.unit, o.period, o.kind.value) for o in extract(_document()).observations}
    assert ("地区生产总值", "350", "亿元", "2025", "target") in found
    assert ("森林覆盖率", ">=15", "%", "2025", "target") in found


def _check(document: Document) -> int:
    """Assert what must hold of any extraction; return the number of mentions."""
    extraction = extract(document)
    spans = [m.span for m in extraction.mentions]
    assert spans == sorted(spans)
    assert all(not a.overlaps(b) for a, b in itertools.pairwise(spans))
    sentences = {s.text.span for s in document.sentences if s.text.pieces}
    for mention in extraction.mentions:
        raw = mention.span.of(document.raw)
        assert [c for c in mention.surface if not c.isspace()] == [
            c for c in raw if c in mention.surface and not c.isspace()
        ]
        assert mention.evidence.span in sentences
        assert mention.span in mention.evidence.span
        assert 0 <= mention.confidence <= 1
        assert mention.evidence.rule.startswith(("mentions/", "indicators/"))
    known = set(extraction.mentions) | {None}
    for fact in extraction.facts:
        assert {fact.subject, fact.object} <= known
        pair = (
            fact.subject.type if fact.subject else EntityType.DISTRICT,
            fact.object.type if fact.object else EntityType.DISTRICT,
        )
        assert pair in signatures()[fact.predicate]
        assert (fact.status is not None) == (fact.predicate in STATUS_PREDICATES)
    return len(extraction.mentions)


def test_evidence_and_signatures_hold_on_the_easy_text() -> None:
    assert _check(_document()) >= 8


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from(
            ["发展", "生物医药", "、", "，", "。", "\n\n", "建设", "“", "”", "（", "）", "甲乙工业园", "和", "3.5亿元",
             "总投资", "<b>", "**", "𠮷", "米东区", "位于", "旅游", "等项目", "2025年", " ", "等", "全市", "|",
             "第一章 ", "\u200b", "é"]
        ),
        min_size=1,
        max_size=30,
    )
)  # fmt: skip
def test_evidence_and_signatures_hold_on_any_text(parts: list[str]) -> None:
    _check(_document("发展农业。" + "".join(parts)))


def test_no_span_is_two_mentions() -> None:
    document = read_document(next(path for path in corpus_files() if path.stem == "xinshi-report-2022"))
    mentions = extract(document).mentions
    assert len(mentions) > 200
    assert len({mention.span for mention in mentions}) == len(mentions)


def test_the_same_text_gives_the_same_records() -> None:
    one, two = ([to_line(r) for r in records(extract(_document()))] for _ in range(2))
    assert one == two
    assert len(one) > 15


def test_width_and_spaces_hardly_change_the_mentions() -> None:
    plain = {(m.surface, m.type) for m in extract(_document()).mentions}
    halved = TEXT.translate(str.maketrans({"，": ",", "；": ";", "（": "(", "）": ")"}))
    spaced = TEXT.replace("大力发展生物医药、冷链物流", "大力发展 生 物 医 药 、 冷链 物流").replace("350", " 350 ")
    for variant in (halved, spaced):
        found = {(m.surface, m.type) for m in extract(_document(variant)).mentions}
        assert len(plain & found) >= 0.95 * len(plain)


def test_a_programme_supports_the_sector_that_it_is_named_after() -> None:
    text = TEXT + "\n实施畜牧业振兴行动计划，统筹推进传统畜牧业改造提升。\n"
    assert ("supports", "畜牧业振兴行动计划", "传统畜牧业", "") in _facts(extract(_document(text)))
